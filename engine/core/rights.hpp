// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/core/definition.hpp"
#include "engine/core/diagram.hpp"

namespace bihuan {

// Who somebody is to a case: the parts that their unit holds in it, the unit's kind, and one role.
struct Standing {
  std::set<std::string> parts;
  std::string unit_kind;
  std::string role;
};

// One action, and who may take it.
struct RightsRow {
  std::string action;
  Text title;
  std::string deadline;  // of extend, pause, resume
  std::vector<Grant> by;
  std::vector<Grant> confirm;  // another person has to confirm it; empty where one suffices
  bool own_part = false;       // for the part only that one's own unit holds
};

struct RightsState {
  std::string id;  // empty: whatever the state
  Text title;
  std::vector<RightsRow> rows;
};

// A definition read as rights alone: opening a case, each state with its transitions, and what can be done in
// any state. Says who may, not whether the case is ready for it: conditions, inputs and documents are left
// aside.
[[nodiscard]] std::vector<RightsState> rights_of(Definition const& definition);

// Do these grants let somebody of that standing act? A grant to a part is void for a unit that holds a part
// from which this one must be distinct.
[[nodiscard]] bool meets(Definition const& definition, std::vector<Grant> const& grants, Standing const& standing);

// The matrix: a row for each state and action, a column for each grant that the definition knows.
[[nodiscard]] std::string rights_text(Definition const& definition, Language language);
// A whole HTML document that needs nothing else.
[[nodiscard]] std::string rights_html(Definition const& definition, Language language);

}  // namespace bihuan
