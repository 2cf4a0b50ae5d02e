// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/writer.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/message.hpp"

namespace bihuan::sqlite {

Writer::Writer(Connection connection, Limits limits)
    : connection_(std::move(connection)), limits_(limits), thread_([this] { loop(); }) {}

Writer::~Writer() {
  {
    std::scoped_lock const lock(mutex_);
    stopping_ = true;
  }
  waiting_.notify_all();
  thread_.join();
  try {
    connection_.execute("checkpoint", "PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (StoreFault const&) {
    // Nothing is lost: the log is read again at the next start.
  }
}

Result<void> Writer::write(Job job) {
  std::future<Result<void>> answer;
  {
    std::scoped_lock const lock(mutex_);
    if (stopping_ || queue_.size() >= limits_.queue) {
      return refused(refusal(Code::busy, {}));
    }
    Entry& entry = queue_.emplace_back(Entry{.job = std::move(job), .answer = {}, .outcome = {}, .fault = nullptr});
    answer = entry.answer.get_future();
  }
  waiting_.notify_one();
  return answer.get();
}

void Writer::must_write(std::function<void(Connection&)> const& job) {
  auto const done = write([&](Connection& connection) -> Result<void> {
    job(connection);
    return {};
  });
  if (!done) {
    throw StoreFault("the queue of the writer is full");
  }
}

void Writer::loop() {
  std::vector<Entry> batch;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      waiting_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) {
        return;
      }
      auto const taken = static_cast<std::ptrdiff_t>(std::min(queue_.size(), limits_.batch));
      batch.assign(std::move_iterator(queue_.begin()), std::move_iterator(queue_.begin() + taken));
      queue_.erase(queue_.begin(), queue_.begin() + taken);
    }
    run(batch);
    for (Entry& entry : batch) {
      if (entry.fault) {
        entry.answer.set_exception(entry.fault);
      } else {
        entry.answer.set_value(std::move(entry.outcome));
      }
    }
    batch.clear();
  }
}

// Refusals wait for the commit as well: they may rest on what a neighbour in the same batch did.
void Writer::run(std::span<Entry> batch) {
  try {
    if (run_in_transaction(batch)) return;
  } catch (...) {
    auto const fault = std::current_exception();
    for (Entry& entry : batch) {
      entry.fault = fault;
    }
    return;
  }
  for (Entry& entry : batch) {
    if (batch.size() > 1) run({&entry, 1});
  }
}

// False when nothing is kept because one of them failed after it wrote.
bool Writer::run_in_transaction(std::span<Entry> batch) {
  Transaction transaction(connection_);
  for (Entry& entry : batch) {
    auto const changes = connection_.total_changes();
    try {
      entry.fault = nullptr;
      entry.outcome = entry.job(connection_);
      if (entry.outcome || connection_.total_changes() == changes) continue;
    } catch (...) {
      entry.fault = std::current_exception();
    }
    return false;
  }
  transaction.commit();
  return true;
}

}  // namespace bihuan::sqlite
