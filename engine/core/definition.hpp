// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/core/json.hpp"
#include "engine/core/period.hpp"
#include "engine/core/result.hpp"

namespace bihuan {

class Organisation;

// How sure we are of a rule: read in a copy of the law, read in a secondary source, remembered, set by the
// district.
enum class Mark { verified, secondary, memory, local };

struct Basis {
  Source source;
  Mark mark = Mark::local;
  Text note;
  std::optional<Date> valid_from;
  std::optional<Date> valid_to;
};

// A grant: a person with `role` in the unit that holds `party`; without party, anybody with the role; without
// role, anybody of that unit. `unit_kinds` narrows either to units of these kinds.
struct Grant {
  std::string party;
  std::string role;
  std::vector<std::string> unit_kinds;

  bool operator==(Grant const&) const = default;
};

enum class FieldType { text, number, money, date, instant, choice, yes_no, unit, person, place, case_ref };

struct Choice {
  std::string id;
  Text title;
};

struct Field {
  std::string id;
  Text title;
  Text help;
  FieldType type = FieldType::text;
  bool list = false;
  bool personal = false;         // masked wherever it is not shown, and never in lists, exports, logs or the search
  std::vector<Grant> shown_to;   // who reads it on a single case; empty: everybody, the parties where it is personal
  std::vector<Grant> listed_to;  // who reads it in lists and exports as well, where it is personal
  std::vector<Choice> choices;
  std::optional<double> minimum;
  std::optional<double> maximum;
  std::size_t max_length = 2000;  // characters
};

// The figures of a month that a form is filled with: of the month in which a date of the case lies, over the cases of
// these workflows, each in the row of the unit that holds a part in it.
struct LedgerReport {
  std::string month;                           // a date field
  std::map<std::string, std::string> counted;  // workflow -> a party there
};

struct DocumentKind {
  std::string id;
  Text title;
  std::vector<std::string> accept;  // media types, "image/*" or exact; empty takes any
  std::string form{};               // the template that it can be filled from, of workflows/templates/; or empty
  std::optional<LedgerReport> report{};
};

// Who holds a part when nobody is named: the unit of the person who opens the case, a named unit, or the only
// unit of a kind.
struct PartyDefault {
  bool opener = false;
  std::string unit;
  std::string unit_kind;
};

struct PartyKind {
  std::string id;
  Text title;
  std::vector<std::string> unit_kinds;  // empty: any
  std::vector<std::string> units;       // when not empty, only these
  std::vector<std::string> distinct_from;
  bool required = false;
  bool many = false;
  std::optional<PartyDefault> by_default;
};

struct Guard {
  std::string id;
  Json rule;
  Text otherwise;
  std::vector<std::string> basis;
};

struct Input {
  std::vector<std::string> required;  // field or party names
  std::vector<std::string> optional;
};

struct OpenEffect {
  std::string workflow;
  std::string link;
  std::map<std::string, std::string> copy;     // field there -> field here
  std::map<std::string, std::string> parties;  // party there -> party here
  bool once = false;                           // not while a case of such a link is open
  std::string tells;                           // part there whose units rules here may read; empty: none
  std::string each_party;  // when not empty: one case for each of `each_unit`, which holds this part
  std::vector<std::string> each_unit;
};
struct NotifyEffect {
  std::vector<std::string> parties;
};
// start, stop, pause, resume or restart a deadline by name.
struct DeadlineEffect {
  enum class Kind { start, stop, pause, resume, restart };
  Kind kind = Kind::start;
  std::string deadline;
};
// The part `party` goes to the actor's unit, to the unit that holds another part, or to a named unit.
struct AssignEffect {
  std::string party;
  bool actor = false;
  std::string from_party;
  std::string unit;
};
struct SetEffect {
  std::string field;
  Json rule;
};
using Effect = std::variant<OpenEffect, NotifyEffect, DeadlineEffect, AssignEffect, SetEffect>;

enum class Trigger { none, link, deadline };

// What every action a person takes has in common, the opening of a case included.
struct Action {
  std::string id;
  Text title;
  Text help;
  std::vector<Grant> by;
  std::optional<Json> when;
  Input input;
  std::vector<std::string> requires_documents;
  std::vector<std::string> optional_documents;
  std::vector<std::string> guards;
  bool reason_required = false;
  // Asked by one person and confirmed by another, who meets one of these; nothing where one person suffices.
  std::optional<std::vector<Grant>> four_eyes;
  std::vector<Grant> shown_to;  // who reads in the history that it was done; empty: whoever sees the case
  std::vector<Effect> effects;
  std::vector<std::string> basis;
};

struct Transition : Action {
  std::vector<std::string> from;
  std::string to;  // empty: the case stays where it is
  Trigger trigger = Trigger::none;
  std::string deadline;  // of Trigger::deadline
};

struct Awaits {
  std::string link;
  Json until;
};

struct State {
  std::string id;
  Text title;
  std::string owner;  // a party; empty only where final
  bool final = false;
  std::string outcome;
  std::vector<std::string> pauses;
  std::optional<Awaits> awaits;
};

struct WithinRule {
  std::optional<Json> when;
  Period period;
  std::optional<Counting> counting;
};

struct HardLimit {
  Period period;
  Counting counting;
  std::vector<std::string> basis;
};

struct Extension {
  Action action;  // by, requires_documents, guards, reason_required
  int times = 1;
  bool before_due = true;
  std::optional<Period> most;  // beyond the present due date
};

struct Rung {
  std::string id;
  enum class At { before, after } at = At::after;
  Period period;
  std::vector<Effect> effects;
};

enum class Reentry {
  restart,       // a new cycle with the whole period
  resume,        // the old cycle goes on; the time in between is not counted
  keep_running,  // the old cycle goes on; the time in between counts
};

struct DeadlineRule {
  std::string id;
  Text title;
  std::string owner;                  // a party
  std::vector<std::string> start_on;  // transitions, or "open"
  std::optional<Json> start_when;
  std::string start_from;  // a date or instant field that says when it began; empty: the moment of the transition
  std::vector<std::string> stop_on;
  std::vector<std::string> pause_on;
  std::vector<std::string> resume_on;
  std::vector<WithinRule> within;
  Counting counting;
  std::optional<Period> warning;  // yellow from here before the due instant; see warning_of
  std::optional<HardLimit> hard_limit;
  std::optional<Extension> extension;
  std::optional<Action> by_hand;  // who may pause and resume it
  Reentry on_reentry = Reentry::restart;
  std::vector<Rung> escalations;
  std::vector<std::string> basis;
  Mark mark = Mark::local;
  Text note;
};

// Cases that open by themselves: yearly on a day, or every so many months from a date.
struct Recurrence {
  std::string id;
  Text title;
  int month = 0;  // yearly, when not 0
  int day = 0;
  int months = 0;
  std::optional<Date> starting;
  bool on_working_day = false;
  std::string party;  // empty: one case; else one for each unit, which holds this part
  std::vector<std::string> units;
  std::vector<std::string> unit_kinds;
  std::map<std::string, Json> fields;  // rules over `occurrence` and `unit`
  std::vector<std::string> basis;
};

// What becomes of a clock that runs when its case moves to another version of its workflow.
enum class ClockMove {
  keep,       // the due instant stands as it was promised
  recompute,  // counted anew from where it began, by the other version's period
  restart,    // a new cycle with the whole period, from the move on
  stop,
};

// How cases of one version come to stand in another: names there -> names here. What is not named keeps its name.
struct MigrationMap {
  struct DeadlineMove {
    std::string to;  // empty where it stops
    ClockMove clock = ClockMove::keep;
  };
  std::map<std::string, std::string> states;
  std::map<std::string, std::string> transitions;  // who did them last keeps counting
  std::map<std::string, std::string> fields;       // to nothing: the value is given up, and stays in the history
  std::map<std::string, std::string> parties;      // to nothing: the part is given up
  std::map<std::string, std::string> documents;
  std::map<std::string, DeadlineMove> deadlines;
  ClockMove clock = ClockMove::keep;  // of the deadlines that are not named
  std::vector<std::string> start;     // deadlines here that begin with the move, where they do not run already
  Json set = Json::object();          // field here -> the value for cases that have none
};

// How open cases of an older version move to this one.
struct Migration {
  std::string from_version;
  MigrationMap map;
};

// Actions that are no transitions. Each may be granted by the definition; comment and attach are open to
// every party unless the definition says otherwise, and a unit may always name its own person for its part.
inline constexpr std::string_view general_actions[] = {"comment", "attach", "assign", "correct",
                                                       "link",    "extend", "pause",  "resume"};
// The answers to what is pending under four eyes. Reserved only in a definition that asks for them.
inline constexpr std::string_view four_eyes_answers[] = {"confirm", "decline"};

// What everybody may read without signing in: cases in these states, and of them only this.
struct Publication {
  std::vector<std::string> states;
  std::vector<std::string> fields;
  std::vector<std::string> parties;
};

// A workflow as data: a state machine with parties, typed fields, documents, guards and statutory deadlines.
// Immutable once parsed; safe to share between threads.
struct Definition {
  std::string id;
  std::string version;
  std::string number_prefix;
  std::string calendar;
  Text title;
  Text summary;
  std::vector<Basis> basis;
  std::vector<Field> fields;
  std::vector<DocumentKind> documents;
  std::vector<PartyKind> parties;
  std::vector<Grant> readers;
  std::vector<Guard> guards;
  Action opening;
  std::string title_field;
  std::string initial;
  std::vector<State> states;
  std::vector<Transition> transitions;
  std::vector<DeadlineRule> deadlines;
  std::map<std::string, Action> general;  // of general_actions
  std::vector<Recurrence> recurring;
  std::vector<Migration> migrations;
  std::optional<Publication> publication{};
  OrderedJson example;
  OrderedJson source;  // as written
  std::string hash;    // SHA-256 of the canonical source, hex: the version's identity

