// SPDX-License-Identifier: Apache-2.0
#include "tests/store/store_suite.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>

#include "engine/store/chain.hpp"
#include "engine/store/postgres/postgres_store.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/verify.hpp"
#include "tests/store/builders.hpp"
#include "tests/support/postgres_server.hpp"

namespace bihuan::test {

namespace {

std::unique_ptr<Store> open_sqlite(std::filesystem::path const& directory) {
  auto store = open_sqlite_store(directory, {.durable = false});
  REQUIRE(store.has_value());
  return std::move(*store);
}

std::unique_ptr<Store> open_postgres(std::filesystem::path const& directory) {
  auto const address = PostgresServer::shared().database(directory.filename().string());
  auto store = open_postgres_store(address, {.key_file = directory / "secret.key", .durable = false});
  REQUIRE(store.has_value());
  return std::move(*store);
}

}  // namespace

std::vector<StoreKind> const& store_kinds() {
  static std::vector<StoreKind> const kinds{{"sqlite", open_sqlite}, {"postgres", open_postgres}};
  return kinds;
}

namespace {

void with_each_store(std::function<void(Store&)> const& body) {
  for (StoreKind const& kind : store_kinds()) {
    CAPTURE(kind.name);
    TemporaryDirectory const directory;
    auto const store = kind.open(directory.path());
    body(*store);
  }
}

Code refusal_code(Result<Appended> const& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().front().code;
}

void check_sound(Store& store) {
  auto const verified = verify(store.cases());
  for (VerifyFault const& fault : verified.faults) {
    FAIL_CHECK(fault.case_id << ": " << fault.what);
  }
}

}  // namespace

TEST_CASE("An opened case is found as it was decided, with the number it was given") {
  with_each_store([](Store& store) {
    Tale tale({.id = "a"});
    auto const appended = must_append(store, of(tale.open(day)));
    CHECK(appended.numbers == std::vector<std::string>{"BN-WT-2026-000001"});
    auto expected = tale.subject();
    expected.number = "BN-WT-2026-000001";
    auto const found = store.cases().find("a", everything());
    REQUIRE(found.has_value());
    CHECK(*found == expected);
    auto const history = store.cases().history("a");
    REQUIRE(history.size() == 2);
    CHECK(history.front().body.at("number") == "BN-WT-2026-000001");
    CHECK(history.front().previous.empty());
    CHECK(history[1].previous == history[0].hash);
    CHECK_FALSE(broken_link(history).has_value());
    check_sound(store);
  });
}

TEST_CASE("Every kind of change is kept as it was decided, over a restart as well") {
  for (StoreKind const& kind : store_kinds()) {
    TemporaryDirectory const directory;
    Tale tale({.id = "a"});
    {
      auto const store = kind.open(directory.path());
      must_append(*store, of(tale.open(3 * day)));
      must_append(*store, of(tale.start("report", 2 * day)));
      must_append(*store, of(tale.give_part("supporting", {{"housing", ""}, {"water", ""}, {"water", "p9"}})));
      must_append(*store, of(tale.attach("ff00")));
      must_append(*store, of(tale.attach("ff00")));
      must_append(*store, of(tale.link("b")));
      must_append(*store, of(tale.stop("report")));
      must_append(*store, of(tale.retitle("另一个标题")));
      must_append(*store, of(tale.go("rectifying")));
      must_append(*store, of(tale.stop("rectify")));
      must_append(*store, of(tale.go("closed", true)));
    }
    auto const store = kind.open(directory.path());
    auto expected = tale.subject();
    expected.number = "BN-WT-2026-000001";
    CHECK(store->cases().find("a", everything()) == expected);
    CHECK(store->cases().history("a").size() == 12);
    check_sound(*store);
  }
}

TEST_CASE("A change on a revision that has moved is refused and leaves everything as it was") {
  with_each_store([](Store& store) {
    Tale tale({.id = "a"});
    must_append(store, of(tale.open()));
    Tale other = tale;
    must_append(store, of(tale.comment("one")));
    CHECK(refusal_code(store.cases().append(of(other.comment("two")))) == Code::conflict);
    CHECK(store.cases().find("a", everything())->revision == 2);
    CHECK(store.cases().history("a").size() == 2);
  });
}

TEST_CASE("A case is opened once, and never changed before it is opened") {
  with_each_store([](Store& store) {
    Tale tale({.id = "a"});
    Tale unopened = tale;
    Tale again = tale;
    must_append(store, of(tale.open()));
    CHECK(refusal_code(store.cases().append(of(again.open()))) == Code::conflict);
    unopened = Tale({.id = "b"});
    (void)unopened.open();
    CHECK(refusal_code(store.cases().append(of(unopened.comment("early")))) == Code::conflict);
  });
}

TEST_CASE("The changes of one append are all made or none, and a failed opening uses up no number") {
  with_each_store([](Store& store) {
    Tale first({.id = "a"});
    must_append(store, of(first.open()));
    Tale stale = first;
    must_append(store, of(first.comment("moved")));
    Tale opened({.id = "b"});
    Append both = of(opened.open());
    both.changes.push_back(stale.link("b"));
    CHECK(refusal_code(store.cases().append(std::move(both))) == Code::conflict);
    CHECK_FALSE(store.cases().find("b", everything()).has_value());

    Tale third({.id = "c"});
    CHECK(must_append(store, of(third.open())).numbers.front() == "BN-WT-2026-000002");
  });
}

TEST_CASE("Many appends in a row are all made or none, and show nothing until they are") {
  with_each_store([](Store& store) {
    Tale moved({.id = "moved"});
    must_append(store, of(moved.open()));
    Tale stale = moved;
    must_append(store, of(moved.comment("moved")));
    std::vector<Append> const first{of(Tale({.id = "a"}).open()), of(Tale({.id = "b"}).open()),
                                    of(Tale({.id = "c"}).open())};
    auto const in_a_row = [&](std::vector<Append> appends) {
      return store.cases().append_all([&store, appends]() -> Appends {
        return [&store, appends, next = std::size_t{0}]() mutable -> Result<std::optional<Append>> {
          CHECK_FALSE(store.cases().find("a", everything()).has_value());
          return next < appends.size() ? std::optional(appends[next++]) : std::nullopt;
        };
      });
    };
    auto undone = first;
    undone.push_back(of(stale.comment("late")));
    auto const refused = in_a_row(undone);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().front().code == Code::conflict);
    CHECK_FALSE(store.cases().find("a", everything()).has_value());
    CHECK(in_a_row(first).has_value());
    CHECK(store.cases().find("c", everything())->number == "BN-WT-2026-000004");
    check_sound(store);
  });
}

