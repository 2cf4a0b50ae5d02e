// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/imported.hpp"

#include "engine/core/message.hpp"
#include "engine/store/sql/cases.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql put_row{"imported put",
                      "INSERT INTO imported (source, key, case_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"};
constexpr Sql find_row{"imported find", "SELECT case_id FROM imported WHERE source = ? AND key = ?"};

}  // namespace

Result<void> write_imported(Connection& connection, std::vector<ImportedRow> const& rows) {
  for (auto const& row : rows) {
    if (connection.run(put_row, row.source, row.key, row.case_id) != 1) {
      return refused(refusal(Code::key_reused, {}));
    }
  }
  return {};
}

std::optional<std::string> Cases::imported(std::string const& source, std::string const& key) {
  auto const reader = readers_.lease();
  auto row = reader->query(find_row, source, key);
  if (!row.step()) {
    return std::nullopt;
  }
  return row.text(0);
}

}  // namespace bihuan::sql
