// SPDX-License-Identifier: Apache-2.0
#include "engine/format/ledger_rows.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "engine/core/sight.hpp"

namespace bihuan {
namespace {

using Kind = LedgerCell::Kind;

constexpr std::size_t page_size = 200;

LedgerCell cell_of(Kind kind, std::string text) {
  return text.empty() ? LedgerCell{} : LedgerCell{.kind = kind, .text = std::move(text)};
}

LedgerCell instant_cell(std::optional<Instant> const& instant, Zone const& zone) {
  return instant ? cell_of(Kind::instant, zone.format(*instant)) : LedgerCell{};
}

}  // namespace

LedgerRows::LedgerRows(CaseService& cases, Actor actor, CaseQuery query, Language language)
    : cases_(cases),
      actor_(std::move(actor)),
      query_(std::move(query)),
      language_(language),
      definition_(query_.workflow ? cases.library().current(*query_.workflow) : nullptr) {
  query_.limit = page_size;
  add_columns();
}

void LedgerRows::add_columns() {
  auto const titled = [this](char const* name) { return in(language_, message(std::string("ledger.") + name)); };
  for (auto const* const name : {"number", "workflow", "title", "state", "light"}) {
    columns_.push_back({.key = name, .title = titled(name)});
  }
  columns_.push_back({.key = "due", .title = titled("due"), .type = FieldType::instant});
  columns_.push_back({.key = "owner", .title = titled("owner")});
  for (auto const* const name : {"opened", "closed"}) {
    columns_.push_back({.key = name, .title = titled(name), .type = FieldType::instant});
  }
  if (definition_ == nullptr) return;
  for (auto const& state : definition_->states) columns_[3].choices.push_back(in(language_, state.title));
  for (auto const& field : definition_->fields) {
    LedgerColumn column{.key = field.id, .title = in(language_, field.title), .type = field.type};
    // Several of them in one cell are no choice any more.
    if (field.list) column.type = FieldType::text;
    if (column.type == FieldType::yes_no) column.choices = {titled("yes"), titled("no")};
    if (column.type == FieldType::choice) {
      for (auto const& choice : field.choices) column.choices.push_back(in(language_, choice.title));
    }
    columns_.push_back(std::move(column));
  }
}

std::vector<LedgerRow> LedgerRows::next_page() {
  std::vector<LedgerRow> rows;
  if (ended_) return rows;
  auto const page = cases_.list(query_, actor_);
  if (!page) throw std::runtime_error("a ledger's own cursor was refused");
  auto const now = cases_.now();
  rows.reserve(page->items.size());
  for (auto const& subject : page->items) rows.push_back(row_of(subject, now));
  query_.cursor = page->next_cursor;
  ended_ = query_.cursor.empty();
  return rows;
}

LedgerRow LedgerRows::row_of(Case const& subject, Instant now) const {
  auto const& library = cases_.library();
  auto const& definition = library.definition_of(subject);
  auto const& zone = library.calendar_of(definition).zone();
  auto const* const state = definition.find_state(subject.state);
  LedgerRow row{.id = subject.id, .revision = subject.revision, .light = light_of(subject, now)};
  auto const text = [&row](std::string value) { row.cells.push_back(cell_of(Kind::text, std::move(value))); };
  row.cells.reserve(columns_.size());
  text(subject.number);
  text(in(language_, definition.title));
  text(subject.title);
  text(state == nullptr ? subject.state : in(language_, state->title));
  text(in(language_, message("light." + std::string(light_name(row.light)))));
  row.cells.push_back(instant_cell(soonest_due(subject), zone));
  text(owner_of(subject, state));
  row.cells.push_back(instant_cell(subject.opened, zone));
  row.cells.push_back(instant_cell(subject.closed, zone));
  if (definition_ != nullptr) {
    for (auto const& field : definition_->fields) row.cells.push_back(field_of(subject, definition, field.id, zone));
  }
  return row;
}

std::string LedgerRows::unit_title(std::string const& unit) const {
  return in(language_, cases_.library().organisation().title_of(unit));
}

std::string LedgerRows::owner_of(Case const& subject, State const* state) const {
  std::string owners;
  if (subject.final || state == nullptr) return owners;
  auto const found = subject.parties.find(state->owner);
  if (found == subject.parties.end()) return owners;
  for (auto const& holder : found->second) owners.append(owners.empty() ? "" : "、").append(unit_title(holder.unit));
  return owners;
}

LedgerCell LedgerRows::field_of(Case const& subject, Definition const& definition, std::string const& id,
                                Zone const& zone) const {
  auto const* const field = definition.find_field(id);
  auto const value = subject.fields.find(id);
  if (field == nullptr || value == subject.fields.end() || value->is_null()) return {};
  if (value->is_number()) return cell_of(Kind::number, value->dump());
  if (value->is_array()) {
    std::string all;
    for (auto const& one : *value) all.append(all.empty() ? "" : "、").append(shown(one, *field));
    return cell_of(Kind::text, std::move(all));
  }
  auto text = shown(*value, *field);
  // A masked one is neither.
  if (field->type == FieldType::date && parse_date(text)) return cell_of(Kind::date, std::move(text));
  if (field->type == FieldType::instant) {
    if (auto const instant = parse_instant(text)) return instant_cell(*instant, zone);
  }
  return cell_of(Kind::text, std::move(text));
}

std::string LedgerRows::shown(Json const& value, Field const& field) const {
  if (value.is_boolean()) return in(language_, message(value.get<bool>() ? "ledger.yes" : "ledger.no"));
  if (value.is_object())
    return value.contains("name") && value.at("name").is_string() ? value.at("name").get<std::string>() : value.dump();
  if (!value.is_string()) return value.dump();
  auto const& text = value.get_ref<std::string const&>();
  if (text == mask) return text;
  if (field.type == FieldType::unit) return unit_title(text);
  auto const choice = std::ranges::find(field.choices, text, &Choice::id);
  return choice == field.choices.end() ? text : in(language_, choice->title);
}

}  // namespace bihuan
