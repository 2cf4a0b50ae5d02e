// SPDX-License-Identifier: Apache-2.0
#include "api/routes/identity.hpp"

#include <algorithm>

#include "api/http/log.hpp"
#include "api/http/problem.hpp"
#include "api/identity/place_sign_in.hpp"
#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "api/routes/render.hpp"
#include "api/routes/session_cookie.hpp"
#include "engine/core/message.hpp"

namespace bihuan::routes {
namespace {

using identity::Journey;

constexpr std::string_view journey_cookie = "bihuan_oidc";
constexpr std::string_view journey_path = "/api/v1/session/oidc";
constexpr std::string_view journey_seconds = "600";
constexpr std::size_t address_limit = 500;  // bytes

void tell(Code code, std::string const& reason, Request const& request) {
  auto const level = code == Code::identity_unavailable ? spdlog::level::err : spdlog::level::warn;
  http::log_event(level, "identity not confirmed",
                  {{"code", code_name(code)}, {"reason", reason}, {"request_id", request.request_id}});
}

Result<Person> admitted(PlaceIdentity const& who, Request const& request, Context& context) {
  auto const appointment = appointment_of(who, context.place->memberships);
  if (!appointment) {
    tell(Code::identity_unplaced, "no membership says a unit", request);
    return refused(refusal(Code::identity_unplaced, {}));
  }
  auto person = context.accounts.admit(who, *appointment);
  if (!person) {
    auto const& first = person.error().front();
    tell(first.code, first.remedy.en.empty() ? first.text.en : first.remedy.en, request);
  }
  return person;
}

// Within these pages, whatever a browser makes of an address.
bool is_own_address(std::string_view address) {
  return address.starts_with('/') && address.size() <= address_limit &&
         (address.size() == 1 || (address[1] != '/' && address[1] != '\\')) &&
         std::ranges::all_of(address, [](char c) { return c > ' ' && c <= '~' && c != '#' && c != '\\'; });
}

std::string with_word(std::string const& address, std::string_view word) {
  return address + (address.find('?') == std::string::npos ? "?" : "&") + "sign_in=" + std::string(word);
}

Response led_to(std::string const& address) {
  Response response{.status = 302};
  response.headers.add("Location", address);
  response.headers.add("Cache-Control", "no-store");
  response.headers.add("Referrer-Policy", "no-referrer");
  return response;
}

std::string cookie_line(std::string const& value, std::string_view seconds, Request const& request,
                        Context const& context) {
  std::string line(journey_cookie);
  line +=
      "=" + value + "; Path=" + std::string(journey_path) + "; HttpOnly; SameSite=Lax; Max-Age=" + std::string(seconds);
  if (context.secure_cookie || request.secure) line += "; Secure";
  return line;
}

// One of OAuth's own error names; whatever else stands there is nothing for the log.
std::string error_name(std::string const& error) {
  bool const name =
      error.size() <= 100 && std::ranges::all_of(error, [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); });
  return name ? error : "something else";
}

struct Begun {
  Journey journey;
  std::string address;  // to go on to
};

// What the browser kept since it left; nothing when it did not leave from here.
std::optional<Begun> begun(Request const& request) {
  auto const cookie = cookie_of(request, journey_cookie);
  if (!cookie) return std::nullopt;
  auto const dot = cookie->find('.');
  if (dot != 43) return std::nullopt;  // 32 random bytes
  auto address = identity::from_base64url(std::string_view(*cookie).substr(dot + 1));
  if (!address || !is_own_address(*address)) return std::nullopt;
  return Begun{.journey = Journey(cookie->substr(0, dot)), .address = std::move(*address)};
}

// The page says in its own words what a code means.
Response back_without(Code code, Request const& request, Context& context) {
  auto const unrecorded =
      record_for(nullptr, request, context,
                 {.kind = AuditKind::sign_in_failed, .detail = {{"reason", code_name(code)}, {"by", "oidc"}}});
  auto response = unrecorded ? *unrecorded : led_to(with_word("/", code_name(code)));
  response.headers.add("Set-Cookie", cookie_line("", "0", request, context));
  return response;
}

Response back_with(Person person, Begun const& journey, Request const& request, Context& context) {
  auto const granted = context.sign_in.let_in_from_elsewhere(std::move(person), request.remote_address);
  if (!granted) return back_without(granted.error().front().code, request, context);
  if (auto unrecorded =
          record_for(&granted->person, request, context,
                     {.kind = AuditKind::signed_in, .detail = {{"by", "oidc"}, {"roles", granted->person.roles}}})) {
    context.sign_in.sign_out(granted->token);
    return std::move(*unrecorded);
  }
  auto response = led_to(with_word(journey.address, "done"));
  response.headers.add("Set-Cookie", set_session_cookie(granted->token, context.secure_cookie || request.secure));
  response.headers.add("Set-Cookie", cookie_line("", "0", request, context));
  return response;
}

bool has_open_id(Context const& context) {
  return context.place != nullptr && context.place->open_id != nullptr;
}

std::string parameter(Request const& request, std::string_view name) {
  return std::string(request.query_parameter(name).value_or(""));
}

}  // namespace

