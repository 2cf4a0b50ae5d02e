// SPDX-License-Identifier: Apache-2.0
#include "engine/service/following.hpp"

#include <thread>

#include "engine/service/definition_keeper.hpp"
#include "engine/service/units.hpp"
#include "tests/service/fixture.hpp"

using namespace bihuan;

namespace {

// One of the nodes on the store of this directory.
struct Node {
  std::filesystem::path directory;
  Instant now = *parse_instant("2026-09-01T09:00:00+08:00");
  std::unique_ptr<Store> store = test::open_postgres_test_store(directory);
  Library library = read();
  int scratches = 0;
  DefinitionKeeper keeper{*store, library, [this] { return now; },
                          [this] { return open_store(directory / ("story-" + std::to_string(++scratches))); }};
  Units units{*store, library, [this] { return now; }};
  Following following{library, *store, [](std::exception const& fault) { MESSAGE(fault.what()); }};

  Library read() const {
    auto read = load_library();
    REQUIRE(read.reconcile(*store).has_value());
    read.follow(*store);
    return read;
  }
};

char const* const story = R"json({"workflow": "inspection-issue", "title": {"zh": "开案", "en": "Opening"},
  "checked": "by hand", "people": {"in": {"unit": "yudong", "roles": ["inspector"]}},
  "steps": [{"at": "2026-03-02T09:00:00+08:00", "by": "in", "do": "open", "fields": {"problem": "污水"},
             "expect": {"state": "found"}}]})json";

}  // namespace

TEST_CASE("a definition and a unit that are saved on one node are the other's without anybody asking for them") {
  TemporaryDirectory const directory;
  Node one{.directory = directory.path()};
  Node const other{.directory = directory.path()};
  std::string const workflow = "inspection-issue";
  auto document = one.library.current(workflow)->source;
  document["version"] = "900";
  auto const saved = one.keeper.save({document.dump(), std::vector<ScenarioText>{{"opens", story}}},
                                     person("root", "seeb", {"admin"}));
  REQUIRE(saved.has_value());
  while (other.library.current(workflow)->version != "900") std::this_thread::yield();
  CHECK(other.library.current(workflow)->hash == (*saved)->hash);

  REQUIRE(one.units.change("water", {.title = Text{"新水务局", "New water bureau"}}, std::nullopt).has_value());
  while (other.library.organisation().find("water")->title.zh != "新水务局") std::this_thread::yield();
}

TEST_CASE("what is saved is in force when that is answered, also where the node has heard of its text before") {
  TemporaryDirectory const directory;
  Node one{.directory = directory.path()};
  std::string const workflow = "inspection-issue";
  auto document = one.library.current(workflow)->source;
  auto const before = one.library.current(workflow)->version;
  document["version"] = "900";
  auto const read = read_definition(document);
  REQUIRE(read.has_value());
  // As the first of the two rows that a saving writes, heard of by the node before it wrote the second.
  one.store->definitions().put({workflow, "900", read->hash, document.dump()});
  REQUIRE(one.library.find(workflow, "900") != nullptr);
  REQUIRE(one.library.current(workflow)->version == before);
  REQUIRE(
      one.keeper.save({document.dump(), std::vector<ScenarioText>{{"opens", story}}}, person("root", "seeb", {"admin"}))
          .has_value());
  CHECK(one.library.current(workflow)->version == "900");
}
