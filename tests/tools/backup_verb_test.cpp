// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <atomic>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include "engine/core/json.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/tools/office.hpp"
#include "tools/bihuan/backup.hpp"
#include "tools/bihuan/backup_manifest.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/scratch.hpp"

using namespace bihuan;

namespace {

namespace fs = std::filesystem;

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

template <class Verb>
Outcome outcome(Verb const& verb, BackupOptions const& options) {
  std::ostringstream out;
  std::ostringstream err;
  auto const status = verb(options, out, err);
  return {status, out.str(), err.str()};
}

struct Place {
  ScratchDirectory scratch;
  fs::path data = scratch.path() / "data";
  fs::path backup = scratch.path() / "backup";
  fs::path restored = scratch.path() / "restored";

  Outcome create(bool keys = false) const {
    return outcome(run_backup_create, {.data = data, .backup = backup, .keys = keys});
  }
  Outcome verify() const { return outcome(run_backup_verify, {.backup = backup}); }
  Outcome restore() const { return outcome(run_restore, {.data = restored, .backup = backup}); }
};

std::map<std::string, std::vector<std::string>> hashes_of(CaseStore& cases) {
  std::map<std::string, std::vector<std::string>> hashes;
  cases.for_each([&](Case const& subject, std::vector<Event> const& events) {
    for (auto const& event : events) hashes[subject.id].push_back(event.hash);
  });
  return hashes;
}

// What the source had when its change of this sequence was its last.
std::map<std::string, std::vector<std::string>> hashes_up_to(CaseStore& source, std::int64_t last_change) {
  auto all = hashes_of(source);
  std::map<std::string, std::int64_t> revisions;
  std::int64_t from = 0;
  for (auto changes = source.changes_after(from, Visibility::of_everything()); !changes.items.empty();
       changes = source.changes_after(from, Visibility::of_everything())) {
    for (auto const& change : changes.items)
      if (change.sequence <= last_change) revisions[change.case_id] = change.revision;
    from = changes.up_to;
  }
  std::map<std::string, std::vector<std::string>> then;
  for (auto const& [id, revision] : revisions)
    for (auto const& event : source.history(id))
      if (event.revision <= revision) then[id].push_back(event.hash);
  return then;
}

}  // namespace

TEST_CASE("a backup made while people work is the data of one instant, and verifies when it is restored") {
  Place place;
  Office office(place.data);
  office.work("before");
  std::atomic<bool> over = false;
  std::atomic<int> done_meanwhile = 0;
  std::vector<std::jthread> people;
  for (int number = 0; number < 4; ++number)
    people.emplace_back([&, number] {
      for (int i = 0; !over; ++i) {
        office.work(std::to_string(number) + "-" + std::to_string(i));
        ++done_meanwhile;
      }
    });
  while (done_meanwhile < 8) std::this_thread::yield();
  auto const made = place.create();
  auto const by_then = done_meanwhile.load();
  over = true;
  people.clear();
  CAPTURE(made.err);
  REQUIRE(made.status == done);
  CHECK(by_then >= 8);

  auto const manifest = read_manifest(place.backup);
  REQUIRE(manifest.has_value());
  auto const verified = place.verify();
  CAPTURE(verified.err);
  CHECK(verified.status == done);
  auto const restored = place.restore();
  CAPTURE(restored.err);
  REQUIRE(restored.status == done);
  auto const copy = open_sqlite_store(place.restored);
  REQUIRE(copy.has_value());
  auto const found = hashes_of((*copy)->cases());
  CHECK(static_cast<std::int64_t>(found.size()) == manifest->cases);
  CHECK(manifest->cases >= 8);
  CHECK((*copy)->cases().last_change() == manifest->last_change);
  CHECK(found == hashes_up_to(office.cases(), manifest->last_change));
}

