// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <random>
#include <set>

#include "engine/store/audit_chain.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/store_fault.hpp"
#include "engine/store/verify.hpp"
#include "tests/support/stranger.hpp"
#include "tools/crash/asked.hpp"
#include "tools/crash/district.hpp"
#include "tools/crash/invariants.hpp"
#include "tools/crash/parallel.hpp"

namespace bihuan::crash {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;

constexpr std::size_t most_openings = 4;

class Simulation {
 public:
  Simulation(fs::path const& directory, fs::path const& model, Library& library, std::uint64_t seed, std::size_t steps)
      : directory_(directory), library_(library), random_(seed), stranger_(library, random_()), steps_(steps) {
    fs::remove_all(directory_);
    fs::copy(model, directory_, fs::copy_options::recursive);
    disk_ = std::make_unique<FaultyDisk>(directory_, random_());
  }

  SimulationOutcome run() {
    outcome_.seeds = 1;
    for (auto openings = 1 + pick(most_openings); openings > 0 && faults_.empty(); --openings) live();
    outcome_.disk = disk_->counts();
    outcome_.faults = faults_.size();
    return outcome_;
  }
  [[nodiscard]] std::vector<std::string> const& faults() const { return faults_; }

 private:
  enum class Trouble { none, errors, kill, power_cut };

  std::size_t pick(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }

  // The same for the same seed.
  std::string next_id() {
    return fmt::format("{:08x}-{:04x}-7{:03x}-8{:03x}-{:012x}", ++ids_, random_() & 0xFFFFU, random_() & 0xFFFU,
                       random_() & 0xFFFU, random_() & 0xFFFFFFFFFFFFU);
  }

  Mood mood(Trouble trouble) {
    Mood mood;
    if (trouble == Trouble::errors) {
      mood.failing = static_cast<unsigned>(2 + pick(20));
      mood.failing_reads = static_cast<unsigned>(pick(2));
      mood.failures = 1 + pick(20);
    } else if (trouble != Trouble::none) {
      mood.works_for = pick(4000);
    }
    return mood;
  }

  // From one opening of the store to the next.
  void live() {
    auto const trouble = static_cast<Trouble>(pick(4));
    auto store = open();
    if (!store) return;
    {
      CaseService service(
          *store, library_, [this] { return now_; }, [this](Instant) { return next_id(); });
      look(service);
      disk_->feel(mood(trouble));
      for (std::size_t step = 0; step < steps_ && !disk_->stopped() && faults_.empty(); ++step) take_turn(service);
    }
    if (trouble != Trouble::none && pick(2) == 0) disk_->stop();
    store.reset();
    disk_->calm();
    if (trouble == Trouble::power_cut) disk_->lose_power();
    store = open();
    if (!store) return;
    CaseService service(
        *store, library_, [this] { return now_; }, [this](Instant) { return next_id(); });
    look(service);
  }

  std::unique_ptr<Store> open() {
    ++outcome_.openings;
    try {
      auto opened = open_sqlite_store(directory_);
      if (opened && library_.reconcile(**opened)) return std::move(*opened);
      faults_.push_back("the store was refused");
    } catch (StoreFault const& fault) {
      faults_.push_back(std::string("does not open though the disk works: ") + fault.what());
    }
    return nullptr;
  }

  void take_turn(CaseService& service) {
    try {
      // Now and then the clock is set back.
      now_ += pick(12) == 0 ? -hours(pick(72)) : hours(pick(48));
      while (auto const swept = service.sweep()) outcome_.swept += swept;
      if (pick(20) == 0) outcome_.recurred += service.open_recurring();
      if (pick(30) == 0) peek(service);
      act(service);
    } catch (StoreFault const&) {
      ++outcome_.faulted;
    } catch (std::exception const& other) {
      faults_.push_back(std::string("not a fault of the store: ") + other.what());
    }
  }

  void peek(CaseService& service) {
    ++outcome_.views;
    for (auto& wrong : seen_wrongly(service, stranger_.somebody())) faults_.push_back(std::move(wrong));
  }

