// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "engine/service/case_package.hpp"
#include "engine/service/package_verify.hpp"
#include "engine/service/zip.hpp"
#include "tests/api/contract.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

TreeHead head_in(Json const& json) {
  auto const head = head_from_json(OrderedJson(json));
  REQUIRE(head.has_value());
  CHECK(is_signed(*head));
  return *head;
}

std::vector<MerkleHash> path_in(Json const& json) {
  std::vector<MerkleHash> path;
  for (auto const& hash : json) path.push_back(merkle_hash_of(hash.get<std::string>()).value());
  return path;
}

std::string proofs_of(std::string const& id) {
  return "/api/v1/cases/" + id + "/proofs";
}

// What a package holds, as somebody downloads it.
struct Downloaded {
  Downloaded(District const& district, std::string const& id, std::string const& by)
      : file(district.directory() / ("package-" + by + ".zip")) {
    answer = district.get("/api/v1/cases/" + id + "/package", by);
    std::ofstream(file, std::ios::binary) << answer.body;
    verified = verify_package(file);
    if (auto const archive = ZipReader::open(file))
      for (auto const& name : archive->names()) all += archive->read(name, 1U << 24U).value();
  }
  std::filesystem::path file;
  Answer answer;
  PackageVerified verified;
  std::string all;  // every file of it
};

}  // namespace

TEST_CASE(
    "whoever may know of every step of a case gets proofs that its events are in the log, under a head that is "
    "signed") {
  District district;
  CHECK(district.get("/api/v1/seals/newest", "inspector").status == 404);
  auto const id = district.open_issue();
  REQUIRE(district.act(id, "comment", "inspector", {{"comment", "看过"}}).status == 200);
  auto const answer = district.get(proofs_of(id), "supervisor");
  REQUIRE(answer.status == 200);
  auto const proofs = json_of(answer);
  CHECK(departures(proofs, "CaseProofs") == std::vector<std::string>{});
  auto const head = head_in(proofs.at("head"));
  auto const history = json_of(district.get("/api/v1/cases/" + id + "/history", "supervisor")).at("items");
  REQUIRE(proofs.at("events").size() == history.size());
  for (std::size_t at = 0; at < history.size(); ++at) {
    auto const& proof = proofs.at("events").at(at);
    CHECK(proof.at("hash") == history.at(at).at("hash"));
    CHECK(shows_inclusion(event_leaf(proof.at("hash").get<std::string>()), proof.at("leaf"), head.size,
                          path_in(proof.at("path")), merkle_hash_of(head.root).value()));
  }
  auto const newest = district.get("/api/v1/seals/newest", "inspector");
  CHECK(departures(json_of(newest), "TreeHead") == std::vector<std::string>{});
  CHECK(json_of(newest) == proofs.at("head"));
  CHECK(json_of(district.get("/api/v1/seals/1", "inspector")) == proofs.at("head"));
}

TEST_CASE("a later head is shown to go on from an earlier one") {
  District district;
  auto const id = district.open_issue();
  auto const first = head_in(json_of(district.get(proofs_of(id), "supervisor")).at("head"));
  REQUIRE(district.act(id, "comment", "inspector", {{"comment", "看过"}}).status == 200);
  auto const second = head_in(json_of(district.get(proofs_of(id), "supervisor")).at("head"));
  CHECK(second.number == 2);
  auto const answer = district.get("/api/v1/seals/2/consistency?since=1", "inspector");
  REQUIRE(answer.status == 200);
  auto const shown = json_of(answer);
  CHECK(departures(shown, "Consistency") == std::vector<std::string>{});
  CHECK(head_in(shown.at("older")) == first);
  CHECK(head_in(shown.at("newer")) == second);
  CHECK(shows_consistency(first.size, merkle_hash_of(first.root).value(), second.size,
                          merkle_hash_of(second.root).value(), path_in(shown.at("path"))));
  for (auto const* const wrong : {"", "?since=3", "?since=0", "?since=x", "?since=-1", "?since=99999999999999999999"})
    CHECK(district.get(std::string("/api/v1/seals/2/consistency") + wrong, "inspector").status == 400);
  for (auto const* const unknown : {"0", "3", "x", "1x", "99999999999999999999"})
    CHECK(district.get(std::string("/api/v1/seals/") + unknown, "inspector").status == 404);
}

TEST_CASE("a case's package is downloaded under its number, checks itself, and is on record") {
  District district;
  auto const id = district.open_issue();
  auto const sha256 = district.upload("inspector", "evidence");
  REQUIRE(district.act(id, "attach", "inspector", {{"documents", {{"issue-form", {sha256}}}}}).status == 200);
  Downloaded const package(district, id, "supervisor");
  REQUIRE(package.answer.status == 200);
  auto const number = json_of(district.get("/api/v1/cases/" + id, "inspector")).at("number").get<std::string>();
  CHECK(package.answer.header("Content-Type") == "application/zip");
  CHECK(package.answer.header("Content-Disposition") == "attachment; filename=\"" + number + ".zip\"");
  for (auto const& fault : package.verified.faults) MESSAGE(fault);
  CHECK(package.verified.faults.empty());
  CHECK(package.verified.complete);
  CHECK(package.verified.documents == 1);
  auto const rows = json_of(district.get("/api/v1/audit-events?kind=exported&case=" + id, "auditor")).at("items");
  REQUIRE(rows.size() == 1);
  CHECK(rows.at(0).at("detail") == Json{{"found", true}, {"format", "package"}});
}

TEST_CASE("packages and proofs give nothing away of what is hidden") {
  District district;
  auto const issue = district.reported_issue();
  auto const referral = district.refer(issue);
  for (auto const& path : {"/proofs", "/package"})
    CHECK(district.get("/api/v1/cases/" + referral + path, "inspector").status == 404);
  // A hash over what they do not see, or its absence, would tell them that there is something: they get none, whether
  // the step was taken or not.
  auto const other = district.open_issue();
  for (auto const& id : {issue, other}) {
    for (auto const* const by : {"inspector", "township-head", "ecology"}) {
      if (district.get("/api/v1/cases/" + id, by).status != 200) continue;
      CAPTURE(by);
      for (auto const* const path : {"/proofs", "/package"}) {
        auto const kept = district.get("/api/v1/cases/" + id + path, by);
        CHECK(kept.status == 403);
        CHECK(json_of(kept).at("code") == "proofs_kept");
      }
      auto const history = json_of(district.get("/api/v1/cases/" + id + "/history", by)).at("items");
      CHECK_FALSE(history.empty());
      for (auto const& event : history) {
        CHECK(event.at("hash").is_null());
        CHECK(event.at("previous").is_null());
      }
    }
  }
  Downloaded const known(district, issue, "supervisor");
  CHECK(known.verified.faults.empty());
  CHECK_FALSE(known.verified.complete);
  CHECK(known.all.find("masked or left out") != std::string::npos);
  CHECK(known.all.find("电镀废水") != std::string::npos);
  CHECK(known.all.find(referral) == std::string::npos);
}
