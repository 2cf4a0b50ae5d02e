// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/connection.hpp"

#include <cstdio>
#include <cstdlib>

namespace bihuan::sql {
namespace {

constexpr std::size_t composed_limit = 64;

}  // namespace

Statement::Statement(Prepared& prepared) : prepared_(prepared) {
  if (prepared_.borrowed_) {
    std::fprintf(stderr, "statement used twice at once: %s\n", prepared_.name().c_str());
    std::abort();
  }
  prepared_.borrowed_ = true;
}

Statement::~Statement() {
  prepared_.reset();
  prepared_.borrowed_ = false;
}

void Statement::bind_copy(int place, Value const& value) {
  if (auto const* const number = std::get_if<std::int64_t>(&value)) {
    bind(place, *number);
  } else {
    prepared_.bind_copy(place, std::get<std::string>(value));
  }
}

int Statement::finish() {
  while (step()) {
  }
  return prepared_.changed();
}

Prepared& Connection::cached(Sql const& sql) {
  auto& place = named_[&sql];
  if (!place) {
    place = prepare(sql.name, dialect() == Dialect::postgres && sql.postgres != nullptr ? sql.postgres : sql.text);
  }
  return *place;
}

Prepared& Connection::cached(char const* name, std::string const& text) {
  if (auto const found = composed_.find(text); found != composed_.end()) {
    return *found->second;
  }
  // One that is in use must stay; callers hold one at a time, so all others may go.
  if (composed_.size() >= composed_limit) {
    std::erase_if(composed_, [](auto const& entry) { return !entry.second->borrowed_; });
  }
  return *composed_.emplace(text, prepare(name, text)).first->second;
}

void Connection::forget_statements() {
  named_.clear();
  composed_.clear();
}

Transaction::Transaction(Connection& connection, Kind kind) : connection_(connection) {
  connection_.begin(kind);
}

Transaction::~Transaction() {
  // Some faults end the transaction by themselves; then there is nothing to roll back.
  if (!open_ || !connection_.in_transaction()) {
    return;
  }
  try {
    connection_.roll_back();
  } catch (StoreFault const&) {
    // The next BEGIN on this connection fails and says so.
  }
}

void Transaction::commit() {
  connection_.commit();
  open_ = false;
}

}  // namespace bihuan::sql
