// SPDX-License-Identifier: Apache-2.0
// The whole matrix of every shipped definition, over HTTP: each state, each action, each part, each role. What is
// allowed succeeds; everything else is refused and changes nothing.
//
// The cases come from the scenarios: each of their steps leaves a case in some state, and shows what its action asks
// for. Such a case is put into the store again for each attempt, under an id of its own. Rights only ever grow with the
// roles somebody holds, so whoever holds all roles but the allowed ones stands for each of these alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "engine/core/apply.hpp"
#include "engine/core/decide.hpp"
#include "engine/core/rights.hpp"
#include "engine/service/scenario.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

// What an action was given in a story.
struct Recipe {
  std::string action;
  Json input = Json::object();
  std::map<std::string, std::size_t> documents;
  std::string comment;
};

// A case as a story left it, about to be acted on.
struct Situation {
  Case subject;
  std::vector<Event> events;
  Instant now;
  Recipe recipe;
};

std::vector<Situation> situations_of(Library const& library, std::string const& workflow) {
  std::vector<Situation> found;
  auto const directory = std::filesystem::path(BIHUAN_SOURCE_DIR) / "workflows" / "scenarios";
  std::set<std::filesystem::path> files;
  for (auto const& entry : std::filesystem::directory_iterator(directory)) files.insert(entry.path());
  auto const scratch = std::filesystem::temp_directory_path() / ("bihuan-matrix-" + workflow + make_id(Instant{}));
  for (auto const& file : files) {
    auto const story = read_json_file(file);
    REQUIRE(story);
    if (story->at("workflow") != workflow) continue;
    auto const observe = [&](ScenarioMoment const& moment) {
      if (moment.subject.workflow != workflow) return;
      Situation situation{moment.subject, moment.events, moment.now, {}};
      situation.recipe = {moment.request.action, moment.request.input, {}, moment.request.comment};
      for (auto const& [kind, hashes] : moment.request.documents) situation.recipe.documents[kind] = hashes.size();
      found.push_back(std::move(situation));
    };
    auto const make_store = [&] {
      std::filesystem::remove_all(scratch);
      auto store = open_sqlite_store(scratch, {.durable = false});
      REQUIRE(store);
      return std::move(*store);
    };
    CHECK(run_scenario(*story, library, make_store, observe).faults.empty());
  }
  std::filesystem::remove_all(scratch);
  return found;
}

std::string type_of(Definition const& definition, std::string const& kind) {
  auto const* const known = definition.find_document(kind);
  if (!known || known->accept.empty()) return "application/pdf";
  auto const& accepted = known->accept.front();
  auto const star = accepted.find('*');
  if (star == std::string::npos) return accepted;
  return accepted.substr(0, star) + (accepted.rfind("image", 0) == 0 ? "jpeg" : "plain");
}

class Matrix {
 public:
  Matrix(District& district, Definition const& definition)
      : district_(district), library_(district.cases().library()), definition_(definition),
        situations_(situations_of(library_, definition.id)) {
    std::set<std::string> roles{"admin", "auditor", "intake_clerk"};
    auto const collect = [&](std::vector<Grant> const& grants) {
      for (auto const& grant : grants) {
        if (!grant.role.empty()) roles.insert(grant.role);
      }
    };
    for (auto const& state : rights_of(definition)) {
      for (auto const& row : state.rows) {
        collect(row.by);
        collect(row.confirm);
      }
    }
    collect(definition.readers);
    roles_.assign(roles.begin(), roles.end());
  }

  void walk() {
    auto const states = rights_of(definition_);
    RightsState const& any = states.back();
    for (auto const& state : states) {
      if (!definition_.find_state(state.id)) continue;
      for (auto const& row : state.rows) cell(state.id, row);
      for (auto const& row : any.rows) {
        if (row.deadline.empty()) cell(state.id, row);
      }
      for (auto const& transition : definition_.transitions) {
        bool const here = std::any_of(state.rows.begin(), state.rows.end(),
                                      [&](RightsRow const& row) { return row.action == transition.id; });
        if (!here) nobody(state.id, transition);
      }
    }
    // What is done to a running deadline goes by the deadline, not by the state.
    for (auto const& row : any.rows) {
      if (!row.deadline.empty()) cell("", row);
    }
  }

