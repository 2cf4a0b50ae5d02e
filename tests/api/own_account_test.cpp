// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "engine/service/totp.hpp"
#include "tests/api/contract.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;
using namespace std::chrono_literals;

namespace {

Answer sign_in(District const& district, std::string const& name, std::string const& password,
               std::string const& code = {}) {
  Json body{{"name", name}, {"password", password}};
  if (!code.empty()) body["code"] = code;
  return district.post("/api/v1/session", "", body);
}

std::string const password(password_of_everybody);

std::string bearer(std::string const& token) {
  return "Authorization: Bearer " + token + "\r\n";
}

std::string token_in(Answer const& answer) {
  return json_of(answer).at("token").get<std::string>();
}

Json without_ids(Answer const& answer) {
  auto body = json_of(answer);
  body.erase("request_id");
  body.erase("instance");
  return body;
}

std::string in_days(District const& district, int days) {
  return Zone().format(district.now() + std::chrono::days(days));
}

Answer make_token(District const& district, std::string const& by, std::string const& scope) {
  return district.post("/api/v1/tokens", by,
                       {{"name", "export"}, {"scope", scope}, {"expires", in_days(district, 30)}});
}

}  // namespace

TEST_CASE("a locked name is answered 429 with the wait, like one that nobody has, and opens afterwards") {
  District district;
  for (auto const* const name : {"inspector", "nobody"}) {
    for (int failure = 0; failure < 5; ++failure) CHECK(sign_in(district, name, "guess").status == 401);
  }
  auto const locked = sign_in(district, "inspector", password);
  CHECK(locked.status == 429);
  CHECK(code_of(locked) == "locked_out");
  CHECK(locked.header("Retry-After") == "30");
  CHECK(without_ids(locked) == without_ids(sign_in(district, "nobody", password)));
  CHECK(sign_in(district, "water", password).status == 200);
  CHECK(district.get("/api/v1/me", "inspector").status == 200);
  district.move_clock(30s);
  CHECK(sign_in(district, "inspector", password).status == 200);
}

TEST_CASE("ten thousand guesses at one name cost five hashes, and another person signs in meanwhile") {
  constexpr int connections = 16;
  constexpr int guesses = 10'000;
  // As in service: room for fewer hashes than there are handlers.
  District district(District::quiet(), District::patient(), {}, {.handlers = 16, .hashing = 2, .hashing_queue = 8});
  auto const timed = [&] {
    auto const start = std::chrono::steady_clock::now();
    auto const answer = sign_in(district, "water", password);
    CHECK_MESSAGE(answer.status == 200, answer.body);
    return std::chrono::steady_clock::now() - start;
  };
  auto alone = timed();
  std::atomic<int> hashed{0};
  std::atomic<int> locked{0};
  std::atomic<int> left{connections};
  std::chrono::steady_clock::duration slowest{};
  {
    std::vector<std::jthread> guessers;
    for (int number = 0; number < connections; ++number) {
      guessers.emplace_back([&] {
        Client client(district.port());
        District::Ask const guess{.method = "POST",
                                  .target = "/api/v1/session",
                                  .body = Json{{"name", "inspector"}, {"password", "guess"}}.dump()};
        for (int turn = 0; turn < guesses / connections; ++turn) {
          auto const status = district.ask(guess, client).status;
          if (status == 401) ++hashed;
          if (status == 429) ++locked;
        }
        --left;
      });
    }
    do slowest = std::max(slowest, timed());
    while (left > 0);
  }
  CHECK(hashed == 5);
  CHECK(locked == guesses - 5);
  // What ten sign-ins take one after the other: they would stand behind ten thousand. On an idle machine that is well
  // below a second; on one that builds beside it nothing is.
  alone = std::max(alone, timed());
  CHECK(slowest < std::max<std::chrono::steady_clock::duration>(5s, 10 * alone));
  CHECK(sign_in(district, "inspector", password).status == 429);
  district.move_clock(30s);
  CHECK(sign_in(district, "inspector", password).status == 200);
}

TEST_CASE("own sessions are listed, ended one by one and everywhere") {
  District district;
  auto const here = token_in(sign_in(district, "water", password));
  auto const there = token_in(sign_in(district, "water", password));
  auto const listed = district.get("/api/v1/sessions", "", bearer(here));
  REQUIRE(listed.status == 200);
  CHECK(departures(json_of(listed), "SessionPage") == std::vector<std::string>{});
  CHECK(listed.body.find(here) == std::string::npos);
  std::string other;
  auto const body = json_of(listed);
  for (auto const& session : body.at("items")) {
    if (session.at("id") == session_id_of_token(there)) other = session.at("id");
    CHECK(session.at("current") == (session.at("id") == session_id_of_token(here)));
  }
  auto const end = [&](std::string const& target, std::string const& token) {
    return district.ask({.method = "DELETE", .target = target, .fields = bearer(token)}).status;
  };
  auto const foreign = token_in(sign_in(district, "ecology", password));
  CHECK(end("/api/v1/sessions/" + other, foreign) == 404);
  CHECK(end("/api/v1/sessions/" + other, here) == 204);
  CHECK(district.get("/api/v1/me", "", bearer(there)).status == 401);
  CHECK(end("/api/v1/sessions", here) == 204);
  CHECK(district.get("/api/v1/me", "", bearer(here)).status == 401);
  CHECK(district.get("/api/v1/me", "water").status == 401);
  CHECK(district.get("/api/v1/me", "", bearer(foreign)).status == 200);
}

