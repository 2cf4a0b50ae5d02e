// SPDX-License-Identifier: Apache-2.0
#include "engine/service/month_report.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "engine/core/apply.hpp"
#include "engine/core/contains.hpp"

namespace bihuan {
namespace {

using namespace std::chrono;

constexpr std::size_t page_size = 500;

class MonthCount {
 public:
  MonthCount(LedgerReport const& asked, year_month month, Zone const& zone, Store& store, Library const& library,
             Instant now)
      : asked_(asked), zone_(zone), store_(store), library_(library), now_(now) {
    report_.month = month;
    from_ = zone.start_of(Date{month / 1});
    report_.until = std::min(now, zone.end_of(Date{month / last}));
  }

  MonthReport count() {
    if (from_ <= now_) {
      for (auto const& [workflow, part] : asked_.counted) workflow_of(workflow, part);
    }
    put_rows();
    std::ranges::sort(report_.overdue, {}, [](OverdueMatter const& one) { return std::pair(one.due, one.number); });
    return std::move(report_);
  }

 private:
  void workflow_of(std::string const& workflow, std::string const& part) {
    std::set<std::string> counted;
    CaseQuery changed;
    changed.workflow = workflow;
    changed.sort = CaseQuery::Sort::changed_newest;
    walk(changed, [&](Case const& stored) {
      if (stored.changed < from_) return false;
      counted.insert(stored.id);
      count_by_history(stored, part);
      return true;
    });
    // What nothing has happened to since the month began was then what it is now.
    CaseQuery open;
    open.workflow = workflow;
    open.final = false;
    walk(open, [&](Case const& stored) {
      if (counted.count(stored.id) == 0) put(stored, part, true, false);
      return true;
    });
  }

  template <class Each>
  void walk(CaseQuery query, Each const& each) {
    query.limit = page_size;
    do {
      auto const page = store_.cases().list(query, Visibility::of_everything(), now_);
      if (!page) return;
      for (auto const& stored : page->items) {
        if (!each(stored)) return;
      }
      query.cursor = page->next_cursor;
    } while (!query.cursor.empty());
  }

  void count_by_history(Case const& stored, std::string const& part) {
    auto const events = store_.cases().history(stored.id);
    auto const up_to = [&](auto const& is_later) {
      return static_cast<std::size_t>(std::ranges::find_if(events, is_later, &Event::at) - events.begin());
    };
    auto const before = up_to([&](Instant at) { return at >= from_; });
    auto const within = up_to([&](Instant at) { return at > report_.until; });
    if (within == 0) return;  // opened after the month
    auto at_end = replay(std::span(events.data(), within));
    at_end.number = stored.number;
    bool const was_there = before > 0;
    bool const was_final = was_there && replay(std::span(events.data(), before)).final;
    if (was_final && at_end.final) return;
    put(at_end, part, was_there, was_final);
  }

  void put(Case const& at_end, std::string const& part, bool was_there, bool was_final) {
    std::set<std::string> units;
    if (auto const holders = at_end.parties.find(part); holders != at_end.parties.end()) {
      for (auto const& holder : holders->second) units.insert(holder.unit);
    }
    if (units.empty()) units.insert("");
    MonthCounts one;
    ++(was_final ? one.reopened : was_there ? one.carried : one.opened);
    ++(at_end.final ? one.closed : one.open);
    for (auto const& unit : units) add(rows_[unit], one);
    add(report_.total, one);
    if (!at_end.final) put_overdue(at_end);
  }

  void put_overdue(Case const& at_end) {
    auto const& definition = library_.definition_of(at_end);
    std::set<std::string> late;
    for (auto const& deadline : at_end.deadlines) {
      if (deadline.state != Deadline::State::running || deadline.due >= report_.until) continue;
      late.insert(deadline.owner);
      auto const* const rule = definition.find_deadline(deadline.name);
      auto const due = zone_.date_of(deadline.due);
      auto const gone = sys_days{zone_.date_of(report_.until)} - sys_days{due};
      report_.overdue.push_back({.number = at_end.number,
                                 .title = at_end.title,
                                 .unit = deadline.owner,
                                 .deadline = rule ? rule->title : Text{},
                                 .due = due,
                                 .days = static_cast<int>(gone.count())});
    }
    for (auto const& unit : late) ++rows_[unit].overdue;
    if (!late.empty()) ++report_.total.overdue;
  }

  static void add(MonthCounts& to, MonthCounts const& one) {
    to.carried += one.carried;
    to.opened += one.opened;
    to.reopened += one.reopened;
    to.closed += one.closed;
    to.open += one.open;
  }

  // As the organisation lists its units.
  void put_rows() {
    for (auto const& unit : library_.organisation().units()) {
      if (auto const row = rows_.find(unit.id); row != rows_.end()) {
        report_.units.emplace_back(*row);
        rows_.erase(row);
      }
    }
    for (auto const& row : rows_) report_.units.emplace_back(row);
  }

  LedgerReport const& asked_;
  Zone const& zone_;
  Store& store_;
  Library const& library_;
  Instant now_;
  Instant from_{};
  std::map<std::string, MonthCounts> rows_;
  MonthReport report_;
};

}  // namespace

bool may_read(LedgerReport const& asked, Visibility const& visibility) {
  return visibility.everything || std::ranges::all_of(asked.counted, [&](auto const& counted) {
           return contains(visibility.workflows, counted.first);
         });
}

std::optional<year_month> month_of(LedgerReport const& asked, Case const& subject, Zone const& zone) {
  auto const found = subject.fields.find(asked.month);
  if (found == subject.fields.end() || !found->is_string()) return std::nullopt;
  auto const& text = found->get_ref<std::string const&>();
  if (auto const date = parse_date(text)) return date->year() / date->month();
  auto const instant = parse_instant(text);
  if (!instant) return std::nullopt;
  auto const date = zone.date_of(*instant);
  return date.year() / date.month();
}

MonthReport count_month(LedgerReport const& asked, year_month month, Zone const& zone, Store& store,
                        Library const& library, Instant now) {
  return MonthCount(asked, month, zone, store, library, now).count();
}

}  // namespace bihuan
