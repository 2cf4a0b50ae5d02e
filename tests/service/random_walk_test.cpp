// SPDX-License-Identifier: Apache-2.0
// Strangers walk every shipped definition at random; whatever they do, the stored rows are what the events say.
#include <random>
#include <set>

#include "engine/service/migrations.hpp"
#include "tests/service/fixture.hpp"
#include "tests/support/stranger.hpp"

using namespace bihuan;

namespace {

class Walk {
 public:
  Walk(Office& office, unsigned seed) : office_(office), stranger_(office.library, seed) {}

  void go(Definition const& definition, int steps) {
    std::set<std::string> cases{open(definition)};
    for (int i = 0; i < steps; ++i) {
      office_.now += std::chrono::hours{1 + stranger_.pick(96)};
      while (office_.service.sweep() > 0) {
      }
      auto chosen = cases.begin();
      std::advance(chosen, stranger_.pick(cases.size()));
      step(*chosen, cases);
    }
  }

  // Strangers go on with cases that are there already.
  void go_on(std::vector<std::string> const& ids) {
    std::set<std::string> cases(ids.begin(), ids.end());
    for (auto const& id : ids) {
      for (int i = 0; i < 5; ++i) step(id, cases);
    }
  }

  std::set<std::string> const& taken() const { return taken_; }

 private:
  std::string open(Definition const& definition) {
    for (int attempt = 0; attempt < 20; ++attempt) {
      auto const intent = stranger_.think_of_opening(office_.service, definition);
      REQUIRE(intent.has_value());
      if (auto const opened = Stranger::act(office_.service, *intent)) return opened->subject.id;
    }
    FAIL("nobody can open " << definition.id);
    return {};
  }

  void step(std::string const& id, std::set<std::string>& cases) {
    if (auto const subject = office_.store->cases().find(id, Visibility::of_everything()))
      for (auto const& link : subject->links) cases.insert(link.other);
    auto const intent = stranger_.think_of_step(office_.service, id);
    if (!intent) return;
    auto const done = Stranger::act(office_.service, *intent);
    auto const& deed = intent->deed;
    if (done) {
      taken_.insert(deed.workflow + "/" + deed.action);
      CHECK(done->subject.revision > deed.before);
    } else {
      CHECK(office_.service.find(id, deed.actor)->revision == deed.before);
    }
  }

  Office& office_;
  Stranger stranger_;
  std::set<std::string> taken_;
};

}  // namespace

TEST_CASE("over random walks of every shipped definition, replaying the events gives the stored rows") {
  Office office;
  std::set<std::string> taken;
  for (unsigned seed = 1; seed <= 2; ++seed) {
    Walk walk(office, seed);
    for (auto const* const definition : office.library.current_definitions()) walk.go(*definition, 250);
    taken.insert(walk.taken().begin(), walk.taken().end());
  }
  CHECK(taken.size() > 40);
  auto const verified = verify(office.store->cases());
  for (auto const& fault : verified.faults) MESSAGE(fault.case_id << " " << fault.revision << " " << fault.what);
  CHECK(verified.faults.empty());
  CHECK(verified.cases >= 8);
}

TEST_CASE(
    "cases that strangers left anywhere move to a further version and go on there, and replay gives what is stored") {
  Office office;
  Walk walk(office, 3);
  auto const shipped = office.library.current_definitions();
  for (auto const* const definition : shipped) walk.go(*definition, 60);
  Migrations migrations(*office.store, office.library, [&] { return office.now; });
  std::int64_t moved = 0;
  for (auto const* const definition : shipped) {
    auto document = definition->source;
    document["version"] = "900";
    REQUIRE(office.library.add(read_definition(document).value()).empty());
    MigrationRequest const request{.workflow = definition->id, .version = "900"};
    auto const outlook = migrations.outlook(request, Visibility::of_everything());
    REQUIRE(outlook.has_value());
    for (auto const& reason : outlook->reasons) MESSAGE(definition->id << " " << reason.code << " " << reason.pointer);
    CHECK(outlook->unfit == 0);
    for (auto const& clock : outlook->deadlines) CHECK(clock.clock == "kept");
    std::string cursor;
    do {
      auto const batch = migrations.move(request, outlook->stamp, person("root", "seeb", {"admin"}), 7, cursor);
      REQUIRE(batch.has_value());
      moved += batch->moved;
      cursor = batch->next_cursor;
    } while (!cursor.empty());
  }
  CHECK(moved > 10);
  CHECK(verify(office.store->cases()).faults.empty());

  std::vector<std::string> ids;
  office.store->cases().for_each([&](Case const& stored, std::vector<Event> const&) {
    if (!stored.final) CHECK(stored.version == "900");
    ids.push_back(stored.id);
  });
  office.now += std::chrono::hours{72};
  while (office.service.sweep() > 0) {
  }
  walk.go_on(ids);
  auto const verified = verify(office.store->cases());
  for (auto const& fault : verified.faults) MESSAGE(fault.case_id << " " << fault.revision << " " << fault.what);
  CHECK(verified.faults.empty());
  CHECK(office.store->cases().verify_rows().empty());
}
