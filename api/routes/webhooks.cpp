// SPDX-License-Identifier: Apache-2.0
#include "engine/store/webhooks.hpp"

#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"
#include "engine/service/webhook_service.hpp"

namespace bihuan::routes {
namespace {

OrderedJson time_or_null(std::optional<Instant> const& instant) {
  return instant ? OrderedJson(Zone().format(*instant)) : OrderedJson(nullptr);
}

OrderedJson render_webhook(Webhook const& webhook) {
  auto secrets = OrderedJson::array();
  for (auto const& secret : webhook.secrets)
    secrets.push_back(
        {{"id", secret.id}, {"made", Zone().format(secret.made)}, {"retires", time_or_null(secret.retires)}});
  return {{"id", webhook.id},
          {"url", webhook.url},
          {"types", webhook.types},
          {"filter", webhook.filter},
          {"created", Zone().format(webhook.created)},
          {"active", webhook.active},
          {"attempts", webhook.attempts},
          {"next_attempt", time_or_null(webhook.next_attempt)},
          {"last_fault", webhook.last_fault.empty() ? OrderedJson(nullptr) : OrderedJson(webhook.last_fault)},
          {"secrets", std::move(secrets)}};
}

OrderedJson render_letter(DeadLetter const& letter) {
  return {{"id", letter.id},
          {"case", letter.case_id},
          {"revision", letter.revision},
          {"attempts", letter.attempts},
          {"fault", letter.fault},
          {"at", Zone().format(letter.at)}};
}

Step<WebhookService::Asked> read_webhook(Request const& request) {
  auto const body = read_body(request);
  if (!body) return tl::make_unexpected(body.error());
  Refusals faults;
  Reader reader(*body, {}, faults);
  WebhookService::Asked asked{.url = reader.text("url"), .types = reader.texts("types")};
  reader.members("filter", [&](std::string const& name, Reader& member) {
    bool const known = name == "workflow" || name == "state" || name == "unit" || name == "final";
    if (!known)
      faults.push_back(refusal(Code::unknown_field, member.pointer(), {{"name", name}}));
    else if (!member.value().is_string())
      faults.push_back(refusal(Code::bad_format, member.pointer(),
                               {{"value", member.value().dump()}, {"expected", message("expected.text")}}));
    else
      asked.filter[name] = member.value().get<std::string>();
  });
  reader.finish();
  if (!faults.empty()) return tl::make_unexpected(problem_as(422, faults, request));
  return asked;
}

Response once_only(int status, OrderedJson const& body) {
  auto response = json_answer(status, body);
  response.headers.set("Cache-Control", "no-store");
  return response;
}

}  // namespace

Response list_webhooks(Request& request, Context& context) {
  auto items = OrderedJson::array();
  for (auto const& webhook : context.webhooks.of(caller_of(request).person)) items.push_back(render_webhook(webhook));
  return page_answer(std::move(items), {}, request);
}

Response make_webhook(Request& request, Context& context) {
  auto const asked = read_webhook(request);
  if (!asked) return asked.error();
  auto const& person = caller_of(request).person;
  if (auto unrecorded =
          put_on_record(request, context, "webhook_made", {{"url", asked->url}, {"filter", asked->filter}}))
    return std::move(*unrecorded);
  auto const made = context.webhooks.make(person, *asked);
  if (!made) return problem_as(422, made.error(), request);
  auto body = render_webhook(*made);
  body["secret"] = made->secrets.front().secret;
  auto response = once_only(201, body);
  response.headers.add("Location", "/api/v1/webhooks/" + made->id);
  return response;
}

Response change_webhook(Request& request, Context& context) {
  auto const body = read_body(request);
  if (!body) return body.error();
  Refusals faults;
  Reader reader(*body, {}, faults);
  if (reader.find("active") == nullptr) reader.fault(Code::missing, "active", {{"name", "active"}});
  auto const active = reader.boolean_or("active", true);
  reader.finish();
  if (!faults.empty()) return problem_as(422, faults, request);
  auto const& id = request.path_parameter("id");
  if (auto unrecorded = put_on_record(request, context, "webhook_changed", {{"webhook", id}, {"active", active}}))
    return std::move(*unrecorded);
  auto const changed = context.webhooks.set_active(caller_of(request).person, id, active);
  if (!changed) return http::problem(changed.error(), request);
  context.news->ring();
  return json_answer(200, render_webhook(*changed));
}

Response drop_webhook(Request& request, Context& context) {
  auto const& id = request.path_parameter("id");
  auto const dropped = context.webhooks.drop(caller_of(request).person, id);
  if (!dropped) return http::problem(dropped.error(), request);
  if (auto unrecorded = put_on_record(request, context, "webhook_dropped", {{"webhook", id}}))
    return std::move(*unrecorded);
  return {.status = 204};
}

Response rotate_webhook_secret(Request& request, Context& context) {
  auto const& id = request.path_parameter("id");
  auto const secret = context.webhooks.rotate(caller_of(request).person, id);
  if (!secret) return http::problem(secret.error(), request);
  if (auto unrecorded = put_on_record(request, context, "webhook_secret", {{"webhook", id}}))
    return std::move(*unrecorded);
  return once_only(201, {{"id", secret->id}, {"made", Zone().format(secret->made)}, {"secret", secret->secret}});
}

Response list_dead_letters(Request& request, Context& context) {
  auto const letters = context.webhooks.dead_letters(caller_of(request).person, request.path_parameter("id"));
  if (!letters) return http::problem(letters.error(), request);
  auto items = OrderedJson::array();
  for (auto const& letter : *letters) items.push_back(render_letter(letter));
  return page_answer(std::move(items), {}, request);
}

Response repeat_dead_letter(Request& request, Context& context) {
  auto const answer = context.webhooks.repeat(caller_of(request).person, request.path_parameter("id"),
                                              request.path_parameter("letter"));
  if (!answer) return http::problem(answer.error(), request);
  bool const taken = answer->status >= 200 && answer->status < 300;
  return json_answer(200, {{"taken", taken},
                           {"status", answer->status == 0 ? OrderedJson(nullptr) : OrderedJson(answer->status)},
                           {"fault", answer->fault.empty() ? OrderedJson(nullptr) : OrderedJson(answer->fault)}});
}

}  // namespace bihuan::routes
