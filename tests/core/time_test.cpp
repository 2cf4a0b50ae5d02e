// SPDX-License-Identifier: Apache-2.0
#include "engine/core/time.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace bihuan;

TEST_CASE("an instant is read with its offset, whichever way it is written") {
  struct {
    char const* text;
    char const* utc;
  } const cases[] = {
      {"2026-11-25T23:59:59+08:00", "2026-11-25T15:59:59Z"}, {"2026-11-25T15:59:59Z", "2026-11-25T15:59:59Z"},
      {"2026-11-25t15:59:59z", "2026-11-25T15:59:59Z"},      {"2026-11-25T15:59:59.999Z", "2026-11-25T15:59:59Z"},
      {"2024-02-29T00:00:00+08:00", "2024-02-28T16:00:00Z"}, {"2026-01-01T00:30:00-01:30", "2026-01-01T02:00:00Z"},
      {"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59Z"},
  };
  for (auto const& c : cases) {
    CAPTURE(c.text);
    auto const instant = parse_instant(c.text);
    REQUIRE(instant);
    CHECK(format_utc(*instant) == c.utc);
    CHECK(parse_instant(c.utc).value() == *instant);
  }
}

TEST_CASE("what is no instant is refused with its place and what was expected") {
  for (auto const* text :
       {"", "2026-11-25", "2026-11-25T23:59:59", "2026-11-25 23:59:59Z", "2026-11-25T24:00:00Z", "2026-11-25T23:60:00Z",
        "2026-11-25T23:59:60Z", "2026-02-29T00:00:00Z", "2026-11-25T23:59:59+24:00", "2026-11-25T23:59:59+0800",
        "2026-11-25T23:59:59Zx", "2026-11-25T23:59:59.Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "明天"}) {
    CAPTURE(text);
    auto const instant = parse_instant(text, "/at");
    REQUIRE(!instant);
    CHECK(instant.error().front().code == Code::bad_format);
    CHECK(instant.error().front().pointer == "/at");
    CHECK(instant.error().front().text.en.find("RFC 3339") != std::string::npos);
  }
}

TEST_CASE("a long wrong text is cut between characters when it is shown") {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "限";
  auto const shown = parse_date(text).error().front().text.zh;
  CHECK(shown.size() < 200);
  CHECK(shown.find("限…") != std::string::npos);
}

TEST_CASE("only a date that exists is read") {
  CHECK(format_date(*parse_date("2024-02-29")) == "2024-02-29");
  for (auto const* text :
       {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "20260101", "2026-01-01 ", "+026-01-01"}) {
    CAPTURE(text);
    auto const date = parse_date(text, "/rectify_by");
    REQUIRE(!date);
    CHECK(date.error().front().code == Code::bad_format);
    CHECK(date.error().front().pointer == "/rectify_by");
  }
}

TEST_CASE("a day is the zone's day, not UTC's") {
  Zone const shanghai;
  auto const late = *parse_instant("2026-11-25T16:00:00Z");
  CHECK(format_date(shanghai.date_of(late)) == "2026-11-26");
  CHECK(format_date(shanghai.date_of(late - std::chrono::seconds(1))) == "2026-11-25");
  CHECK(shanghai.start_of(*parse_date("2026-11-26")) == late);
  CHECK(shanghai.format(shanghai.end_of(*parse_date("2026-11-25"))) == "2026-11-25T23:59:59+08:00");
}

TEST_CASE("a day on which the clocks change has its own first and last second") {
  Zone const berlin("Europe/Berlin");
  auto const day = *parse_date("2026-03-29");
  CHECK(berlin.end_of(day) - berlin.start_of(day) + std::chrono::seconds(1) == std::chrono::hours(23));
  CHECK(berlin.format(berlin.start_of(day)) == "2026-03-29T00:00:00+01:00");
  CHECK(berlin.format(berlin.end_of(day)) == "2026-03-29T23:59:59+02:00");
  Zone const santiago("America/Santiago");  // its midnight of 2026-09-06 does not exist
  CHECK(santiago.format(santiago.start_of(*parse_date("2026-09-06"))) == "2026-09-06T01:00:00-03:00");
}

TEST_CASE("what a zone writes is read back as the same instant, even where the offset had seconds") {
  Zone const shanghai;
  for (auto const* text : {"1890-01-01T00:00:00Z", "1988-07-01T00:00:00Z", "2026-01-01T00:00:00Z"}) {
    auto const instant = *parse_instant(text);
    CHECK(parse_instant(shanghai.format(instant)).value() == instant);
  }
}

TEST_CASE("a zone that the system does not know is a fault") {
  CHECK_THROWS_AS(Zone("Asia/Atlantis"), std::runtime_error);
}