  [[nodiscard]] std::size_t succeeded() const { return succeeded_; }
  [[nodiscard]] std::size_t refused() const { return refused_; }

 private:
  // What a general action is given, the same in every state.
  [[nodiscard]] std::vector<Recipe> general_recipes(Situation const& situation, RightsRow const& row) const {
    Recipe recipe{row.action, Json::object(), {}, "理由"};
    if (row.action == "attach") recipe.documents = {{definition_.documents.front().id, 1}};
    if (row.action == "assign") {
      // Whoever is named first among the parts is named again.
      for (auto const& party : definition_.parties) {
        auto const held = situation.subject.parties.find(party.id);
        if (held == situation.subject.parties.end() || held->second.empty()) continue;
        recipe.input = {{"party", party.id}, {"unit", held->second.front().unit}, {"person", "person-x"}};
        break;
      }
    }
    if (row.action == "correct") recipe.input = {{"fields", {{definition_.title_field, "更正后的名称"}}}};
    if (row.action == "link") recipe.input = {{"case", "{other}"}};
    return {recipe};
  }

  std::vector<std::pair<Situation const*, Recipe>> candidates(std::string const& state, RightsRow const& row) const {
    std::vector<std::pair<Situation const*, Recipe>> found;
    bool const general = row.deadline.empty() && !definition_.find_transition(row.action);
    for (auto const& situation : situations_) {
      if (!state.empty() && situation.subject.state != state) continue;
      if (general)
        for (auto& recipe : general_recipes(situation, row)) found.emplace_back(&situation, std::move(recipe));
      else if (situation.recipe.action == row.action)
        found.emplace_back(&situation, situation.recipe);
    }
    if (general) return found;
    // Where no story takes this step here: as another one took it elsewhere.
    for (auto const& situation : situations_) {
      if (!state.empty() && situation.subject.state != state) continue;
      for (auto const& other : situations_) {
        if (other.recipe.action == row.action) found.emplace_back(&situation, other.recipe);
      }
      for (auto& recipe : made_up(row)) found.emplace_back(&situation, std::move(recipe));
    }
    return found;
  }

  // Of what no story does: the input by the types of its fields, and every document it asks for.
  std::vector<Recipe> made_up(RightsRow const& row) const {
    auto const* const transition = definition_.find_transition(row.action);
    if (!transition) return {};
    Recipe recipe{row.action, Json::object(), {}, "理由"};
    for (auto const& name : transition->input.required) {
      auto const* const field = definition_.find_field(name);
      if (!field) return {};
      Json value = "某某情况";
      if (field->type == FieldType::yes_no) value = true;
      if (field->type == FieldType::choice) value = field->choices.front().id;
      if (field->type == FieldType::date) value = "2026-03-02";
      if (field->type == FieldType::instant) value = "2026-03-02T09:00:00+08:00";
      if (field->type == FieldType::number || field->type == FieldType::money) value = 1;
      recipe.input[name] = field->list ? Json::array({value, value}) : value;
    }
    for (auto const& kind : transition->requires_documents) recipe.documents[kind] = 1;
    for (auto const& kind : transition->optional_documents) recipe.documents[kind] = 1;
    return {recipe};
  }

  std::set<std::string> parts_of(Case const& subject, std::string const& unit) const {
    std::set<std::string> parts;
    for (auto const& [party, holders] : subject.parties) {
      if (subject.holds_part(party, unit)) parts.insert(party);
    }
    return parts;
  }

  Standing standing(Case const& subject, std::string const& unit, std::string const& role) const {
    return {parts_of(subject, unit), library_.organisation().find(unit)->kind, role};
  }

  // Does the row let this standing act on that case?
  bool lets(RightsRow const& row, Recipe const& recipe, Standing const& who) const {
    if (row.action != "assign") return meets(definition_, row.by, who);
    bool const own = who.parts.count(recipe.input.at("party").get<std::string>()) > 0;
    auto const general = definition_.general.find("assign");
    return own || (general != definition_.general.end() && meets(definition_, general->second.by, who));
  }