TEST_CASE("One append may open a case and change it again, and another with it") {
  with_each_store([](Store& store) {
    Tale main({.id = "a"});
    must_append(store, of(main.open()));
    Tale opened({.id = "b", .workflow = "criminal-referral"});
    Append append = of(main.link("b"));
    append.changes.push_back(opened.open());
    append.changes.push_back(opened.link("a"));
    append.changes.push_back(main.comment("referred"));
    auto const numbers = must_append(store, std::move(append)).numbers;
    CHECK(numbers ==
          std::vector<std::string>{"BN-WT-2026-000001", "BN-WT-2026-000002", "BN-WT-2026-000002", "BN-WT-2026-000001"});
    CHECK(store.cases().find("a", everything())->revision == 3);
    CHECK(store.cases().find("b", everything())->revision == 2);
    check_sound(store);
  });
}

TEST_CASE("A key is remembered with what its request did, and used once") {
  with_each_store([](Store& store) {
    Tale tale({.id = "a"});
    CHECK_FALSE(store.cases().remembered("p1", "k").has_value());
    Append append = of(tale.open());
    append.key = IdempotencyKey{"p1", "k", "hash-1"};
    append.at = at(7);
    Append repeated = append;
    must_append(store, std::move(append));
    auto const remembered = store.cases().remembered("p1", "k");
    REQUIRE(remembered.has_value());
    CHECK(remembered->request_hash == "hash-1");
    CHECK(remembered->case_id == "a");
    CHECK(remembered->revision == 1);
    CHECK(remembered->at == at(7));
    CHECK_FALSE(store.cases().remembered("p2", "k").has_value());

    // The repeat of the very request, and another request under the same key.
    CHECK(refusal_code(store.cases().append(std::move(repeated))) == Code::key_reused);
    Append other = of(Tale(tale).comment("other"));
    other.key = IdempotencyKey{"p1", "k", "hash-2"};
    CHECK(refusal_code(store.cases().append(std::move(other))) == Code::key_reused);
    CHECK(store.cases().find("a", everything())->revision == 1);
  });
}

