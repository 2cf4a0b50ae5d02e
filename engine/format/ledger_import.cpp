// SPDX-License-Identifier: Apache-2.0
#include "engine/format/ledger_import.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "engine/core/access.hpp"
#include "engine/core/apply.hpp"
#include "engine/core/message.hpp"
#include "engine/format/cell_value.hpp"
#include "engine/format/row_fault.hpp"
#include "engine/store/digest.hpp"

namespace bihuan {
namespace {

using What = RowOutcome::What;

// More would hold up everybody else's work while they are stored.
constexpr std::size_t most_changes = 100'000;
constexpr std::array fixed_keys{"number", "workflow", "title", "state", "light", "due", "owner", "opened", "closed"};

Field const* field_titled(Definition const& definition, std::string const& title) {
  auto const found =
      std::ranges::find_if(definition.fields, [&](Field const& field) { return says(field.title, title); });
  return found == definition.fields.end() ? nullptr : &*found;
}

}  // namespace

Result<LedgerImport> LedgerImport::begin(ImportAbout about, TableRow const& header) {
  LedgerImport import(std::move(about));
  auto faults = import.read_header(header);
  if (!faults.empty()) return refused(std::move(faults));
  return import;
}

LedgerImport::Column LedgerImport::column_of(std::string const& title) const {
  Column column{.title = title};
  if (title.empty() || says(message("table.errors"), title)) return column;
  if (about_.mapping != nullptr) {
    auto const found = about_.mapping->columns.find(title);
    if (found == about_.mapping->columns.end()) return column;
    column.kind = Column::Kind::mapped;
    column.mapped = &found->second;
    return column;
  }
  if (title == "id") column.kind = Column::Kind::id;
  if (title == "revision") column.kind = Column::Kind::revision;
  for (auto const* const key : fixed_keys) {
    if (!says(message(std::string("ledger.") + key), title)) continue;
    column.kind = Column::Kind::fixed;
    column.key = key;
  }
  // A field may be called like one of the columns that every ledger has, which then stands first.
  if (column.kind == Column::Kind::ignored && is_field(title)) column.kind = Column::Kind::field;
  return column;
}

bool LedgerImport::is_field(std::string const& title) const {
  return std::ranges::any_of(about_.cases.library().current_definitions(),
                             [&](Definition const* definition) { return field_titled(*definition, title) != nullptr; });
}

Refusals LedgerImport::read_header(TableRow const& header) {
  Refusals faults;
  std::set<std::string> titles;
  int english = 0;
  int chinese = 0;
  for (auto const& cell : header.cells) {
    auto const title = trimmed(cell.text);
    auto column = column_of(title);
    auto const pointer = pointer_to("/columns", title);
    bool const nothing =
        column.kind == Column::Kind::ignored && !title.empty() && !says(message("table.errors"), title);
    if (nothing) faults.push_back(refusal(Code::unknown_field, pointer, {{"name", title}}));
    // A field's title that is also a fixed one's stands there twice in an export.
    if (!title.empty() && !titles.insert(title).second) {
      if (column.kind == Column::Kind::fixed && is_field(title))
        column.kind = Column::Kind::field;
      else
        faults.push_back(refusal(Code::duplicate_key, pointer, {{"name", title}}));
    }
    if (column.kind == Column::Kind::fixed) {
      auto const both = message("ledger." + column.key);
      chinese += both.zh == title ? 1 : 0;
      english += both.en == title ? 1 : 0;
    }
    columns_.push_back(std::move(column));
  }
  if (about_.mapping != nullptr) {
    for (auto const& [title, column] : about_.mapping->columns) {
      if (column.kind != MappedColumn::Kind::ignored && !titles.contains(title))
        faults.push_back(refusal(Code::missing, pointer_to("/columns", title), {{"name", title}}));
    }
  }
  language_ = english > chinese ? Language::en : Language::zh;
  return faults;
}

std::string const& LedgerImport::text_in(TableRow const& row, std::size_t place) const {
  static std::string const none;
  return place < row.cells.size() ? row.cells[place].text : none;
}

LedgerRows const& LedgerImport::rows_of(std::string const& workflow) {
  auto& rows = rows_[workflow];
  if (!rows)
    rows = std::make_unique<LedgerRows>(about_.cases, about_.actor, CaseQuery{.workflow = workflow}, language_);
  return *rows;
}

RowOutcome LedgerImport::take(TableRow const& row, Mode mode) {
  RowOutcome outcome;
  if (row.merged) {
    fault(outcome, {}, bad("", message("expected.not_merged")));
    return outcome;
  }
  if (mode == Mode::keep && changes_ >= most_changes) {
    fault(outcome, {}, refusal(Code::too_large, {}, {{"limit", std::to_string(most_changes)}}));
    return outcome;
  }
  if (about_.mapping != nullptr) return mapped_row(row, mode);
  for (std::size_t place = 0; place < columns_.size(); ++place) {
    if (columns_[place].kind != Column::Kind::id) continue;
    if (auto const id = trimmed(text_in(row, place)); !id.empty()) return known_row(row, id, mode);
  }
  return new_row(row, mode);
}

std::optional<std::int64_t> LedgerImport::revision_of(TableRow const& row, std::int64_t newest,
                                                      RowOutcome& outcome) const {
  for (std::size_t place = 0; place < columns_.size(); ++place) {
    if (columns_[place].kind != Column::Kind::revision) continue;
    auto const text = trimmed(text_in(row, place));
    std::int64_t revision = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), revision);
    bool const good = error == std::errc() && end == text.data() + text.size() && revision >= 1 && revision <= newest;
    if (good) return revision;
    fault(outcome, columns_[place].title, bad(text, message("expected.revision")));
    return std::nullopt;
  }
  fault(outcome, "revision", refusal(Code::missing, {}, {{"name", "revision"}}));
  return std::nullopt;
}

