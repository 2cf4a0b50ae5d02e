// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>

#include "tools/bench/sample.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace bihuan::bench {

// The least that a durable transition can be on SQLite: UPDATE of a case's row, INSERT of a 400-byte event,
// WAL, synchronous=FULL, one commit each. No rights, no rules, no history hashes. For one thread.
class RawSqlite {
 public:
  RawSqlite(std::filesystem::path const& file, std::size_t cases);
  ~RawSqlite();
  RawSqlite(RawSqlite const&) = delete;
  RawSqlite& operator=(RawSqlite const&) = delete;

  void advance();

 private:
  void execute(char const* script);
  [[nodiscard]] sqlite3_stmt* prepare(char const* text);
  void finish(sqlite3_stmt* statement);
  void fill();

  sqlite3* handle_ = nullptr;
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* update_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
  std::size_t cases_;
  std::size_t next_ = 0;
};

}  // namespace bihuan::bench
