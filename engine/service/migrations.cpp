// SPDX-License-Identifier: Apache-2.0
#include "engine/service/migrations.hpp"

#include <algorithm>
#include <set>

#include "engine/core/message.hpp"
#include "engine/service/kept_rows.hpp"
#include "engine/service/migration_outlook.hpp"
#include "engine/service/work.hpp"
#include "engine/store/chain.hpp"

namespace bihuan {
namespace {

constexpr std::size_t cases_at_once = 200;
constexpr int most_attempts = 4;  // the first and three more

// Commands over different cases that become one append, so that they share a commit.
class Gathered {
 public:
  [[nodiscard]] bool meets(Append const& append) const {
    return std::any_of(append.changes.begin(), append.changes.end(),
                       [&](Change const& change) { return ids_.contains(change.after.id); });
  }

  void add(Append append) {
    subjects_.push_back(append.changes.front().after.id);
    for (auto& change : append.changes) {
      ids_.insert(change.after.id);
      all_.changes.push_back(std::move(change));
    }
    std::move(append.outbox.begin(), append.outbox.end(), std::back_inserter(all_.outbox));
    all_.at = append.at;
  }

  [[nodiscard]] bool empty() const { return subjects_.empty(); }
  [[nodiscard]] std::vector<std::string> const& subjects() const { return subjects_; }
  [[nodiscard]] Append take() { return std::move(all_); }

 private:
  std::vector<std::string> subjects_;
  std::set<std::string> ids_;
  Append all_;
};

bool is_conflict(Refusals const& refusals) {
  return refusals.front().code == Code::conflict;
}

// Names of the older version that none of the versions has that cases would move from are slips of the pen.
void look_for(std::map<std::string, std::string> const& names, char const* part, char const* kind, Refusals& faults,
              auto const& known) {
  for (auto const& [from, to] : names) {
    if (!known(from))
      faults.push_back(refusal(Code::unknown_reference, pointer_to(pointer_to("/map", part), from),
                               {{"name", from}, {"kind", message(std::string("kind.") + kind)}}));
  }
}

Refusals check_sources(MigrationMap const& map, std::vector<Definition const*> const& from) {
  Refusals faults;
  if (from.empty()) return faults;
  auto const any = [&](auto const& has) {
    return [&from, has](std::string const& name) {
      return std::any_of(from.begin(), from.end(), [&](Definition const* d) { return has(*d, name); });
    };
  };
  look_for(map.states, "states", "state", faults, any([](auto const& d, auto const& n) { return d.find_state(n); }));
  look_for(map.transitions, "transitions", "transition", faults,
           any([](auto const& d, auto const& n) { return d.find_transition(n); }));
  look_for(map.fields, "fields", "field", faults, any([](auto const& d, auto const& n) { return d.find_field(n); }));
  look_for(map.parties, "parties", "party", faults, any([](auto const& d, auto const& n) { return d.find_party(n); }));
  look_for(map.documents, "documents", "document", faults,
           any([](auto const& d, auto const& n) { return d.find_document(n); }));
  std::map<std::string, std::string> deadlines;
  for (auto const& [name, move] : map.deadlines) deadlines[name] = move.to;
  look_for(deadlines, "deadlines", "deadline", faults,
           any([](auto const& d, auto const& n) { return d.find_deadline(n); }));
  return faults;
}

}  // namespace

struct Migrations::Plan {
  MigrationRequest const& request;
  Definition const& target;
  std::vector<Definition const*> from;  // the older versions that have open cases
  std::int64_t cases = 0;
  std::string stamp;

