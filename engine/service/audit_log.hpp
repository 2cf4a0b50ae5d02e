// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/core/result.hpp"
#include "engine/service/case_service.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

// Takes rows of the audit from those who read and writes them some at a time, so that looking at a case never
// waits for the disk. Safe to call from any thread.
//
// What is promised: nobody is shown what is not at least in the queue; a row is durable a fifth of a second
// later, so a crash may lose the last few; when the queue is full, because the disk is slower than the
// readers or fails, nothing more is shown until there is room.
class AuditLog {
 public:
  struct Options {
    std::size_t queue = 4096;
    std::chrono::milliseconds gather{200};  // how long the first row waits for others
    std::chrono::milliseconds retry{1000};  // after the store failed
    std::chrono::days retention{400};
    // Told why rows cannot be written now. Called from the thread that writes.
    std::function<void(std::string const& reason)> on_fault{};
  };

  AuditLog(Store& store, Clock clock) : AuditLog(store, std::move(clock), Options()) {}
  AuditLog(Store& store, Clock clock, Options options);
  // Writes what waits; on_fault hears how many rows could not be written.
  ~AuditLog();

  // Sets the time. Refused with busy when the queue is full: then what was asked for must not be shown.
  [[nodiscard]] Result<void> record(AuditEvent event);
  // Returns when all that was recorded before is durable; false when the store fails.
  bool flush();
  // Forgets what is older than the retention; the number of rows.
  std::int64_t purge_expired();

 private:
  void run(std::stop_token const& stop);
  [[nodiscard]] bool write(std::vector<AuditEvent> const& rows);
  void report(std::string const& reason) const;

  Store& store_;
  Clock clock_;
  Options const options_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::condition_variable_any written_;
  std::vector<AuditEvent> queue_;  // those that are being written stay in it until they are
  std::uint64_t recorded_count_ = 0;
  std::uint64_t written_count_ = 0;
  std::uint64_t fault_count_ = 0;
  bool hurry_ = false;  // somebody waits for what is queued
  std::jthread thread_;
};

}  // namespace bihuan
