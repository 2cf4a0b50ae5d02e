// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/render.hpp"
#include "api/routes/session_cookie.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan::routes {
namespace {

constexpr std::size_t name_limit = 200;       // bytes
constexpr std::size_t password_limit = 1000;  // bytes; a hash takes as long for a long one, but there is no need

struct Credentials {
  std::string name;
  std::string password;
};

Step<Credentials> read_credentials(Request const& request) {
  auto const body = read_body(request);
  if (!body) return tl::make_unexpected(body.error());
  Refusals faults;
  Reader reader(*body, {}, faults);
  Credentials credentials{.name = reader.text("name"), .password = reader.text("password")};
  reader.finish();
  if (faults.empty()) {
    if (auto fault = check_text(credentials.name, name_limit, "/name")) faults.push_back(std::move(*fault));
    if (auto fault = check_text(credentials.password, password_limit, "/password")) {
      faults.push_back(std::move(*fault));
    }
  }
  if (!faults.empty()) return tl::make_unexpected(problem_as(422, faults, request));
  return credentials;
}

}  // namespace

Response sign_in(Request& request, Context& context) {
  auto const credentials = read_credentials(request);
  if (!credentials) return credentials.error();
  auto const granted = context.passwords.call(
      [&] { return context.sign_in.sign_in(credentials->name, credentials->password); });
  if (!granted) return http::busy_problem(request);
  if (!*granted) return http::problem(granted->error(), request);
  auto const& grant = **granted;
  OrderedJson body;
  body["token"] = grant.token;
  body["expires"] = Zone().format(grant.expires);
  body["person"] = render(grant.person, context.library().organisation());
  auto response = json_answer(200, body);
  response.headers.set("Cache-Control", "no-store");
  response.headers.add("Set-Cookie", set_session_cookie(grant.token, context.secure_cookie));
  return response;
}

Response sign_out(Request& request, Context& context) {
  context.sign_in.sign_out(caller_of(request).token);
  Response response{.status = 204};
  response.headers.add("Set-Cookie", set_session_cookie({}, context.secure_cookie));
  return response;
}

Response get_me(Request& request, Context& context) {
  return json_answer(200, render(caller_of(request).person, context.library().organisation()));
}

}  // namespace bihuan::routes
