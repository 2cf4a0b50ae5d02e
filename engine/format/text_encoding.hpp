// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"

namespace bihuan {

// Texts that spreadsheets in use write: UTF-8, UTF-16 with a byte order mark, and GB18030 for the rest.
enum class Encoding { utf8, utf16_little, utf16_big, gb18030 };

// Finds out by the whole text, which comes in pieces: what is ill-formed UTF-8 is taken for GB18030.
class EncodingGuess {
 public:
  void look(std::string_view piece);
  [[nodiscard]] Encoding encoding() const;

 private:
  std::string start_;  // at most three bytes
  std::string rest_;   // a sequence that a piece cut
  bool utf8_ = true;
};

// Turns pieces into UTF-8, without the byte order mark. Not for two threads at once.
class Decoder {
 public:
  explicit Decoder(Encoding encoding);
  ~Decoder();
  Decoder(Decoder const&) = delete;
  Decoder& operator=(Decoder const&) = delete;

  // Refused with bad_format when the bytes are not of this encoding. `last`: nothing follows.
  [[nodiscard]] Result<std::string> decode(std::string_view piece, bool last);

 private:
  Encoding encoding_;
  void* handle_ = nullptr;
  std::string rest_;
  bool first_ = true;
};

}  // namespace bihuan
