// SPDX-License-Identifier: Apache-2.0
#include "engine/core/organisation.hpp"

#include <algorithm>

#include "engine/core/definition_parse.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan {

std::vector<std::string_view> const& Organisation::kinds() {
  static std::vector<std::string_view> const all{"administrative", "township",    "police",     "procuratorate",
                                                 "court",          "supervision", "leadership", "discipline",
                                                 "organization",   "intake"};
  return all;
}

Result<Organisation> Organisation::parse(OrderedJson const& document) {
  Refusals faults;
  Organisation organisation;
  Reader reader(document, "", faults);
  (void)reader.find("$schema");
  if (auto const* const district = reader.find("district")) {
    Reader member(*district, "/district", faults);
    organisation.district_code_ = member.text("code");
    (void)member.bilingual_or("title", {});
    member.finish();
  } else {
    reader.fault(Code::missing, "district", {{"name", "district"}});
  }
  reader.elements("units", [&](std::size_t, Reader& member) {
    OrganisationUnit unit;
    unit.id = member.text("id");
    parsing::check_identifier(unit.id, pointer_to(member.pointer(), "id"), faults);
    unit.title = member.bilingual("title");
    if (!member.find("kind")) member.fault(Code::missing, "kind", {{"name", "kind"}});
    unit.kind = member.choice("kind", kinds(), "administrative");
    unit.parent = member.text_or("parent", "");
    unit.dissolved = member.boolean_or("dissolved", false);
    unit.note = member.bilingual_or("note", {});
    member.finish();
    if (!organisation.by_id_.emplace(unit.id, organisation.units_.size()).second)
      member.fault(Code::name_clash, "id", {{"name", unit.id}, {"kind", message("kind.unit")}});
    organisation.units_.push_back(std::move(unit));
  });
  reader.finish();
  for (std::size_t index = 0; index < organisation.units_.size(); ++index) {
    auto const pointer = pointer_to(pointer_to(pointer_to("", "units"), index), "parent");
    if (auto fault = organisation.fault_above(organisation.units_[index], pointer)) faults.push_back(std::move(*fault));
  }
  if (!faults.empty()) return refused(std::move(faults));
  return organisation;
}

Result<Organisation> Organisation::with(std::vector<OrganisationUnit> const& units) const {
  Refusals faults;
  auto changed = *this;
  for (auto const& unit : units) {
    parsing::check_identifier(unit.id, "/id", faults);
    auto const [place, added] = changed.by_id_.emplace(unit.id, changed.units_.size());
    if (added) changed.units_.emplace_back();
    changed.units_[place->second] = unit;
  }
  for (auto const& unit : units) {
    if (auto fault = changed.fault_above(unit, "/parent")) faults.push_back(std::move(*fault));
  }
  if (!faults.empty()) return refused(std::move(faults));
  return changed;
}

std::optional<Refusal> Organisation::fault_above(OrganisationUnit const& unit, std::string const& pointer) const {
  auto const* parent = find(unit.parent);
  if (!parent && !unit.parent.empty()) return refusal(Code::unknown_unit, pointer, {{"name", unit.parent}});
  // A chain of parents longer than there are units goes round in a circle.
  std::size_t steps = 0;
  while (parent && ++steps <= units_.size()) parent = find(parent->parent);
  if (parent) return refusal(Code::opens_for_ever, pointer, {{"path", unit.id}});
  return std::nullopt;
}

OrganisationUnit const* Organisation::find(std::string_view id) const {
  auto const found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &units_[found->second];
}

OrganisationUnit const* Organisation::find_standing(std::string_view id) const {
  auto const* const unit = find(id);
  return unit && !unit->dissolved ? unit : nullptr;
}

OrganisationUnit const* Organisation::only_of_kind(std::string_view kind) const {
  OrganisationUnit const* only = nullptr;
  for (auto const& unit : units_) {
    if (unit.kind != kind || unit.dissolved) continue;
    if (only) return nullptr;
    only = &unit;
  }
  return only;
}

Text Organisation::title_of(std::string_view id) const {
  auto const* const unit = find(id);
  return unit ? unit->title : Text{std::string(id), std::string(id)};
}

}  // namespace bihuan
