// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/case.hpp"
#include "engine/core/json.hpp"

namespace bihuan {

// A request to act on a case: a transition or a general action.
struct Command {
  std::string action;
  Json input = Json::object();
  std::map<std::string, std::vector<Document>> documents;  // already resolved from their hashes
  std::string comment;
  std::optional<std::int64_t> expected_revision;
};

// Where a case of another system stood.
struct Placed {
  std::string state;
  Instant opened{};
  std::optional<Instant> closed{};    // of a final state
  std::string source;                 // whose ledger
  std::string key;                    // what the case is called there
  std::map<std::string, Date> due{};  // by deadline: the last day that was set there; nothing runs in a final state
};

// A request to open a case.
struct Opening {
  std::string case_id;  // UUIDv7, given by the caller: the core makes no identifiers
  std::string workflow;
  Json fields = Json::object();
  Json parties = Json::object();  // party -> unit id, {"unit","person"}, or a list of these
  std::map<std::string, std::vector<Document>> documents;
  std::string comment;
  // Set when another case opens this one by an effect: then no grant is asked.
  std::string opened_by_case;
  std::string opened_by_workflow;
  std::string opened_by_state;
  std::string link;
  // Set when it opens by itself: then no grant is asked either.
  std::string recurrence;
  // Set when it comes from a ledger of another system: it stands where it stood there, no clock runs but those whose
  // last day is known, and no grant is asked.
  std::optional<Placed> placed{};
};

}  // namespace bihuan
