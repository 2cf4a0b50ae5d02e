// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace bihuan {

struct Point {
  double x = 0;
  double y = 0;
};

// Positions are centres, in pixels, from the upper left corner.
struct PlacedBox {
  double width = 0;
  double height = 0;
  Point at{};
};

struct PlacedEdge {
  std::size_t from = 0;
  std::size_t to = 0;
  double label_width = 0;
  double label_height = 0;
  Point label{};
  bool back = false;           // goes against the flow, upwards
  std::vector<Point> route{};  // from the edge of one box to the other: pairs of points joined by straight
                               // upright lines, one pair and the next by a curve
};

struct Layout {
  std::vector<PlacedBox> boxes;  // the first is where it all begins
  std::vector<PlacedEdge> edges;
  double width = 0;
  double height = 0;
};

// Places boxes in layers from top to bottom (Sugiyama's method) so that no box and no label covers another.
// Sizes and ends are given, the rest is filled in. An edge from a box to itself is a programming error.
void lay_out(Layout& layout);

}  // namespace bihuan
