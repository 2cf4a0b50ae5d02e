// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/fault_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <ostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "engine/core/message.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/store_fault.hpp"
#include "tools/crash/check.hpp"
#include "tools/crash/fault_worker.hpp"
#include "tools/crash/parallel.hpp"

namespace bihuan::crash {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_life = 400;  // operations until the process or the power ends
constexpr std::size_t most_rounds = 3;
constexpr std::size_t most_work = 40;  // of each worker in a round

// One seed's store, disk and workers.
class Attempt {
 public:
  Attempt(fs::path const& directory, fs::path const& model, std::uint64_t seed, FaultOptions const& options)
      : directory_(directory),
        durable_(options.durable),
        random_(seed),
        trouble_(options.only.value_or(static_cast<Trouble>(pick(troubles)))) {
    fs::remove_all(directory_);
    // A quarter of the stores are made on the disk that fails.
    if (pick(4) > 0) {
      fs::copy(model, directory_, fs::copy_options::recursive);
    } else {
      fs::create_directories(directory_);
    }
    disk_ = std::make_unique<FaultyDisk>(directory_, random_());
    // The thread that copies the log takes turns with them as it will.
    std::size_t const workers = pick(4) == 0 ? 3 : 1;
    if (workers > 1) log_pages_ = 8;
    for (std::size_t i = 0; i < workers; ++i) workers_.emplace_back("w" + std::to_string(i), random_());
  }

  FaultOutcome run() {
    outcome_.seeds = 1;
    outcome_.of_trouble[static_cast<std::size_t>(trouble_)] = 1;
    auto const rounds = 1 + pick(most_rounds);
    for (std::size_t round = 0; round < rounds && faults_.empty() && outcome_.lies_named == 0; ++round) {
      live();
      // What the run itself has to say about a store that lies is said once.
      if (trouble_ == Trouble::lying && lost_) break;
    }
    for (auto const& worker : workers_) {
      for (auto const& asked : worker.asked()) outcome_.acknowledged += asked.acknowledged ? 1 : 0;
      outcome_.uploads += worker.uploaded().size();
      outcome_.refused += worker.refused();
      for (auto const& fault : worker.faults()) faults_.push_back(fault);
    }
    outcome_.disk = disk_->counts();
    outcome_.faults = faults_.size();
    return outcome_;
  }

  [[nodiscard]] std::vector<std::string> const& faults() const { return faults_; }
  [[nodiscard]] Trouble trouble() const { return trouble_; }

 private:
  std::size_t pick(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }

  Mood mood() {
    Mood mood;
    switch (trouble_) {
      case Trouble::errors:
        mood.failing = static_cast<unsigned>(std::array{4, 20, 100}[pick(3)]);
        mood.failing_reads = static_cast<unsigned>(std::array{0, 5}[pick(2)]);
        mood.failures = 1 + pick(8);
        break;
      case Trouble::full: mood.room = disk_->used() + pick(300'000); break;
      case Trouble::kill:
      case Trouble::power_cut: mood.works_for = pick(longest_life); break;
      case Trouble::lying:
        mood.lies = true;
        mood.works_for = pick(longest_life);
        break;
    }
    return mood;
  }

  std::unique_ptr<Store> open() {
    try {
      auto opened = open_sqlite_store(directory_, {.durable = durable_, .log_pages = log_pages_});
      if (opened) return std::move(*opened);
      faults_.push_back("the store was refused: " + opened.error().front().text.en);
    } catch (StoreFault const& fault) {
      said_ = fault.what();
      ++outcome_.not_opened;
    }
    return nullptr;
  }

  // From one opening to the next, with what befalls it.
  void live() {
    bool const from_the_start = pick(3) == 0;
    if (from_the_start) disk_->feel(mood());
    auto store = open();
    if (store) {
      for (auto& worker : workers_) worker.look_again();
      if (!from_the_start) disk_->feel(mood());
      work(*store);
      if (trouble_ == Trouble::errors || trouble_ == Trouble::full) go_on(*store);
      // Ends at once, or is closed in peace.
      else if (pick(2) == 0)
        disk_->stop();
    }
    store.reset();
    bool const power_goes = trouble_ == Trouble::power_cut || trouble_ == Trouble::lying;
    disk_->calm();
    if (power_goes) disk_->lose_power();
    check();
  }

  void work(Store& store) {
    std::vector<std::size_t> amounts;
    for (std::size_t i = 0; i < workers_.size(); ++i) amounts.push_back(1 + pick(most_work));
    auto const toil = [&](std::size_t place) {
      for (std::size_t i = 0; i < amounts[place] && !disk_->stopped(); ++i) workers_[place].work(store);
    };
    if (workers_.size() == 1) return toil(0);
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < workers_.size(); ++i) threads.emplace_back(toil, i);
  }

