// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/sql/connection.hpp"

namespace bihuan {

// A table that both kinds of database have, as it is copied: row by row in the order of its key.
struct CopiedTable {
  char const* name;
  std::size_t keys;                // so many columns at the front are the key
  char const* columns;             // the name of each; after a number #, after bytes %
  char const* only = nullptr;      // a condition: what does not hold it stays behind
  char const* numbered = nullptr;  // the column that the database goes on numbering
  bool attachments = false;        // beside the bytes of documents
  std::int64_t at_once = 500;      // rows
};

// In an order in which each finds the rows that it refers to.
[[nodiscard]] std::span<CopiedTable const> copied_tables();

// Cases stand in it too; with them go the row that the database gave each, its words and its place.
[[nodiscard]] bool is_cases(CopiedTable const& table);

struct CopiedColumn {
  enum class Kind { text, integer, bytes };
  std::string name;
  Kind kind = Kind::text;
};
[[nodiscard]] std::vector<CopiedColumn> columns_of(CopiedTable const& table);

// A place in a table: its key; empty before the first row.
using CopiedKey = std::vector<sql::Value>;

// SELECT of all columns after a key (bound first, unless `from_start`) with a limit (bound last). Of cases the columns
// are followed by `words`, where they are asked for, and else by whether there are any, and by south and west.
enum class Words { themselves, whether };
[[nodiscard]] std::string select_rows(CopiedTable const& table, sql::Dialect dialect, bool from_start, Words words);
[[nodiscard]] std::string select_last_key(CopiedTable const& table);
[[nodiscard]] std::string select_count(CopiedTable const& table);
[[nodiscard]] std::string insert_row(CopiedTable const& table, sql::Dialect dialect);

}  // namespace bihuan
