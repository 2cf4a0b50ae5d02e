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
void Writer::run(std::vector<Entry>& batch) {
  try {
    run_in_transaction(batch);
  } catch (...) {
    auto const fault = std::current_exception();
    for (Entry& entry : batch) {
      entry.fault = fault;
    }
  }
}

void Writer::run_in_transaction(std::vector<Entry>& batch) {
  Transaction transaction(connection_);
  for (Entry& entry : batch) {
    try {
      Savepoint savepoint(connection_);
      entry.outcome = entry.job(connection_);
      if (entry.outcome) {
        savepoint.release();
      }
    } catch (...) {
      entry.fault = std::current_exception();
      // A full disk or an I/O error makes SQLite roll back everything, the neighbours' work with it.
      if (!connection_.in_transaction()) {
        throw;
      }
    }
  }
  transaction.commit();
}

}  // namespace bihuan::sqlite