TEST_CASE("a wrong old password counts as a guess") {
  District district;
  auto const change = [&](std::string const& before) {
    return district.post("/api/v1/me/password", "water", {{"old", before}, {"new", "correct horse battery"}}).status;
  };
  for (int guess = 0; guess < 5; ++guess) CHECK(change("guess") == 422);
  CHECK(change(password) == 429);
  CHECK(sign_in(district, "water", password).status == 429);
  district.move_clock(30s);
  CHECK(change(password) == 204);
  CHECK(sign_in(district, "water", "correct horse battery").status == 200);
}

TEST_CASE("a second factor is enrolled with the password, shown once, confirmed, and asked for from then on") {
  District district;
  auto const enrol = [&](std::string const& with) {
    return district.post("/api/v1/me/second-factor", "water", {{"password", with}});
  };
  CHECK(code_of(enrol("guess")) == "wrong_credentials");
  auto const enrolled = enrol(password);
  REQUIRE(enrolled.status == 201);
  CHECK(departures(json_of(enrolled), "Enrolment") == std::vector<std::string>{});
  CHECK(enrolled.header("Cache-Control") == "no-store");
  auto const secret = json_of(enrolled).at("secret").get<std::string>();
  CHECK(json_of(enrolled).at("uri") ==
        "otpauth://totp/Bihuan:water?secret=" + secret + "&issuer=Bihuan&algorithm=SHA1&digits=6&period=30");
  CHECK(sign_in(district, "water", password).status == 200);
  auto const confirm = [&](std::string const& code) {
    return district.post("/api/v1/me/second-factor/confirmation", "water", {{"code", code}});
  };
  CHECK(code_of(confirm("abc")) == "wrong_code");
  CHECK(confirm(totp_code(secret, district.now())).status == 204);
  CHECK(code_of(enrol(password)) == "second_factor_present");
  CHECK(json_of(district.get("/api/v1/me", "water")).at("second_factor") == true);

  auto const without = sign_in(district, "water", password);
  CHECK(without.status == 401);
  CHECK(code_of(without) == "second_factor_required");
  district.move_clock(60s);
  CHECK(sign_in(district, "water", password, totp_code(secret, district.now())).status == 200);
  CHECK(code_of(sign_in(district, "water", password, totp_code(secret, district.now()))) == "wrong_credentials");
}

TEST_CASE("who needs a second factor and has none can enrol one and nothing else") {
  District district(http::ServerOptions{.access_log = false}, {.idle = 24h, .second_factor_roles = {"admin"}});
  auto const people = district.get("/api/v1/people", "administrator");
  CHECK(people.status == 403);
  CHECK(code_of(people) == "second_factor_missing");
  CHECK(json_of(district.get("/api/v1/me", "administrator")).at("pending") == "second_factor_missing");
  auto const enrolled = district.post("/api/v1/me/second-factor", "administrator", {{"password", password}});
  auto const secret = json_of(enrolled).at("secret").get<std::string>();
  CHECK(
      district
          .post("/api/v1/me/second-factor/confirmation", "administrator", {{"code", totp_code(secret, district.now())}})
          .status == 204);
  CHECK(district.get("/api/v1/people", "administrator").status == 200);
}

TEST_CASE("a machine token acts as its person within its scope") {
  District district;
  auto const made = make_token(district, "administrator", "read");
  REQUIRE(made.status == 201);
  CHECK(departures(json_of(made), "NewToken") == std::vector<std::string>{});
  CHECK(made.header("Cache-Control") == "no-store");
  auto const reading = token_in(made);
  auto const acting = token_in(make_token(district, "inspector", "act"));
  auto const acting_admin = token_in(make_token(district, "administrator", "act"));
  auto const keeping = token_in(make_token(district, "administrator", "admin"));
  Json const issue{{"workflow", "inspection-issue"}, {"fields", {{"problem", "垃圾"}}}};
  Json const newcomer{{"name", "li-water"}, {"full_name", "李某"}, {"unit", "water"}};
  auto const get = [&](std::string const& target, std::string const& token) {
    return district.get(target, "", bearer(token)).status;
  };
  auto const post = [&](std::string const& target, Json const& body, std::string const& token) {
    auto const answer = district.post(target, "", body, bearer(token));
    CHECK(code_of(answer) == (answer.status == 403 ? "not_allowed" : ""));
    return answer.status;
  };
  CHECK(get("/api/v1/me", reading) == 200);
  CHECK(get("/api/v1/cases", reading) == 200);
  CHECK(post("/api/v1/cases", issue, token_in(make_token(district, "inspector", "read"))) == 403);
  CHECK(post("/api/v1/cases", issue, acting) == 201);
  for (auto const& token : {reading, acting_admin}) {
    CHECK(get("/api/v1/people", token) == 403);
    CHECK(post("/api/v1/people", newcomer, token) == 403);
  }
  CHECK(get("/api/v1/people", keeping) == 200);
  CHECK(post("/api/v1/people", newcomer, keeping) == 201);
  // The scope gives nothing that the person does not have.
  CHECK(get("/api/v1/people", token_in(make_token(district, "inspector", "admin"))) == 403);
}

