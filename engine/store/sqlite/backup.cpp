// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/backup.hpp"

#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/schema.hpp"

namespace bihuan {
namespace {

using namespace sqlite;

constexpr Sql count_cases{"count cases", "SELECT count(*) FROM cases"};
constexpr Sql count_events{"count events", "SELECT count(*), ifnull(max(sequence), 0) FROM event"};
constexpr Sql check_structure{"integrity check", "PRAGMA integrity_check(20)"};
constexpr Sql any_row{"snapshot", "SELECT 1 FROM sqlite_schema LIMIT 1"};

void copy_file(Connection& from, std::filesystem::path const& target) {
  // The first read settles which instant it is; the copy is of that, whatever is committed meanwhile.
  Transaction const snapshot(from, Transaction::Kind::read);
  {
    auto row = from.query(any_row);
    row.step();
  }
  Connection to(target, Connection::Mode::read_write);
  from.copy_to(to);
}

CopiedStore contents_of(std::filesystem::path const& cases) {
  Connection connection(cases, Connection::Mode::read_only);
  CopiedStore copied;
  {
    auto row = connection.query(count_cases);
    row.step();
    copied.cases = row.integer(0);
  }
  auto row = connection.query(count_events);
  row.step();
  copied.events = row.integer(0);
  copied.last_change = row.integer(1);
  return copied;
}

}  // namespace

Result<CopiedStore> copy_sqlite_store(std::filesystem::path const& source, std::filesystem::path const& target) {
  Connection cases(source / database_files[0], Connection::Mode::read_only);
  Connection attachments(source / database_files[1], Connection::Mode::read_only);
  if (auto fit = check_not_newer(cases, case_schema()); !fit) return refused(fit.error());
  if (auto fit = check_not_newer(attachments, attachment_schema()); !fit) return refused(fit.error());
  // In this order: a document's bytes are durable before a case names it, and never go.
  copy_file(cases, target / database_files[0]);
  copy_file(attachments, target / database_files[1]);
  return contents_of(target / database_files[0]);
}

std::vector<std::string> structure_faults(std::filesystem::path const& directory) {
  std::vector<std::string> faults;
  for (auto const* const name : database_files) {
    Connection connection(directory / name, Connection::Mode::read_only);
    auto row = connection.query(check_structure);
    while (row.step()) {
      if (row.view(0) != "ok") faults.push_back(std::string(name) + ": " + row.text(0));
    }
  }
  return faults;
}

}  // namespace bihuan