bool has_directory(Context const& context) {
  return context.place != nullptr && context.place->directory != nullptr;
}

Result<Person> person_by_directory(SignIn::Credentials const& credentials, Request const& request, Context& context) {
  auto& place = *context.place;
  auto const who = place.calls.call([&] { return place.directory->confirm(credentials.name, credentials.password); });
  if (!who) return refused(refusal(Code::busy, {}));
  if (!*who) {
    auto const& fault = who->error();
    if (fault.code == Code::identity_unavailable) tell(fault.code, fault.reason, request);
    return refused(refusal(fault.code, {}));
  }
  auto person = admitted(**who, request, context);
  // Who is no longer active is answered like who never was.
  if (!person && person.error().front().code == Code::not_allowed) return refused(refusal(Code::wrong_credentials, {}));
  return person;
}

Response get_sign_in_ways(Request&, Context& context) {
  OrderedJson ways{{"directory", has_directory(context)}, {"oidc", nullptr}};
  if (has_open_id(context)) {
    auto const& title = context.place->open_id->options().title;
    ways["oidc"] = {{"title", {{"zh", title.zh}, {"en", title.en}}}};
  }
  return json_answer(200, ways);
}

Response start_open_id(Request& request, Context& context) {
  if (!has_open_id(context)) return http::problem(refusal(Code::not_found, {}), request);
  auto const address = request.query_parameter("to") ? parameter(request, "to") : "/";
  if (!is_own_address(address))
    return parameter_problem(
        refusal(Code::bad_format, "/query/to",
                {{"value", address.substr(0, 100)}, {"expected", message("expected.own_address")}}),
        request);
  Journey const journey;
  auto& place = *context.place;
  auto const provider = place.calls.call([&] { return place.open_id->address_of(journey); });
  if (!provider) return http::busy_problem(request);
  if (!*provider) {
    tell(provider->error().code, provider->error().reason, request);
    return back_without(provider->error().code, request, context);
  }
  auto response = led_to(**provider);
  response.headers.add("Set-Cookie", cookie_line(journey.secret() + "." + identity::base64url_of(address),
                                                 journey_seconds, request, context));
  return response;
}

Response finish_open_id(Request& request, Context& context) {
  if (!has_open_id(context)) return http::problem(refusal(Code::not_found, {}), request);
  auto const journey = begun(request);
  auto const refuse = [&](Code code, std::string const& reason) {
    tell(code, reason, request);
    return back_without(code, request, context);
  };
  if (!journey) return refuse(Code::identity_refused, "this browser began no sign-in, or too long ago");
  if (auto const error = parameter(request, "error"); !error.empty())
    return refuse(Code::identity_refused, "the provider says " + error_name(error));
  identity::Returned const returned{
      .code = parameter(request, "code"), .state = parameter(request, "state"), .issuer = parameter(request, "iss")};
  auto& place = *context.place;
  auto const who = place.calls.call([&] { return place.open_id->finish(journey->journey, returned); });
  if (!who) return http::busy_problem(request);
  if (!*who) return refuse(who->error().code, who->error().reason);
  auto person = admitted(**who, request, context);
  if (!person) return back_without(person.error().front().code, request, context);
  return back_with(std::move(*person), *journey, request, context);
}

}  // namespace bihuan::routes
