// SPDX-License-Identifier: Apache-2.0
#include "engine/core/event.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace bihuan {
namespace {

constexpr std::array names{
    std::pair{EventType::opened, "opened"},
    std::pair{EventType::transitioned, "transitioned"},
    std::pair{EventType::fields_changed, "fields_changed"},
    std::pair{EventType::party_changed, "party_changed"},
    std::pair{EventType::deadline_started, "deadline_started"},
    std::pair{EventType::deadline_paused, "deadline_paused"},
    std::pair{EventType::deadline_resumed, "deadline_resumed"},
    std::pair{EventType::deadline_extended, "deadline_extended"},
    std::pair{EventType::deadline_stopped, "deadline_stopped"},
    std::pair{EventType::deadline_reprojected, "deadline_reprojected"},
    std::pair{EventType::rung_fired, "rung_fired"},
    std::pair{EventType::document_added, "document_added"},
    std::pair{EventType::commented, "commented"},
    std::pair{EventType::linked, "linked"},
    std::pair{EventType::link_changed, "link_changed"},
    std::pair{EventType::migrated, "migrated"},
    std::pair{EventType::corrected, "corrected"},
    std::pair{EventType::exported_package, "exported_package"},
    std::pair{EventType::asked, "asked"},
    std::pair{EventType::confirmed, "confirmed"},
    std::pair{EventType::declined, "declined"},
};

}  // namespace

std::string_view event_name(EventType type) {
  return std::find_if(names.begin(), names.end(), [&](auto const& n) { return n.first == type; })->second;
}

EventType event_from(std::string_view name) {
  auto const found = std::find_if(names.begin(), names.end(), [&](auto const& n) { return name == n.second; });
  if (found == names.end()) {
    std::fprintf(stderr, "a stored event has the unknown type %.*s\n", static_cast<int>(name.size()), name.data());
    std::abort();
  }
  return found->first;
}

bool Actor::has_role(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

Actor Actor::the_system() {
  return {.person = "system", .unit = "", .roles = {}, .system = true};
}

std::string transition_of(Event const& event) {
  switch (event.type) {
    case EventType::transitioned: return event.body.at("transition");
    case EventType::asked:
    case EventType::confirmed:
    case EventType::declined: return event.body.at("action");
    default: return {};
  }
}

Json event_to_json(Event const& event) {
  return {{"case", event.case_id},      {"revision", event.revision},
          {"index", event.index},       {"type", event_name(event.type)},
          {"at", format_utc(event.at)}, {"actor", event.actor},
          {"body", event.body},         {"previous", event.previous}};
}

Event event_from_json(Json const& stored) {
  return {.case_id = stored.at("case"),
          .revision = stored.at("revision"),
          .index = stored.at("index"),
          .type = event_from(stored.at("type").get_ref<std::string const&>()),
          .at = *parse_instant(stored.at("at").get_ref<std::string const&>()),
          .actor = stored.at("actor"),
          .body = stored.at("body"),
          .previous = stored.at("previous"),
          .hash = stored.value("hash", "")};
}

}  // namespace bihuan
