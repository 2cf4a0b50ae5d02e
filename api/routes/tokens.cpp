// SPDX-License-Identifier: Apache-2.0
#include "engine/service/tokens.hpp"

#include <algorithm>

#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan::routes {
namespace {

OrderedJson render_token(MachineToken const& token) {
  Zone const zone;
  return {{"id", token.id},
          {"name", token.name},
          {"scope", scope_name(token.scope)},
          {"created", zone.format(token.created)},
          {"expires", zone.format(token.expires)},
          {"last_used", token.last_used ? OrderedJson(zone.format(*token.last_used)) : OrderedJson(nullptr)}};
}

Step<MachineTokens::Asked> read_asked(Request const& request) {
  auto const body = read_body(request);
  if (!body) return tl::make_unexpected(body.error());
  Refusals faults;
  Reader reader(*body, {}, faults);
  MachineTokens::Asked asked{.name = reader.text("name")};
  if (reader.find("scope") == nullptr) reader.fault(Code::missing, "scope", {{"name", "scope"}});
  auto const scope = reader.choice("scope", scope_names(), "read");
  asked.scope = static_cast<TokenScope>(std::ranges::find(scope_names(), scope) - scope_names().begin());
  if (auto const text = reader.text("expires"); !text.empty()) {
    if (auto const expires = parse_instant(text, "/expires")) {
      asked.expires = *expires;
    } else {
      append(faults, expires.error());
    }
  }
  reader.finish();
  if (!faults.empty()) return tl::make_unexpected(problem_as(422, faults, request));
  return asked;
}

}  // namespace

// Nobody has so many that they would need pages.
Response list_tokens(Request& request, Context& context) {
  auto items = OrderedJson::array();
  for (auto const& token : context.tokens.of(caller_of(request).person)) items.push_back(render_token(token));
  return page_answer(std::move(items), {}, request);
}

Response make_token(Request& request, Context& context) {
  auto const asked = read_asked(request);
  if (!asked) return asked.error();
  auto const made = context.tokens.make(caller_of(request).person, *asked);
  if (!made) return http::problem(made.error(), request);
  if (auto unrecorded = put_on_record(request, context, "token_made",
                                      {{"token", made->kept.id}, {"scope", scope_name(made->kept.scope)}})) {
    (void)context.tokens.revoke(caller_of(request).person, made->kept.id);
    return std::move(*unrecorded);
  }
  auto body = render_token(made->kept);
  body["token"] = made->token;
  auto response = json_answer(201, body);
  response.headers.set("Cache-Control", "no-store");
  response.headers.add("Location", "/api/v1/tokens/" + made->kept.id);
  return response;
}

Response revoke_token(Request& request, Context& context) {
  auto const& id = request.path_parameter("id");
  auto const revoked = context.tokens.revoke(caller_of(request).person, id);
  if (!revoked) return http::problem(revoked.error(), request);
  if (auto unrecorded = put_on_record(request, context, "token_revoked", {{"token", id}}))
    return std::move(*unrecorded);
  return {.status = 204};
}

}  // namespace bihuan::routes
