// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/json.hpp"
#include "engine/core/result.hpp"

namespace bihuan {

struct OrganisationUnit {
  std::string id;
  Text title;
  std::string kind;
  std::string parent;      // empty at the root
  bool dissolved = false;  // still named in what it did; takes no new part
  Text note{};             // what the directory says about it, until an administrator changes the unit

  bool operator==(OrganisationUnit const&) const = default;
};

// The units of a district as a tree. Immutable; safe to share.
class Organisation {
 public:
  // {"district": {"code","title"}, "units": [{"id","title":{zh,en},"kind","parent","dissolved","note":{zh,en}}]};
  // faults by JSON pointer.
  static Result<Organisation> parse(OrderedJson const& document);

  // This organisation with the units added, or each in the place of the one of its id. Where they stand is looked at
  // when all are in place; faults by pointer into the unit.
  [[nodiscard]] Result<Organisation> with(std::vector<OrganisationUnit> const& units) const;

  [[nodiscard]] std::string const& district_code() const { return district_code_; }
  [[nodiscard]] OrganisationUnit const* find(std::string_view id) const;
  // The same, without those that were dissolved.
  [[nodiscard]] OrganisationUnit const* find_standing(std::string_view id) const;
  // The only standing unit of that kind, or nullptr when there is none or more than one.
  [[nodiscard]] OrganisationUnit const* only_of_kind(std::string_view kind) const;
  [[nodiscard]] std::vector<OrganisationUnit> const& units() const { return units_; }
  [[nodiscard]] Text title_of(std::string_view id) const;  // the id itself when unknown

  static std::vector<std::string_view> const& kinds();

 private:
  // No parent that is not there, and no circle.
  [[nodiscard]] std::optional<Refusal> fault_above(OrganisationUnit const& unit, std::string const& pointer) const;

  std::string district_code_;
  std::vector<OrganisationUnit> units_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
};

}  // namespace bihuan
