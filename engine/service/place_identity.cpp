// SPDX-License-Identifier: Apache-2.0
#include "engine/service/place_identity.hpp"

#include <algorithm>
#include <cctype>

namespace bihuan {
namespace {

bool same_without_case(std::string const& left, std::string const& right) {
  return std::ranges::equal(
      left, right, [](unsigned char one, unsigned char other) { return std::tolower(one) == std::tolower(other); });
}

bool fits(Membership const& membership, PlaceIdentity const& identity) {
  if (membership.claim.empty()) return true;
  auto const said = identity.says.find(membership.claim);
  return said != identity.says.end() && std::ranges::any_of(said->second, [&](std::string const& value) {
           return same_without_case(value, membership.value);
         });
}

}  // namespace

std::optional<Appointment> appointment_of(PlaceIdentity const& identity, std::vector<Membership> const& memberships) {
  Appointment appointment;
  for (auto const& membership : memberships) {
    if (!fits(membership, identity)) continue;
    if (appointment.unit.empty()) appointment.unit = membership.unit;
    for (auto const& role : membership.roles) {
      if (std::ranges::find(appointment.roles, role) == appointment.roles.end()) appointment.roles.push_back(role);
    }
  }
  if (appointment.unit.empty()) return std::nullopt;
  return appointment;
}

}  // namespace bihuan
