// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "api/routes/render.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan::routes {
namespace {

OrderedJson render_account(Person const& person, Organisation const& organisation) {
  OrderedJson shown;
  shown["id"] = person.id;
  shown["name"] = person.name;
  shown["full_name"] = person.full_name;
  shown["unit"] = person.unit;
  shown["unit_title"] = render(organisation.title_of(person.unit));
  shown["roles"] = person.roles;
  shown["active"] = person.active;
  shown["duty_leader"] = person.duty_leader;
  shown["must_change_password"] = person.must_change_password;
  shown["second_factor"] = person.second_factor;
  shown["revision"] = person.revision;
  return shown;
}

Response account_answer(int status, Person const& person, Context& context) {
  auto response = json_answer(status, render_account(person, context.library().organisation()));
  response.headers.add("ETag", entity_tag(person.revision));
  return response;
}

// What was given is shown this once, and kept by nobody on the way.
Response one_time(int status, OrderedJson const& body) {
  auto response = json_answer(status, body);
  response.headers.set("Cache-Control", "no-store");
  return response;
}

Response not_found(Request const& request) {
  return http::problem(refusal(Code::not_found, {}), request);
}

Step<Accounts::NewPerson> read_new_person(Request const& request) {
  auto const body = read_body(request);
  if (!body) return tl::make_unexpected(body.error());
  Refusals faults;
  Reader reader(*body, {}, faults);
  Accounts::NewPerson wanted{.name = reader.text("name"),
                             .full_name = reader.text("full_name"),
                             .unit = reader.text("unit"),
                             .roles = reader.texts("roles"),
                             .duty_leader = reader.boolean_or("duty_leader", false)};
  reader.finish();
  if (!faults.empty()) return tl::make_unexpected(problem_as(422, faults, request));
  return wanted;
}

// A merge patch (RFC 7396) of members that cannot be taken away, so none may be null.
Step<Accounts::Change> read_change(Request const& request) {
  auto const body = read_body(request);
  if (!body) return tl::make_unexpected(body.error());
  Refusals faults;
  Reader reader(*body, {}, faults);
  Accounts::Change change;
  if (reader.gives("full_name", "type.text")) change.full_name = reader.text("full_name");
  if (reader.gives("unit", "type.text")) change.unit = reader.text("unit");
  if (reader.gives("roles", "type.array")) change.roles = reader.texts("roles");
  if (reader.gives("active", "type.boolean")) change.active = reader.boolean_or("active", false);
  if (reader.gives("duty_leader", "type.boolean")) change.duty_leader = reader.boolean_or("duty_leader", false);
  reader.finish();
  if (!faults.empty()) return tl::make_unexpected(problem_as(422, faults, request));
  return change;
}

}  // namespace

// A district has hundreds of people: always one page.
Response list_people(Request& request, Context& context) {
  auto items = OrderedJson::array();
  for (auto const& person : context.accounts.list()) {
    items.push_back(render_account(person, context.library().organisation()));
  }
  return page_answer(std::move(items), {}, request);
}

Response get_person(Request& request, Context& context) {
  auto const person = context.accounts.find(request.path_parameter("id"));
  return person ? account_answer(200, *person, context) : not_found(request);
}

Response add_person(Request& request, Context& context) {
  auto const wanted = read_new_person(request);
  if (!wanted) return wanted.error();
  if (auto unrecorded = put_on_record(request, context, "person_added",
                                      {{"person", wanted->name},
                                       {"unit", wanted->unit},
                                       {"given", wanted->roles},
                                       {"duty_leader", wanted->duty_leader}}))
    return std::move(*unrecorded);
  auto const added = context.passwords.call([&] { return context.accounts.add(*wanted); });
  if (!added) return http::busy_problem(request);
  if (!*added) return http::problem(added->error(), request);
  auto const& [person, password] = **added;
  auto body = render_account(person, context.library().organisation());
  body["one_time_password"] = password;
  auto response = one_time(201, body);
  response.headers.add("ETag", entity_tag(person.revision));
  response.headers.add("Location", "/api/v1/people/" + percent_encoded(person.id));
  return response;
}

Response change_person(Request& request, Context& context) {
  auto const revision = read_expected_revision(request);
  if (!revision) return revision.error();
  auto const change = read_change(request);
  if (!change) return change.error();
  auto const& id = request.path_parameter("id");
  auto const before = context.accounts.find(id);
  auto of = before ? what_changes(*before, *change) : Json::object();
  of["person"] = id;
  if (auto unrecorded = put_on_record(request, context, "person_changed", std::move(of))) return std::move(*unrecorded);
  auto const changed = context.accounts.change(id, *change, *revision);
  if (!changed) return http::problem(changed.error(), request);
  return account_answer(200, *changed, context);
}

Response reset_password(Request& request, Context& context) {
  auto const& id = request.path_parameter("id");
  if (auto unrecorded = put_on_record(request, context, "password_reset", {{"person", id}}))
    return std::move(*unrecorded);
  auto const password = context.passwords.call([&] { return context.accounts.reset_password(id); });
  if (!password) return http::busy_problem(request);
  if (!*password) return http::problem(password->error(), request);
  return one_time(200, {{"one_time_password", **password}});
}

Response reset_second_factor(Request& request, Context& context) {
  auto const& id = request.path_parameter("id");
  if (auto unrecorded = put_on_record(request, context, "second_factor_reset", {{"person", id}}))
    return std::move(*unrecorded);
  auto const reset = context.accounts.reset_second_factor(id);
  if (!reset) return http::problem(reset.error(), request);
  return {.status = 204};
}

}  // namespace bihuan::routes
