// SPDX-License-Identifier: Apache-2.0
#include "engine/core/definition_parse.hpp"

#include <algorithm>

#include "engine/core/message.hpp"
#include "engine/core/migration_parse.hpp"

namespace bihuan {
namespace parsing {

void check_identifier(std::string const& id, std::string const& pointer, Refusals& faults) {
  auto const word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  bool const good = !id.empty() && id.size() <= 64 && id[0] >= 'a' && id[0] <= 'z' && word(id.back()) &&
                    std::all_of(id.begin(), id.end(), [&](char c) { return word(c) || c == '-' || c == '_'; });
  if (!good)
    faults.push_back(
        refusal(Code::bad_identifier, pointer, {{"name", id}, {"expected", message("expected.identifier")}}));
}

Json rule_from(OrderedJson const& value) {
  return Json(value);
}

std::optional<Json> optional_rule(Reader& reader, std::string_view name) {
  auto const* const found = reader.find(name);
  return found ? std::optional(rule_from(*found)) : std::nullopt;
}

Mark parse_mark(Reader& reader) {
  bool const verified = reader.boolean_or("verified", false);
  auto const name =
      reader.choice("mark", {"verified", "secondary", "memory", "local"}, verified ? "verified" : "memory");
  if (verified != (name == "verified") && reader.find("verified"))
    reader.fault(Code::expectation_failed, "verified",
                 {{"expected", std::string_view(name == "verified" ? "true" : "false")},
                  {"found", std::string_view(verified ? "true" : "false")}});
  if (name == "verified") return Mark::verified;
  if (name == "secondary") return Mark::secondary;
  return name == "memory" ? Mark::memory : Mark::local;
}

namespace {

std::optional<Date> optional_date(Reader& reader, std::string_view name) {
  auto const text = reader.text_or(name, "");
  if (text.empty()) return std::nullopt;
  auto const date = parse_date(text, pointer_to(reader.pointer(), name));
  if (date) return *date;
  reader.faults().insert(reader.faults().end(), date.error().begin(), date.error().end());
  return std::nullopt;
}

Basis parse_basis(Reader& reader) {
  Basis basis;
  basis.source.id = reader.text("id");
  basis.source.source = reader.text("source");
  basis.source.article = reader.text_or("article", "");
  basis.mark = parse_mark(reader);
  basis.source.verified = basis.mark == Mark::verified;
  basis.note = reader.bilingual_or("note", {});
  basis.valid_from = optional_date(reader, "valid_from");
  basis.valid_to = optional_date(reader, "valid_to");
  reader.finish();
  return basis;
}

FieldType field_type(std::string const& name) {
  static std::map<std::string, FieldType, std::less<>> const types{
      {"text", FieldType::text},     {"number", FieldType::number},    {"money", FieldType::money},
      {"date", FieldType::date},     {"instant", FieldType::instant},  {"choice", FieldType::choice},
      {"yes_no", FieldType::yes_no}, {"unit", FieldType::unit},        {"person", FieldType::person},
      {"place", FieldType::place},   {"case_ref", FieldType::case_ref}};
  return types.at(name);
}

Field parse_field(std::string const& id, Reader& reader) {
  Field field;
  field.id = id;
  if (!reader.find("type")) reader.fault(Code::missing, "type", {{"name", "type"}});
  field.type = field_type(reader.choice(
      "type", {"text", "number", "money", "date", "instant", "choice", "yes_no", "unit", "person", "place", "case_ref"},
      "text"));
  field.title = reader.bilingual("title");
  field.help = reader.bilingual_or("help", {});
  field.list = reader.boolean_or("list", false);
  field.personal = reader.boolean_or("personal", false);
  field.shown_to = parse_grants(reader, "shown_to");
  field.listed_to = parse_grants(reader, "listed_to");
  if (!field.personal && !field.listed_to.empty())
    reader.fault(Code::unknown_field, "listed_to", {{"name", "listed_to"}});
  reader.members("choices", [&](std::string const& choice, Reader& text) {
    check_identifier(choice, text.pointer(), text.faults());
    field.choices.push_back({choice, text.as_bilingual()});
  });
  if (field.type == FieldType::choice && field.choices.empty())
    reader.fault(Code::missing, "choices", {{"name", "choices"}});
  field.minimum = reader.number("min");
  field.maximum = reader.number("max");
  if (field.minimum && field.maximum && *field.minimum > *field.maximum)
    reader.fault(Code::out_of_bounds, "max", {{"expected", message("expected.not_below_min")}});
  auto const length = reader.integer_or("max_length", 2000);
  if (length < 1 || length > 20000)
    reader.fault(Code::out_of_bounds, "max_length", {{"expected", "1 … 20000"}});
  else
    field.max_length = static_cast<std::size_t>(length);
  reader.finish();
  return field;
}

PartyDefault parse_default(Reader& party, OrderedJson const& value) {
  PartyDefault result;
  if (value == "opener") {
    result.opener = true;
    return result;
  }
  Reader reader(value, pointer_to(party.pointer(), "default"), party.faults());
  result.unit = reader.text_or("unit", "");
  result.unit_kind = reader.text_or("unit_kind", "");
  reader.finish();
  if (value.is_object() && result.unit.empty() == result.unit_kind.empty())
    reader.fault(
        Code::bad_format, "",
        {{"value", std::string_view("default")}, {"expected", "\"opener\" | {\"unit\": …} | {\"unit_kind\": …}"}});
  return result;
}

PartyKind parse_party(std::string const& id, Reader& reader) {
  PartyKind party;
  party.id = id;
  party.title = reader.bilingual("title");
  party.unit_kinds = reader.texts("unit_kinds");
  party.units = reader.texts("units");
  party.distinct_from = reader.texts("distinct_from");
  party.required = reader.boolean_or("required", false);
  party.many = reader.boolean_or("many", false);
  if (auto const* const value = reader.find("default")) party.by_default = parse_default(reader, *value);
  reader.finish();
  return party;
}

State parse_state(std::string const& id, Reader& reader) {
  State state;
  state.id = id;
  state.title = reader.bilingual("title");
  state.owner = reader.text_or("owner", "");
  state.final = reader.boolean_or("final", false);
  state.outcome = reader.text_or("outcome", "");
  if (state.outcome.empty() && state.final) state.outcome = id;
  state.pauses = reader.texts("pauses");
  if (auto const* const value = reader.find("awaits"); value && !value->is_null()) {
    Reader awaits(*value, pointer_to(reader.pointer(), "awaits"), reader.faults());
    state.awaits = Awaits{awaits.text("link"), Json()};
    if (auto const* const until = awaits.find("until"))
      state.awaits->until = rule_from(*until);
    else
      state.awaits->until = Json{{"var", "link.final"}};
    awaits.finish();
  }
  reader.finish();
  return state;
}

void parse_general(Reader& reader, Definition& definition) {
  static constexpr std::string_view grantable[] = {"comment", "attach", "assign", "correct", "link"};
  reader.members("actions", [&](std::string const& id, Reader& member) {
    Action action;
    action.id = id;
    parse_action(member, action, false);
    if (action.title == Text{}) action.title = message("action." + id);
    member.finish();
    if (std::find(std::begin(grantable), std::end(grantable), id) == std::end(grantable))
      member.fault(Code::not_a_choice, "", {{"value", id}, {"choices", "comment, attach, assign, correct, link"}});
    else
      definition.general[id] = std::move(action);
  });
}

void parse_migrations(Reader& reader, Definition& definition) {
  reader.elements("migrations", [&](std::size_t, Reader& member) {
    Migration migration;
    migration.from_version = member.text("from_version");
    migration.map = parsing::parse_migration_members(member);
    member.finish();
    definition.migrations.push_back(std::move(migration));
  });
}

std::optional<Publication> parse_publication(Reader& definition) {
  auto const* const value = definition.find("public");
  if (!value) return std::nullopt;
  Reader reader(*value, pointer_to(definition.pointer(), "public"), definition.faults());
  Publication publication{
      .states = reader.texts("states"), .fields = reader.texts("fields"), .parties = reader.texts("parties")};
  if (publication.states.empty()) reader.fault(Code::missing, "states", {{"name", "states"}});
  reader.finish();
  return publication;
}

std::optional<LedgerReport> parse_ledger_report(Reader& document) {
  auto const* const value = document.find("report");
  if (!value) return std::nullopt;
  Reader reader(*value, pointer_to(document.pointer(), "report"), document.faults());
  LedgerReport report{.month = reader.text("month"), .counted = {}};
  reader.members("workflows", [&](std::string const& workflow, Reader& part) {
    if (part.value().is_string())
      report.counted[workflow] = part.value().get<std::string>();
    else
      part.fault(Code::wrong_type, "", {{"expected", message("type.text")}, {"found", message("type.object")}});
  });
  if (report.counted.empty()) reader.fault(Code::missing, "workflows", {{"name", "workflows"}});
  reader.finish();
  return report;
}

void parse_vocabulary(Reader& reader, Definition& definition) {
  auto& faults = reader.faults();
  reader.elements("basis", [&](std::size_t, Reader& basis) { definition.basis.push_back(parse_basis(basis)); });
  reader.members("fields", [&](std::string const& id, Reader& field) {
    check_identifier(id, field.pointer(), faults);
    definition.fields.push_back(parse_field(id, field));
  });
  reader.members("documents", [&](std::string const& id, Reader& document) {
    check_identifier(id, document.pointer(), faults);
    definition.documents.push_back({id, document.bilingual("title"), document.texts("accept"),
                                    document.text_or("template", ""), parse_ledger_report(document)});
    document.finish();
  });
  reader.members("parties", [&](std::string const& id, Reader& party) {
    check_identifier(id, party.pointer(), faults);
    definition.parties.push_back(parse_party(id, party));
  });
  definition.readers = parse_grants(reader, "readers");
  definition.publication = parse_publication(reader);
  reader.members("guards", [&](std::string const& id, Reader& guard) {
    check_identifier(id, guard.pointer(), faults);
    auto const rule = optional_rule(guard, "rule");
    if (!rule) guard.fault(Code::missing, "rule", {{"name", "rule"}});
    definition.guards.push_back({id, rule.value_or(Json()), guard.bilingual("else"), guard.texts("basis")});
    guard.finish();
  });
}

}  // namespace
}  // namespace parsing

Result<Definition> parse_definition(OrderedJson const& document) {
  using namespace parsing;
  Refusals faults;
  Definition definition;
  Reader reader(document, "", faults);
  (void)reader.find("$schema");
  definition.id = reader.text("id");
  if (document.is_object() && document.contains("id")) check_identifier(definition.id, "/id", faults);
  definition.version = reader.text("version");
  if (definition.version.empty() && document.is_object() && document.contains("version"))
    reader.fault(Code::bad_identifier, "version", {{"name", ""}, {"expected", message("expected.version")}});
  definition.number_prefix = reader.text("number_prefix");
  if (auto const& prefix = definition.number_prefix;
      document.contains("number_prefix") &&
      (prefix.empty() || prefix.size() > 8 || !std::all_of(prefix.begin(), prefix.end(), [](char c) {
         return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
       })))
    reader.fault(Code::bad_identifier, "number_prefix", {{"name", prefix}, {"expected", message("expected.prefix")}});
  definition.calendar = reader.text_or("calendar", "cn");
  definition.title = reader.bilingual("title");
  definition.summary = reader.bilingual_or("summary", {});
  parse_vocabulary(reader, definition);
  definition.title_field = reader.text_or("case_title", "");
  definition.initial = reader.text("initial");
  if (auto const* const opening = reader.find("opening")) {
    Reader member(*opening, "/opening", faults);
    definition.opening.id = "open";
    parse_action(member, definition.opening, false);
    if (definition.opening.title == Text{}) definition.opening.title = message("action.open");
    member.finish();
  } else {
    reader.fault(Code::missing, "opening", {{"name", "opening"}});
  }
  for (auto const* const required : {"states", "transitions"}) {
    if (document.is_object() && !document.contains(required))
      reader.fault(Code::missing, required, {{"name", required}});
  }
  reader.members("states", [&](std::string const& id, Reader& state) {
    check_identifier(id, state.pointer(), faults);
    definition.states.push_back(parse_state(id, state));
  });
  reader.members("transitions", [&](std::string const& id, Reader& transition) {
    check_identifier(id, transition.pointer(), faults);
    definition.transitions.push_back(parse_transition(id, transition));
  });
  reader.members("deadlines", [&](std::string const& id, Reader& deadline) {
    check_identifier(id, deadline.pointer(), faults);
    definition.deadlines.push_back(parse_deadline(id, deadline));
  });
  parse_general(reader, definition);
  reader.members("recurring", [&](std::string const& id, Reader& recurrence) {
    check_identifier(id, recurrence.pointer(), faults);
    definition.recurring.push_back(parse_recurrence(id, recurrence));
  });
  parse_migrations(reader, definition);
  if (auto const* const example = reader.find("example")) definition.example = *example;
  reader.finish();
  definition.source = document;

  append(faults, check_soundness(definition));
  if (!faults.empty()) return refused(std::move(faults));
  return definition;
}

namespace {

template <class T>
T const* find_by_id(std::vector<T> const& list, std::string_view id) {
  auto const found = std::find_if(list.begin(), list.end(), [&](T const& item) { return item.id == id; });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

Field const* Definition::find_field(std::string_view name) const {
  return find_by_id(fields, name);
}
DocumentKind const* Definition::find_document(std::string_view name) const {
  return find_by_id(documents, name);
}
PartyKind const* Definition::find_party(std::string_view name) const {
  return find_by_id(parties, name);
}
Guard const* Definition::find_guard(std::string_view name) const {
  return find_by_id(guards, name);
}
State const* Definition::find_state(std::string_view name) const {
  return find_by_id(states, name);
}
Transition const* Definition::find_transition(std::string_view name) const {
  return find_by_id(transitions, name);
}
DeadlineRule const* Definition::find_deadline(std::string_view name) const {
  return find_by_id(deadlines, name);
}

Basis const* Definition::find_basis(std::string_view name) const {
  auto const found = std::find_if(basis.begin(), basis.end(), [&](Basis const& b) { return b.source.id == name; });
  return found == basis.end() ? nullptr : &*found;
}

std::vector<Source> Definition::sources(std::vector<std::string> const& ids) const {
  std::vector<Source> result;
  for (auto const& name : ids) {
    if (auto const* const found = find_basis(name)) result.push_back(found->source);
  }
  return result;
}

}  // namespace bihuan
