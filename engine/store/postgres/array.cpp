// SPDX-License-Identifier: Apache-2.0
#include "engine/store/postgres/array.hpp"

namespace bihuan::postgres {
namespace {

constexpr std::uint32_t text_oid = 25;
constexpr std::uint32_t bigint_oid = 20;
constexpr std::size_t place_of_size = 12;

std::string in_order(std::uint64_t number, int width) {
  std::string bytes;
  for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
  return bytes;
}

std::string header(std::uint32_t element) {
  constexpr std::uint32_t dimensions = 1;
  constexpr std::uint32_t nulls = 0;
  constexpr std::uint32_t size = 0;  // counted as they come
  constexpr std::uint32_t first = 1;
  return in_order(dimensions, 4) + in_order(nulls, 4) + in_order(element, 4) + in_order(size, 4) + in_order(first, 4);
}

void add_element(std::string& array, std::uint32_t size, std::string_view bytes) {
  array.replace(place_of_size, 4, in_order(size, 4));
  array += in_order(bytes.size(), 4);
  array += bytes;
}

}  // namespace

TextArray::TextArray() : bytes_(header(text_oid)) {}

void TextArray::add(std::string_view text) {
  add_element(bytes_, ++size_, text);
}

BigintArray::BigintArray() : bytes_(header(bigint_oid)) {}

void BigintArray::add(std::int64_t number) {
  add_element(bytes_, ++size_, in_order(static_cast<std::uint64_t>(number), 8));
}

}  // namespace bihuan::postgres
