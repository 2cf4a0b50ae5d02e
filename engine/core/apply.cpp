// SPDX-License-Identifier: Apache-2.0
#include "engine/core/apply.hpp"

#include <algorithm>

namespace bihuan {
namespace {

Instant instant(Json const& text) {
  return parse_instant(text.get_ref<std::string const&>()).value();
}

std::vector<Holder> holders(Json const& list) {
  std::vector<Holder> result;
  for (auto const& holder : list) result.push_back({holder.at("unit"), holder.at("person")});
  return result;
}

Deadline* cycle_of(Case& subject, Json const& body) {
  auto const& name = body.at("deadline").get_ref<std::string const&>();
  int const cycle = body.at("cycle");
  auto const found = std::find_if(subject.deadlines.begin(), subject.deadlines.end(),
                                  [&](auto const& d) { return d.name == name && d.cycle == cycle; });
  return found == subject.deadlines.end() ? nullptr : &*found;
}

// What every event that moves a due instant carries.
void take_due(Deadline& deadline, Json const& body) {
  deadline.due = instant(body.at("due"));
  deadline.warn = instant(body.at("warn"));
  deadline.hard_due = body.at("hard_due").is_null() ? std::nullopt : std::optional(instant(body.at("hard_due")));
  deadline.provisional = body.at("provisional");
}

void take_fields(Case& subject, Json const& body) {
  for (auto const& [name, value] : body.at("fields").items()) {
    if (value.is_null())
      subject.fields.erase(name);
    else
      subject.fields[name] = value;
  }
  subject.title = body.at("title");
}

void enter(Case& subject, Json const& body, Instant at) {
  subject.state = body.at("state");
  subject.final = body.at("final");
  // From one final state to another it stays closed since it was.
  if (!subject.final) subject.closed.reset();
  if (subject.final && !subject.closed) subject.closed = at;
  subject.outcome = body.at("outcome");
  ++subject.visits[subject.state];
}

void apply_opened(Case& subject, Event const& event) {
  auto const& body = event.body;
  subject.id = event.case_id;
  subject.number = body.value("number", "");
  subject.workflow = body.at("workflow");
  subject.version = body.at("version");
  subject.opener = event.actor.at("person");
  subject.opener_unit = event.actor.at("unit");
  // A case of another system was opened there, and closed there, before it came here.
  subject.opened = body.contains("opened") ? instant(body.at("opened")) : event.at;
  for (auto const& [party, list] : body.at("parties").items()) subject.parties[party] = holders(list);
  take_fields(subject, body);
  enter(subject, body, body.contains("closed") ? instant(body.at("closed")) : event.at);
}

void apply_transitioned(Case& subject, Event const& event) {
  auto const& body = event.body;
  if (body.at("state").get_ref<std::string const&>() != subject.state) {
    enter(subject, body, event.at);
    // What was asked for was asked of the case as it stood before.
    subject.pending.clear();
  }
  subject.last[body.at("transition")] = {event.actor.at("person"), event.actor.at("unit"), event.at,
                                         event.actor.value("for", "")};
  subject.last_transition = event.revision;
}

void apply_party(Case& subject, Json const& body) {
  auto const& party = body.at("party").get_ref<std::string const&>();
  auto& now = subject.parties[party] = holders(body.at("holders"));
  for (auto& deadline : subject.deadlines) {
    if (deadline.owner_party == party && deadline.state != Deadline::State::stopped && !now.empty())
      deadline.owner = now.front().unit;
  }
}

void apply_started(Case& subject, Json const& body) {
  Deadline deadline;
  deadline.name = body.at("deadline");
  deadline.cycle = body.at("cycle");
  deadline.owner_party = body.at("owner_party");
  deadline.owner = body.at("owner");
  deadline.started = instant(body.at("started"));
  deadline.period = body.at("period");
  deadline.counting = body.at("counting");
  if (auto const& fixed = body.at("fixed"); !fixed.is_null())
    deadline.fixed = parse_date(fixed.get_ref<std::string const&>()).value();
  take_due(deadline, body);
  subject.deadlines.push_back(std::move(deadline));
}

void apply_deadline(Case& subject, Event const& event) {
  auto const& body = event.body;
  auto* const deadline = cycle_of(subject, body);
  if (!deadline) return;
  switch (event.type) {
    case EventType::deadline_paused:
      deadline->state = Deadline::State::paused;
      deadline->pauses.push_back({event.at, std::nullopt});
      break;
    case EventType::deadline_resumed:
      if (deadline->state == Deadline::State::paused)
        deadline->pauses.back().to = event.at;
      else if (body.at("excluded") == true)
        deadline->pauses.push_back({*deadline->stopped, event.at});
      deadline->stopped.reset();
      deadline->state = Deadline::State::running;
      take_due(*deadline, body);
      break;
    case EventType::deadline_extended:
      deadline->extensions.push_back({event.at, parse_date(body.at("until").get_ref<std::string const&>()).value()});
      // A new due date deserves its own reminders.
      deadline->rungs.clear();
      take_due(*deadline, body);
      break;
    case EventType::deadline_reprojected:
      if (auto const& fixed = body.at("fixed"); !fixed.is_null())
        deadline->fixed = parse_date(fixed.get_ref<std::string const&>()).value();
      // Another version of the workflow may count otherwise.
      if (body.contains("period")) deadline->period = body.at("period");
      if (body.contains("counting")) deadline->counting = body.at("counting");
      if (body.contains("period") && body.at("fixed").is_null()) deadline->fixed.reset();
      take_due(*deadline, body);
      break;
    case EventType::deadline_stopped:
      if (deadline->state == Deadline::State::paused) deadline->pauses.back().to = event.at;
      deadline->state = Deadline::State::stopped;
      deadline->stopped = event.at;
      break;
    default: deadline->rungs.insert(body.at("rung").get<std::string>()); break;
  }
}

void apply_asked(Case& subject, Event const& event) {
  auto const& body = event.body;
  Pending pending;
  pending.id = body.at("request");
  pending.action = body.at("action");
  pending.input = body.at("input");
  pending.comment = body.at("comment");
  for (auto const& [kind, list] : body.at("documents").items()) {
    for (auto const& d : list)
      pending.documents[kind].push_back({d.at("sha256"), d.at("name"), d.at("type"), d.at("size"), event.revision});
  }
  pending.person = event.actor.at("person");
  pending.unit = event.actor.at("unit");
  pending.role = event.actor.at("role");
  pending.acting_for = event.actor.value("for", "");
  pending.at = event.at;
  subject.pending.push_back(std::move(pending));
}

void apply_link(Case& subject, Json const& body) {
  Link link{body.at("link"),  body.at("outward"), body.at("case"), body.at("workflow"),
            body.at("state"), body.at("outcome"), body.at("final")};
  if (auto const part = body.find("part"); part != body.end()) {
    link.part = *part;
    link.units = body.at("units").get<std::vector<std::string>>();
  }
  auto const known = std::find_if(subject.links.begin(), subject.links.end(), [&](auto const& l) {
    return l.other == link.other && l.name == link.name && l.outward == link.outward;
  });
  if (known == subject.links.end())
    subject.links.push_back(std::move(link));
  else
    *known = std::move(link);
}

// Each entry under the name that it has from now on; to nothing: given up. Two that meet are joined by `join`.
template <class Value, class Join>
void rename(std::map<std::string, Value>& all, Json const& names, Join const& join) {
  std::map<std::string, Value> after;
  for (auto& [name, value] : all) {
    auto const to = names.find(name);
    if (to != names.end() && to->is_null()) continue;
    std::string const now = to == names.end() ? name : Json(*to).get<std::string>();
    if (auto const [there, first] = after.try_emplace(now, value); !first) join(there->second, value);
  }
  all = std::move(after);
}

// A case has been in a state by each name that the state had, as often as under the one it has now.
void rename_visits(Case& subject, Json const& states) {
  std::map<std::string, int> counted;
  for (auto const& [from, to] : states.items()) {
    auto const found = subject.visits.find(from);
    if (found != subject.visits.end()) counted[to.get<std::string>()] += found->second;
  }
  for (auto const& [state, count] : counted) {
    auto& visits = subject.visits[state];
    visits = std::max(visits, count);
  }
}

void apply_migrated(Case& subject, Json const& body) {
  subject.version = body.at("version");
  subject.state = body.at("state");
  take_fields(subject, body);
  rename_visits(subject, body.at("states"));
  rename(subject.last, body.at("transitions"), [](LastAct& there, LastAct const& other) {
    if (there.at < other.at) there = other;
  });
  rename(subject.parties, body.at("parties"), [](auto& there, auto const& other) { there = other; });
  rename(subject.documents, body.at("documents"), [](auto& there, auto const& other) {
    for (auto const& document : other) {
      if (std::find(there.begin(), there.end(), document) == there.end()) there.push_back(document);
    }
  });
  auto const before = subject.deadlines;
  for (auto const& place : body.at("deadlines")) {
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i].name != place.at("deadline").get_ref<std::string const&>()) continue;
      auto& deadline = subject.deadlines[i];
      deadline.name = place.at("to");
      deadline.owner_party = place.at("owner_party");
      if (auto const& owner = place.at("owner").get_ref<std::string const&>();
          deadline.state != Deadline::State::stopped && !owner.empty())
        deadline.owner = owner;
    }
  }
  subject.pending.clear();
  for (auto& veiled : subject.veiled) {
    auto const to = body.at("transitions").find(veiled.transition);
    // Of one that was given up nobody can say any more who may read of it.
    if (to != body.at("transitions").end()) veiled.transition = to->is_null() ? "" : to->get<std::string>();
  }
}

}  // namespace

