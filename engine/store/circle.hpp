// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace bihuan {

// What lies around a point, as far as is still flat: within a district it is right to a metre in a thousand. A circle
// does not reach over the 180th meridian.
struct Circle {
  double latitude = 0;
  double longitude = 0;
  std::int64_t metres = 0;

  bool operator==(Circle const&) const = default;
};

// Stores keep places in millionths of a degree: integers, so that what was written is what is found.
[[nodiscard]] std::int64_t millionths(double degrees);

struct Box {
  std::int64_t south;
  std::int64_t north;
  std::int64_t west;
  std::int64_t east;
};
// Of millionths of a degree: everything in the circle lies in it.
[[nodiscard]] Box box_around(Circle const& circle);

// Micrometres for each millionth of a degree, to the north and at this latitude to the east.
inline constexpr std::int64_t northward = 111'195;
[[nodiscard]] std::int64_t eastward(double latitude);

}  // namespace bihuan
