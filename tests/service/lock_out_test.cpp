// SPDX-License-Identifier: Apache-2.0
#include "engine/service/lock_out.hpp"

#include <doctest/doctest.h>

using namespace bihuan;
using namespace std::chrono_literals;

namespace {

struct Door {
  explicit Door(LockOutRules rules = {}) : lock_out(rules) {}
  LockOut lock_out;
  Instant now = *parse_instant("2026-11-02T09:00:00+08:00");

  std::chrono::seconds fail(std::string const& name, std::string const& address = "10.0.0.1") {
    auto attempt = lock_out.begin(name, address, now);
    if (!attempt) return attempt.error();
    attempt->fail(now);
    return 0s;
  }
  std::chrono::seconds succeed(std::string const& name, std::string const& address = "10.0.0.1") {
    auto attempt = lock_out.begin(name, address, now);
    if (!attempt) return attempt.error();
    attempt->succeed(now);
    return 0s;
  }
};

}  // namespace

TEST_CASE("five failures lock a name, each further one for twice as long, up to a quarter of an hour") {
  Door door;
  for (int failure = 0; failure < 5; ++failure) CHECK(door.fail("li") == 0s);
  for (auto const lock : {30s, 60s, 120s, 240s, 480s, 900s, 900s}) {
    CHECK(door.fail("li") == lock);
    door.now += lock - 1s;
    CHECK(door.fail("li") == 1s);
    door.now += 1s;
    CHECK(door.fail("li") == 0s);
  }
}

TEST_CASE("what is refused while a name is locked does not make it longer") {
  Door door;
  for (int failure = 0; failure < 5; ++failure) (void)door.fail("li");
  for (int more = 0; more < 1000; ++more) CHECK(door.fail("li") == 30s);
  door.now += 30s;
  CHECK(door.succeed("li") == 0s);
  for (int failure = 0; failure < 5; ++failure) CHECK(door.fail("li") == 0s);
  CHECK(door.fail("li") == 30s);
}

TEST_CASE("failures are forgotten after a quiet hour") {
  Door door;
  for (int failure = 0; failure < 4; ++failure) (void)door.fail("li");
  door.now += 1h;
  for (int failure = 0; failure < 5; ++failure) CHECK(door.fail("li") == 0s);
  CHECK(door.fail("li") == 30s);
}

TEST_CASE("attempts under way count as failures until they end, and one that ends without a word as none") {
  Door door;
  std::vector<LockOut::Attempt> under_way;
  for (int attempt = 0; attempt < 5; ++attempt)
    under_way.push_back(std::move(*door.lock_out.begin("li", "10.0.0.1", door.now)));
  CHECK(door.lock_out.begin("li", "10.0.0.1", door.now).error() == 1s);
  CHECK(door.succeed("wang") == 0s);
  under_way.pop_back();
  CHECK(door.succeed("li") == 0s);
  under_way.clear();
  for (int failure = 0; failure < 5; ++failure) CHECK(door.fail("li") == 0s);
  CHECK(door.fail("li") == 30s);
}

TEST_CASE("an address where many fail is locked for strangers, not for those who have signed in from there") {
  Door door;
  CHECK(door.succeed("li") == 0s);
  for (int failure = 0; failure < 100; ++failure) CHECK(door.fail("guess-" + std::to_string(failure)) == 0s);
  CHECK(door.fail("guess") == 30s);
  CHECK(door.succeed("wang") == 30s);
  CHECK(door.succeed("li") == 0s);
  CHECK(door.succeed("wang", "10.0.0.2") == 0s);
  door.now += 30s;
  CHECK(door.succeed("wang") == 0s);
}

TEST_CASE("guesses from elsewhere lock a name for everybody but who has signed in from where they are") {
  Door door;
  CHECK(door.succeed("li", "10.0.0.1") == 0s);
  CHECK(door.succeed("wang", "10.0.0.1") == 0s);
  for (int failure = 0; failure < 5; ++failure) CHECK(door.fail("li", "10.9.9.9") == 0s);
  CHECK(door.succeed("li", "10.9.9.9") == 30s);
  CHECK(door.succeed("li", "10.0.0.2") == 30s);
  CHECK(door.succeed("li", "10.0.0.1") == 0s);
  // It gives who guesses not one guess more.
  CHECK(door.fail("li", "10.9.9.9") == 30s);
  door.now += 30s;
  CHECK(door.fail("li", "10.9.9.9") == 0s);
  CHECK(door.fail("li", "10.9.9.9") == 60s);
}

