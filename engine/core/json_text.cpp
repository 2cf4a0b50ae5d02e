// SPDX-License-Identifier: Apache-2.0
#include "engine/core/json_text.hpp"

#include <simdjson.h>

namespace bihuan {
namespace {

struct Makeup {
  bool escapes = false;
  bool ascii = true;
};

Makeup makeup_of(std::string_view text) {
  Makeup found;
  for (char const character : text) {
    auto const byte = static_cast<unsigned char>(character);
    found.escapes |= byte < 0x20 || byte == '"' || byte == '\\';
    found.ascii &= byte < 0x80;
  }
  return found;
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
  auto const makeup = makeup_of(text);
  bool const plain = !makeup.escapes && (makeup.ascii || simdjson::validate_utf8(text.data(), text.size()));
  if (!plain) return literal(canonical(Json(text)));
  separate();
  text_ += '"';
  text_ += text;
  text_ += '"';
}

}  // namespace bihuan
