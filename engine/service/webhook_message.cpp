// SPDX-License-Identifier: Apache-2.0
#include "engine/service/webhook_message.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace bihuan {
namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::size_t secret_size = 32;

std::string base64(std::span<unsigned char const> bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  text.resize(text.size() - 1);  // its terminator
  return text;
}

std::vector<unsigned char> key_of(std::string_view secret) {
  if (secret.starts_with(secret_prefix)) secret.remove_prefix(secret_prefix.size());
  std::vector<unsigned char> key(secret.size());
  std::size_t size = 0;
  if (sodium_base642bin(key.data(), key.size(), secret.data(), secret.size(), nullptr, &size, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0)
    size = 0;
  key.resize(size);
  return key;
}

Event const* wanted_event(std::vector<Event> const& history, std::int64_t revision,
                          std::vector<std::string> const& types) {
  for (auto const& event : history) {
    if (event.revision != revision) continue;
    if (types.empty() || std::ranges::find(types, event_name(event.type)) != types.end()) return &event;
  }
  return nullptr;
}

}  // namespace

std::string make_webhook_secret() {
  std::array<unsigned char, secret_size> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return std::string(secret_prefix) + base64(bytes);
}

std::string webhook_signature(std::vector<WebhookSecret> const& secrets, std::string const& id, Instant timestamp,
                              std::string const& body) {
  auto const signed_text = id + "." + std::to_string(timestamp.time_since_epoch().count()) + "." + body;
  std::string signatures;
  for (auto const& secret : secrets) {
    auto const key = key_of(secret.secret);
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.data(), key.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<unsigned char const*>(signed_text.data()),
                                  signed_text.size());
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
    crypto_auth_hmacsha256_final(&state, mac.data());
    signatures.append(signatures.empty() ? "" : " ").append("v1,").append(base64(mac));
  }
  return signatures;
}

std::string webhook_message_id(std::string const& case_id, std::int64_t revision) {
  return case_id + "." + std::to_string(revision);
}

std::optional<std::string> webhook_body(CaseChange const& change, std::vector<Event> const& history,
                                        std::vector<std::string> const& types) {
  auto const* const wanted = wanted_event(history, change.revision, types);
  if (wanted == nullptr) return std::nullopt;
  auto names = OrderedJson::array();
  OrderedJson state;
  OrderedJson final;
  for (auto const& event : history) {
    if (event.revision > change.revision) break;
    if (event.revision == change.revision) names.push_back(event_name(event.type));
    if (event.type != EventType::opened && event.type != EventType::transitioned) continue;
    state = OrderedJson(event.body.at("state"));
    final = OrderedJson(event.body.at("final"));
  }
  OrderedJson data{{"case", change.case_id},
                   {"number", change.number},
                   {"workflow", change.workflow},
                   {"revision", change.revision},
                   {"state", state},
                   {"final", final},
                   {"events", names},
                   {"unit", OrderedJson(wanted->actor.value("unit", ""))}};
  if (wanted->type == EventType::transitioned) data["transition"] = OrderedJson(wanted->body.at("transition"));
  OrderedJson const body{{"specversion", "1.0"},
                         {"id", webhook_message_id(change.case_id, change.revision)},
                         {"source", "/api/v1/cases"},
                         {"type", "cn.bihuan.case." + std::string(event_name(wanted->type)) + ".v1"},
                         {"subject", change.case_id},
                         {"time", format_utc(wanted->at)},
                         {"datacontenttype", "application/json"},
                         {"data", data}};
  return body.dump();
}

}  // namespace bihuan
