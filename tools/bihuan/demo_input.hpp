// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "engine/core/calendar.hpp"
#include "engine/core/definition.hpp"
#include "engine/core/organisation.hpp"
#include "tools/bihuan/demo_words.hpp"

namespace bihuan {

// Likely values for what an action asks, made from the definition alone. Guards may still refuse them: then
// another attempt is made, each bolder in what it fills in and nearer with its dates.
class DemoInput {
 public:
  DemoInput(Definition const& definition, Organisation const& organisation, Zone const& zone, DemoWords const& words,
            DemoRandom& random, std::set<std::string> const& staffed_units)
      : definition_(definition),
        organisation_(organisation),
        zone_(zone),
        words_(words),
        random_(random),
        staffed_units_(staffed_units) {}

  // `other_case` names a case that a case_ref may point at; empty when there is none.
  [[nodiscard]] Json fill(Input const& input, DemoMatter const& matter, Instant now, int attempt,
                          std::string const& other_case) const;

 private:
  [[nodiscard]] Json field(Field const& field, DemoMatter const& matter, Instant now, int attempt,
                           std::string const& other_case) const;
  [[nodiscard]] Json one(Field const& field, DemoMatter const& matter, Instant now, int attempt,
                         std::string const& other_case) const;
  [[nodiscard]] Json choice(Field const& field, DemoMatter const& matter) const;
  [[nodiscard]] Json number(Field const& field, Instant now) const;
  [[nodiscard]] Json date(Field const& field, Instant now, int attempt) const;
  [[nodiscard]] Json party(PartyKind const& party, DemoMatter const& matter) const;

  Definition const& definition_;
  Organisation const& organisation_;
  Zone const& zone_;
  DemoWords const& words_;
  DemoRandom& random_;
  std::set<std::string> const& staffed_units_;
};

}  // namespace bihuan
