// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/token.hpp"

#include <algorithm>
#include <chrono>
#include <ostream>

#include "engine/core/json.hpp"
#include "engine/service/tokens.hpp"
#include "tools/bihuan/accounts_data.hpp"

namespace bihuan {
namespace {

Json described(MachineToken const& token) {
  return {{"id", token.id},
          {"name", token.name},
          {"scope", scope_name(token.scope)},
          {"created", Zone().format(token.created)},
          {"expires", Zone().format(token.expires)},
          {"last_used", token.last_used ? Json(Zone().format(*token.last_used)) : Json(nullptr)}};
}

void print_token(MachineToken const& token, std::ostream& out) {
  out << token.id << "\t" << token.name << "\t" << scope_name(token.scope) << "\t" << Zone().format(token.expires)
      << "\t" << (token.last_used ? Zone().format(*token.last_used) : "-") << "\n";
}

// Does `work` with the person's tokens.
int with_tokens(TokenOptions const& options, std::ostream& err,
                std::function<Result<void>(MachineTokens&, Person const&, Store&)> const& work) {
  return with_accounts({.data = options.data, .store = options.store, .workflows = options.workflows}, err,
                       [&](OpenAccounts const& open) -> Result<void> {
                         auto const person = person_named(open.store, options.user);
                         if (!person) return refused(person.error());
                         MachineTokens tokens(open.store, wall_clock_now);
                         return work(tokens, *person, open.store);
                       });
}

}  // namespace

int run_token_create(TokenOptions const& options, std::ostream& out, std::ostream& err) {
  return with_tokens(options, err, [&](MachineTokens& tokens, Person const& person, Store& store) -> Result<void> {
    auto const place = std::ranges::find(scope_names(), options.scope) - scope_names().begin();
    if (auto recorded = record_at_machine(store, "token_made", {{"person", person.id}}); !recorded) return recorded;
    auto const made = tokens.make(person, {.name = options.name,
                                           .scope = static_cast<TokenScope>(place),
                                           .expires = wall_clock_now() + std::chrono::days(options.days)});
    if (!made) return refused(made.error());
    if (options.json) {
      auto body = described(made->kept);
      body["token"] = made->token;
      out << canonical(body) << "\n";
    } else {
      print_token(made->kept, out);
      out << made->token << "\n";
    }
    return {};
  });
}

int run_token_list(TokenOptions const& options, std::ostream& out, std::ostream& err) {
  return with_tokens(options, err, [&](MachineTokens& tokens, Person const& person, Store&) -> Result<void> {
    auto list = Json::array();
    for (auto const& token : tokens.of(person)) {
      if (options.json) {
        list.push_back(described(token));
      } else {
        print_token(token, out);
      }
    }
    if (options.json) out << canonical(list) << "\n";
    return {};
  });
}

int run_token_revoke(TokenOptions const& options, std::ostream&, std::ostream& err) {
  return with_tokens(options, err, [&](MachineTokens& tokens, Person const& person, Store& store) -> Result<void> {
    if (auto recorded = record_at_machine(store, "token_revoked", {{"person", person.id}}); !recorded) return recorded;
    return tokens.revoke(person, options.name);
  });
}

}  // namespace bihuan
