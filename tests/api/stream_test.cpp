// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>

#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

http::ServerOptions quick() {
  auto options = District::quiet();
  options.feed_pause = std::chrono::milliseconds(1);
  options.feed_heartbeat = std::chrono::milliseconds(50);
  return options;
}

// Follows the stream of one person.
class Follower {
 public:
  Follower(District const& district, std::string const& by, std::string const& last = {}) : client_(district.port()) {
    client_.send("GET /api/v1/events/stream HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " + district.token_of(by) +
                 "\r\n" + (last.empty() ? "" : "Last-Event-ID: " + last + "\r\n") + "\r\n");
    head_ = client_.read_head().value();
    (void)until("retry: 3000\n\n");
  }

  [[nodiscard]] Answer const& head() const { return head_; }
  // All that came up to this text and after what was read before; what is there when the stream ends first.
  std::string until(std::string const& text) {
    std::string piece;
    while (received_.find(text) == std::string::npos && client_.read_some(piece, 64 * 1024) > 0) received_ += piece;
    auto const found = received_.find(text);
    auto const end = found == std::string::npos ? received_.size() : found + text.size();
    auto const result = received_.substr(0, end);
    received_.erase(0, end);
    return result;
  }
  bool ends() { return until("0\r\n\r\n").ends_with("0\r\n\r\n"); }

 private:
  Client client_;
  Answer head_;
  std::string received_;
};

std::string id_line(std::string const& id, int revision) {
  return "id: " + id + "." + std::to_string(revision) + "\n";
}

}  // namespace

TEST_CASE("the stream tells each change of a case to who may see it, and nothing to the others") {
  District district(quick());
  Follower supervisor(district, "supervisor");
  Follower police(district, "police");
  Follower water(district, "water");
  CHECK(supervisor.head().header("Content-Type") == "text/event-stream");
  CHECK(supervisor.head().header("Cache-Control") == "no-store");
  auto const referral = district.open_referral();
  auto const issue = district.open_issue();
  REQUIRE(district.act(issue, "comment", "inspector", {{"comment", "看过"}}).status == 200);
  auto const seen = supervisor.until(id_line(issue, 2) + "event: change\ndata: ");
  CHECK(seen.find(id_line(issue, 1)) != std::string::npos);
  auto const data = supervisor.until("\n\n");
  auto const change = Json::parse(data.substr(0, data.find('\n')));
  CHECK(change == Json({{"case", issue},
                        {"revision", 2},
                        {"number", "BN-WT-2026-000001"},
                        {"workflow", "inspection-issue"},
                        {"state", "found"},
                        {"final", false}}));
  CHECK(seen.find(referral) == std::string::npos);
  CHECK(police.until(id_line(referral, 1)).find(issue) == std::string::npos);
  // A sign of life comes after the look at what is new.
  auto const nothing = water.until(":\n\n") + water.until(":\n\n");
  CHECK(nothing.find("id:") == std::string::npos);
}

TEST_CASE("the stream tells nobody of a step that they may not know of, and counts on without it") {
  District district(quick());
  auto const issue = district.reported_issue();
  Follower inspector(district, "inspector");
  Follower ecology(district, "ecology");
  (void)district.refer(issue);
  (void)ecology.until(id_line(issue, 3));
  CHECK((inspector.until(":\n\n") + inspector.until(":\n\n")).find("id:") == std::string::npos);
  for (int revision = 3; revision <= 4; ++revision) {
    REQUIRE(district.act(issue, "comment", "inspector", {{"comment", "看过"}}).status == 200);
    auto const told = inspector.until(id_line(issue, revision));
    CHECK(told.find(id_line(issue, revision)) != std::string::npos);
    CHECK(inspector.until("\n\n").find("\"revision\":" + std::to_string(revision)) != std::string::npos);
    (void)ecology.until(id_line(issue, revision + 1));
  }
  // Whoever comes back names the revision as they were told it.
  Follower again(district, "inspector", issue + ".3");
  auto const missed = again.until(id_line(issue, 4));
  CHECK(missed.find(id_line(issue, 4)) != std::string::npos);
  CHECK(missed.find(id_line(issue, 3)) == std::string::npos);
  CHECK(missed.find("reset") == std::string::npos);
}

TEST_CASE("a stream goes on from the last event that was read, and says so when it cannot") {
  District district(quick());
  auto const issue = district.open_issue();
  auto const referral = district.open_referral();
  REQUIRE(district.act(issue, "comment", "inspector", {{"comment", "看过"}}).status == 200);
  Follower again(district, "supervisor", issue + ".1");
  auto const missed = again.until(id_line(issue, 2));
  CHECK(missed.find(id_line(issue, 1)) == std::string::npos);
  CHECK(missed.find("reset") == std::string::npos);
  // A case that may not be seen is no better known than one that never was.
  for (auto const& last : {issue + ".9", referral + ".1", std::string("nothing.1"), issue, std::string(".1"),
                           std::string("1"), issue + ".x"}) {
    CAPTURE(last);
    Follower lost(district, "supervisor", last);
    CHECK(lost.until("data: {}\n\n").find("event: reset\n") != std::string::npos);
  }
}

TEST_CASE("a stream ends with the session, and shows no more than a changed person may see") {
  District district(quick());
  Follower supervisor(district, "supervisor");
  Follower leaver(district, "township-head");
  district.add_person("supervisor", "audit", {});
  auto const issue = district.open_issue();
  REQUIRE(district.ask({.method = "DELETE", .target = "/api/v1/session", .by = "township-head"}).status == 204);
  CHECK(leaver.ends());
  auto const nothing = supervisor.until(":\n\n") + supervisor.until(":\n\n");
  CHECK(nothing.find(issue) == std::string::npos);
  CHECK(district.get("/api/v1/events/stream", "").status == 401);
  CHECK(district.get("/api/v1/events/stream?from=1", "supervisor").status == 400);
}
