// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "engine/store/postgres/connection.hpp"
#include "engine/store/postgres/postgres_store.hpp"
#include "engine/store/sql/readers.hpp"
#include "engine/store/sql/writer.hpp"

namespace bihuan::postgres {

// A standby that may be read from, where it has all that anybody can have seen.
//
// Before each reading the primary is asked up to where its log is durable, and the standby whether it has replayed that
// much. Whatever was confirmed to anybody on any node before the reading began is before that place, and whatever was
// ever shown as well. Places of two histories say nothing about each other: the standby must also have, as its newest,
// the mark that the nodes left on the primary's timeline.
//
// One that is behind, gone, or no standby any more is left alone until a look, once a second, finds it of use again: no
// reading waits for that.
class Replica {
 public:
  // `primary` and `writer` are of the primary, and live as long.
  Replica(std::string const& uri, PostgresOptions const& options, sql::Readers& primary, sql::Writer& writer);
  ~Replica();
  Replica(Replica const&) = delete;
  Replica& operator=(Replica const&) = delete;

  // Whether a reading should be tried there.
  [[nodiscard]] bool of_use() const { return of_use_; }
  // A reading failed there. Until the next look nobody tries.
  void leave_alone() { of_use_ = false; }
  // Borrowing one throws StoreFault when it does not have enough.
  [[nodiscard]] sql::Readers& readers() { return *readers_; }

 private:
  // Up to where the primary is durable, on which timeline.
  struct Place {
    std::string position;
    std::string mark;  // empty: nobody has marked it yet
  };
  [[nodiscard]] Place place_of_primary();
  void admit(sql::Connection& connection);
  void run(std::stop_token const& stop);
  void look(sql::Connection& connection);

  sql::Readers& primary_;
  sql::Writer& writer_;
  bool const durable_;
  std::unique_ptr<sql::Readers> readers_;
  std::shared_ptr<Server> looked_at_;
  std::atomic<bool> of_use_ = false;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // stops and joins first
};

}  // namespace bihuan::postgres
