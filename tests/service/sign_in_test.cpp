// SPDX-License-Identifier: Apache-2.0
#include "engine/service/sign_in.hpp"

#include "engine/core/message.hpp"
#include "engine/service/accounts.hpp"
#include "engine/service/tokens.hpp"
#include "engine/service/totp.hpp"
#include "engine/store/digest.hpp"
#include "tests/service/fixture.hpp"

using namespace bihuan;
using namespace std::chrono_literals;

namespace {

constexpr auto password = "everybody's password";

struct Gatehouse : Office {
  explicit Gatehouse(SignInRules rules = {})
      : sign_in(
            *store, [this] { return now; }, std::move(rules)) {
    static std::string const hash = hash_password(password);
    std::vector<Person> const people{
        {.id = "p1", .name = "li", .full_name = "李某", .unit = "water", .roles = {"handler"}, .password_hash = hash},
        {.id = "p2", .name = "wang", .full_name = "王某", .unit = "seeb", .roles = {"admin"}, .password_hash = hash}};
    store->people().put_people(people);
  }

  SignIn sign_in;
  Accounts accounts{*store, library, [this] { return now; }};
  MachineTokens tokens{*store, [this] { return now; }};

  Result<SignIn::Granted> enter(std::string const& name, std::string const& with = password,
                                std::string const& code = {}) {
    auto attempt = sign_in.begin(name, "10.0.0.1");
    if (!attempt) return refused(refusal(Code::locked_out, {}, {{"seconds", "1"}}));
    return sign_in.sign_in(*attempt, {.name = name, .password = with, .code = code}, "10.0.0.1");
  }
  Code why_not(std::string const& name, std::string const& with = password, std::string const& code = {}) {
    auto const granted = enter(name, with, code);
    REQUIRE_FALSE(granted.has_value());
    return granted.error().front().code;
  }
  bool opens(std::string const& token) { return sign_in.authenticate(token).has_value(); }
  Person person(std::string const& id) { return store->people().find_person(id).value(); }
};

}  // namespace

TEST_CASE(
    "the right password is refused during a lock-out, as is one for a name that nobody has, and works after "
    "it") {
  Gatehouse house;
  for (auto const* const name : {"li", "nobody"}) {
    for (int failure = 0; failure < 5; ++failure) CHECK(house.why_not(name, "guess") == Code::wrong_credentials);
    CHECK(house.why_not(name, "guess") == Code::locked_out);
    CHECK(house.why_not(name) == Code::locked_out);
  }
  CHECK(house.enter("wang").has_value());
  house.now += 30s;
  CHECK(house.enter("li").has_value());
}

TEST_CASE("a session ends when nobody uses it for half an hour, and after twelve hours in any case") {
  Gatehouse house;
  auto const idle = house.enter("li")->token;
  house.now += 30min - 1s;
  CHECK(house.opens(idle));
  house.now += 30min - 1s;
  CHECK(house.opens(idle));
  house.now += 30min;
  CHECK_FALSE(house.opens(idle));
  CHECK_FALSE(house.store->people().find_session(hash_of(idle)));

  auto const used = house.enter("li");
  auto const end = house.now + 12h;
  CHECK(used->expires == end);
  while (house.now + 20min < end) {
    house.now += 20min;
    REQUIRE(house.opens(used->token));
  }
  house.now = end;
  CHECK_FALSE(house.opens(used->token));
}

TEST_CASE("use of a session is noted once a minute at most") {
  Gatehouse house;
  auto const token = house.enter("li")->token;
  auto const start = house.now;
  auto const last_used = [&] { return house.store->people().find_session(hash_of(token))->session.last_used; };
  house.now = start + 59s;
  CHECK(house.opens(token));
  CHECK(last_used() == start);
  house.now = start + 60s;
  CHECK(house.opens(token));
  CHECK(last_used() == start + 60s);
}

TEST_CASE("wrong, forged, expired, revoked and foreign tokens open nothing") {
  Gatehouse house;
  auto const person = house.person("p1");
  auto const made =
      house.tokens.make(person, {.name = "export", .scope = TokenScope::read, .expires = house.now + 24h});
  REQUIRE(made.has_value());
  auto const identity = house.sign_in.authenticate(made->token);
  REQUIRE(identity.has_value());
  CHECK(identity->scope == TokenScope::read);
  CHECK(identity->person.id == "p1");
  auto forged = made->token;
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  for (auto const& token : {std::string(), std::string("wrong"), forged, made->kept.token_hash, made->kept.id,
                            made->token.substr(machine_token_prefix.size()), std::string(machine_token_prefix)}) {
    CAPTURE(token);
    CHECK_FALSE(house.opens(token));
  }
  // Somebody else's is not theirs to revoke.
  CHECK(house.tokens.revoke(house.person("p2"), made->kept.id).error().front().code == Code::not_found);
  CHECK(house.opens(made->token));
  house.now += 24h;
  CHECK_FALSE(house.opens(made->token));

  auto const second = house.tokens.make(person, {.name = "b", .scope = TokenScope::act, .expires = house.now + 24h});
  CHECK(house.opens(second->token));
  CHECK(house.store->people().list_tokens("p1").back().last_used == house.now);
  REQUIRE(house.tokens.revoke(person, second->kept.id).has_value());
  CHECK_FALSE(house.opens(second->token));
}

