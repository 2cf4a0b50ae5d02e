// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <tl/expected.hpp>
#include <unordered_map>

#include "engine/core/time.hpp"

namespace bihuan {

struct LockOutRules {
  std::size_t name_failures = 5;
  // Many people sit behind one address, so it takes far more.
  std::size_t address_failures = 100;
  std::chrono::seconds first_lock{30};  // each further failure doubles it
  std::chrono::seconds longest_lock{15 * 60};
  std::chrono::seconds forgotten_after{60 * 60};  // without a failure
  std::chrono::seconds acquainted_for{30 * 24 * 60 * 60};
  std::size_t entries = 10'000;  // of each kind; the one longest untouched goes first
};

// Counts failed attempts by name and by address, and says who has to wait. A name that has signed in from an address
// before has a count of its own there and is held up by no other: else a few addresses could keep everybody's name
// locked with one guess a quarter of an hour. It knows names only as they are typed, so that one that does not exist is
// answered like one that does. Kept in memory: a restart forgets. Thread-safe.
class LockOut {
 public:
  explicit LockOut(LockOutRules rules = {})
      : rules_(rules), names_(rules.entries), addresses_(rules.entries), acquainted_(rules.entries) {}

  // One attempt that may go on. It counts as a failure while it lasts, so that a thousand at once
  // are not a thousand guesses; ended without a word it counts as nothing.
  class Attempt {
   public:
    Attempt(Attempt&& other) noexcept;
    Attempt& operator=(Attempt&&) = delete;
    ~Attempt();
    void succeed(Instant now);
    void fail(Instant now);

   private:
    friend class LockOut;
    Attempt(LockOut& owner, std::string name, std::string address, bool acquainted);
    LockOut* owner_;
    std::string name_;
    std::string address_;
    bool acquainted_;  // counted by the pair's own tally
  };

  // The attempt, or how long to wait.
  [[nodiscard]] tl::expected<Attempt, std::chrono::seconds> begin(std::string const& name, std::string const& address,
                                                                  Instant now);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Tally {
    std::size_t failures = 0;
    std::size_t in_flight = 0;
    Instant last_failure{};
    Instant locked_until{};
  };
  struct Acquaintance {
    Instant signed_in{};  // last
    Tally tally{};
  };

  // Bounded: the one longest untouched makes room for a new one.
  template <class Value>
  class Recent {
   public:
    explicit Recent(std::size_t limit) : limit_(limit) {}
    Value* find(std::string const& key);
    Value& touch(std::string const& key);
    void erase(std::string const& key);
    [[nodiscard]] std::size_t size() const { return places_.size(); }

   private:
    using Entries = std::list<std::pair<std::string, Value>>;
    std::size_t limit_;
    Entries entries_;  // latest first
    std::unordered_map<std::string, typename Entries::iterator> places_;
  };

  void forget_old(Tally& tally, Instant now) const;
  void count(Tally& tally, std::size_t allowed, Instant now) const;
  // How long to wait before one more may be under way.
  [[nodiscard]] std::chrono::seconds wait(Tally& tally, Instant now) const;
  // What the attempt counts for; nothing when that made room for others meanwhile.
  [[nodiscard]] Tally* tally_of(Attempt const& attempt);
  void end(Attempt const& attempt);

  LockOutRules rules_;
  mutable std::mutex mutex_;
  Recent<Tally> names_;
  Recent<Tally> addresses_;
  Recent<Acquaintance> acquainted_;  // by address and name
};

// What is counted together: an IPv4 address, or the /64 of an IPv6 one, within which a host picks addresses
// freely.
[[nodiscard]] std::string address_group(std::string const& address);

}  // namespace bihuan
