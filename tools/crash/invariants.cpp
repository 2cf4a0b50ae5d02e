// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/invariants.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/core/apply.hpp"
#include "engine/core/reckoning.hpp"

namespace bihuan::crash {
namespace {

class OfOneCase {
 public:
  OfOneCase(Library const& library, Case const& stored, std::vector<std::string>& faults)
      : definition_(library.definition_of(stored)),
        calendar_(library.calendar_of(definition_)),
        stored_(stored),
        faults_(faults) {}

  void look(std::vector<Event> const& events) {
    Case subject;
    for (auto const& event : events) {
      auto const before = subject;
      apply(subject, event);
      if (event.type == EventType::transitioned) transition(before, subject, event);
      if (event.type == EventType::rung_fired) rung(event);
      // A new due date has rungs of its own.
      if (event.type == EventType::deadline_extended) forget_rungs(event.body.at("deadline"));
    }
    for (auto const& deadline : stored_.deadlines)
      if (deadline.state == Deadline::State::running) running(deadline);
  }

 private:
  void fault(std::string const& what) { faults_.push_back("case " + stored_.id + ": " + what); }

  void transition(Case const& before, Case const& after, Event const& event) {
    auto const& name = event.body.at("transition").get_ref<std::string const&>();
    auto const* const taken = definition_.find_transition(name);
    if (taken == nullptr) return fault("took " + name + ", which is no transition");
    if (std::ranges::find(taken->from, before.state) == taken->from.end())
      fault("took " + name + " from " + before.state);
    auto const& to = taken->to.empty() ? before.state : taken->to;
    auto const* const state = definition_.find_state(after.state);
    if (after.state != to) fault("came by " + name + " to " + after.state);
    if (state == nullptr || state->final != after.final)
      fault("is final where " + after.state + " is not, or the reverse");
  }

  void rung(Event const& event) {
    std::string const deadline = event.body.at("deadline");
    std::string const name = event.body.at("rung");
    if (!rungs_.emplace(deadline, event.body.at("cycle").get<int>(), name).second)
      fault("rung " + name + " of " + deadline + " fired twice");
  }
  void forget_rungs(std::string const& deadline) {
    std::erase_if(rungs_, [&](auto const& rung) { return std::get<0>(rung) == deadline; });
  }

  void running(Deadline const& deadline) {
    auto const* const rule = definition_.find_deadline(deadline.name);
    if (rule == nullptr) return fault("has a deadline " + deadline.name + ", which its definition does not know");
    auto const reckoned = reckon(calendar_, *rule, deadline);
    if (!reckoned) return fault("deadline " + deadline.name + " cannot be reckoned");
    auto const hard = reckoned->hard ? std::optional(reckoned->hard->due) : std::nullopt;
    if (reckoned->due.due != deadline.due || reckoned->warn != deadline.warn || hard != deadline.hard_due)
      fault("deadline " + deadline.name + " is not due when its ledger says");
  }

  Definition const& definition_;
  Calendar const& calendar_;
  Case const& stored_;
  std::vector<std::string>& faults_;
  std::set<std::tuple<std::string, int, std::string>> rungs_;
};

// One person's view, held against what is there.
class View {
 public:
  View(CaseService& service, Actor const& actor)
      : service_(service), actor_(actor), visibility_(service.visibility(actor)) {
    service.store().cases().for_each(
        [this](Case const& subject, std::vector<Event> const&) { all_.emplace(subject.id, subject); });
    for (auto const& [id, subject] : all_)
      if (may_see(visibility_, subject)) visible_.insert(id);
  }

  std::vector<std::string> look() {
    lists();
    counts();
    for (auto const& [id, subject] : all_) one(subject);
    return std::move(faults_);
  }

 private:
  void fault(std::string const& what) { faults_.push_back(actor_.unit + ": " + what); }

