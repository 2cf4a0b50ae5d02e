// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/backup.hpp"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <ostream>
#include <system_error>

#include "engine/core/message.hpp"
#include "engine/store/sqlite/backup.hpp"
#include "engine/store/sqlite/directory_lock.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tools/bihuan/accounts_data.hpp"
#include "tools/bihuan/backup_manifest.hpp"
#include "tools/bihuan/data_directory.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/replace_file.hpp"
#include "tools/bihuan/scratch.hpp"
#include "tools/bihuan/verify.hpp"

namespace bihuan {
namespace {

namespace fs = std::filesystem;

constexpr char lock_file[] = "bihuan.lock";

bool is_database(std::string const& name) {
  return std::ranges::any_of(database_files, [&](std::string const& file) { return name.starts_with(file); });
}
bool is_key(std::string const& name) {
  return name.ends_with(".key");
}

bool holds_nothing(fs::path const& directory) {
  return !fs::exists(directory) || (fs::is_directory(directory) && fs::is_empty(directory));
}

// A directory beside the place where a whole one will stand; gone unless it took that place.
class Unfinished {
 public:
  explicit Unfinished(fs::path const& place) : place_(fs::absolute(place).lexically_normal()) {
    if (!place_.has_filename()) place_ = place_.parent_path();
    fs::create_directories(place_.parent_path());
    auto pattern = place_.string() + ".XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::system_error(errno, std::generic_category(), pattern);
    path_ = pattern;
  }
  ~Unfinished() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Unfinished(Unfinished const&) = delete;
  Unfinished& operator=(Unfinished const&) = delete;

  [[nodiscard]] fs::path const& path() const { return path_; }
  // Takes the place of an empty directory.
  void finish() {
    reach_disk(path_);
    fs::rename(path_, place_);
    reach_disk(place_.parent_path());
  }

