// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/store/sql/connection.hpp"

namespace bihuan::sql {

// The threads that write, one for each connection. Each takes all jobs that wait into one transaction, commits once,
// and then answers all of them: under load a commit is shared, and an idle store answers at once. A job that fails
// after it wrote is rare enough that its batch is undone and done again, each job alone; a savepoint for each would
// copy every page it touches.
class Writer {
 public:
  // Runs on a writer's thread inside the batch's transaction, and once more when that is undone. A refusal or an
  // exception undoes what this job did and leaves its neighbours alone.
  using Job = std::function<Result<void>(Connection&)>;

  struct Limits {
    std::size_t queue = 1024;
    std::size_t batch = 256;
  };

  Writer(std::vector<std::unique_ptr<Connection>> connections, Limits limits);
  // Finishes what was taken.
  ~Writer();
  Writer(Writer const&) = delete;
  Writer& operator=(Writer const&) = delete;

  // Any thread. Returns once what the job did is durable; refused with busy when the queue is full, and with
  // the job's own refusals. Throws what the job threw, or StoreFault when the batch could not be committed. Where
  // several connections write, the jobs of a batch are done in the order of `rows`, the rows that they lock first.
  [[nodiscard]] Result<void> write(Job job, std::string rows = {});
  // For work that nothing can refuse; a full queue is a fault to its callers.
  void must_write(std::function<void(Connection&)> const& job);

 private:
  struct Entry {
    Job job;
    std::string rows;
    std::promise<Result<void>> answer;
    Result<void> outcome;
    std::exception_ptr fault;
  };

  void loop(Connection& connection);
  static void run(Connection& connection, std::span<Entry> batch);
  static void run_alone(Connection& connection, std::span<Entry> batch);
  [[nodiscard]] static bool run_in_transaction(Connection& connection, std::span<Entry> batch, bool may_find_out_later);

  std::vector<std::unique_ptr<Connection>> connections_;
  Limits const limits_;
  std::mutex mutex_;
  std::condition_variable waiting_;
  std::deque<Entry> queue_;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace bihuan::sql
