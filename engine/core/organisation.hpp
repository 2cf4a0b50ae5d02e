// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
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
  std::string parent;  // empty at the root
};

// The units of a district as a tree. Immutable; safe to share.
class Organisation {
 public:
  // {"district": {"code","title"}, "units": [{"id","title":{zh,en},"kind","parent"}]}; faults by JSON
  // pointer.
  static Result<Organisation> parse(OrderedJson const& document);

  [[nodiscard]] std::string const& district_code() const { return district_code_; }
  [[nodiscard]] OrganisationUnit const* find(std::string_view id) const;
  // The only unit of that kind, or nullptr when there is none or more than one.
  [[nodiscard]] OrganisationUnit const* only_of_kind(std::string_view kind) const;
  [[nodiscard]] std::vector<OrganisationUnit> const& units() const { return units_; }
  [[nodiscard]] Text title_of(std::string_view id) const;  // the id itself when unknown

  static std::vector<std::string_view> const& kinds();

 private:
  std::string district_code_;
  std::vector<OrganisationUnit> units_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
};

}  // namespace bihuan
