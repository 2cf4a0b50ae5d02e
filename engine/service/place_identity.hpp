// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bihuan {

// Somebody as the identity service of the place (a directory, a provider of OpenID Connect) knows them.
struct PlaceIdentity {
  std::string name;                                        // what they are called in Bihuan
  std::string full_name;                                   // what others read; empty: the name
  std::map<std::string, std::vector<std::string>> says{};  // attributes or claims, each with its values
};

// Who is said to be this belongs there. Without a claim it is said of everybody.
struct Membership {
  std::string claim{};
  std::string value{};
  std::string unit{};                // empty: only roles
  std::vector<std::string> roles{};  // in it
};

struct Appointment {
  std::string unit;
  std::vector<std::string> roles;
};

// The unit of the first membership that fits and has one, with the roles of all that fit, each once. Nothing when none
// says a unit: who belongs nowhere stays out. Values are compared without regard to case, as names in directories are.
[[nodiscard]] std::optional<Appointment> appointment_of(PlaceIdentity const& identity,
                                                        std::vector<Membership> const& memberships);

}  // namespace bihuan
