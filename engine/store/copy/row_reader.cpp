// SPDX-License-Identifier: Apache-2.0
#include "engine/store/copy/row_reader.hpp"

namespace bihuan {

using sql::Statement;

RowReader::RowReader(CopySide const& side, CopiedTable const& table, Words words, std::int64_t at_once)
    : connection_(side.of(table.attachments)),
      table_(table),
      columns_(columns_of(table)),
      first_(select_rows(table, connection_.dialect(), true, words)),
      behind_(select_rows(table, connection_.dialect(), false, words)),
      at_once_(at_once > 0 ? at_once : table.at_once) {}

std::int64_t RowReader::next(std::function<void(Statement const& row)> const& each) {
  Statement row(connection_.cached(table_.name, last_.empty() ? first_ : behind_));
  int place = 0;
  for (auto const& value : last_) row.bind_copy(++place, value);
  row.bind(++place, at_once_);
  std::int64_t rows = 0;
  CopiedKey last;
  while (row.step()) {
    each(row);
    last = key_of_row(table_, columns_, row);
    ++rows;
  }
  if (rows > 0) last_ = std::move(last);
  return rows;
}

CopiedKey key_of_row(CopiedTable const& table, std::vector<CopiedColumn> const& columns, Statement const& row) {
  CopiedKey key;
  for (std::size_t at = 0; at < table.keys; ++at) {
    auto const place = static_cast<int>(at);
    if (columns[at].kind == CopiedColumn::Kind::integer) {
      key.emplace_back(row.integer(place));
    } else {
      key.emplace_back(row.text(place));
    }
  }
  return key;
}

std::string in_words(CopiedKey const& key) {
  std::string text;
  for (auto const& value : key) {
    auto const* const number = std::get_if<std::int64_t>(&value);
    text += (text.empty() ? "" : " ") + (number != nullptr ? std::to_string(*number) : std::get<std::string>(value));
  }
  return text;
}

}  // namespace bihuan
