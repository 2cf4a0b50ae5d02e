// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "engine/service/library.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tools/bihuan/demo.hpp"
#include "tools/bihuan/demo_papers.hpp"
#include "tools/bihuan/demo_words.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/scratch.hpp"
#include "tools/bihuan/verify.hpp"

using namespace bihuan;

namespace {

namespace fs = std::filesystem;

constexpr auto now = "2026-11-20T00:00:00+08:00";

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome demo(fs::path const& data, std::uint64_t seed, std::size_t cases = 10) {
  std::ostringstream out;
  std::ostringstream err;
  auto const status = run_demo(
      {.data = data, .workflows = fs::path(BIHUAN_SOURCE_DIR) / "workflows", .seed = seed, .cases = cases, .now = now},
      out, err);
  return {status, out.str(), err.str()};
}

std::string text_of(fs::path const& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<Case> cases_in(fs::path const& data) {
  auto const store = open_sqlite_store(data);
  REQUIRE(store);
  std::vector<Case> cases;
  (*store)->cases().for_each([&](Case const& stored, std::vector<Event> const&) { cases.push_back(stored); });
  return cases;
}

// Filled once for the tests that only look.
fs::path const& district() {
  static ScratchDirectory const scratch;
  static bool const filled = [] {
    auto const outcome = demo(scratch.path(), 12, 120);
    CAPTURE(outcome.err);
    REQUIRE(outcome.status == done);
    return true;
  }();
  (void)filled;
  return scratch.path();
}

}  // namespace

TEST_CASE("one seed gives one district: the same ids, numbers, titles, states and histories") {
  ScratchDirectory const first;
  ScratchDirectory const second;
  ScratchDirectory const other;
  REQUIRE(demo(first.path(), 11).status == done);
  REQUIRE(demo(second.path(), 11).status == done);
  REQUIRE(demo(other.path(), 12).status == done);
  auto const cases = cases_in(first.path());
  CHECK(cases.size() >= 10);
  CHECK(cases == cases_in(second.path()));
  CHECK(cases != cases_in(other.path()));
  CHECK(text_of(first.path() / "demo-people.json") == text_of(second.path() / "demo-people.json"));
}

TEST_CASE("the district's histories verify") {
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run_verify({.data = district(), .json = true}, out, err) == done);
  CHECK(err.str().empty());
  auto const answer = Json::parse(out.str());
  CHECK(answer.at("ok") == true);
  CHECK(answer.at("cases") == cases_in(district()).size());
  CHECK(answer.at("faults").empty());
}

TEST_CASE("the district's cases are of every workflow, spread over states, and some are overdue") {
  auto const cases = cases_in(district());
  auto const at = *parse_instant(now);
  std::map<std::string, std::set<std::string>> states;
  std::size_t overdue = 0;
  std::size_t open = 0;
  for (auto const& one : cases) {
    states[one.workflow].insert(one.state);
    overdue += light_of(one, at) == Light::red ? 1U : 0U;
    open += one.final ? 0U : 1U;
    CHECK(one.opened <= at);
    CHECK(one.changed <= at);
  }
  // What people open is as many as were asked for; what follows from these comes on top.
  CHECK(cases.size() >= 120);
  CHECK(cases.size() < 260);
  CHECK(states.size() >= 8);
  CHECK(states["inspection-issue"].size() >= 5);
  CHECK(states["criminal-referral"].size() >= 3);
  CHECK(overdue >= 3);
  CHECK(overdue < open);
  CHECK(open < cases.size());
}

TEST_CASE("the vocabulary has words for every text that a workflow asks for") {
  auto const library = Library::load(fs::path(BIHUAN_SOURCE_DIR) / "workflows");
  REQUIRE(library);
  DemoWords const words;
  DemoRandom random(1);
  for (auto const* const definition : library->current_definitions()) {
    for (auto const& field : definition->fields) {
      if (field.type != FieldType::text) continue;
      CAPTURE(definition->id);
      CAPTURE(field.id);
      auto const matter = words.matter(random, "lijiatuo", 2026);
      auto const text = words.field_text(definition->id, field.id, matter, random);
      CHECK_FALSE(text.empty());
      CHECK(text.find_first_of("{}") == std::string::npos);
    }
  }
}

TEST_CASE("what a matter is about fits together") {
  DemoWords const words;
  DemoRandom random(1);
  for (int round = 0; round < 200; ++round) {
    auto const matter = words.matter(random, "", 2026);
    auto const& category = words.all().at("categories").at(matter.category);
    for (auto const& [list, word] :
         {std::pair{"troubles", matter.trouble}, {"enterprises", matter.enterprise}, {"duties", matter.duty}}) {
      auto const& all = category.at(list);
      CHECK(std::find(all.begin(), all.end(), word) != all.end());
    }
    CHECK_FALSE(matter.place.contains("wrong"));
  }
}

TEST_CASE("some of the district's responsibilities are published") {
  auto const cases = cases_in(district());
  CHECK(std::any_of(cases.begin(), cases.end(),
                    [](Case const& one) { return one.workflow == "responsibility-item" && one.state == "published"; }));
}

