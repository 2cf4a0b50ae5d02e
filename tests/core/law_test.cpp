// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/support/sample.hpp"

using namespace bihuan;

namespace {

std::vector<Definition> const& shipped_definitions() {
  static auto const definitions = [] {
    std::vector<Definition> read;
    for (auto const& entry : std::filesystem::directory_iterator(std::string(BIHUAN_SOURCE_DIR) + "/workflows")) {
      if (entry.path().extension() != ".json") continue;
      std::ifstream file(entry.path(), std::ios::binary);
      auto const document = parse_ordered_json(std::string(std::istreambuf_iterator<char>(file), {}));
      REQUIRE(document);
      auto definition = parse_definition(*document);
      REQUIRE(definition);
      read.push_back(std::move(*definition));
    }
    return read;
  }();
  return definitions;
}

Definition const& shipped(std::string_view id) {
  for (auto const& definition : shipped_definitions()) {
    if (definition.id == id) return definition;
  }
  FAIL("no such workflow: " << id);
  std::abort();
}

constexpr auto s310 = "国务院令第310号";
constexpr auto w17 = "环环监〔2017〕17号";
constexpr auto criminal_procedure = "刑事诉讼法";
constexpr auto procuratorate_rules = "人民检察院刑事诉讼规则";
constexpr auto penalty_law = "行政处罚法";
constexpr auto reverse_rules = "最高检2021年";

struct Cited {
  std::string_view source;  // part of its name
  std::string_view article;
  Mark mark = Mark::verified;
};

// A rule on referring crimes, as the table of the law numbers them.
struct Rule {
  std::string_view id;
  std::vector<Cited> cited;
};

std::vector<Rule> const rules{
    {"R1", {{s310, "5"}, {w17, "5"}}},
    {"R2", {{s310, "5"}, {w17, "5"}}},
    {"R3", {{s310, "5"}, {w17, "6"}}},
    {"R4", {{w17, "7"}, {s310, "7"}}},
    {"R5", {{w17, "8"}}},
    {"R6", {{w17, "8"}}},
    {"R6b", {{w17, "8"}}},
    {"R7", {{w17, "9"}, {s310, "7"}}},
    {"R7b", {{w17, "9"}}},
    {"R8", {{w17, "9"}, {s310, "8"}}},
    {"R9", {{w17, "9"}}},
    {"R10", {{w17, "10"}, {s310, "12"}}},
    {"R11", {{w17, "11"}, {s310, "9"}}},
    {"R12", {{w17, "11"}, {s310, "9"}}},
    {"R13", {{w17, "12-13"}, {s310, "9"}}},
    {"R13b", {{s310, "9"}}},
    {"R14", {{procuratorate_rules, "560, 562"}}},
    {"R15", {{procuratorate_rules, "563-564"}, {criminal_procedure, "113"}}},
    {"R15b", {{procuratorate_rules, "561"}}},
    {"R16", {{w17, "14"}}},
    {"R17", {{w17, "18"}, {criminal_procedure, "177(3)"}}},
    {"R18", {{criminal_procedure, "177(3)"}, {reverse_rules, "10", Mark::memory}}},
    {"R19", {{w17, "34"}}},
    {"R20", {{w17, "24"}}},
    {"R21", {{w17, "17"}, {s310, "13"}, {penalty_law, "27"}}},
    {"C1", {{criminal_procedure, "91"}}},
    {"C2", {{criminal_procedure, "91"}, {procuratorate_rules, "282"}}},
    {"C3", {{criminal_procedure, "156, 158-159"}}},
    {"C4", {{criminal_procedure, "160"}}},
    {"C5", {{criminal_procedure, "162"}}},
    {"C6", {{criminal_procedure, "163"}}},
    {"C7", {{criminal_procedure, "172"}}},
    {"C8", {{criminal_procedure, "175"}, {procuratorate_rules, "346"}, {w17, "19"}}},
    {"C9", {{criminal_procedure, "175(4), 177(1)-(2)"}, {procuratorate_rules, "367"}}},
    {"C10", {{criminal_procedure, "208, 220, 225"}}},
    {"C11", {{criminal_procedure, "230"}}},
    {"C12", {{criminal_procedure, "243"}}},
    {"C13", {{criminal_procedure, "241"}}},
    {"C14", {{criminal_procedure, "79"}}},
};

// A step of the process tables. Where a general action owns its name, or opening the case is the step, the
// definition keeps it as a basis instead of a transition. `unverified`: the table stars something in its row.
struct Step {
  std::string_view id;
  bool unverified = false;
};

struct Process {
  std::vector<std::string_view> workflows;
  std::vector<Step> steps;
};

std::vector<Process> const processes{
    {{"inspection-issue"}, {{"discover", true}, {"report", true},      {"reject"},
                            {"merge"},          {"assign", true},      {"fix-now"},
                            {"plan"},           {"return-plan", true}, {"approve-plan", true},
                            {"progress"},       {"extend", true},      {"suspend"},
                            {"resume"},         {"claim-done", true},  {"verify", true},
                            {"reject-done"},    {"objection"},         {"strike-off", true},
                            {"lookback", true}, {"reopen", true}}},
    {{"criminal-referral"}, {{"open"},         {"submit-report"},  {"refuse", true},        {"approve"},
                             {"transfer"},     {"incomplete"},     {"supplement", true},    {"transfer-out"},
                             {"not-police"},   {"file"},           {"refuse-filing"},       {"no-decision"},
                             {"reconsider"},   {"reconsider-ok"},  {"reconsider-keep"},     {"suggest-supervision"},
                             {"order-filing"}, {"no-order"},       {"prosecutor-order"},    {"withdraw"},
                             {"hand-over"},    {"to-prosecution"}, {"return-supplement"},   {"resubmit"},
                             {"indict"},       {"no-indict"},      {"order-penalty", true}, {"close-no-penalty"},
                             {"judgment"},     {"appeal"},         {"effective"},           {"acquit-or-exempt"},
                             {"penalty-done"}, {"close"}}},
    {{"public-complaint"},
     {{"register", true},
      {"route", true},
      {"object"},
      {"accept"},
      {"divert"},
      {"start", true},
      {"urgent-report", true},
      {"extend"},
      {"answer"},
      {"feedback", true},
      {"unsatisfied-return", true},
      {"ask-review"},
      {"close"}}},
    {{"responsibility-item", "lead-determination"},
     {{"draft"},
      {"coordinate"},
      {"flag-no-lead"},
      {"consult", true},
      {"submit", true},
      {"decide-lead"},
      {"agree"},
      {"publish"},
      {"change"},
      {"republish"},
      {"retire"}}},
    {{"annual-report", "annual-summary"},
     {{"open", true},
      {"draft"},
      {"submit"},
      {"return", true},
      {"accept"},
      {"summarise", true},
      {"report-up"},
      {"publish"},
      {"close"}}},
    {{"supervision-matter"},
     {{"request", true},
      {"study"},
      {"decline"},
      {"assign"},
      {"work", true},
      {"press", true},
      {"verify"},
      {"escalate"}}},
    {{"document-review"},
     {{"classify"},
      {"comment", true},
      {"submit"},
      {"return"},
      {"review", true},
      {"decide"},
      {"publish"},
      {"file", true},
      {"expire-check", true}}},
    {{"accountability-referral"},
     {{"identify", true},
      {"check"},
      {"approve", true},
      {"transfer", true},
      {"receive"},
      {"handled", true},
      {"feedback"},
      {"close"}}},
};

bool names(std::vector<std::string> const& list, std::string_view id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

void take(std::set<std::string>& to, std::vector<std::string> const& basis) {
  to.insert(basis.begin(), basis.end());
}

// What a deadline that a step starts rests on belongs to the step.
void take_clocks(std::set<std::string>& to, Definition const& definition, std::string_view step) {
  for (auto const& deadline : definition.deadlines) {
    if (names(deadline.start_on, step)) take(to, deadline.basis);
  }
}

// The basis ids that stand behind a step of this definition; empty when it does not know the step.
std::set<std::string> basis_of_step(Definition const& definition, std::string_view step) {
  std::set<std::string> found;
  if (auto const* const transition = definition.find_transition(step)) {
    take(found, transition->basis);
    take_clocks(found, definition, step);
  }
  if (!definition.find_basis(step)) return found;
  auto const use = [&](std::vector<std::string> const& basis, std::string_view starts) {
    if (!names(basis, step)) return;
    take(found, basis);
    if (!starts.empty()) take_clocks(found, definition, starts);
  };
  use(definition.opening.basis, "open");
  for (auto const& transition : definition.transitions) use(transition.basis, transition.id);
  for (auto const& deadline : definition.deadlines) {
    use(deadline.basis, {});
    if (deadline.extension) use(deadline.extension->action.basis, {});
  }
  return found;
}

}  // namespace

TEST_CASE("every rule on referring crimes stands in the definition with its source, its article and how sure it is") {
  auto const& referral = shipped("criminal-referral");
  for (auto const& rule : rules) {
    CAPTURE(rule.id);
    CHECK(referral.find_basis(rule.id) != nullptr);
    for (auto const& cited : rule.cited) {
      CAPTURE(cited.source);
      auto const found = std::find_if(referral.basis.begin(), referral.basis.end(), [&](Basis const& basis) {
        auto const& [id, source, article, verified] = basis.source;
        bool const of_rule = id == rule.id || id.rfind(std::string(rule.id) + "-", 0) == 0;
        return of_rule && source.find(cited.source) != std::string::npos && article == cited.article &&
               basis.mark == cited.mark && verified == (cited.mark == Mark::verified);
      });
      CHECK(found != referral.basis.end());
    }
  }
}

TEST_CASE("every rule on referring crimes is what some step, deadline or guard of the definition rests on") {
  auto const& referral = shipped("criminal-referral");
  std::set<std::string> used;
  take(used, referral.opening.basis);
  for (auto const& transition : referral.transitions) take(used, transition.basis);
  for (auto const& guard : referral.guards) take(used, guard.basis);
  for (auto const& deadline : referral.deadlines) take(used, deadline.basis);
  for (auto const& rule : rules) {
    CAPTURE(rule.id);
    CHECK(used.count(std::string(rule.id)) == 1);
  }
}

TEST_CASE("bureau, police and procuratorate each answer a consultation within the time of R20") {
  for (auto const* const owner : {"lead", "police", "procuratorate"}) {
    CAPTURE(owner);
    auto const& deadlines = shipped("criminal-referral").deadlines;
    CHECK(std::any_of(deadlines.begin(), deadlines.end(), [&](DeadlineRule const& deadline) {
      return deadline.owner == owner && names(deadline.basis, "R20");
    }));
  }
}

TEST_CASE("every decision that R19 names is entered on the platform by its body") {
  std::vector<std::pair<std::string_view, std::vector<std::string_view>>> const decisions{
      {"lead", {"transfer", "reconsider", "suggest-supervision", "no-decision"}},
      {"police",
       {"file", "refuse-filing", "withdraw", "reconsider-ok", "reconsider-keep", "file-as-ordered", "request-arrest",
        "to-prosecution"}},
      {"procuratorate",
       {"prosecutor-order", "order-filing", "no-order", "decide-arrest", "refuse-arrest", "indict", "no-indict",
        "judgment", "second-judgment", "acquit-or-exempt"}},
  };
  auto const& referral = shipped("criminal-referral");
  for (auto const& [owner, steps] : decisions) {
    for (auto const step : steps) {
      CAPTURE(step);
      CHECK(std::any_of(referral.deadlines.begin(), referral.deadlines.end(), [&](DeadlineRule const& deadline) {
        return deadline.owner == owner && names(deadline.basis, "R19") && names(deadline.start_on, step);
      }));
    }
  }
  // A penalty closes the case: its record is demanded there.
  CHECK(names(referral.find_transition("penalty-done")->input.required, "platform_record"));
}

TEST_CASE("every step of the process tables stands in a definition, on sources that can be found") {
  for (auto const& process : processes) {
    for (auto const& step : process.steps) {
      CAPTURE(process.workflows.front());
      CAPTURE(step.id);
      bool stands = false;
      bool unverified = false;
      for (auto const workflow : process.workflows) {
        auto const& definition = shipped(workflow);
        for (auto const& id : basis_of_step(definition, step.id)) {
          auto const* const basis = definition.find_basis(id);
          REQUIRE(basis != nullptr);
          CHECK_FALSE(basis->source.source.empty());
          stands = true;
          unverified = unverified || basis->mark != Mark::verified;
        }
      }
      CHECK(stands);
      // What the tables only remember or propose must not pass for law.
      if (step.unverified) CHECK(unverified);
    }
  }
}

TEST_CASE("our own process tables are never called a verified source") {
  for (auto const& definition : shipped_definitions()) {
    for (auto const& basis : definition.basis) {
      CAPTURE(definition.id);
      CAPTURE(basis.source.id);
      if (basis.source.source.find("流程表") != std::string::npos) CHECK(basis.mark == Mark::local);
    }
  }
}

TEST_CASE("one article of one source is marked alike wherever it stands") {
  std::map<std::pair<std::string, std::string>, Mark> marks;
  for (auto const& definition : shipped_definitions()) {
    for (auto const& basis : definition.basis) {
      CAPTURE(definition.id);
      CAPTURE(basis.source.id);
      auto const [known, fresh] = marks.emplace(std::pair{basis.source.source, basis.source.article}, basis.mark);
      CHECK(known->second == basis.mark);
    }
  }
}
