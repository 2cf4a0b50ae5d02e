// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/service/case_service.hpp"

namespace bihuan::crash {

// What holds of every case, whatever happened: each transition is one of its definition, from where the case stood to
// where it leads, so that a final state is left by no other way; each running deadline is one of its definition, due
// when its own ledger says; each rung fired once in its cycle. What does not hold, in words.
[[nodiscard]] std::vector<std::string> broken_invariants(CaseStore& store, Library const& library);

// Looks through every door as this actor: lists, worklist, search, counts, changes, single cases and their histories
// show the cases that the definitions let them see, all of those and no other, and of them no field and no link that is
// hidden from them. What does not hold, in words.
[[nodiscard]] std::vector<std::string> seen_wrongly(CaseService& service, Actor const& actor);

}  // namespace bihuan::crash
