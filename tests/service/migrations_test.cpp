// SPDX-License-Identifier: Apache-2.0
#include "engine/service/migrations.hpp"

#include <thread>

#include "engine/service/definition_keeper.hpp"
#include "tests/service/fixture.hpp"
#include "tests/support/sample.hpp"

using namespace bihuan;

namespace {

Actor administrator() {
  return person("root", "seeb", {"admin"});
}

// A district with the sample workflow and cases of its first version.
struct District {
  TemporaryDirectory directory;
  std::filesystem::path workflows = directory.path() / "workflows";
  Library library = make_library();
  std::unique_ptr<Store> store = open_store(directory.path() / "data");
  Instant now = *parse_instant("2026-09-01T09:00:00+08:00");
  CaseService service{*store, library, [this] { return now; }};
  Migrations migrations{*store, library, [this] { return now; }};
  DefinitionKeeper keeper{*store, library, [this] { return now; }, [this] { return scratch(); }};
  int scratches = 0;

  Library make_library() {
    std::filesystem::create_directories(workflows);
    for (auto const* const part : {"calendars", "organisation"})
      std::filesystem::copy(shipped_workflows() / part, workflows / part, std::filesystem::copy_options::recursive);
    std::ofstream(workflows / "sample.json") << sample::document().dump();
    std::filesystem::create_directories(workflows / "scenarios");
    std::ofstream(workflows / "scenarios" / "sample-opens.json") << story("found");
    return load_library(workflows);
  }

  std::unique_ptr<Store> scratch() { return open_store(directory.path() / ("scratch" + std::to_string(++scratches))); }