  [[nodiscard]] MigrationMap const& map_for(std::string const& version) const {
    return request.map ? *request.map : own_migration_map(target, version);
  }
};

Result<Migrations::Plan> Migrations::plan(MigrationRequest const& request) {
  if (!library_.current(request.workflow))
    return refused(refusal(Code::unknown_workflow, "/workflow", {{"name", request.workflow}}));
  auto const* const target = library_.find(request.workflow, request.version);
  if (!target) return refused(refusal(Code::not_found, "/to"));
  Plan plan{.request = request, .target = *target, .from = {}, .cases = 0, .stamp = {}};
  std::set<std::string> versions;
  for (auto const& open : store_.cases().open_in_states(request.workflow)) {
    if (!is_older_version(open.version, request.version)) continue;
    plan.cases += open.cases;
    auto const* const from = library_.find(open.workflow, open.version);
    if (from && versions.insert(open.version).second) plan.from.push_back(from);
  }
  if (request.map) {
    auto faults = check_migration_map(*request.map, *target, "/map");
    append(faults, check_sources(*request.map, plan.from));
    if (!faults.empty()) return refused(std::move(faults));
  }
  Json const told_apart{{"definition", target->hash}, {"map", request.map ? to_json(*request.map) : Json()}};
  plan.stamp = hash_of(canonical(told_apart));
  return plan;
}

Result<Page<Case>> Migrations::page(Plan const& plan, std::size_t limit, std::string const& cursor, Instant now) {
  CaseQuery query;
  query.workflow = plan.request.workflow;
  query.final = false;
  query.but_version = plan.request.version;
  query.sort = CaseQuery::Sort::opened_oldest;
  query.limit = limit;
  query.cursor = cursor;
  auto found = store_.cases().list(query, Visibility::of_everything(), now);
  if (found)
    std::erase_if(found->items, [&](Case const& c) { return !is_older_version(c.version, plan.request.version); });
  return found;
}

Result<Decision> Migrations::decide(Plan const& plan, Case const& subject, Actor const& actor, Instant now) {
  auto const& target = plan.target;
  return decide_migration({target, library_.calendar_of(target), library_.organisation(), now},
                          library_.definition_of(subject), plan.map_for(subject.version), subject, actor,
                          plan.request.reason);
}

Result<MigrationOutlook> Migrations::outlook(MigrationRequest const& request, Visibility const& shown) {
  auto const plan = this->plan(request);
  if (!plan) return refused(plan.error());
  auto const now = clock_();
  auto const system = Actor::the_system();
  OutlookCounter counter(plan->target, now);
  std::string cursor;
  do {
    auto const found = page(*plan, cases_at_once, cursor, now);
    if (!found) return refused(found.error());
    for (auto const& subject : found->items) {
      auto const& from = library_.definition_of(subject);
      auto const decision = decide(*plan, subject, system, now);
      if (decision)
        counter.fits(from, subject, *decision);
      else
        counter.does_not_fit(from, subject, decision.error(), may_see(shown, subject));
    }
    cursor = found->next_cursor;
  } while (!cursor.empty());
  auto outlook = counter.take();
  outlook.stamp = plan->stamp;
  return outlook;
}

// A version that cases have left is never replaced: their histories are read by it.
Result<void> Migrations::keep_versions(Plan const& plan) {
  auto const rows = store_.definitions().all();
  for (auto const* const from : plan.from) {
    auto const id = std::string(kept::left) + from->id;
    bool const known = std::any_of(rows.begin(), rows.end(), [&](StoredDefinition const& row) {
      return row.id == id && row.version == from->version;
    });
    if (!known) store_.definitions().put({id, from->version, from->hash, "{}"});
  }
  return {};
}

Result<MigrationBatch> Migrations::move(MigrationRequest const& request, std::string const& stamp, Actor const& actor,
                                        std::size_t limit, std::string const& cursor) {
  auto const plan = this->plan(request);
  if (!plan) return refused(plan.error());
  if (plan->stamp != stamp) return refused(refusal(Code::plan_changed, "/header/If-Match"));
  if (cursor.empty()) {
    if (!request.leave_unfit) {
      auto const outlook = this->outlook(request, {});
      if (!outlook) return refused(outlook.error());
      if (outlook->unfit > 0)
        return refused(refusal(Code::cases_do_not_fit, "",
                               {{"count", std::to_string(outlook->unfit)}, {"version", request.version}}));
    }
    if (auto const kept = keep_versions(*plan); !kept) return refused(kept.error());
  }
  auto const now = clock_();
  auto const found = page(*plan, std::min(limit, cases_at_once), cursor, now);
  if (!found) return refused(found.error());
  MigrationBatch batch;
  batch.next_cursor = found->next_cursor;
  Gathered gathered;
  std::vector<std::string> again;
  auto const flush = [&]() -> Result<void> {
    if (gathered.empty()) return {};
    auto const subjects = gathered.subjects();
    auto const appended = store_.cases().append(std::exchange(gathered, {}).take());
    if (appended)
      batch.moved += static_cast<std::int64_t>(subjects.size());
    else if (is_conflict(appended.error()))
      again.insert(again.end(), subjects.begin(), subjects.end());
    else
      return refused(appended.error());
    return {};
  };
  for (auto const& subject : found->items) {
    auto decision = decide(*plan, subject, actor, now);
    if (!decision) {
      ++batch.unfit;
      continue;
    }
    Work work(store_, library_, actor, Visibility::of_everything(), make_id_, now);
    if (auto const added = work.add(plan->target, subject, std::move(*decision)); !added) return refused(added.error());
    auto one = work.take();
    if (gathered.meets(one)) {
      // What watches both is decided on as the first leaves it.
      again.push_back(subject.id);
      continue;
    }
    gathered.add(std::move(one));
  }
  if (auto const flushed = flush(); !flushed) return refused(flushed.error());
  for (auto const& id : again) {
    auto const done = move_one(*plan, id, actor);
    if (!done) return refused(done.error());
    batch.moved += *done == Done::moved ? 1 : 0;
    batch.unfit += *done == Done::unfit ? 1 : 0;
  }
  batch.remaining = std::max(plan->cases - batch.moved, std::int64_t{0});
  return batch;
}

Result<Migrations::Done> Migrations::move_one(Plan const& plan, std::string const& id, Actor const& actor) {
  for (int attempt = 1;; ++attempt) {
    auto const subject = store_.cases().find(id, Visibility::of_everything());
    if (!subject || subject->final || !is_older_version(subject->version, plan.request.version)) return Done::gone;
    auto const now = clock_();
    auto decision = decide(plan, *subject, actor, now);
    if (!decision) return Done::unfit;
    Work work(store_, library_, actor, Visibility::of_everything(), make_id_, now);
    if (auto const added = work.add(plan.target, *subject, std::move(*decision)); !added) return refused(added.error());
    auto const appended = store_.cases().append(work.take());
    if (appended) return Done::moved;
    if (!is_conflict(appended.error()) || attempt == most_attempts) return refused(appended.error());
  }
}

}  // namespace bihuan
