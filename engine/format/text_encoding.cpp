// SPDX-License-Identifier: Apache-2.0
#include "engine/format/text_encoding.hpp"

#include <iconv.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "engine/core/message.hpp"
#include "engine/core/utf8.hpp"

namespace bihuan {
namespace {

constexpr std::size_t longest_sequence = 4;

// How much of the text is well-formed UTF-8.
std::size_t good_length(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && next_code_point(text, at)) continue;
  return at;
}

char const* name_of(Encoding encoding) {
  switch (encoding) {
    case Encoding::utf16_little: return "UTF-16LE";
    case Encoding::utf16_big: return "UTF-16BE";
    case Encoding::gb18030: return "GB18030";
    case Encoding::utf8: break;
  }
  return "UTF-8";
}

iconv_t handle_of(void* handle) {
  return handle;
}

}  // namespace

void EncodingGuess::look(std::string_view piece) {
  if (start_.size() < 3) start_.append(piece.substr(0, 3 - start_.size()));
  if (!utf8_) return;
  auto const text = rest_ + std::string(piece);
  rest_ = text.substr(good_length(text));
  // A longer rest is no sequence that goes on in the next piece.
  if (rest_.size() >= longest_sequence) utf8_ = false;
}

Encoding EncodingGuess::encoding() const {
  if (start_.starts_with("\xFF\xFE")) return Encoding::utf16_little;
  if (start_.starts_with("\xFE\xFF")) return Encoding::utf16_big;
  return utf8_ && rest_.empty() ? Encoding::utf8 : Encoding::gb18030;
}

Decoder::Decoder(Encoding encoding) : encoding_(encoding), handle_(iconv_open("UTF-8", name_of(encoding))) {
  if (handle_of(handle_) == handle_of(reinterpret_cast<void*>(-1))) throw std::runtime_error("iconv knows no GB18030");
}

Decoder::~Decoder() {
  iconv_close(handle_of(handle_));
}

Result<std::string> Decoder::decode(std::string_view piece, bool last) {
  rest_.append(piece);
  auto* in = rest_.data();
  auto left = rest_.size();
  std::string decoded;
  std::array<char, 16384> room{};
  while (left > 0) {
    auto* out = room.data();
    auto free = room.size();
    auto const result = iconv(handle_of(handle_), &in, &left, &out, &free);
    decoded.append(room.data(), room.size() - free);
    if (result != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
    bool const cut_off = errno == EINVAL && !last;
    if (!cut_off)
      return refused(
          refusal(Code::bad_format, {}, {{"value", name_of(encoding_)}, {"expected", message("expected.table")}}));
    break;
  }
  rest_.erase(0, rest_.size() - left);
  if (first_ && decoded.starts_with("\xEF\xBB\xBF")) decoded.erase(0, 3);
  if (!decoded.empty()) first_ = false;
  return decoded;
}

}  // namespace bihuan
