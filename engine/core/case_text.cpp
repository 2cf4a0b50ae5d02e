// SPDX-License-Identifier: Apache-2.0
#include "engine/core/case_text.hpp"

#include "engine/core/json_text.hpp"
#include "engine/core/stored_element.hpp"

namespace bihuan {
namespace {

using simdjson::dom::element;

// Stored instants are whole seconds since 1970: half the size of text, and they compare.
std::int64_t seconds(Instant instant) {
  return instant.time_since_epoch().count();
}

Deadline::State state_from(std::string_view name) {
  if (name == "running") return Deadline::State::running;
  return name == "paused" ? Deadline::State::paused : Deadline::State::stopped;
}

// Writing. The members of each object stand in the order of their keys.

void write(JsonText& out, std::optional<Instant> instant) {
  if (instant) {
    out.value(seconds(*instant));
  } else {
    out.value(nullptr);
  }
}

// An object whose members are written one by one.
template <class Map, class Write>
void write_object(JsonText& out, Map const& members, Write const& write_member) {
  out.begin_object();
  for (auto const& [name, member] : members) {
    out.key(name);
    write_member(member);
  }
  out.end_object();
}

template <class List, class Write>
void write_array(JsonText& out, List const& elements, Write const& write_element) {
  out.begin_array();
  for (auto const& one : elements) write_element(one);
  out.end_array();
}

template <class... Values>
void write_tuple(JsonText& out, Values const&... values) {
  out.begin_array();
  (out.value(values), ...);
  out.end_array();
}

void write_texts(JsonText& out, auto const& texts) {
  write_array(out, texts, [&](std::string const& text) { out.value(text); });
}

void write(JsonText& out, Deadline const& d) {
  out.begin_object();
  out.member("counting", d.counting);
  out.member("cycle", d.cycle);
  out.member("due", seconds(d.due));
  out.key("extensions");
  write_array(out, d.extensions, [&](Extended const& e) { write_tuple(out, seconds(e.at), format_date(e.until)); });
  out.key("fixed");
  if (d.fixed) {
    out.value(format_date(*d.fixed));
  } else {
    out.value(nullptr);
  }
  out.key("hard_due");
  write(out, d.hard_due);
  out.member("name", d.name);
  out.member("owner", d.owner);
  out.member("owner_party", d.owner_party);
  out.key("pauses");
  write_array(out, d.pauses, [&](Pause const& pause) {
    out.begin_array();
    out.value(seconds(pause.from));
    write(out, pause.to);
    out.end_array();
  });
  out.member("period", d.period);
  out.member("provisional", d.provisional);
  out.key("rungs");
  write_texts(out, d.rungs);
  out.member("started", seconds(d.started));
  out.member("state", state_name(d.state));
  out.key("stopped");
  write(out, d.stopped);
  out.member("warn", seconds(d.warn));
  out.end_object();
}

void write(JsonText& out, std::map<std::string, std::vector<Document>> const& documents) {
  write_object(out, documents, [&](auto const& list) {
    write_array(out, list, [&](Document const& d) { write_tuple(out, d.sha256, d.name, d.type, d.size, d.revision); });
  });
}

void write(JsonText& out, Link const& l) {
  out.begin_object();
  out.member("final", l.final);
  out.member("name", l.name);
  out.member("other", l.other);
  out.member("outcome", l.outcome);
  out.member("outward", l.outward);
  if (!l.part.empty()) out.member("part", l.part);
  out.member("state", l.state);
  if (!l.part.empty()) {
    out.key("units");
    write_texts(out, l.units);
  }
  out.member("workflow", l.workflow);
  out.end_object();
}

void write(JsonText& out, LastAct const& act) {
  if (act.acting_for.empty()) return write_tuple(out, act.person, act.unit, seconds(act.at));
  write_tuple(out, act.person, act.unit, seconds(act.at), act.acting_for);
}

void write(JsonText& out, Pending const& p) {
  out.begin_object();
  out.member("action", p.action);
  out.member("at", seconds(p.at));
  out.member("comment", p.comment);
  out.key("documents");
  write(out, p.documents);
  out.member("for", p.acting_for);
  out.member("id", p.id);
  out.member("input", p.input);
  out.member("person", p.person);
  out.member("role", p.role);
  out.member("unit", p.unit);
  out.end_object();
}

// Reading. What is missing or of another type throws simdjson_error.

std::string text(element stored) {
  return std::string(stored.get_string().value());
}
std::string text(element stored, char const* name) {
  return text(stored[name]);
}
std::int64_t integer(element stored) {
  return stored.get_int64();
}
Instant instant(element stored) {
  return Instant{std::chrono::seconds{integer(stored)}};
}
std::optional<Instant> optional_instant(element stored) {
  return stored.is_null() ? std::nullopt : std::optional(instant(stored));
}
// A text that is no date is as damaged as one of another type.
Date date(element stored) {
  auto const read = parse_date(stored.get_string().value());
  if (!read) throw simdjson::simdjson_error(simdjson::INCORRECT_TYPE);
  return *read;
}

// The elements of a list that stands for a row.
std::vector<element> tuple(element stored) {
  std::vector<element> elements;
  for (auto const one : stored.get_array()) elements.push_back(one);
  return elements;
}
std::vector<element> tuple(element stored, std::size_t least) {
  auto elements = tuple(stored);
  if (elements.size() < least) throw simdjson::simdjson_error(simdjson::INDEX_OUT_OF_BOUNDS);
  return elements;
}

template <class Read>
void each_member(element stored, Read const& read) {
  for (auto const [name, member] : stored.get_object()) read(std::string(name), member);
}

Deadline deadline_from(element stored) {
  Deadline d;
  d.counting = json_of(stored["counting"]);
  d.cycle = static_cast<int>(integer(stored["cycle"]));
  d.due = instant(stored["due"]);
  for (auto const one : stored["extensions"].get_array()) {
    auto const e = tuple(one, 2);
    d.extensions.push_back({instant(e[0]), date(e[1])});
  }
  if (element const fixed = stored["fixed"]; !fixed.is_null()) d.fixed = date(fixed);
  d.hard_due = optional_instant(stored["hard_due"]);
  d.name = text(stored, "name");
  d.owner = text(stored, "owner");
  d.owner_party = text(stored, "owner_party");
  for (auto const one : stored["pauses"].get_array()) {
    auto const pause = tuple(one, 2);
    d.pauses.push_back({instant(pause[0]), optional_instant(pause[1])});
  }
  d.period = json_of(stored["period"]);
  d.provisional = stored["provisional"].get_bool();
  for (auto const rung : stored["rungs"].get_array()) d.rungs.insert(text(rung));
  d.started = instant(stored["started"]);
  d.state = state_from(stored["state"].get_string());
  d.stopped = optional_instant(stored["stopped"]);
  d.warn = instant(stored["warn"]);
  return d;
}

std::map<std::string, std::vector<Document>> documents_from(element stored) {
  std::map<std::string, std::vector<Document>> all;
  each_member(stored, [&](std::string kind, element list) {
    auto& documents = all[std::move(kind)];
    for (auto const one : list.get_array()) {
      auto const d = tuple(one, 5);
      documents.push_back({text(d[0]), text(d[1]), text(d[2]), integer(d[3]), integer(d[4])});
    }
  });
  return all;
}

Link link_from(element stored) {
  Link l;
  l.name = text(stored, "name");
  l.outward = stored["outward"].get_bool();
  l.other = text(stored, "other");
  l.workflow = text(stored, "workflow");
  l.state = text(stored, "state");
  l.outcome = text(stored, "outcome");
  l.final = stored["final"].get_bool();
  element part;
  if (stored["part"].get(part) != simdjson::SUCCESS) return l;
  l.part = text(part);
  for (auto const unit : stored["units"].get_array()) l.units.push_back(text(unit));
  return l;
}

Pending pending_from(element stored) {
  Pending p;
  p.id = text(stored, "id");
  p.action = text(stored, "action");
  p.input = json_of(stored["input"]);
  p.documents = documents_from(stored["documents"]);
  p.comment = text(stored, "comment");
  p.person = text(stored, "person");
  p.unit = text(stored, "unit");
  p.role = text(stored, "role");
  p.acting_for = text(stored, "for");
  p.at = instant(stored["at"]);
  return p;
}

Case case_from(element stored) {
  Case c;
  c.changed = instant(stored["changed"]);
  for (auto const deadline : stored["deadlines"].get_array()) c.deadlines.push_back(deadline_from(deadline));
  c.documents = documents_from(stored["documents"]);
  c.fields = json_of(stored["fields"]);
  c.final = stored["final"].get_bool();
  c.id = text(stored, "id");
  each_member(stored["last"], [&](std::string name, element one) {
    auto const act = tuple(one, 3);
    c.last[std::move(name)] = {text(act[0]), text(act[1]), instant(act[2]),
                               act.size() > 3 ? text(act[3]) : std::string()};
  });
  c.last_transition = integer(stored["last_transition"]);
  for (auto const link : stored["links"].get_array()) c.links.push_back(link_from(link));
  c.opened = instant(stored["opened"]);
  c.opener = text(stored, "opener");
  c.opener_unit = text(stored, "opener_unit");
  c.outcome = text(stored, "outcome");
  each_member(stored["parties"], [&](std::string name, element list) {
    auto& holders = c.parties[std::move(name)];
    for (auto const one : list.get_array()) {
      auto const holder = tuple(one, 2);
      holders.push_back({text(holder[0]), text(holder[1])});
    }
  });
  c.revision = integer(stored["revision"]);
  c.state = text(stored, "state");
  c.title = text(stored, "title");
  c.version = text(stored, "version");
  each_member(stored["visits"],
              [&](std::string state, element count) { c.visits[std::move(state)] = static_cast<int>(integer(count)); });
  c.workflow = text(stored, "workflow");
  element some;
  if (stored["closed"].get(some) == simdjson::SUCCESS) c.closed = instant(some);
  if (stored["pending"].get(some) == simdjson::SUCCESS)
    for (auto const one : some.get_array()) c.pending.push_back(pending_from(one));
  if (stored["veiled"].get(some) == simdjson::SUCCESS) {
    for (auto const one : some.get_array()) {
      auto const v = tuple(one, 4);
      c.veiled.push_back({integer(v[0]), text(v[1]), text(v[2]), instant(v[3])});
    }
  }
  return c;
}

}  // namespace

std::string_view state_name(Deadline::State state) {
  switch (state) {
    case Deadline::State::running: return "running";
    case Deadline::State::paused: return "paused";
    case Deadline::State::stopped: return "stopped";
  }
  return "stopped";
}

std::string case_text(Case const& c) {
  JsonText out;
  out.begin_object();
  out.member("changed", seconds(c.changed));
  if (c.closed) out.member("closed", seconds(*c.closed));
  out.key("deadlines");
  write_array(out, c.deadlines, [&](Deadline const& deadline) { write(out, deadline); });
  out.key("documents");
  write(out, c.documents);
  out.member("fields", c.fields);
  out.member("final", c.final);
  out.member("id", c.id);
  out.key("last");
  write_object(out, c.last, [&](LastAct const& act) { write(out, act); });
  out.member("last_transition", c.last_transition);
  out.key("links");
  write_array(out, c.links, [&](Link const& link) { write(out, link); });
  out.member("opened", seconds(c.opened));
  out.member("opener", c.opener);
  out.member("opener_unit", c.opener_unit);
  out.member("outcome", c.outcome);
  out.key("parties");
  write_object(out, c.parties, [&](std::vector<Holder> const& holders) {
    write_array(out, holders, [&](Holder const& holder) { write_tuple(out, holder.unit, holder.person); });
  });
  // Absent from the rows of cases in which nothing is pending or veiled, as from those that were stored before there
  // was such a thing.
  if (!c.pending.empty()) {
    out.key("pending");
    write_array(out, c.pending, [&](Pending const& pending) { write(out, pending); });
  }
  out.member("revision", c.revision);
  out.member("state", c.state);
  out.member("title", c.title);
  if (!c.veiled.empty()) {
    out.key("veiled");
    write_array(out, c.veiled,
                [&](Veiled const& v) { write_tuple(out, v.revision, v.transition, v.other, seconds(v.before)); });
  }
  out.member("version", c.version);
  out.key("visits");
  write_object(out, c.visits, [&](int count) { out.value(count); });
  out.member("workflow", c.workflow);
  out.end_object();
  return std::move(out).take();
}

std::optional<Case> case_from_text(std::string_view stored) {
  try {
    return case_from(stored_element(stored));
  } catch (simdjson::simdjson_error const&) {
    return std::nullopt;
  }
}

}  // namespace bihuan
