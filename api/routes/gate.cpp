// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>

#include "api/http/problem.hpp"
#include "api/routes/routes.hpp"
#include "api/routes/session_cookie.hpp"
#include "engine/core/message.hpp"

namespace bihuan::routes {
namespace {

using http::Access;
using http::Request;
using http::Response;

std::optional<std::string> bearer_token(Request const& request) {
  auto const authorization = request.headers.find("authorization");
  constexpr std::string_view scheme = "bearer ";
  if (!authorization || !http::same_name(authorization->substr(0, scheme.size()), scheme)) return std::nullopt;
  return std::string(authorization->substr(scheme.size()));
}

bool changes_something(Request const& request) { return request.method != "GET" && request.method != "HEAD"; }

// A browser sends the cookie along whoever made the request, so a change must come from a page of ours. Browsers say
// so themselves: Sec-Fetch-Site, or an Origin with our own host in it where that is too new for them.
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

}  // namespace

Caller const& caller_of(Request const& request) {
  auto const* const caller = std::any_cast<Caller>(&request.caller);
  if (caller == nullptr) std::abort();
  return *caller;
}

http::Gate make_gate(Context& context) {
  return [&context](Request& request, http::Route const& route) -> std::optional<Response> {
    if (route.access.who == Access::Who::anyone) return std::nullopt;
    auto token = bearer_token(request);
    bool const by_cookie = !token && !request.headers.contains("authorization");
    if (by_cookie) token = session_cookie(request);
    if (!token) return http::problem(refusal(Code::not_signed_in, {}), request);
    if (by_cookie && changes_something(request) && !from_our_own_page(request)) {
      return http::problem(refusal(Code::cross_site, {}), request);
    }
    auto person = context.sign_in.authenticate(*token);
    if (!person) return http::problem(person.error(), request);
    auto actor = actor_of(*person);
    if (route.access.who == Access::Who::one_of_roles && !has_one_of(actor, route.access.roles)) {
      return http::problem(refusal(Code::not_allowed, {}), request);
    }
    request.caller = Caller{.person = std::move(*person), .actor = std::move(actor), .token = std::move(*token)};
    return std::nullopt;
  };
}

}  // namespace bihuan::routes
