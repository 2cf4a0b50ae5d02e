// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "engine/service/case_service.hpp"
#include "engine/store/verify.hpp"
#include "tests/support/postgres_server.hpp"
#include "tools/bihuan/migrate.hpp"
#include "tools/bihuan/open_store.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/scratch.hpp"

using namespace bihuan;

namespace {

namespace fs = std::filesystem;

// A district of its own with two cases, and a further version of their workflow whose first state is called otherwise.
struct District {
  ScratchDirectory scratch;
  fs::path workflows = scratch.path() / "workflows";
  Instant now = *parse_instant("2026-03-02T09:00:00+08:00");
  MigrateOptions options;
  std::string answer;
  std::string out;
  std::string err;

  explicit District(std::string const& address = {}) {
    options.store = address;
    fs::copy(fs::path(BIHUAN_SOURCE_DIR) / "workflows", workflows, fs::copy_options::recursive);
    auto const store = open();
    auto library = std::move(Library::load(workflows).value());
    REQUIRE(library.reconcile(*store).has_value());
    CaseService service(*store, library, [this] { return now; });
    for (auto const* const problem : {"污水外溢", "扬尘"}) {
      OpenCaseRequest request;
      request.workflow = "inspection-issue";
      request.fields = {{"problem", problem}};
      REQUIRE(service.open(request, {"in", "yudong", {"inspector"}, false}).has_value());
    }
    auto const file = workflows / "inspection-issue.json";
    auto text = read_json_file(file).value().dump();
    for (auto at = text.find("\"found\""); at != std::string::npos; at = text.find("\"found\""))
      text.replace(at, 7, "\"noticed\"");
    auto document = OrderedJson::parse(text);
    document["version"] = "900";
    std::ofstream(file) << document.dump(1);
    options = {.workflow = "inspection-issue",
               .to = "900",
               .data = scratch.path() / "data",
               .store = address,
               .workflows = workflows};
  }

  std::unique_ptr<Store> open() const { return std::move(open_store(scratch.path() / "data", options.store).value()); }

  void map(char const* text) {
    options.map = scratch.path() / "map.json";
    std::ofstream(options.map) << text;
  }

  int run() {
    std::istringstream in(answer);
    std::ostringstream to_out;
    std::ostringstream to_err;
    int const status = run_migrate(options, now, in, to_out, to_err);
    out = to_out.str();
    err = to_err.str();
    return status;
  }

  std::int64_t in_version(std::string const& version) const {
    return open()->cases().count_of_version("inspection-issue", version);
  }
};

}  // namespace

TEST_CASE("a dry run names each case that does not fit and why, and changes nothing") {
  District district;
  district.options.dry_run = true;
  CHECK(district.run() == said_no);
  CHECK(district.out.find("-000001") != std::string::npos);
  CHECK(district.out.find("/states/found") != std::string::npos);
  CHECK(district.in_version("900") == 0);
  district.options.dry_run = false;
  district.options.yes = true;
  CHECK(district.run() == said_no);
  CHECK(district.in_version("900") == 0);
  district.map(R"({"states": {"found": "nowhere"}})");
  CHECK(district.run() == said_no);
  CHECK(district.err.find("/map/states/found") != std::string::npos);
}

TEST_CASE("cases move once it is agreed to, and again is nothing more to do") {
  District district;
  district.map(R"({"states": {"found": "noticed"}})");
  district.answer = "no\n";
  CHECK(district.run() == said_no);
  CHECK(district.in_version("900") == 0);
  district.answer = "yes\n";
  CHECK(district.run() == done);
  CHECK(district.in_version("900") == 2);
  district.answer = "";
  CHECK(district.run() == done);
  district.options.json = true;
  district.options.dry_run = true;
  CHECK(district.run() == done);
  CHECK(Json::parse(district.out).at("cases") == 0);
  auto const store = district.open();
  CHECK(verify(store->cases()).faults.empty());
  CHECK(store->cases().verify_rows().empty());
}

TEST_CASE("while a server has the data, or for what nobody knows, the verb says so") {
  District district;
  {
    auto const store = district.open();
    CHECK(district.run() == said_no);
    CHECK_FALSE(district.err.empty());
  }
  district.options.to = "77";
  CHECK(district.run() == said_no);
  district.options.workflow = "none";
  CHECK(district.run() == said_no);
}

TEST_CASE("cases of a PostgreSQL move while a node has it open, which learns of their version") {
  District district(test::PostgresServer::shared().database("migrate"));
  auto const node = district.open();
  auto library = std::move(Library::load(fs::path(BIHUAN_SOURCE_DIR) / "workflows").value());
  REQUIRE(library.reconcile(*node).has_value());
  library.follow(*node);
  district.map(R"({"states": {"found": "noticed"}})");
  district.options.yes = true;
  CHECK(district.run() == done);
  CHECK(district.in_version("900") == 2);
  CHECK_FALSE(fs::exists(district.scratch.path() / "data" / "bihuan.db"));
  auto const moved = node->cases().list({}, Visibility::of_everything(), district.now);
  REQUIRE(moved.has_value());
  REQUIRE(moved->items.size() == 2);
  CHECK(library.definition_of(moved->items.front()).version == "900");
  CHECK(verify(node->cases()).faults.empty());
}
