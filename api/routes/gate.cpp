// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "api/http/problem.hpp"
#include "api/routes/routes.hpp"
#include "api/routes/session_cookie.hpp"
#include "engine/core/message.hpp"

namespace bihuan::routes {
namespace {

using namespace std::string_view_literals;

using http::Access;
using http::Request;
using http::Response;

std::optional<std::string> bearer_token(Request const& request) {
  auto const authorization = request.headers.find("authorization");
  constexpr std::string_view scheme = "bearer ";
  if (!authorization || !http::same_name(authorization->substr(0, scheme.size()), scheme)) return std::nullopt;
  return std::string(authorization->substr(scheme.size()));
}

bool changes_something(Request const& request) {
  return request.method != "GET" && request.method != "HEAD";
}

// A browser sends the cookie along whoever made the request, so a change must come from a page of ours.
// Browsers say so themselves: Sec-Fetch-Site, or an Origin with our own host in it where that is too new for
// them.
bool from_our_own_page(Request const& request) {
  if (auto const site = request.headers.find("sec-fetch-site")) return *site == "same-origin";
  auto const origin = request.headers.find("origin");
  auto const host = request.headers.find("host");
  if (!origin || !host) return false;
  auto const scheme_end = origin->find("://");
  return scheme_end != std::string_view::npos && http::same_name(origin->substr(scheme_end + 3), *host);
}

bool has_one_of(Actor const& actor, std::vector<std::string> const& roles) {
  return std::ranges::any_of(roles, [&](std::string const& role) { return actor.has_role(role); });
}

// What concerns how one gets in takes having got in: a machine token must not make others or outlive its
// revocation.
bool is_of_own_account(std::string_view operation) {
  constexpr std::array all{"sign_out"sv,
                           "list_sessions"sv,
                           "end_session"sv,
                           "end_sessions"sv,
                           "change_own_password"sv,
                           "enrol_second_factor"sv,
                           "confirm_second_factor"sv,
                           "list_tokens"sv,
                           "make_token"sv,
                           "revoke_token"sv,
                           "list_feeds"sv,
                           "make_feed"sv,
                           "revoke_feed"sv,
                           "list_webhooks"sv,
                           "make_webhook"sv,
                           "change_webhook"sv,
                           "drop_webhook"sv,
                           "rotate_webhook_secret"sv,
                           "list_dead_letters"sv,
                           "repeat_dead_letter"sv};
  return std::ranges::find(all, operation) != all.end();
}

bool is_within(TokenScope scope, Request const& request, http::Route const& route) {
  if (is_of_own_account(route.operation)) return false;
  bool const administers = std::ranges::find(route.access.roles, "admin") != route.access.roles.end();
  if (administers) return scope == TokenScope::admin;
  return scope != TokenScope::read || !changes_something(request);
}

// What is left to somebody who has to choose a password or enrol a second factor first.
bool is_open_while_pending(std::string_view operation) {
  constexpr std::array all{"get_me"sv, "sign_out"sv, "change_own_password"sv, "enrol_second_factor"sv,
                           "confirm_second_factor"sv};
  return std::ranges::find(all, operation) != all.end();
}

// Why the caller, whoever they are, may not call this route now.
std::optional<Code> obstacle(Identity const& identity, Actor const& actor, Request const& request,
                             http::Route const& route, SignIn const& sign_in) {
  if (identity.scope && !is_within(*identity.scope, request, route)) return Code::not_allowed;
  if (auto const pending = sign_in.pending(identity.person); pending && !is_open_while_pending(route.operation)) {
    return pending;
  }
  if (route.access.who == Access::Who::one_of_roles && !has_one_of(actor, route.access.roles)) {
    return Code::not_allowed;
  }
  return std::nullopt;
}

}  // namespace

Caller const& caller_of(Request const& request) {
  auto const* const caller = std::any_cast<Caller>(&request.caller);
  if (caller == nullptr) std::abort();
  return *caller;
}

Result<Caller> caller_by_token(std::string const& token, Context& context) {
  auto identity = context.sign_in.authenticate(token);
  if (!identity) return refused(identity.error());
  if (auto const pending = context.sign_in.pending(identity->person)) return refused(refusal(*pending, {}));
  auto actor = context.sign_in.acting_now(identity->person);
  return Caller{
      .person = std::move(identity->person), .actor = std::move(actor), .token = token, .scope = identity->scope};
}

http::Gate make_gate(Context& context) {
  return [&context](Request& request, http::Route const& route) -> std::optional<Response> {
    if (route.access.who == Access::Who::anyone || route.access.who == Access::Who::by_key) return std::nullopt;
    auto token = bearer_token(request);
    bool const by_cookie = !token && !request.headers.contains("authorization");
    if (by_cookie) token = session_cookie(request);
    if (!token) return http::problem(refusal(Code::not_signed_in, {}), request);
    if (by_cookie && changes_something(request) && !from_our_own_page(request)) {
      return http::problem(refusal(Code::cross_site, {}), request);
    }
    auto identity = context.sign_in.authenticate(*token);
    if (!identity) return http::problem(identity.error(), request);
    auto actor = context.sign_in.acting_now(identity->person);
    if (auto const code = obstacle(*identity, actor, request, route, context.sign_in)) {
      return http::problem(refusal(*code, {}), request);
    }
    request.caller = Caller{.person = std::move(identity->person),
                            .actor = std::move(actor),
                            .token = std::move(*token),
                            .scope = identity->scope};
    return std::nullopt;
  };
}

}  // namespace bihuan::routes