  // Every page of it.
  template <class Ask>
  std::set<std::string> pages(Ask const& ask) {
    std::set<std::string> ids;
    std::string cursor;
    do {
      auto const page = ask(cursor);
      if (!page) {
        fault("a list was refused");
        break;
      }
      for (auto const& line : page->items) {
        ids.insert(line.id);
        fields(line, Showing::list);
        links(line);
      }
      cursor = page->next_cursor;
    } while (!cursor.empty());
    return ids;
  }

  void lists() {
    auto const listed =
        pages([&](std::string const& cursor) { return service_.list({.limit = 20, .cursor = cursor}, actor_); });
    if (listed != visible_) fault("lists other cases than they may see");
    auto const found = pages([&](std::string const& cursor) {
      return service_.list({.text = "污水", .limit = 20, .cursor = cursor}, actor_);
    });
    auto const waiting = pages([&](std::string const& cursor) { return service_.worklist(actor_, 20, cursor); });
    for (auto const* const some : {&found, &waiting})
      if (!std::ranges::includes(visible_, *some)) fault("finds or has waiting what they may not see");
    for (auto from = std::int64_t{0};;) {
      auto const changes = service_.store().cases().changes_after(from, visibility_);
      for (auto const& change : changes.items)
        if (!visible_.contains(change.case_id)) fault("hears of a change of " + change.case_id);
      if (changes.up_to <= from) break;
      from = changes.up_to;
    }
  }

  void counts() {
    std::size_t count = 0;
    for (auto const& row : service_.summary(SummaryBy::workflow, std::nullopt, actor_))
      count += static_cast<std::size_t>(row.open + row.closed);
    if (count != visible_.size()) fault("counts other cases than they may see");
  }

  void one(Case const& subject) {
    bool const may = visible_.contains(subject.id);
    auto const found = service_.find(subject.id, actor_);
    auto const history = service_.history(subject.id, actor_);
    if (found.has_value() != may || history.has_value() != may)
      return fault("case " + subject.id + " is shown or hidden wrongly");
    if (!may) return;
    auto const shown = service_.shown(*found, actor_);
    fields(shown, Showing::whole);
    links(shown);
    for (auto const& event : *history)
      if (event.type == EventType::transitioned) transition(subject, event);
  }

  void transition(Case const& subject, Event const& event) {
    auto const& definition = service_.library().definition_of(subject);
    auto const* const taken = definition.find_transition(event.body.at("transition").get_ref<std::string const&>());
    if (taken != nullptr && !may_read_of(*taken, subject, actor_, service_.library().organisation()))
      fault("reads that " + taken->id + " was done in " + subject.id);
  }

  void fields(Case const& shown, Showing showing) {
    auto const& whole = all_.at(shown.id);
    auto const& definition = service_.library().definition_of(whole);
    for (auto const& field : definition.fields) {
      auto const value = shown.fields.find(field.id);
      if (value == shown.fields.end()) continue;
      auto const sight = sight_of(field, whole, actor_, service_.library().organisation(), showing);
      bool const same = *value == whole.fields.at(field.id);
      if (sight == Sight::absent || (sight == Sight::masked && same && value->is_string() && !value->empty()))
        fault("reads " + field.id + " of " + shown.id);
    }
  }

  void links(Case const& shown) {
    for (auto const& link : shown.links)
      if (!visible_.contains(link.other)) fault("sees the link of " + shown.id + " to " + link.other);
  }

  CaseService& service_;
  Actor const& actor_;
  Visibility const visibility_;
  std::map<std::string, Case> all_;
  std::set<std::string> visible_;
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> broken_invariants(CaseStore& store, Library const& library) {
  std::vector<std::string> faults;
  store.for_each(
      [&](Case const& stored, std::vector<Event> const& events) { OfOneCase(library, stored, faults).look(events); });
  return faults;
}

std::vector<std::string> seen_wrongly(CaseService& service, Actor const& actor) {
  return View(service, actor).look();
}

}  // namespace bihuan::crash
