// SPDX-License-Identifier: Apache-2.0
#include "engine/service/units.hpp"

#include <algorithm>

#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan {
namespace {

constexpr std::size_t title_limit = 200;  // bytes

Refusals faults_of(OrganisationUnit const& unit) {
  Refusals faults;
  auto const check_title = [&](std::string const& title, std::string const& pointer) {
    if (title.empty()) faults.push_back(refusal(Code::missing, pointer, {{"name", pointer.substr(1)}}));
    if (auto fault = check_text(title, title_limit, pointer)) faults.push_back(std::move(*fault));
  };
  check_title(unit.title.zh, "/title/zh");
  check_title(unit.title.en, "/title/en");
  if (std::ranges::find(Organisation::kinds(), unit.kind) == Organisation::kinds().end()) {
    std::string choices;
    for (auto const kind : Organisation::kinds()) choices += (choices.empty() ? "" : ", ") + std::string(kind);
    faults.push_back(refusal(Code::not_a_choice, "/kind", {{"value", unit.kind}, {"choices", choices}}));
  }
  return faults;
}

OrganisationUnit changed(OrganisationUnit unit, Units::Change const& change) {
  if (change.title) unit.title = *change.title;
  if (change.kind) unit.kind = *change.kind;
  if (change.parent) unit.parent = *change.parent;
  if (change.dissolved) unit.dissolved = *change.dissolved;
  unit.note = {};  // it was about what the administrator has now put right
  return unit;
}

}  // namespace

Result<KeptUnit> Units::add(OrganisationUnit const& unit) {
  std::scoped_lock const lock(changing_);
  if (library_.organisation().find(unit.id))
    return refused(refusal(Code::name_clash, "/id", {{"name", unit.id}, {"kind", message("kind.unit")}}));
  return keep(unit, 0);
}

Result<KeptUnit> Units::change(std::string const& id, Change const& change,
                               std::optional<std::int64_t> expected_revision) {
  std::scoped_lock const lock(changing_);
  auto const before = find(id);
  if (!before) return refused(refusal(Code::not_found, {}));
  if (expected_revision && *expected_revision != before->revision)
    return refused(stale_version("/header/If-Match", *expected_revision, before->revision));
  auto const after = changed(before->unit, change);
  if (after.dissolved && !before->unit.dissolved) {
    if (auto fault = why_not_dissolve(after)) return refused(std::move(*fault));
  }
  return keep(after, before->revision);
}

Result<KeptUnit> Units::keep(OrganisationUnit const& unit, std::int64_t expected_revision) {
  if (auto faults = faults_of(unit); !faults.empty()) return refused(std::move(faults));
  auto organisation = library_.organisation().with({unit});
  if (!organisation) return refused(organisation.error());
  auto kept = store_.units().put(unit, expected_revision);
  if (kept) library_.put_organisation(std::move(*organisation));
  return kept;
}

// Whatever a unit holds would be nobody's: it is given to others first.
std::optional<Refusal> Units::why_not_dissolve(OrganisationUnit const& unit) {
  auto const because = [&](std::string_view detail) {
    return refusal(Code::unit_in_use, {}, {{"unit", unit.title}, {"detail", message(detail)}});
  };
  if (std::ranges::any_of(store_.people().list_people(),
                          [&](Person const& person) { return person.active && person.unit == unit.id; }))
    return because("unit.has_people");
  if (std::ranges::any_of(library_.organisation().units(),
                          [&](OrganisationUnit const& other) { return !other.dissolved && other.parent == unit.id; }))
    return because("unit.has_units_below");
  CaseQuery query;
  query.unit = unit.id;
  query.final = false;
  query.limit = 1;
  auto const open = store_.cases().list(query, Visibility::of_everything(), clock_());
  if (!open) return open.error().front();
  if (!open->items.empty()) return because("unit.has_open_cases");
  return std::nullopt;
}

std::optional<KeptUnit> Units::find(std::string const& id) {
  auto const all = list();
  auto const found = std::ranges::find(all, id, [](KeptUnit const& kept) { return kept.unit.id; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

std::vector<KeptUnit> Units::list() {
  auto const kept = store_.units().all();
  std::vector<KeptUnit> all;
  for (auto const& unit : library_.organisation().units()) {
    auto const own = std::ranges::find(kept, unit.id, [](KeptUnit const& one) { return one.unit.id; });
    all.push_back({.unit = unit, .revision = own == kept.end() ? 0 : own->revision});
  }
  return all;
}

}  // namespace bihuan
