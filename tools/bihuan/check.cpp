// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/check.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <ostream>
#include <set>

#include "engine/core/message.hpp"
#include "engine/service/library.hpp"
#include "engine/service/scenario.hpp"
#include "tools/bihuan/definition_file.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/scratch.hpp"

namespace bihuan {
namespace {

namespace fs = std::filesystem;

struct Checked {
  fs::path file;
  std::string id;
  std::string version;
  Refusals faults;
};

struct Story {
  fs::path file;
  ScenarioReport report;
};

bool is_complete(fs::path const& directory) {
  std::error_code ignored;
  return fs::is_directory(directory / "calendars", ignored) && fs::is_directory(directory / "organisation", ignored);
}

class Check {
 public:
  explicit Check(CheckOptions const& options) : options_(options) {
    for (auto const& file : options.files) {
      auto const directory = file.has_parent_path() ? file.parent_path() : fs::path(".");
      if (std::find(directories_.begin(), directories_.end(), directory) == directories_.end())
        directories_.push_back(directory);
    }
  }

  void run() {
    load_surroundings();
    for (auto const& file : options_.files) read(file);
    if (!library_) return;
    take_neighbours();
    together();
    tell_stories();
  }

  [[nodiscard]] std::vector<Checked> const& files() const { return files_; }
  [[nodiscard]] std::vector<Story> const& stories() const { return stories_; }

 private:
  // Calendars and organisation alone: a library of whole definitions refuses all when one is faulty.
  void load_surroundings() {
    auto const complete = std::find_if(directories_.begin(), directories_.end(), is_complete);
    auto const home = fs::absolute(complete == directories_.end() ? options_.workflows : *complete);
    ScratchDirectory const scratch;
    fs::create_directory_symlink(home / "calendars", scratch.path() / "calendars");
    fs::create_directory_symlink(home / "organisation", scratch.path() / "organisation");
    if (fs::is_directory(home / "templates"))
      fs::create_directory_symlink(home / "templates", scratch.path() / "templates");
    auto library = Library::load(scratch.path());
    if (library) {
      library_ = std::move(*library);
      return;
    }
    for (auto fault : library.error()) {
      auto const hash = fault.pointer.find('#');
      auto const name = fault.pointer.substr(0, hash);
      fault.pointer.erase(0, hash == std::string::npos ? hash : hash + 1);
      bool const with_directory = name.find('/') != std::string::npos;
      auto const part = fs::exists(home / "calendars" / name) ? "calendars" : "organisation";
      entry(with_directory ? home / name : home / part / name).faults.push_back(std::move(fault));
    }
  }

  Checked& entry(fs::path const& file) {
    auto const found = std::find_if(files_.begin(), files_.end(), [&](Checked const& c) { return c.file == file; });
    if (found != files_.end()) return *found;
    return files_.emplace_back(Checked{.file = file, .id = {}, .version = {}, .faults = {}});
  }

  void read(fs::path const& file) {
    auto& checked = entry(file);
    auto const document = read_json_file(file);
    auto definition = document ? read_definition(*document) : refused(document.error());
    if (!definition) {
      append(checked.faults, definition.error());
      return;
    }
    checked.id = definition->id;
    checked.version = definition->version;
    if (library_) append(checked.faults, library_->add(std::move(*definition)));
  }

  // What lies beside a definition may be opened by it; its own faults are not asked for.
  void take_neighbours() {
    for (auto const& directory : directories_) {
      for (auto const& file : json_files(directory)) {
        auto const same = [&](fs::path const& given) {
          std::error_code ignored;
          return fs::equivalent(given, file, ignored);
        };
        if (std::any_of(options_.files.begin(), options_.files.end(), same)) continue;
        auto const document = read_json_file(file);
        if (!document) continue;
        auto definition = read_definition(*document);
        if (definition && !library_->current(definition->id)) (void)library_->add(std::move(*definition));
      }
    }
  }

  void together() {
    for (auto fault : check_together(library_->current_definitions(), library_->organisation())) {
      auto const hash = fault.pointer.find('#');
      auto const* const definition = library_->current(fault.pointer.substr(0, hash));
      if (!definition) continue;
      for (auto& checked : files_) {
        if (checked.id != definition->id || checked.version != definition->version) continue;
        fault.pointer.erase(0, hash + 1);
        checked.faults.push_back(std::move(fault));
        break;
      }
    }
  }

  void tell_stories() {
    std::set<std::string> sound;
    std::set<std::string> faulty;
    for (auto const& checked : files_) (checked.faults.empty() ? sound : faulty).insert(checked.id);
    for (auto const& directory : directories_) {
      for (auto const& file : json_files(directory / "scenarios")) {
        auto const document = read_json_file(file);
        if (!document) {
          ScenarioReport unread;
          unread.faults = document.error();
          stories_.push_back({.file = file, .report = std::move(unread)});
          continue;
        }
        auto const named = document->is_object() ? document->find("workflow") : document->end();
        bool const has_workflow = document->is_object() && named != document->end() && named->is_string();
        auto const workflow = has_workflow ? named->get<std::string>() : std::string();
        // A story about a workflow that nobody gave is somebody else's; one about none at all is a fault.
        if (has_workflow && (!sound.count(workflow) || faulty.count(workflow))) continue;
        stories_.push_back({.file = file, .report = run_scenario(*document, *library_, make_scratch_store)});
      }
    }
  }

  CheckOptions const& options_;
  std::vector<fs::path> directories_;
  std::optional<Library> library_;
  std::vector<Checked> files_;
  std::vector<Story> stories_;
};

OrderedJson faults_json(Refusals const& faults) {
  auto list = OrderedJson::array();
  for (auto const& fault : faults)
    list.push_back({{"pointer", fault.pointer},
                    {"code", code_name(fault.code)},
                    {"text", {{"zh", fault.text.zh}, {"en", fault.text.en}}}});
  return list;
}

void print_json(std::ostream& out, Check const& check) {
  auto files = OrderedJson::array();
  for (auto const& [file, id, version, faults] : check.files())
    files.push_back({{"file", file.string()}, {"ok", faults.empty()}, {"faults", faults_json(faults)}});
  auto scenarios = OrderedJson::array();
  for (auto const& [file, report] : check.stories())
    scenarios.push_back({{"file", file.string()},
                         {"workflow", report.workflow},
                         {"ok", report.faults.empty()},
                         {"steps", report.steps},
                         {"faults", faults_json(report.faults)}});
  out << OrderedJson{{"files", files}, {"scenarios", scenarios}}.dump(2, ' ', false,
                                                                      OrderedJson::error_handler_t::replace)
      << "\n";
}

}  // namespace

int run_check(CheckOptions const& options, std::ostream& out) {
  Check check(options);
  check.run();
  std::size_t faults = 0;
  for (auto const& checked : check.files()) faults += checked.faults.size();
  for (auto const& story : check.stories()) faults += story.report.faults.size();
  if (options.json) {
    print_json(out, check);
  } else {
    for (auto const& checked : check.files()) print_faults(out, checked.file, checked.faults);
    for (auto const& story : check.stories()) print_faults(out, story.file, story.report.faults);
    say(out, message("check.summary", {{"files", std::to_string(check.files().size())},
                                       {"scenarios", std::to_string(check.stories().size())},
                                       {"faults", std::to_string(faults)}}));
  }
  return faults == 0 ? done : said_no;
}

}  // namespace bihuan
