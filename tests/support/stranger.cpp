// SPDX-License-Identifier: Apache-2.0
#include "tests/support/stranger.hpp"

#include <set>

namespace bihuan {
namespace {

void collect(std::vector<Grant> const& grants, std::set<std::string>& roles) {
  for (auto const& grant : grants)
    if (!grant.role.empty()) roles.insert(grant.role);
}

void collect(Definition const& definition, std::set<std::string>& roles) {
  collect(definition.opening.by, roles);
  for (auto const& transition : definition.transitions) collect(transition.by, roles);
  for (auto const& deadline : definition.deadlines)
    if (deadline.extension) collect(deadline.extension->action.by, roles);
  for (auto const& [name, action] : definition.general) collect(action.by, roles);
}

std::string type_of(Definition const& definition, std::string const& kind) {
  auto const* const known = definition.find_document(kind);
  if (!known || known->accept.empty()) return "application/pdf";
  return known->accept.front() == "image/*" ? "image/png" : known->accept.front();
}

}  // namespace

Stranger::Stranger(Library const& library, std::uint64_t seed) : library_(library), random_(seed) {
  std::set<std::string> roles;
  for (auto const* const definition : library.current_definitions()) collect(*definition, roles);
  roles_.assign(roles.begin(), roles.end());
  for (auto const& unit : library.organisation().units())
    actors_.push_back({"everybody-" + unit.id, unit.id, roles_, false});
}

std::size_t Stranger::pick(std::size_t count) {
  return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
}

Actor Stranger::somebody() {
  auto const& units = library_.organisation().units();
  Actor actor{"somebody", units[pick(units.size())].id, {}, false};
  if (auto const role = pick(roles_.size() + 1); role < roles_.size()) actor.roles.push_back(roles_[role]);
  return actor;
}

std::string Stranger::upload(CaseService& service, Definition const& definition, std::string const& kind,
                             std::string const& bytes, Actor const& actor) {
  return service.store().attachments().put("paper", type_of(definition, kind), actor.person, source_of(bytes)).sha256;
}

std::optional<Stranger::Intent> Stranger::think_of_opening(CaseService& service, Definition const& definition) {
  Intent intent;
  auto& request = intent.opening;
  request.workflow = definition.id;
  request.fields = Json(definition.example.at("fields"));
  if (definition.example.contains("parties")) request.parties = Json(definition.example.at("parties"));
  auto const may_open = [&](Actor const& actor) {
    return find_right(definition.opening.by, Case{}, actor, library_.organisation()).has_value();
  };
  std::vector<Actor const*> able;
  for (auto const& actor : actors_)
    if (may_open(actor)) able.push_back(&actor);
  if (able.empty()) return std::nullopt;
  auto const& actor = *able[pick(able.size())];
  for (auto const& kind : definition.opening.requires_documents)
    request.documents[kind] = {upload(service, definition, kind, kind, actor)};
  intent.deed = {.actor = actor, .case_id = {}, .workflow = definition.id, .action = "open"};
  return intent;
}

Json Stranger::value_of(CaseService& service, Json const& schema) {
  if (schema.contains("anyOf"))
    return schema.contains("properties") ? Json{{"name", "某镇某村"}} : value_of(service, schema["anyOf"][0]);
  if (schema.contains("enum")) return schema["enum"][pick(schema["enum"].size())];
  auto const& type = schema.at("type").get_ref<std::string const&>();
  if (type == "array") return Json::array({value_of(service, schema["items"])});
  if (type == "boolean") return pick(4) > 0;
  if (type == "number") return schema.value("minimum", 1.0) + 1;
  if (type == "object") return input_of(service, schema, 3);
  auto const format = schema.value("format", "");
  if (format == "date")
    return format_date(Zone{}.date_of(service.now() + std::chrono::hours{24 * (pick(2) > 0 ? 20 : 0)}));
  if (format == "date-time") return Zone{}.format(service.now());
  return "某某情况说明";
}

Json Stranger::input_of(CaseService& service, Json const& schema, std::size_t generosity) {
  Json input = Json::object();
  std::set<std::string> required;
  for (auto const& name : schema.value("required", Json::array())) required.insert(name.get<std::string>());
  for (auto const& [name, property] : schema.at("properties").items()) {
    if (property.value("format", "") == "uuid") continue;  // another case: left to the tests of links
    if (required.count(name) || pick(generosity) == 0) input[name] = value_of(service, property);
  }
  return input;
}

std::optional<Stranger::Intent> Stranger::think_of_step(CaseService& service, std::string const& case_id) {
  auto const& actor = anybody();
  auto const subject = service.find(case_id, actor);
  if (!subject) return std::nullopt;
  auto const offered = service.allowed_actions(*subject, actor, service.now());
  if (offered.empty()) return std::nullopt;
  auto const& action = offered[pick(offered.size())];
  auto const& definition = library_.definition_of(*subject);
  Intent intent;
  auto& request = intent.request;
  request.case_id = case_id;
  request.action = action.name;
  request.input = input_of(service, Json::parse(*action.input_schema), 2);
  request.comment = "理由";
  request.expected_revision = subject->revision;
  for (auto const& kind : action.requires_documents)
    request.documents[kind] = {upload(service, definition, kind, kind + std::to_string(pick(9)), actor)};
  if (action.name == "attach" && !definition.documents.empty())
    request.documents[definition.documents[0].id] = {
        upload(service, definition, definition.documents[0].id, "x", actor)};
  intent.deed = {.actor = actor,
                 .case_id = case_id,
                 .workflow = definition.id,
                 .action = action.name,
                 .before = subject->revision};
  return intent;
}

Result<CaseAt> Stranger::act(CaseService& service, Intent const& intent, std::optional<Repeatable> const& repeatable) {
  auto const& actor = intent.deed.actor;
  if (intent.deed.case_id.empty()) return service.open(intent.opening, actor, repeatable);
  return service.act(intent.request, actor, repeatable);
}

}  // namespace bihuan
