// SPDX-License-Identifier: Apache-2.0
#include "engine/service/import_mapping.hpp"

#include <algorithm>

#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan {
namespace {

using Kind = MappedColumn::Kind;

MappedColumn read_column(Reader& reader) {
  MappedColumn column;
  std::map<std::string, Kind> const truths{
      {"key", Kind::key}, {"state", Kind::state}, {"opened", Kind::opened}, {"closed", Kind::closed}};
  for (auto const& [name, kind] : truths) {
    if (reader.boolean_or(name, false)) column.kind = kind;
  }
  for (auto const& [name, kind] :
       {std::pair{"field", Kind::field}, std::pair{"party", Kind::party}, std::pair{"due", Kind::due}}) {
    auto text = reader.text_or(name, "");
    if (text.empty()) continue;
    column.kind = kind;
    column.name = std::move(text);
  }
  reader.members("values", [&](std::string const& theirs, Reader& ours) {
    if (ours.value().is_string()) column.values[theirs] = ours.value().get<std::string>();
  });
  reader.finish();
  return column;
}

Refusal unknown(std::string pointer, std::string const& name, char const* kind) {
  return refusal(Code::unknown_reference, std::move(pointer), {{"name", name}, {"kind", message(kind)}});
}

}  // namespace

Result<ImportMapping> parse_import_mapping(OrderedJson const& document) {
  Refusals faults;
  Reader reader(document, {}, faults);
  ImportMapping mapping;
  mapping.source = reader.text("source");
  mapping.workflow = reader.text("workflow");
  mapping.state = reader.text_or("state", "");
  reader.members("columns", [&](std::string const& title, Reader& column) {
    mapping.columns.emplace(title, read_column(column));
  });
  if (auto const* const fields = reader.find("fields"); fields != nullptr && fields->is_object())
    mapping.fields = Json(*fields);
  reader.finish();
  auto const has = [&](Kind kind) {
    return std::ranges::any_of(mapping.columns, [&](auto const& column) { return column.second.kind == kind; });
  };
  for (auto const& [kind, name] : {std::pair{Kind::key, "key"}, std::pair{Kind::opened, "opened"}}) {
    if (!has(kind)) faults.push_back(refusal(Code::missing, "/columns", {{"name", name}}));
  }
  if (mapping.state.empty() && !has(Kind::state))
    faults.push_back(refusal(Code::missing, "/state", {{"name", "state"}}));
  if (!faults.empty()) return refused(std::move(faults));
  return mapping;
}

Refusals check_import_mapping(ImportMapping const& mapping, Definition const* definition) {
  if (definition == nullptr) return {unknown("/workflow", mapping.workflow, "kind.workflow")};
  Refusals faults;
  if (!mapping.state.empty() && definition->find_state(mapping.state) == nullptr)
    faults.push_back(unknown("/state", mapping.state, "kind.state"));
  for (auto const& [title, column] : mapping.columns) {
    auto const pointer = pointer_to("/columns", title);
    if (column.kind == Kind::field && definition->find_field(column.name) == nullptr)
      faults.push_back(unknown(pointer, column.name, "kind.field"));
    if (column.kind == Kind::party && definition->find_party(column.name) == nullptr)
      faults.push_back(unknown(pointer, column.name, "kind.party"));
    if (column.kind == Kind::due && definition->find_deadline(column.name) == nullptr)
      faults.push_back(unknown(pointer, column.name, "kind.deadline"));
    for (auto const& [theirs, ours] : column.values) {
      if (column.kind == Kind::state && definition->find_state(ours) == nullptr)
        faults.push_back(unknown(pointer_to(pointer, theirs), ours, "kind.state"));
    }
  }
  for (auto const& [name, value] : mapping.fields.items()) {
    if (definition->find_field(name) == nullptr)
      faults.push_back(unknown(pointer_to("/fields", name), name, "kind.field"));
  }
  return faults;
}

}  // namespace bihuan
