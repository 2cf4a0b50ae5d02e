// SPDX-License-Identifier: Apache-2.0
#include "engine/service/sealer.hpp"

#include <functional>
#include <set>

#include "engine/store/seal_verify.hpp"
#include "tests/service/sealed_office.hpp"

using namespace bihuan;

namespace {

bool is_proven(EventProof const& proof, TreeHead const& head) {
  return shows_inclusion(event_leaf(proof.hash), proof.leaf, head.size, proof.path, *merkle_hash_of(head.root));
}

// A log to which somebody adds before each reading.
class GrowingLog final : public SealStore {
 public:
  GrowingLog(SealStore& log, std::function<void()> grow) : log_(log), grow_(std::move(grow)) {}

  std::vector<LoggedEvent> events_after(std::int64_t sequence, std::size_t limit, bool with_bodies) override {
    return grown().events_after(sequence, limit, with_bodies);
  }
  std::vector<LoggedEvent> events_of(std::string const& case_id) override { return grown().events_of(case_id); }
  std::optional<Seal> last() override { return grown().last(); }
  std::optional<Seal> find(std::int64_t number) override { return grown().find(number); }
  std::optional<Seal> find_of_event(std::int64_t sequence) override { return grown().find_of_event(sequence); }
  std::vector<Seal> seals_after(std::int64_t number, std::size_t limit) override {
    return grown().seals_after(number, limit);
  }
  std::optional<Tile> tile(int level, std::int64_t place) override { return grown().tile(level, place); }
  std::optional<Tile> last_tile(int level) override { return grown().last_tile(level); }
  bool append(Seal const& seal, std::vector<Tile> const& tiles) override { return log_.append(seal, tiles); }
  std::string sign(std::string_view text) const override { return log_.sign(text); }
  std::string public_key() const override { return log_.public_key(); }

 private:
  SealStore& grown() {
    grow_();
    return log_;
  }

  SealStore& log_;
  std::function<void()> grow_;
};

}  // namespace

TEST_CASE("a log that grows while it is verified has no fault by that") {
  SealedOffice office;
  auto const id = office.open_case();
  office.sealer.seal();
  // Each time once more, in turn before the first reading, the second, and so on.
  for (int after = 0; after < 40; ++after) {
    int readings = 0;
    GrowingLog log(office.store->seals(), [&] {
      if (readings++ != after) return;
      office.comment(id, "同时进行");
      office.sealer.seal();
    });
    auto const verified = verify(log, {});
    for (auto const& fault : verified.faults) MESSAGE(after << " " << fault.seal << " " << fault.what);
    CHECK(verified.faults.empty());
  }
}

TEST_CASE("seals are numbered, chained and signed by the key of the directory, and say when") {
  SealedOffice office;
  auto const id = office.open_case();
  auto const first = office.sealer.seal();
  office.now += std::chrono::minutes{5};
  office.comment(id, "补充");
  auto const second = office.sealer.seal();
  CHECK(first.number == 1);
  CHECK(first.previous.empty());
  CHECK(second.number == 2);
  CHECK(second.previous == head_hash(first));
  CHECK(second.at == office.now);
  CHECK(second.size > first.size);
  for (auto const& head : {first, second}) {
    CHECK(is_signed(head));
    CHECK(head.key == office.sealer.public_key());
    auto const again = head_from_json(OrderedJson::parse(canonical(head_to_json(head))));
    REQUIRE(again.has_value());
    CHECK(*again == head);
  }
  CHECK(office.sealer.newest() == second);
  CHECK(office.sealer.find(1) == first);
  CHECK_FALSE(office.sealer.find(3));
}

TEST_CASE("a head of which anything was altered is not signed") {
  SealedOffice office;
  auto const head = office.sealer.seal();
  std::vector<TreeHead> altered(6, head);
  altered[0].number += 1;
  altered[1].at += std::chrono::seconds{1};
  altered[2].size += 1;
  altered[3].root[5] = altered[3].root[5] == 'a' ? 'b' : 'a';
  altered[4].previous = head_hash(head);
  altered[5].key = std::string(64, '0');
  for (auto const& one : altered) CHECK_FALSE(is_signed(one));
}

TEST_CASE("a head is read from nothing but a head") {
  SealedOffice office;
  auto const good = OrderedJson::parse(canonical(head_to_json(office.sealer.seal())));
  struct Wrong {
    char const* member;
    OrderedJson value;
  };
  for (auto const& [member, value] :
       {Wrong{"number", 0}, Wrong{"at", "yesterday"}, Wrong{"size", -1}, Wrong{"size", "7"}, Wrong{"root", "abc"},
        Wrong{"previous", "abc"}, Wrong{"key", std::string(64, 'G')}, Wrong{"signature", nullptr}, Wrong{"more", 1}}) {
    CAPTURE(member);
    auto wrong = good;
    wrong[member] = value;
    auto const read = head_from_json(wrong, "/head");
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().front().pointer == std::string("/head/") + member);
  }
  CHECK_FALSE(head_from_json(OrderedJson::array()).has_value());
}

