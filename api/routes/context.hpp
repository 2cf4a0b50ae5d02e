// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/http/message.hpp"
#include "api/http/worker_pool.hpp"
#include "api/routes/allowance.hpp"
#include "api/routes/news.hpp"
#include "engine/service/accounts.hpp"
#include "engine/service/audit_log.hpp"
#include "engine/service/case_service.hpp"
#include "engine/service/definition_keeper.hpp"
#include "engine/service/migrations.hpp"
#include "engine/service/sealer.hpp"
#include "engine/service/sign_in.hpp"
#include "engine/service/tokens.hpp"
#include "engine/service/units.hpp"
#include "engine/service/webhook_service.hpp"
#include "engine/store/store.hpp"

namespace bihuan::identity {
struct PlaceSignIn;
}

namespace bihuan::routes {

// What handlers work with. Made by the program, outlives the server; every part is safe to use from any
// thread.
struct Context {
  CaseService& cases;
  SignIn& sign_in;
  Accounts& accounts;
  Units& units;
  DefinitionKeeper& definitions;
  Migrations& migrations;
  MachineTokens& tokens;
  WebhookService& webhooks;
  Store& store;
  // Who looked at what. Handlers use record.hpp.
  AuditLog& audit;
  Sealer& sealer;
  // Password hashing costs 64 MiB and a core for 60 ms: its own pool, of at most as many threads as there are
  // cores.
  http::WorkerPool& passwords;
  // The text of /metrics.
  std::function<std::string()> metrics;
  // Behind TLS the session cookie must never travel in the clear.
  bool secure_cookie = false;
  // Ways of signing in that the place has; null: none.
  identity::PlaceSignIn* place = nullptr;

  // Of calls that ask nobody to sign in and read the store.
  std::shared_ptr<Allowance> public_calls = std::make_shared<Allowance>();

  // Rings when something was appended; make_routes sees to it.
  std::shared_ptr<News> news = std::make_shared<News>();

  [[nodiscard]] Library const& library() const { return cases.library(); }
};

// Who calls, as the gate found out.
struct Caller {
  Person person;
  Actor actor;
  std::string token;
  std::optional<TokenScope> scope{};  // of a machine token
};
// On a route that asks for signing in.
[[nodiscard]] Caller const& caller_of(http::Request const& request);

}  // namespace bihuan::routes
