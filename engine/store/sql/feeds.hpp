// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store/feeds.hpp"
#include "engine/store/sql/readers.hpp"
#include "engine/store/sql/writer.hpp"

namespace bihuan::sql {

class Feeds final : public FeedStore {
 public:
  Feeds(Writer& writer, Readers& readers) : writer_(writer), readers_(readers) {}

  void put(CalendarFeed const& feed) override;
  std::optional<CalendarFeed> find(std::string const& token_hash) override;
  void touch(std::string const& id, Instant used) override;
  std::vector<CalendarFeed> of_person(std::string const& person) override;
  bool drop(std::string const& person, std::string const& id) override;

 private:
  Writer& writer_;
  Readers& readers_;
};

}  // namespace bihuan::sql
