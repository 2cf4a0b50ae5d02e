// SPDX-License-Identifier: Apache-2.0
#include "engine/service/definition_keeper.hpp"

#include <algorithm>
#include <map>

#include "engine/core/message.hpp"
#include "engine/service/kept_rows.hpp"
#include "engine/service/scenario.hpp"

namespace bihuan {
namespace {

constexpr std::size_t most_scenarios = 200;

Text in_both(std::string const& text) {
  return {text, text};
}

// "2" for "1", "10" for "9"; what is no number gets one more.
std::string after(std::string const& version) {
  bool const number = !version.empty() && version.size() < 10 &&
                      std::all_of(version.begin(), version.end(), [](char c) { return c >= '0' && c <= '9'; });
  return number ? std::to_string(std::stoul(version) + 1) : version + "1";
}

std::string workflow_of(OrderedJson const& document) {
  auto const named = document.is_object() ? document.find("workflow") : document.end();
  return document.is_object() && named != document.end() && named->is_string() ? named->get<std::string>()
                                                                               : std::string();
}

PlayedScenario play_one(ScenarioText const& scenario, std::string const& workflow, Library const& library,
                        DefinitionKeeper::StoreMaker const& make_store) {
  PlayedScenario played{.name = scenario.name, .title = {}, .steps = 0, .faults = {}};
  auto const document = parse_ordered_json(scenario.text);
  if (!document) {
    played.faults = document.error();
    return played;
  }
  if (auto const named = workflow_of(*document); named != workflow) {
    played.faults.push_back(
        refusal(Code::expectation_failed, "/workflow", {{"expected", in_both(workflow)}, {"found", in_both(named)}}));
    return played;
  }
  auto report = run_scenario(*document, library, make_store);
  played.title = std::move(report.title);
  played.steps = report.steps;
  played.faults = std::move(report.faults);
  return played;
}

Json to_json(std::vector<ScenarioText> const& scenarios) {
  Json all = Json::array();
  for (auto const& scenario : scenarios) all.push_back({{"name", scenario.name}, {"text", scenario.text}});
  return all;
}

}  // namespace

bool DefinitionVerdict::passed() const {
  return definition && faults.empty() && !scenarios.empty() &&
         std::all_of(scenarios.begin(), scenarios.end(), [](auto const& s) { return s.faults.empty(); });
}

// What was written beside a version when it was saved here.
struct DefinitionKeeper::Saved {
  std::string workflow;
  std::string version;
  std::string hash;
  std::string by;
  Instant at{};
  std::vector<ScenarioText> scenarios;
};

std::vector<DefinitionKeeper::Saved> DefinitionKeeper::saved() {
  std::vector<Saved> all;
  for (auto const& row : store_.definitions().all()) {
    if (!row.id.starts_with(kept::saved)) continue;
    auto const body = Json::parse(row.text);
    Saved one{.workflow = row.id.substr(kept::saved.size()),
              .version = row.version,
              .hash = row.hash,
              .by = body.at("by"),
              .at = parse_instant(body.at("at").get_ref<std::string const&>()).value(),
              .scenarios = {}};
    for (auto const& scenario : body.at("scenarios"))
      one.scenarios.push_back({scenario.at("name"), scenario.at("text")});
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<ScenarioText> DefinitionKeeper::scenarios_in_force(std::string const& workflow) {
  auto const* const current = library_.current(workflow);
  for (auto& one : saved()) {
    if (current && one.workflow == workflow && one.version == current->version && one.hash == current->hash)
      return std::move(one.scenarios);
  }
  return library_.scenarios_of(workflow);
}

Result<Library> DefinitionKeeper::trial_of(DefinitionDraft const& draft, DefinitionVerdict& verdict) const {
  auto const document = parse_ordered_json(draft.text);
  auto definition = document ? read_definition(*document) : refused(document.error());
  if (!definition) return refused(definition.error());
  verdict.definition = *definition;
  auto faults = compare_readers(verdict);
  auto trial = library_.with(std::move(*definition));
  if (!trial) append(faults, trial.error());
  if (!faults.empty()) return refused(std::move(faults));
  return trial;
}

// Sight follows what is in force, for cases of older versions too. Who keeps definitions may not let themselves in.
Refusals DefinitionKeeper::compare_readers(DefinitionVerdict& verdict) const {
  auto const& definition = *verdict.definition;
  auto const* const current = library_.current(definition.id);
  auto const reads_now = [&](Grant const& grant) {
    return current && std::any_of(current->readers.begin(), current->readers.end(), [&](Grant const& known) {
             return known.party == grant.party && known.role == grant.role && known.unit_kinds == grant.unit_kinds;
           });
  };
  Refusals faults;
  for (std::size_t i = 0; i < definition.readers.size(); ++i) {
    auto const& grant = definition.readers[i];
    if (reads_now(grant)) continue;
    verdict.readers_added.push_back(describe({grant}, definition));
    if (grant.role == "admin" || (grant.role.empty() && grant.party.empty()))
      faults.push_back(refusal(Code::roles_conflict, pointer_to("/readers", i),
                               {{"name", role_title("admin")}, {"other", message("definition.reader")}}));
  }
  return faults;
}

void DefinitionKeeper::play(std::vector<ScenarioText> const& scenarios, Library const& trial,
                            DefinitionVerdict& verdict) {
  std::scoped_lock const lock(playing_);
  verdict.played_texts = scenarios;
  for (auto const& scenario : scenarios)
    verdict.scenarios.push_back(play_one(scenario, verdict.definition->id, trial, make_store_));
}

DefinitionVerdict DefinitionKeeper::check(DefinitionDraft const& draft, bool play) {
  DefinitionVerdict verdict;
  if (draft.scenarios && draft.scenarios->size() > most_scenarios) {
    verdict.faults.push_back(
        refusal(Code::too_large, "/scenarios", {{"limit", in_both(std::to_string(most_scenarios))}}));
    return verdict;
  }
  auto const trial = trial_of(draft, verdict);
  if (!trial)
    verdict.faults = trial.error();
  else if (play)
    this->play(draft.scenarios ? *draft.scenarios : scenarios_in_force(verdict.definition->id), *trial, verdict);
  return verdict;
}

std::optional<Refusal> DefinitionKeeper::why_no_version(Definition const& definition) const {
  auto const* const known = library_.find(definition.id, definition.version);
  auto const* const current = library_.current(definition.id);
  auto const next = after(current ? current->version : definition.version);
  if (known && known->hash != definition.hash)
    return refusal(Code::version_in_use, "/version",
                   {{"workflow", definition.id}, {"version", definition.version}, {"next", next}});
  if (current && !is_older_version(current->version, definition.version))
    return refusal(
        Code::version_not_newer, "/version",
        {{"workflow", definition.id}, {"version", definition.version}, {"current", current->version}, {"next", next}});
  return std::nullopt;
}

Result<Definition const*> DefinitionKeeper::save(DefinitionDraft const& draft, Actor const& actor) {
  auto verdict = check(draft, false);
  if (!verdict.faults.empty()) return refused(std::move(verdict.faults));
  auto const id = verdict.definition->id;
  auto const version = verdict.definition->version;
  auto const hash = verdict.definition->hash;
  auto const same_in_force = [&]() -> Definition const* {
    auto const* const known = library_.find(id, version);
    auto const* const current = library_.current(id);
    bool const in_force = current && !is_older_version(current->version, version);
    return known && known->hash == hash && in_force ? known : nullptr;
  };
  if (auto const* const known = same_in_force()) return known;
  if (auto fault = why_no_version(*verdict.definition)) return refused(std::move(*fault));
  auto const scenarios = draft.scenarios ? *draft.scenarios : scenarios_in_force(id);
  verdict = check({draft.text, scenarios}, true);
  if (verdict.scenarios.empty()) return refused(refusal(Code::scenarios_missing, "/scenarios", {{"workflow", id}}));
  Refusals failed;
  for (auto const& played : verdict.scenarios) {
    if (played.faults.empty()) continue;
    auto const& first = played.faults.front();
    failed.push_back(
        refusal(Code::scenario_failed, pointer_to("/scenarios", played.name),
                {{"name", played.name},
                 {"detail", Text{first.pointer + " " + first.text.zh, first.pointer + " " + first.text.en}}}));
  }
  if (!failed.empty()) return refused(std::move(failed));

  std::scoped_lock const lock(saving_);
  if (auto const* const known = same_in_force()) return known;
  if (auto fault = why_no_version(*verdict.definition)) return refused(std::move(*fault));
  store_.definitions().put({id, version, hash, draft.text});
  // Only now is it saved: a definition without this row is left over, and nothing opens with it.
  Json const beside{{"by", actor.person}, {"at", format_utc(clock_())}, {"scenarios", to_json(scenarios)}};
  store_.definitions().put({std::string(kept::saved) + id, version, hash, canonical(beside)});
  auto faults = library_.add(std::move(*verdict.definition));
  // Whoever met a case of it, or heard of the first row, has learnt of it already; the second says that it is in force.
  if (!faults.empty()) library_.learn();
  auto const* const known = library_.find(id, version);
  if (!known || known->hash != hash) return refused(std::move(faults));
  return known;
}

std::vector<KnownVersion> DefinitionKeeper::versions(std::string const& workflow) {
  std::map<std::string, std::int64_t> open;
  for (auto const& counted : store_.cases().open_in_states(workflow)) open[counted.version] += counted.cases;
  auto const here = saved();
  auto const* const current = library_.current(workflow);
  std::vector<KnownVersion> versions;
  for (auto const* const definition : library_.versions_of(workflow)) {
    KnownVersion known{
        .definition = definition, .in_force = definition == current, .open_cases = open[definition->version]};
    for (auto const& one : here) {
      if (one.workflow != workflow || one.version != definition->version || one.hash != definition->hash) continue;
      known.saved_here = true;
      known.saved_by = one.by;
      known.saved_at = one.at;
    }
    versions.push_back(std::move(known));
  }
  std::reverse(versions.begin(), versions.end());
  return versions;
}

std::optional<WrittenDefinition> DefinitionKeeper::written(std::string const& workflow, std::string const& version) {
  auto const* const definition = library_.find(workflow, version);
  if (!definition) return std::nullopt;
  WrittenDefinition written{.text = definition->source.dump(2) + "\n", .scenarios = library_.scenarios_of(workflow)};
  for (auto& one : saved()) {
    if (one.workflow != workflow || one.version != version || one.hash != definition->hash) continue;
    written.scenarios = std::move(one.scenarios);
    for (auto& row : store_.definitions().all()) {
      if (row.id == workflow && row.version == version) written.text = std::move(row.text);
    }
  }
  return written;
}

}  // namespace bihuan