TEST_CASE("there is somebody for each role, in a unit that exists, and they can be signed in by name") {
  auto const people = Json::parse(text_of(district() / "demo-people.json"));
  std::set<std::string> roles;
  auto const library = Library::load(fs::path(BIHUAN_SOURCE_DIR) / "workflows");
  REQUIRE(library);
  auto const store = open_sqlite_store(district());
  REQUIRE(store);
  for (auto const& person : people) {
    for (auto const& role : person.at("roles")) roles.insert(role.get<std::string>());
    CHECK(library->organisation().find(person.at("unit").get<std::string>()) != nullptr);
    auto const kept = (*store)->people().find_by_name(person.at("name").get<std::string>());
    REQUIRE(kept);
    CHECK(kept->unit == person.at("unit"));
    CHECK_FALSE(kept->password_hash.empty());
    CHECK_FALSE(person.at("password").get<std::string>().empty());
  }
  CHECK(roles == std::set<std::string>{"inspector", "handler", "dept_head", "supervisor", "district_leader",
                                       "police_liaison", "procuratorate_liaison", "court_liaison", "legal_reviewer",
                                       "discipline_officer", "intake_clerk", "admin", "auditor"});
}

TEST_CASE("demo leaves its own repeat alone and refuses other data") {
  auto const before = text_of(district() / "demo.json");
  auto const repeated = demo(district(), 12, 120);
  CHECK(repeated.status == done);
  CHECK(repeated.err.empty());
  auto const refused_seed = demo(district(), 13, 120);
  CHECK(refused_seed.status == said_no);
  CHECK_FALSE(refused_seed.err.empty());
  CHECK(demo(district(), 12, 121).status == said_no);
  CHECK(text_of(district() / "demo.json") == before);

  ScratchDirectory const foreign;
  REQUIRE(open_sqlite_store(foreign.path()));
  CHECK(demo(foreign.path(), 7).status == said_no);
}

TEST_CASE("a run that was cut off does not stand in the way") {
  ScratchDirectory const scratch;
  fs::create_directories(scratch.path() / "demo-partial");
  std::ofstream(scratch.path() / "demo-partial" / "bihuan.db") << "half";
  CHECK(demo(scratch.path(), 3, 5).status == done);
  CHECK(cases_in(scratch.path()).size() >= 5);
  CHECK_FALSE(fs::exists(scratch.path() / "demo-partial"));
}

TEST_CASE("demo says what is wrong with --now and with its directory") {
  ScratchDirectory const scratch;
  std::ostringstream out;
  std::ostringstream err;
  auto const workflows = fs::path(BIHUAN_SOURCE_DIR) / "workflows";
  CHECK(run_demo({.data = scratch.path(), .workflows = workflows, .seed = 1, .cases = 1, .now = "yesterday"}, out,
                 err) == wrong_use);
  CHECK(err.str().find("--now: bad_format") != std::string::npos);
  CHECK(fs::is_empty(scratch.path()));
  std::ofstream(scratch.path() / "file") << "x";
  CHECK(run_demo({.data = scratch.path() / "file", .workflows = workflows, .seed = 1, .cases = 1, .now = now}, out,
                 err) == said_no);
}

TEST_CASE("verify names an event that somebody altered in the file, and its exit status says no") {
  ScratchDirectory const scratch;
  fs::copy(district(), scratch.path(), fs::copy_options::recursive);
  auto const victim = cases_in(scratch.path()).at(3);
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open((scratch.path() / "bihuan.db").c_str(), &database) == SQLITE_OK);
  auto const forge =
      "UPDATE event SET body = json_set(body, '$.at', '2020-01-01T00:00:00Z') WHERE revision = 2 AND place = "
      "0 AND case_id = '" +
      victim.id + "'";
  CHECK(sqlite3_exec(database, forge.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  CHECK(sqlite3_changes(database) == 1);
  sqlite3_close(database);
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run_verify({.data = scratch.path(), .json = true}, out, err) == said_no);
  auto const fault = Json::parse(out.str()).at("faults").at(0);
  CHECK(fault.at("case") == victim.id);
  CHECK(fault.at("revision") == 2);
  CHECK_FALSE(fault.at("what").get<std::string>().empty());
}

TEST_CASE("verify says no where there is no data, and makes none") {
  ScratchDirectory const scratch;
  std::ostringstream out;
  std::ostringstream err;
  CHECK(run_verify({.data = scratch.path(), .json = false}, out, err) == said_no);
  CHECK(err.str().find(scratch.path().string()) != std::string::npos);
  CHECK(fs::is_empty(scratch.path()));
}

TEST_CASE("made-up papers are what they say they are") {
  DemoRandom random(1);
  auto const photo = make_demo_photo(random);
  CHECK(photo.substr(0, 3) == "\xFF\xD8\xFF");
  CHECK(photo.substr(photo.size() - 2) == "\xFF\xD9");
  auto const paper = make_demo_paper("交办单", "某处");
  CHECK(paper.substr(0, 5) == "%PDF-");
  CHECK(paper.find("<4EA4529E5355>") != std::string::npos);
  // The table of objects stands where the end of the file says.
  auto const start = paper.find("startxref\n") + 10;
  auto const offset = static_cast<std::size_t>(std::stoul(paper.substr(start)));
  CHECK(paper.substr(offset, 4) == "xref");
}
