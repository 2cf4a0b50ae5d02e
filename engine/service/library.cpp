// SPDX-License-Identifier: Apache-2.0
#include "engine/service/library.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "engine/core/message.hpp"
#include "engine/service/kept_rows.hpp"
#include "engine/store/chain.hpp"

namespace bihuan {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(fs::path const& directory, std::string_view extension) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (auto const& entry : fs::directory_iterator(directory, ignored)) {
    if (entry.path().extension() == extension && entry.is_regular_file(ignored)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> json_files(fs::path const& directory) {
  return files_in(directory, ".json");
}

std::string text_of(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void take(Refusals& faults, Refusals const& found, std::string const& file) {
  for (auto fault : found) {
    fault.pointer = file + "#" + fault.pointer;
    faults.push_back(std::move(fault));
  }
}

}  // namespace

bool is_older_version(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

Result<OrderedJson> read_json_file(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return refused(refusal(Code::not_found, ""));
  std::ostringstream text;
  text << in.rdbuf();
  return parse_ordered_json(text.str());
}

Result<Definition> read_definition(OrderedJson const& document) {
  auto definition = parse_definition(document);
  if (definition) definition->hash = hash_of(canonical(Json(document)));
  return definition;
}

Result<Library> Library::load(fs::path const& directory) {
  Library library;
  Refusals faults;
  for (auto const& file : json_files(directory / "calendars")) {
    auto const document = read_json_file(file);
    auto calendar = document ? Calendar::parse(*document) : refused(document.error());
    if (!calendar) {
      take(faults, calendar.error(), file.filename().string());
      continue;
    }
    if (library.calendars_.count(calendar->id()))
      take(faults, {refusal(Code::name_clash, "/id", {{"name", calendar->id()}, {"kind", message("kind.calendar")}})},
           file.filename().string());
    else
      library.put_calendar(std::move(*calendar), *document);
  }
  for (auto const& file : json_files(directory / "organisation")) {
    auto const document = read_json_file(file);
    auto organisation = document ? Organisation::parse(*document) : refused(document.error());
    if (!organisation)
      take(faults, organisation.error(), file.filename().string());
    else
      library.put_organisation(std::move(*organisation));
  }
  if (!library.organisations_->any()) {
    if (faults.empty()) faults.push_back(refusal(Code::missing, "organisation#", {{"name", "organisation/*.json"}}));
    return refused(std::move(faults));
  }
  library.load_forms(directory / "templates", faults);
  for (auto const& file : json_files(directory)) {
    auto const document = read_json_file(file);
    auto definition = document ? read_definition(*document) : refused(document.error());
    if (!definition)
      take(faults, definition.error(), file.filename().string());
    else
      take(faults, library.add(std::move(*definition)), file.filename().string());
  }
  append(faults, check_together(library.current_definitions(), library.organisation()));
  library.load_scenarios(directory / "scenarios");
  if (faults.empty()) library.load_service_requests(directory / "interfaces" / "open311.json", faults);
  if (faults.empty()) library.load_import_mappings(directory / "interfaces" / "imports", faults);
  if (!faults.empty()) return refused(std::move(faults));
  return library;
}

Refusals Library::check_surroundings(Definition const& definition) const {
  if (!calendars_.count(definition.calendar))
    return {refusal(Code::unknown_reference, "/calendar",
                    {{"name", definition.calendar}, {"kind", message("kind.calendar")}})};
  return check_forms(definition);
}

Refusals Library::add(Definition definition) {
  if (find(definition.id, definition.version))
    return {refusal(Code::name_clash, "/version",
                    {{"name", definition.id + " " + definition.version}, {"kind", message("kind.workflow")}})};
  if (auto faults = check_surroundings(definition); !faults.empty()) return faults;
  definitions_->put([&](DefinitionShelf::Content& content) {
    auto& current = content.current[definition.id];
    if (current.empty() || is_older_version(current, definition.version)) current = definition.version;
    auto key = std::pair(definition.id, definition.version);
    content.all.insert_or_assign(std::move(key), std::make_shared<Definition const>(std::move(definition)));
  });
  return {};
}

Library Library::copy() const {
  Library same;
  same.definitions_ = std::make_unique<DefinitionShelf>(*definitions_);
  same.calendars_ = calendars_;
  same.put_organisation(organisation());
  same.forms_ = forms_;
  same.service_requests_ = service_requests_;
  same.import_mappings_ = import_mappings_;
  same.scenarios_ = scenarios_;
  return same;
}

Result<Library> Library::with(Definition definition) const {
  if (auto faults = check_surroundings(definition); !faults.empty()) return refused(std::move(faults));
  auto trial = copy();
  auto const id = definition.id;
  auto const version = definition.version;
  trial.definitions_->put([&](DefinitionShelf::Content& content) {
    content.current[id] = version;
    content.all.insert_or_assign(std::pair(id, version), std::make_shared<Definition const>(std::move(definition)));
  });
  auto faults = check_together(trial.current_definitions(), trial.organisation());
  for (auto& fault : faults) {
    if (fault.pointer.starts_with(id + "#")) fault.pointer.erase(0, id.size() + 1);
  }
  if (service_requests_ && service_requests_->workflow == id)
    take(faults, check_service_requests(*service_requests_, trial.current(id)), "interfaces/open311.json");
  for (auto const& [name, mapping] : import_mappings_) {
    if (mapping.workflow == id)
      take(faults, check_import_mapping(mapping, trial.current(id)), "interfaces/imports/" + name + ".json");
  }
  if (!faults.empty()) return refused(std::move(faults));
  return trial;
}

void Library::load_scenarios(fs::path const& directory) {
  for (auto const& file : json_files(directory)) {
    auto text = text_of(file);
    auto const document = parse_ordered_json(text);
    if (!document || !document->is_object()) continue;
    auto const workflow = document->find("workflow");
    if (workflow == document->end() || !workflow->is_string()) continue;
    scenarios_[workflow->get<std::string>()].push_back({file.stem().string(), std::move(text)});
  }
}

std::vector<ScenarioText> Library::scenarios_of(std::string_view workflow) const {
  auto const found = scenarios_.find(workflow);
  return found == scenarios_.end() ? std::vector<ScenarioText>() : found->second;
}

void Library::load_forms(fs::path const& directory, Refusals& faults) {
  auto const style = text_of(directory / "style.css");
  for (auto const& file : files_in(directory, ".html")) {
    auto form = PaperForm::parse(text_of(file), style);
    if (form)
      forms_.emplace(file.stem().string(), std::move(*form));
    else
      take(faults, form.error(), "templates/" + file.filename().string());
  }
}

void Library::load_service_requests(fs::path const& file, Refusals& faults) {
  if (!fs::exists(file)) return;
  auto const document = read_json_file(file);
  auto requests = document ? parse_service_requests(*document) : refused(document.error());
  auto const name = "interfaces/" + file.filename().string();
  if (!requests)
    take(faults, requests.error(), name);
  else if (auto wrong = check_service_requests(*requests, current(requests->workflow)); !wrong.empty())
    take(faults, std::move(wrong), name);
  else
    service_requests_ = std::move(*requests);
}

void Library::load_import_mappings(fs::path const& directory, Refusals& faults) {
  for (auto const& file : json_files(directory)) {
    auto const document = read_json_file(file);
    auto mapping = document ? parse_import_mapping(*document) : refused(document.error());
    auto const name = "interfaces/imports/" + file.filename().string();
    if (!mapping)
      take(faults, mapping.error(), name);
    else if (auto wrong = check_import_mapping(*mapping, current(mapping->workflow)); !wrong.empty())
      take(faults, wrong, name);
    else
      import_mappings_.emplace(file.stem().string(), std::move(*mapping));
  }
}

ImportMapping const* Library::import_mapping(std::string_view name) const {
  auto const found = import_mappings_.find(name);
  return found == import_mappings_.end() ? nullptr : &found->second;
}

std::vector<std::string> Library::import_mapping_names() const {
  std::vector<std::string> names;
  for (auto const& [name, mapping] : import_mappings_) names.push_back(name);
  return names;
}

Refusals Library::check_forms(Definition const& definition) const {
  Refusals faults;
  for (auto const& kind : definition.documents) {
    if (kind.form.empty()) continue;
    auto const pointer = "/documents/" + kind.id + "/template";
    if (auto const* const form = find_form(kind.form)) {
      append(faults, form->check(definition, kind, pointer));
    } else {
      faults.push_back(
          refusal(Code::unknown_reference, pointer, {{"name", kind.form}, {"kind", message("kind.template")}}));
    }
    bool const takes_html =
        kind.accept.empty() || std::find(kind.accept.begin(), kind.accept.end(), "text/html") != kind.accept.end();
    if (!takes_html)
      faults.push_back(refusal(Code::missing, "/documents/" + kind.id + "/accept", {{"name", "text/html"}}));
  }
  return faults;
}

Result<void> Library::reconcile(Store& store) {
  if (auto fit = reconcile_units(store); !fit) return fit;
  if (auto fit = reconcile_definitions(store); !fit) return fit;
  std::map<std::string, std::string> reckoned_by;  // calendar -> hash
  for (auto const& row : store.definitions().all()) {
    if (row.id.starts_with(kept::calendar)) reckoned_by[row.id.substr(kept::calendar.size())] = row.hash;
  }
  Refusals faults;
  for (auto const& [id, file] : calendars_) {
    auto const known = reckoned_by.find(id);
    if (known == reckoned_by.end())
      record_calendar(id, store);
    else if (known->second != file.hash)
      faults.push_back(refusal(Code::calendar_changed, "calendars#", {{"calendar", id}}));
  }
  if (!faults.empty()) return refused(std::move(faults));
  return {};
}

Result<void> Library::reconcile_units(Store& store) {
  std::vector<OrganisationUnit> units;
  for (auto& kept : store.units().all()) {
    auto const* const known = organisation().find(kept.unit.id);
    if (!known || *known != kept.unit) units.push_back(std::move(kept.unit));
  }
  if (units.empty()) return {};
  auto changed = organisation().with(units);
  if (!changed) {
    Refusals faults;
    take(faults, changed.error(), "organisation");
    return refused(std::move(faults));
  }
  put_organisation(std::move(*changed));
  return {};
}

Result<void> Library::reconcile_definitions(Store& store) {
  auto const rows = store.definitions().all();
  std::map<DefinitionShelf::Key, StoredDefinition const*> stored;
  for (auto const& row : rows) stored.emplace(std::pair(row.id, row.version), &row);
  auto const was_used = [&](DefinitionShelf::Key const& key) {
    return stored.contains({std::string(kept::left) + key.first, key.second}) ||
           store.cases().count_of_version(key.first, key.second) > 0;
  };
  Refusals faults;
  for (auto const& [key, definition] : definitions_->now().all) {
    auto const known = stored.find(key);
    if (known != stored.end() && known->second->hash == definition->hash) continue;
    if (known != stored.end() && was_used(key))
      faults.push_back(
          refusal(Code::version_changed, key.first + "#/version", {{"workflow", key.first}, {"version", key.second}}));
    else
      store.definitions().put({key.first, key.second, definition->hash, definition->source.dump()});
  }
  // Cases live longer than files: a version that has left the directory still governs the cases that opened
  // with it, and says who may read what the others went through in it.
  for (auto const& row : rows) {
    if (kept::is_definition(row) && !find(row.id, row.version)) take_kept(row, was_used({row.id, row.version}), faults);
  }
  take_saved(rows, faults);
  if (!faults.empty()) return refused(std::move(faults));
  return {};
}

// One that nobody ever used may be of a program that knew other definitions: it is not missed then.
void Library::take_kept(StoredDefinition const& row, bool wanted, Refusals& faults) const {
  auto const document = parse_ordered_json(row.text, {.bytes = row.text.size()});
  auto parsed = document ? read_definition(*document) : refused(document.error());
  if (parsed && !calendars_.count(parsed->calendar))
    parsed = refused(refusal(Code::unknown_reference, "/calendar",
                             {{"name", parsed->calendar}, {"kind", message("kind.calendar")}}));
  if (!parsed) {
    if (wanted) take(faults, parsed.error(), row.id);
    return;
  }
  definitions_->put([&](DefinitionShelf::Content& content) {
    content.all.insert_or_assign(std::pair(row.id, row.version),
                                 std::make_shared<Definition const>(std::move(*parsed)));
  });
}

// New cases open with what an administrator has saved, unless the directory has a newer one by now.
void Library::take_saved(std::vector<StoredDefinition> const& stored, Refusals& faults) const {
  bool any = false;
  for (auto const& row : stored) {
    if (!row.id.starts_with(kept::saved)) continue;
    auto const workflow = row.id.substr(kept::saved.size());
    auto const* const definition = find_known(workflow, row.version);
    if (!definition || definition->hash != row.hash) continue;
    append(faults, check_surroundings(*definition));
    definitions_->put([&](DefinitionShelf::Content& content) {
      auto& current = content.current[workflow];
      if (current.empty() || is_older_version(current, row.version)) current = row.version;
    });
    any = true;
  }
  if (any) append(faults, check_together(current_definitions(), organisation()));
}

PaperForm const* Library::find_form(std::string_view name) const {
  auto const found = forms_.find(name);
  return found == forms_.end() ? nullptr : &found->second;
}

Definition const* Library::current(std::string_view workflow) const {
  auto const& content = definitions_->now();
  auto const found = content.current.find(workflow);
  return found == content.current.end() ? nullptr : content.all.at({found->first, found->second}).get();
}

Definition const* Library::find(std::string_view workflow, std::string_view version) const {
  auto const* const known = find_known(workflow, version);
  if (known || !followed_ || !current(workflow)) return known;
  learn_definitions();
  return find_known(workflow, version);
}

void Library::learn() {
  if (!followed_) return;
  learn_definitions();
  (void)reconcile_units(*followed_);
}

// What was saved elsewhere had passed there, by the same directory.
void Library::learn_definitions() const {
  auto const rows = followed_->definitions().all();
  Refusals ignored;
  for (auto const& row : rows) {
    if (kept::is_definition(row) && !find_known(row.id, row.version)) take_kept(row, false, ignored);
  }
  take_saved(rows, ignored);
}

Definition const* Library::find_known(std::string_view workflow, std::string_view version) const {
  auto const& content = definitions_->now();
  auto const found = content.all.find(std::pair(std::string(workflow), std::string(version)));
  return found == content.all.end() ? nullptr : found->second.get();
}

std::vector<Definition const*> Library::versions_of(std::string_view workflow) const {
  std::vector<Definition const*> versions;
  for (auto const& [key, definition] : definitions_->now().all) {
    if (key.first == workflow) versions.push_back(definition.get());
  }
  std::sort(versions.begin(), versions.end(),
            [](auto const* a, auto const* b) { return is_older_version(a->version, b->version); });
  return versions;
}

Definition const& Library::definition_of(Case const& subject) const {
  auto const* const definition = find(subject.workflow, subject.version);
  if (definition == nullptr) std::abort();
  return *definition;
}

std::vector<Definition const*> Library::current_definitions() const {
  std::vector<Definition const*> result;
  auto const& content = definitions_->now();
  for (auto const& [workflow, version] : content.current) result.push_back(content.all.at({workflow, version}).get());
  return result;
}

Calendar const& Library::calendar_of(Definition const& definition) const {
  return calendars_.find(definition.calendar)->second.calendar;
}

Calendar const* Library::find_calendar(std::string_view id) const {
  auto const found = calendars_.find(id);
  return found == calendars_.end() ? nullptr : &found->second.calendar;
}

std::vector<Calendar const*> Library::calendars() const {
  std::vector<Calendar const*> all;
  for (auto const& [id, file] : calendars_) all.push_back(&file.calendar);
  return all;
}

OrderedJson Library::calendar_document(std::string_view id) const {
  auto const found = calendars_.find(id);
  return found == calendars_.end() ? OrderedJson() : OrderedJson::parse(found->second.text);
}

void Library::put_calendar(Calendar calendar, OrderedJson const& document) {
  auto const id = calendar.id();
  calendars_.insert_or_assign(id,
                              CalendarFile{std::move(calendar), document.dump(), hash_of(canonical(Json(document)))});
}

void Library::record_calendar(std::string const& id, Store& store) const {
  auto const& file = calendars_.find(id)->second;
  store.definitions().put({std::string(kept::calendar) + id, "", file.hash, file.text});
}

}  // namespace bihuan
