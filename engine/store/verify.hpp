// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "engine/store/digest.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

struct Verified {
  std::int64_t cases = 0;
  std::int64_t events = 0;
  std::vector<VerifyFault> faults;
};

// Walks the whole store: each case's chain is unbroken, its revisions leave no gap, replaying its events
// gives exactly its stored row, what the store lists and filters by says the same, and the numbers of each
// scope leave no gap. Of a case, the first event that is wrong is named.
[[nodiscard]] Verified verify(CaseStore& store, HashAlgorithm algorithm = HashAlgorithm::sha256);

// The same of one case: its first fault, if there is any. The events may be anything that parse_event gives.
[[nodiscard]] std::optional<VerifyFault> verify_case(Case const& stored, std::vector<Event> const& events,
                                                     HashAlgorithm algorithm = HashAlgorithm::sha256);

// Whether the bytes of every document that a case names are there, in the size that was uploaded, and, when they are
// read, whether they are what their hash says.
enum class Bytes { counted, read };
[[nodiscard]] std::vector<VerifyFault> verify_documents(Store& store, Bytes bytes);

}  // namespace bihuan
