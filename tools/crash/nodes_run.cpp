// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/nodes_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ostream>
#include <random>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "engine/store/postgres/postgres_store.hpp"
#include "engine/store/seal_verify.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tools/bihuan/scratch.hpp"
#include "tools/crash/crew.hpp"
#include "tools/crash/invariants.hpp"
#include "tools/crash/nodes.hpp"

namespace bihuan::crash {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t longest_wait_ms = 30;      // after the steps, before the blow
constexpr std::size_t longest_absence_ms = 300;  // of the database
constexpr std::size_t most_connections = 6;      // that are ended at once,
constexpr std::size_t cuts = 4;                  // so often
constexpr std::size_t overdue_at_first = 16;     // issues
constexpr std::size_t overdue_each_round = 2;
constexpr std::size_t steps_afterwards = 64;
constexpr std::chrono::seconds patience{60};           // after which it is a fault that nothing happens
constexpr std::chrono::seconds longest_answer_of{20};  // a node that is cut off

milliseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(Clock::now() - start);
}

// What is asked of a node, answered after whatever time; 0 for an answer that never came.
int status_of(std::uint16_t port, std::string const& request) {
  try {
    test::Client client(port);
    if (!client.send(request)) return 0;
    for (auto const until = Clock::now() + patience; Clock::now() < until;) {
      try {
        auto const answer = client.read();
        return answer ? answer->status : 0;
      } catch (std::system_error const&) {
        // It takes longer than a client waits at once.
      }
    }
  } catch (std::system_error const&) {
  }
  return 0;
}

bool is_standby(Blow blow) {
  return blow == Blow::standby;
}

class Run {
 public:
  Run(NodesOptions const& options, std::ostream& out)
      : options_(options), out_(out), random_(options.seed), library_(load_library()) {
    issues_ = make_district(model(), clients * issues_each);
    auto const store = open_sqlite_store(model(), {.durable = false});
    add_overdue_issues(**store, library_, overdue_at_first);
  }

  NodesOutcome run() {
    while (outcome_.rounds < options_.rounds && outcome_.faults == 0) {
      auto const blow = options_.blows[pick(options_.blows.size() - 1)];
      try {
        round(blow);
      } catch (std::exception const& broken) {
        fault(broken.what());
      }
      ++outcome_.rounds;
      ++outcome_.of_blow[static_cast<std::size_t>(blow)];
    }
    close_era();
    return outcome_;
  }

 private:
  [[nodiscard]] fs::path model() const { return scratch_.path() / "data"; }
  std::size_t pick(std::size_t most) { return std::uniform_int_distribution<std::size_t>(0, most)(random_); }

  void fault(std::string const& what) {
    ++outcome_.faults;
    out_ << "  " << what << "\n";
  }

  void round(Blow blow) {
    if (!nodes_ || rounds_of_era_ == options_.rounds_of_a_store || with_standby_ != is_standby(blow)) {
      close_era();
      with_standby_ = is_standby(blow);
      nodes_ = std::make_unique<Nodes>(options_.program, model(),
                                       with_standby_ ? Nodes::Database::with_standby : Nodes::Database::alone);
      crew_ = std::make_unique<Crew>(issues_, random_());
      rounds_of_era_ = 0;
    }
    ++rounds_of_era_;
    crew_->start(nodes_->ports());
    wait_for_steps(pick(options_.most_steps));
    std::this_thread::sleep_for(milliseconds(pick(longest_wait_ms)));
    strike(blow);
    auto const back = Clock::now();
    for (std::size_t node = 0; node < Nodes::count; ++node) wait_until_back(node, back);
    outcome_.longest_back = std::max(outcome_.longest_back, last_back_);
    wait_for_steps(steps_afterwards);
    crew_->let_it_go();
    crew_->join();
    look(blow);
    if (is_standby(blow)) close_era();
  }

  void wait_for_steps(std::size_t steps) {
    auto const& done = crew_->tally().acknowledged;
    auto const enough = done + steps;
    for (auto const until = Clock::now() + patience; done < enough && crew_->tally().acknowledged < enough;) {
      if (Clock::now() > until) return fault("no step is acknowledged any more");
      std::this_thread::sleep_for(milliseconds(1));
    }
  }

  void strike(Blow blow) {
    switch (blow) {
      case Blow::node: {
        auto const node = pick(Nodes::count - 1);
        nodes_->kill(node);
        nodes_->start(node);
        break;
      }
      case Blow::connection:
        for (std::size_t cut = 0; cut < cuts; ++cut) {
          nodes_->cut_connections(1 + pick(most_connections - 1));
          std::this_thread::sleep_for(milliseconds(pick(longest_wait_ms)));
        }
        break;
      case Blow::database: nodes_->restart_database(milliseconds(pick(longest_absence_ms))); break;
      case Blow::partition: cut_off(pick(Nodes::count - 1)); break;
      case Blow::standby: nodes_->fail_over(); break;
    }
  }

