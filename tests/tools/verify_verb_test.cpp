// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <fstream>
#include <sstream>

#include "engine/service/case_package.hpp"
#include "tests/tools/office.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/scratch.hpp"
#include "tools/bihuan/verify.hpp"

using namespace bihuan;

namespace {

namespace fs = std::filesystem;

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome verified(VerifyOptions const& options) {
  std::ostringstream out;
  std::ostringstream err;
  auto const status = run_verify(options, out, err);
  return {status, out.str(), err.str()};
}

// A data directory with two cases, of which the first is sealed, a head kept elsewhere, and a package.
struct Place {
  ScratchDirectory scratch;
  fs::path data = scratch.path() / "data";
  fs::path head = scratch.path() / "head.json";
  fs::path package = scratch.path() / "case.zip";

  Place() {
    Office office(data);
    auto const id = office.work("first");
    std::ofstream(head) << canonical(head_to_json(office.sealer().seal()));
    // Who may know of every step.
    Actor const coordinator{"person-coordinator", "inspection-office", {"supervisor"}, false};
    REQUIRE(write_package(package, id, coordinator, office.service(), office.sealer()).has_value());
    office.work("second");
  }
  void change(char const* script) const {
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open((data / "bihuan.db").c_str(), &handle) == SQLITE_OK);
    REQUIRE(sqlite3_exec(handle, script, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(handle);
  }
};

}  // namespace

TEST_CASE("verify says what is sealed, and holds the data against a head kept elsewhere") {
  Place const place;
  auto const good = verified({.data = place.data, .json = true, .against = place.head});
  CAPTURE(good.err);
  CHECK(good.status == done);
  auto const said = Json::parse(good.out);
  CHECK(said.at("ok") == true);
  CHECK(said.at("seals") == 1);
  CHECK(said.at("sealed_events").get<int>() > 0);
  CHECK(said.at("unsealed_events").get<int>() > 0);
  place.change("DELETE FROM seal; DELETE FROM seal_tile;");
  CHECK(verified({.data = place.data}).status == done);
  auto const against = verified({.data = place.data, .against = place.head});
  CHECK(against.status == said_no);
  CHECK(against.err.find("its end is gone") != std::string::npos);
}

TEST_CASE("verify names the event that was altered behind its seal") {
  Place const place;
  place.change("UPDATE event SET body = json_set(body, '$.note', 'x') WHERE sequence = 1");
  auto const found = verified({.data = place.data});
  CHECK(found.status == said_no);
  CHECK(found.err.find("log seal 1 event 1 case ") != std::string::npos);
}

TEST_CASE("verify checks a package by itself, and against a head kept elsewhere") {
  Place const place;
  auto const good = verified({.package = place.package, .json = true, .against = place.head});
  CAPTURE(good.out);
  CHECK(good.status == done);
  CHECK(Json::parse(good.out).at("complete") == true);
  // The log of somebody else.
  Place const other;
  auto const against = verified({.package = place.package, .against = other.head});
  CHECK(against.status == said_no);
  CHECK(against.err.find("another key") != std::string::npos);
  CHECK(verified({.package = place.head}).status == said_no);
}

TEST_CASE("a head that is none is refused with its place") {
  Place const place;
  std::ofstream(place.head) << R"({"number": 0})";
  auto const found = verified({.data = place.data, .against = place.head});
  CHECK(found.status == said_no);
  CHECK(found.err.find("head.json") != std::string::npos);
}