void apply(Case& subject, Event const& event) {
  if (auto const veil = event.body.find(veil_marker); veil != event.body.end())
    subject.veiled.push_back({event.revision, veil->value("transition", ""), veil->value("case", ""), subject.changed});
  subject.revision = event.revision;
  subject.changed = event.at;
  switch (event.type) {
    case EventType::opened: return apply_opened(subject, event);
    case EventType::transitioned: return apply_transitioned(subject, event);
    case EventType::fields_changed:
    case EventType::corrected: return take_fields(subject, event.body);
    case EventType::party_changed: return apply_party(subject, event.body);
    case EventType::deadline_started: return apply_started(subject, event.body);
    case EventType::deadline_paused:
    case EventType::deadline_resumed:
    case EventType::deadline_extended:
    case EventType::deadline_stopped:
    case EventType::deadline_reprojected:
    case EventType::rung_fired: return apply_deadline(subject, event);
    case EventType::document_added:
      subject.documents[event.body.at("kind")].push_back({event.body.at("sha256"), event.body.at("name"),
                                                          event.body.at("type"), event.body.at("size"),
                                                          event.revision});
      return;
    case EventType::linked:
    case EventType::link_changed: return apply_link(subject, event.body);
    case EventType::migrated: return apply_migrated(subject, event.body);
    case EventType::asked: return apply_asked(subject, event);
    case EventType::confirmed:
    case EventType::declined:
      subject.pending.erase(std::remove_if(subject.pending.begin(), subject.pending.end(),
                                           [&](Pending const& p) { return event.body.at("request") == p.id; }),
                            subject.pending.end());
      return;
    case EventType::commented:
    case EventType::exported_package: return;
  }
}

Case replay(std::span<Event const> events) {
  Case subject;
  for (auto const& event : events) apply(subject, event);
  return subject;
}

}  // namespace bihuan
