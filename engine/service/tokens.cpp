// SPDX-License-Identifier: Apache-2.0
#include "engine/service/tokens.hpp"

#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"
#include "engine/service/passwords.hpp"
#include "engine/store/digest.hpp"

namespace bihuan {
namespace {

constexpr std::size_t name_limit = 200;  // bytes
constexpr std::chrono::days longest_life{366};

}  // namespace

std::vector<std::string_view> const& scope_names() {
  static std::vector<std::string_view> const names{"read", "act", "admin"};
  return names;
}

std::string_view scope_name(TokenScope scope) {
  return scope_names().at(static_cast<std::size_t>(scope));
}

bool is_machine_token(std::string_view token) {
  return token.starts_with(machine_token_prefix);
}

Result<MachineTokens::Made> MachineTokens::make(Person const& person, Asked const& asked) {
  Refusals faults;
  if (asked.name.empty()) faults.push_back(refusal(Code::missing, "/name", {{"name", "name"}}));
  if (auto fault = check_text(asked.name, name_limit, "/name")) faults.push_back(std::move(*fault));
  auto const now = clock_();
  if (asked.expires <= now || asked.expires > now + longest_life) {
    faults.push_back(refusal(Code::out_of_bounds, "/expires",
                             {{"value", format_utc(asked.expires)}, {"expected", message("expected.token_expiry")}}));
  }
  if (!faults.empty()) return refused(std::move(faults));
  auto token = std::string(machine_token_prefix) + make_secret_token();
  MachineToken kept{.id = make_id(now),
                    .token_hash = hash_of(token),
                    .person = person.id,
                    .name = asked.name,
                    .scope = asked.scope,
                    .created = now,
                    .expires = asked.expires};
  store_.people().put_token(kept);
  return Made{.kept = std::move(kept), .token = std::move(token)};
}

Result<void> MachineTokens::revoke(Person const& person, std::string const& id) {
  if (!store_.people().drop_token(person.id, id)) return refused(refusal(Code::not_found, {}));
  return {};
}

}  // namespace bihuan
