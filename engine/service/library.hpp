// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/calendar.hpp"
#include "engine/core/definition.hpp"
#include "engine/service/definition_shelf.hpp"
#include "engine/service/import_mapping.hpp"
#include "engine/service/input_schema_shelf.hpp"
#include "engine/service/organisations.hpp"
#include "engine/service/paper_form.hpp"
#include "engine/service/service_requests.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

// Reads and parses a file that people write. Refused with not_found, or as parse_ordered_json refuses.
[[nodiscard]] Result<OrderedJson> read_json_file(std::filesystem::path const& file);
// parse_definition, with the content hash that identifies the version.
[[nodiscard]] Result<Definition> read_definition(OrderedJson const& document);

// "2" is newer than "1", and "10" newer than "9".
[[nodiscard]] bool is_older_version(std::string_view a, std::string_view b);

// A story of workflows/scenarios, or one that came with a definition.
struct ScenarioText {
  std::string name;
  std::string text;  // as written
};

// The data that Bihuan works by: every definition in every version that a case may still use, calendars, the
// organisation. Loaded and checked at start; afterwards the organisation is replaced and definitions are added, and all
// of it is safe to share.
class Library {
 public:
  // Reads *.json, calendars/*.json, organisation/*.json and templates/*.html in `directory`. Every fault of every
  // file, its pointer preceded by the file's name.
  static Result<Library> load(std::filesystem::path const& directory);

  // Keeps new versions in the store and takes from it the versions that were saved there and those that cases use or
  // have used. Refused with version_changed when a file differs from a version that cases use, and with
  // calendar_changed when a calendar is not the one that the running deadlines were reckoned by (reproject does that).
  // The units that an administrator changed take the place of the directory's.
  [[nodiscard]] Result<void> reconcile(Store& store);
  // From now on a version that is not known is looked for in this store, which must live as long: another program that
  // shares it may have saved one meanwhile.
  void follow(Store& store) { followed_ = &store; }
  // Takes from the store that is followed the definitions and units that were saved there since. Any thread. What does
  // not fit here stays out: where it was saved it was held against the same directory.
  void learn();
  [[nodiscard]] Result<void> reconcile_units(Store& store);
  [[nodiscard]] Result<void> reconcile_definitions(Store& store);

  // The version new cases open with, or nullptr.
  [[nodiscard]] Definition const* current(std::string_view workflow) const;
  [[nodiscard]] Definition const* find(std::string_view workflow, std::string_view version) const;
  // Every version that is known, oldest first.
  [[nodiscard]] std::vector<Definition const*> versions_of(std::string_view workflow) const;
  // A case cannot outlive the version it opened with: the library keeps every version that a case may still use.
  // Stops the process for a case of none.
  [[nodiscard]] Definition const& definition_of(Case const& subject) const;
  [[nodiscard]] std::vector<Definition const*> current_definitions() const;
  [[nodiscard]] Calendar const& calendar_of(Definition const& definition) const;
  [[nodiscard]] Calendar const* find_calendar(std::string_view id) const;
  [[nodiscard]] std::vector<Calendar const*> calendars() const;
  // As it was written.
  [[nodiscard]] OrderedJson calendar_document(std::string_view id) const;
  // Takes the place of the calendar of that id.
  void put_calendar(Calendar calendar, OrderedJson const& document);
  // From now on the store's running deadlines are those of this calendar.
  void record_calendar(std::string const& id, Store& store) const;
  // As it is now; stays good when another takes its place.
  [[nodiscard]] Organisation const& organisation() const { return organisations_->now(); }
  void put_organisation(Organisation organisation) { organisations_->put(std::move(organisation)); }

  // What its actions take, of the units as they are now. The definition is one of this library's.
  [[nodiscard]] std::shared_ptr<InputSchemas const> input_schemas(Definition const& definition) const {
    return schemas_->of(definition, organisation());
  }

  // A form of templates/, or nullptr.
  [[nodiscard]] PaperForm const* find_form(std::string_view name) const;

  // As interfaces/open311.json has it; nullptr when there is no such file.
  [[nodiscard]] ServiceRequests const* service_requests() const {
    return service_requests_ ? &*service_requests_ : nullptr;
  }

  // Of interfaces/imports/NAME.json, or nullptr.
  [[nodiscard]] ImportMapping const* import_mapping(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> import_mapping_names() const;

  // For definitions that do not come from the directory. The faults that stand in the way, if any.
  [[nodiscard]] Refusals add(Definition definition);
  // The same data, which changes by itself from now on.
  [[nodiscard]] Library copy() const;
  // This library as it would be if new cases opened with that definition. Refused with every fault of it by itself, in
  // its surroundings and with the other workflows; those of others begin with WORKFLOW#.
  [[nodiscard]] Result<Library> with(Definition definition) const;

  // The stories of this workflow in the directory, by name.
  [[nodiscard]] std::vector<ScenarioText> scenarios_of(std::string_view workflow) const;

 private:
  void load_forms(std::filesystem::path const& directory, Refusals& faults);
  void load_service_requests(std::filesystem::path const& file, Refusals& faults);
  void load_import_mappings(std::filesystem::path const& directory, Refusals& faults);
  void load_scenarios(std::filesystem::path const& directory);
  [[nodiscard]] Refusals check_surroundings(Definition const& definition) const;
  [[nodiscard]] Refusals check_forms(Definition const& definition) const;
  void take_kept(StoredDefinition const& row, bool wanted, Refusals& faults) const;
  void take_saved(std::vector<StoredDefinition> const& stored, Refusals& faults) const;
  void learn_definitions() const;
  [[nodiscard]] Definition const* find_known(std::string_view workflow, std::string_view version) const;

  Store* followed_ = nullptr;
  std::unique_ptr<DefinitionShelf> definitions_ = std::make_unique<DefinitionShelf>();
  struct CalendarFile {
    Calendar calendar;
    std::string text;
    std::string hash;
  };
  std::map<std::string, CalendarFile, std::less<>> calendars_;
  std::unique_ptr<Organisations> organisations_ = std::make_unique<Organisations>();
  std::unique_ptr<InputSchemaShelf> schemas_ = std::make_unique<InputSchemaShelf>();
  std::map<std::string, PaperForm, std::less<>> forms_;
  std::optional<ServiceRequests> service_requests_;
  std::map<std::string, ImportMapping, std::less<>> import_mappings_;
  std::map<std::string, std::vector<ScenarioText>, std::less<>> scenarios_;  // by workflow
};

}  // namespace bihuan
