// SPDX-License-Identifier: Apache-2.0
#include "engine/store/tree_head.hpp"

#include <sodium.h>

#include <array>

#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"
#include "engine/store/digest.hpp"

namespace bihuan {
namespace {

constexpr std::string_view signed_as = "bihuan tree head\n";

template <std::size_t size>
bool read_hex(std::string_view hex, std::array<unsigned char, size>& into) {
  std::size_t length = 0;
  return hex.size() == 2 * size &&
         sodium_hex2bin(into.data(), into.size(), hex.data(), hex.size(), nullptr, &length, nullptr) == 0 &&
         length == size;
}

bool is_hex(std::string_view text, std::size_t bytes) {
  return text.size() == 2 * bytes && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

Json head_to_json(TreeHead const& head) {
  return {{"number", head.number},     {"at", format_utc(head.at)}, {"size", head.size},          {"root", head.root},
          {"previous", head.previous}, {"key", head.key},           {"signature", head.signature}};
}

Result<TreeHead> head_from_json(OrderedJson const& json, std::string const& pointer) {
  Refusals faults;
  Reader reader(json, pointer, faults);
  TreeHead head;
  head.number = reader.integer_or("number", 0);
  auto const at = reader.text("at");
  head.size = reader.integer_or("size", -1);
  head.root = reader.text("root");
  head.previous = reader.text_or("previous", "");
  head.key = reader.text("key");
  head.signature = reader.text("signature");
  reader.finish();
  if (!faults.empty()) return refused(std::move(faults));
  auto const expect = [&](bool good, char const* name, std::string const& value, char const* expected) {
    if (!good)
      faults.push_back(
          refusal(Code::bad_format, pointer_to(pointer, name), {{"value", value}, {"expected", message(expected)}}));
  };
  auto const instant = parse_instant(at);
  if (instant) head.at = *instant;
  expect(instant.has_value(), "at", at, "expected.instant");
  expect(head.number >= 1, "number", std::to_string(head.number), "expected.seal_number");
  expect(head.size >= 0, "size", std::to_string(head.size), "expected.log_size");
  expect(is_hex(head.root, 32), "root", head.root, "expected.sha256");
  expect(head.previous.empty() || is_hex(head.previous, 32), "previous", head.previous, "expected.sha256");
  expect(is_hex(head.key, crypto_sign_PUBLICKEYBYTES), "key", head.key, "expected.public_key");
  expect(is_hex(head.signature, crypto_sign_BYTES), "signature", head.signature, "expected.signature");
  if (!faults.empty()) return refused(std::move(faults));
  return head;
}

std::string signed_text(TreeHead const& head) {
  auto json = head_to_json(head);
  json.erase("signature");
  return std::string(signed_as) + canonical(json);
}

bool is_signed(TreeHead const& head) {
  return is_signature(head.signature, signed_text(head), head.key);
}

std::string head_hash(TreeHead const& head) {
  return hash_of(canonical(head_to_json(head)));
}

bool is_signature(std::string const& signature, std::string_view text, std::string const& key) {
  std::array<unsigned char, crypto_sign_BYTES> signature_bytes{};
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> key_bytes{};
  return read_hex(signature, signature_bytes) && read_hex(key, key_bytes) &&
         crypto_sign_verify_detached(signature_bytes.data(), reinterpret_cast<unsigned char const*>(text.data()),
                                     text.size(), key_bytes.data()) == 0;
}

MerkleHash event_leaf(std::string_view event_hash) {
  return leaf_hash("event " + std::string(event_hash));
}

MerkleHash decoy_leaf(std::string_view salt, std::int64_t number) {
  return leaf_hash("decoy " + std::string(salt) + " " + std::to_string(number));
}

}  // namespace bihuan
