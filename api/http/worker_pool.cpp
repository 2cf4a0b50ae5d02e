// SPDX-License-Identifier: Apache-2.0
#include "api/http/worker_pool.hpp"

#include <sys/resource.h>

#include <exception>

#include "api/http/log.hpp"

namespace bihuan::http {

WorkerPool::WorkerPool(Options options) : options_(std::move(options)), sleepers_(options_.threads) {
  for (auto& sleeper : sleepers_) threads_.emplace_back([this, &sleeper] { run(sleeper); });
}

WorkerPool::~WorkerPool() {
  stop();
}

bool WorkerPool::takes_more() {
  if (stopping_ || queue_.size() >= options_.queue_limit) return false;
  auto const now = options_.now();
  // A few that wait for a machine that is busy with something else are no overload: there is a thread for each.
  if (queue_.size() < options_.threads) calm_ = now;
  return now - calm_ <= options_.burst || now - queue_.front().since <= options_.patience;
}

// Whom to ring for once the mutex is free, if anybody.
WorkerPool::Sleeper* WorkerPool::next_to_wake() {
  if (waking_ || idle_.empty()) return nullptr;
  waking_ = true;
  auto* const sleeper = idle_.back();
  idle_.pop_back();
  sleeper->rung = true;
  return sleeper;
}

void WorkerPool::ring(Sleeper* sleeper) {
  if (sleeper != nullptr) sleeper->bell.notify_one();
}

void WorkerPool::enqueue(std::unique_lock<std::mutex> lock, Job job) {
  queue_.push_back({std::move(job), options_.now()});
  auto* const sleeper = next_to_wake();
  lock.unlock();
  ring(sleeper);
}

bool WorkerPool::try_push(Job job) {
  std::unique_lock lock(mutex_);
  if (!takes_more()) return false;
  enqueue(std::move(lock), std::move(job));
  return true;
}

void WorkerPool::push_continuation(Job job) {
  std::unique_lock lock(mutex_);
  if (!threads_.empty()) enqueue(std::move(lock), std::move(job));
}

std::size_t WorkerPool::queue_depth() const {
  std::lock_guard const lock(mutex_);
  return queue_.size();
}

void WorkerPool::stop() {
  std::vector<std::jthread> threads;
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
    for (auto* const sleeper : idle_) sleeper->rung = true;
    idle_.clear();
  }
  for (auto& sleeper : sleepers_) ring(&sleeper);
  for (auto& thread : threads) thread.join();
}

void WorkerPool::run(Sleeper& self) {
  // On Linux it is each thread's own. Without it the work is done just as well.
  if (options_.nice != 0) ::setpriority(PRIO_PROCESS, 0, ::getpriority(PRIO_PROCESS, 0) + options_.nice);
  std::unique_lock lock(mutex_);
  while (true) {
    bool woken = false;
    while (queue_.empty() && !stopping_) {
      idle_.push_back(&self);
      self.bell.wait(lock, [&self] { return self.rung; });
      self.rung = false;
      waking_ = false;
      woken = true;
    }
    if (queue_.empty()) return;
    auto job = std::move(queue_.front().job);
    queue_.pop_front();
    auto* const next = woken && !queue_.empty() ? next_to_wake() : nullptr;
    lock.unlock();
    ring(next);
    try {
      job();
    } catch (std::exception const& fault) {
      log_event(spdlog::level::err, "job failed", {{"pool", options_.name}, {"reason", reason_of(fault)}});
    }
    job = nullptr;
    lock.lock();
  }
}

}  // namespace bihuan::http
