// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "engine/core/json.hpp"
#include "tests/api/client.hpp"
#include "tools/crash/asked.hpp"

namespace bihuan::crash {

// What the answers were, counted while they come.
struct Tally {
  std::atomic<std::size_t> acknowledged = 0;
  std::atomic<std::size_t> not_now = 0;  // 503
};

// Somebody who works as fast as the program answers, on cases that are theirs alone: handlers report progress,
// now and then with evidence, and open cases; supervisors bring new issues to where they open a linked case.
// Each request has a key of its own, and one that was not answered is asked again. Used by one thread at a
// time.
class KillClient {
 public:
  KillClient(std::size_t number, std::uint64_t seed, std::vector<std::string> const& ids, std::int64_t revision,
             Tally& tally);

  // What was left unanswered first, then more, until the program is gone. That a step is not answered while
  // `killed` is not set is a fault.
  void work(std::uint16_t port, std::atomic<bool> const& killed);

  // The same through several nodes, of which any may go and come back (a port that is 0 is gone): until `over`, from
  // each that breaks off or has to put it off to the next.
  void go_round(std::span<std::atomic<std::uint16_t> const> ports, std::atomic<bool> const& over);

  [[nodiscard]] std::vector<Asked> const& asked() const { return asked_; }
  [[nodiscard]] std::vector<Uploaded> const& uploaded() const { return uploaded_; }
  // Answers that no client should get.
  [[nodiscard]] std::vector<std::string> const& faults() const { return faults_; }
  [[nodiscard]] std::size_t asked_again() const { return asked_again_; }

 private:
  struct Own {
    std::string id;
    std::int64_t revision;
    std::size_t stage;  // of a supervisor's issue: how many of its steps were taken
  };
  struct Unanswered {
    std::size_t asked;               // its place
    std::optional<std::size_t> own;  // the case it is a step of
    std::string bytes;
  };

  // False when another connection is needed.
  [[nodiscard]] bool ask(test::Client& client);
  [[nodiscard]] bool ask_as_handler(test::Client& client);
  [[nodiscard]] bool ask_as_supervisor(test::Client& client);
  [[nodiscard]] bool settle(test::Client& client);
  // Nothing when it was not kept; then another connection is needed.
  [[nodiscard]] std::optional<std::string> upload(test::Client& client);
  void open_issue();
  void act(std::size_t own, std::string const& action, Json body);
  void begin(std::optional<std::size_t> own, std::string const& target, Json body);
  [[nodiscard]] std::size_t pick(std::size_t count);
  [[nodiscard]] std::string head(std::string const& target, std::size_t length) const;

  std::size_t const number_;
  Tally& tally_;
  std::size_t const first_own_;  // so many at the front are dispatched
  std::mt19937_64 random_;
  std::vector<Own> own_;
  std::vector<Asked> asked_;
  std::vector<Uploaded> uploaded_;
  std::vector<std::string> faults_;
  std::optional<Unanswered> unanswered_;
  std::string paper_;  // that a supervisor's steps demand
  std::size_t asked_again_ = 0;
  bool put_off_ = false;  // the last answer was 503
};

}  // namespace bihuan::crash
