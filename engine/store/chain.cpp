// SPDX-License-Identifier: Apache-2.0
#include "engine/store/chain.hpp"

#include "engine/core/json.hpp"

namespace bihuan {
namespace {

bool is_event_name(Json const& type) {
  if (!type.is_string()) {
    return false;
  }
  for (int number = 0; number <= static_cast<int>(EventType::declined); ++number) {
    if (event_name(static_cast<EventType>(number)) == type.get_ref<std::string const&>()) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<Event> parse_event(Json const& stored) {
  if (!stored.is_object() || !stored.contains("type") || !is_event_name(stored["type"]) || !stored.contains("at") ||
      !stored["at"].is_string() || !parse_instant(stored["at"].get_ref<std::string const&>())) {
    return std::nullopt;
  }
  try {
    return event_from_json(stored);
  } catch (Json::exception const&) {
    return std::nullopt;
  }
}

std::string hashed_bytes(Event const& event) {
  return canonical(event_to_json(event));
}

std::string chain(std::vector<Event>& events, std::string head, HashAlgorithm algorithm) {
  for (Event& event : events) {
    event.previous = std::move(head);
    event.hash = hash_of(hashed_bytes(event), algorithm);
    head = event.hash;
  }
  return head;
}

std::optional<std::size_t> broken_link(std::vector<Event> const& events, HashAlgorithm algorithm) {
  std::string head;
  for (std::size_t place = 0; place < events.size(); ++place) {
    Event const& event = events[place];
    if (event.previous != head || event.hash != hash_of(hashed_bytes(event), algorithm)) {
      return place;
    }
    head = event.hash;
  }
  return std::nullopt;
}

}  // namespace bihuan