  static std::string story(std::string const& state) {
    return R"json({"workflow": "sample", "title": {"zh": "开案", "en": "Opening"}, "checked": "by hand",
      "people": {"in": {"unit": "yudong", "roles": ["inspector"]}},
      "steps": [{"at": "2026-03-02T09:00:00+08:00", "by": "in", "do": "open", "fields": {"problem": "污水"},
                 "expect": {"state": ")json" +
           state + "\"}}]}";
  }

  CaseAt open(std::string problem = "污水外溢") {
    OpenCaseRequest request;
    request.workflow = "sample";
    request.fields = {{"problem", std::move(problem)}};
    auto opened = service.open(request, person("in", "yudong", {"inspector"}));
    REQUIRE(opened.has_value());
    return *opened;
  }

  Case find(std::string const& id) { return store->cases().find(id, Visibility::of_everything()).value(); }

  void save(std::string const& version, std::function<void(OrderedJson&)> const& change = {},
            std::string const& state = "found") {
    auto document = sample::document();
    document["version"] = version;
    if (change) change(document);
    auto const saved =
        keeper.save({document.dump(1), std::vector<ScenarioText>{{"opens", story(state)}}}, administrator());
    if (!saved) MESSAGE(saved.error().front().pointer << " " << saved.error().front().text.en);
    REQUIRE(saved.has_value());
  }

  MigrationBatch move_all(MigrationRequest const& request, std::size_t limit = 200) {
    auto const outlook = migrations.outlook(request, Visibility::of_everything());
    REQUIRE(outlook.has_value());
    MigrationBatch all;
    do {
      auto const batch = migrations.move(request, outlook->stamp, administrator(), limit, all.next_cursor);
      if (!batch) MESSAGE(batch.error().front().text.en);
      REQUIRE(batch.has_value());
      all.moved += batch->moved;
      all.unfit += batch->unfit;
      all.remaining = batch->remaining;
      all.next_cursor = batch->next_cursor;
    } while (!all.next_cursor.empty());
    return all;
  }

  void verify_all() {
    auto const verified = verify(store->cases());
    for (auto const& fault : verified.faults) MESSAGE(fault.case_id << " " << fault.what);
    CHECK(verified.faults.empty());
    auto const rows = store->cases().verify_rows();
    for (auto const& fault : rows) MESSAGE(fault.case_id << " " << fault.what);
    CHECK(rows.empty());
  }
};

void rename_found(OrderedJson& document) {
  auto text = document.dump();
  for (auto place = text.find("\"found\""); place != std::string::npos; place = text.find("\"found\""))
    text.replace(place, 7, "\"reported\"");
  document = OrderedJson::parse(text);
}

MigrationMap map_of(char const* text) {
  return parse_migration_map(OrderedJson::parse(text), "/map").value();
}

}  // namespace

TEST_CASE("a further version is saved when it is sound and its stories pass, and new cases open with it at once") {
  District district;
  REQUIRE(district.library.reconcile(*district.store).has_value());
  auto const refused = [&](std::function<void(OrderedJson&)> const& change,
                           std::optional<std::vector<ScenarioText>> scenarios = std::nullopt) {
    auto document = sample::document();
    document["version"] = "2";
    change(document);
    auto const saved = district.keeper.save({document.dump(1), std::move(scenarios)}, administrator());
    REQUIRE_FALSE(saved.has_value());
    return saved.error().front();
  };
  CHECK(refused([](OrderedJson& d) { d["initial"] = "nowhere"; }).pointer == "/initial");
  CHECK(refused([](OrderedJson& d) { d["calendar"] = "mars"; }).code == Code::unknown_reference);
  CHECK(refused([](OrderedJson& d) {
          d["version"] = "1";
          d["title"]["en"] = "Other";
        }).code == Code::version_in_use);
  CHECK(refused([](OrderedJson& d) { d["version"] = "0"; }).code == Code::version_not_newer);
  CHECK(refused([](OrderedJson& d) { d["readers"].push_back({{"role", "admin"}}); }).code == Code::roles_conflict);
  CHECK(refused([](OrderedJson&) {}, std::vector<ScenarioText>{}).code == Code::scenarios_missing);
  auto const failed = refused([](OrderedJson&) {}, std::vector<ScenarioText>{{"wrong", District::story("closed")}});
  CHECK(failed.code == Code::scenario_failed);
  CHECK(failed.pointer == "/scenarios/wrong");
  CHECK(refused(rename_found).code == Code::scenario_failed);
  CHECK(district.library.current("sample")->version == "1");
  CHECK(district.open().subject.version == "1");

  auto document = sample::document();
  document["version"] = "2";
  auto const text = document.dump(3);
  auto const saved = district.keeper.save({text}, administrator());
  REQUIRE(saved.has_value());
  CHECK(district.keeper.save({text}, administrator()).value() == *saved);
  CHECK(district.open().subject.version == "2");
  CHECK(district.keeper.written("sample", "2")->text == text);
  CHECK(district.keeper.written("sample", "2")->scenarios.size() == 1);
  auto const versions = district.keeper.versions("sample");
  REQUIRE(versions.size() == 2);
  CHECK(versions[0].in_force);
  CHECK(versions[0].saved_by == "root");
  CHECK(versions[0].open_cases == 1);
  CHECK_FALSE(versions[1].saved_here);
  CHECK(versions[1].open_cases == 1);

  // Another program over the same store, which was started before, learns of it by the first case that it meets.
  auto elsewhere = load_library(district.workflows);
  CHECK(elsewhere.find("sample", "2") == nullptr);
  elsewhere.follow(*district.store);
  CHECK(elsewhere.find("sample", "2") != nullptr);
  CHECK(elsewhere.current("sample")->version == "2");
  CHECK(elsewhere.find("sample", "77") == nullptr);

  // Started again from the same directory, what was saved is in force; a newer one of the directory takes its place.
  auto again = load_library(district.workflows);
  REQUIRE(again.reconcile(*district.store).has_value());
  CHECK(again.current("sample")->version == "2");
  document["version"] = "10";
  std::ofstream(district.workflows / "sample.json") << document.dump();
  auto newer = load_library(district.workflows);
  REQUIRE(newer.reconcile(*district.store).has_value());
  CHECK(newer.current("sample")->version == "10");
  CHECK(newer.find("sample", "2") != nullptr);
}

TEST_CASE("cases move in batches, each by its own event, and what has moved is not moved again") {
  District district;
  REQUIRE(district.library.reconcile(*district.store).has_value());
  std::vector<std::string> ids;
  for (int i = 0; i < 25; ++i) ids.push_back(district.open("问题" + std::to_string(i)).subject.id);
  district.save("2", rename_found, "reported");
  MigrationRequest const request{.workflow = "sample",
                                 .version = "2",
                                 .map = map_of(R"json({"states": {"found": "reported"}})json"),
                                 .reason = "修订"};

  auto const before = district.find(ids.front());
  auto const outlook = district.migrations.outlook(request, Visibility::of_everything());
  REQUIRE(outlook.has_value());
  CHECK(outlook->cases == 25);
  CHECK(outlook->unfit == 0);
  REQUIRE(outlook->states.size() == 1);
  CHECK(outlook->states.front().to == "reported");
  REQUIRE(outlook->deadlines.size() == 1);
  CHECK(outlook->deadlines.front().clock == "kept");
  CHECK(outlook->deadlines.front().cases == 25);
  CHECK(district.find(ids.front()) == before);

  // Cut off after one batch, and begun again from the first case.
  auto const first = district.migrations.move(request, outlook->stamp, administrator(), 10, "");
  REQUIRE(first.has_value());
  CHECK(first->moved == 10);
  CHECK(first->remaining == 15);
  CHECK_FALSE(first->next_cursor.empty());
  auto const all = district.move_all(request, 4);
  CHECK(all.moved == 15);
  CHECK(all.remaining == 0);
  CHECK(district.move_all(request).moved == 0);
  for (auto const& id : ids) {
    auto const subject = district.find(id);
    CHECK(subject.version == "2");
    CHECK(subject.state == "reported");
    CHECK(subject.revision == 2);
    CHECK(subject.deadlines == before.deadlines);
  }
  auto const page = district.service.worklist(person("su", "seeb", {"supervisor"}), 50, "");
  REQUIRE(page.has_value());
  district.verify_all();
}

TEST_CASE("nothing moves while a case does not fit, unless it may be left, and the reason names no value") {
  District district;
  REQUIRE(district.library.reconcile(*district.store).has_value());
  auto const fits = district.open("短").subject.id;
  auto const long_one = district.open("一句长得放不进新版本的话").subject.id;
  district.save("2", [](OrderedJson& d) { d["fields"]["problem"]["max_length"] = 3; });
  MigrationRequest request{.workflow = "sample", .version = "2"};
  auto const outlook = district.migrations.outlook(request, Visibility::of_everything());
  REQUIRE(outlook.has_value());
  CHECK(outlook->unfit == 1);
  REQUIRE(outlook->unfit_cases.size() == 1);
  CHECK(outlook->unfit_cases.front().id == long_one);
  REQUIRE(outlook->reasons.size() == 1);
  CHECK(outlook->reasons.front().pointer == "/fields/problem");
  // Who sees no case is told how many there are, not which.
  auto const blind = district.migrations.outlook(request, {.unit = "police", .workflows = {}});
  REQUIRE(blind.has_value());
  CHECK(blind->unfit == 1);
  CHECK(blind->unfit_cases.empty());

  auto const refused = district.migrations.move(request, outlook->stamp, administrator(), 100, "");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().front().code == Code::cases_do_not_fit);
  CHECK(district.find(fits).version == "1");
  request.leave_unfit = true;
  auto const left = district.move_all(request);
  CHECK(left.moved == 1);
  CHECK(left.unfit == 1);
  CHECK(left.remaining == 1);
  CHECK(district.find(fits).version == "2");
  CHECK(district.find(long_one).version == "1");
  district.verify_all();
}

TEST_CASE("what is moved is what was looked at: another mapping, a slip in one or a version nobody knows is refused") {
  District district;
  REQUIRE(district.library.reconcile(*district.store).has_value());
  district.open();
  district.save("2");
  MigrationRequest request{.workflow = "sample", .version = "2"};
  auto const stamp = district.migrations.outlook(request, {})->stamp;
  request.map = map_of(R"json({"deadlines": "restart"})json");
  auto const changed = district.migrations.move(request, stamp, administrator(), 10, "");
  REQUIRE_FALSE(changed.has_value());
  CHECK(changed.error().front().code == Code::plan_changed);
  request.map = map_of(R"json({"states": {"fuond": "found"}})json");
  auto const slip = district.migrations.outlook(request, {});
  REQUIRE_FALSE(slip.has_value());
  CHECK(slip.error().front().pointer == "/map/states/fuond");
  CHECK(district.migrations.outlook({.workflow = "sample", .version = "7"}, {}).error().front().code ==
        Code::not_found);
  CHECK(district.migrations.outlook({.workflow = "none", .version = "2"}, {}).error().front().code ==
        Code::unknown_workflow);
}

TEST_CASE("undone by a further version, cases stand as they stood, and their histories say how they came there") {
  District district;
  REQUIRE(district.library.reconcile(*district.store).has_value());
  auto const id = district.open().subject.id;
  auto const before = district.find(id);
  district.save("2", rename_found, "reported");
  district.move_all(
      {.workflow = "sample", .version = "2", .map = map_of(R"json({"states": {"found": "reported"}})json")});
  district.save("3");
  district.move_all(
      {.workflow = "sample", .version = "3", .map = map_of(R"json({"states": {"reported": "found"}})json")});
  auto after = district.find(id);
  CHECK(after.version == "3");
  CHECK(after.state == before.state);
  CHECK(after.deadlines == before.deadlines);
  CHECK(after.parties == before.parties);
  auto const history = district.store->cases().history(id);
  CHECK(std::count_if(history.begin(), history.end(), [](Event const& e) { return e.type == EventType::migrated; }) ==
        2);
  district.verify_all();
  // A version that cases have left may not be replaced by the directory: their histories are read by it.
  auto document = sample::document();
  document["title"]["en"] = "Changed under a history";
  std::ofstream(district.workflows / "sample.json") << document.dump();
  auto changed = load_library(district.workflows);
  auto const refused = changed.reconcile(*district.store);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().front().code == Code::version_changed);
}

TEST_CASE("cases that people work on meanwhile are decided anew, and none is lost or moved twice") {
  District district;
  REQUIRE(district.library.reconcile(*district.store).has_value());
  std::vector<std::string> ids;
  for (int i = 0; i < 60; ++i) ids.push_back(district.open("问题" + std::to_string(i)).subject.id);
  district.save("2");
  std::atomic<bool> done = false;
  std::thread busy([&] {
    auto const in = person("in", "yudong", {"inspector"});
    for (std::size_t i = 0; !done; i = (i + 1) % ids.size()) {
      ActionRequest request;
      request.case_id = ids[i];
      request.action = "comment";
      request.comment = "仍在办";
      CHECK(district.service.act(request, in).has_value());
    }
  });
  auto const all = district.move_all({.workflow = "sample", .version = "2"}, 20);
  done = true;
  busy.join();
  CHECK(all.moved == 60);
  for (auto const& id : ids) {
    auto const history = district.store->cases().history(id);
    CHECK(std::count_if(history.begin(), history.end(), [](Event const& e) { return e.type == EventType::migrated; }) ==
          1);
  }
  district.verify_all();
}

TEST_CASE(
    "what was personal in the version of then stays masked in a history, though the newer one knows no such field") {
  District district;
  REQUIRE(district.library.reconcile(*district.store).has_value());
  OpenCaseRequest opening;
  opening.workflow = "sample";
  opening.fields = {{"problem", "污水外溢"}, {"contact", "张三"}};
  auto const opened = district.service.open(opening, person("in", "yudong", {"inspector"}));
  REQUIRE(opened.has_value());
  auto const words = [&](Actor const& actor) {
    auto const history = district.service.history(opened->subject.id, actor);
    REQUIRE(history.has_value());
    std::string all;
    for (auto const& event : *history) all += event.body.dump();
    return all;
  };
  auto const stranger = person("dl", "district-government", {"supervisor"});
  auto const party = person("in", "yudong", {"inspector"});
  REQUIRE(words(stranger).find("张三") == std::string::npos);
  REQUIRE(words(party).find("张三") != std::string::npos);
  district.save("2", [](OrderedJson& d) {
    d["fields"].erase("contact");
    auto& optional = d["opening"]["input"]["optional"];
    optional.erase(std::find(optional.begin(), optional.end(), "contact"));
  });
  CHECK(district
            .move_all({.workflow = "sample", .version = "2", .map = map_of(R"json({"fields": {"contact": null}})json")})
            .moved == 1);
  CHECK(words(stranger).find("张三") == std::string::npos);
  CHECK(words(stranger).find("污水外溢") != std::string::npos);
  CHECK(words(party).find("张三") != std::string::npos);
}
