// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "tools/crash/check.hpp"
#include "tools/crash/district.hpp"
#include "tools/crash/kill_client.hpp"

namespace bihuan::crash {

inline constexpr std::size_t issues_each = 3;

// All clients of a district (which has `issues_each` issues for each of them), and what they heard.
class Crew {
 public:
  Crew(Issues const& issues, std::uint64_t seed);
  ~Crew();
  Crew(Crew const&) = delete;
  Crew& operator=(Crew const&) = delete;

  // They work until the program is gone.
  void start(std::uint16_t port);
  // They go round several nodes until they are let go, each to the end of what it has asked for.
  void start(std::span<std::atomic<std::uint16_t> const> ports);
  // From now on it may go, or stop answering.
  void let_it_go() { over_ = true; }
  // Once it is gone.
  void join() { threads_.clear(); }

  // While they work.
  [[nodiscard]] Tally const& tally() const { return tally_; }
  // When they do not: answers that no client should get.
  [[nodiscard]] std::vector<std::string> faults() const;
  [[nodiscard]] std::size_t uploads() const;
  [[nodiscard]] std::size_t asked_again() const;

  // Holds a copy of this data directory against what they heard, so that the program recovers the same by itself.
  [[nodiscard]] Found check(std::filesystem::path const& data) const;
  // The same of a store that is open.
  [[nodiscard]] Found check(Store& store) const;

 private:
  Tally tally_;
  std::atomic<bool> over_ = false;
  std::vector<std::unique_ptr<KillClient>> clients_;
  std::vector<std::jthread> threads_;
};

}  // namespace bihuan::crash
