// SPDX-License-Identifier: Apache-2.0
#include "engine/store/copy/copy.hpp"

#include <algorithm>
#include <optional>

#include "engine/core/message.hpp"
#include "engine/store/copy/row_reader.hpp"
#include "engine/store/copy/tables.hpp"
#include "engine/store/digest.hpp"
#include "engine/store/sql/search_text.hpp"
#include "engine/store/sql/unfinished_copy.hpp"

namespace bihuan {
namespace {

using sql::Connection;
using sql::Dialect;
using sql::Sql;
using sql::Statement;
using sql::Transaction;
using Kind = CopiedColumn::Kind;

// A batch that the database undid is done again so often.
constexpr int most_tries = 5;

constexpr Sql insert_words{"search insert",
                           "INSERT INTO search (rowid, tokens) SELECT row, ?2 FROM cases WHERE id = ?1",
                           "INSERT INTO search (row, tokens) SELECT row, ?2::text::tsvector FROM cases WHERE id = ?1"};
constexpr Sql insert_place{"place insert",
                           "INSERT INTO place (row, south, north, west, east)"
                           " SELECT row, ?2, ?2, ?3, ?3 FROM cases WHERE id = ?1",
                           "INSERT INTO place (row, south, north, west, east)"
                           " SELECT row, ?2::bigint, ?2::bigint, ?3::bigint, ?3::bigint FROM cases WHERE id = ?1"};
// The one row that a new store is made with.
constexpr Sql empty_ends{"audit ends", "DELETE FROM audit_ends"};
constexpr Sql wait_for_disk{"wait for the disk", "SELECT 1", "SET LOCAL synchronous_commit = on"};
constexpr char const* go_on_counting = "UPDATE event_counter SET last = (SELECT coalesce(max(sequence), 0) FROM event)";

std::int64_t count(CopySide const& side, CopiedTable const& table) {
  auto& connection = side.of(table.attachments);
  Statement row(connection.cached("count", select_count(table)));
  return row.step() ? row.integer(0) : 0;
}

CopiedKey last_key(CopySide const& side, CopiedTable const& table) {
  auto& connection = side.of(table.attachments);
  Statement row(connection.cached("last key", select_last_key(table)));
  return row.step() ? key_of_row(table, columns_of(table), row) : CopiedKey();
}

class Copying {
 public:
  Copying(CopySide const& from, CopySide const& to, CopyStoreOptions const& options)
      : from_(from), to_(to), options_(options) {
    for (auto const& table : copied_tables()) all_.push_back(count(from, table));
  }

  Result<void> begin() {
    auto const source = fingerprint();
    if (auto const begun = sql::copied_from(*to_.cases)) {
      if (*begun == source) return {};
      return refuse("copy.of_another");
    }
    for (auto const& table : copied_tables()) {
      if (std::string_view(table.name) != "audit_ends" && count(to_, table) > 0) return refuse("copy.target_not_empty");
    }
    Transaction transaction(*to_.cases);
    sql::mark_copy(*to_.cases, source);
    to_.cases->run(empty_ends);
    transaction.commit();
    return {};
  }

  void copy() {
    for (std::size_t at = 0; at < all_.size(); ++at) copy(copied_tables()[at], all_[at]);
  }

  Result<void> compare() {
    for (std::size_t at = 0; at < all_.size(); ++at) {
      if (auto same = compare(copied_tables()[at], all_[at]); !same) return same;
    }
    return {};
  }

  // What was not yet on the disk is, before the mark goes.
  void finish() {
    auto& connection = *to_.cases;
    bool const postgres = connection.dialect() == Dialect::postgres;
    if (to_.attachments) to_.attachments->execute("checkpoint", "PRAGMA wal_checkpoint(TRUNCATE)");
    if (!postgres) connection.execute("sync", "PRAGMA synchronous=FULL");
    Transaction transaction(connection);
    connection.run(wait_for_disk);
    if (postgres) {
      connection.execute("event numbers", go_on_counting);
      for (auto const& table : copied_tables()) go_on_numbering(table);
      connection.execute("case numbers", number_from("cases", "row").c_str());
    }
    sql::unmark_copy(connection);
    transaction.commit();
  }

  [[nodiscard]] std::vector<CopiedRows> rows() const {
    std::vector<CopiedRows> rows;
    for (std::size_t at = 0; at < all_.size(); ++at)
      rows.push_back({.table = copied_tables()[at].name, .rows = all_[at]});
    return rows;
  }

 private:
  static tl::unexpected<Refusals> refuse(char const* why, std::initializer_list<Argument> arguments = {}) {
    auto refused_copy = refusal(Code::conflict, {});
    refused_copy.text = message(why, arguments);
    refused_copy.remedy = {};
    return refused(std::move(refused_copy));
  }

  // Whoever serves the source in between writes at least to its audit.
  std::string fingerprint() {
    std::string text;
    for (std::size_t at = 0; at < all_.size(); ++at) {
      auto const& table = copied_tables()[at];
      text += std::string(table.name) + " " + std::to_string(all_[at]) + " " + in_words(last_key(from_, table)) + "\n";
    }
    Sql const ends{"audit ends", "SELECT last_hash FROM audit_ends"};
    Statement row(from_.cases->cached(ends.name, ends.text));
    if (row.step()) text += row.text(0);
    return hash_of(text);
  }

