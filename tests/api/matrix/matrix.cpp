// SPDX-License-Identifier: Apache-2.0
#include "tests/api/matrix/matrix.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

namespace bihuan::test {
namespace {

std::set<std::string> roles_in(Definition const& definition) {
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
  return roles;
}

bool among(std::vector<RightsRow> const& rows, std::string const& action) {
  return std::any_of(rows.begin(), rows.end(), [&](RightsRow const& row) { return row.action == action; });
}

}  // namespace

Matrix::Matrix(District& district, Definition const& definition, std::vector<Situation> const& situations)
    : district_(district),
      library_(district.cases().library()),
      definition_(definition),
      situations_(situations),
      client_(district.port()) {
  auto const roles = roles_in(definition);
  roles_.assign(roles.begin(), roles.end());
}

void Matrix::walk() {
  auto const states = rights_of(definition_);
  RightsState const& any = states.back();
  opening(states.front().rows.front());
  // A general action asks nothing of the state: each role tries it in one state, and in each state one does.
  auto tried = Tried::each;
  for (auto const& state : states) {
    if (!definition_.find_state(state.id)) continue;
    for (auto const& row : state.rows) {
      cell(state.id, row, Tried::each);
      unoffered(state.id, row);
    }
    for (auto const& row : any.rows) {
      if (row.deadline.empty()) cell(state.id, row, tried);
    }
    tried = Tried::one;
    unreachable(state.id, state, any);
  }
  // What is done to a running deadline goes by the deadline, not by the state.
  for (auto const& row : any.rows) {
    if (!row.deadline.empty()) cell("", row, Tried::each);
  }
}

// Not from this state, never by a person, or not granted to anybody at all.
void Matrix::unreachable(std::string const& state, RightsState const& here, RightsState const& any) {
  INFO(definition_.id, ": ", state);
  auto const situation = std::find_if(situations_.begin(), situations_.end(),
                                      [&](Situation const& s) { return s.subject.state == state; });
  if (situation == situations_.end()) {
    FAIL_CHECK("no story comes to this state");
    return;
  }
  auto const untouched = copies(*situation, 1).front();
  for (auto const& transition : definition_.transitions) {
    if (!among(here.rows, transition.id))
      nobody(*situation, untouched, transition.id, transition.by, {"not_from_this_state", "only_the_system"});
  }
  for (auto const* const action : {"correct", "link"}) {
    if (!among(any.rows, action)) nobody(*situation, untouched, action, {}, {"unknown_action"});
  }
  CHECK(revision(untouched) == untouched.revision);
}

void Matrix::opening(RightsRow const& row) {
  INFO(definition_.id, ": open");
  auto const count = [&] { return district_.store().cases().count_of_version(definition_.id, definition_.version); };
  std::set<std::string> kinds;
  for (auto const& unit : library_.organisation().units()) {
    if (!kinds.insert(unit.kind).second) continue;
    std::vector<std::string> others;
    auto const post = [&](std::string const& by) {
      auto request = opening_of(definition_);
      for (auto const& kind : definition_.opening.requires_documents)
        request["documents"][kind] = {upload(by, type_of(definition_, kind))};
      return district_.ask({.method = "POST", .target = "/api/v1/cases", .by = by, .body = request.dump()}, client_);
    };
    for (auto const& role : roles_) {
      if (!meets(definition_, row.by, {{}, unit.kind, role})) {
        others.push_back(role);
        continue;
      }
      auto const answer = post(person(unit.id, {role}));
      CHECK_MESSAGE(answer.status == 201, unit.id, " ", role, " ", answer.body.substr(0, 600));
      ++succeeded_;
    }
    if (others.empty()) continue;
    auto const before = count();
    auto const answer = post(person(unit.id, others));
    CHECK_MESSAGE(answer.status == 403, unit.id, " ", answer.status, " ", answer.body.substr(0, 600));
    CHECK(count() == before);
    refused_ += others.size();
  }
}

void Matrix::cell(std::string const& state, RightsRow const& row, Tried tried) {
  INFO(definition_.id, ": ", state, " ", row.action, " ", row.deadline);
  if (row.by.empty() && !row.own_part) return;
  auto const try_on = [&](Situation const& situation, Recipe const& recipe) {
    auto const asker = ready(situation, recipe, row);
    if (!asker) return false;
    attempt(situation, recipe, row, tried);
    if (!row.confirm.empty()) confirmation(situation, recipe, row, *asker);
    return true;
  };
  for (auto const& [situation, recipe] :
       candidates(definition_, library_.calendar_of(definition_), situations_, state, row)) {
    if (try_on(*situation, recipe)) return;
    if (row.action != "resume") continue;
    // Where no story resumes it, it is paused first.
    auto pause = recipe;
    pause.action = "pause";
    for (auto const& unit : units_around(situation->subject)) {
      Actor const somebody{.person = "somebody-else", .unit = unit, .roles = roles_, .system = false};
      auto paused = decided(*situation, pause, somebody);
      if (paused && try_on({.subject = paused->after, .now = situation->now, .next = {}}, recipe)) return;
    }
  }
  FAIL_CHECK("no story leads to a case on which this could be done");
}

// Where a step's own condition is not met, whoever may not take it is told the same as ever: what the condition
// reads need not be theirs to know. A story that shows such a case is as good as another; where a step opens a
// case and none does, the case is given one.
void Matrix::unoffered(std::string const& state, RightsRow const& row) {
  auto const* const transition = definition_.find_transition(row.action);
  if (!transition->when) return;
  INFO(definition_.id, ": ", state, " ", row.action, " where it is not offered");
  auto const recipe = any_recipe(definition_, situations_, row.action);
  auto const not_offered = [&](Situation const& situation) {
    for (auto const& unit : units_around(situation.subject)) {
      Actor const somebody{.person = "somebody-else", .unit = unit, .roles = roles_, .system = false};
      auto const decision = decided(situation, recipe, somebody);
      if (!decision && decision.error().front().code == Code::not_offered) return true;
    }
    return false;
  };
  for (auto situation : situations_) {
    if (situation.subject.state != state) continue;
    for (auto const& effect : transition->effects) {
      auto const* const open = std::get_if<OpenEffect>(&effect);
      if (open)
        situation.subject.links.push_back({open->link, true, make_id(situation.now), open->workflow, "", "", false});
    }
    if (!not_offered(situation)) continue;
    ++unoffered_;
    auto const untouched = copies(situation, 1).front();
    for (auto const& unit : units_around(situation.subject)) {
      std::vector<std::string> may_not;
      for (auto const& role : roles_) {
        if (!lets(row, recipe, untouched, unit, role)) may_not.push_back(role);
      }
      denied(situation, untouched, recipe, unit, may_not);
    }
    CHECK(revision(untouched) == untouched.revision);
    return;
  }
}

// Somebody of those who may, where the case is ready for whoever of them asks. One of each grant is asked: what
// a guard says of the actor, it says of their part and role.
std::optional<Actor> Matrix::ready(Situation const& situation, Recipe const& recipe, RightsRow const& row) const {
  auto const first = [&](RightsRow const& asked) -> std::optional<Actor> {
    for (auto const& unit : units_around(situation.subject)) {
      for (auto const& role : roles_) {
        if (lets(asked, recipe, situation.subject, unit, role))
          return Actor{.person = "somebody-else", .unit = unit, .roles = {role}, .system = false};
      }
    }
    return std::nullopt;
  };
  auto const asker = first(row);
  if (!asker || !decided(situation, recipe, *asker)) return std::nullopt;
  for (auto const& grant : row.by) {
    auto alone = row;
    alone.by = {grant};
    auto const other = first(alone);
    if (other && !decided(situation, recipe, *other)) return std::nullopt;
  }
  return asker;
}

// A row that grants nothing but to parts cannot tell units without a part from each other, whatever their kind:
// one of them stands for all, another one each time.
std::vector<std::string> Matrix::tellable(std::vector<std::string> units, Case const& subject, RightsRow const& row) {
  bool const by_parts_alone =
      std::all_of(row.by.begin(), row.by.end(), [](Grant const& grant) { return !grant.party.empty(); });
  if (!by_parts_alone) return units;
  auto const outsiders = std::stable_partition(units.begin(), units.end(),
                                               [&](std::string const& unit) { return subject.holds_any_part(unit); });
  if (outsiders == units.end()) return units;
  std::swap(*outsiders, *(outsiders + static_cast<std::ptrdiff_t>(turn_++) % (units.end() - outsiders)));
  units.erase(outsiders + 1, units.end());
  return units;
}

void Matrix::attempt(Situation const& situation, Recipe const& recipe, RightsRow const& row, Tried tried) {
  auto const untouched = copies(situation, 1).front();
  for (auto const& unit : tellable(units_around(situation.subject), situation.subject, row)) {
    std::vector<std::string> may;
    std::vector<std::string> may_not;
    for (auto const& role : roles_) (lets(row, recipe, untouched, unit, role) ? may : may_not).push_back(role);
    allowed(situation, recipe, row, unit, may, tried);
    denied(situation, untouched, recipe, unit, may_not);
  }
  CHECK(revision(untouched) == untouched.revision);
}

void Matrix::allowed(Situation const& situation, Recipe const& recipe, RightsRow const& row, std::string const& unit,
                     std::vector<std::string> roles, Tried tried) {
  if (roles.empty()) return;
  if (tried == Tried::one) roles = {roles[turn_++ % roles.size()]};
  auto const subjects = copies(situation, roles.size());
  for (std::size_t i = 0; i < roles.size(); ++i) {
    auto const answer = ask(situation, subjects[i], recipe, person(unit, {roles[i]}));
    CHECK_MESSAGE(answer.status == (row.confirm.empty() ? 200 : 202), unit, " ", roles[i], " ", answer.status, " ",
                  answer.body.substr(0, 600));
  }
  succeeded_ += roles.size();
}

// Rights only grow with the roles somebody holds: whoever holds all of them but the allowed ones stands for
// each of them alone.
void Matrix::denied(Situation const& situation, Case const& subject, Recipe const& recipe, std::string const& unit,
                    std::vector<std::string> const& roles) {
  if (roles.empty()) return;
  refused_ += roles.size();
  auto const answer = ask(situation, subject, recipe, person(unit, roles));
  if (!sees(subject, unit, roles)) {
    CHECK_MESSAGE(answer.status == 404, unit, " ", answer.status, " ", answer.body.substr(0, 600));
    return;
  }
  CHECK_MESSAGE(answer.status == 403, unit, " ", answer.status, " ", answer.body.substr(0, 600));
  if (answer.status != 403) return;
  auto const problem = json_of(answer).at("errors").at(0);
  CHECK((problem.at("code") == "not_your_part" || problem.at("code") == "same_unit_may_not_verify"));
  CHECK_FALSE(problem.at("remedy").is_null());  // who could do it
}

// What one person has asked for, the second pair of eyes confirms, and nobody else.
void Matrix::confirmation(Situation const& situation, Recipe const& recipe, RightsRow const& row, Actor const& asker) {
  auto const asked = decided(situation, recipe, asker);
  Situation const waiting{.subject = asked->after, .now = situation.now, .next = {}};
  RightsRow const confirm{.action = "confirm", .title = {}, .deadline = {}, .by = row.confirm, .confirm = {}};
  Recipe const answer{
      .action = "confirm", .input = {{"request", waiting.subject.pending.back().id}}, .documents = {}, .comment = {}};
  attempt(waiting, answer, confirm, Tried::each);
}

// Who could do it were the case elsewhere cannot do it here, with all roles at once; whom it is closed to
// everywhere is tried where it is open.
void Matrix::nobody(Situation const& situation, Case const& subject, std::string const& action,
                    std::vector<Grant> const& elsewhere, std::set<std::string> const& codes) {
  INFO(action);
  auto const recipe = any_recipe(definition_, situations_, action);
  RightsRow const row{.action = action, .title = {}, .deadline = {}, .by = elsewhere, .confirm = {}};
  auto units = units_around(subject);
  auto const could = [&](std::string const& unit) {
    return std::any_of(roles_.begin(), roles_.end(),
                       [&](std::string const& role) { return lets(row, recipe, subject, unit, role); });
  };
  // Where nobody could: somebody with a part.
  auto const end = std::stable_partition(units.begin(), units.end(), could);
  if (end == units.begin())
    std::stable_partition(units.begin(), units.end(), [&](auto const& unit) { return subject.holds_any_part(unit); });
  units.erase(std::max(end, units.begin() + 1), units.end());
  for (auto const& unit : units) {
    auto const answer = ask(situation, subject, recipe, person(unit, roles_));
    CHECK_MESSAGE(codes.count(code_of(answer)) == 1, unit, " ", answer.status, " ", answer.body.substr(0, 600));
    refused_ += roles_.size();
  }
}

}  // namespace bihuan::test
