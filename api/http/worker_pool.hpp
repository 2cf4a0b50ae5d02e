// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace bihuan::http {

// Threads for work that may block, behind a queue that grows neither past its limit nor past a time: who cannot be
// served soon hears so at once, and those let in are served about as fast as ever. Thread-safe.
class WorkerPool {
 public:
  using Job = std::function<void()>;
  struct Options {
    std::string name;  // in the log
    std::size_t threads = 1;
    int nice = 0;  // that of the threads: more lets whom many wait for go first, such as the thread that writes
    std::size_t queue_limit = 1;
    // Nobody else is let in while the first in the queue has waited longer than this, once the queue has been longer
    // than its crew for all of `burst`: a crowd that comes at once is served, one that does not end is not.
    std::chrono::steady_clock::duration patience = std::chrono::steady_clock::duration::max();
    std::chrono::steady_clock::duration burst{};
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
  };

  explicit WorkerPool(Options options);
  ~WorkerPool();
  WorkerPool(WorkerPool const&) = delete;
  WorkerPool& operator=(WorkerPool const&) = delete;

  // False when the queue is full or too slow, or the pool stops: the job will not run.
  [[nodiscard]] bool try_push(Job job);
  // For the next step of work that was let in before: a stream half sent must not be refused. Dropped only
  // after stop.
  void push_continuation(Job job);

  // Runs `work` here and waits for its result; nothing when the queue is full. For a pool of another kind of
  // work (password hashing), called from a worker of the first: never from a job of this same pool.
  template <class Work>
  [[nodiscard]] auto call(Work work) -> std::optional<std::invoke_result_t<Work&>> {
    std::packaged_task<std::invoke_result_t<Work&>()> task(std::move(work));
    auto result = task.get_future();
    if (!try_push([&task] { task(); })) return std::nullopt;
    return result.get();
  }

  // Jobs that wait for a thread.
  [[nodiscard]] std::size_t queue_depth() const;
  // Takes no more, finishes what is queued, and joins.
  void stop();

 private:
  struct Waiting {
    Job job;
    std::chrono::steady_clock::time_point since;
  };

  struct Sleeper {
    std::condition_variable bell;
    bool rung = false;
  };

  void run(Sleeper& self);
  [[nodiscard]] bool takes_more();
  void enqueue(std::unique_lock<std::mutex> lock, Job job);
  [[nodiscard]] Sleeper* next_to_wake();
  static void ring(Sleeper* sleeper);

  Options options_;
  mutable std::mutex mutex_;
  std::deque<Waiting> queue_;
  std::chrono::steady_clock::time_point calm_{};  // when it was last seen shorter than the crew
  std::deque<Sleeper> sleepers_;                  // one for each thread
  // Who fell asleep last is woken first, with what it needs still in the caches: so many threads cost no more than the
  // few that are needed.
  std::vector<Sleeper*> idle_;
  // One thread at most is being woken at a time, and wakes the next if there is more to do: on few cores those that run
  // already have often done it by then.
  bool waking_ = false;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace bihuan::http
