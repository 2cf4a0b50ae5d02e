// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/service/case_service.hpp"
#include "engine/service/month_report.hpp"
#include "engine/service/paper_form.hpp"

namespace bihuan {

// A document of a case that a form fills.
struct Paper {
  DocumentKind const* kind = nullptr;
  PaperForm const* form = nullptr;
  int count = 0;  // how many of this kind the case carries already
};

// The documents of a case that a form can fill for somebody who sees this much, in the order of its definition.
[[nodiscard]] std::vector<Paper> papers_of(Case const& subject, Library const& library, Visibility const& visibility);

// The number of the next one of its kind, in Chinese official form. A case's documents are never taken from
// it, and the next one is decided on the revision that was counted on, so that no number is given twice.
[[nodiscard]] std::string paper_number(Case const& subject, Paper const& paper);

// Who issues it.
struct Issuer {
  std::string unit;  // an id
  std::string person;
};

// The values of a case, as `shown` says this person may read them, and the report that the kind asks for.
[[nodiscard]] PaperValues paper_values(Case const& shown, Paper const& paper, Library const& library,
                                       Issuer const& issuer, Store& store, Instant now);

// The fields without which it cannot be issued.
[[nodiscard]] std::vector<std::string> missing_fields(Case const& shown, Paper const& paper,
                                                      Definition const& definition);
// Each as a refusal.
[[nodiscard]] Refusals missing_for(Case const& shown, Paper const& paper, Definition const& definition);

}  // namespace bihuan
