// SPDX-License-Identifier: Apache-2.0
#include "api/http/worker_pool.hpp"

#include <sys/resource.h>

#include <exception>
#include <utility>

#include "api/http/log.hpp"

namespace bihuan::http {

WorkerPool::WorkerPool(Options options) : options_(std::move(options)) {
  for (std::size_t index = 0; index < options_.threads; ++index) threads_.emplace_back([this] { run(); });
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

bool WorkerPool::try_push(Job job) {
  {
    std::lock_guard const lock(mutex_);
    if (!takes_more()) return false;
    queue_.push_back({std::move(job), options_.now()});
    if (std::exchange(waking_, true)) return true;
  }
  wake_.notify_one();
  return true;
}

void WorkerPool::push_continuation(Job job) {
  {
    std::lock_guard const lock(mutex_);
    if (threads_.empty()) return;
    queue_.push_back({std::move(job), options_.now()});
    if (std::exchange(waking_, true)) return;
  }
  wake_.notify_one();
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
  }
  wake_.notify_all();
  for (auto& thread : threads) thread.join();
}

void WorkerPool::run() {
  // On Linux it is each thread's own. Without it the work is done just as well.
  if (options_.nice != 0) ::setpriority(PRIO_PROCESS, 0, ::getpriority(PRIO_PROCESS, 0) + options_.nice);
  std::unique_lock lock(mutex_);
  while (true) {
    bool woken = false;
    while (queue_.empty() && !stopping_) {
      waking_ = false;
      wake_.wait(lock);
      woken = true;
    }
    if (queue_.empty()) return;
    auto job = std::move(queue_.front().job);
    queue_.pop_front();
    if (woken) waking_ = !queue_.empty();
    bool const wakes_next = woken && waking_;
    lock.unlock();
    if (wakes_next) wake_.notify_one();
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
