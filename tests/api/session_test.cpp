// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <future>

#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

Answer sign_in(District const& district, std::string const& name, std::string const& password) {
  return district.post("/api/v1/session", "", {{"name", name}, {"password", password}});
}

std::string bearer(std::string const& token) {
  return "Authorization: Bearer " + token + "\r\n";
}

std::string cookie_of(Answer const& signed_in) {
  auto const header = signed_in.header("Set-Cookie").value();
  return "Cookie: theme=dark; " + header.substr(0, header.find(';')) + "\r\n";
}

// What differs from one answer to the next whatever was asked.
Json without_ids(Answer const& answer) {
  auto body = json_of(answer);
  body.erase("request_id");
  body.erase("instance");
  return body;
}

}  // namespace

TEST_CASE("who signs in gets a token for machines and a cookie for browsers") {
  District district;
  auto const answer = sign_in(district, "inspector", std::string(password_of_everybody));
  REQUIRE(answer.status == 200);
  auto const body = json_of(answer);
  CHECK(body.at("expires") == "2026-03-02T21:00:00+08:00");
  CHECK(body.at("person").at("unit") == "lijiatuo");
  CHECK(body.dump().find("argon2") == std::string::npos);
  CHECK(answer.header("Cache-Control") == "no-store");
  auto const cookie = answer.header("Set-Cookie").value();
  CHECK(cookie.find("HttpOnly") != std::string::npos);
  CHECK(cookie.find("SameSite=Lax") != std::string::npos);
  auto const by_token = district.get("/api/v1/me", "", bearer(body.at("token").get<std::string>()));
  auto const by_cookie = district.get("/api/v1/me", "", cookie_of(answer));
  CHECK(by_token.status == 200);
  CHECK(by_cookie.status == 200);
  CHECK(json_of(by_token) == body.at("person"));
  CHECK(json_of(by_cookie) == body.at("person"));
}

TEST_CASE("a wrong password and an unknown name get the same answer") {
  District district;
  auto const wrong = sign_in(district, "inspector", "guess");
  auto const unknown = sign_in(district, "nobody", "guess");
  CHECK(wrong.status == 401);
  CHECK(code_of(wrong) == "wrong_credentials");
  CHECK(without_ids(wrong) == without_ids(unknown));
  CHECK_FALSE(wrong.header("Set-Cookie"));
}

TEST_CASE("a token ends when it is signed out, and twelve hours after it was given") {
  District district;
  auto const given = [&] {
    return json_of(sign_in(district, "water", std::string(password_of_everybody))).at("token").get<std::string>();
  };
  auto const signed_out = given();
  auto const kept = given();
  auto const gone = district.ask({.method = "DELETE", .target = "/api/v1/session", .fields = bearer(signed_out)});
  CHECK(gone.status == 204);
  CHECK(gone.header("Set-Cookie").value().find("Max-Age=0") != std::string::npos);
  CHECK(district.get("/api/v1/me", "", bearer(signed_out)).status == 401);
  district.move_clock(std::chrono::hours(12) - std::chrono::seconds(1));
  CHECK(district.get("/api/v1/me", "", bearer(kept)).status == 200);
  district.move_clock(std::chrono::seconds(1));
  CHECK(district.get("/api/v1/me", "", bearer(kept)).status == 401);
}

TEST_CASE("a person who is no longer active is signed out everywhere and does not get in") {
  District district;
  auto person = district.store().people().find_by_name("water").value();
  person.active = false;
  district.store().people().put_people(std::span(&person, 1));
  CHECK(district.get("/api/v1/me", "water").status == 401);
  CHECK(sign_in(district, "water", std::string(password_of_everybody)).status == 401);
}

TEST_CASE("without a token, or with one that is none, nothing is shown") {
  District district;
  for (auto const* const fields : {"", "Authorization: Bearer wrong\r\n", "Authorization: Basic d2F0ZXI6eA==\r\n",
                                   "Authorization: Bearer \r\n", "Cookie: bihuan_session=wrong\r\n"}) {
    CAPTURE(fields);
    auto const answer = district.get("/api/v1/cases", "", fields);
    CHECK(answer.status == 401);
    CHECK(code_of(answer) == "not_signed_in");
    CHECK(answer.header("WWW-Authenticate") == "Bearer");
  }
}

TEST_CASE("a change that carries the cookie must come from a page of ours") {
  District district;
  auto const cookie = cookie_of(sign_in(district, "inspector", std::string(password_of_everybody)));
  struct Sent {
    std::string fields;
    int status;
  };
  std::vector<Sent> const table{{"", 403},
                                {"Sec-Fetch-Site: cross-site\r\n", 403},
                                {"Sec-Fetch-Site: same-site\r\n", 403},
                                {"Sec-Fetch-Site: cross-site\r\nOrigin: http://test\r\n", 403},
                                {"Origin: http://elsewhere\r\n", 403},
                                {"Origin: null\r\n", 403},
                                {"Origin: http://test\r\n", 201},
                                {"Sec-Fetch-Site: same-origin\r\n", 201}};
  for (auto const& [fields, status] : table) {
    CAPTURE(fields);
    auto const answer = district.post(
        "/api/v1/cases", "", {{"workflow", "inspection-issue"}, {"fields", {{"problem", "垃圾"}}}}, cookie + fields);
    CHECK(answer.status == status);
    CHECK(code_of(answer) == (status == 403 ? "cross_site" : ""));
  }
  CHECK(json_of(district.get("/api/v1/cases", "inspector")).at("items").size() == 2);
}

TEST_CASE("bad credentials are answered by what is wrong with them") {
  District district;
  struct Sent {
    std::string body;
    int status;
    std::string code;
    std::string pointer;
  };
  std::vector<Sent> const table{
      {R"({"name": "inspector"})", 422, "missing", "/password"},
      {R"({"name": 7, "password": "x"})", 422, "wrong_type", "/name"},
      {R"({"name": "a", "password": "x", "remember": true})", 422, "unknown_field", "/remember"},
      {R"([])", 422, "wrong_type", ""},
      {R"({"name": "a", "name": "b", "password": "x"})", 400, "duplicate_key", "/name"},
      {R"({"name": )", 400, "malformed_json", ""},
      {R"({"name": "a", "password": ")" + std::string(1001, 'x') + "\"}", 422, "too_large", "/password"}};
  for (auto const& [body, status, code, pointer] : table) {
    CAPTURE(body);
    auto const answer = district.ask({.method = "POST", .target = "/api/v1/session", .body = body});
    CHECK(answer.status == status);
    CHECK(code_of(answer) == code);
    CHECK(json_of(answer).at("errors").at(0).at("pointer") == pointer);
  }
  auto const form = district.ask({.method = "POST",
                                  .target = "/api/v1/session",
                                  .body = "name=inspector",
                                  .fields = "Content-Type: application/x-www-form-urlencoded\r\n",
                                  .json = false});
  CHECK(form.status == 415);
}

TEST_CASE("when too many sign in at once the next is told to come again") {
  District district;
  std::promise<void> release;
  auto const released = release.get_future().share();
  std::promise<void> started;
  // The pool of the tests has one thread and room for one more.
  REQUIRE(district.passwords().try_push([&started, released] {
    started.set_value();
    released.wait();
  }));
  started.get_future().wait();
  REQUIRE(district.passwords().try_push([] {}));
  auto const answer = sign_in(district, "inspector", std::string(password_of_everybody));
  CHECK(answer.status == 503);
  CHECK(answer.header("Retry-After"));
  CHECK(district.get("/api/v1/me", "inspector").status == 200);
  release.set_value();
}