TEST_CASE("A refused append does not remember its key") {
  with_each_store([](Store& store) {
    Tale tale({.id = "a"});
    must_append(store, of(tale.open()));
    Tale stale = tale;
    must_append(store, of(tale.comment("moved")));
    Append append = of(stale.comment("late"));
    append.key = IdempotencyKey{"p1", "k", "h"};
    CHECK(refusal_code(store.cases().append(std::move(append))) == Code::conflict);
    CHECK_FALSE(store.cases().remembered("p1", "k").has_value());
  });
}

TEST_CASE("Sixteen threads on eight cases lose nothing and leave no gap") {
  with_each_store([](Store& store) {
    constexpr int threads = 16;
    constexpr int appends = 200;
    constexpr int cases = 8;
    for (int number = 0; number < cases; ++number) {
      Tale tale({.id = "case-" + std::to_string(number)});
      must_append(store, of(tale.open()));
    }
    std::atomic<int> faults{0};
    {
      std::vector<std::jthread> workers;
      for (int worker = 0; worker < threads; ++worker) {
        workers.emplace_back([&store, &faults, worker] {
          for (int done = 0; done < appends; ++done) {
            std::string const id = "case-" + std::to_string((worker + done) % cases);
            std::string const text = std::to_string(worker) + "/" + std::to_string(done);
            for (;;) {
              Tale tale({.id = id});
              tale.go_on_from(*store.cases().find(id, everything()));
              auto const appended = store.cases().append(of(tale.comment(text)));
              if (appended) {
                break;
              }
              if (appended.error().front().code != Code::conflict) {
                ++faults;
              }
            }
          }
        });
      }
    }
    CHECK(faults == 0);
    std::set<std::string> texts;
    std::int64_t revisions = 0;
    for (int number = 0; number < cases; ++number) {
      std::string const id = "case-" + std::to_string(number);
      revisions += store.cases().find(id, everything())->revision - 1;
      for (Event const& event : store.cases().history(id)) {
        if (event.type == EventType::commented) {
          texts.insert(event.body.at("text").get<std::string>());
        }
      }
    }
    CHECK(texts.size() == threads * appends);
    CHECK(revisions == threads * appends);
    check_sound(store);
  });
}

TEST_CASE("Numbers given to many at once leave no gap, whatever fails in between") {
  with_each_store([](Store& store) {
    constexpr int threads = 8;
    constexpr int openings = 25;
    Tale taken({.id = "taken"});
    must_append(store, of(taken.open()));
    std::atomic<int> linked{0};
    std::atomic<int> lost{0};
    {
      std::vector<std::jthread> workers;
      for (int worker = 0; worker < threads; ++worker) {
        workers.emplace_back([&store, &linked, &lost, worker] {
          for (int done = 0; done < openings; ++done) {
            Tale tale({.id = std::to_string(worker) + "-" + std::to_string(done)});
            if (!store.cases().append(of(tale.open()))) {
              ++lost;
            }
            // All want the same case as well: who comes second is refused after a number was given.
            Tale contested({.id = "taken"});
            contested.go_on_from(*store.cases().find("taken", everything()));
            Tale doomed({.id = "x" + std::to_string(worker) + "-" + std::to_string(done)});
            Append append = of(doomed.open());
            append.changes.push_back(contested.link("x"));
            if (store.cases().append(std::move(append))) {
              ++linked;
            }
          }
        });
      }
    }
    auto const verified = verify(store.cases());
    CHECK(verified.faults.empty());
    CHECK(lost == 0);
    CHECK(verified.cases == 1 + threads * openings + linked);
    CHECK(store.cases().find("taken", everything())->revision == 1 + linked);
  });
}

