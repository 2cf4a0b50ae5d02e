// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/store/builders.hpp"
#include "tests/store/store_suite.hpp"

namespace bihuan::test {
namespace {

void with_store(std::function<void(Store&)> const& body) {
  for (StoreKind const& kind : store_kinds()) {
    CAPTURE(kind.name);
    TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    body(*store);
  }
}

void with_people(std::function<void(PeopleStore&)> const& body) {
  with_store([&](Store& store) { body(store.people()); });
}

Person someone(std::string const& id, std::string const& unit = "water") {
  return {.id = id,
          .name = "name-of-" + id,
          .full_name = "某",
          .unit = unit,
          .roles = {"handler"},
          .password_hash = "hash"};
}

Code code_of(Result<Person> const& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().front().code;
}

}  // namespace

TEST_CASE("A person is changed on the revision that was seen, and nothing is changed on another") {
  with_people([](PeopleStore& people) {
    auto const added = people.put_person(someone("p1"), 0);
    REQUIRE(added.has_value());
    CHECK(added->revision == 1);
    auto changed = *added;
    changed.unit = "seeb";
    changed.password_hash = "not written here";
    changed.must_change_password = true;
    auto const stored = people.put_person(changed, 1);
    REQUIRE(stored.has_value());
    CHECK(stored->revision == 2);
    CHECK(stored->unit == "seeb");
    CHECK(stored->password_hash == "hash");
    CHECK_FALSE(stored->must_change_password);
    changed.unit = "housing";
    changed.duty_leader = true;
    CHECK(code_of(people.put_person(changed, 1)) == Code::conflict);
    CHECK(people.find_person("p1")->unit == "seeb");
    people.set_password("p1", "hash2", true);
    CHECK(people.find_person("p1")->password_hash == "hash2");
    CHECK(people.find_person("p1")->must_change_password);
    CHECK(people.find_person("p1")->revision == 3);
  });
}

TEST_CASE("A name is held by one person") {
  with_people([](PeopleStore& people) {
    REQUIRE(people.put_person(someone("p1"), 0).has_value());
    auto second = someone("p2");
    second.name = "name-of-p1";
    CHECK(code_of(people.put_person(second, 0)) == Code::name_taken);
    CHECK_FALSE(people.find_person("p2"));
  });
}

TEST_CASE("A duty leader takes the place of the unit's present one, unless the change is refused") {
  with_people([](PeopleStore& people) {
    auto first = someone("p1");
    first.duty_leader = true;
    REQUIRE(people.put_person(first, 0).has_value());
    auto second = someone("p2");
    second.duty_leader = true;
    CHECK(code_of(people.put_person(second, 7)) == Code::conflict);
    CHECK(people.find_person("p1")->duty_leader);
    REQUIRE(people.put_person(second, 0).has_value());
    CHECK_FALSE(people.find_person("p1")->duty_leader);
    CHECK(people.find_person("p1")->revision == 2);
    auto elsewhere = someone("p3", "seeb");
    elsewhere.duty_leader = true;
    REQUIRE(people.put_person(elsewhere, 0).has_value());
    CHECK(people.find_person("p2")->duty_leader);
  });
}

TEST_CASE("A person's sessions are listed latest first, noted when used, and dropped but for one") {
  with_people([](PeopleStore& people) {
    REQUIRE(people.put_person(someone("p1"), 0).has_value());
    REQUIRE(people.put_person(someone("p2"), 0).has_value());
    people.put_session({"t1", "p1", at(0), at(900), at(0), "10.0.0.1"});
    people.put_session({"t2", "p1", at(10), at(900), {}, {}});
    people.put_session({"t3", "p2", at(20), at(900), {}, {}});
    people.touch_session("t1", at(60));
    people.touch_session("t1", at(30));
    auto const sessions = people.list_sessions("p1");
    REQUIRE(sessions.size() == 2);
    CHECK(sessions[0].token_hash == "t2");
    CHECK(sessions[0].last_used == at(10));
    CHECK(sessions[1].last_used == at(60));
    CHECK(sessions[1].address == "10.0.0.1");
    people.drop_sessions("p1", "t2");
    CHECK_FALSE(people.find_session("t1"));
    CHECK(people.find_session("t2"));
    people.drop_sessions("p1", {});
    CHECK_FALSE(people.find_session("t2"));
    CHECK(people.find_session("t3"));
  });
}

TEST_CASE("A session and a token tell whose they are, and whether anybody named them a substitute") {
  with_store([](Store& store) {
    auto& people = store.people();
    REQUIRE(people.put_person(someone("p1"), 0).has_value());
    REQUIRE(people.put_person(someone("p2"), 0).has_value());
    people.put_session({"t1", "p1", at(0), at(900), {}, {}});
    people.put_token({"b", "h2", "p2", "export", TokenScope::act, at(0), at(900), {}});
    CHECK(people.find_session("t1")->person.id == "p1");
    CHECK(people.find_token("h2")->person.name == people.find_person("p2")->name);
    CHECK_FALSE(people.find_token("h2")->person.may_stand_in);
    store.substitutions().put({"s", "p1", "p2", at(0), at(60), "p1"});
    CHECK_FALSE(people.find_session("t1")->person.may_stand_in);
    CHECK(people.find_token("h2")->person.may_stand_in);
  });
}

TEST_CASE("Machine tokens are found by their hash and dropped by their owner alone") {
  with_people([](PeopleStore& people) {
    REQUIRE(people.put_person(someone("p1"), 0).has_value());
    REQUIRE(people.put_person(someone("p2"), 0).has_value());
    people.put_token({"a", "h1", "p1", "export", TokenScope::act, at(0), at(900), {}});
    people.put_token({"b", "h2", "p1", "import", TokenScope::read, at(1), at(900), {}});
    people.put_token({"c", "h3", "p2", "other", TokenScope::admin, at(2), at(900), {}});
    CHECK(people.find_token("h1")->token.scope == TokenScope::act);
    CHECK_FALSE(people.find_token("h1")->token.last_used);
    people.touch_token("a", at(60));
    people.touch_token("a", at(30));
    CHECK(people.find_token("h1")->token.last_used == at(60));
    CHECK(people.list_tokens("p1").size() == 2);
    CHECK_FALSE(people.drop_token("p2", "a"));
    CHECK(people.drop_token("p1", "a"));
    CHECK_FALSE(people.find_token("h1"));
    people.drop_tokens("p1");
    CHECK_FALSE(people.find_token("h2"));
    CHECK(people.find_token("h3"));
  });
}

TEST_CASE("A second factor is replaced until it is confirmed, and a step is taken once") {
  with_people([](PeopleStore& people) {
    REQUIRE(people.put_person(someone("p1"), 0).has_value());
    CHECK(people.put_second_factor("p1", "ONE"));
    CHECK(people.put_second_factor("p1", "TWO"));
    CHECK_FALSE(people.find_person("p1")->second_factor);
    CHECK_FALSE(people.take_step("p1", "ONE", 5));
    CHECK(people.take_step("p1", "TWO", 5));
    CHECK(people.find_person("p1")->second_factor);
    CHECK_FALSE(people.take_step("p1", "TWO", 5));
    CHECK_FALSE(people.take_step("p1", "TWO", 4));
    CHECK(people.take_step("p1", "TWO", 6));
    CHECK_FALSE(people.put_second_factor("p1", "THREE"));
    CHECK(people.find_second_factor("p1")->secret == "TWO");
    CHECK(people.find_second_factor("p1")->last_step == 6);
    people.drop_second_factor("p1");
    CHECK_FALSE(people.find_second_factor("p1"));
    CHECK_FALSE(people.find_person("p1")->second_factor);
  });
}

}  // namespace bihuan::test
