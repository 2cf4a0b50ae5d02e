// SPDX-License-Identifier: Apache-2.0
#include "engine/store/postgres/prepared.hpp"

#include <libpq-fe.h>

#include <cstdlib>
#include <utility>

#include "engine/store/postgres/dialect.hpp"

namespace bihuan::postgres {
namespace {

std::string_view bytes_in(PGresult const* result, int row, int column) {
  return {PQgetvalue(result, row, column), static_cast<std::size_t>(PQgetlength(result, row, column))};
}

}  // namespace

std::int64_t number_in(pg_result const* result, int row, int column) {
  auto const bytes = bytes_in(result, row, column);
  bool const below_zero = bytes.size() > 1 && (static_cast<unsigned char>(bytes[0]) & 0x80U) != 0;
  std::uint64_t value = below_zero ? ~std::uint64_t{0} : 0;
  for (char const byte : bytes) value = (value << 8U) | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(value);
}

PostgresPrepared::PostgresPrepared(Connection& connection, char const* name, std::string_view text)
    : Prepared(name), connection_(connection), text_(translated(text)) {}

PostgresPrepared::~PostgresPrepared() {
  reset();
  if (generation_ == connection_.generation_ && !called_.empty()) connection_.forgotten_.push_back(called_);
}

PostgresPrepared::Parameter& PostgresPrepared::at(int place) {
  if (parameters_.size() < static_cast<std::size_t>(place)) parameters_.resize(static_cast<std::size_t>(place));
  return parameters_[static_cast<std::size_t>(place) - 1];
}

void PostgresPrepared::bind_integer(int place, std::int64_t value) {
  auto& parameter = at(place);
  parameter.own = std::to_string(value);
  parameter.owns = true;
  parameter.binary = false;
}

void PostgresPrepared::bind_null(int place) {
  at(place) = {.null = true};
}

void PostgresPrepared::bind_text(int place, std::string_view text) {
  at(place) = {.view = text, .binary = true};
}

void PostgresPrepared::bind_bytes(int place, std::string_view bytes) {
  bind_text(place, bytes);
}

void PostgresPrepared::bind_copy(int place, std::string const& text) {
  at(place) = {.own = text, .owns = true, .binary = true};
}

bool PostgresPrepared::step() {
  if (result_ == nullptr) {
    connection_.answer(*this);
    row_ = -1;
  }
  return ++row_ < PQntuples(result_);
}

void PostgresPrepared::send() {
  connection_.send(*this, {.name = name()});
}

bool PostgresPrepared::change_one() {
  if (!connection_.finds_out_later_) return Prepared::change_one();
  connection_.send(*this, {.name = name(), .one_row = true});
  return true;
}

int PostgresPrepared::changed() const {
  return result_ == nullptr ? 0 : std::atoi(PQcmdTuples(result_));
}

void PostgresPrepared::reset() noexcept {
  PQclear(std::exchange(result_, nullptr));
  parameters_.clear();
}

std::int64_t PostgresPrepared::integer(int column) const {
  return number_in(result_, row_, column);
}

bool PostgresPrepared::is_null(int column) const {
  return PQgetisnull(result_, row_, column) != 0;
}

std::string_view PostgresPrepared::view(int column) const {
  return bytes_in(result_, row_, column);
}

}  // namespace bihuan::postgres