// The case as it was when it was exported.
Case LedgerImport::case_at(Case const& found, std::int64_t revision) {
  if (revision == found.revision) return found;
  auto events = about_.cases.store().cases().history(found.id);
  std::erase_if(events, [&](Event const& event) { return event.revision > revision; });
  auto then = replay(events);
  then.number = found.number;
  return then;
}

Json LedgerImport::edits_of(TableRow const& row, Case const& then, Definition const& definition, RowOutcome& outcome) {
  auto const& library = about_.cases.library();
  auto const& zone = library.calendar_of(definition).zone();
  auto const& rows = rows_of(definition.id);
  auto const exported = rows.row_of(about_.cases.shown(then, about_.actor, Showing::list), about_.cases.now());
  auto const whole = about_.cases.shown(then, about_.actor);
  auto const exported_text = [&](std::string const& key) {
    auto const column = std::ranges::find(rows.columns(), key, &LedgerColumn::key);
    auto const place = static_cast<std::size_t>(column - rows.columns().begin());
    return place < exported.cells.size() ? exported.cells[place].text : std::string();
  };
  Json edits = Json::object();
  auto const edit = [&](Field const& field, std::string const& title, TableCell const& cell) {
    if (cell.formula) {
      fault(outcome, title, bad(cell.text, message("expected.no_formula")));
      return;
    }
    auto const before = whole.fields.value(field.id, Json());
    auto value = cell_value(field, cell.text, before, library.organisation(), zone);
    if (!value)
      fault(outcome, title, std::move(value.error()));
    else
      edits[field.id] = std::move(*value);
  };
  for (std::size_t place = 0; place < columns_.size(); ++place) {
    auto const& column = columns_[place];
    auto const cell = place < row.cells.size() ? row.cells[place] : TableCell{};
    if (column.kind == Column::Kind::field) {
      auto const* const field = field_titled(definition, column.title);
      if (field == nullptr) {
        if (!cell.text.empty())
          fault(outcome, column.title, refusal(Code::unknown_field, {}, {{"name", column.title}}));
      } else if (!same_cell(field->list ? FieldType::text : field->type, exported_text(field->id), cell.text, zone)) {
        edit(*field, column.title, cell);
      }
    } else if (column.kind == Column::Kind::fixed) {
      bool const stays = column.key == "number" || column.key == "workflow" || column.key == "state";
      auto const was = exported_text(column.key);
      if ((!stays && column.key != "title") || same_cell(FieldType::text, was, cell.text, zone)) continue;
      auto const* const title = definition.find_field(definition.title_field);
      if (stays)
        fault(outcome, column.title, bad(cell.text, message("expected.unedited", {{"value", was}})));
      else if (title != nullptr && !edits.contains(title->id))
        edit(*title, column.title, cell);
    }
  }
  return edits;
}

