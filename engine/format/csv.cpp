// SPDX-License-Identifier: Apache-2.0
#include "engine/format/csv.hpp"

#include <utility>

namespace bihuan {
namespace {

// Spreadsheets skip what is blank before they look for a formula.
bool looks_like_a_formula(std::string_view value) {
  auto const start = value.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return false;
  if (value.front() == '\t' || value.front() == '\r') return true;
  auto const rest = value.substr(start);
  for (std::string_view const sign : {"=", "+", "-", "@", "＝", "＋", "－", "＠"}) {
    if (rest.starts_with(sign)) return true;
  }
  return false;
}

}  // namespace

void CsvLine::separate() {
  if (!first_) line_ += ',';
  first_ = false;
}

void CsvLine::text(std::string_view value) {
  separate();
  bool const guarded = looks_like_a_formula(value);
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
    line_.append(guarded ? "'" : "").append(value);
    return;
  }
  line_.append(guarded ? "\"'" : "\"");
  for (char const character : value) line_.append(character == '"' ? 2 : 1, character);
  line_ += '"';
}

void CsvLine::plain(std::string_view value) {
  separate();
  line_ += value;
}

std::string csv_unguarded(std::string_view cell) {
  bool const guarded = cell.starts_with('\'') && looks_like_a_formula(cell.substr(1));
  return std::string(guarded ? cell.substr(1) : cell);
}

std::string CsvLine::take() {
  first_ = true;
  line_ += "\r\n";
  return std::exchange(line_, {});
}

}  // namespace bihuan
