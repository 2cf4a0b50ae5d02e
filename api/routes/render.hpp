// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/core/case.hpp"
#include "engine/core/decide.hpp"
#include "engine/core/definition.hpp"
#include "engine/core/event.hpp"
#include "engine/core/json.hpp"
#include "engine/core/result.hpp"
#include "engine/service/library.hpp"
#include "engine/store/store.hpp"

namespace bihuan::routes {

// The shapes in which the API gives the engine's values: the schemas of openapi.json. Members stand in the
// order in which a person reads them. Times carry the offset of the zone of the definition's calendar.

[[nodiscard]] OrderedJson render(Text const& text);
[[nodiscard]] OrderedJson render(Refusal const& refusal);
[[nodiscard]] OrderedJson render(Source const& source);
[[nodiscard]] OrderedJson render(OfferedAction const& offered);
[[nodiscard]] OrderedJson render(OrganisationUnit const& unit);
[[nodiscard]] OrderedJson render(Event const& event, Zone const& zone);
// Never the password's hash.
[[nodiscard]] OrderedJson render(Person const& person, Organisation const& organisation);

enum class Detail {
  whole,  // one case, by itself
  list,   // a line of a ledger: long texts cut
};
// The case without its actions, as far as the caller may read it: what CaseService::shown or a list gave.
// Lights are as of `now`.
[[nodiscard]] OrderedJson render(Case const& subject, Library const& library, Instant now, Detail detail);

// The zone in which a case's times are shown.
[[nodiscard]] Zone const& zone_of(Case const& subject, Library const& library);

// Characters of a text field that a list gives.
inline constexpr std::size_t list_text_limit = 120;

}  // namespace bihuan::routes
