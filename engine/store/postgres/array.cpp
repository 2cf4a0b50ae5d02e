// SPDX-License-Identifier: Apache-2.0
#include "engine/store/postgres/array.hpp"

namespace bihuan::postgres {
namespace {

constexpr std::size_t place_of_size = 12;

// The highest byte first.
std::string in_order(std::uint64_t number, int width = 4) {
  std::string bytes;
  for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
  return bytes;
}

}  // namespace

Array::Array(Of element) {
  constexpr std::uint32_t dimensions = 1;
  constexpr std::uint32_t nulls = 0;
  constexpr std::uint32_t first = 1;
  for (auto const number : {dimensions, nulls, static_cast<std::uint32_t>(element), size_, first})
    bytes_ += in_order(number);
}

void Array::add(std::int64_t number) {
  add(in_order(static_cast<std::uint64_t>(number), 8));
}

void Array::add(std::string_view text) {
  bytes_.replace(place_of_size, 4, in_order(++size_));
  bytes_ += in_order(text.size());
  bytes_ += text;
}

}  // namespace bihuan::postgres