  // Somebody who asks the node meanwhile hears in bounded time that it cannot answer.
  void cut_off(std::size_t node) {
    nodes_->silence(node, true);
    auto const start = Clock::now();
    auto const status = status_of(nodes_->ports()[node],
                                  test::get("/api/v1/worklist", "Authorization: Bearer " + token_of(0) + "\r\n"));
    auto const answered = since(start);
    nodes_->silence(node, false);
    if (status != 503) fault(fmt::format("cut off, it answered {}", status));
    if (answered > longest_answer_of) fault(fmt::format("cut off, it answered after {} ms", answered.count()));
    outcome_.longest_answer = std::max(outcome_.longest_answer, answered);
  }

  void wait_until_back(std::size_t node, Clock::time_point back) {
    while (status_of(nodes_->ports()[node], test::get("/readyz")) != 200) {
      if (since(back) > patience) return fault(fmt::format("node {} does not come back", node));
      std::this_thread::sleep_for(milliseconds(10));
    }
    last_back_ = since(back);
    if (last_back_ > options_.back_within) fault(fmt::format("node {} was back after {} ms", node, last_back_.count()));
  }

  // As one more node, beside the others.
  void look(Blow blow) {
    if (auto const logs = nodes_->ended(); !logs.empty()) fault("a node ended by itself: " + logs);
    auto opened = open_postgres_store(nodes_->address(), {.key_file = nodes_->key()});
    if (!opened) return fault("does not open: " + opened.error().front().text.en);
    auto& store = **opened;
    auto const found = crew_->check(store);
    for (auto const& what : crew_->faults()) fault(what);
    for (auto const& what : found.faults) fault(what);
    for (auto const& what : broken_invariants(store.cases(), library_)) fault(what);
    for (auto const& wrong : verify(store.seals()).faults)
      fault(fmt::format("seal {} event {}: {}", wrong.seal, wrong.sequence, wrong.what));
    rungs_of_era_ = rungs_in(store.cases());
    unacknowledged_of_era_ = static_cast<std::size_t>(found.unacknowledged);
    out_ << fmt::format("round {}: {}, {} cases, {} events, back after {} ms, {} faults\n", outcome_.rounds + 1,
                        name_of(blow), found.cases, found.events, last_back_.count(), outcome_.faults);
    out_.flush();
    add_overdue_issues(store, library_, overdue_each_round);
  }

  static std::size_t rungs_in(CaseStore& cases) {
    std::size_t rungs = 0;
    cases.for_each([&](Case const&, std::vector<Event> const& events) {
      rungs += static_cast<std::size_t>(
          std::ranges::count_if(events, [](Event const& event) { return event.type == EventType::rung_fired; }));
    });
    return rungs;
  }

  void close_era() {
    if (crew_) {
      crew_->let_it_go();
      crew_->join();
      outcome_.acknowledged += crew_->tally().acknowledged;
      outcome_.put_off += crew_->tally().not_now;
      outcome_.uploads += crew_->uploads();
      outcome_.asked_again += crew_->asked_again();
      outcome_.rungs += std::exchange(rungs_of_era_, 0);
      outcome_.unacknowledged += std::exchange(unacknowledged_of_era_, 0);
    }
    crew_.reset();
    nodes_.reset();
  }

  NodesOptions const& options_;
  std::ostream& out_;
  std::mt19937_64 random_;
  ScratchDirectory scratch_;
  Library library_;
  Issues issues_;
  NodesOutcome outcome_;
  // What several rounds share: nodes with their database, and those who work on it.
  std::unique_ptr<Nodes> nodes_;
  std::unique_ptr<Crew> crew_;
  bool with_standby_ = false;
  std::size_t rounds_of_era_ = 0;
  std::size_t rungs_of_era_ = 0;
  std::size_t unacknowledged_of_era_ = 0;
  milliseconds last_back_{0};
};

}  // namespace

char const* name_of(Blow blow) {
  switch (blow) {
    case Blow::node: return "node";
    case Blow::connection: return "connection";
    case Blow::database: return "database";
    case Blow::partition: return "partition";
    case Blow::standby: return "standby";
  }
  return "";
}

NodesOutcome run_nodes(NodesOptions const& options, std::ostream& out) {
  return Run(options, out).run();
}

}  // namespace bihuan::crash
