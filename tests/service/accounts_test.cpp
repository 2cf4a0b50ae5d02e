// SPDX-License-Identifier: Apache-2.0
#include "engine/service/accounts.hpp"

#include "engine/service/passwords.hpp"
#include "tests/service/fixture.hpp"

using namespace bihuan;

namespace {

struct Registry : Office {
  Accounts accounts{*store, library, [this] { return now; }};

  Person add(std::string const& name, std::vector<std::string> const& roles = {}, bool duty_leader = false) {
    auto added = accounts.add(
        {.name = name, .full_name = "某 " + name, .unit = "water", .roles = roles, .duty_leader = duty_leader});
    REQUIRE(added.has_value());
    return added->person;
  }
  Code why_not(std::string const& id, Accounts::Change const& change, std::optional<std::int64_t> seen = {}) {
    auto const changed = accounts.change(id, change, seen);
    REQUIRE_FALSE(changed.has_value());
    return changed.error().front().code;
  }
};

using Roles = std::vector<std::string>;

}  // namespace

TEST_CASE("a person starts with a password that has to be changed") {
  Registry registry;
  auto const added = registry.accounts.add({.name = "li", .full_name = "李某", .unit = "water", .roles = {"handler"}});
  REQUIRE(added.has_value());
  CHECK(added->person.must_change_password);
  CHECK(added->person.revision == 1);
  CHECK(password_matches(added->person.password_hash, added->one_time_password));
  CHECK(registry.accounts.find(added->person.id)->unit == "water");
}

TEST_CASE("a person is refused with what is wrong about them") {
  Registry registry;
  (void)registry.add("taken");
  struct Row {
    Accounts::NewPerson wanted;
    Code code;
    std::string pointer;
  };
  std::vector<Row> const table{
      {{.name = "x", .full_name = "某", .unit = "water", .roles = {}}, Code::bad_format, "/name"},
      {{.name = "li wei", .full_name = "某", .unit = "water", .roles = {}}, Code::bad_format, "/name"},
      {{.name = "a/b", .full_name = "某", .unit = "water", .roles = {}}, Code::bad_format, "/name"},
      {{.name = std::string(65, 'x'), .full_name = "某", .unit = "water", .roles = {}}, Code::bad_format, "/name"},
      {{.name = "li", .full_name = "", .unit = "water", .roles = {}}, Code::missing, "/full_name"},
      {{.name = "li", .full_name = "某", .unit = "nowhere", .roles = {}}, Code::unknown_unit, "/unit"},
      {{.name = "li", .full_name = "某", .unit = "water", .roles = {"handler", "handlr"}},
       Code::unknown_role,
       "/roles/1"},
      {{.name = "li", .full_name = "某", .unit = "water", .roles = {"admin", "auditor"}},
       Code::roles_conflict,
       "/roles"},
      {{.name = "taken", .full_name = "某", .unit = "water", .roles = {}}, Code::name_taken, "/name"}};
  for (auto const& [wanted, code, pointer] : table) {
    CAPTURE(wanted.name);
    auto const added = registry.accounts.add(wanted);
    REQUIRE_FALSE(added.has_value());
    CHECK(added.error().front().code == code);
    CHECK(added.error().front().pointer == pointer);
  }
  CHECK(registry.accounts.list().size() == 1);
}

TEST_CASE("a change names what it changes, on the revision that was seen") {
  Registry registry;
  auto const li = registry.add("li", {"handler"});
  CHECK(registry.why_not("nobody", {}) == Code::not_found);
  CHECK(registry.why_not(li.id, {.unit = "nowhere"}) == Code::unknown_unit);
  CHECK(registry.why_not(li.id, {.roles = Roles{"admin", "auditor"}}) == Code::roles_conflict);
  auto const changed = registry.accounts.change(li.id, {.unit = "seeb"}, li.revision);
  REQUIRE(changed.has_value());
  CHECK(changed->unit == "seeb");
  CHECK(changed->roles == Roles{"handler"});
  CHECK(changed->revision == li.revision + 1);
  CHECK(changed->password_hash == li.password_hash);
  CHECK(registry.why_not(li.id, {.unit = "water"}, li.revision) == Code::stale_version);
}

TEST_CASE("a unit has one duty leader, who leads no other unit with them when they move") {
  Registry registry;
  auto const first = registry.add("first", {}, true);
  auto const second = registry.add("second", {}, true);
  CHECK_FALSE(registry.accounts.find(first.id)->duty_leader);
  CHECK(registry.accounts.find(second.id)->duty_leader);
  REQUIRE(registry.accounts.change(first.id, {.duty_leader = true}, std::nullopt).has_value());
  CHECK_FALSE(registry.accounts.find(second.id)->duty_leader);
  CHECK_FALSE(registry.accounts.change(first.id, {.unit = "seeb"}, std::nullopt)->duty_leader);
  REQUIRE(registry.accounts.change(second.id, {.duty_leader = true}, std::nullopt).has_value());
  CHECK_FALSE(registry.accounts.change(second.id, {.active = false}, std::nullopt)->duty_leader);
}

TEST_CASE("the last administrator stays one") {
  Registry registry;
  auto const first = registry.add("first", {"admin"});
  CHECK(registry.why_not(first.id, {.active = false}) == Code::last_administrator);
  CHECK(registry.why_not(first.id, {.roles = Roles{"handler"}}) == Code::last_administrator);
  auto const second = registry.add("second", {"admin"});
  CHECK(registry.accounts.change(first.id, {.active = false}, std::nullopt).has_value());
  CHECK(registry.why_not(second.id, {.active = false}) == Code::last_administrator);
}

TEST_CASE("a new password of one's own is not the old one and not a weak one") {
  Registry registry;
  auto const li = registry.add("li");
  auto const why = [&](std::string const& before, std::string const& after) {
    return registry.accounts.change_own_password(li, before, after, "").error().front().code;
  };
  CHECK(why("whatever", "password123") == Code::weak_password);
  CHECK(why("correct horse battery", "correct horse battery") == Code::weak_password);
  CHECK(registry.accounts.find(li.id)->must_change_password);
  REQUIRE(registry.accounts.change_own_password(li, "whatever", "correct horse battery", "").has_value());
  CHECK_FALSE(registry.accounts.find(li.id)->must_change_password);
}