  // Every unit with a part, and one of each kind without.
  std::vector<std::string> units_around(Case const& subject) const {
    std::vector<std::string> units;
    std::set<std::string> kinds;
    for (auto const& unit : library_.organisation().units()) {
      if (subject.holds_any_part(unit.id))
        units.push_back(unit.id);
      else if (kinds.insert(unit.kind).second)
        units.push_back(unit.id);
    }
    return units;
  }

  std::map<std::string, std::vector<Document>> papers(Recipe const& recipe) const {
    std::map<std::string, std::vector<Document>> documents;
    for (auto const& [kind, count] : recipe.documents)
      documents[kind].assign(count, {std::string(64, 'a'), "paper", type_of(definition_, kind), 5, 0});
    return documents;
  }

  // Is the case ready for it, would somebody who may take it take it?
  bool ready(Situation const& situation, Recipe const& recipe, std::string const& unit, std::string const& role) const {
    auto input = recipe.input;
    for (auto& value : input) {
      if (value == "{other}") value = make_id(situation.now);
    }
    Circumstances const circumstances{definition_, library_.calendar_of(definition_), library_.organisation(),
                                      situation.now};
    Actor const actor{.person = "somebody-else", .unit = unit, .roles = {role}, .system = false};
    return decide(circumstances, situation.subject, {recipe.action, input, papers(recipe), recipe.comment, {}}, actor)
        .has_value();
  }

  // The case again, under an id of its own.
  Case again(Situation const& situation) {
    auto const id = make_id(situation.now);
    Change change;
    for (auto event : situation.events) {
      event.case_id = id;
      event.previous.clear();
      event.hash.clear();
      event.body.erase("number");
      change.events.push_back(std::move(event));
    }
    change.after = replay(change.events);
    change.after.number.clear();
    change.number_scope = "MX-" + definition_.number_prefix;
    change.owner_party = definition_.find_state(change.after.state)->owner;
    auto const subject = change.after;
    Append append;
    append.changes.push_back(std::move(change));
    append.at = situation.now;
    REQUIRE(district_.store().cases().append(std::move(append)));
    return subject;
  }

  // Signed in, with exactly these roles.
  std::string person(std::string const& unit, std::vector<std::string> const& roles) {
    std::string name = unit;
    for (auto const& role : roles) name += "+" + role;
    if (roles.size() > 1) name = unit + "#" + std::to_string(std::hash<std::string>{}(name));
    if (known_.insert(name).second) district_.add_person(name, unit, roles);
    return name;
  }

  std::string upload(std::string const& by, std::string const& type, std::size_t number) {
    auto const bytes = "paper " + std::to_string(number);
    auto& hash = uploaded_[by + " " + type + " " + bytes];
    if (!hash.empty()) return hash;
    auto left = bytes;
    hash = district_.store()
               .attachments()
               .put("paper", type, "person-" + by,
                    [&](std::span<char> into) {
                      auto const size = std::min(left.size(), into.size());
                      std::copy_n(left.begin(), size, into.begin());
                      left.erase(0, size);
                      return size;
                    })
               .sha256;
    return hash;
  }

  Answer ask(Situation const& situation, Case const& subject, Recipe const& recipe, std::string const& by) {
    district_.move_clock(situation.now - district_.now());
    Json body{{"input", recipe.input}, {"comment", recipe.comment}};
    for (auto& value : body["input"]) {
      if (value == "{other}") value = again(situation).id;
    }
    for (auto const& [kind, count] : recipe.documents) {
      // A paper of one type is one file: its bytes are its own.
      auto const type = type_of(definition_, kind);
      for (std::size_t i = 0; i < count; ++i)
        body["documents"][kind].push_back(upload(by, type, i + 100 * std::hash<std::string>{}(type) % 1000));
    }
    return district_.post("/api/v1/cases/" + subject.id + "/actions/" + recipe.action, by, body,
                          "If-Match: \"" + std::to_string(subject.revision) + "\"\r\n");
  }

  std::int64_t revision(Case const& subject) {
    return district_.store().cases().find(subject.id, {.unit = {}, .workflows = {}, .everything = true})->revision;
  }

