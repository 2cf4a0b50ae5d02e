// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/writer.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/message.hpp"

namespace bihuan::sql {
namespace {

// How often a job that others undo is done again before its caller hears of it.
constexpr int attempts_together = 2;
constexpr int attempts_alone = 5;

}  // namespace

Writer::Writer(std::vector<std::unique_ptr<Connection>> connections, Limits limits)
    : connections_(std::move(connections)), limits_(limits) {
  for (auto const& connection : connections_) {
    threads_.emplace_back([this, &connection = *connection] { loop(connection); });
  }
}

Writer::~Writer() {
  {
    std::scoped_lock const lock(mutex_);
    stopping_ = true;
  }
  waiting_.notify_all();
}

Result<void> Writer::write(Job job, std::string rows) {
  std::future<Result<void>> answer;
  {
    std::scoped_lock const lock(mutex_);
    if (stopping_ || queue_.size() >= limits_.queue) {
      return refused(refusal(Code::busy, {}));
    }
    Entry& entry = queue_.emplace_back(
        Entry{.job = std::move(job), .rows = std::move(rows), .answer = {}, .outcome = {}, .fault = nullptr});
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

void Writer::loop(Connection& connection) {
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
    // Two that lock rows in one order never wait for each other.
    if (connections_.size() > 1) std::ranges::stable_sort(batch, {}, &Entry::rows);
    run(connection, batch);
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
void Writer::run(Connection& connection, std::span<Entry> batch) {
  bool const together = batch.size() > 1;
  bool may_find_out_later = true;
  auto const attempts = together ? attempts_together : attempts_alone;
  for (int attempt = 1; attempt <= attempts; ++attempt) {
    try {
      if (run_in_transaction(connection, batch, may_find_out_later)) return;
      break;
    } catch (FoundOutLater const&) {
      if (together) break;
      batch.front().fault = std::current_exception();
      may_find_out_later = false;
    } catch (Undone const&) {
      if (!together) batch.front().fault = std::current_exception();
    } catch (...) {
      auto const fault = std::current_exception();
      for (Entry& entry : batch) {
        entry.fault = fault;
      }
      return;
    }
  }
  if (together) run_alone(connection, batch);
}

void Writer::run_alone(Connection& connection, std::span<Entry> batch) {
  for (std::size_t place = 0; place < batch.size(); ++place) {
    run(connection, batch.subspan(place, 1));
    if (connection.usable()) continue;
    // It is out of reach for the others just as well, and each would wait anew to find out.
    for (Entry& entry : batch.subspan(place + 1)) {
      entry.fault = batch[place].fault;
    }
    return;
  }
}

// False when nothing is kept because one of them failed after it wrote.
bool Writer::run_in_transaction(Connection& connection, std::span<Entry> batch, bool may_find_out_later) {
  Transaction transaction(connection);
  std::string_view locked;
  for (Entry& entry : batch) {
    auto const changes = connection.total_changes();
    // Who comes after another of the same rows is likely to find them changed.
    connection.find_out_later(may_find_out_later && (entry.rows.empty() || entry.rows != locked));
    locked = entry.rows;
    try {
      entry.fault = nullptr;
      entry.outcome = entry.job(connection);
      if (entry.outcome || connection.total_changes() == changes) continue;
    } catch (Undone const&) {
      throw;
    } catch (...) {
      entry.fault = std::current_exception();
    }
    return false;
  }
  transaction.commit();
  return true;
}

}  // namespace bihuan::sql
