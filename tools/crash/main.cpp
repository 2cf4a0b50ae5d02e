// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>
#include <map>
#include <random>

#include "tools/crash/fault_run.hpp"
#include "tools/crash/kill_run.hpp"
#include "tools/crash/limit_run.hpp"
#include "tools/crash/nodes_run.hpp"
#include "tools/crash/simulation.hpp"

namespace {

using namespace bihuan::crash;

// Without a seed each run is another; the seed is told first, so that a run can be made again.
void settle_seed(std::uint64_t& seed) {
  if (seed == 0) seed = std::random_device{}();
  std::cout << "seed " << seed << std::endl;
}

int kill(KillOptions options) {
  settle_seed(options.seed);
  auto const outcome = run_kill(options, std::cout);
  std::cout << outcome.rounds << " kills (" << outcome.before_ready << " before it served), " << outcome.acknowledged
            << " acknowledged steps, " << outcome.uploads << " uploads, " << outcome.unacknowledged
            << " unanswered at a kill and there, " << outcome.asked_again << " asked again, " << outcome.faults
            << " faults\n";
  return outcome.faults == 0 ? 0 : 1;
}

int faults(FaultOptions options) {
  settle_seed(options.first);
  auto const outcome = run_faults(options, std::cout);
  auto const& kinds = outcome.of_trouble;
  std::cout << outcome.seeds << " seeds (" << kinds[0] << " errors, " << kinds[1] << " full, " << kinds[2] << " kill, "
            << kinds[3] << " power cut, " << kinds[4] << " lying), " << outcome.disk.operations << " operations, "
            << outcome.disk.failures << " failures, " << outcome.disk.dropped << " writes dropped, "
            << outcome.disk.torn << " torn\n"
            << outcome.acknowledged << " acknowledged steps, " << outcome.uploads << " uploads, " << outcome.refused
            << " refused by a fault, " << outcome.unacknowledged << " of them there, " << outcome.not_opened
            << " openings refused, " << outcome.recovered << " stores that worked on after faults\n"
            << "lying disks: " << outcome.lies_named << " stores refused or faults named, " << outcome.lost_to_lies
            << " acknowledged steps lost unseen\n"
            << outcome.faults << " faults\n";
  return outcome.faults == 0 ? 0 : 1;
}

int limits(LimitOptions options) {
  settle_seed(options.seed);
  auto const faults = run_limits(options, std::cout);
  std::cout << faults << " faults\n";
  return faults == 0 ? 0 : 1;
}

int nodes(NodesOptions options) {
  settle_seed(options.seed);
  auto const outcome = run_nodes(options, std::cout);
  std::cout << outcome.rounds << " blows (";
  for (auto const blow : all_blows)
    std::cout << (blow == all_blows.front() ? "" : ", ") << outcome.of_blow[static_cast<std::size_t>(blow)] << " "
              << name_of(blow);
  std::cout << "), " << outcome.acknowledged << " acknowledged steps, " << outcome.uploads << " uploads, "
            << outcome.put_off << " put off, " << outcome.asked_again << " asked again, " << outcome.unacknowledged
            << " unanswered and there, " << outcome.rungs << " rungs fired\n"
            << "back after " << outcome.longest_back.count() << " ms at most; cut off, 503 after "
            << outcome.longest_answer.count() << " ms at most\n"
            << outcome.faults << " faults\n";
  return outcome.faults == 0 ? 0 : 1;
}

int simulate(SimulationOptions options) {
  settle_seed(options.first);
  auto const outcome = run_simulation(options, std::cout);
  std::cout << outcome.seeds << " seeds, " << outcome.openings << " openings of a store, " << outcome.cases
            << " cases, " << outcome.events << " events\n"
            << outcome.thought_of << " steps thought of, " << outcome.taken << " taken, " << outcome.refused
            << " refused by rules, " << outcome.faulted << " by the disk, " << outcome.swept << " cases swept, "
            << outcome.recurred << " opened by themselves, " << outcome.views << " views through every door\n"
            << outcome.disk.operations << " operations of the disk, " << outcome.disk.failures << " failures, "
            << outcome.disk.dropped << " writes dropped, " << outcome.disk.torn << " torn\n"
            << outcome.faults << " faults\n";
  return outcome.faults == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App app{"Runs that hurt Bihuan and look what is left"};
  app.require_subcommand(1);
  std::function<int()> chosen;
  auto const with_seed = [](CLI::App* verb, std::uint64_t& seed) {
    verb->add_option("--seed", seed, "0 takes a random one");
    return verb;
  };

  static KillOptions kill_options{.seed = 0};
  auto* const killing = with_seed(app.add_subcommand("kill", "kill -9 under load, again and again"), kill_options.seed);
  killing->add_option("--rounds", kill_options.rounds)->capture_default_str();
  killing->add_option("--program", kill_options.program, "Another bihuan than the one built with this");
  killing->callback([&] { chosen = [] { return kill(kill_options); }; });

  static FaultOptions fault_options{.first = 0};
  auto* const failing =
      with_seed(app.add_subcommand("faults", "A store on a disk that fails, tears and lies"), fault_options.first);
  failing->add_option("--seeds", fault_options.seeds, "From the seed on")->capture_default_str();
  failing->add_option("--only", fault_options.only, "One kind of trouble")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Trouble>{{"errors", Trouble::errors},
                                                                         {"full", Trouble::full},
                                                                         {"kill", Trouble::kill},
                                                                         {"power-cut", Trouble::power_cut},
                                                                         {"lying", Trouble::lying}}));
  failing->add_option("--processes", fault_options.processes, "0 goes by the machine");
  failing->callback([&] { chosen = [] { return faults(fault_options); }; });

  static LimitOptions limit_options{.seed = 0};
  auto* const limiting =
      with_seed(app.add_subcommand("limits", "No more room, descriptors or memory under load"), limit_options.seed);
  limiting->add_option("--program", limit_options.program, "Another bihuan than the one built with this");
  limiting->callback([&] { chosen = [] { return limits(limit_options); }; });

  static NodesOptions nodes_options{.seed = 0};
  static std::vector<Blow> only;
  auto* const striking =
      with_seed(app.add_subcommand("nodes", "Three nodes on one PostgreSQL that lose each other, it, or the way to it"),
                nodes_options.seed);
  striking->add_option("--rounds", nodes_options.rounds)->capture_default_str();
  striking->add_option("--program", nodes_options.program, "Another bihuan than the one built with this");
  std::map<std::string, Blow> named;
  for (auto const blow : all_blows) named.emplace(name_of(blow), blow);
  striking->add_option("--only", only, "These kinds of blow")->transform(CLI::CheckedTransformer(named));
  striking->callback([&] {
    if (!only.empty()) nodes_options.blows = only;
    chosen = [] { return nodes(nodes_options); };
  });

  static SimulationOptions simulation_options{.first = 0};
  auto* const simulating = with_seed(
      app.add_subcommand("simulate", "Random people on a faulty disk and a jumping clock"), simulation_options.first);
  simulating->add_option("--seeds", simulation_options.seeds, "From the seed on")->capture_default_str();
  simulating->add_option("--processes", simulation_options.processes, "0 goes by the machine");
  simulating->callback([&] { chosen = [] { return simulate(simulation_options); }; });

  CLI11_PARSE(app, count, arguments);
  return chosen();
}
