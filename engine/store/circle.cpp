// SPDX-License-Identifier: Apache-2.0
#include "engine/store/circle.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace bihuan {

std::int64_t millionths(double degrees) {
  return std::llround(degrees * 1e6);
}

std::int64_t eastward(double latitude) {
  constexpr double least = 0.01;  // near the poles a degree has no length
  double const cosine = std::cos(latitude * std::numbers::pi / 180);
  return std::llround(static_cast<double>(northward) * std::max(cosine, least));
}

Box box_around(Circle const& circle) {
  auto const latitude = millionths(circle.latitude);
  auto const longitude = millionths(circle.longitude);
  auto const micrometres = (circle.metres + 1) * 1'000'000;
  auto const north = micrometres / northward + 1;
  auto const east = micrometres / eastward(circle.latitude) + 1;
  return {.south = latitude - north, .north = latitude + north, .west = longitude - east, .east = longitude + east};
}

}  // namespace bihuan