  void act(CaseService& service) {
    ++outcome_.thought_of;
    auto const intent = think(service);
    if (!intent) return;
    Asked asked{.token = fmt::format("step-{}", asked_.size()),
                .person = intent->deed.actor.person,
                .case_id = intent->deed.case_id};
    asked_.push_back(asked);
    auto const done = Stranger::act(service, *intent, Repeatable{asked.token, "request"});
    if (!done) {
      ++outcome_.refused;
      asked_.pop_back();
      return;
    }
    ++outcome_.taken;
    auto& known = asked_.back();
    known.acknowledged = true;
    known.case_id = done->subject.id;
    known.revision = done->subject.revision;
    ids_of_cases_.insert(known.case_id);
    for (auto const& link : done->subject.links) ids_of_cases_.insert(link.other);
  }

  std::optional<Stranger::Intent> think(CaseService& service) {
    if (ids_of_cases_.empty() || pick(8) == 0) {
      auto const definitions = library_.current_definitions();
      return stranger_.think_of_opening(service, *definitions[pick(definitions.size())]);
    }
    auto chosen = ids_of_cases_.begin();
    std::advance(chosen, pick(ids_of_cases_.size()));
    return stranger_.think_of_step(service, *chosen);
  }

  void look(CaseService& service) {
    auto& store = service.store();
    auto const verified = verify(store.cases());
    for (auto const& wrong : verified.faults) faults_.push_back("verify: " + wrong.case_id + " " + wrong.what);
    for (auto const& wrong : verify_documents(store, Bytes::read))
      faults_.push_back("verify: " + wrong.case_id + " " + wrong.what);
    for (auto const& wrong : verify(store.audit()).faults) faults_.push_back("verify: " + wrong.what);
    for (auto const& asked : asked_) kept(store.cases(), asked);
    for (auto& wrong : broken_invariants(store.cases(), library_)) faults_.push_back(std::move(wrong));
    peek(service);
    outcome_.cases = static_cast<std::size_t>(verified.cases);
    outcome_.events = static_cast<std::size_t>(verified.events);
  }

  // There once and whole when it was acknowledged, and else once or not at all.
  void kept(CaseStore& cases, Asked const& asked) {
    auto const key = cases.remembered(asked.person, asked.token);
    auto const name = asked.token + " of " + asked.person;
    if (asked.acknowledged && !key) return faults_.push_back(name + " was acknowledged and is gone");
    if (!key) return;
    if (asked.acknowledged && (key->case_id != asked.case_id || key->revision != asked.revision))
      faults_.push_back(name + " is remembered otherwise than it was answered");
    auto const events = cases.history(key->case_id);
    auto const there = std::ranges::count_if(
        events, [&](Event const& event) { return event.revision == key->revision && event.index == 0; });
    if (there != 1) faults_.push_back(name + fmt::format(" is there {} times", there));
  }

  fs::path const directory_;
  Library& library_;
  std::mt19937_64 random_;
  Stranger stranger_;
  std::size_t const steps_;
  std::unique_ptr<FaultyDisk> disk_;
  Instant now_ = *parse_instant("2026-03-02T09:00:00+08:00");
  std::uint64_t ids_ = 0;
  std::vector<Asked> asked_;
  std::set<std::string> ids_of_cases_;
  std::vector<std::string> faults_;
  SimulationOutcome outcome_;
};

}  // namespace

SimulationOutcome& SimulationOutcome::operator+=(SimulationOutcome const& other) {
  seeds += other.seeds;
  thought_of += other.thought_of;
  taken += other.taken;
  refused += other.refused;
  faulted += other.faulted;
  swept += other.swept;
  recurred += other.recurred;
  views += other.views;
  openings += other.openings;
  cases += other.cases;
  events += other.events;
  disk += other.disk;
  faults += other.faults;
  return *this;
}

SimulationOutcome run_simulation(SimulationOptions const& options, std::ostream& out) {
  std::unique_ptr<Library> library;
  return run_parallel<SimulationOutcome>(
      {.seeds = options.seeds, .first = options.first, .processes = options.processes}, out,
      [&](fs::path const& scratch) {
        library = std::make_unique<Library>(load_library());
        auto const store = open_sqlite_store(scratch / "model").value();
        if (!library->reconcile(*store)) throw std::runtime_error("the definitions do not fit a new store");
      },
      [&](fs::path const& scratch, std::uint64_t seed, std::ostream& told) {
        Simulation simulation(scratch / "data", scratch / "model", *library, seed, options.steps);
        auto const outcome = simulation.run();
        for (auto const& fault : simulation.faults()) told << fmt::format("seed {}: {}\n", seed, fault);
        return outcome;
      });
}

}  // namespace bihuan::crash
