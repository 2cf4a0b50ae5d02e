// SPDX-License-Identifier: Apache-2.0
#include "engine/core/message.hpp"
#include "engine/format/cell_value.hpp"
#include "engine/format/ledger_import.hpp"
#include "engine/format/row_fault.hpp"

// Rows of another system's ledger.

namespace bihuan {
namespace {

std::string mapped_to(MappedColumn const& column, std::string const& text) {
  auto const found = column.values.find(text);
  return found == column.values.end() ? text : found->second;
}

}  // namespace

RowOutcome LedgerImport::mapped_row(TableRow const& row, Mode mode) {
  using Kind = MappedColumn::Kind;
  RowOutcome outcome;
  auto const& mapping = *about_.mapping;
  auto const& library = about_.cases.library();
  auto const& definition = *library.current(mapping.workflow);
  auto const& zone = library.calendar_of(definition).zone();
  OpenCaseRequest request{.workflow = definition.id,
                          .fields = mapping.fields,
                          .parties = Json::object(),
                          .documents = {},
                          .comment = about_.comment};
  Placed placed{.state = mapping.state, .source = mapping.source, .key = {}};
  bool opened = false;
  for (std::size_t place = 0; place < columns_.size() && place < row.cells.size(); ++place) {
    auto const& column = columns_[place];
    auto const text = trimmed(row.cells[place].text);
    if (column.mapped == nullptr || text.empty()) continue;
    auto const ours = mapped_to(*column.mapped, text);
    auto const time = [&]() -> std::optional<Instant> {
      auto const instant = written_instant(text, zone);
      if (!instant) fault(outcome, column.title, bad(text, message("expected.instant_or_date")));
      return instant;
    };
    switch (column.mapped->kind) {
      case Kind::ignored: break;
      case Kind::key: placed.key = text; break;
      case Kind::state: {
        auto const state = std::ranges::find_if(
            definition.states, [&](State const& one) { return one.id == ours || says(one.title, ours); });
        if (state == definition.states.end())
          fault(outcome, column.title,
                refusal(Code::unknown_reference, {}, {{"name", ours}, {"kind", message("kind.state")}}));
        else
          placed.state = state->id;
        break;
      }
      case Kind::opened:
        if (auto const instant = time()) {
          placed.opened = *instant;
          opened = true;
        }
        break;
      case Kind::closed: placed.closed = time(); break;
      case Kind::due:
        if (auto const instant = time()) placed.due[column.mapped->name] = zone.date_of(*instant);
        break;
      case Kind::field: {
        auto value =
            cell_value(*definition.find_field(column.mapped->name), ours, Json(), library.organisation(), zone);
        if (!value)
          fault(outcome, column.title, std::move(value.error()));
        else
          request.fields[column.mapped->name] = std::move(*value);
        break;
      }
      case Kind::party: {
        Field units;
        units.type = FieldType::unit;
        units.list = true;
        auto value = cell_value(units, ours, Json(), library.organisation(), zone);
        if (!value)
          fault(outcome, column.title, std::move(value.error()));
        else
          request.parties[column.mapped->name] = std::move(*value);
        break;
      }
    }
  }
  if (placed.key.empty()) fault(outcome, {}, refusal(Code::missing, {}, {{"name", "key"}}));
  if (!opened && outcome.faults.empty()) fault(outcome, {}, refusal(Code::missing, {}, {{"name", "opened"}}));
  if (mode == Mode::look && !placed.key.empty() && !seen_.insert(placed.key).second)
    fault(outcome, {}, refusal(Code::duplicate_key, {}, {{"name", placed.key}}));
  if (!outcome.faults.empty()) return outcome;
  auto const key = placed.key;
  request.placed = std::move(placed);
  return open(std::move(request), mapping.source, key, mode, definition);
}

}  // namespace bihuan
