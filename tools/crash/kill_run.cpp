// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/kill_run.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <ostream>
#include <random>
#include <thread>
#include <vector>

#include "tools/bihuan/scratch.hpp"
#include "tools/crash/crew.hpp"

namespace bihuan::crash {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::size_t most_steps = 300;      // that are acknowledged before the kill,
constexpr std::size_t longest_wait_ms = 30;  // and then so long
constexpr std::size_t longest_start_ms = 600;
constexpr std::size_t one_start_in = 8;  // is killed before it serves

// One data directory and those who work on it, through several kills.
struct Era {
  ScratchDirectory scratch;
  Crew crew;

  Era(fs::path const& model, Issues const& issues, std::uint64_t seed) : crew(issues, seed) {
    fs::copy(model, data(), fs::copy_options::recursive);
  }
  [[nodiscard]] fs::path data() const { return scratch.path() / "data"; }

  // For whoever looks into a fault.
  [[nodiscard]] fs::path keep(std::uint64_t seed, std::size_t round) const {
    auto const kept = fs::temp_directory_path() / fmt::format("bihuan-kill-{}-{}", seed, round);
    fs::remove_all(kept);
    fs::copy(scratch.path(), kept, fs::copy_options::recursive);
    return kept;
  }
};

// What went wrong. `early` becomes true when it was killed before it served.
std::vector<std::string> start_and_kill(Era& era, fs::path const& served, std::mt19937_64& random, bool& early) {
  auto const pick = [&](std::size_t most) { return std::uniform_int_distribution<std::size_t>(0, most)(random); };
  early = pick(one_start_in - 1) == 0;
  auto const steps = pick(most_steps);
  milliseconds const after(pick(early ? longest_start_ms : longest_wait_ms));
  Program program(served, era.data());
  if (early) {
    std::this_thread::sleep_for(after);
    program.kill();
    return {};
  }
  auto const port = program.wait_until_ready();
  if (!port) return {"does not start: " + program.log()};
  auto const& tally = era.crew.tally();
  auto const enough = tally.acknowledged + steps;
  era.crew.start(*port);
  while (tally.acknowledged < enough && program.runs()) std::this_thread::sleep_for(milliseconds(1));
  std::this_thread::sleep_for(after);
  bool const ran = program.runs();
  era.crew.let_it_go();
  if (ran) program.kill();
  era.crew.join();
  auto faults = era.crew.faults();
  if (!ran) faults.push_back("ended by itself: " + program.log());
  return faults;
}

}  // namespace

KillOutcome run_kill(KillOptions const& options, std::ostream& out) {
  ScratchDirectory const model;
  auto const issues = make_district(model.path() / "data", clients * issues_each);
  std::mt19937_64 random(options.seed);
  KillOutcome outcome;
  std::unique_ptr<Era> era;
  auto const close_era = [&] {
    if (!era) return;
    outcome.acknowledged += era->crew.tally().acknowledged;
    outcome.uploads += era->crew.uploads();
    outcome.asked_again += era->crew.asked_again();
    era.reset();
  };
  while (outcome.rounds < options.rounds && outcome.faults == 0) {
    if (outcome.rounds % options.rounds_of_a_store == 0) {
      close_era();
      era = std::make_unique<Era>(model.path() / "data", issues, random());
    }
    auto const round = ++outcome.rounds;
    bool early = false;
    auto faults = start_and_kill(*era, options.program, random, early);
    auto const found = era->crew.check(era->data());
    faults.insert(faults.end(), found.faults.begin(), found.faults.end());
    outcome.before_ready += early ? 1 : 0;
    outcome.unacknowledged += static_cast<std::size_t>(found.unacknowledged);
    out << fmt::format("round {}: {} cases, {} events, {} unanswered and there, {} faults\n", round, found.cases,
                       found.events, found.unacknowledged, faults.size());
    for (auto const& fault : faults) out << "  " << fault << "\n";
    outcome.faults += faults.size();
    if (!faults.empty()) out << "kept: " << era->keep(options.seed, round).string() << "\n";
    out.flush();
  }
  close_era();
  return outcome;
}

}  // namespace bihuan::crash
