// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/verify.hpp"
#include "tests/store/builders.hpp"

namespace bihuan {
namespace {

constexpr int threads = 4;

// One line for each append that was confirmed; a short write to a pipe is atomic.
void confirm(int pipe, std::string const& text) {
  std::string const line = text + "\n";
  if (write(pipe, line.data(), line.size()) < 0) {
    _exit(2);
  }
}

[[noreturn]] void write_until_killed(std::filesystem::path const& directory, int round, int pipe) {
  auto const opened = open_sqlite_store(directory);
  if (!opened) {
    _exit(3);
  }
  Store& store = **opened;
  std::vector<std::thread> workers;
  for (int worker = 0; worker < threads; ++worker) {
    workers.emplace_back([&store, round, worker, pipe] {
      std::string const name = std::to_string(round) + "-" + std::to_string(worker);
      for (int number = 0;; ++number) {
        test::Tale tale({.id = name + "-" + std::to_string(number)});
        Append opening = test::of(tale.open(test::day));
        opening.key = IdempotencyKey{"p1", "open-" + tale.subject().id, "h"};
        if (!store.cases().append(std::move(opening))) {
          _exit(4);
        }
        confirm(pipe, tale.subject().id + " 1");
        if (!store.cases().append(test::of(tale.go("rectifying")))) {
          _exit(5);
        }
        confirm(pipe, tale.subject().id + " 2");
      }
    });
  }
  for (std::thread& worker : workers) {
    worker.join();
  }
  _exit(0);
}

// Reads until so many lines have come, kills the child, and takes what else was still in the pipe.
std::vector<std::string> confirmed_until_kill(pid_t child, int pipe, std::size_t lines) {
  std::string text;
  std::size_t seen = 0;
  bool killed = false;
  for (char buffer[4096];;) {
    auto const got = read(pipe, buffer, sizeof buffer);
    if (got <= 0) {
      break;
    }
    text.append(buffer, static_cast<std::size_t>(got));
    seen = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    if (!killed && seen >= lines) {
      kill(child, SIGKILL);
      killed = true;
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  std::vector<std::string> confirmed;
  for (std::size_t from = 0, end = 0; (end = text.find('\n', from)) != std::string::npos; from = end + 1) {
    confirmed.push_back(text.substr(from, end - from));
  }
  return confirmed;
}

}  // namespace

TEST_CASE("After kill -9 while writing, every confirmed append is there once and the history is whole") {
  test::TemporaryDirectory const directory;
  for (int round = 0; round < 3; ++round) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    pid_t const child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      close(ends[0]);
      write_until_killed(directory.path(), round, ends[1]);
    }
    close(ends[1]);
    auto const confirmed = confirmed_until_kill(child, ends[0], 60 + static_cast<std::size_t>(round) * 41);
    close(ends[0]);

    auto const store = open_sqlite_store(directory.path(), {.durable = false});
    REQUIRE(store.has_value());
    CHECK(confirmed.size() >= 60);
    for (std::string const& line : confirmed) {
      auto const space = line.find(' ');
      auto const id = line.substr(0, space);
      auto const revision = std::stoll(line.substr(space + 1));
      auto const history = (*store)->cases().history(id);
      CHECK(std::count_if(history.begin(), history.end(),
                          [&](Event const& event) { return event.revision == revision && event.index == 0; }) == 1);
      CHECK((*store)->cases().remembered("p1", "open-" + id).has_value());
    }
    auto const verified = verify((*store)->cases());
    CHECK(verified.faults.empty());
    CHECK(verified.cases > 0);
  }
}

}  // namespace bihuan
