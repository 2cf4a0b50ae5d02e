// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <tuple>

#include "tests/store/builders.hpp"
#include "tests/store/store_suite.hpp"

// What lists, the worklist, the search and the summary give, and to whom.

namespace bihuan::test {
namespace {

using Ids = std::vector<std::string>;

// Now is day 10. water: "red" is overdue since day 5, "redder" since day 4, "yellow" warns, "green" does not,
// "grey" has no deadline, "closed" is final. police leads the referral, which is overdue and which only it
// and its readers see.
Json placed(double latitude, double longitude) {
  return {{"category", "water"}, {"place", {{"latitude", latitude}, {"longitude", longitude}}}};
}

void fill(Store& store) {
  auto const open = [&store](Story story, std::optional<std::int64_t> due) {
    Tale tale(std::move(story));
    must_append(store, of(tale.open(due)));
    return tale;
  };
  open({.id = "red", .title = "某企业雨水口污水外溢", .opened = 1, .fields = placed(29.4, 106.5)}, 5 * day);
  auto redder = open({.id = "redder", .title = "河道垃圾", .opened = 2}, 4 * day);
  must_append(store, of(redder.comment("看过", "p7")));
  must_append(store, of(redder.comment("又看过", "p7")));
  open({.id = "yellow", .person = "p9", .opened = 3, .fields = {{"category", "air"}}}, 10 * day + 60);
  auto green = open({.id = "green", .opener = "p2", .opened = 4}, 20 * day);
  must_append(store, of(green.ask("strike-off")));
  open({.id = "grey", .lead = "housing", .opened = 5, .fields = placed(29.401, 106.5)}, std::nullopt);
  auto closed = open({.id = "closed", .opened = 6, .fields = placed(29.5, 106.5)}, 3 * day);
  must_append(store, of(closed.stop("rectify")));
  must_append(store, of(closed.go("closed", true)));
  Tale referral({.id = "referral",
                 .workflow = "criminal-referral",
                 .lead = "police",
                 .title = "污染环境案",
                 .opened = 7,
                 .fields = placed(29.4, 106.51)});
  Change change = referral.open(2 * day);
  // No part for the supervision.
  change.after.parties.erase("coordinator");
  change.events[0].body["parties"].erase("coordinator");
  change.number_scope = "BN-YS-2026";
  must_append(store, of(std::move(change)));
}

Instant const now = at(10 * day);

Ids all_pages(Store& store, CaseQuery query, Visibility const& visibility) {
  Ids found;
  for (int pages = 0; pages < 100; ++pages) {
    auto const page = store.cases().list(query, visibility, now);
    REQUIRE(page.has_value());
    CHECK(page->items.size() <= query.limit);
    for (auto const& id : ids(*page)) {
      found.push_back(id);
    }
    if (page->next_cursor.empty()) {
      return found;
    }
    query.cursor = page->next_cursor;
  }
  FAIL("the pages do not end");
  return found;
}

struct Row {
  char const* what;
  CaseQuery query;
  Visibility visibility;
  Ids expected;
};

std::vector<Row> rows() {
  auto const reader = seen_by("leadership", {"inspection-issue"});
  auto const both = seen_by("police", {"inspection-issue"});
  auto const sort = [](CaseQuery::Sort by) { return CaseQuery{.sort = by}; };
  using enum CaseQuery::Sort;
  return {
      {"newest first", {}, everything(), {"referral", "closed", "grey", "green", "yellow", "redder", "red"}},
      {"oldest first",
       sort(opened_oldest),
       everything(),
       {"red", "redder", "yellow", "green", "grey", "closed", "referral"}},
      {"due soonest, without a deadline last",
       sort(due_soonest),
       everything(),
       {"referral", "redder", "red", "yellow", "green", "closed", "grey"}},
      {"changed newest",
       sort(changed_newest),
       everything(),
       {"closed", "referral", "grey", "green", "redder", "yellow", "red"}},
      {"a unit sees its own", {}, seen_by("water"), {"closed", "green", "yellow", "redder", "red"}},
      {"a stranger sees nothing", {}, seen_by("court"), {}},
      {"a reader sees a workflow", {}, reader, {"closed", "grey", "green", "yellow", "redder", "red"}},
      {"own parts and a readable workflow together",
       {},
       both,
       {"referral", "closed", "grey", "green", "yellow", "redder", "red"}},
      {"own parts within a readable workflow once",
       {},
       seen_by("water", {"inspection-issue"}),
       {"closed", "grey", "green", "yellow", "redder", "red"}},
      {"together by due", {.light = Light::red}, both, {"referral", "redder", "red"}},
      {"changed, to a unit", sort(changed_newest), seen_by("housing"), {"grey"}},
      {"overdue of everything", {.light = Light::red}, everything(), {"referral", "redder", "red"}},
      {"overdue that a unit sees", {.light = Light::red}, seen_by("supervision"), {"redder", "red"}},
      {"overdue of a unit", {.unit = "water", .light = Light::red}, reader, {"redder", "red"}},
      {"overdue of a unit whose cases are not mine to see",
       {.unit = "police", .light = Light::red},
       seen_by("water"),
       {}},
      {"overdue of a unit that owns no deadline", {.unit = "supervision", .light = Light::red}, everything(), {}},
      {"yellow", {.light = Light::yellow}, everything(), {"yellow"}},
      {"yellow of a unit", {.unit = "water", .light = Light::yellow}, everything(), {"yellow"}},
      {"green", {.light = Light::green}, everything(), {"green"}},
      {"green of a unit", {.unit = "water", .light = Light::green}, everything(), {"green"}},
      {"grey", {.light = Light::grey}, everything(), {"closed", "grey"}},
      {"grey of a unit", {.unit = "housing", .light = Light::grey}, everything(), {"grey"}},
      {"a unit's parts", {.unit = "housing"}, everything(), {"grey"}},
      {"a unit's parts, to another", {.unit = "water"}, seen_by("housing"), {}},
      {"a workflow", {.workflow = "criminal-referral"}, everything(), {"referral"}},
      {"a workflow that is not mine to read", {.workflow = "criminal-referral"}, reader, {}},
      {"a workflow, to a party of it", {.workflow = "criminal-referral"}, seen_by("police"), {"referral"}},
      {"states", {.states = {"closed", "nowhere"}}, everything(), {"closed"}},
      {"states of a workflow",
       {.workflow = "inspection-issue", .states = {"closed", "nowhere", "closed"}},
       reader,
       {"closed"}},
      {"states of a workflow, to a unit",
       {.workflow = "inspection-issue", .states = {"closed", "rectifying"}},
       seen_by("court"),
       {}},
      {"final", {.final = true}, everything(), {"closed"}},
      {"open", {.final = false, .sort = opened_oldest}, seen_by("water"), {"red", "redder", "yellow", "green"}},
      {"an opener", {.opener = "p2"}, everything(), {"green"}},
      {"an opener, to a stranger", {.opener = "p2"}, seen_by("court"), {}},
      {"due before", {.due_before = at(5 * day)}, everything(), {"referral", "redder"}},
      {"opened from and to, both counted",
       {.opened_from = at(3), .opened_to = at(5)},
       everything(),
       {"grey", "green", "yellow"}},
      {"words", {.text = "污水"}, everything(), {"closed", "grey", "green", "yellow", "red"}},
      {"words, to a unit", {.text = "污水"}, seen_by("housing"), {"grey"}},
      {"words of a hidden case", {.text = "污染环境"}, seen_by("water"), {}},
      {"words of an overdue case", {.light = Light::red, .text = "污水"}, everything(), {"red"}},
      {"words of a unit's overdue case",
       {.unit = "water", .light = Light::red, .text = "河道"},
       everything(),
       {"redder"}},
      {"acted in", {.handler = "p1"}, everything(), {"referral", "closed", "grey", "yellow", "redder", "red"}},
      {"acted in by a word only", {.handler = "p7"}, everything(), {"redder"}},
      {"acted in, of what may be seen", {.handler = "p1"}, seen_by("housing"), {"grey"}},
      {"acted in, soonest due first",
       {.handler = "p1", .sort = due_soonest},
       seen_by("water"),
       {"redder", "red", "yellow", "closed"}},
      {"acted in and overdue", {.handler = "p1", .light = Light::red}, everything(), {"referral", "redder", "red"}},
      {"acted in, by words", {.handler = "p7", .text = "河道"}, everything(), {"redder"}},
      {"acted in by nobody", {.handler = "p0"}, everything(), {}},
      {"closed, newest first", {.sort = closed_newest}, everything(), {"closed"}},
      {"closed, to a stranger", {.sort = closed_newest}, seen_by("court"), {}},
      {"closed from and to, both counted",
       {.closed_from = at(8), .closed_to = at(8), .sort = closed_newest},
       everything(),
       {"closed"}},
      {"closed later", {.closed_from = at(9)}, everything(), {}},
      {"closed earlier", {.closed_to = at(7)}, everything(), {}},
      {"waiting for a second person", {.pending = true}, everything(), {"green"}},
      {"waiting for a second person, unseen", {.pending = true}, seen_by("housing"), {}},
      {"waiting, soonest due first", {.pending = true, .sort = due_soonest}, seen_by("water"), {"green"}},
      {"nearest first", {.near = Circle{29.4, 106.5, 20'000}}, everything(), {"red", "grey", "referral", "closed"}},
      {"nearest first, from elsewhere",
       {.near = Circle{29.402, 106.5, 20'000}},
       everything(),
       {"grey", "red", "referral", "closed"}},
      // 111.2 m to the north, 968.8 m to the east.
      {"within 111 m", {.near = Circle{29.4, 106.5, 111}}, everything(), {"red"}},
      {"within 112 m", {.near = Circle{29.4, 106.5, 112}}, everything(), {"red", "grey"}},
      {"within 968 m", {.near = Circle{29.4, 106.5, 968}}, everything(), {"red", "grey"}},
      {"within 969 m", {.near = Circle{29.4, 106.5, 969}}, everything(), {"red", "grey", "referral"}},
      {"near, of what may be seen", {.near = Circle{29.4, 106.5, 20'000}}, seen_by("housing"), {"grey"}},
      {"near and overdue",
       {.light = Light::red, .near = Circle{29.402, 106.5, 20'000}},
       everything(),
       {"red", "referral"}},
      {"near and open, of a workflow",
       {.workflow = "inspection-issue", .final = false, .near = Circle{29.4, 106.5, 20'000}},
       everything(),
       {"red", "grey"}},
      {"near, by words", {.text = "企业", .near = Circle{29.4, 106.5, 20'000}}, seen_by("water"), {"red", "closed"}},
      {"near, of a unit", {.unit = "housing", .near = Circle{29.4, 106.5, 20'000}}, everything(), {"grey"}},
      {"near where nothing is", {.near = Circle{-29.4, 106.5, 20'000}}, everything(), {}},
      {"has been in a state",
       {.reached = {"found"}, .sort = opened_oldest},
       everything(),
       {"red", "redder", "yellow", "green", "grey", "closed", "referral"}},
      {"has been in a state and in another", {.reached = {"closed"}}, everything(), {"closed"}},
      {"has been in one of them, of a workflow",
       {.workflow = "criminal-referral", .reached = {"found", "closed"}},
       everything(),
       {"referral"}},
      {"has been in one, of a workflow",
       {.workflow = "inspection-issue", .reached = {"found"}},
       reader,
       {"closed", "grey", "green", "yellow", "redder", "red"}},
      {"has been in one, of a unit's own",
       {.workflow = "inspection-issue", .reached = {"found"}},
       seen_by("housing"),
       {"grey"}},
      {"has been in one, and is final",
       {.workflow = "inspection-issue", .reached = {"found"}, .final = true},
       everything(),
       {"closed"}},
      {"has been nowhere", {.reached = {"nowhere"}}, everything(), {}},
      {"only punctuation", {.text = "，\"*"}, everything(), {}},
  };
}

}  // namespace

TEST_CASE("Each list holds what was asked for and may be seen, in order, however it is paged") {
  for (StoreKind const& kind : store_kinds()) {
    TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    fill(*store);
    for (Row& row : rows()) {
      CAPTURE(row.what);
      for (std::size_t const limit : {1U, 2U, 50U}) {
        CAPTURE(limit);
        row.query.limit = limit;
        CHECK(all_pages(*store, row.query, row.visibility) == row.expected);
      }
    }
  }
}

TEST_CASE("A cursor of another query, or of nobody, is refused") {
  for (StoreKind const& kind : store_kinds()) {
    TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    fill(*store);
    auto const first = store->cases().list({.limit = 1}, everything(), now);
    REQUIRE(first.has_value());
    REQUIRE_FALSE(first->next_cursor.empty());
    for (CaseQuery const& query :
         {CaseQuery{.workflow = "inspection-issue", .cursor = first->next_cursor}, CaseQuery{.cursor = "nonsense"},
          CaseQuery{.cursor = "!"}, CaseQuery{.cursor = first->next_cursor.substr(0, 18)}}) {
      auto const page = store->cases().list(query, everything(), now);
      REQUIRE_FALSE(page.has_value());
      CHECK(page.error().front().code == Code::bad_format);
    }
    CHECK_FALSE(store->cases().worklist("water", "", 5, first->next_cursor).has_value());
    CHECK(store->cases().list({.limit = 9, .cursor = first->next_cursor}, everything(), now)->items.size() == 6);
  }
}

TEST_CASE(
    "The worklist holds the open cases whose step is the unit's, soonest due first, without another "
    "person's") {
  for (StoreKind const& kind : store_kinds()) {
    TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    fill(*store);
    auto const worklist = [&store](std::string const& unit, std::string const& person) {
      Ids found;
      std::string cursor;
      do {
        auto const page = store->cases().worklist(unit, person, 2, cursor);
        REQUIRE(page.has_value());
        for (auto const& id : ids(*page)) {
          found.push_back(id);
        }
        cursor = page->next_cursor;
      } while (!cursor.empty());
      return found;
    };
    CHECK(worklist("water", "") == Ids{"redder", "red", "yellow", "green"});
    CHECK(worklist("water", "p9") == Ids{"redder", "red", "yellow", "green"});
    CHECK(worklist("water", "p8") == Ids{"redder", "red", "green"});
    CHECK(worklist("supervision", "").empty());
    CHECK(store->cases().count_worklist("water", "") == 4);
    CHECK(store->cases().count_worklist("water", "p8") == 3);
    CHECK(store->cases().count_worklist("supervision", "") == 0);

    Tale tale({.id = "red"});
    tale.go_on_from(*store->cases().find("red", everything()));
    must_append(*store, of(tale.give_part("lead", {{"water", "p8"}, {"water", "p9"}, {"housing", ""}})));
    CHECK(worklist("water", "") == Ids{"redder", "red", "yellow", "green"});
    CHECK(worklist("housing", "p5") == Ids{"red", "grey"});
  }
}

TEST_CASE("A case that is not mine to see is not found") {
  for (StoreKind const& kind : store_kinds()) {
    TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    fill(*store);
    CHECK(store->cases().find("referral", seen_by("police")).has_value());
    CHECK(store->cases().find("referral", seen_by("x", {"criminal-referral"})).has_value());
    CHECK_FALSE(store->cases().find("referral", seen_by("water", {"inspection-issue"})).has_value());
    CHECK_FALSE(store->cases().find("nothing", everything()).has_value());
  }
}

TEST_CASE("A part given later makes a case visible, and a part taken away hides it") {
  for (StoreKind const& kind : store_kinds()) {
    TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    Tale tale({.id = "a"});
    must_append(*store, of(tale.open(day)));
    must_append(*store, of(tale.give_part("supporting", {{"housing", ""}})));
    CHECK(all_pages(*store, {.light = Light::red}, seen_by("housing")) == Ids{"a"});
    must_append(*store, of(tale.give_part("supporting", {})));
    CHECK(all_pages(*store, {}, seen_by("housing")).empty());
  }
}

TEST_CASE("The summary counts what may be seen, by unit, state, workflow and category") {
  for (StoreKind const& kind : store_kinds()) {
    TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    fill(*store);
    auto const text = [&](SummaryBy by, Visibility const& visibility, std::optional<std::string> const& workflow) {
      std::string lines;
      for (SummaryRow const& row : store->cases().summary(by, workflow, visibility, now)) {
        lines += row.key;
        for (auto const count : {row.open, row.closed, row.red, row.yellow, row.green, row.grey}) {
          lines += " " + std::to_string(count);
        }
        lines += "\n";
      }
      return lines;
    };
    CHECK(text(SummaryBy::state, everything(), std::nullopt) == "closed 0 1 0 0 0 0\nfound 6 0 3 1 1 1\n");
    CHECK(text(SummaryBy::workflow, everything(), std::nullopt) ==
          "criminal-referral 1 0 1 0 0 0\ninspection-issue 5 1 2 1 1 1\n");
    CHECK(text(SummaryBy::category, everything(), "inspection-issue") == "air 1 0 0 1 0 0\nwater 4 1 2 0 1 1\n");
    CHECK(text(SummaryBy::unit, everything(), std::nullopt) ==
          "housing 1 0 0 0 0 1\npolice 1 0 1 0 0 0\nsupervision 5 1 0 0 0 5\nwater 4 1 2 1 1 0\n");
    CHECK(text(SummaryBy::workflow, seen_by("housing"), std::nullopt) == "inspection-issue 1 0 0 0 0 1\n");
  }
}

TEST_CASE("What came and went in each span is counted of what may be seen") {
  for (StoreKind const& kind : store_kinds()) {
    TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    fill(*store);
    auto const text = [&](Visibility const& visibility, std::optional<std::string> const& workflow) {
      std::string lines;
      for (Flow const& flow : store->cases().flow({at(1), at(4), at(7), at(9)}, workflow, visibility)) {
        lines += std::to_string(flow.opened) + " " + std::to_string(flow.closed) + " " +
                 std::to_string(flow.opened_and_closed) + "\n";
      }
      return lines;
    };
    CHECK(text(everything(), std::nullopt) == "3 0 0\n3 0 1\n1 1 0\n");
    CHECK(text(everything(), "inspection-issue") == "3 0 0\n3 0 1\n0 1 0\n");
    CHECK(text(seen_by("housing"), std::nullopt) == "0 0 0\n1 0 0\n0 0 0\n");
    CHECK(store->cases().flow({at(1)}, std::nullopt, everything()).empty());
  }
}

TEST_CASE("How far cases have come is counted once for each state they were in, of what may be seen") {
  for (StoreKind const& kind : store_kinds()) {
    TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    fill(*store);
    Tale back({.id = "back", .opened = 8});
    must_append(*store, of(back.open()));
    must_append(*store, of(back.go("rectifying")));
    must_append(*store, of(back.go("found")));
    must_append(*store, of(back.go("rectifying")));
    must_append(*store, of(back.give_part("supporting", {{"water", ""}})));
    auto const text = [&](std::string const& workflow, Visibility const& visibility) {
      std::string lines;
      for (auto const& [state, cases] :
           store->cases().reached(workflow, {"found", "rectifying", "closed", "nowhere"}, visibility)) {
        lines += state + " " + std::to_string(cases) + "\n";
      }
      return lines;
    };
    CHECK(text("inspection-issue", everything()) == "closed 1\nfound 7\nrectifying 1\n");
    CHECK(text("inspection-issue", seen_by("water")) == "closed 1\nfound 6\nrectifying 1\n");
    CHECK(text("inspection-issue", seen_by("housing", {"criminal-referral"})) == "found 1\n");
    CHECK(text("criminal-referral", everything()) == "found 1\n");
    CHECK(text("criminal-referral", seen_by("water", {"inspection-issue"})).empty());
    CHECK(store->cases().reached("inspection-issue", {}, everything()).empty());
  }
}

TEST_CASE("A case is near where its place is now") {
  for (StoreKind const& kind : store_kinds()) {
    TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    Tale tale({.id = "a", .fields = placed(29.4, 106.5)});
    must_append(*store, of(tale.open()));
    auto const near = [&](double latitude) {
      return all_pages(*store, {.near = Circle{latitude, 106.5, 100}}, everything());
    };
    CHECK(near(29.4) == Ids{"a"});
    must_append(*store, of(tale.correct(placed(29.5, 106.5))));
    CHECK(near(29.4).empty());
    CHECK(near(29.5) == Ids{"a"});
    must_append(*store, of(tale.correct({{"place", {{"name", "某处"}}}})));
    CHECK(near(29.5).empty());
    CHECK(store->cases().verify_rows().empty());
  }
}

TEST_CASE("Changes are told in order, from where somebody stopped, to who may see their case") {
  for (StoreKind const& kind : store_kinds()) {
    TemporaryDirectory const directory;
    auto store = kind.open(directory.path());
    int told = 0;
    store->cases().when_appended([&told] { ++told; });
    fill(*store);
    CHECK(told == 12);
    auto const text = [&](std::int64_t after, Visibility const& visibility) {
      std::string lines;
      for (CaseChange const& change : store->cases().changes_after(after, visibility).items) {
        lines += change.case_id + " " + std::to_string(change.revision) + " " + change.state + "\n";
      }
      return lines;
    };
    CHECK(text(0, seen_by("housing")) == "grey 1 found\n");
    CHECK(text(0, seen_by("police")) == "referral 1 found\n");
    CHECK(text(0, seen_by("court")).empty());
    // What a case is, is told as it is now.
    CHECK(text(0, seen_by("water")) ==
          "red 1 found\nredder 1 found\nredder 2 found\nredder 3 found\nyellow 1 found\ngreen 1 found\n"
          "green 2 found\nclosed 1 closed\nclosed 2 closed\nclosed 3 closed\n");
    auto const place = store->cases().find_change("closed", 2, seen_by("water"));
    REQUIRE(place.has_value());
    CHECK(text(*place, seen_by("water")) == "closed 3 closed\n");
    CHECK(text(*place, everything()) == "closed 3 closed\nreferral 1 found\n");
    CHECK(text(store->cases().last_change(), everything()).empty());
    CHECK(store->cases().changes_after(0, seen_by("court")).up_to == store->cases().last_change());
    for (auto const& [id, revision, visibility] :
         {std::tuple{"closed", 4, everything()}, std::tuple{"closed", 2, seen_by("housing")},
          std::tuple{"nothing", 1, everything()}}) {
      CHECK_FALSE(store->cases().find_change(id, revision, visibility).has_value());
    }
    store->cases().when_appended({});
    Tale more({.id = "more"});
    must_append(*store, of(more.open()));
    CHECK(told == 12);
    // A later life of the store goes on in the same order.
    store.reset();
    store = kind.open(directory.path());
    CHECK(text(*place, seen_by("water")) == "closed 3 closed\nmore 1 found\n");
  }
}

TEST_CASE("What not everybody may know of moves no case up, and changes say where there is such a thing") {
  for (StoreKind const& kind : store_kinds()) {
    TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    Tale linked({.id = "linked", .opened = 0, .fields = {{"category", "water"}, {"note", R"("veiled":[1])"}}});
    Tale other({.id = "other", .opened = 1, .fields = {{"category", "air"}, {"note", R"("veiled":[1])"}}});
    must_append(*store, of(linked.open()));
    must_append(*store, of(other.open()));
    must_append(*store, of(linked.link("x")));
    must_append(*store, of(linked.link("y")));
    CaseQuery const newest{.sort = CaseQuery::Sort::changed_newest};
    CHECK(all_pages(*store, newest, everything()) == Ids{"other", "linked"});
    auto expected = linked.subject();
    expected.number = "BN-WT-2026-000001";
    CHECK(*store->cases().find("linked", everything()) == expected);
    CHECK(store->cases().find("linked", everything())->veiled.size() == 2);
    for (auto const& change : store->cases().changes_after(0, everything()).items)
      CHECK(change.veiled == (change.case_id == "linked"));
    must_append(*store, of(linked.comment("")));
    CHECK(all_pages(*store, newest, everything()) == Ids{"linked", "other"});
    CHECK(store->cases().verify_rows().empty());
  }
}

TEST_CASE("Of several deadlines of a case the reddest gives the light") {
  for (StoreKind const& kind : store_kinds()) {
    TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    Tale tale({.id = "a"});
    // Due first, but its warning has not come; due later, and warned since long.
    must_append(*store, of(tale.open(12 * day, day)));
    must_append(*store, of(tale.start("report", 30 * day, 25 * day)));
    CHECK(all_pages(*store, {.light = Light::yellow}, everything()) == Ids{"a"});
    CHECK(all_pages(*store, {.unit = "water", .light = Light::yellow}, everything()) == Ids{"a"});
    must_append(*store, of(tale.stop("report")));
    CHECK(all_pages(*store, {.unit = "water", .light = Light::yellow}, everything()).empty());
    CHECK(all_pages(*store, {.unit = "water", .light = Light::green}, everything()) == Ids{"a"});
    CHECK(light_of(*store->cases().find("a", everything()), now) == Light::green);
  }
}

}  // namespace bihuan::test