  [[nodiscard]] Field const* find_field(std::string_view name) const;
  [[nodiscard]] DocumentKind const* find_document(std::string_view name) const;
  [[nodiscard]] PartyKind const* find_party(std::string_view name) const;
  [[nodiscard]] Guard const* find_guard(std::string_view name) const;
  [[nodiscard]] State const* find_state(std::string_view name) const;
  [[nodiscard]] Transition const* find_transition(std::string_view name) const;
  [[nodiscard]] DeadlineRule const* find_deadline(std::string_view name) const;
  [[nodiscard]] Basis const* find_basis(std::string_view name) const;
  // The sources that basis ids stand for, in order; unknown ids are skipped.
  [[nodiscard]] std::vector<Source> sources(std::vector<std::string> const& ids) const;
};

// Reads one definition and checks all that can be known from it alone; every fault is named by its JSON
// pointer.
[[nodiscard]] Result<Definition> parse_definition(OrderedJson const& document);

// Soundness of one definition by itself: states reachable, final ones reachable from everywhere, owners, ways
// out, references, guards that read what exists, triggers that do not compete, deadlines that start and stop.
[[nodiscard]] Refusals check_soundness(Definition const& definition);

// What can only be known with the others and the organisation at hand: linked workflows exist and do not open
// each other for ever, named units and unit kinds exist, separation of duties can be met. And no new version takes
// documents with a step that is kept from some who see the case.
[[nodiscard]] Refusals check_together(std::vector<Definition const*> const& definitions,
                                      Organisation const& organisation);

}  // namespace bihuan