// As far as the caller may see: what is masked or absent for them would be told to whoever guesses it.
bool LedgerImport::done_already(Json const& edits, Case const& now, Definition const& definition) const {
  auto const shown = about_.cases.shown(now, about_.actor);
  auto const& organisation = about_.cases.library().organisation();
  return std::ranges::all_of(edits.items(), [&](auto const& edit) {
    auto const& field = *definition.find_field(edit.key());
    return sight_of(field, now, about_.actor, organisation, Showing::whole) == Sight::shown &&
           shown.fields.value(edit.key(), Json()) == edit.value();
  });
}

RowOutcome LedgerImport::known_row(TableRow const& row, std::string const& id, Mode mode) {
  RowOutcome outcome;
  if (mode == Mode::look && !seen_.insert(id).second) {
    fault(outcome, "id", refusal(Code::duplicate_key, {}, {{"name", id.substr(0, 64)}}));
    return outcome;
  }
  auto const found = about_.cases.find(id, about_.actor);
  if (!found) {
    fault(outcome, "id", found.error());
    return outcome;
  }
  outcome.number = found->number;
  auto const known = about_.cases.known_revisions(*found, about_.actor);
  auto const newest = known.shown(found->revision);
  auto const revision = revision_of(row, newest, outcome);
  if (!revision) return outcome;
  auto const& definition = about_.cases.library().definition_of(*found);
  auto const edits = edits_of(row, case_at(*found, known.real(*revision)), definition, outcome);
  if (!outcome.faults.empty() || edits.empty()) return outcome;
  if (*revision != newest) {
    if (done_already(edits, *found, definition))
      outcome.what = What::repeated;
    else
      fault(outcome, "revision", stale_version({}, *revision, newest));
    return outcome;
  }
  ActionRequest const request{.case_id = id,
                              .action = "correct",
                              .input = {{"fields", edits}},
                              .documents = {},
                              .comment = about_.comment,
                              .expected_revision = *revision};
  auto done = finish(about_.cases.prepare_action(request, about_.actor, about_.cases.now()), What::changed, mode,
                     definition, std::nullopt);
  done.number = found->number;
  return done;
}

Definition const* LedgerImport::definition_of_new(TableRow const& row, RowOutcome& outcome) const {
  auto const& library = about_.cases.library();
  std::string title = message("ledger.workflow").zh;
  std::string text;
  for (std::size_t place = 0; place < columns_.size(); ++place) {
    auto const& column = columns_[place];
    if (column.kind != Column::Kind::fixed) continue;
    if (column.key == "workflow") {
      title = column.title;
      text = trimmed(text_in(row, place));
    }
    // It has a number, so it is no new case; what tells which one has been lost on the way.
    if (column.key == "number" && !trimmed(text_in(row, place)).empty()) {
      fault(outcome, column.title, refusal(Code::missing, {}, {{"name", "id, revision"}}));
      return nullptr;
    }
  }
  if (text.empty() && about_.workflow) return library.current(*about_.workflow);
  for (auto const* const definition : library.current_definitions()) {
    if (text == definition->id || says(definition->title, text)) return definition;
  }
  if (text.empty())
    fault(outcome, title, refusal(Code::missing, {}, {{"name", title}}));
  else
    fault(outcome, title, refusal(Code::unknown_workflow, {}, {{"name", text}}));
  return nullptr;
}

