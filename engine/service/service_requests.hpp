// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/core/definition.hpp"
#include "engine/core/json.hpp"
#include "engine/core/result.hpp"

namespace bihuan {

// How the cases of one workflow, that of complaints, are asked for and told of as service requests (Open311 GeoReport
// v2): which fields they are read from and written to. Data of the workflows directory; nothing else of a case ever
// leaves through that interface, and no personal field of it at all.
struct ServiceRequests {
  std::string workflow;
  std::string jurisdiction;
  Text contact;
  std::string service;                    // a choice; each of its choices is a service
  std::string description;                // a text
  std::string place{};                    // a place; may be empty
  std::string reporter{};                 // a text, only written
  std::string reporter_contact{};         // a text, only written
  std::vector<std::string> attributes{};  // further fields that a service asks for, only written
  Json defaults = Json::object();         // of fields that who asks does not fill
  std::string withheld_where{};           // a yes or no: where it is yes, neither description nor place is told
  std::string notes{};                    // a text that says what was done; may be empty
  std::string agency{};                   // the party that answers for it; may be empty
};

// Every fault by its pointer; what it names must be there in the definition, and what it tells must not be personal.
[[nodiscard]] Result<ServiceRequests> parse_service_requests(OrderedJson const& document);
[[nodiscard]] Refusals check_service_requests(ServiceRequests const& requests, Definition const* definition);

}  // namespace bihuan