TEST_CASE("every event of a case is proven to be in the log, sealed at once where it was not yet") {
  SealedOffice office({.at_once = 7, .most_decoys = 3});
  std::vector<std::string> ids;
  for (int number = 0; number < 4; ++number) {
    ids.push_back(office.open_case());
    for (int round = 0; round < 40; ++round) office.comment(ids[static_cast<std::size_t>(number) / 2], "记录");
    if (number == 2) office.sealer.seal();
  }
  std::set<std::int64_t> leaves;
  for (auto const& id : ids) {
    auto const proofs = office.sealer.prove(id);
    auto const events = office.store->cases().history(id);
    REQUIRE(proofs.events.size() == events.size());
    CHECK(is_signed(proofs.head));
    for (std::size_t at = 0; at < events.size(); ++at) {
      CHECK(proofs.events[at].hash == events[at].hash);
      CHECK(proofs.events[at].revision == events[at].revision);
      CHECK(proofs.events[at].index == events[at].index);
      CHECK(is_proven(proofs.events[at], proofs.head));
      CHECK(leaves.insert(proofs.events[at].leaf).second);
    }
  }
  auto const head = office.sealer.newest();
  CHECK(office.sealer.prove(ids[0]).head == *head);
  CHECK(verify(office.store->seals(), {*head}).faults.empty());
}

TEST_CASE("each head is shown to begin with every earlier one") {
  SealedOffice office({.at_once = 64, .most_decoys = 40});
  std::vector<TreeHead> heads;
  for (int number = 0; number < 30; ++number) {
    if (number % 3 == 0) office.comment(office.open_case(), "记录");
    heads.push_back(office.sealer.seal());
  }
  while (heads.back().size <= 2 * tile_width) heads.push_back(office.sealer.seal());
  for (auto const& newer : heads) {
    for (auto const& older : heads) {
      if (older.size > newer.size || older.size == 0) continue;
      auto const path = office.sealer.consistency(older.size, newer.size);
      REQUIRE(path.has_value());
      CHECK(shows_consistency(older.size, *merkle_hash_of(older.root), newer.size, *merkle_hash_of(newer.root), *path));
    }
  }
  auto const size = heads.back().size;
  CHECK(office.sealer.consistency(1, size + 1).error().front().pointer == "/newer");
  CHECK(office.sealer.consistency(0, size).error().front().pointer == "/older");
  CHECK(office.sealer.consistency(size, size - 1).error().front().pointer == "/older");
}

TEST_CASE("a seal comes whether something happened or not, and its size does not say which") {
  SealedOffice office;
  auto const verified = [&] { return verify(office.store->seals()); };
  for (int number = 0; number < 20; ++number) office.sealer.seal();
  CHECK(verified().seals == 20);
  CHECK(verified().sealed == 0);
  CHECK(office.sealer.newest()->size > 0);
  office.open_case();
  CHECK(verified().unsealed > 0);
  office.sealer.seal();
  CHECK(verified().unsealed == 0);
  CHECK(verified().faults.empty());
}

TEST_CASE("much is sealed in several seals, each bounded") {
  SealedOffice office({.at_once = 10, .most_decoys = 0});
  auto const id = office.open_case();
  for (int round = 0; round < 60; ++round) office.comment(id, "记录");
  office.sealer.seal();
  std::int64_t events = 0;
  for (auto const& seal : office.store->seals().seals_after(0, 100)) {
    CHECK(seal.events <= 10);
    events += seal.events;
  }
  CHECK(events == office.store->cases().last_change());
  CHECK(verify(office.store->seals()).faults.empty());
}

TEST_CASE("the log goes on after a restart, by the same key") {
  SealedOffice office;
  office.comment(office.open_case(), "记录");
  auto const before = office.sealer.seal();
  office.store.reset();
  office.store = open_store(office.directory.path());
  Sealer again(*office.store, [&] { return office.now; });
  auto const after = again.seal();
  CHECK(after.number == before.number + 1);
  CHECK(after.key == before.key);
  CHECK(verify(office.store->seals(), {before, after}).faults.empty());
}

TEST_CASE("seals without their key are refused with what to do, and go on under a new one where it is lost") {
  SealedOffice office;
  office.comment(office.open_case(), "记录");
  auto const before = office.sealer.seal();
  office.store.reset();
  auto const directory = office.directory.path();
  std::filesystem::remove(directory / data_key_file);
  CHECK(open_sqlite_store(directory, {.durable = false}).error().front().code == Code::key_missing);
  auto store = open_sqlite_store(directory, {.durable = false, .key = SqliteOptions::Key::renewed});
  REQUIRE(store.has_value());
  auto const after = Sealer(**store, [&] { return office.now; }).seal();
  CHECK(after.key != before.key);
  auto const alone = verify((*store)->seals(), {before});
  REQUIRE(alone.faults.size() == 1);
  CHECK(alone.faults.front().seal == after.number);
  CHECK(alone.faults.front().what.find("another key") != std::string::npos);
  CHECK(verify((*store)->seals(), {after}).faults.empty());
}
