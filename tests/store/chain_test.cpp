// SPDX-License-Identifier: Apache-2.0
#include "engine/store/chain.hpp"

#include <doctest/doctest.h>

namespace bihuan {
namespace {

std::vector<Event> three_events() {
  std::vector<Event> events;
  for (int number = 1; number <= 3; ++number) {
    events.push_back({.case_id = "a",
                      .revision = number,
                      .index = 0,
                      .type = EventType::commented,
                      .at = Instant{std::chrono::seconds{1793491200 + number}},
                      .actor = {{"person", "p1"}, {"unit", "water"}, {"role", "handler"}},
                      .body = {{"text", "污水" + std::to_string(number)}},
                      .previous = {},
                      .hash = {}});
  }
  return events;
}

}  // namespace

TEST_CASE("Hashes are those of the published test vectors") {
  // FIPS 180-2 and GB/T 32905-2016, the message "abc".
  CHECK(hash_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hash_of("abc", HashAlgorithm::sm3) == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  Digest digest;
  digest.update("a");
  digest.update("bc");
  CHECK(digest.finish() == hash_of("abc"));
}

TEST_CASE("A chained history is whole, and its head is the last hash") {
  for (auto const algorithm : {HashAlgorithm::sha256, HashAlgorithm::sm3}) {
    auto events = three_events();
    CHECK(chain(events, {}, algorithm) == events.back().hash);
    CHECK_FALSE(broken_link(events, algorithm).has_value());
    auto const more = chain(events, "earlier", algorithm);
    CHECK(events.front().previous == "earlier");
    CHECK(more == events.back().hash);
  }
}

TEST_CASE("An event that was altered, removed or moved shows at its place") {
  auto events = three_events();
  chain(events, {});
  auto altered = events;
  altered[1].body["text"] = "清水";
  CHECK(broken_link(altered) == 1);
  altered = events;
  altered[2].at += std::chrono::seconds{1};
  CHECK(broken_link(altered) == 2);
  altered = events;
  altered[0].actor["person"] = "p2";
  altered[0].hash = hash_of(hashed_bytes(altered[0]));
  CHECK(broken_link(altered) == 1);
  altered = events;
  altered.erase(altered.begin() + 1);
  CHECK(broken_link(altered) == 1);
  altered = events;
  std::swap(altered[1], altered[2]);
  CHECK(broken_link(altered) == 1);
  altered = events;
  altered.erase(altered.begin());
  CHECK(broken_link(altered) == 0);
}

}  // namespace bihuan
