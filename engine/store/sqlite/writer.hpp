// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/store/sqlite/connection.hpp"

namespace bihuan::sqlite {

// The one thread that writes. It takes all jobs that wait into one transaction, commits once, and then answers all
// of them: under load a commit is shared, and an idle store answers at once. A job that fails after it wrote is rare
// enough that its batch is undone and done again, each job alone; a savepoint for each would copy every page it
// touches.
class Writer {
 public:
  // Runs on the writer's thread inside the batch's transaction, and once more when that is undone. A refusal or an
  // exception undoes what this job did and leaves its neighbours alone.
  using Job = std::function<Result<void>(Connection&)>;

  struct Limits {
    std::size_t queue = 1024;
    std::size_t batch = 256;
  };

  Writer(Connection connection, Limits limits);
  // Finishes what was taken, then checkpoints and closes.
  ~Writer();
  Writer(Writer const&) = delete;
  Writer& operator=(Writer const&) = delete;

  // Any thread. Returns once what the job did is durable; refused with busy when the queue is full, and with
  // the job's own refusals. Throws what the job threw, or StoreFault when the batch could not be committed.
  [[nodiscard]] Result<void> write(Job job);
  // For work that nothing can refuse; a full queue is a fault to its callers.
  void must_write(std::function<void(Connection&)> const& job);

 private:
  struct Entry {
    Job job;
    std::promise<Result<void>> answer;
    Result<void> outcome;
    std::exception_ptr fault;
  };

  void loop();
  void run(std::span<Entry> batch);
  [[nodiscard]] bool run_in_transaction(std::span<Entry> batch);

  Connection connection_;
  Limits const limits_;
  std::mutex mutex_;
  std::condition_variable waiting_;
  std::deque<Entry> queue_;
  bool stopping_ = false;
  std::jthread thread_;
};

}  // namespace bihuan::sqlite
