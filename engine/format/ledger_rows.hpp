// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/definition.hpp"
#include "engine/core/message.hpp"
#include "engine/service/case_service.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

// A ledger in no file's form yet.

struct LedgerColumn {
  std::string key;  // "number", "light", a field's id
  std::string title;
  FieldType type = FieldType::text;
  std::vector<std::string> choices{};  // all that a cell of it can say, where that is a closed list
};

struct LedgerCell {
  enum class Kind { nothing, text, number, date, instant };
  Kind kind = Kind::nothing;
  // A number as JSON writes it, a date as YYYY-MM-DD, an instant by RFC 3339 with its zone's offset.
  std::string text{};
};

struct LedgerRow {
  std::string id;
  std::int64_t revision = 0;
  Light light = Light::grey;
  std::vector<LedgerCell> cells{};  // one for each column
};

// Walks a list page by page, however many pages there are: only one stands in memory. Each case is shown as in a
// list, masked alike. With a workflow there is a column for each of its fields.
class LedgerRows {
 public:
  LedgerRows(CaseService& cases, Actor actor, CaseQuery query, Language language);

  [[nodiscard]] std::vector<LedgerColumn> const& columns() const { return columns_; }
  // Empty at the end.
  [[nodiscard]] std::vector<LedgerRow> next_page();
  // Of one case, as a list shows it.
  [[nodiscard]] LedgerRow row_of(Case const& subject, Instant now) const;

 private:
  void add_columns();
  [[nodiscard]] std::string unit_title(std::string const& unit) const;
  [[nodiscard]] std::string owner_of(Case const& subject, State const* state) const;
  [[nodiscard]] LedgerCell field_of(Case const& subject, Definition const& definition, std::string const& id,
                                    Zone const& zone) const;
  [[nodiscard]] std::string shown(Json const& value, Field const& field) const;

  CaseService& cases_;
  Actor actor_;
  CaseQuery query_;
  Language language_;
  Definition const* definition_;  // of the workflow that is asked for, if one is
  std::vector<LedgerColumn> columns_;
  bool ended_ = false;
};

}  // namespace bihuan
