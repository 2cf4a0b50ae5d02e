// SPDX-License-Identifier: Apache-2.0
#include "api/http/worker_pool.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <stdexcept>

namespace bihuan::http {

TEST_CASE("a full queue refuses, and what was taken is done before the pool ends") {
  std::latch started(1);
  std::latch release(1);
  std::atomic<int> done = 0;
  WorkerPool pool({.name = "test", .threads = 1, .queue_limit = 2});
  REQUIRE(pool.try_push([&] {
    started.count_down();
    release.wait();
  }));
  started.wait();
  CHECK(pool.try_push([&] { ++done; }));
  CHECK(pool.try_push([&] { ++done; }));
  CHECK(pool.queue_depth() == 2);
  CHECK_FALSE(pool.try_push([&] { ++done; }));
  CHECK(pool.call([] { return 1; }) == std::nullopt);
  pool.push_continuation([&] { ++done; });
  release.count_down();
  pool.stop();
  CHECK(done == 3);
  CHECK_FALSE(pool.try_push([] {}));
}

TEST_CASE("a queue whose first has waited too long lets nobody else in until it moves on") {
  using namespace std::chrono_literals;
  std::atomic<std::chrono::steady_clock::time_point> now{};
  WorkerPool pool(
      {.name = "test", .threads = 1, .queue_limit = 8, .patience = 250ms, .now = [&] { return now.load(); }});
  std::latch started(1);
  std::latch release(1);
  std::latch moved(1);
  std::latch end(1);
  REQUIRE(pool.try_push([&] {
    started.count_down();
    release.wait();
  }));
  started.wait();
  REQUIRE(pool.try_push([&] {
    moved.count_down();
    end.wait();
  }));
  now = now.load() + 250ms;
  CHECK(pool.try_push([] {}));
  now = now.load() + 1ms;
  CHECK_FALSE(pool.try_push([] {}));
  release.count_down();
  moved.wait();
  // The next in the queue has waited for a moment only.
  CHECK(pool.try_push([] {}));
  end.count_down();
}

TEST_CASE("a few on a stalled machine and a crowd that comes at once are served, a queue that stays long is not") {
  using namespace std::chrono_literals;
  std::atomic<std::chrono::steady_clock::time_point> now{};
  WorkerPool pool({.name = "test", .threads = 2, .queue_limit = 8, .patience = 250ms, .burst = 1s, .now = [&] {
                     return now.load();
                   }});
  std::latch started(2);
  std::latch release(1);
  for (int job = 0; job < 2; ++job) {
    REQUIRE(pool.try_push([&] {
      started.count_down();
      release.wait();
    }));
  }
  started.wait();
  REQUIRE(pool.try_push([] {}));
  now = now.load() + 10s;
  CHECK(pool.try_push([] {}));
  now = now.load() + 1s;
  CHECK(pool.try_push([] {}));
  now = now.load() + 1ms;
  CHECK_FALSE(pool.try_push([] {}));
  release.count_down();
}

TEST_CASE("a call waits for its result, and its exception comes back to the caller") {
  WorkerPool pool({.name = "test", .threads = 2, .queue_limit = 8});
  CHECK(pool.call([] { return 42; }) == 42);
  CHECK_THROWS_AS(static_cast<void>(pool.call([]() -> int { throw std::runtime_error("no"); })), std::runtime_error);
}

TEST_CASE("as many jobs run at once as there are threads, however they come") {
  constexpr int threads = 4;
  struct Meeting {
    std::latch all{threads};
    std::atomic<int> here = 0;
    std::promise<void> met;
  };
  WorkerPool pool({.name = "test", .threads = threads, .queue_limit = 8});
  for (int round = 0; round < 2000; ++round) {
    auto const meeting = std::make_shared<Meeting>();
    for (int job = 0; job < threads; ++job) {
      REQUIRE(pool.try_push([meeting] {
        if (++meeting->here == threads) meeting->met.set_value();
        meeting->all.arrive_and_wait();
      }));
    }
    auto const met = meeting->met.get_future().wait_for(std::chrono::seconds(10));
    if (met != std::future_status::ready) meeting->all.count_down(threads - meeting->here);
    REQUIRE(met == std::future_status::ready);
  }
}

TEST_CASE("a job that throws does not take its thread along") {
  WorkerPool pool({.name = "test", .threads = 1, .queue_limit = 8});
  REQUIRE(pool.try_push([] { throw std::runtime_error("broken job"); }));
  CHECK(pool.call([] { return 7; }) == 7);
}

}  // namespace bihuan::http
