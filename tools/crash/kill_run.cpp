// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/kill_run.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <ostream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "engine/store/sqlite/sqlite_store.hpp"
#include "tools/bihuan/scratch.hpp"
#include "tools/bihuan/verify.hpp"
#include "tools/crash/check.hpp"
#include "tools/crash/district.hpp"
#include "tools/crash/kill_client.hpp"

namespace bihuan::crash {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::size_t issues_each = 3;
constexpr int longest_load_ms = 1200;
constexpr int longest_start_ms = 600;
constexpr std::size_t one_start_in = 8;  // is killed before it serves

// One data directory and those who work on it, through several kills.
class Era {
 public:
  Era(fs::path const& model, Issues const& issues, std::uint64_t seed) {
    fs::copy(model, data(), fs::copy_options::recursive);
    for (std::size_t number = 0; number < clients; ++number) {
      std::vector<std::string> own;
      for (std::size_t i = 0; i < issues_each; ++i) own.push_back(issues.ids.at(number * issues_each + i));
      clients_.push_back(std::make_unique<KillClient>(number, seed, own, issues.revision));
    }
  }

  // True when it was killed before it served.
  bool start_and_kill(fs::path const& served, std::mt19937_64& random, std::vector<std::string>& faults) {
    std::uniform_int_distribution<int> load(0, longest_load_ms);
    std::uniform_int_distribution<int> start(0, longest_start_ms);
    bool const early = std::uniform_int_distribution<std::size_t>(1, one_start_in)(random) == 1;
    milliseconds const after(early ? start(random) : load(random));
    Program program(served, data());
    if (early) {
      std::this_thread::sleep_for(after);
      program.kill();
      return true;
    }
    auto const port = program.wait_until_ready();
    if (!port) {
      faults.push_back("does not start: " + program.log());
      return false;
    }
    std::atomic<bool> killed = false;
    std::vector<std::jthread> threads;
    for (auto const& client : clients_) threads.emplace_back([&client, &killed, port] { client->work(*port, killed); });
    std::this_thread::sleep_for(after);
    if (!program.runs()) faults.push_back("ended by itself: " + program.log());
    killed = true;
    if (program.runs()) program.kill();
    threads.clear();
    for (auto const& client : clients_) faults.insert(faults.end(), client->faults().begin(), client->faults().end());
    return false;
  }

  // Checks a copy of what was left, so that the program recovers the same by itself.
  Found check() {
    auto const copy = scratch_.path() / "copy";
    fs::remove_all(copy);
    fs::copy(data(), copy, fs::copy_options::recursive);
    std::ostringstream said;
    std::ostringstream wrong;
    Found found;
    bool const verified = run_verify({.data = copy}, said, wrong) == 0;
    std::vector<Asked> asked;
    std::vector<Uploaded> uploaded;
    for (auto const& client : clients_) {
      asked.insert(asked.end(), client->asked().begin(), client->asked().end());
      uploaded.insert(uploaded.end(), client->uploaded().begin(), client->uploaded().end());
    }
    if (auto const store = open_sqlite_store(copy, {.durable = false}))
      found = check_store(**store, asked, uploaded);
    else
      found.faults.push_back("does not open: " + store.error().front().text.en);
    if (!verified) found.faults.push_back("bihuan verify: " + said.str() + wrong.str());
    return found;
  }

  void count(KillOutcome& outcome) const {
    for (auto const& client : clients_) {
      for (auto const& asked : client->asked()) outcome.acknowledged += asked.acknowledged ? 1 : 0;
      outcome.uploads += client->uploaded().size();
      outcome.asked_again += client->asked_again();
    }
  }

  // For whoever looks into a fault.
  fs::path keep(std::uint64_t seed, std::size_t round) {
    auto const kept = fs::temp_directory_path() / fmt::format("bihuan-kill-{}-{}", seed, round);
    fs::remove_all(kept);
    fs::copy(scratch_.path(), kept, fs::copy_options::recursive);
    return kept;
  }

 private:
  [[nodiscard]] fs::path data() const { return scratch_.path() / "data"; }

  ScratchDirectory scratch_;
  std::vector<std::unique_ptr<KillClient>> clients_;
};

}  // namespace

KillOutcome run_kill(KillOptions const& options, std::ostream& out) {
  ScratchDirectory const model;
  auto const issues = make_district(model.path() / "data", clients * issues_each);
  std::mt19937_64 random(options.seed);
  KillOutcome outcome;
  std::unique_ptr<Era> era;
  auto const close_era = [&] {
    if (era) era->count(outcome);
    era.reset();
  };
  while (outcome.rounds < options.rounds) {
    if (outcome.rounds % options.rounds_of_a_store == 0) {
      close_era();
      era = std::make_unique<Era>(model.path() / "data", issues, random());
    }
    auto const round = ++outcome.rounds;
    std::vector<std::string> faults;
    if (era->start_and_kill(options.program, random, faults)) ++outcome.before_ready;
    auto const found = era->check();
    faults.insert(faults.end(), found.gone.begin(), found.gone.end());
    faults.insert(faults.end(), found.faults.begin(), found.faults.end());
    outcome.unacknowledged += static_cast<std::size_t>(found.unacknowledged);
    out << fmt::format("round {}: {} cases, {} events, {} unanswered and there, {} faults\n", round, found.cases,
                       found.events, found.unacknowledged, faults.size());
    for (auto const& fault : faults) out << "  " << fault << "\n";
    out.flush();
    outcome.faults += faults.size();
    if (!faults.empty()) {
      out << "kept: " << era->keep(options.seed, round).string() << "\n";
      close_era();
      break;
    }
  }
  close_era();
  return outcome;
}

}  // namespace bihuan::crash
