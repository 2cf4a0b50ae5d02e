// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/demo_walk.hpp"

#include <algorithm>

#include "engine/service/sign_in.hpp"

namespace bihuan {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int months_back = 8;
constexpr int attempts = 12;
constexpr int same_refusals = 5;  // then no other value will help
constexpr int late_percent = 14;
constexpr int forgotten_percent = 1;

bool opens_a_case(Transition const& transition) {
  return std::any_of(transition.effects.begin(), transition.effects.end(),
                     [](Effect const& effect) { return std::holds_alternative<OpenEffect>(effect); });
}

}  // namespace

DemoWalk::DemoWalk(Store& store, Library const& library, std::vector<Person> const& people, DemoWords const& words,
                   std::uint64_t seed, Instant now)
    : store_(store),
      library_(library),
      words_(words),
      random_(seed),
      now_(now),
      clock_(now),
      service_(
          store, library, [this] { return clock_; }, [this](Instant at) { return make_id(at); }) {
  for (auto const& person : people) {
    people_.push_back(&person);
    people_by_unit_[person.unit].push_back(&person);
    staffed_units_.insert(person.unit);
  }
}

void DemoWalk::run(std::size_t cases) {
  // What takes longest comes first, so that some of it comes to its end; of a small district only some.
  for (auto const& workflow : words_.all().at("first")) {
    auto const* const definition = library_.current(workflow.get<std::string>());
    if (definition != nullptr && first_.size() < cases / 10) first_.push_back(definition);
  }
  auto const from = now_ - days(30 * months_back);
  plan_openings(from, now_, cases);
  work_off(now_);
}

void DemoWalk::work_off(Instant until) {
  while (!tasks_.empty() && tasks_.top().at <= until) {
    auto const task = tasks_.top();
    tasks_.pop();
    pass_to(task.at);
    if (task.life)
      step(*task.life);
    else
      open_one();
  }
  pass_to(until);
}

void DemoWalk::plan_openings(Instant from, Instant to, std::size_t cases) {
  auto earliest = to;
  for (std::size_t i = 0; i < cases; ++i) {
    auto at = working_time(from + seconds(random_.between(0, (to - from).count())));
    if (at > to) at = to - hours(random_.between(1, 48));
    earliest = std::min(earliest, at);
    tasks_.push({.at = at, .order = order_++, .life = std::nullopt});
  }
  openings_ += cases;
  if (!living_) clock_ = earliest;
}

Definition const& DemoWalk::next_to_open() {
  if (!first_.empty()) {
    auto const* const definition = first_.front();
    first_.pop_front();
    return *definition;
  }
  std::vector<Definition const*> shares;
  for (auto const* const definition : library_.current_definitions()) {
    for (int i = share_of(*definition); i > 0; --i) shares.push_back(definition);
  }
  return *random_.pick(shares);
}

int DemoWalk::share_of(Definition const& definition) const {
  return words_.all().at("workflow_share").value(definition.id, 1);
}

void DemoWalk::open_one() {
  --openings_;
  auto const& definition = next_to_open();
  std::vector<Person const*> openers;
  for (auto const* const person : people_) {
    if (find_right(definition.opening.by, Case{}, actor_of(*person), library_.organisation()))
      openers.push_back(person);
  }
  if (openers.empty()) return;
  auto kinds = definition.opening.requires_documents;
  if (!definition.opening.optional_documents.empty()) kinds.push_back(definition.opening.optional_documents.front());
  for (int attempt = 0; attempt < attempts; ++attempt) {
    auto const& person = *random_.pick(openers);
    auto matter = words_.matter(random_, person.unit, year_of(clock_));
    OpenCaseRequest request;
    request.workflow = definition.id;
    request.fields = input_for(definition).fill(definition.opening.input, matter, clock_, attempt, "");
    request.parties = Json::object();
    for (auto const& party : definition.parties) {
      auto const given = request.fields.find(party.id);
      if (given == request.fields.end()) continue;
      request.parties[party.id] = *given;
      request.fields.erase(given);
    }
    // Two of one name are one matter; but there is not always another.
    auto const name = definition.id + '/' + request.fields.value(definition.title_field, "");
    if (attempt < attempts / 2 && named_.contains(name)) continue;
    request.documents = papers(definition, kinds, person, matter.trouble);
    auto const opened = service_.open(request, actor_of(person));
    if (!opened) continue;
    named_.insert(name);
    known_.insert(opened->subject.id);
    lives_.push_back(
        {.id = opened->subject.id, .workflow = definition.id, .matter = std::move(matter), .done = {}, .stuck = 0});
    schedule(lives_.size() - 1, opened->subject);
    return;
  }
}