  void cell(std::string const& state, RightsRow const& row) {
    INFO(definition_.id, ": ", state, " ", row.action, " ", row.deadline);
    if (row.by.empty() && !row.own_part) return;
    for (auto const& [situation, recipe] : candidates(state, row)) {
      auto const units = units_around(situation->subject);
      for (auto const& unit : units) {
        for (auto const& role : roles_) {
          if (!lets(row, recipe, standing(situation->subject, unit, role))) continue;
          if (!ready(*situation, recipe, unit, role)) goto next;  // nor would it be for anybody else
          return cell(*situation, recipe, row, units);
        }
      }
    next:;
    }
    FAIL_CHECK("no story leads to a case on which this could be done");
  }

  void cell(Situation const& situation, Recipe const& recipe, RightsRow const& row, std::vector<std::string> const& units) {
    auto const untouched = again(situation);
    for (auto const& unit : units) {
      std::vector<std::string> others;
      for (auto const& role : roles_) {
        if (!lets(row, recipe, standing(untouched, unit, role))) {
          others.push_back(role);
          continue;
        }
        auto const by = person(unit, {role});
        auto const answer = ask(situation, again(situation), recipe, by);
        CHECK_MESSAGE(answer.status == (row.confirm.empty() ? 200 : 202), by, " ", answer.body.substr(0, 600));
        ++succeeded_;
      }
      if (others.empty()) continue;
      auto const by = person(unit, others);
      auto const answer = ask(situation, untouched, recipe, by);
      refused_ += others.size();
      bool const as_it_should = answer.status == 403 || answer.status == 404;
      CHECK_MESSAGE(as_it_should, by, " of ", unit, " ", answer.status, " ", answer.body.substr(0, 600));
      if (answer.status == 403) {
        auto const problem = json_of(answer).at("errors").at(0);
        CHECK((problem.at("code") == "not_your_part" || problem.at("code") == "same_unit_may_not_verify"));
        CHECK_FALSE(problem.at("remedy").is_null());  // who could do it
      }
      CHECK_MESSAGE(revision(untouched) == untouched.revision, by);
    }
  }

  // Not from this state, or never by a person: whoever asks.
  void nobody(std::string const& state, Transition const& transition) {
    INFO(definition_.id, ": ", state, " ", transition.id);
    auto const situation = std::find_if(situations_.begin(), situations_.end(),
                                        [&](Situation const& s) { return s.subject.state == state; });
    if (situation == situations_.end()) return;
    auto const subject = again(*situation);
    Recipe recipe{transition.id, Json::object(), {}, "理由"};
    for (auto const& other : situations_) {
      if (other.recipe.action == transition.id) recipe = other.recipe;
    }
    std::set<std::string> units;
    for (auto const& [party, holders] : subject.parties) {
      for (auto const& holder : holders) units.insert(holder.unit);
    }
    for (auto const& unit : units) {
      auto const answer = ask(*situation, subject, recipe, person(unit, roles_));
      bool const as_it_should = code_of(answer) == "not_from_this_state" || code_of(answer) == "only_the_system";
      CHECK_MESSAGE(as_it_should, unit, " ", answer.status, " ", answer.body.substr(0, 600));
      refused_ += roles_.size();
    }
    CHECK(revision(subject) == subject.revision);
  }

  District& district_;
  Library const& library_;
  Definition const& definition_;
  std::vector<Situation> situations_;
  std::vector<std::string> roles_;
  std::set<std::string> known_;
  std::map<std::string, std::string> uploaded_;
  std::size_t succeeded_ = 0;
  std::size_t refused_ = 0;
};

}  // namespace

TEST_CASE("over the whole matrix of rights, what is allowed succeeds and all else is refused and changes nothing") {
  District district;
  for (auto const* const definition : district.cases().library().current_definitions()) {
    Matrix matrix(district, *definition);
    matrix.walk();
    MESSAGE(definition->id << ": " << matrix.succeeded() << " done, " << matrix.refused() << " refused");
    CHECK(matrix.succeeded() > 40);
    CHECK(matrix.refused() > 500);
  }
}
