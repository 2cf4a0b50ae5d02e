// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/gauges.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/store/shared_store.hpp"
#include "tools/bihuan/last_backup.hpp"
#include "tools/bihuan/version.hpp"

namespace bihuan {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds good_for{30};

// The counts of one moment, for all gauges that are read together.
class OpenCases {
 public:
  explicit OpenCases(CaseService& cases) : cases_(cases) {}

  double count(std::string const& workflow, std::int64_t SummaryRow::*light) {
    std::scoped_lock const lock(mutex_);
    auto const now = cases_.now();
    if (now - counted_ >= good_for || now < counted_) {
      rows_ = cases_.store().cases().summary(SummaryBy::workflow, std::nullopt, Visibility::of_everything(), now);
      counted_ = now;
    }
    for (auto const& row : rows_) {
      if (row.key == workflow) return static_cast<double>(row.*light);
    }
    return 0;
  }

 private:
  CaseService& cases_;
  std::mutex mutex_;
  std::vector<SummaryRow> rows_;
  Instant counted_{};
};

double size_of(fs::path const& file) {
  std::error_code missing;
  auto const size = fs::file_size(file, missing);
  return missing ? 0 : static_cast<double>(size);
}

}  // namespace

void add_gauges(http::Metrics& metrics, CaseService& cases, ServeOptions const& options) {
  auto const open = std::make_shared<OpenCases>(cases);
  constexpr std::array<std::pair<char const*, std::int64_t SummaryRow::*>, 4> lights{{{"red", &SummaryRow::red},
                                                                                      {"yellow", &SummaryRow::yellow},
                                                                                      {"green", &SummaryRow::green},
                                                                                      {"grey", &SummaryRow::grey}}};
  for (auto const* definition : cases.library().current_definitions()) {
    for (auto const& [name, light] : lights) {
      metrics.add_gauge({.name = "cases_open",
                         .help = "Cases that are not closed, by their workflow and their light.",
                         .labels = "type=\"" + definition->id + "\",light=\"" + name + "\"",
                         .value = [open, id = definition->id, light = light] { return open->count(id, light); }});
    }
  }
  if (options.store.empty())
    metrics.add_gauge({.name = "sqlite_wal_bytes",
                       .help = "Size of the write-ahead log of the embedded database.",
                       .value = [file = options.data / "bihuan.db-wal"] { return size_of(file); }});
  metrics.add_gauge(
      {.name = "disk_free_bytes", .help = "Room on the disk that holds the data.", .value = [directory = options.data] {
         std::error_code ignored;
         return static_cast<double>(fs::space(directory, ignored).available);
       }});
  if (!options.backups.empty()) {
    metrics.add_gauge({.name = "backup_last_success_timestamp_seconds",
                       .help = "When the newest good backup was made; 0 when there is none.",
                       .value = [directory = options.backups] {
                         auto const made = last_backup(directory);
                         return made ? static_cast<double>(made->time_since_epoch().count()) : 0.0;
                       }});
  }
  metrics.add_gauge(
      {.name = "build_info", .help = "1, with what was built as labels.", .labels = build_labels(), .value = [] {
         return 1.0;
       }});
}

void add_replica_gauges(http::Metrics& metrics, Store& store) {
  auto* const shared = dynamic_cast<SharedStore*>(&store);
  if (!shared || !shared->replica_readings()) return;
  constexpr std::array<std::pair<char const*, std::int64_t ReplicaReadings::*>, 2> sides{
      {{"replica", &ReplicaReadings::there}, {"primary", &ReplicaReadings::here}}};
  for (auto const& [name, side] : sides) {
    metrics.add_gauge(
        {.name = "bihuan_replica_readings",
         .help = "Lists and reports since the start, by who answered: the replica, or the primary for it.",
         .labels = std::string("by=\"") + name + "\"",
         .value = [shared, side = side] {
           return static_cast<double>(shared->replica_readings().value_or(ReplicaReadings()).*side);
         }});
  }
}

}  // namespace bihuan
