// SPDX-License-Identifier: Apache-2.0
#include "engine/core/stored_json.hpp"

#include <cstdint>
#include <string>

#include "engine/core/stored_element.hpp"

namespace bihuan {
namespace {

Json object_of(simdjson::dom::object const& members) {
  Json::object_t object;
  // Stored keys are sorted: each belongs at the end.
  for (auto const [key, value] : members) object.insert_or_assign(object.end(), std::string(key), json_of(value));
  return object;
}

Json array_of(simdjson::dom::array const& elements) {
  Json::array_t array;
  array.reserve(elements.size());
  for (auto const element : elements) array.push_back(json_of(element));
  return array;
}

}  // namespace

simdjson::dom::element stored_element(std::string_view text) {
  thread_local simdjson::dom::parser parser;
  return parser.parse(text.data(), text.size());
}

Json json_of(simdjson::dom::element element) {
  using Type = simdjson::dom::element_type;
  switch (element.type()) {
    case Type::OBJECT: return object_of(element.get_object());
    case Type::ARRAY: return array_of(element.get_array());
    case Type::STRING: return std::string(element.get_string().value());
    case Type::INT64: {
      // As nlohmann's parser has it: unsigned unless there is a sign.
      std::int64_t const number = element.get_int64();
      return number < 0 ? Json(number) : Json(static_cast<std::uint64_t>(number));
    }
    case Type::UINT64: return element.get_uint64().value();
    case Type::DOUBLE: return element.get_double().value();
    case Type::BOOL: return element.get_bool().value();
    case Type::NULL_VALUE: return nullptr;
  }
  return nullptr;
}

std::optional<Json> read_stored_json(std::string_view text) {
  try {
    return json_of(stored_element(text));
  } catch (simdjson::simdjson_error const&) {
    return std::nullopt;
  }
}

}  // namespace bihuan
