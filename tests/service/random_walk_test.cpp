// SPDX-License-Identifier: Apache-2.0
// Strangers walk every shipped definition at random; whatever they do, the stored rows are what the events say.
#include <random>
#include <set>

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