TEST_CASE("a token has a name, and an end within a year") {
  Gatehouse house;
  auto const fault = [&](std::string const& name, Instant expires) {
    return house.tokens.make(house.person("p1"), {.name = name, .expires = expires}).error().front().pointer;
  };
  CHECK(fault("", house.now + 1h) == "/name");
  CHECK(fault("x", house.now) == "/expires");
  CHECK(fault("x", house.now + std::chrono::days(366) + 1s) == "/expires");
}

TEST_CASE("a role that is taken away is gone from the next look on") {
  Gatehouse house;
  auto const token = house.enter("li")->token;
  CHECK(house.sign_in.authenticate(token)->person.roles == std::vector<std::string>{"handler"});
  REQUIRE(house.accounts.change("p1", {.roles = std::vector<std::string>{}}, std::nullopt).has_value());
  CHECK(house.sign_in.authenticate(token)->person.roles.empty());
}

TEST_CASE("a second factor counts once it is confirmed, and each code is taken once") {
  Gatehouse house;
  auto const secret = house.accounts.enrol_second_factor(house.person("p1"));
  REQUIRE(secret.has_value());
  CHECK(house.enter("li").has_value());
  CHECK(house.accounts.confirm_second_factor(house.person("p1"), "000000").error().front().code == Code::wrong_code);
  REQUIRE(house.accounts.confirm_second_factor(house.person("p1"), totp_code(*secret, house.now)).has_value());
  CHECK(house.accounts.enrol_second_factor(house.person("p1")).error().front().code == Code::second_factor_present);

  CHECK(house.why_not("li") == Code::second_factor_required);
  CHECK(house.why_not("li", "guess", totp_code(*secret, house.now)) == Code::wrong_credentials);
  // The code that confirmed it is spent.
  CHECK(house.why_not("li", password, totp_code(*secret, house.now)) == Code::wrong_credentials);
  house.now += 30s;
  CHECK(house.enter("li", password, totp_code(*secret, house.now)).has_value());
  CHECK(house.why_not("li", password, totp_code(*secret, house.now)) == Code::wrong_credentials);
  CHECK(house.enter("li", password, totp_code(*secret, house.now + 30s)).has_value());

  REQUIRE(house.accounts.reset_second_factor("p1").has_value());
  CHECK(house.enter("li").has_value());
}

TEST_CASE("codes are guessed as seldom as passwords") {
  Gatehouse house;
  auto const secret = house.accounts.enrol_second_factor(house.person("p1"));
  REQUIRE(house.accounts.confirm_second_factor(house.person("p1"), totp_code(*secret, house.now)).has_value());
  house.now += 5min;
  for (int guess = 0; guess < 5; ++guess) CHECK(house.why_not("li", password, "x") == Code::wrong_credentials);
  CHECK(house.why_not("li", password, totp_code(*secret, house.now)) == Code::locked_out);
}

TEST_CASE("a role can ask for a second factor, and a new password comes first") {
  Gatehouse house({.second_factor_roles = {"admin"}});
  CHECK_FALSE(house.sign_in.pending(house.person("p1")));
  CHECK(house.sign_in.pending(house.person("p2")) == Code::second_factor_missing);
  (void)house.accounts.reset_password("p2");
  CHECK(house.sign_in.pending(house.person("p2")) == Code::password_change_required);
  auto const secret = house.accounts.enrol_second_factor(house.person("p2"));
  (void)house.accounts.confirm_second_factor(house.person("p2"), totp_code(*secret, house.now));
  REQUIRE(house.accounts.change_own_password(house.person("p2"), "x", "correct horse battery", "").has_value());
  CHECK_FALSE(house.sign_in.pending(house.person("p2")));
}

TEST_CASE("who changes their password is signed out elsewhere, who gets a new one everywhere, machine tokens too") {
  Gatehouse house;
  auto const here = house.enter("li")->token;
  auto const elsewhere = house.enter("li")->token;
  auto const others = house.enter("wang")->token;
  auto const machine =
      house.tokens.make(house.person("p1"), {.name = "a", .scope = TokenScope::act, .expires = house.now + 24h})->token;
  REQUIRE(house.accounts.change_own_password(house.person("p1"), password, "correct horse battery", here).has_value());
  CHECK(house.opens(here));
  CHECK_FALSE(house.opens(elsewhere));
  CHECK(house.opens(machine));
  CHECK(house.why_not("li") == Code::wrong_credentials);
  auto const given = house.accounts.reset_password("p1");
  REQUIRE(given.has_value());
  CHECK_FALSE(house.opens(here));
  CHECK_FALSE(house.opens(machine));
  CHECK(house.opens(others));
  CHECK(house.enter("li", *given)->person.must_change_password);
}

TEST_CASE("own sessions are listed and ended one by one or all at once") {
  Gatehouse house;
  auto const first = house.enter("li")->token;
  house.now += 1min;
  auto const second = house.enter("li")->token;
  auto const foreign = house.enter("wang")->token;
  auto const sessions = house.sign_in.sessions_of(house.person("p1"));
  REQUIRE(sessions.size() == 2);
  CHECK(session_id(sessions[0]) == session_id_of_token(second));
  CHECK(sessions[0].address == "10.0.0.1");
  CHECK(house.sign_in.end_session(house.person("p1"), session_id_of_token(foreign)).error().front().code ==
        Code::not_found);
  REQUIRE(house.sign_in.end_session(house.person("p1"), session_id_of_token(first)).has_value());
  CHECK_FALSE(house.opens(first));
  CHECK(house.opens(second));
  house.sign_in.end_sessions(house.person("p1"));
  CHECK_FALSE(house.opens(second));
  CHECK(house.opens(foreign));
}