  void copy(CopiedTable const& table, std::int64_t all) {
    auto done = count(to_, table);
    RowReader reader(from_, table, Words::themselves, options_.at_once);
    reader.go_to(last_key(to_, table));
    auto& target = to_.of(table.attachments);
    auto const insert = insert_row(table, target.dialect());
    auto const columns = columns_of(table);
    int tries = 0;
    for (std::int64_t rows = 1; rows > 0;) {
      try {
        Transaction transaction(target);
        rows = reader.next([&](Statement const& row) { add(target, table, columns, insert, row); });
        transaction.commit();
        done += rows;
        tries = 0;
      } catch (sql::Undone const&) {
        if (++tries == most_tries) throw;
        reader.go_to(last_key(to_, table));
        done = count(to_, table);
      }
      if (rows > 0) tell(CopyProgress::Step::copying, table, done, all);
    }
  }

  static void add(Connection& target, CopiedTable const& table, std::vector<CopiedColumn> const& columns,
                  std::string const& insert, Statement const& row) {
    {
      Statement statement(target.cached(table.name, insert));
      for (int at = 0; at < static_cast<int>(columns.size()); ++at) {
        switch (columns[static_cast<std::size_t>(at)].kind) {
          case Kind::integer: statement.bind(at + 1, row.maybe_integer(at)); break;
          case Kind::text: statement.bind(at + 1, row.view(at)); break;
          case Kind::bytes: statement.bind_bytes(at + 1, row.view(at)); break;
        }
      }
      statement.send();
    }
    if (!is_cases(table)) return;
    auto const beside = static_cast<int>(columns.size());
    auto const id = row.view(1);
    auto const words = target.dialect() == Dialect::postgres ? sql::search_vector(row.view(beside)) : row.text(beside);
    target.send(insert_words, id, std::string_view(words));
    auto const south = row.maybe_integer(beside + 1);
    if (south) target.send(insert_place, id, *south, row.integer(beside + 2));
  }

  Result<void> compare(CopiedTable const& table, std::int64_t all) {
    RowReader source(from_, table, Words::whether, options_.at_once);
    RowReader target(to_, table, Words::whether, options_.at_once);
    auto const columns = columns_of(table);
    std::int64_t done = 0;
    for (std::int64_t rows = 1; rows > 0; done += rows) {
      std::vector<std::string> expected;
      CopiedKey first;
      rows = source.next([&](Statement const& row) {
        if (expected.empty()) first = key_of_row(table, columns, row);
        expected.push_back(as_bytes(table, columns, row));
      });
      std::vector<std::string> found;
      (void)target.next([&](Statement const& row) { found.push_back(as_bytes(table, columns, row)); });
      if (expected != found) return refuse("copy.differs", {{"table", table.name}, {"key", in_words(first)}});
      if (rows > 0) tell(CopyProgress::Step::comparing, table, done + rows, all);
    }
    return {};
  }

  // A row as its digest, so that a batch of large ones takes little room.
  static std::string as_bytes(CopiedTable const& table, std::vector<CopiedColumn> const& columns,
                              Statement const& row) {
    Digest digest;
    auto const add_number = [&](int at) {
      auto const number = row.maybe_integer(at);
      digest.update(number ? std::to_string(*number) + ";" : "none;");
    };
    for (int at = 0; at < static_cast<int>(columns.size()); ++at) {
      if (columns[static_cast<std::size_t>(at)].kind == Kind::integer) {
        add_number(at);
      } else {
        auto const bytes = row.view(at);
        digest.update(std::to_string(bytes.size()) + ":");
        digest.update(bytes);
      }
    }
    auto const beside = is_cases(table) ? 3 : 0;
    for (int at = 0; at < beside; ++at) add_number(static_cast<int>(columns.size()) + at);
    return digest.finish();
  }

  void go_on_numbering(CopiedTable const& table) {
    if (table.numbered != nullptr) to_.cases->execute("numbers", number_from(table.name, table.numbered).c_str());
  }

  static std::string number_from(std::string const& table, std::string const& column) {
    return "SELECT setval(pg_get_serial_sequence('" + table + "', '" + column + "'), coalesce(max(" + column +
           "), 0) + 1, false) FROM " + table;
  }

  void tell(CopyProgress::Step step, CopiedTable const& table, std::int64_t done, std::int64_t all) const {
    options_.progress({.step = step, .table = table.name, .done = done, .all = all});
  }

  CopySide const& from_;
  CopySide const& to_;
  CopyStoreOptions const& options_;
  std::vector<std::int64_t> all_;  // rows of each table at the source
};

}  // namespace

Result<std::vector<CopiedRows>> copy_store(CopySide const& from, CopySide const& to, CopyStoreOptions const& options) {
  Transaction const snapshot(*from.cases, Transaction::Kind::read);
  std::optional<Transaction> attachments;
  if (from.attachments) attachments.emplace(*from.attachments, Transaction::Kind::read);
  Copying copying(from, to, options);
  if (auto begun = copying.begin(); !begun) return refused(begun.error());
  copying.copy();
  if (auto same = copying.compare(); !same) return refused(same.error());
  copying.finish();
  return copying.rows();
}

}  // namespace bihuan
