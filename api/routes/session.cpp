// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/identity.hpp"
#include "api/routes/locked.hpp"
#include "api/routes/record.hpp"
#include "api/routes/render.hpp"
#include "api/routes/session_cookie.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan::routes {
namespace {

constexpr std::size_t name_limit = 200;       // bytes
constexpr std::size_t password_limit = 1000;  // bytes; the longest password we take fits

Step<SignIn::Credentials> read_credentials(Request const& request) {
  auto const body = read_body(request);
  if (!body) return tl::make_unexpected(body.error());
  Refusals faults;
  Reader reader(*body, {}, faults);
  SignIn::Credentials credentials{
      .name = reader.text("name"), .password = reader.text("password"), .code = reader.text_or("code", "")};
  reader.finish();
  if (faults.empty()) {
    if (auto fault = check_text(credentials.name, name_limit, "/name")) faults.push_back(std::move(*fault));
    if (auto fault = check_text(credentials.password, password_limit, "/password")) {
      faults.push_back(std::move(*fault));
    }
    if (auto fault = check_text(credentials.code, name_limit, "/code")) faults.push_back(std::move(*fault));
  }
  if (!faults.empty()) return tl::make_unexpected(problem_as(422, faults, request));
  return credentials;
}

OrderedJson render_self(Person const& person, Context& context) {
  auto shown = render(person, context.library().organisation());
  auto const pending = context.sign_in.pending(person);
  shown["second_factor"] = person.second_factor;
  shown["withheld_roles"] = context.sign_in.withheld_roles(person);
  shown["pending"] = pending ? OrderedJson(code_name(*pending)) : OrderedJson(nullptr);
  return shown;
}

OrderedJson render_session(Session const& session, std::string const& current) {
  Zone const zone;
  return {{"id", session_id(session)},
          {"created", zone.format(session.created)},
          {"last_used", zone.format(session.last_used)},
          {"expires", zone.format(session.expires)},
          {"address", session.address},
          {"current", session_id(session) == current}};
}

Response sign_in_refused(Refusals const& refusals, std::string const& name, Request const& request, Context& context) {
  auto const person = context.store.people().find_by_name(name);
  auto const unrecorded =
      record_for(person ? &*person : nullptr, request, context,
                 {.kind = AuditKind::sign_in_failed, .detail = {{"reason", code_name(refusals.front().code)}}});
  return unrecorded ? *unrecorded : http::problem(refusals, request);
}

// Directories take a name in capitals for the same one, so it must not have guesses of its own.
std::string counted_name(std::string name, Context const& context) {
  if (has_directory(context))
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

Result<SignIn::Granted> by_own_account(bool known, LockOut::Attempt& attempt, SignIn::Credentials const& credentials,
                                       Request const& request, Context& context) {
  auto person = known ? context.store.people().find_by_name(credentials.name) : std::nullopt;
  if (!person) return refused(context.sign_in.turn_away(attempt));
  return context.sign_in.let_in(attempt, std::move(*person), credentials.code, request.remote_address);
}

// The password is none of ours. While the directory cannot be asked that counts all the same: it is no way to guess on.
Result<SignIn::Granted> by_directory(LockOut::Attempt& attempt, SignIn::Credentials const& credentials,
                                     Request const& request, Context& context) {
  auto person = person_by_directory(credentials, request, context);
  if (person) return context.sign_in.let_in(attempt, std::move(*person), credentials.code, request.remote_address);
  auto const first = person.error().front().code;
  bool const was_right = first == Code::identity_unplaced || first == Code::last_administrator;
  if (!was_right) (void)context.sign_in.turn_away(attempt);
  return refused(person.error());
}

}  // namespace

Response sign_in(Request& request, Context& context) {
  auto const credentials = read_credentials(request);
  if (!credentials) return credentials.error();
  auto attempt = context.sign_in.begin(counted_name(credentials->name, context), request.remote_address);
  if (!attempt) return locked_problem(attempt.error(), request);
  auto const known = context.passwords.call([&] { return context.sign_in.knows(*credentials); });
  if (!known) return http::busy_problem(request);
  auto const granted = *known || !has_directory(context)
                           ? by_own_account(*known, *attempt, *credentials, request, context)
                           : by_directory(*attempt, *credentials, request, context);
  if (!granted) return sign_in_refused(granted.error(), credentials->name, request, context);
  auto const& grant = *granted;
  if (auto unrecorded = record_for(&grant.person, request, context, {.kind = AuditKind::signed_in})) {
    context.sign_in.sign_out(grant.token);
    return std::move(*unrecorded);
  }
  OrderedJson body;
  body["token"] = grant.token;
  body["expires"] = Zone().format(grant.expires);
  body["person"] = render_self(grant.person, context);
  auto response = json_answer(200, body);
  response.headers.set("Cache-Control", "no-store");
  response.headers.add("Set-Cookie", set_session_cookie(grant.token, context.secure_cookie || request.secure));
  return response;
}

Response sign_out(Request& request, Context& context) {
  if (auto unrecorded = record(request, context, {.kind = AuditKind::signed_out})) return std::move(*unrecorded);
  context.sign_in.sign_out(caller_of(request).token);
  Response response{.status = 204};
  response.headers.add("Set-Cookie", set_session_cookie({}, context.secure_cookie || request.secure));
  return response;
}

Response get_me(Request& request, Context& context) {
  return json_answer(200, render_self(caller_of(request).person, context));
}

// Nobody has so many that they would need pages.
Response list_sessions(Request& request, Context& context) {
  auto const current = session_id_of_token(caller_of(request).token);
  auto items = OrderedJson::array();
  for (auto const& session : context.sign_in.sessions_of(caller_of(request).person)) {
    items.push_back(render_session(session, current));
  }
  return page_answer(std::move(items), {}, request);
}

Response end_session(Request& request, Context& context) {
  auto const& id = request.path_parameter("id");
  if (auto unrecorded = record(request, context, {.kind = AuditKind::signed_out, .detail = {{"session", id}}}))
    return std::move(*unrecorded);
  auto const ended = context.sign_in.end_session(caller_of(request).person, id);
  if (!ended) return http::problem(ended.error(), request);
  return {.status = 204};
}

// Everywhere, here as well.
Response end_sessions(Request& request, Context& context) {
  if (auto unrecorded = record(request, context, {.kind = AuditKind::signed_out, .detail = {{"everywhere", true}}})) {
    return std::move(*unrecorded);
  }
  context.sign_in.end_sessions(caller_of(request).person);
  Response response{.status = 204};
  response.headers.add("Set-Cookie", set_session_cookie({}, context.secure_cookie || request.secure));
  return response;
}

}  // namespace bihuan::routes