TEST_CASE("a machine token cannot touch how its person gets in, nor make another") {
  District district;
  auto const fields = bearer(token_in(make_token(district, "administrator", "admin")));
  auto const status = [&](std::string const& method, std::string const& target, std::string const& body) {
    return district.ask({.method = method, .target = target, .body = body, .fields = fields}).status;
  };
  CHECK(status("GET", "/api/v1/tokens", "") == 403);
  CHECK(status("POST", "/api/v1/tokens", R"({"name":"b","scope":"read","expires":"2026-04-01"})") == 403);
  CHECK(status("POST", "/api/v1/me/password", R"({"old":"a","new":"b"})") == 403);
  CHECK(status("POST", "/api/v1/me/second-factor", R"({"password":"a"})") == 403);
  CHECK(status("DELETE", "/api/v1/sessions", "") == 403);
  CHECK(status("DELETE", "/api/v1/session", "") == 403);
}

TEST_CASE("machine tokens are listed without their texts, with their last use, and end when they are revoked") {
  District district;
  auto const made = make_token(district, "water", "read");
  auto const token = token_in(made);
  auto const id = json_of(made).at("id").get<std::string>();
  CHECK(json_of(district.get("/api/v1/tokens", "water")).at("items").at(0).at("last_used").is_null());
  CHECK(district.get("/api/v1/me", "", bearer(token)).status == 200);
  auto const listed = district.get("/api/v1/tokens", "water");
  CHECK(departures(json_of(listed), "TokenPage") == std::vector<std::string>{});
  CHECK(json_of(listed).at("items").at(0).at("last_used") == Zone().format(district.now()));
  CHECK(listed.body.find(token) == std::string::npos);
  CHECK(json_of(district.get("/api/v1/tokens", "ecology")).at("items").empty());
  auto const revoke = [&](std::string const& by) {
    return district.ask({.method = "DELETE", .target = "/api/v1/tokens/" + id, .by = by}).status;
  };
  CHECK(revoke("ecology") == 404);
  CHECK(district.get("/api/v1/me", "", bearer(token)).status == 200);
  CHECK(revoke("water") == 204);
  CHECK(revoke("water") == 404);
  CHECK(district.get("/api/v1/me", "", bearer(token)).status == 401);
  auto const expiring = token_in(make_token(district, "water", "read"));
  district.move_clock(std::chrono::days(30));
  CHECK(district.get("/api/v1/me", "", bearer(expiring)).status == 401);
}

TEST_CASE("a machine token is refused with what is wrong about it") {
  District district;
  struct Row {
    Json asked;
    std::string code;
    std::string pointer;
  };
  std::vector<Row> const table{
      {{{"name", "a"}, {"scope", "read"}}, "missing", "/expires"},
      {{{"name", "a"}, {"scope", "read"}, {"expires", "soon"}}, "bad_format", "/expires"},
      {{{"name", "a"}, {"scope", "read"}, {"expires", in_days(district, 367)}}, "out_of_bounds", "/expires"},
      {{{"name", "a"}, {"scope", "read"}, {"expires", in_days(district, -1)}}, "out_of_bounds", "/expires"},
      {{{"name", "a"}, {"scope", "root"}, {"expires", in_days(district, 1)}}, "not_a_choice", "/scope"},
      {{{"name", "a"}, {"expires", in_days(district, 1)}}, "missing", "/scope"},
      {{{"name", ""}, {"scope", "read"}, {"expires", in_days(district, 1)}}, "missing", "/name"}};
  for (auto const& [asked, code, pointer] : table) {
    CAPTURE(asked.dump());
    auto const answer = district.post("/api/v1/tokens", "water", asked);
    CHECK(answer.status == 422);
    CHECK(code_of(answer) == code);
    CHECK(json_of(answer).at("errors").at(0).at("pointer") == pointer);
  }
}

TEST_CASE("with the cookie, a change of how one gets in must come from a page of ours") {
  District district;
  auto const header = sign_in(district, "water", password).header("Set-Cookie").value();
  auto const cookie = "Cookie: " + header.substr(0, header.find(';')) + "\r\n";
  for (auto const* const target : {"/api/v1/me/password", "/api/v1/me/second-factor", "/api/v1/tokens"}) {
    CAPTURE(target);
    CHECK(code_of(district.post(target, "", Json::object(), cookie)) == "cross_site");
    CHECK(code_of(district.post(target, "", Json::object(), cookie + "Sec-Fetch-Site: same-origin\r\n")) == "missing");
  }
}
