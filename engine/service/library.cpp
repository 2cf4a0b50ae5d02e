// SPDX-License-Identifier: Apache-2.0
#include "engine/service/library.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "engine/core/message.hpp"
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

// "2" is newer than "1", and "10" newer than "9".
bool older(std::string const& a, std::string const& b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

// Beside the definitions the store keeps the calendars that its deadlines were reckoned by; no workflow has such an
// id.
constexpr std::string_view calendar_row = "calendar/";

void take(Refusals& faults, Refusals const& found, std::string const& file) {
  for (auto fault : found) {
    fault.pointer = file + "#" + fault.pointer;
    faults.push_back(std::move(fault));
  }
}

}  // namespace

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
  if (faults.empty()) library.load_service_requests(directory / "interfaces" / "open311.json", faults);
  if (faults.empty()) library.load_import_mappings(directory / "interfaces" / "imports", faults);
  if (!faults.empty()) return refused(std::move(faults));
  return library;
}

Refusals Library::add(Definition definition) {
  if (!calendars_.count(definition.calendar))
    return {refusal(Code::unknown_reference, "/calendar",
                    {{"name", definition.calendar}, {"kind", message("kind.calendar")}})};
  auto key = std::pair(definition.id, definition.version);
  if (definitions_.count(key))
    return {refusal(Code::name_clash, "/version",
                    {{"name", key.first + " " + key.second}, {"kind", message("kind.workflow")}})};
  if (auto faults = check_forms(definition); !faults.empty()) return faults;
  auto& current = current_[key.first];
  if (current.empty() || older(current, key.second)) current = key.second;
  definitions_.emplace(std::move(key), std::make_unique<Definition>(std::move(definition)));
  return {};
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
  for (auto const& kept : store.definitions().all()) {
    if (kept.id.starts_with(calendar_row)) reckoned_by[kept.id.substr(calendar_row.size())] = kept.hash;
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
  for (auto& kept : store.units().all()) units.push_back(std::move(kept.unit));
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
  std::map<std::pair<std::string, std::string>, StoredDefinition> stored;
  for (auto& definition : store.definitions().all()) {
    auto key = std::pair(definition.id, definition.version);
    stored.emplace(std::move(key), std::move(definition));
  }
  Refusals faults;
  for (auto const& [key, definition] : definitions_) {
    auto const known = stored.find(key);
    if (known != stored.end() && known->second.hash == definition->hash) continue;
    if (known != stored.end() && store.cases().count_of_version(key.first, key.second) > 0)
      faults.push_back(
          refusal(Code::version_changed, key.first + "#/version", {{"workflow", key.first}, {"version", key.second}}));
    else
      store.definitions().put({key.first, key.second, definition->hash, definition->source.dump()});
  }
  // Cases live longer than files: a version that has left the directory still governs the cases that opened
  // with it.
  for (auto const& [key, definition] : stored) {
    if (key.first.starts_with(calendar_row)) continue;
    if (definitions_.count(key) || store.cases().count_of_version(key.first, key.second) == 0) continue;
    auto const document = parse_ordered_json(definition.text, {.bytes = definition.text.size()});
    auto parsed = document ? read_definition(*document) : refused(document.error());
    if (!parsed)
      take(faults, parsed.error(), key.first);
    else if (!calendars_.count(parsed->calendar))
      faults.push_back(refusal(Code::unknown_reference, key.first + "#/calendar",
                               {{"name", parsed->calendar}, {"kind", message("kind.calendar")}}));
    else
      definitions_.emplace(key, std::make_unique<Definition>(std::move(*parsed)));
  }
  if (!faults.empty()) return refused(std::move(faults));
  return {};
}

PaperForm const* Library::find_form(std::string_view name) const {
  auto const found = forms_.find(name);
  return found == forms_.end() ? nullptr : &found->second;
}

Definition const* Library::current(std::string_view workflow) const {
  auto const found = current_.find(workflow);
  return found == current_.end() ? nullptr : find(workflow, found->second);
}

Definition const* Library::find(std::string_view workflow, std::string_view version) const {
  auto const found = definitions_.find(std::pair(std::string(workflow), std::string(version)));
  return found == definitions_.end() ? nullptr : found->second.get();
}

Definition const& Library::definition_of(Case const& subject) const {
  auto const* const definition = find(subject.workflow, subject.version);
  if (definition == nullptr) std::abort();
  return *definition;
}

std::vector<Definition const*> Library::current_definitions() const {
  std::vector<Definition const*> result;
  for (auto const& [workflow, version] : current_) result.push_back(find(workflow, version));
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
  store.definitions().put({std::string(calendar_row) + id, "", file.hash, file.text});
}

}  // namespace bihuan