TEST_CASE("The wakeups that have come are told soonest first") {
  with_each_store([](Store& store) {
    CHECK_FALSE(store.cases().next_wakeup().has_value());
    std::vector<Tale> tales;
    for (auto const& [id, due] :
         std::vector<std::pair<std::string, std::int64_t>>{{"a", 5 * day}, {"b", 3 * day}, {"c", 9 * day}}) {
      tales.push_back(Tale({.id = id}));
      must_append(store, of(tales.back().open(due)));
    }
    CHECK(store.cases().next_wakeup() == at(2 * day));
    CHECK(store.cases().due_for_wakeup(at(4 * day), 10) == std::vector<std::string>{"b", "a"});
    CHECK(store.cases().due_for_wakeup(at(4 * day), 1) == std::vector<std::string>{"b"});
    must_append(store, of(tales[1].stop("rectify")));
    CHECK(store.cases().next_wakeup() == at(4 * day));
  });
}

TEST_CASE("The cases of a workflow version are counted") {
  with_each_store([](Store& store) {
    Tale tale({.id = "a"});
    must_append(store, of(tale.open()));
    CHECK(store.cases().count_of_version("inspection-issue", "1") == 1);
    CHECK(store.cases().count_of_version("inspection-issue", "2") == 0);
    auto const open = store.cases().open_in_states(std::nullopt);
    REQUIRE(open.size() == 1);
    CHECK(open.front().workflow == "inspection-issue");
    CHECK(open.front().version == "1");
    CHECK(open.front().cases == 1);
    CHECK(store.cases().open_in_states("other").empty());
    CaseQuery query;
    query.but_version = "2";
    CHECK(store.cases().list(query, Visibility::of_everything(), at(day))->items.size() == 1);
    query.but_version = "1";
    CHECK(store.cases().list(query, Visibility::of_everything(), at(day))->items.empty());
  });
}

TEST_CASE("Definitions are kept as written, the last under the same id and version") {
  with_each_store([](Store& store) {
    store.definitions().put({"b", "1", "h1", "{}"});
    store.definitions().put({"a", "1", "h2", "{ }"});
    store.definitions().put({"b", "1", "h3", "{\"x\": 1}"});
    auto const all = store.definitions().all();
    REQUIRE(all.size() == 2);
    CHECK(all[0].id == "a");
    CHECK(all[1].hash == "h3");
    CHECK(all[1].text == "{\"x\": 1}");
  });
}

TEST_CASE("People and their sessions are kept, replaced and dropped") {
  with_each_store([](Store& store) {
    std::vector<Person> people{{"p1", "li", "李某", "water", {"handler", "inspector"}, "hash", true},
                               {"p2", "wang", "王某", "housing", {}, "hash2", false}};
    store.people().put_people(people);
    people[0].unit = "housing";
    store.people().put_people(people);
    auto const found = store.people().find_by_name("li");
    REQUIRE(found.has_value());
    CHECK(found->id == "p1");
    CHECK(found->unit == "housing");
    CHECK(found->roles == std::vector<std::string>{"handler", "inspector"});
    CHECK(store.people().find_person("p2")->active == false);
    CHECK_FALSE(store.people().find_by_name("nobody").has_value());
    CHECK(store.people().list_people().size() == 2);

    store.people().put_session({"t1", "p1", at(0), at(60)});
    CHECK(store.people().find_session("t1")->session.expires == at(60));
    store.people().put_session({"t2", "p2", at(61), at(90)});
    CHECK_FALSE(store.people().find_session("t1").has_value());
    store.people().drop_session("t2");
    CHECK_FALSE(store.people().find_session("t2").has_value());
  });
}

