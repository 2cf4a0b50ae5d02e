// SPDX-License-Identifier: Apache-2.0
#include "api/http/message.hpp"

#include <algorithm>
#include <cstdlib>

namespace bihuan::http {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::uint32_t narrow(std::size_t size) {
  return static_cast<std::uint32_t>(size);
}

}  // namespace

bool same_name(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, lower, lower);
}

Headers::Headers(std::initializer_list<Field> fields) {
  for (auto const& field : fields) add(field.name, field.value);
}

void Headers::add(std::string_view name, std::string_view value) {
  places_.push_back(
      {.start = narrow(block_.size()), .name_length = narrow(name.size()), .value_length = narrow(value.size())});
  block_.append(name).append(value);
}

void Headers::set(std::string_view name, std::string_view value) {
  // The text of a replaced field stays in the block: answers live for one request.
  std::erase_if(places_, [&](Place const& place) {
    return same_name(std::string_view(block_).substr(place.start, place.name_length), name);
  });
  add(name, value);
}

void Headers::clear() {
  block_.clear();
  places_.clear();
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (std::size_t index = 0; index < places_.size(); ++index) {
    if (places_[index].name_length != name.size()) continue;
    if (auto const field = at(index); same_name(field.name, name)) return field.value;
  }
  return std::nullopt;
}

Headers::Field Headers::at(std::size_t index) const {
  auto const& place = places_[index];
  auto const block = std::string_view(block_);
  return {.name = block.substr(place.start, place.name_length),
          .value = block.substr(place.start + place.name_length, place.value_length)};
}

std::string const& Request::path_parameter(std::string_view name) const {
  auto const found = std::ranges::find(path_parameters, name, &Parameter::name);
  if (found == path_parameters.end()) std::abort();
  return found->value;
}

std::optional<std::string_view> Request::query_parameter(std::string_view name) const {
  auto const found = std::ranges::find(query, name, &Parameter::name);
  if (found == query.end()) return std::nullopt;
  return found->value;
}

void Request::clear() {
  method.clear();
  path.clear();
  segments.clear();
  query.clear();
  path_parameters.clear();
  headers.clear();
  body.clear();
  reader = nullptr;
  remote_address.clear();
  secure = false;
  request_id.clear();
  caller.reset();
}

}  // namespace bihuan::http
