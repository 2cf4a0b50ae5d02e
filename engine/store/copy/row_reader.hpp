// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "engine/store/copy/side.hpp"
#include "engine/store/copy/tables.hpp"

namespace bihuan {

// Walks one table of one side, a batch at a time.
class RowReader {
 public:
  RowReader(CopySide const& side, CopiedTable const& table, Words words, std::int64_t at_once);

  // Goes on behind this key.
  void go_to(CopiedKey key) { last_ = std::move(key); }
  // The rows of the next batch, each while it lasts; how many there were, 0 at the end.
  std::int64_t next(std::function<void(sql::Statement const& row)> const& each);

 private:
  sql::Connection& connection_;
  CopiedTable const& table_;
  std::vector<CopiedColumn> const columns_;
  std::string const first_;
  std::string const behind_;
  std::int64_t const at_once_;
  CopiedKey last_;
};

// The key at the front of a row.
[[nodiscard]] CopiedKey key_of_row(CopiedTable const& table, std::vector<CopiedColumn> const& columns,
                                   sql::Statement const& row);
// For people.
[[nodiscard]] std::string in_words(CopiedKey const& key);

}  // namespace bihuan