TEST_CASE("Units are kept as they were changed, each on the revision that was seen") {
  with_each_store([](Store& store) {
    CHECK(store.units().all().empty());
    OrganisationUnit unit{.id = "park", .title = {"园区", "Park"}, .kind = "administrative", .parent = "district"};
    CHECK(store.units().put(unit, 0)->revision == 1);
    CHECK(store.units().put(unit, 0).error().front().code == Code::conflict);
    unit.dissolved = true;
    CHECK(store.units().put(unit, 1)->revision == 2);
    CHECK(store.units().put(unit, 1).error().front().code == Code::conflict);
    auto const kept = store.units().all();
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].revision == 2);
    CHECK(kept[0].unit.title.zh == "园区");
    CHECK(kept[0].unit.parent == "district");
    CHECK(kept[0].unit.dissolved);
  });
}

TEST_CASE("Attachments come back byte for byte from any offset, and the same bytes are one attachment") {
  with_each_store([](Store& store) {
    std::string bytes;
    for (int number = 0; bytes.size() < 700'000; ++number) {
      bytes += std::to_string(number) + "\n";
    }
    auto const source_of = [](std::string const& text, std::size_t step) {
      return [&text, step, done = std::size_t{0}](std::span<char> into) mutable {
        auto const part = std::string_view(text).substr(done, std::min(step, into.size()));
        std::copy(part.begin(), part.end(), into.begin());
        done += part.size();
        return part.size();
      };
    };
    auto const put = store.attachments().put("现场.jpg", "image/jpeg", "p1", source_of(bytes, 10'007));
    CHECK(put.sha256 == hash_of(bytes));
    CHECK(put.size == static_cast<std::int64_t>(bytes.size()));
    CHECK(store.attachments().put("b.bin", "application/pdf", "p2", source_of(bytes, 1'000'000)).sha256 == put.sha256);
    CHECK(store.attachments().find_upload(put.sha256, "p1")->name == "现场.jpg");
    CHECK(store.attachments().find_upload(put.sha256, "p2")->type == "application/pdf");
    CHECK_FALSE(store.attachments().find_upload(put.sha256, "p3").has_value());
    CHECK(store.attachments().find_upload(put.sha256, "").has_value());

    std::string read(bytes.size() + 10, '\0');
    CHECK(store.attachments().read(put.sha256, 0, read) == bytes.size());
    CHECK(std::string_view(read).substr(0, bytes.size()) == bytes);
    std::string part(300'000, '\0');
    CHECK(store.attachments().read(put.sha256, 262'100, part) == part.size());
    CHECK(part == bytes.substr(262'100, part.size()));
    CHECK(store.attachments().read(put.sha256, put.size, part) == 0);
    CHECK(store.attachments().read("unknown", 0, part) == 0);

    auto const empty = store.attachments().put("empty", "text/plain", "p1", source_of("", 1));
    CHECK(empty.size == 0);
    CHECK(store.attachments().find_upload(empty.sha256, "p1").has_value());
  });
}

TEST_CASE("An upload that breaks off keeps nothing") {
  with_each_store([](Store& store) {
    int calls = 0;
    auto const breaking = [&calls](std::span<char> into) -> std::size_t {
      if (++calls > 5) {
        throw std::runtime_error("the connection is gone");
      }
      std::fill(into.begin(), into.end(), 'x');
      return into.size();
    };
    CHECK_THROWS_WITH((void)store.attachments().put("a", "b", "p1", breaking), "the connection is gone");
    CHECK_FALSE(store.attachments().find_upload(hash_of(std::string(256 * 1024 * 5, 'x')), "").has_value());
  });
}

TEST_CASE("An attachment is found through a case that may be seen, and through no other") {
  with_each_store([](Store& store) {
    Tale tale({.id = "a"});
    must_append(store, of(tale.open()));
    must_append(store, of(tale.attach("ff00")));
    CHECK(store.attachments().find_in_cases("ff00", seen_by("water"))->name == "现场.jpg");
    CHECK(store.attachments().find_in_cases("ff00", seen_by("other", {"inspection-issue"})).has_value());
    CHECK_FALSE(store.attachments().find_in_cases("ff00", seen_by("other")).has_value());
    CHECK_FALSE(store.attachments().find_in_cases("ee00", everything()).has_value());
  });
}

TEST_CASE("A healthy store passes its check") {
  with_each_store([](Store& store) { CHECK_NOTHROW(store.check()); });
}

}  // namespace bihuan::test