  // The disk works again, and so must the store, without being opened anew.
  void go_on(Store& store) {
    auto const failed = disk_->counts().failures;
    disk_->calm();
    try {
      store.check();
    } catch (StoreFault const& fault) {
      faults_.push_back(std::string("is not ready though the disk works again: ") + fault.what());
    }
    for (auto& worker : workers_)
      for (int i = 0; i < 8; ++i)
        if (!worker.work(store)) faults_.push_back("does not work on though the disk works again");
    if (failed > 0) ++outcome_.recovered;
  }

  void check() {
    auto const before = outcome_.not_opened;
    auto store = open();
    if (!store) {
      outcome_.not_opened = before;
      if (trouble_ == Trouble::lying)
        ++outcome_.lies_named;
      else if (faults_.empty())
        faults_.push_back("does not open though the disk works again: " + said_);
      return;
    }
    try {
      look(*store);
    } catch (StoreFault const& fault) {
      if (trouble_ == Trouble::lying)
        ++outcome_.lies_named;
      else
        faults_.push_back(std::string("cannot be read though the disk works again: ") + fault.what());
    }
  }

  void look(Store& store) {
    std::vector<Asked> asked;
    std::vector<Uploaded> uploaded;
    for (auto const& worker : workers_) {
      asked.insert(asked.end(), worker.asked().begin(), worker.asked().end());
      uploaded.insert(uploaded.end(), worker.uploaded().begin(), worker.uploaded().end());
    }
    auto found = check_store(store, asked, uploaded);
    look_at_audit(store, found);
    outcome_.unacknowledged = static_cast<std::size_t>(found.unacknowledged);
    if (trouble_ != Trouble::lying) {
      faults_.insert(faults_.end(), found.gone.begin(), found.gone.end());
      faults_.insert(faults_.end(), found.faults.begin(), found.faults.end());
      return;
    }
    lost_ = !found.gone.empty() || !found.faults.empty();
    if (!found.faults.empty())
      ++outcome_.lies_named;
    else
      outcome_.lost_to_lies += found.gone.size();
  }

  void look_at_audit(Store& store, Found& found) {
    std::map<std::string, std::size_t> rows;
    (void)store.audit().for_each([&](AuditEvent const& event) { ++rows[event.detail.value("token", "")]; });
    for (auto const& worker : workers_)
      for (auto const& token : worker.audited()) {
        if (!rows.contains(token)) found.gone.push_back("row " + token + " of the audit is gone");
        if (rows[token] > 1) found.faults.push_back("row " + token + " of the audit is there twice");
      }
  }

  fs::path const directory_;
  bool const durable_;
  int log_pages_ = SqliteOptions{}.log_pages;
  std::mt19937_64 random_;
  Trouble const trouble_;
  std::unique_ptr<FaultyDisk> disk_;
  std::vector<FaultWorker> workers_;
  std::vector<std::string> faults_;
  std::string said_;
  bool lost_ = false;
  FaultOutcome outcome_;
};

}  // namespace

FaultOutcome& FaultOutcome::operator+=(FaultOutcome const& other) {
  seeds += other.seeds;
  for (std::size_t i = 0; i < troubles; ++i) of_trouble[i] += other.of_trouble[i];
  acknowledged += other.acknowledged;
  refused += other.refused;
  unacknowledged += other.unacknowledged;
  uploads += other.uploads;
  not_opened += other.not_opened;
  recovered += other.recovered;
  lies_named += other.lies_named;
  lost_to_lies += other.lost_to_lies;
  disk += other.disk;
  faults += other.faults;
  return *this;
}

FaultOutcome run_faults(FaultOptions const& options, std::ostream& out) {
  return run_parallel<FaultOutcome>(
      {.seeds = options.seeds, .first = options.first, .processes = options.processes}, out,
      [](fs::path const& scratch) { (void)open_sqlite_store(scratch / "model").value(); },
      [options](fs::path const& scratch, std::uint64_t seed, std::ostream& told) {
        Attempt attempt(scratch / "data", scratch / "model", seed, options);
        auto const outcome = attempt.run();
        for (auto const& fault : attempt.faults())
          told << fmt::format("seed {} (trouble {}): {}\n", seed, static_cast<int>(attempt.trouble()), fault);
        return outcome;
      });
}

}  // namespace bihuan::crash
