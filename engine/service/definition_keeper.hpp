// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/service/case_service.hpp"
#include "engine/service/library.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

// A definition as somebody has written it, with the stories that it is to pass.
struct DefinitionDraft {
  std::string text;
  // Absent: those of the version that is in force.
  std::optional<std::vector<ScenarioText>> scenarios{};
};

struct PlayedScenario {
  std::string name;
  Text title;
  std::size_t steps = 0;
  Refusals faults;  // by pointer into the scenario
};

struct DefinitionVerdict {
  std::optional<Definition> definition;   // when it could be read
  Refusals faults;                        // by pointer into the text; of other workflows they begin with WORKFLOW#
  std::vector<PlayedScenario> scenarios;  // nothing is played over a definition with faults
  std::vector<ScenarioText> played_texts;
  // Who would read all of its cases and does not now: what a change of a definition does unseen otherwise.
  std::vector<Text> readers_added;
  [[nodiscard]] bool passed() const;
};

// A version as the list of them shows it.
struct KnownVersion {
  Definition const* definition = nullptr;
  bool in_force = false;    // new cases open with it
  bool saved_here = false;  // else it comes from the directory
  std::string saved_by{};
  std::optional<Instant> saved_at{};
  std::int64_t open_cases = 0;
};

struct WrittenDefinition {
  std::string text;
  std::vector<ScenarioText> scenarios;
};

// The definitions as an administrator changes them: checked like `bihuan check` does, saved as a further version when
// they are sound and their stories pass, and never replaced. Who may call what is not decided here. Safe to call from
// any thread.
class DefinitionKeeper {
 public:
  using StoreMaker = std::function<std::unique_ptr<Store>()>;

  // `make_store` gives an empty store for one story; it need not be durable.
  DefinitionKeeper(Store& store, Library& library, Clock clock, StoreMaker make_store)
      : store_(store), library_(library), clock_(std::move(clock)), make_store_(std::move(make_store)) {}

  // `play`: the scenarios as well. One at a time over all callers.
  [[nodiscard]] DefinitionVerdict check(DefinitionDraft const& draft, bool play);

  // From now on new cases open with it. Refused with the definition's faults, scenarios_missing, scenario_failed,
  // version_in_use or version_not_newer; the same again is the same.
  [[nodiscard]] Result<Definition const*> save(DefinitionDraft const& draft, Actor const& actor);

  // Newest first. Empty for a workflow that is not known.
  [[nodiscard]] std::vector<KnownVersion> versions(std::string const& workflow);
  [[nodiscard]] std::optional<WrittenDefinition> written(std::string const& workflow, std::string const& version);

 private:
  struct Saved;
  [[nodiscard]] std::vector<Saved> saved();
  [[nodiscard]] std::vector<ScenarioText> scenarios_in_force(std::string const& workflow);
  [[nodiscard]] Result<Library> trial_of(DefinitionDraft const& draft, DefinitionVerdict& verdict) const;
  [[nodiscard]] Refusals compare_readers(DefinitionVerdict& verdict) const;
  void play(std::vector<ScenarioText> const& scenarios, Library const& trial, DefinitionVerdict& verdict);
  [[nodiscard]] std::optional<Refusal> why_no_version(Definition const& definition) const;

  Store& store_;
  Library& library_;
  Clock clock_;
  StoreMaker make_store_;
  std::mutex playing_;  // stories take seconds of a core: one after another
  std::mutex saving_;
};

}  // namespace bihuan
