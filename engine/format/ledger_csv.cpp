// SPDX-License-Identifier: Apache-2.0
#include "engine/format/ledger_csv.hpp"

#include <algorithm>
#include <cstring>

#include "engine/format/csv.hpp"

namespace bihuan {

LedgerCsv::LedgerCsv(LedgerRows rows) : rows_(std::move(rows)), text_(byte_order_mark) {
  CsvLine line;
  for (auto const& column : rows_.columns()) line.text(column.title);
  for (auto const* const name : {"id", "revision"}) line.plain(name);
  text_ += line.take();
}

std::size_t LedgerCsv::read(std::span<char> out) {
  while (taken_ == text_.size() && !ended_) write_page();
  auto const size = std::min(out.size(), text_.size() - taken_);
  std::memcpy(out.data(), text_.data() + taken_, size);
  taken_ += size;
  return size;
}

void LedgerCsv::write_page() {
  text_.clear();
  taken_ = 0;
  auto const page = rows_.next_page();
  ended_ = page.empty();
  count_ += page.size();
  CsvLine line;
  for (auto const& row : page) {
    for (auto const& cell : row.cells) {
      if (cell.kind == LedgerCell::Kind::text) {
        line.text(cell.text);
      } else {
        line.plain(cell.text);
      }
    }
    line.plain(row.id);
    line.plain(std::to_string(row.revision));
    text_ += line.take();
  }
}

}  // namespace bihuan
