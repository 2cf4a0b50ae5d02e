// SPDX-License-Identifier: Apache-2.0
#include "engine/core/case_text.hpp"

#include <doctest/doctest.h>

#include "engine/core/json_text.hpp"
#include "engine/core/stored_json.hpp"

namespace bihuan {
namespace {

Instant at(std::int64_t seconds) {
  return Instant{std::chrono::seconds{seconds}};
}

// Something in each of its members.
Case full_case() {
  Document const photo{"ab12", "河道 \"3\".jpg", "image/jpeg", 5'000'000'000, 2};
  Deadline running;
  running.name = "rectify";
  running.cycle = 2;
  running.owner_party = "responsible";
  running.owner = "township-baisha";
  running.started = at(1'790'000'000);
  running.due = at(1'793'000'000);
  running.warn = at(-1);
  running.hard_due = at(1'794'000'000);
  running.provisional = true;
  running.period = {{"months", 1}};
  running.counting = {{"basis", "calendar"}};
  running.fixed = parse_date("2026-12-31").value();
  running.pauses = {{at(1'790'000'100), at(1'790'000'200)}, {at(1'790'000'300), std::nullopt}};
  running.extensions = {{at(1'790'000'400), parse_date("2027-01-31").value()}};
  running.rungs = {"reminded", "warned"};
  Deadline stopped;
  stopped.name = "accept";
  stopped.state = Deadline::State::stopped;
  stopped.stopped = at(1'790'000'500);

  Case subject;
  subject.id = "one";
  subject.workflow = "inspection-issue";
  subject.version = "4";
  subject.revision = 7;
  subject.state = "rectifying";
  subject.final = true;
  subject.outcome = "struck_off";
  subject.title = "白沙河\n排污\t\x01 \\";
  subject.opener_unit = "office";
  subject.opener = "p1";
  subject.fields = {{"depth", 0.1}, {"count", -3}, {"place", {{"latitude", 30.25}, {"name", "桥"}}}, {"none", nullptr}};
  subject.parties = {{"responsible", {{"township-baisha", ""}, {"bureau", "p2"}}}, {"empty", {}}};
  subject.deadlines = {stopped, running};
  subject.documents = {{"photo", {photo}}};
  subject.links = {{"referral", true, "two", "criminal-referral", "filed", "", false, "lead", {"police"}},
                   {"source", false, "three", "inspection-issue", "found", "", true}};
  subject.visits = {{"found", 1}, {"rectifying", 2}};
  subject.last = {{"report", {"p1", "office", at(1'790'000'000), "absent"}},
                  {"plan", {"p2", "bureau", at(1'790'000'001)}}};
  subject.pending = {
      {"7", "strike_off", {{"why", "done"}}, {{"photo", {photo}}}, "", "p1", "office", "chief", "", at(5)}};
  subject.veiled = {{3, "refer", "two", at(1'790'000'002)}};
  subject.last_transition = 6;
  subject.opened = at(1'790'000'000);
  subject.changed = at(1'790'000'700);
  subject.closed = at(1'790'000'600);
  return subject;
}

TEST_CASE("a case is read back as it was written, by canonical text") {
  for (auto const& subject : {full_case(), Case{}}) {
    auto const text = case_text(subject);
    CHECK(case_from_text(text) == subject);
    CHECK(canonical(Json::parse(text)) == text);
  }
}

TEST_CASE("text that is no case is read as none") {
  auto const whole = Json::parse(case_text(full_case()));
  for (auto const& [name, value] : whole.items()) {
    CAPTURE(name);
    bool const optional = name == "closed" || name == "pending" || name == "veiled";
    auto without = whole;
    without.erase(name);
    CHECK(case_from_text(canonical(without)).has_value() == optional);
    auto other = whole;
    other[name] = name == "fields" ? Json() : Json("1");
    if (!value.is_string() && name != "fields") CHECK_FALSE(case_from_text(canonical(other)));
  }
  auto const text = case_text(full_case());
  for (std::size_t length = 0; length < text.size(); ++length) {
    if (case_from_text(std::string_view(text).substr(0, length))) FAIL_CHECK("read after ", length, " bytes");
  }
  struct Altered {
    char const* pointer;
    Json value;
  };
  for (auto const& [pointer, value] : {Altered{"/deadlines/1/fixed", "2026-02-30"},
                                       {"/deadlines/1/pauses/0", Json::array({1})},
                                       {"/documents/photo/0", Json::array({"ab12", "a.jpg"})},
                                       {"/links/0/units", nullptr},
                                       {"/last/plan", Json::array({"p2", "bureau"})},
                                       {"/parties/responsible/0", Json::array({"bureau"})},
                                       {"/pending/0/at", "today"},
                                       {"/veiled/0", Json::array({3, "refer"})}}) {
    CAPTURE(pointer);
    auto altered = whole;
    altered[Json::json_pointer(pointer)] = value;
    CHECK_FALSE(case_from_text(canonical(altered)));
  }
}

TEST_CASE("stored JSON is read as nlohmann's parser reads it") {
  for (auto const* const text :
       {"null", "true", "[]", "{}", "\"a\\u00e9\\n\"", "0", "-1", "18446744073709551615", "-9223372036854775808", "0.1",
        "1e-7", "1.7976931348623157e308", R"({"a":[1,{"b":[[]]},"河"],"z":-0.0})", R"({"a":1,"a":2})", " [ 1 , 2 ] "}) {
    CAPTURE(text);
    auto const read = read_stored_json(text);
    REQUIRE(read);
    auto const expected = Json::parse(text);
    CHECK(*read == expected);
    CHECK(read->dump() == expected.dump());
    CHECK(read->type() == expected.type());
  }
  for (auto const* const text : {"", "{", "[1,]", "nul", "\"", "\"\x80\"", "{\"a\"}", "01", "1 2", "\"\n\""}) {
    CAPTURE(text);
    CHECK_FALSE(read_stored_json(text));
  }
}

TEST_CASE("JSON written as text is what canonical() makes of the value") {
  for (std::string const text : {"", "plain", "\"quoted\" \\ / \b\f\n\r\t\x1f\x7f", "河", "\xe6\xb2 cut", "\x80"}) {
    JsonText out;
    out.begin_array();
    out.begin_object();
    out.key(text);
    out.begin_array();
    out.value(text);
    out.value(false);
    out.value(nullptr);
    out.value(std::int64_t{-5});
    out.value(Json{{"a", 1}});
    out.begin_object();
    out.end_object();
    out.end_array();
    out.end_object();
    out.value("last");
    out.end_array();
    auto value = Json::array({Json::object(), "last"});
    value[0][text] = Json::array({text, false, nullptr, -5, {{"a", 1}}, Json::object()});
    CHECK(std::move(out).take() == canonical(value));
  }
}

}  // namespace
}  // namespace bihuan
