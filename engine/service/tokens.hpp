// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/service/case_service.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

[[nodiscard]] std::string_view scope_name(TokenScope scope);
[[nodiscard]] std::vector<std::string_view> const& scope_names();  // in the order of TokenScope

// Machine tokens start so: people and scanners see what has leaked where.
inline constexpr std::string_view machine_token_prefix = "bht_";
[[nodiscard]] bool is_machine_token(std::string_view token);

// Tokens with which machines act as a person, within a scope and until a day. Safe to call from any thread.
class MachineTokens {
 public:
  MachineTokens(Store& store, Clock clock) : store_(store), clock_(std::move(clock)) {}

  struct Asked {
    std::string name;
    TokenScope scope = TokenScope::read;
    Instant expires{};
  };
  struct Made {
    MachineToken kept;
    std::string token;  // shown this once
  };
  // Refused when the name is empty or too long, or it would expire in the past or after more than 366 days.
  [[nodiscard]] Result<Made> make(Person const& person, Asked const& asked);
  [[nodiscard]] std::vector<MachineToken> of(Person const& person) { return store_.people().list_tokens(person.id); }
  // Refused with not_found when the person has no such token.
  [[nodiscard]] Result<void> revoke(Person const& person, std::string const& id);

 private:
  Store& store_;
  Clock clock_;
};

}  // namespace bihuan
