// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/json.hpp"
#include "engine/core/time.hpp"

namespace bihuan {

enum class EventType {
  opened,
  transitioned,
  fields_changed,
  party_changed,
  deadline_started,
  deadline_paused,
  deadline_resumed,
  deadline_extended,
  deadline_stopped,
  deadline_reprojected,
  rung_fired,
  document_added,
  commented,
  linked,
  link_changed,
  migrated,
  corrected,
  exported_package,
  asked,
  confirmed,
  declined,
};
[[nodiscard]] std::string_view event_name(EventType type);
[[nodiscard]] EventType event_from(std::string_view name);  // of a name that event_name gave; aborts on another

// A person on leave whom another one of the same unit stands in for, with the roles that the absent one has
// now.
struct Absent {
  std::string person;
  std::vector<std::string> roles;
};

// Who commands: a person with a unit and roles, or the system.
struct Actor {
  std::string person;
  std::string unit;
  std::vector<std::string> roles;
  bool system = false;
  std::vector<Absent> standing_in_for{};  // one step: whom an absent person stands in for is not among them

  [[nodiscard]] bool has_role(std::string_view role) const;
  static Actor the_system();
};

// One fact in a case's history; appended, never changed. A command gives one revision and one or more events.
struct Event {
  std::string case_id;
  std::int64_t revision = 0;
  int index = 0;  // within the revision
  EventType type = EventType::commented;
  Instant at{};
  Json actor;  // {"person","unit","role"}, with "for" when acting for an absent person; role is what gave the
               // right
  Json body;
  std::string previous;  // hash of the event before it in this case; empty for the first
  std::string hash;
};

// The action that the event speaks of as done, asked for, confirmed or declined; empty when it speaks of none.
[[nodiscard]] std::string transition_of(Event const& event);

// In the body of the first event of a revision that not everybody who sees the case may know of: {"transition"} where
// those know who may read of the transition, {"case"} where those do who see the other case. Events of before there was
// such a thing carry none.
inline constexpr char veil_marker[] = "veiled";

// What the hash covers: everything but the hash itself.
[[nodiscard]] Json event_to_json(Event const& event);
[[nodiscard]] Event event_from_json(Json const& stored);

}  // namespace bihuan