void DemoWalk::step(std::size_t life) {
  auto const subject = store_.cases().find(lives_[life].id, Visibility::of_everything());
  if (!subject) return;
  auto options = choices(lives_[life], *subject);
  while (!options.empty()) {
    int total = 0;
    for (auto const& option : options) total += option.weight;
    auto at = static_cast<int>(random_.below(static_cast<std::size_t>(total)));
    std::size_t chosen = 0;
    while (at >= options[chosen].weight) at -= options[chosen++].weight;
    if (auto const after = try_action(lives_[life], *subject, options[chosen])) {
      take_in_linked(*after, lives_[life].matter);
      schedule(life, *after);
      return;
    }
    options.erase(options.begin() + static_cast<std::ptrdiff_t>(chosen));
  }
  // Nobody can do anything now; perhaps when more time has passed.
  auto const patience = ++lives_[life].stuck;
  if (!subject->final)
    tasks_.push({.at = working_time(clock_ + days(patience * random_.between(1, 6))), .order = order_++, .life = life});
}

// The matter by value: it stands in a list that grows here.
void DemoWalk::take_in_linked(Case const& subject, DemoMatter matter) {
  for (auto const& link : subject.links) {
    if (!link.outward || known_.count(link.other)) continue;
    auto const linked = store_.cases().find(link.other, Visibility::of_everything());
    if (!linked) continue;
    known_.insert(link.other);
    lives_.push_back({.id = link.other, .workflow = linked->workflow, .matter = matter, .done = {}, .stuck = 0});
    schedule(lives_.size() - 1, *linked);
  }
}

void DemoWalk::schedule(std::size_t life, Case const& subject) {
  if (subject.final && !random_.chance(25)) return;
  if (random_.chance(forgotten_percent)) return;
  auto const due = soonest_due(subject);
  auto at = clock_ + hours(random_.between(12, 45 * 24));
  if (due && *due <= clock_) {
    at = clock_ + hours(random_.between(8, 8 * 24));
  } else if (due && random_.chance(late_percent)) {
    at = *due + hours(random_.between(6, 12 * 24));
  } else if (due) {
    auto const room = std::min<seconds>(*due - clock_, days(20));
    at = clock_ + seconds(room.count() * random_.between(5, 90) / 100);
    // A period in hours does not wait for the office to open.
    if (*due - clock_ < hours(36)) {
      tasks_.push({.at = at, .order = order_++, .life = life});
      return;
    }
  }
  tasks_.push({.at = working_time(at), .order = order_++, .life = life});
}

std::vector<DemoWalk::Choice> DemoWalk::choices(Life const& life, Case const& subject) {
  auto const* const definition = library_.find(subject.workflow, subject.version);
  std::vector<Choice> found;
  if (!definition) return found;
  std::vector<Person const*> owners;
  std::vector<Person const*> others;
  auto const& owner = definition->find_state(subject.state)->owner;
  std::set<std::string> seen;
  auto const take = [&](std::string const& party, std::vector<Person const*>& into) {
    auto const holders = subject.parties.find(party);
    if (holders == subject.parties.end()) return;
    for (auto const& holder : holders->second) {
      auto const unit = people_by_unit_.find(holder.unit);
      if (unit != people_by_unit_.end() && seen.insert(holder.unit).second)
        into.insert(into.end(), unit->second.begin(), unit->second.end());
    }
  };
  if (!owner.empty()) take(owner, owners);
  for (auto const& party : definition->parties) take(party.id, others);
  bool const owners_first = random_.chance(85);
  if (!owners_first) std::swap(owners, others);
  for (auto const* const people : {&owners, &others}) add_choices(life, subject, *people, found);
  return found;
}

// Of the first of these people, in an order by chance, who can do anything.
void DemoWalk::add_choices(Life const& life, Case const& subject, std::vector<Person const*> people,
                           std::vector<Choice>& into) {
  auto const* const definition = library_.find(subject.workflow, subject.version);
  for (auto left = people.size(); left > 0 && into.empty(); --left) {
    std::swap(people[left - 1], people[random_.below(left)]);
    auto const* const person = people[left - 1];
    for (auto& offer : service_.allowed_actions(subject, actor_of(*person), clock_)) {
      // A paper that is asked for is brought along.
      bool const stands = std::any_of(offer.refusals.begin(), offer.refusals.end(),
                                      [](Refusal const& r) { return r.code != Code::document_missing; });
      int const wanted = stands ? 0 : weight(life, subject, *definition, offer);
      if (wanted > 0) into.push_back({.person = person, .offer = std::move(offer), .weight = wanted});
    }
  }
}

