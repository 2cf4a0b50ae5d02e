// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/definitions.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql list_definitions{"definition list",
                               "SELECT id, version, hash, text FROM definition ORDER BY id, version"};
constexpr Sql put_definition{"definition put",
                             "INSERT INTO definition (id, version, hash, text) VALUES (?, ?, ?, ?)"
                             " ON CONFLICT (id, version) DO UPDATE SET hash = excluded.hash, text = excluded.text"};

}  // namespace

std::vector<StoredDefinition> Definitions::all() {
  auto const reader = readers_.lease();
  std::vector<StoredDefinition> definitions;
  auto rows = reader->query(list_definitions);
  while (rows.step()) {
    definitions.push_back({.id = rows.text(0), .version = rows.text(1), .hash = rows.text(2), .text = rows.text(3)});
  }
  return definitions;
}

void Definitions::put(StoredDefinition const& definition) {
  writer_.must_write([&](Connection& connection) {
    connection.run(put_definition, definition.id, definition.version, definition.hash, definition.text);
    connection.tell_of_rules();
  });
}

}  // namespace bihuan::sql
