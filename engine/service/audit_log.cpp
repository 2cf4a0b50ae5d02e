// SPDX-License-Identifier: Apache-2.0
#include "engine/service/audit_log.hpp"

#include <exception>
#include <utility>

#include "engine/core/message.hpp"

namespace bihuan {

AuditLog::AuditLog(Store& store, Clock clock, Options options)
    : store_(store),
      clock_(std::move(clock)),
      options_(std::move(options)),
      thread_([this](std::stop_token const& stop) { run(stop); }) {}

AuditLog::~AuditLog() {
  thread_.request_stop();
  thread_.join();
  if (!queue_.empty() && !write(queue_)) {
    report(std::to_string(queue_.size()) + " rows of the audit are lost");
  }
}

Result<void> AuditLog::record(AuditEvent event) {
  event.at = clock_();
  {
    std::scoped_lock const lock(mutex_);
    if (queue_.size() >= options_.queue) return refused(refusal(Code::busy, {}));
    queue_.push_back(std::move(event));
    ++recorded_count_;
    if (queue_.size() > 1 && queue_.size() < options_.queue / 2) return {};
  }
  wake_.notify_all();
  return {};
}

bool AuditLog::flush() {
  std::unique_lock lock(mutex_);
  auto const goal = recorded_count_;
  auto const faults = fault_count_;
  hurry_ = written_count_ < goal;
  wake_.notify_all();
  written_.wait(lock, [&] { return written_count_ >= goal || fault_count_ != faults; });
  return written_count_ >= goal;
}

std::int64_t AuditLog::purge_expired() {
  auto const now = clock_();
  std::int64_t rows = 0;
  while (auto const gone = store_.audit().purge(now - options_.retention, now)) rows += gone;
  return rows;
}

void AuditLog::run(std::stop_token const& stop) {
  std::unique_lock lock(mutex_);
  while (wake_.wait(lock, stop, [this] { return !queue_.empty(); })) {
    wake_.wait_for(lock, stop, options_.gather, [this] { return hurry_ || queue_.size() >= options_.queue / 2; });
    if (stop.stop_requested()) return;
    hurry_ = false;
    auto const rows = queue_;
    lock.unlock();
    bool const done = write(rows);
    lock.lock();
    if (done) {
      queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(rows.size()));
      written_count_ += rows.size();
    } else {
      ++fault_count_;
    }
    written_.notify_all();
    if (!done) wake_.wait_for(lock, stop, options_.retry, [] { return false; });
  }
}

bool AuditLog::write(std::vector<AuditEvent> const& rows) {
  try {
    auto const done = store_.audit().append(rows);
    if (!done) report(done.error().front().text.en);
    return done.has_value();
  } catch (std::exception const& fault) {
    report(fault.what());
    return false;
  }
}

void AuditLog::report(std::string const& reason) const {
  if (options_.on_fault) options_.on_fault(reason);
}

}  // namespace bihuan
