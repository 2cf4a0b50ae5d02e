// SPDX-License-Identifier: Apache-2.0
#include "engine/store/copy/tables.hpp"

#include <array>

namespace bihuan {
namespace {

using Kind = CopiedColumn::Kind;

constexpr std::array tables{
    CopiedTable{"definition", 2, "id version hash text"},
    CopiedTable{"person", 1, "id name full_name unit roles password_hash active# duty_leader# must_change# revision#"},
    CopiedTable{"session", 1, "token_hash person created# expires# last_used# address"},
    CopiedTable{"token", 1, "id token_hash person name scope# created# expires# last_used#"},
    CopiedTable{"second_factor", 1, "person secret confirmed# last_step# encrypted#"},
    CopiedTable{"substitution", 1, "id absent substitute starts# ends# recorded_by"},
    CopiedTable{.name = "unit",
                .keys = 1,
                .columns = "row# id title_zh title_en kind parent dissolved# revision#",
                .numbered = "row"},
    CopiedTable{"counter", 1, "scope last#"},
    // Cases in the order of opening: SQLite numbers their rows by it.
    CopiedTable{.name = "cases",
                .keys = 2,
                .columns = "opened# id number workflow version state final# outcome revision# title opener opener_unit"
                           " category changed# due# warn# wakeup# owner_party head_hash search_hash# body closed#"
                           " pending#",
                .at_once = 200},
    CopiedTable{"party", 4, "case_id party unit person first_of_unit# owns_step# opened# due#"},
    CopiedTable{"deadline", 3,
                "case_id name cycle# owner workflow state started# due# warn# hard_due# stopped# first_of_owner#"
                " owner_warn#"},
    CopiedTable{"event", 1, "sequence# case_id revision# place# hash body"},
    CopiedTable{"link", 4, "case_id name outward# other workflow state outcome final#"},
    CopiedTable{"document", 3, "sha256 case_id kind name type size#"},
    CopiedTable{"handled", 3, "person opened# case_id"},
    CopiedTable{"reached", 4, "workflow state opened# case_id"},
    CopiedTable{"idempotency", 2, "person key request_hash case_id revision# at#"},
    CopiedTable{.name = "outbox", .keys = 1, .columns = "sequence# kind case_id body at#", .numbered = "sequence"},
    CopiedTable{"imported", 2, "source key case_id"},
    CopiedTable{"audit", 1, "sequence# at# kind person unit case_id address detail previous hash"},
    CopiedTable{"audit_ends", 1, "id# purged_sequence# purged_hash last_sequence# last_hash"},
    CopiedTable{"seal", 1, "number# at# size# root previous key signature decoys# salt first_sequence# events#"},
    CopiedTable{"seal_tile", 2, "level# place# hashes%"},
    CopiedTable{"feed", 1, "id token_hash person name filter created# last_used#"},
    CopiedTable{"webhook", 1,
                "id person url types filter created# active# told_up_to# attempts# next_attempt# last_fault"},
    CopiedTable{"webhook_secret", 1, "id webhook secret made# retires#"},
    CopiedTable{"dead_letter", 2, "webhook id case_id revision# attempts# fault at#"},
    // What is still being uploaded has no hash yet.
    CopiedTable{.name = "attachment",
                .keys = 1,
                .columns = "blob# sha256 size#",
                .only = "sha256 IS NOT NULL",
                .numbered = "blob",
                .attachments = true},
    CopiedTable{.name = "chunk",
                .keys = 2,
                .columns = "blob# place# bytes%",
                .only = "blob IN (SELECT blob FROM attachment WHERE sha256 IS NOT NULL)",
                .attachments = true,
                .at_once = 16},
    CopiedTable{.name = "upload", .keys = 2, .columns = "sha256 uploader name type", .attachments = true},
};

template <class Each>
std::string listed(std::vector<CopiedColumn> const& columns, std::size_t count, Each const& each) {
  std::string text;
  for (std::size_t at = 0; at < count; ++at) text += (at == 0 ? "" : ", ") + each(columns[at]);
  return text;
}

}  // namespace

std::span<CopiedTable const> copied_tables() {
  return tables;
}

bool is_cases(CopiedTable const& table) {
  return std::string_view(table.name) == "cases";
}

std::vector<CopiedColumn> columns_of(CopiedTable const& table) {
  std::vector<CopiedColumn> columns;
  std::string_view rest(table.columns);
  while (!rest.empty()) {
    auto const end = std::min(rest.find(' '), rest.size());
    auto name = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    auto kind = Kind::text;
    if (name.ends_with('#')) kind = Kind::integer;
    if (name.ends_with('%')) kind = Kind::bytes;
    if (kind != Kind::text) name.remove_suffix(1);
    columns.push_back({.name = std::string(name), .kind = kind});
  }
  return columns;
}

std::string select_rows(CopiedTable const& table, sql::Dialect dialect, bool from_start, Words words) {
  auto const columns = columns_of(table);
  auto const name = [](CopiedColumn const& column) { return "t." + column.name; };
  auto const keys = listed(columns, table.keys, name);
  auto text = "SELECT " + listed(columns, columns.size(), name);
  bool const postgres = dialect == sql::Dialect::postgres;
  if (is_cases(table)) {
    if (words == Words::whether) {
      text += postgres ? ", CASE WHEN s.row IS NULL THEN 0::bigint ELSE 1::bigint END" : ", s.rowid IS NOT NULL";
    } else {
      text += postgres ? ", coalesce((SELECT string_agg(w.lexeme, ' ' ORDER BY n) FROM unnest(s.tokens) w,"
                         " unnest(w.positions) n), '')"
                       : ", coalesce(s.tokens, '')";
    }
    text += ", p.south, p.west";
  }
  text += std::string(" FROM ") + table.name + " t";
  if (is_cases(table)) {
    text += postgres ? " LEFT JOIN search s ON s.row = t.row" : " LEFT JOIN search s ON s.rowid = t.row";
    text += " LEFT JOIN place p ON p.row = t.row";
  }
  std::string condition = table.only == nullptr ? "" : table.only;
  if (!from_start) {
    condition += (condition.empty() ? "(" : " AND (") + keys + ") > (" +
                 listed(columns, table.keys, [](CopiedColumn const&) { return std::string("?"); }) + ")";
  }
  if (!condition.empty()) text += " WHERE " + condition;
  return text + " ORDER BY " + keys + " LIMIT ?";
}

std::string select_last_key(CopiedTable const& table) {
  auto const columns = columns_of(table);
  auto const name = [](CopiedColumn const& column) { return column.name; };
  auto text = "SELECT " + listed(columns, table.keys, name) + " FROM " + table.name;
  if (table.only != nullptr) text += std::string(" WHERE ") + table.only;
  return text + " ORDER BY " + listed(columns, table.keys, [](auto const& column) { return column.name + " DESC"; }) +
         " LIMIT 1";
}

std::string select_count(CopiedTable const& table) {
  auto text = std::string("SELECT count(*) FROM ") + table.name;
  if (table.only != nullptr) text += std::string(" WHERE ") + table.only;
  return text;
}

std::string insert_row(CopiedTable const& table, sql::Dialect dialect) {
  auto const columns = columns_of(table);
  auto const name = [](CopiedColumn const& column) { return column.name; };
  int place = 0;
  auto const placeholder = [&place](CopiedColumn const&) { return "?" + std::to_string(++place); };
  auto const names = listed(columns, columns.size(), name);
  auto const values = listed(columns, columns.size(), placeholder);
  bool const rows_by_opening = is_cases(table) && dialect == sql::Dialect::sqlite;
  return std::string("INSERT INTO ") + table.name + " (" + names + (rows_by_opening ? ", row" : "") + ") VALUES (" +
         values +
         // As it is when a case is opened; the first column is the second of that.
         (rows_by_opening ? ", coalesce((SELECT max(row) + 1 FROM cases WHERE row >= ?1 * 16777216"
                            " AND row < (?1 + 1) * 16777216), ?1 * 16777216))"
                          : ")");
}

}  // namespace bihuan
