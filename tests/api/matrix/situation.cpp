// SPDX-License-Identifier: Apache-2.0
#include "tests/api/matrix/situation.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <thread>

#include "engine/service/scenario.hpp"
#include "tests/support/test_store.hpp"

namespace bihuan::test {
namespace {

std::string key_of(Situation const& situation) {
  auto const& subject = situation.subject;
  std::string key = subject.state + " " + situation.next.action + " " + situation.next.input.dump();
  for (auto const& deadline : subject.deadlines) {
    key += " " + deadline.name + std::to_string(static_cast<int>(deadline.state)) +
           std::string(light_name(light_of(deadline, situation.now)));
  }
  for (auto const& [party, holders] : subject.parties) {
    key += " " + party;
    for (auto const& holder : holders) key += "/" + holder.unit;
  }
  for (auto const& pending : subject.pending) key += " ?" + pending.action;
  return key + subject.fields.dump();
}

class Collector {
 public:
  void take(ScenarioMoment const& moment) {
    Situation situation{.subject = moment.subject, .now = moment.now, .next = {}};
    if (moment.request) {
      situation.next = {
          .action = moment.request->action, .input = moment.request->input, .comment = moment.request->comment};
      for (auto const& [kind, hashes] : moment.request->documents) situation.next.documents[kind] = hashes.size();
    }
    if (!known_.insert(moment.subject.workflow + key_of(situation)).second) return;
    found[moment.subject.workflow].push_back(std::move(situation));
  }

  std::map<std::string, std::vector<Situation>> found;

 private:
  std::set<std::string> known_;
};

void play(std::filesystem::path const& file, Library const& library, Collector& collector) {
  auto const scratch = std::filesystem::temp_directory_path() / ("bihuan-matrix-" + make_id(Instant{}));
  auto const make_store = [&] { return open_test_store(scratch); };
  auto const story = read_json_file(file);
  CHECK_MESSAGE(story, file);
  if (story) {
    auto const observe = [&](ScenarioMoment const& moment) { collector.take(moment); };
    CHECK_MESSAGE(run_scenario(*story, library, make_store, observe).faults.empty(), file);
  }
  std::filesystem::remove_all(scratch);
}

}  // namespace

std::map<std::string, std::vector<Situation>> situations_of_all_stories(Library const& library) {
  auto const directory = std::filesystem::path(BIHUAN_SOURCE_DIR) / "workflows" / "scenarios";
  std::set<std::filesystem::path> const files{std::filesystem::directory_iterator(directory), {}};
  std::vector<std::filesystem::path> const stories(files.begin(), files.end());
  (void)tests_on_postgres();
  // Two at a time, each with half of them, so that the order is the same every time.
  Collector first;
  Collector second;
  {
    std::jthread const other([&] {
      for (std::size_t i = stories.size() / 2; i < stories.size(); ++i) play(stories[i], library, second);
    });
    for (std::size_t i = 0; i < stories.size() / 2; ++i) play(stories[i], library, first);
  }
  for (auto& [workflow, situations] : second.found) {
    auto& all = first.found[workflow];
    all.insert(all.end(), std::make_move_iterator(situations.begin()), std::make_move_iterator(situations.end()));
  }
  return std::move(first.found);
}

}  // namespace bihuan::test
