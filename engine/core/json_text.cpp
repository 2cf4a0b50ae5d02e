// SPDX-License-Identifier: Apache-2.0
#include "engine/core/json_text.hpp"

#include <simdjson.h>

#include <algorithm>

namespace bihuan {
namespace {

bool needs_escape(char character) {
  return static_cast<unsigned char>(character) < 0x20 || character == '"' || character == '\\';
}

}  // namespace

void JsonText::separate() {
  if (!first_) text_ += ',';
  first_ = false;
}

void JsonText::begin(char bracket) {
  separate();
  text_ += bracket;
  first_ = true;
}

void JsonText::end(char bracket) {
  text_ += bracket;
  first_ = false;
}

void JsonText::literal(std::string_view written) {
  separate();
  text_ += written;
}

void JsonText::string(std::string_view text) {
  bool const plain =
      std::none_of(text.begin(), text.end(), needs_escape) && simdjson::validate_utf8(text.data(), text.size());
  if (!plain) return literal(canonical(Json(text)));
  separate();
  text_ += '"';
  text_ += text;
  text_ += '"';
}

}  // namespace bihuan
