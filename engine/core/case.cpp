// SPDX-License-Identifier: Apache-2.0
#include "engine/core/case.hpp"

#include <algorithm>

namespace bihuan {
namespace {

std::string_view state_name(Deadline::State state) {
  switch (state) {
    case Deadline::State::running: return "running";
    case Deadline::State::paused: return "paused";
    case Deadline::State::stopped: return "stopped";
  }
  return "stopped";
}

Deadline::State state_from(std::string_view name) {
  if (name == "running") return Deadline::State::running;
  return name == "paused" ? Deadline::State::paused : Deadline::State::stopped;
}

// Stored instants are whole seconds since 1970: half the size of text, and they compare.
std::int64_t seconds(Instant instant) {
  return instant.time_since_epoch().count();
}
Instant instant(Json const& stored) {
  return Instant{std::chrono::seconds{stored.get<std::int64_t>()}};
}
Json seconds(std::optional<Instant> value) {
  return value ? Json(seconds(*value)) : Json();
}
std::optional<Instant> optional_instant(Json const& stored) {
  return stored.is_null() ? std::nullopt : std::optional(instant(stored));
}

Date date(Json const& stored) {
  return *parse_date(stored.get_ref<std::string const&>());
}

Json to_json(Deadline const& d) {
  Json pauses = Json::array();
  for (auto const& pause : d.pauses) pauses.push_back({seconds(pause.from), seconds(pause.to)});
  Json extensions = Json::array();
  for (auto const& e : d.extensions) extensions.push_back({seconds(e.at), format_date(e.until)});
  return {{"name", d.name},
          {"cycle", d.cycle},
          {"state", state_name(d.state)},
          {"owner_party", d.owner_party},
          {"owner", d.owner},
          {"started", seconds(d.started)},
          {"due", seconds(d.due)},
          {"warn", seconds(d.warn)},
          {"hard_due", seconds(d.hard_due)},
          {"provisional", d.provisional},
          {"period", d.period},
          {"counting", d.counting},
          {"fixed", d.fixed ? Json(format_date(*d.fixed)) : Json()},
          {"pauses", pauses},
          {"extensions", extensions},
          {"stopped", seconds(d.stopped)},
          {"rungs", d.rungs}};
}

Deadline deadline_from(Json const& stored) {
  Deadline d;
  d.name = stored.at("name");
  d.cycle = stored.at("cycle");
  d.state = state_from(stored.at("state").get_ref<std::string const&>());
  d.owner_party = stored.at("owner_party");
  d.owner = stored.at("owner");
  d.started = instant(stored.at("started"));
  d.due = instant(stored.at("due"));
  d.warn = instant(stored.at("warn"));
  d.hard_due = optional_instant(stored.at("hard_due"));
  d.provisional = stored.at("provisional");
  d.period = stored.at("period");
  d.counting = stored.at("counting");
  if (auto const& fixed = stored.at("fixed"); !fixed.is_null()) d.fixed = date(fixed);
  for (auto const& pause : stored.at("pauses")) d.pauses.push_back({instant(pause[0]), optional_instant(pause[1])});
  for (auto const& e : stored.at("extensions")) d.extensions.push_back({instant(e[0]), date(e[1])});
  d.stopped = optional_instant(stored.at("stopped"));
  d.rungs = stored.at("rungs").get<std::set<std::string>>();
  return d;
}

Json to_json(std::map<std::string, std::vector<Document>> const& documents) {
  Json all = Json::object();
  for (auto const& [kind, list] : documents) {
    auto& stored = all[kind] = Json::array();
    for (auto const& d : list) stored.push_back({d.sha256, d.name, d.type, d.size, d.revision});
  }
  return all;
}

std::map<std::string, std::vector<Document>> documents_from(Json const& stored) {
  std::map<std::string, std::vector<Document>> all;
  for (auto const& [kind, list] : stored.items()) {
    auto& documents = all[kind];
    for (auto const& d : list) documents.push_back({d[0], d[1], d[2], d[3], d[4]});
  }
  return all;
}

Json to_json(Pending const& p) {
  return {{"id", p.id},
          {"action", p.action},
          {"input", p.input},
          {"comment", p.comment},
          {"documents", to_json(p.documents)},
          {"person", p.person},
          {"unit", p.unit},
          {"role", p.role},
          {"for", p.acting_for},
          {"at", seconds(p.at)}};
}

Pending pending_from(Json const& stored) {
  Pending p;
  p.id = stored.at("id");
  p.action = stored.at("action");
  p.input = stored.at("input");
  p.documents = documents_from(stored.at("documents"));
  p.comment = stored.at("comment");
  p.person = stored.at("person");
  p.unit = stored.at("unit");
  p.role = stored.at("role");
  p.acting_for = stored.at("for");
  p.at = instant(stored.at("at"));
  return p;
}

}  // namespace

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

Json case_to_json(Case const& c) {
  Json parties = Json::object();
  for (auto const& [name, holders] : c.parties) {
    auto& list = parties[name] = Json::array();
    for (auto const& holder : holders) list.push_back({holder.unit, holder.person});
  }
  Json deadlines = Json::array();
  for (auto const& deadline : c.deadlines) deadlines.push_back(to_json(deadline));
  Json links = Json::array();
  for (auto const& l : c.links) {
    links.push_back({{"name", l.name},
                     {"outward", l.outward},
                     {"other", l.other},
                     {"workflow", l.workflow},
                     {"state", l.state},
                     {"outcome", l.outcome},
                     {"final", l.final}});
    if (l.part.empty()) continue;
    links.back()["part"] = l.part;
    links.back()["units"] = l.units;
  }
  Json last = Json::object();
  for (auto const& [name, act] : c.last) {
    last[name] = {act.person, act.unit, seconds(act.at)};
    if (!act.acting_for.empty()) last[name].push_back(act.acting_for);
  }
  Json stored{{"id", c.id},
              {"workflow", c.workflow},
              {"version", c.version},
              {"revision", c.revision},
              {"state", c.state},
              {"final", c.final},
              {"outcome", c.outcome},
              {"title", c.title},
              {"opener_unit", c.opener_unit},
              {"opener", c.opener},
              {"fields", c.fields},
              {"parties", parties},
              {"deadlines", deadlines},
              {"documents", to_json(c.documents)},
              {"links", links},
              {"visits", c.visits},
              {"last", last},
              {"last_transition", c.last_transition},
              {"opened", seconds(c.opened)},
              {"changed", seconds(c.changed)}};
  if (c.closed) stored["closed"] = seconds(*c.closed);
  // Absent from the rows of cases in which nothing is pending or veiled, as from those that were stored before there
  // was such a thing.
  for (auto const& pending : c.pending) stored["pending"].push_back(to_json(pending));
  for (auto const& v : c.veiled) stored["veiled"].push_back({v.revision, v.transition, v.other, seconds(v.before)});
  return stored;
}

Case case_from_json(Json const& stored) {
  Case c;
  c.id = stored.at("id");
  c.workflow = stored.at("workflow");
  c.version = stored.at("version");
  c.revision = stored.at("revision");
  c.state = stored.at("state");
  c.final = stored.at("final");
  c.outcome = stored.at("outcome");
  c.title = stored.at("title");
  c.opener_unit = stored.at("opener_unit");
  c.opener = stored.at("opener");
  c.fields = stored.at("fields");
  for (auto const& [name, list] : stored.at("parties").items()) {
    auto& holders = c.parties[name];
    for (auto const& holder : list) holders.push_back({holder[0], holder[1]});
  }
  for (auto const& deadline : stored.at("deadlines")) c.deadlines.push_back(deadline_from(deadline));
  c.documents = documents_from(stored.at("documents"));
  for (auto const& l : stored.at("links")) {
    c.links.push_back({l.at("name"), l.at("outward"), l.at("other"), l.at("workflow"), l.at("state"), l.at("outcome"),
                       l.at("final")});
    auto const part = l.find("part");
    if (part == l.end()) continue;
    c.links.back().part = *part;
    c.links.back().units = l.at("units").get<std::vector<std::string>>();
  }
  c.visits = stored.at("visits").get<std::map<std::string, int>>();
  for (auto const& [name, act] : stored.at("last").items())
    c.last[name] = {act[0], act[1], instant(act[2]), act.size() > 3 ? act[3].get<std::string>() : std::string()};
  if (auto const pending = stored.find("pending"); pending != stored.end())
    for (auto const& one : *pending) c.pending.push_back(pending_from(one));
  if (auto const veiled = stored.find("veiled"); veiled != stored.end())
    for (auto const& v : *veiled) c.veiled.push_back({v[0], v[1], v[2], instant(v[3])});
  c.last_transition = stored.at("last_transition");
  c.opened = instant(stored.at("opened"));
  c.changed = instant(stored.at("changed"));
  if (auto const closed = stored.find("closed"); closed != stored.end()) c.closed = instant(*closed);
  return c;
}

}  // namespace bihuan
