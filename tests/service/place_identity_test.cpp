// SPDX-License-Identifier: Apache-2.0
#include "engine/service/place_identity.hpp"

#include "engine/service/accounts.hpp"
#include "engine/service/passwords.hpp"
#include "engine/service/sign_in.hpp"
#include "tests/service/fixture.hpp"

using namespace bihuan;

namespace {

using Roles = std::vector<std::string>;

PlaceIdentity somebody(std::vector<std::string> groups) {
  return {.name = "zhang", .full_name = "张某", .says = {{"groups", std::move(groups)}}};
}

std::vector<Membership> const memberships{
    {.claim = "groups", .value = "handlers", .roles = {"handler"}},
    {.claim = "groups", .value = "cn=water,dc=bn", .unit = "water", .roles = {"handler", "dept_head"}},
    {.claim = "groups", .value = "ecology", .unit = "seeb", .roles = {"inspector"}},
};

struct Registry : Office {
  Accounts accounts{*store, library, [this] { return now; }};

  Code why_not(PlaceIdentity const& who, Appointment const& appointment) {
    auto const admitted = accounts.admit(who, appointment);
    REQUIRE_FALSE(admitted.has_value());
    return admitted.error().front().code;
  }
};

}  // namespace

TEST_CASE("the first unit counts, and every role once") {
  auto const both = appointment_of(somebody({"ecology", "CN=Water,dc=BN", "handlers", "canteen"}), memberships);
  REQUIRE(both.has_value());
  CHECK(both->unit == "water");
  CHECK(both->roles == Roles{"handler", "dept_head", "inspector"});
  CHECK_FALSE(appointment_of(somebody({"handlers"}), memberships).has_value());
  CHECK_FALSE(appointment_of(somebody({}), memberships).has_value());
  CHECK_FALSE(
      appointment_of({.name = "zhang", .full_name = {}, .says = {{"group", {"ecology"}}}}, memberships).has_value());
}

TEST_CASE("without a claim a membership is everybody's") {
  std::vector<Membership> const all{{.unit = "water"}};
  CHECK(appointment_of({.name = "zhang", .full_name = {}}, all)->unit == "water");
}

TEST_CASE("who is let in from elsewhere has no password here, and is the same person the next time") {
  Registry registry;
  auto const first = registry.accounts.admit(somebody({}), {.unit = "water", .roles = {"handler"}});
  REQUIRE(first.has_value());
  CHECK(first->password_hash.empty());
  CHECK_FALSE(first->must_change_password);
  CHECK(first->full_name == "张某");
  auto const second = registry.accounts.admit(somebody({}), {.unit = "seeb", .roles = {"inspector"}});
  REQUIRE(second.has_value());
  CHECK(second->id == first->id);
  CHECK(second->unit == "seeb");
  CHECK(second->roles == Roles{"inspector"});
  auto const unchanged = registry.accounts.admit(somebody({}), {.unit = "seeb", .roles = {"inspector"}});
  CHECK(unchanged->revision == second->revision);
}

TEST_CASE("who has an account keeps its password") {
  Registry registry;
  auto const added =
      registry.accounts.add({.name = "zhang", .full_name = "旧名", .unit = "water", .roles = {}, .duty_leader = true});
  REQUIRE(added.has_value());
  auto const admitted = registry.accounts.admit(somebody({}), {.unit = "seeb", .roles = {"handler"}});
  REQUIRE(admitted.has_value());
  CHECK(admitted->id == added->person.id);
  CHECK(password_matches(admitted->password_hash, added->one_time_password));
  CHECK(admitted->full_name == "张某");
  CHECK_FALSE(admitted->duty_leader);
}

TEST_CASE("from elsewhere nobody comes in who may not") {
  Registry registry;
  CHECK(registry.why_not(somebody({}), {.unit = "nowhere", .roles = {}}) == Code::identity_unplaced);
  CHECK(registry.why_not(somebody({}), {.unit = "water", .roles = {"handlr"}}) == Code::identity_unplaced);
  CHECK(registry.why_not(somebody({}), {.unit = "water", .roles = {"admin", "auditor"}}) == Code::identity_unplaced);
  CHECK(registry.why_not({.name = "li wei", .full_name = "李"}, {.unit = "water", .roles = {}}) ==
        Code::identity_unplaced);
  CHECK_FALSE(registry.store->people().find_by_name("zhang").has_value());

  auto const admitted = registry.accounts.admit(somebody({}), {.unit = "water", .roles = {"admin"}});
  REQUIRE(admitted.has_value());
  CHECK(registry.why_not(somebody({}), {.unit = "water", .roles = {}}) == Code::last_administrator);
  auto const left = registry.accounts.add({.name = "left", .full_name = "离", .unit = "water", .roles = {}});
  REQUIRE(registry.accounts.change(left->person.id, {.active = false}, std::nullopt).has_value());
  CHECK(registry.why_not({.name = "left", .full_name = {}}, {.unit = "water", .roles = {}}) == Code::not_allowed);
}

TEST_CASE("a second factor is asked for here, unless it was where they come from") {
  Registry registry;
  auto const clock = [&registry] { return registry.now; };
  auto const admitted = registry.accounts.admit(somebody({}), {.unit = "water", .roles = {"admin"}});
  REQUIRE(admitted.has_value());
  SignIn asking(*registry.store, clock, {.second_factor_roles = {"admin"}});
  auto const refusal = asking.let_in_from_elsewhere(*admitted, "10.0.0.1");
  REQUIRE_FALSE(refusal.has_value());
  CHECK(refusal.error().front().code == Code::second_factor_required);
  SignIn trusting(*registry.store, clock, {.second_factor_roles = {"admin"}, .second_factor_elsewhere = true});
  auto const granted = trusting.let_in_from_elsewhere(*admitted, "10.0.0.1");
  REQUIRE(granted.has_value());
  CHECK(trusting.authenticate(granted->token).has_value());
  CHECK_FALSE(trusting.pending(*admitted).has_value());
  // Who has a password here can come in by it alone.
  auto with_password = *admitted;
  with_password.password_hash = "something";
  CHECK(trusting.pending(with_password) == Code::second_factor_missing);
}
