// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/json.hpp"
#include "engine/core/period.hpp"
#include "engine/core/time.hpp"

namespace bihuan {

// Who holds a part in a case: a unit, optionally a named person of it.
struct Holder {
  std::string unit;
  std::string person;

  bool operator==(Holder const&) const = default;
};

// A document as a case knows it; the bytes are the attachment store's.
struct Document {
  std::string sha256;
  std::string name;
  std::string type;
  std::int64_t size = 0;
  std::int64_t revision = 0;  // with which it came to the case

  bool operator==(Document const&) const = default;
};

struct Extended {
  Instant at{};
  Date until{};

  bool operator==(Extended const&) const = default;
};

// One cycle of a deadline: a budget with a ledger. The due instants are decided, not derived here.
struct Deadline {
  enum class State { running, paused, stopped };
  std::string name;
  int cycle = 1;
  State state = State::running;
  std::string owner_party;
  std::string owner;  // the unit that holds that part
  Instant started{};
  Instant due{};
  Instant warn{};
  std::optional<Instant> hard_due;
  bool provisional = false;
  Json period;  // the period that was chosen, as in the definition
  Json counting;
  std::optional<Date> fixed;  // the date a field gave, for a period of that form
  std::vector<Pause> pauses;
  std::vector<Extended> extensions;
  std::optional<Instant> stopped;
  std::set<std::string> rungs;  // escalations that fired in this cycle

  bool operator==(Deadline const&) const = default;
};

struct Link {
  std::string name;
  bool outward = true;  // this case opened or named the other
  std::string other;    // the other case's id
  std::string workflow;
  std::string state;
  std::string outcome;
  bool final = false;
  // The units that hold this part of the other case, where the effect that opened it wants rules here to know them.
  std::string part{};
  std::vector<std::string> units{};
  // What else somebody who may see the other case reads of it; filled where the case is shown, and never stored.
  std::string number{};
  std::string title{};

  bool operator==(Link const&) const = default;
};

// Who did a transition the last time, for guards and for separation of duties.
struct LastAct {
  std::string person;
  std::string unit;
  Instant at{};
  std::string acting_for{};  // the absent person, when it was done for one

  bool operator==(LastAct const&) const = default;
};

// An action that one person asked for and that waits for another to confirm it. It lapses when the case moves
// on.
struct Pending {
  std::string id;  // by the revision that asked: unique within the case
  std::string action;
  Json input = Json::object();
  std::map<std::string, std::vector<Document>> documents;
  std::string comment;
  std::string person;
  std::string unit;
  std::string role;
  std::string acting_for;
  Instant at{};

  bool operator==(Pending const&) const = default;
};

// A revision that not everybody who sees the case may know of: it was about a transition that is kept from some, or
// about another case alone.
struct Veiled {
  std::int64_t revision = 0;
  std::string transition;  // empty where the other case decides
  std::string other;       // the other case's id
  Instant before{};        // when the case had last changed before it

  bool operator==(Veiled const&) const = default;
};

// One tracked matter, as its events say. A value: apply() makes it, nothing else changes it.
struct Case {
  std::string id;
  std::string number;  // BN-WT-2026-000123, given by the transaction that opens the case
  std::string workflow;
  std::string version;
  std::int64_t revision = 0;
  std::string state;
  bool final = false;
  std::string outcome;
  std::string title;
  std::string opener_unit;
  std::string opener;
  Json fields = Json::object();
  std::map<std::string, std::vector<Holder>> parties;
  std::vector<Deadline> deadlines;  // every cycle, in order of starting
  std::map<std::string, std::vector<Document>> documents;
  std::vector<Link> links;
  std::map<std::string, int> visits;    // how often each state was entered
  std::map<std::string, LastAct> last;  // by transition
  std::vector<Pending> pending;         // asked for and not yet confirmed
  std::vector<Veiled> veiled;           // in order
  std::int64_t last_transition = 0;     // the revision of it
  Instant opened{};
  Instant changed{};
  std::optional<Instant> closed{};  // when it last became final; nothing while it is not

  bool operator==(Case const&) const = default;

  // The latest cycle of a deadline, or nullptr.
  [[nodiscard]] Deadline const* deadline(std::string_view name) const;
  [[nodiscard]] bool holds_part(std::string_view party, std::string_view unit) const;
  [[nodiscard]] bool holds_any_part(std::string_view unit) const;
  // As they were named; a unit with two persons in the part stands there twice.
  [[nodiscard]] std::vector<std::string> units_holding(std::string const& party) const;
};

enum class Light { green, yellow, red, grey };
[[nodiscard]] std::string_view light_name(Light light);
// Red: running and due before now. Grey: paused or stopped. A case is as red as its reddest deadline.
[[nodiscard]] Light light_of(Deadline const& deadline, Instant now);
[[nodiscard]] Light light_of(Case const& subject, Instant now);

// Of the deadlines that run; nothing when none does.
[[nodiscard]] std::optional<Instant> soonest_due(Case const& subject);

}  // namespace bihuan