// Forwards rather than round in circles, and to an early end only now and then, so that cases spread over all
// states.
int DemoWalk::weight(Life const& life, Case const& subject, Definition const& definition, OfferedAction const& offer) {
  auto const before = life.done.find(offer.name);
  int const times = before == life.done.end() ? 0 : before->second;
  if (offer.name == "confirm") return 24;
  if (!offer.transition) return offer.name == "extend" ? 4 : offer.name == "comment" && times == 0 ? 1 : 0;
  auto const& transition = *definition.find_transition(offer.name);
  if (opens_a_case(transition)) return openings_ > 0 && times == 0 ? 1 : 0;
  if (offer.to == subject.state) return times == 0 ? 6 : times < 3 ? 1 : 0;
  auto const& target = *definition.find_state(offer.to);
  auto const visits = subject.visits.find(offer.to);
  int const visited = visits == subject.visits.end() ? 0 : visits->second;
  if (target.final) return depths(definition).at(offer.to) <= 2 ? 2 : 24;
  return visited == 0 ? 24 : visited < 3 ? 4 : 1;
}

std::map<std::string, int> const& DemoWalk::depths(Definition const& definition) {
  auto const [found, fresh] = depths_.try_emplace(&definition);
  auto& depth = found->second;
  if (!fresh) return depth;
  for (auto const& state : definition.states) depth[state.id] = 9;
  depth[definition.initial] = 0;
  std::deque<std::string> waiting{definition.initial};
  while (!waiting.empty()) {
    auto const at = waiting.front();
    waiting.pop_front();
    for (auto const& transition : definition.transitions) {
      bool const from_here = std::find(transition.from.begin(), transition.from.end(), at) != transition.from.end();
      if (!from_here || transition.to.empty() || depth[transition.to] <= depth[at] + 1) continue;
      depth[transition.to] = depth[at] + 1;
      waiting.push_back(transition.to);
    }
  }
  return depth;
}

std::optional<Case> DemoWalk::try_action(Life& life, Case const& subject, Choice const& choice) {
  auto const& definition = library_.definition_of(subject);
  auto const* const transition = definition.find_transition(choice.offer.name);
  auto kinds = choice.offer.requires_documents;
  ActionRequest request;
  request.case_id = subject.id;
  request.action = choice.offer.name;
  if (transition ? transition->reason_required || random_.chance(15) : true)
    request.comment = words_.pick(transition && transition->reason_required ? "reasons" : "comments", random_);
  auto with_all = kinds;
  if (transition)
    with_all.insert(with_all.end(), transition->optional_documents.begin(), transition->optional_documents.end());
  std::string refused_by;
  int in_a_row = 0;
  for (int attempt = 0; attempt < attempts && in_a_row < same_refusals; ++attempt) {
    // Some guards ask for a paper that is otherwise free to bring.
    if (attempt == 0 || attempt == 2)
      request.documents = papers(definition, attempt == 0 ? kinds : with_all, *choice.person, subject.title);
    request.input = given(life, subject, choice.offer, attempt);
    auto const done = service_.act(request, actor_of(*choice.person));
    if (!done) {
      in_a_row = done.error().front().pointer == refused_by ? in_a_row + 1 : 1;
      refused_by = done.error().front().pointer;
      continue;
    }
    ++life.done[choice.offer.name];
    life.stuck = 0;
    return store_.cases().find(subject.id, Visibility::of_everything());
  }
  return std::nullopt;
}

// Office hours of a working day, at or after this.
Instant DemoWalk::working_time(Instant not_before) {
  auto const& calendar = library_.calendar_of(*library_.current_definitions().front());
  auto date = std::chrono::sys_days(calendar.zone().date_of(not_before));
  while (!calendar.working(date)) date += days(1);
  auto const at = calendar.zone().start_of(date) + hours(9) + minutes(random_.between(0, 8 * 60 - 1));
  return std::max(at, not_before);
}

int DemoWalk::year_of(Instant at) const {
  auto const& zone = library_.calendar_of(*library_.current_definitions().front()).zone();
  return static_cast<int>(zone.date_of(at).year());
}

std::string DemoWalk::make_id(Instant at) {
  auto const milliseconds = static_cast<std::uint64_t>(at.time_since_epoch().count()) * 1000;
  auto const first = random_.next();
  auto const second = random_.next();
  auto const high = (milliseconds << 16) | 0x7000U | (first & 0x0FFFU);
  auto const low = (second & 0x3FFF'FFFF'FFFF'FFFFU) | 0x8000'0000'0000'0000U;
  static constexpr char digits[] = "0123456789abcdef";
  std::string id;
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) id += '-';
    auto const half = i < 16 ? high : low;
    id += digits[(half >> (4 * (15 - i % 16))) & 0xFU];
  }
  return id;
}

}  // namespace bihuan
