// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/api/contract.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

Json const park{{"id", "park-office"},
                {"title", {{"zh", "园区管委会"}, {"en", "Park Office"}}},
                {"kind", "administrative"},
                {"parent", "district-government"}};

Answer patch(District const& district, std::string const& id, std::int64_t revision, Json const& change,
             std::string const& by = "administrator") {
  return district.ask({.method = "PATCH",
                       .target = "/api/v1/units/" + id,
                       .by = by,
                       .body = change.dump(),
                       .fields = "If-Match: \"" + std::to_string(revision) + "\"\r\n"});
}

}  // namespace

TEST_CASE("an administrator adds a unit, which people join and cases are given to") {
  District district;
  auto const added = district.post("/api/v1/units", "administrator", park);
  REQUIRE(added.status == 201);
  CHECK(departures(json_of(added), "Unit") == std::vector<std::string>{});
  CHECK(added.header("Location") == "/api/v1/units/park-office");
  CHECK(added.header("ETag") == "\"1\"");
  CHECK(code_of(district.post("/api/v1/units", "administrator", park)) == "name_clash");
  auto const listed = district.get("/api/v1/units", "inspector");
  CHECK(departures(json_of(listed), "UnitPage") == std::vector<std::string>{});
  CHECK(json_of(listed).at("items").back().at("id") == "park-office");
  CHECK(district
            .post("/api/v1/people", "administrator",
                  {{"name", "li-park"}, {"full_name", "李某"}, {"unit", "park-office"}, {"roles", {"handler"}}})
            .status == 201);
}

TEST_CASE("a unit of sample data says so until an administrator has put it right") {
  District district;
  auto const before = district.get("/api/v1/units/yudong", "inspector");
  CHECK(departures(json_of(before), "Unit") == std::vector<std::string>{});
  CHECK(json_of(before).at("note").at("zh").get<std::string>().find("示例数据") != std::string::npos);
  CHECK(json_of(district.get("/api/v1/units/water", "inspector")).at("note").is_null());
  auto const after =
      patch(district, "yudong", 0, {{"title", {{"zh", "鱼洞街道办事处"}, {"en", "Yudong Subdistrict Office"}}}});
  CHECK(json_of(after).at("note").is_null());
  CHECK(json_of(district.get("/api/v1/units/yudong", "inspector")).at("note").is_null());
}

TEST_CASE("a unit is renamed and moved on the revision that was seen, and a circle is refused") {
  District district;
  auto const renamed = patch(district, "water", 0, {{"title", {{"zh", "区水务局"}, {"en", "Water Bureau"}}}});
  REQUIRE(renamed.status == 200);
  CHECK(json_of(renamed).at("revision") == 1);
  CHECK(json_of(renamed).at("kind") == "administrative");
  CHECK(patch(district, "water", 0, {{"parent", nullptr}}).status == 412);
  auto const me = district.get("/api/v1/me", "water");
  CHECK(me.body.find("区水务局") != std::string::npos);
  CHECK(json_of(patch(district, "water", 1, {{"parent", nullptr}})).at("parent").is_null());
  CHECK(code_of(patch(district, "district-government", 0, {{"parent", "seeb"}})) == "opens_for_ever");
  CHECK(code_of(patch(district, "water", 2, {{"parent", "nowhere"}})) == "unknown_unit");
  CHECK(code_of(patch(district, "water", 2, {{"kind", "guild"}})) == "not_a_choice");
  CHECK(code_of(patch(district, "water", 2, {{"dissolved", nullptr}})) == "wrong_type");
  CHECK(code_of(patch(district, "nowhere", 0, {{"kind", "court"}})) == "not_found");
}

TEST_CASE("a unit that still holds people or open cases is not dissolved, and a dissolved one takes no new part") {
  District district;
  REQUIRE(district.post("/api/v1/units", "administrator", park).status == 201);
  auto const issue = district.open_issue();
  auto const held = patch(district, "water", 0, {{"dissolved", true}});
  CHECK(held.status == 409);
  CHECK(code_of(held) == "unit_in_use");
  CHECK(patch(district, "park-office", 1, {{"dissolved", true}}).status == 200);
  CHECK(code_of(district.post("/api/v1/people", "administrator",
                              {{"name", "li-park"}, {"full_name", "李某"}, {"unit", "park-office"}, {"roles", {}}})) ==
        "unknown_unit");
  auto const workflow = district.get("/api/v1/workflows/inspection-issue", "supervisor");
  CHECK(json_of(district.get("/api/v1/units/park-office", "supervisor")).at("dissolved") == true);
  CHECK(patch(district, "park-office", 2, {{"dissolved", false}}).status == 200);
}

TEST_CASE("what an administrator changed holds over the directory's at the next start") {
  auto library = Library::load(std::filesystem::path(BIHUAN_SOURCE_DIR) / "workflows");
  District district;
  REQUIRE(district.post("/api/v1/units", "administrator", park).status == 201);
  REQUIRE(patch(district, "water", 0, {{"title", {{"zh", "区水务局"}, {"en", "Water Bureau"}}}}).status == 200);
  REQUIRE(library->reconcile(district.store()));
  CHECK(library->organisation().title_of("water").zh == "区水务局");
  CHECK(library->organisation().find("park-office") != nullptr);
}

TEST_CASE("a unit that was changed may come to stand below one that was added later, also at the next start") {
  auto library = Library::load(std::filesystem::path(BIHUAN_SOURCE_DIR) / "workflows");
  District district;
  REQUIRE(patch(district, "water", 0, {{"title", {{"zh", "区水务局"}, {"en", "Water Bureau"}}}}).status == 200);
  REQUIRE(district.post("/api/v1/units", "administrator", park).status == 201);
  REQUIRE(patch(district, "water", 1, {{"parent", "park-office"}}).status == 200);
  REQUIRE(library->reconcile(district.store()));
  CHECK(library->organisation().find("water")->parent == "park-office");
}

TEST_CASE("units are kept by administrators alone, and each change is on record") {
  District district;
  for (auto const* const by : {"supervisor", "auditor", "inspector"}) {
    CAPTURE(by);
    CHECK(district.post("/api/v1/units", by, park).status == 403);
    CHECK(patch(district, "water", 0, {{"dissolved", true}}, by).status == 403);
  }
  REQUIRE(district.post("/api/v1/units", "administrator", park).status == 201);
  auto const audit = json_of(district.get("/api/v1/audit-events?kind=administration_changed", "auditor"));
  CHECK(audit.at("items").at(0).at("detail") == Json{{"what", "unit_added"}, {"unit", "park-office"}});
}
