// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include "tests/service/fixture.hpp"

using namespace bihuan;

namespace {

Actor inspector() {
  return person("in", "yudong", {"inspector"});
}

OpenCaseRequest issue(Office const& office) {
  auto const* const definition = office.library.current("inspection-issue");
  OpenCaseRequest request;
  request.workflow = definition->id;
  request.fields = Json(definition->example.at("fields"));
  return request;
}

ActionRequest comment(std::string const& id, std::string text) {
  ActionRequest request;
  request.case_id = id;
  request.action = "comment";
  request.comment = std::move(text);
  return request;
}

Code code_of(Result<CaseAt> const& done) {
  REQUIRE_FALSE(done.has_value());
  return done.error().front().code;
}

}  // namespace

TEST_CASE("identifiers sort by the time they were made, and never repeat") {
  Instant const now = *parse_instant("2026-11-02T09:00:00+08:00");
  auto const earlier = make_id(now);
  auto const later = make_id(now + std::chrono::seconds{2});
  CHECK(earlier < later);
  CHECK(earlier.size() == 36);
  CHECK(earlier[14] == '7');
  CHECK(make_id(now) != make_id(now));
}

TEST_CASE("a case that is opened has a number and is found by its parties only") {
  Office office;
  auto const opened = office.service.open(issue(office), inspector());
  REQUIRE(opened.has_value());
  CHECK(opened->subject.number == "BN-WT-2026-000001");
  CHECK(office.service.find(opened->subject.id, inspector()).has_value());
  auto const police = person("po", "police", {"police_liaison"});
  CHECK(office.service.find(opened->subject.id, police).error().front().code == Code::not_found);
  CHECK(office.service.find("0193-nothing", police).error().front().code == Code::not_found);
  CHECK(code_of(office.service.act(comment(opened->subject.id, "x"), police)) == Code::not_found);
  CHECK_FALSE(office.service.history(opened->subject.id, police).has_value());
}

TEST_CASE("a repeated request gets the first answer, also after the case has moved on") {
  Office office;
  Repeatable const key{"draft-1", "hash-of-the-request"};
  auto const first = office.service.open(issue(office), inspector(), key);
  REQUIRE(first.has_value());
  REQUIRE(office.service.act(comment(first->subject.id, "补充"), inspector()).has_value());
  office.now += std::chrono::hours{5};
  auto const again = office.service.open(issue(office), inspector(), key);
  REQUIRE(again.has_value());
  CHECK(again->subject == first->subject);
  CHECK(again->at == first->at);
  CHECK(code_of(office.service.open(issue(office), inspector(), Repeatable{"draft-1", "another"})) == Code::key_reused);
  // Another person's key of the same name is another key.
  CHECK(office.service.open(issue(office), person("other", "yudong", {"inspector"}), key)->subject.number ==
        "BN-WT-2026-000002");
}

TEST_CASE("many people at one case at once: each step is taken once, in an order that all agree on") {
  Office office;
  auto const opened = office.service.open(issue(office), inspector());
  REQUIRE(opened.has_value());
  std::vector<std::thread> threads;
  std::atomic<int> done = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        if (office.service.act(comment(opened->subject.id, std::to_string(t * 100 + i)), inspector())) ++done;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  auto const subject = office.service.find(opened->subject.id, inspector());
  CHECK(subject->revision == 1 + done);
  CHECK(verify(office.store->cases()).faults.empty());
}

TEST_CASE("a stale revision is refused and nothing changes") {
  Office office;
  auto const opened = office.service.open(issue(office), inspector());
  auto request = comment(opened->subject.id, "x");
  request.expected_revision = 1;
  REQUIRE(office.service.act(request, inspector()).has_value());
  CHECK(code_of(office.service.act(request, inspector())) == Code::stale_version);
  CHECK(office.service.find(opened->subject.id, inspector())->revision == 2);
}

TEST_CASE("a document must have been uploaded by who names it, or be theirs to see") {
  Office office;
  auto const hash = office.upload("photo", inspector());
  auto request = issue(office);
  request.documents["site-photo"] = {hash};
  CHECK(code_of(office.service.open(request, person("other", "yudong", {"inspector"}))) == Code::document_unknown);
  request.documents["site-photo"] = {std::string(64, '0')};
  CHECK(code_of(office.service.open(request, inspector())) == Code::document_unknown);
  request.documents["site-photo"] = {"../../etc/passwd"};
  CHECK(code_of(office.service.open(request, inspector())) == Code::document_unknown);
  request.documents["site-photo"] = {hash};
  CHECK(office.service.open(request, inspector()).has_value());
}

TEST_CASE("the sweeper fires what is due once") {
  Office office;
  auto const opened = office.service.open(issue(office), inspector());
  REQUIRE(opened.has_value());
  CHECK(office.service.sweep() == 0);
  office.now += std::chrono::hours{24 * 120};
  std::size_t fired = 0;
  for (std::size_t round = 0; round < 20; ++round) fired += office.service.sweep();
  CHECK(fired >= 1);
  CHECK(fired < 20);
  CHECK(office.service.sweep() == 0);
  CHECK_FALSE(office.store->cases().next_wakeup().value_or(office.now + std::chrono::hours{1}) <= office.now);
  CHECK(verify(office.store->cases()).faults.empty());
}

TEST_CASE("the explanation of a due date is there for who may see the case") {
  Office office;
  auto const opened = office.service.open(issue(office), inspector());
  REQUIRE_FALSE(opened->subject.deadlines.empty());
  auto const& deadline = opened->subject.deadlines.front();
  auto const explained = office.service.explain(opened->subject.id, deadline.name, inspector());
  REQUIRE(explained.has_value());
  CHECK(explained->at("due") == Zone{}.format(deadline.due));
  CHECK_FALSE(explained->at("basis").empty());
  CHECK_FALSE(office.service.explain(opened->subject.id, deadline.name, person("po", "police", {})).has_value());
  CHECK_FALSE(office.service.explain(opened->subject.id, "nothing", inspector()).has_value());
}