TEST_CASE("a backup of data that no server has open is whole too, and the data is left as it was") {
  Place place;
  { Office(place.data).work("one"); }
  auto const before = describe_file(place.data / "bihuan.db");
  REQUIRE(place.create().status == done);
  CHECK(describe_file(place.data / "bihuan.db").sha256 == before.sha256);
  CHECK(place.verify().status == done);
  CHECK(read_manifest(place.backup)->cases == 1);
}

TEST_CASE("key files stay out of a backup unless they are asked for, and both are said") {
  Place place;
  { Office(place.data).work("one"); }
  REQUIRE(fs::exists(place.data / data_key_file));
  auto const made = place.create();
  CHECK(made.out.find(data_key_file) != std::string::npos);
  CHECK_FALSE(fs::exists(place.backup / data_key_file));
  auto const restored = place.restore();
  CHECK(restored.status == done);
  CHECK(restored.err.find(data_key_file) != std::string::npos);
  fs::remove_all(place.backup);
  fs::remove_all(place.restored);
  CHECK(place.create(true).status == done);
  CHECK(fs::exists(place.backup / data_key_file));
  CHECK(place.restore().err.empty());
  CHECK(fs::exists(place.restored / data_key_file));
}

TEST_CASE("a backup that was changed, cut short or robbed of a file is found out and not restored") {
  Place place;
  { Office(place.data).work("one"); }
  REQUIRE(place.create().status == done);
  auto const file = place.backup / "attachments.db";
  auto const whole = place.scratch.path() / "whole";
  fs::copy(place.backup, whole);
  auto const refused_as = [&](std::string const& name) {
    auto const verified = place.verify();
    auto const restored = place.restore();
    return verified.status == said_no && restored.status == said_no && verified.err.find(name) != std::string::npos &&
           restored.err.find(name) != std::string::npos && !fs::exists(place.restored / "bihuan.db");
  };
  {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(5000);
    bytes.put('!');
  }
  CHECK(refused_as("attachments.db"));
  fs::resize_file(file, 4096);
  CHECK(refused_as("attachments.db"));
  fs::remove(file);
  CHECK(refused_as("attachments.db"));
  fs::copy_file(whole / "attachments.db", file);
  CHECK(place.verify().status == done);
  fs::remove(place.backup / "backup.json");
  CHECK(refused_as("backup.json"));
  std::ofstream(place.backup / "backup.json") << R"({"format": 1, "files": [{"name": "../bihuan.db"}]})";
  CHECK(refused_as("/files/0/name"));
}

TEST_CASE("a backup and a restore overwrite nothing, and a restore takes no directory that a server has") {
  Place place;
  { Office(place.data).work("one"); }
  REQUIRE(place.create().status == done);
  CHECK(place.create().status == said_no);
  fs::create_directories(place.restored);
  std::ofstream(place.restored / "notes.txt") << "mine";
  CHECK(place.restore().status == said_no);
  CHECK_FALSE(fs::exists(place.restored / "bihuan.db"));
  fs::remove(place.restored / "notes.txt");
  CHECK(place.restore().status == done);
  CHECK(place.restore().status == said_no);
  fs::remove_all(place.restored);
  {
    auto const served = open_sqlite_store(place.restored);
    auto const refused = place.restore();
    CHECK(refused.status == said_no);
    CHECK(refused.err.find("store_in_use") != std::string::npos);
  }
  auto const nothing = outcome(run_backup_create, {.data = place.scratch.path() / "none", .backup = place.backup});
  CHECK(nothing.status == said_no);
}

TEST_CASE("a backup whose documents are not all there does not verify") {
  Place place;
  { Office(place.data).work("one"); }
  {
    // As if the attachments were older than the cases.
    Place other;
    { Office(other.data).work("another"); }
    fs::remove(place.data / "attachments.db");
    fs::copy_file(other.data / "attachments.db", place.data / "attachments.db");
  }
  REQUIRE(place.create().status == done);
  auto const verified = place.verify();
  CHECK(verified.status == said_no);
  CHECK(verified.err.find("the bytes of document") != std::string::npos);
}
