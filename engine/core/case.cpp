// SPDX-License-Identifier: Apache-2.0
#include "engine/core/case.hpp"

#include <algorithm>

namespace bihuan {
Deadline const* Case::deadline(std::string_view name) const {
  auto const found = std::find_if(deadlines.rbegin(), deadlines.rend(), [&](auto const& d) { return d.name == name; });
  return found == deadlines.rend() ? nullptr : &*found;
}

bool Case::holds_part(std::string_view party, std::string_view unit) const {
  auto const holders = parties.find(std::string(party));
  return holders != parties.end() &&
         std::any_of(holders->second.begin(), holders->second.end(), [&](auto const& h) { return h.unit == unit; });
}

bool Case::holds_any_part(std::string_view unit) const {
  return std::any_of(parties.begin(), parties.end(), [&](auto const& p) { return holds_part(p.first, unit); });
}

std::vector<std::string> Case::units_holding(std::string const& party) const {
  std::vector<std::string> units;
  if (auto const held = parties.find(party); held != parties.end())
    for (auto const& holder : held->second) units.push_back(holder.unit);
  return units;
}

std::string_view light_name(Light light) {
  switch (light) {
    case Light::green: return "green";
    case Light::yellow: return "yellow";
    case Light::red: return "red";
    case Light::grey: return "grey";
  }
  return "grey";
}

Light light_of(Deadline const& deadline, Instant now) {
  if (deadline.state != Deadline::State::running) return Light::grey;
  if (deadline.due < now) return Light::red;
  return deadline.warn <= now ? Light::yellow : Light::green;
}

Light light_of(Case const& subject, Instant now) {
  auto reddest = Light::grey;
  auto const rank = [](Light light) {
    return light == Light::red ? 3 : light == Light::yellow ? 2 : light == Light::green ? 1 : 0;
  };
  for (auto const& deadline : subject.deadlines) {
    if (auto const light = light_of(deadline, now); rank(light) > rank(reddest)) reddest = light;
  }
  return reddest;
}

std::optional<Instant> soonest_due(Case const& subject) {
  std::optional<Instant> soonest;
  for (auto const& deadline : subject.deadlines) {
    if (deadline.state == Deadline::State::running && (!soonest || deadline.due < *soonest)) soonest = deadline.due;
  }
  return soonest;
}

}  // namespace bihuan