 private:
  fs::path place_;
  fs::path path_;
};

void copy_durably(fs::path const& from, fs::path const& to) {
  fs::copy_file(from, to);
  reach_disk(to);
}

// Every file of the data directory that is no database: what of it is taken, and what is not.
struct Beside {
  std::vector<std::string> taken;
  std::vector<std::string> left_out;
};
Beside files_beside(fs::path const& data, bool keys) {
  Beside beside;
  for (auto const& entry : fs::directory_iterator(data)) {
    auto const name = entry.path().filename().string();
    if (name == lock_file || is_database(name)) continue;
    (keys && is_key(name) ? beside.taken : beside.left_out).push_back(name);
  }
  std::ranges::sort(beside.taken);
  std::ranges::sort(beside.left_out);
  return beside;
}

std::string listed(std::vector<std::string> const& names) {
  std::string text;
  for (auto const& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

int create(BackupOptions const& options, std::ostream& out, std::ostream& err) {
  if (!holds_nothing(options.backup)) {
    say(err, message("backup.not_empty", {{"path", options.backup.string()}}));
    return said_no;
  }
  Unfinished unfinished(options.backup);
  auto const copied = copy_sqlite_store(options.data, unfinished.path());
  if (!copied) {
    print_refusals(err, copied.error());
    return said_no;
  }
  BackupManifest manifest{.made = wall_clock_now(),
                          .program = BIHUAN_VERSION,
                          .cases = copied->cases,
                          .events = copied->events,
                          .last_change = copied->last_change,
                          .files = {}};
  auto const beside = files_beside(options.data, options.keys);
  for (auto const& name : beside.taken) copy_durably(options.data / name, unfinished.path() / name);
  std::vector<std::string> names(std::begin(database_files), std::end(database_files));
  names.insert(names.end(), beside.taken.begin(), beside.taken.end());
  for (auto const& name : names) {
    reach_disk(unfinished.path() / name);
    manifest.files.push_back(describe_file(unfinished.path() / name));
  }
  replace_file(unfinished.path() / manifest_file, manifest.to_text());
  unfinished.finish();
  if (options.json) {
    out << canonical({{"backup", options.backup.string()},
                      {"made", format_utc(manifest.made)},
                      {"cases", manifest.cases},
                      {"events", manifest.events},
                      {"last_change", manifest.last_change},
                      {"left_out", beside.left_out}})
        << "\n";
    return done;
  }
  say(out, message("backup.made", {{"path", options.backup.string()},
                                   {"cases", std::to_string(manifest.cases)},
                                   {"events", std::to_string(manifest.events)}}));
  if (!beside.left_out.empty()) say(out, message("backup.left_out", {{"names", listed(beside.left_out)}}));
  return done;
}

// The manifest, when every file is there as it says.
std::optional<BackupManifest> whole(fs::path const& backup, std::ostream& err) {
  auto manifest = read_manifest(backup);
  if (!manifest) {
    say(err, message("backup.not_one", {{"path", backup.string()}}));
    print_faults(err, backup / manifest_file, manifest.error());
    return std::nullopt;
  }
  bool good = true;
  for (auto const* const name : database_files) {
    if (std::ranges::any_of(manifest->files, [&](auto const& file) { return file.name == name; })) continue;
    say(err, message("backup.file_missing", {{"name", name}}));
    good = false;
  }
  for (auto const& file : manifest->files) {
    if (!fs::is_regular_file(backup / file.name)) {
      say(err, message("backup.file_missing", {{"name", file.name}}));
      good = false;
      continue;
    }
    auto const found = describe_file(backup / file.name);
    if (found.size == file.size && found.sha256 == file.sha256) continue;
    say(err, message("backup.file_changed", {{"name", file.name}}));
    good = false;
  }
  if (!good) return std::nullopt;
  return std::move(*manifest);
}

int verify_backup(BackupOptions const& options, std::ostream& out, std::ostream& err) {
  auto const manifest = whole(options.backup, err);
  if (!manifest) return said_no;
  ScratchDirectory const scratch(options.scratch);
  for (auto const* const name : database_files) fs::copy_file(options.backup / name, scratch.path() / name);
  return run_verify({.data = scratch.path(), .json = options.json, .documents = true}, out, err);
}

int restore(BackupOptions const& options, std::ostream& out, std::ostream& err) {
  {
    auto const lock = sqlite::DirectoryLock::take(options.data);
    if (!lock) {
      print_refusals(err, lock.error());
      return said_no;
    }
    for (auto const& entry : fs::directory_iterator(options.data)) {
      if (entry.path().filename() == lock_file) continue;
      say(err, message("restore.not_empty", {{"path", options.data.string()}}));
      return said_no;
    }
    auto const manifest = whole(options.backup, err);
    if (!manifest) return said_no;
    // The cases' database comes last: a directory without it is no data to anybody.
    for (auto const& file : manifest->files)
      if (file.name != database_files[0]) copy_durably(options.backup / file.name, options.data / file.name);
    auto const beside = options.data / (std::string(database_files[0]) + ".new");
    copy_durably(options.backup / database_files[0], beside);
    fs::rename(beside, options.data / database_files[0]);
    reach_disk(options.data);
    if (!options.json)
      say(out, message("restore.done", {{"path", options.data.string()}, {"made", Zone{}.format(manifest->made)}}));
  }
  auto const status = run_verify({.data = options.data, .json = options.json, .documents = true}, out, err);
  if (status == done && !fs::exists(options.data / data_key_file)) say(err, message("restore.no_key"));
  return status;
}

}  // namespace

int run_backup_create(BackupOptions const& options, std::ostream& out, std::ostream& err) {
  if (!holds_data(options.data, err)) return said_no;
  return say_faults(err, [&] { return create(options, out, err); });
}

int run_backup_verify(BackupOptions const& options, std::ostream& out, std::ostream& err) {
  return say_faults(err, [&] { return verify_backup(options, out, err); });
}

int run_restore(BackupOptions const& options, std::ostream& out, std::ostream& err) {
  return say_faults(err, [&] { return restore(options, out, err); });
}

}  // namespace bihuan