TEST_CASE("who has signed in from an address is locked there by what is guessed there") {
  Door door;
  CHECK(door.succeed("li", "10.0.0.1") == 0s);
  for (int failure = 0; failure < 5; ++failure) CHECK(door.fail("li", "10.0.0.1") == 0s);
  CHECK(door.succeed("li", "10.0.0.1") == 30s);
  // Neither elsewhere nor for the others there.
  CHECK(door.succeed("li", "10.0.0.2") == 0s);
  CHECK(door.succeed("wang", "10.0.0.1") == 0s);
  door.now += 30s;
  CHECK(door.fail("li", "10.0.0.1") == 0s);
  CHECK(door.succeed("li", "10.0.0.1") == 60s);
  door.now += 60s;
  CHECK(door.succeed("li", "10.0.0.1") == 0s);
  std::vector<LockOut::Attempt> under_way;
  for (int attempt = 0; attempt < 5; ++attempt)
    under_way.push_back(std::move(*door.lock_out.begin("li", "10.0.0.1", door.now)));
  CHECK(door.succeed("li", "10.0.0.1") == 1s);
}

TEST_CASE("guesses at every name of the district, for hours, keep nobody out of their office") {
  Door door;
  auto const name = [](int number) { return "official-" + std::to_string(number); };
  for (int number = 0; number < 400; ++number) CHECK(door.succeed(name(number), "10.0.0.1") == 0s);
  for (int quarter = 0; quarter < 8; ++quarter) {
    for (int guess = 0; guess < 5 * 400; ++guess)
      (void)door.fail(name(guess % 400), "10.9." + std::to_string(quarter) + "." + std::to_string(guess % 20));
    for (int number = 0; number < 400; ++number) {
      CHECK(door.succeed(name(number), "10.0.0.1") == 0s);
      CHECK(door.succeed(name(number), "10.0.0.2") > 0s);
    }
    door.now += 15min;
  }
}

TEST_CASE("an acquaintance lapses after a month without a sign-in") {
  Door door;
  CHECK(door.succeed("li", "10.0.0.1") == 0s);
  door.now += 30 * 24h;
  for (int failure = 0; failure < 5; ++failure) CHECK(door.fail("li", "10.9.9.9") == 0s);
  CHECK(door.succeed("li", "10.0.0.1") == 30s);
}

TEST_CASE("hammering one name never locks the address it comes from") {
  Door door;
  for (int attempt = 0; attempt < 10'000; ++attempt) (void)door.fail("li");
  CHECK(door.succeed("wang") == 0s);
}

TEST_CASE("names that nobody has take a bounded amount of memory") {
  Door door({.address_failures = 1'000'000, .entries = 50});
  for (int attempt = 0; attempt < 1000; ++attempt) (void)door.fail("guess-" + std::to_string(attempt));
  CHECK(door.lock_out.size() <= 150);
  for (int attempt = 0; attempt < 100; ++attempt) {
    auto const unspoken = door.lock_out.begin("quiet-" + std::to_string(attempt), "10.0.0.9", door.now);
    CHECK(unspoken.has_value());
  }
  CHECK(door.lock_out.size() <= 150);
}

TEST_CASE("a clock that steps back locks nobody for longer than the longest lock") {
  Door door;
  for (int failure = 0; failure < 5; ++failure) (void)door.fail("li");
  door.now -= 24h;
  CHECK(door.fail("li") == 900s);
}

TEST_CASE("addresses are counted by what one host can choose among") {
  struct Row {
    std::string address;
    std::string group;
  };
  for (auto const& [address, group] :
       {Row{"10.1.2.3", "10.1.2.3"}, Row{"::ffff:10.1.2.3", "10.1.2.3"}, Row{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
        Row{"::1", "::"}, Row{"unix", "unix"}}) {
    CAPTURE(address);
    CHECK(address_group(address) == group);
  }
}