RowOutcome LedgerImport::new_row(TableRow const& row, Mode mode) {
  RowOutcome outcome;
  auto const* const definition = definition_of_new(row, outcome);
  if (definition == nullptr) return outcome;
  auto const& library = about_.cases.library();
  OpenCaseRequest request{.workflow = definition->id,
                          .fields = Json::object(),
                          .parties = Json::object(),
                          .documents = {},
                          .comment = about_.comment};
  for (std::size_t place = 0; place < columns_.size() && place < row.cells.size(); ++place) {
    auto const& [text, formula] = row.cells[place];
    auto const& column = columns_[place];
    bool const titled = column.kind == Column::Kind::fixed && column.key == "title";
    if (text.empty() || (column.kind != Column::Kind::field && !titled)) continue;
    auto const* const field =
        titled ? definition->find_field(definition->title_field) : field_titled(*definition, column.title);
    if (titled && (field == nullptr || request.fields.contains(field->id))) continue;
    if (field == nullptr) {
      fault(outcome, column.title, refusal(Code::unknown_field, {}, {{"name", column.title}}));
    } else if (formula) {
      fault(outcome, column.title, bad(text, message("expected.no_formula")));
    } else if (auto value =
                   cell_value(*field, text, Json(), library.organisation(), library.calendar_of(*definition).zone());
               !value) {
      fault(outcome, column.title, std::move(value.error()));
    } else {
      request.fields[field->id] = std::move(*value);
    }
  }
  if (!outcome.faults.empty()) return outcome;
  // Two rows that say the same are two cases; the same file again is the same two.
  auto const said = hash_of(canonical({request.workflow, request.fields}));
  if (mode == Mode::look) row_keys_[row.place] = said + "#" + std::to_string(++alike_[said]);
  return open(std::move(request), "ledger/" + about_.actor.unit, row_keys_.at(row.place), mode, *definition);
}

RowOutcome LedgerImport::open(OpenCaseRequest request, std::string const& source, std::string const& key, Mode mode,
                              Definition const& definition) {
  RowOutcome outcome;
  if (auto const known = about_.cases.store().cases().imported(source, key)) {
    outcome.what = What::repeated;
    if (auto const found = about_.cases.find(*known, about_.actor)) outcome.number = found->number;
    return outcome;
  }
  return finish(about_.cases.prepare_opening(request, about_.actor, about_.cases.now()), What::opened, mode, definition,
                ImportedRow{.source = source, .key = key, .case_id = {}});
}

std::string LedgerImport::title_of_pointer(std::string const& pointer, Definition const& definition) const {
  auto rest = std::string_view(pointer);
  while (!rest.empty()) {
    auto const slash = rest.rfind('/');
    auto const token = rest.substr(slash == std::string_view::npos ? 0 : slash + 1);
    if (auto const* const field = definition.find_field(token)) return in(language_, field->title);
    if (auto const* const party = definition.find_party(token)) return in(language_, party->title);
    if (slash == std::string_view::npos) break;
    rest = rest.substr(0, slash);
  }
  return {};
}

RowOutcome LedgerImport::finish(Result<Append> prepared, What what, Mode mode, Definition const& definition,
                                std::optional<ImportedRow> imported) {
  RowOutcome outcome;
  if (!prepared) {
    for (auto& refusal : prepared.error()) {
      auto const column = title_of_pointer(refusal.pointer, definition);
      fault(outcome, column, std::move(refusal));
    }
    return outcome;
  }
  outcome.what = what;
  if (mode == Mode::look) return outcome;
  for (auto const& change : prepared->changes) {
    // What one row does to a case another row was decided without: the file is to be taken in two parts.
    if (!touched_.insert(change.after.id).second) fault(outcome, {}, refusal(Code::conflict, {}));
  }
  if (!outcome.faults.empty()) return outcome;
  changes_ += prepared->changes.size();
  if (imported) {
    imported->case_id = prepared->changes.front().after.id;
    prepared->imported.push_back(std::move(*imported));
  }
  kept_ = std::move(*prepared);
  return outcome;
}

Append LedgerImport::kept() {
  return std::exchange(kept_, {});
}

void LedgerImport::keep_again() {
  touched_.clear();
  changes_ = 0;
}

}  // namespace bihuan
