// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include "engine/core/time.hpp"
#include "tools/bench/advance_and_read.hpp"
#include "tools/bench/chart.hpp"
#include "tools/bench/lists.hpp"
#include "tools/bench/population.hpp"
#include "tools/bench/postgres.hpp"

namespace {

namespace fs = std::filesystem;
using namespace bihuan;
using namespace bihuan::bench;

// On the disk that is measured, gone with the run.
class Scratch {
 public:
  explicit Scratch(fs::path const& above) {
    fs::create_directories(above);
    auto name = (above / "bihuan-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory can be made in " + above.string());
    path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(Scratch const&) = delete;
  Scratch& operator=(Scratch const&) = delete;
  [[nodiscard]] fs::path const& path() const { return path_; }

 private:
  fs::path path_;
};

constexpr char const* advances = "advances";
constexpr char const* lists = "lists";
constexpr char const* on_postgres = "postgres";

struct Options {
  bool quick = false;
  std::string only;
  fs::path json;
  fs::path chart;
  std::size_t cases = 0;  // of the large store; 0: the usual number
  double sync_ms = 0;     // that each sync takes longer
  fs::path directory = fs::current_path();
};

// Begins anew with what delays syncs in this process and all that it starts; returns when that is so already.
void delay_syncs(double milliseconds, char** arguments) {
  constexpr char delay[] = "BIHUAN_BENCH_SYNC_MS";
  if (milliseconds <= 0 || ::getenv(delay) != nullptr) return;
  ::setenv(delay, fmt::format("{}", milliseconds).c_str(), 1);
  ::setenv("LD_PRELOAD", BIHUAN_SLOW_SYNC, 1);
  ::execv("/proc/self/exe", arguments);
  throw std::runtime_error("the bench cannot be started with slower syncs");
}

void run(Options const& options) {
  Scratch const scratch(options.directory);
  Pace const pace = options.quick ? Pace{.round = std::chrono::milliseconds(800), .rounds = 3} : Pace{};
  Conditions conditions{.started = format_utc(wall_clock()),
                        .quick = options.quick,
                        .sync_ms = options.sync_ms,
                        .cores = std::thread::hardware_concurrency(),
                        .load_before = load_average(),
                        .load_after = {}};
  std::vector<Line> results;
  auto const wanted = [&](std::string_view part) { return options.only.empty() || options.only == part; };
  if (wanted(advances)) results = measure_advance_and_read(scratch.path(), pace, options.quick ? 4'000 : 20'000);
  if (wanted(on_postgres))
    std::ranges::move(measure_postgres(scratch.path(), pace, options.quick ? 4'000 : 20'000),
                      std::back_inserter(results));
  if (wanted(lists)) {
    auto const many = options.cases > 0 ? options.cases : options.quick ? std::size_t{100'000} : std::size_t{1'000'000};
    std::ranges::move(measure_lists(scratch.path(), pace, 10'000, many, options.quick ? 5'000 : 100'000),
                      std::back_inserter(results));
  }
  conditions.load_after = load_average();
  std::cout << table(conditions, results);
  if (!options.json.empty()) std::ofstream(options.json) << to_json(conditions, results).dump(2) << '\n';
  if (!options.chart.empty()) std::ofstream(options.chart) << chart(conditions, results);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures Bihuan against the least that its hardware and libraries could do, as ratios of one run");
  Options options;
  app.add_flag("--quick", options.quick, "Short rounds and a tenth of the cases: does it work, not how fast is it");
  app.add_option("--only", options.only, "One part of it")->check(CLI::IsMember({advances, on_postgres, lists}));
  app.add_option("--json", options.json, "Writes the results to this file as well");
  app.add_option("--chart", options.chart, "Draws the ratios into this SVG file");
  app.add_option("--cases", options.cases, "Of the large store, instead of a million; ten million need 110 GB");
  app.add_option("--directory", options.directory, "On the disk to measure; needs 11 GB, quick 2 GB")
      ->capture_default_str();
  app.add_option("--sync-ms", options.sync_ms, "Each sync takes so much longer, as on a slower disk");
  CLI11_PARSE(app, argc, argv);
  try {
    delay_syncs(options.sync_ms, argv);
    run(options);
  } catch (std::exception const& fault) {
    std::cerr << "bihuan_bench: " << fault.what() << '\n';
    return 1;
  }
  return 0;
}
