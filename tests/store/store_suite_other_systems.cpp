// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "engine/store/feeds.hpp"
#include "engine/store/webhooks.hpp"
#include "tests/store/builders.hpp"
#include "tests/store/store_suite.hpp"

namespace bihuan::test {
namespace {

void with_person(std::function<void(Store&)> const& body) {
  for (StoreKind const& kind : store_kinds()) {
    CAPTURE(kind.name);
    TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    for (auto const* const id : {"p1", "p2"}) {
      Person const person{
          .id = id, .name = id, .full_name = "某", .unit = "water", .roles = {"handler"}, .password_hash = "hash"};
      store->people().put_people(std::span(&person, 1));
    }
    body(*store);
  }
}

Instant moment(std::int64_t seconds) {
  return Instant(std::chrono::seconds(seconds));
}

Webhook hook(std::string const& id) {
  Webhook webhook{.id = id,
                  .person = "p1",
                  .url = "https://example.invalid/" + id,
                  .types = {"opened"},
                  .filter = {{"workflow", "w"}},
                  .created = moment(100)};
  webhook.told_up_to = 7;
  webhook.secrets.push_back({.id = id + "-1", .secret = "whsec_one", .made = moment(100)});
  return webhook;
}

}  // namespace

TEST_CASE("A feed is found by its token's hash, and only its person drops it") {
  with_person([](Store& store) {
    auto& feeds = store.feeds();
    feeds.put({.id = "f2", .token_hash = "h2", .person = "p1", .name = "b", .created = moment(20)});
    feeds.put({.id = "f1",
               .token_hash = "h1",
               .person = "p1",
               .name = "a",
               .filter = {{"workflow", "w"}, {"lang", "zh"}},
               .created = moment(10)});
    auto const found = feeds.find("h1");
    REQUIRE(found.has_value());
    CHECK(found->name == "a");
    CHECK(found->filter == Json{{"workflow", "w"}, {"lang", "zh"}});
    CHECK_FALSE(found->last_used.has_value());
    feeds.touch("f1", moment(30));
    CHECK(feeds.find("h1")->last_used == moment(30));
    REQUIRE(feeds.of_person("p1").size() == 2);
    CHECK(feeds.of_person("p1").front().id == "f1");
    CHECK(feeds.of_person("p2").empty());
    CHECK_FALSE(feeds.drop("p2", "f1"));
    CHECK(feeds.drop("p1", "f1"));
    CHECK_FALSE(feeds.find("h1").has_value());
  });
}

TEST_CASE("A webhook keeps how far it is, its secrets in their order, and what it gave up") {
  with_person([](Store& store) {
    auto& hooks = store.webhooks();
    hooks.put(hook("w1"));
    hooks.put(hook("w2"));
    auto found = hooks.find("w1");
    REQUIRE(found.has_value());
    CHECK(found->url == "https://example.invalid/w1");
    CHECK(found->types == std::vector<std::string>{"opened"});
    CHECK(found->told_up_to == 7);
    REQUIRE(found->secrets.size() == 1);
    CHECK(found->secrets.front().secret == "whsec_one");
    CHECK(hooks.active().size() == 2);
    hooks.set_active("w2", false);
    CHECK(hooks.active().size() == 1);
    CHECK(hooks.of_person("p1").size() == 2);

    hooks.rotate("w1", {.id = "w1-2", .secret = "whsec_two", .made = moment(200)}, moment(300), moment(200));
    found = hooks.find("w1");
    REQUIRE(found->secrets.size() == 2);
    CHECK(found->secrets.at(0).secret == "whsec_two");
    CHECK(found->secrets.at(1).retires == moment(300));
    hooks.rotate("w1", {.id = "w1-3", .secret = "whsec_three", .made = moment(400)}, moment(500), moment(400));
    CHECK(hooks.find("w1")->secrets.size() == 2);

    hooks.progress("w1", {.told_up_to = 7, .attempts = 2, .next_attempt = moment(50), .last_fault = "HTTP 500"},
                   std::nullopt);
    CHECK(hooks.find("w1")->attempts == 2);
    CHECK(hooks.find("w1")->next_attempt == moment(50));
    DeadLetter const letter{.id = "c.1",
                            .webhook = "w1",
                            .case_id = "c",
                            .revision = 1,
                            .attempts = 10,
                            .fault = "HTTP 500",
                            .at = moment(60)};
    hooks.progress("w1", {.told_up_to = 9}, letter);
    CHECK(hooks.find("w1")->told_up_to == 9);
    CHECK_FALSE(hooks.find("w1")->next_attempt.has_value());
    REQUIRE(hooks.dead_letters("w1", 10).size() == 1);
    CHECK(hooks.find_dead_letter("w1", "c.1")->fault == "HTTP 500");
    CHECK_FALSE(hooks.find_dead_letter("w2", "c.1").has_value());
    hooks.drop_dead_letter("w1", "c.1");
    CHECK(hooks.dead_letters("w1", 10).empty());
    CHECK_FALSE(hooks.drop("p2", "w1"));
    CHECK(hooks.drop("p1", "w1"));
    // What was on its way when it was dropped leaves nothing behind.
    hooks.progress("w1", {.told_up_to = 10}, letter);
    CHECK(hooks.dead_letters("w1", 10).empty());
  });
}

TEST_CASE("A row of a ledger becomes one case, and the append that brings it again is refused whole") {
  with_person([](Store& store) {
    auto append = of(Tale({.id = "case-1"}).open());
    append.imported = {{.source = "old", .key = "1", .case_id = "case-1"}};
    REQUIRE(store.cases().append(append).has_value());
    CHECK(store.cases().imported("old", "1") == "case-1");
    CHECK_FALSE(store.cases().imported("old", "2").has_value());
    CHECK_FALSE(store.cases().imported("other", "1").has_value());
    auto again = of(Tale({.id = "case-2"}).open());
    again.imported = {{.source = "old", .key = "2", .case_id = "case-2"},
                      {.source = "old", .key = "1", .case_id = "case-2"}};
    auto const refused = store.cases().append(again);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().front().code == Code::key_reused);
    CHECK_FALSE(store.cases().find("case-2", Visibility::of_everything()).has_value());
    CHECK_FALSE(store.cases().imported("old", "2").has_value());
  });
}

}  // namespace bihuan::test
