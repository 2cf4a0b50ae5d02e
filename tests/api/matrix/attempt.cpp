// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/api/matrix/matrix.hpp"

// Who stands where, and how one attempt is made.

namespace bihuan::test {

bool Matrix::lets(RightsRow const& row, Recipe const& recipe, Case const& subject, std::string const& unit,
                  std::string const& role) const {
  Standing who{{}, library_.organisation().find(unit)->kind, role};
  for (auto const& [party, holders] : subject.parties) {
    if (subject.holds_part(party, unit)) who.parts.insert(party);
  }
  if (row.action != "assign") return meets(definition_, row.by, who);
  bool const own = who.parts.count(recipe.input.at("party").get<std::string>()) > 0 &&
                   recipe.input.at("unit").get<std::string>() == unit;
  auto const general = definition_.general.find("assign");
  return own || (general != definition_.general.end() && meets(definition_, general->second.by, who));
}

bool Matrix::sees(Case const& subject, std::string const& unit, std::vector<std::string> const& roles) const {
  auto const& kind = library_.organisation().find(unit)->kind;
  return subject.holds_any_part(unit) || std::any_of(roles.begin(), roles.end(), [&](std::string const& role) {
           return meets(definition_, definition_.readers, {{}, kind, role});
         });
}

Result<Decision> Matrix::decided(Situation const& situation, Recipe const& recipe, Actor const& actor) const {
  auto input = recipe.input;
  for (auto& value : input) {
    if (value == other_case) value = make_id(situation.now);
  }
  std::map<std::string, std::vector<Document>> papers;
  for (auto const& [kind, count] : recipe.documents)
    papers[kind].assign(count, {std::string(64, 'a'), "paper", type_of(definition_, kind), 5, 0});
  Circumstances const circumstances{definition_, library_.calendar_of(definition_), library_.organisation(),
                                    situation.now};
  return decide(circumstances, situation.subject, {recipe.action, input, papers, recipe.comment, {}}, actor);
}

// Every unit with a part, and one of each kind without.
std::vector<std::string> Matrix::units_around(Case const& subject) const {
  std::vector<std::string> units;
  std::set<std::string> kinds;
  for (auto const& unit : library_.organisation().units()) {
    if (subject.holds_any_part(unit.id) || kinds.insert(unit.kind).second) units.push_back(unit.id);
  }
  return units;
}

// The case again, under ids of its own. It comes as it is, in one event: rights go by what a case is, not by
// how it became so.
std::vector<Case> Matrix::copies(Situation const& situation, std::size_t count) {
  std::vector<Case> made;
  Append append;
  append.at = situation.now;
  for (std::size_t i = 0; i < count; ++i) {
    auto subject = situation.subject;
    subject.id = make_id(situation.now);
    subject.number.clear();
    subject.veiled.clear();
    Change change;
    change.after = subject;
    change.events.push_back({.case_id = subject.id,
                             .revision = subject.revision,
                             .type = EventType::opened,
                             .at = situation.now,
                             .actor = {{"person", subject.opener}, {"unit", subject.opener_unit}},
                             .body = {{"workflow", subject.workflow}, {"version", subject.version}},
                             .previous = {},
                             .hash = {}});
    change.number_scope = "MX-" + definition_.number_prefix;
    change.owner_party = definition_.find_state(subject.state)->owner;
    append.changes.push_back(std::move(change));
    made.push_back(std::move(subject));
  }
  if (!district_.store().cases().append(std::move(append))) throw std::runtime_error("no copy of a case");
  return made;
}

// Signed in, with exactly these roles.
std::string Matrix::person(std::string const& unit, std::vector<std::string> const& roles) {
  auto key = unit;
  for (auto const& role : roles) key += "+" + role;
  auto const [found, fresh] = people_.try_emplace(key, definition_.id + std::to_string(people_.size()));
  if (fresh) district_.add_person(found->second, unit, roles);
  return found->second;
}

// A paper of one type is one file: its bytes are its own.
std::string Matrix::upload(std::string const& by, std::string const& type) {
  auto& hash = uploaded_[by + " " + type];
  if (!hash.empty()) return hash;
  hash = district_.store().attachments().put("paper", type, "person-" + by, source_of("paper of " + type)).sha256;
  return hash;
}

Json Matrix::documents(std::map<std::string, std::size_t> const& wanted, std::string const& by) {
  auto given = Json::object();
  for (auto const& [kind, count] : wanted) {
    for (std::size_t i = 0; i < count; ++i) given[kind].push_back(upload(by, type_of(definition_, kind)));
  }
  return given;
}

Answer Matrix::ask(Situation const& situation, Case const& subject, Recipe const& recipe, std::string const& by) {
  district_.move_clock(situation.now - district_.now());
  Json body{{"input", recipe.input}, {"documents", documents(recipe.documents, by)}, {"comment", recipe.comment}};
  for (auto& value : body["input"]) {
    if (value == other_case) value = copies(situation, 1).front().id;
  }
  return district_.ask({.method = "POST",
                        .target = "/api/v1/cases/" + subject.id + "/actions/" + recipe.action,
                        .by = by,
                        .body = body.dump(),
                        .fields = "If-Match: \"" + std::to_string(subject.revision) + "\"\r\n"},
                       client_);
}

std::int64_t Matrix::revision(Case const& subject) {
  return district_.store().cases().find(subject.id, Visibility::of_everything())->revision;
}

}  // namespace bihuan::test
