// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/json.hpp"
#include "engine/core/time.hpp"

namespace bihuan {

// A list of cases that a person's calendar program asks for by a token in its address.
struct CalendarFeed {
  std::string id;
  std::string token_hash;
  std::string person;
  std::string name;
  Json filter = Json::object();  // parameter -> value, as a list of cases takes them
  Instant created{};
  std::optional<Instant> last_used{};
};

class FeedStore {
 public:
  virtual ~FeedStore() = default;
  virtual void put(CalendarFeed const& feed) = 0;
  [[nodiscard]] virtual std::optional<CalendarFeed> find(std::string const& token_hash) = 0;
  virtual void touch(std::string const& id, Instant used) = 0;
  // In the order in which they were made.
  [[nodiscard]] virtual std::vector<CalendarFeed> of_person(std::string const& person) = 0;
  // False when the person has no such feed.
  [[nodiscard]] virtual bool drop(std::string const& person, std::string const& id) = 0;
};

}  // namespace bihuan
