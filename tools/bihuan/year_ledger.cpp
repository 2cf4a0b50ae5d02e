// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/year_ledger.hpp"

#include <set>
#include <tuple>

namespace bihuan {
namespace {

Instant month_end(Zone const& zone, int year, std::size_t month) {
  auto const last = std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month) + 1) / std::chrono::last;
  return zone.end_of(Date(last));
}

std::size_t month_of(Zone const& zone, Instant at) {
  return static_cast<unsigned>(zone.date_of(at).month()) - 1U;
}

// The life of one case in the ledger.
class CaseReader {
 public:
  CaseReader(YearLedger& ledger, LedgerLine& line, Zone const& zone) : ledger_(ledger), line_(line), zone_(zone) {}

  void read(Event const& event) {
    auto const& body = event.body;
    switch (event.type) {
      case EventType::opened:
        ++month(event).opened;
        if (body.contains("recurrence") || event.actor.at("person") == Actor::the_system().person) ++line_.by_itself;
        spans_.emplace_back(event.at, true);
        break;
      case EventType::transitioned: moved(event, body.at("final").get<bool>()); break;
      case EventType::deadline_extended: forget(body.at("deadline").get_ref<std::string const&>()); break;
      case EventType::deadline_stopped: ++(body.at("late") == true ? line_.late : line_.in_time); break;
      case EventType::rung_fired: fired(event); break;
      case EventType::linked:
      case EventType::link_changed: linked(event); break;
      default: break;
    }
  }

  // Open at the last instant of a month, by the latest change before it.
  void close_months(int year) {
    for (std::size_t month = 0; month < 12; ++month) {
      auto const end = month_end(zone_, year, month);
      bool open = false;
      for (auto const& [at, opens] : spans_) open = at <= end ? opens : open;
      line_.months.at(month).open_at_end += open ? 1 : 0;
    }
  }

 private:
  LedgerMonth& month(Event const& event) { return line_.months.at(month_of(zone_, event.at)); }

  void moved(Event const& event, bool final) {
    if (final == final_) return;
    final_ = final;
    ++(final ? month(event).closed : month(event).reopened);
    spans_.emplace_back(event.at, !final);
  }

  void fired(Event const& event) {
    auto const rung = event.body.at("rung").get<std::string>();
    if (rung.rfind("trigger:", 0) == 0) return;
    ++line_.rungs;
    auto const key = std::tuple(event.body.at("deadline").get<std::string>(), event.body.at("cycle").get<int>(), rung);
    if (!fired_.insert(key).second) ledger_.faults.push_back(event.case_id + ": the rung " + rung + " fired twice");
  }

  // A new due date has reminders of its own.
  void forget(std::string const& deadline) {
    std::erase_if(fired_, [&](auto const& rung) { return std::get<0>(rung) == deadline; });
  }

  // One matter at a time: another may follow when it is over.
  void linked(Event const& event) {
    auto const& body = event.body;
    if (body.at("workflow") != "supervision-matter" || body.at("outward") != true) return;
    bool const escalation = event.type == EventType::linked && event.actor.at("person") == Actor::the_system().person;
    if (escalation && !supervised_.empty())
      ledger_.faults.push_back(event.case_id + ": escalated into a supervision matter while one was open");
    auto const matter = body.at("case").get<std::string>();
    if (body.at("final") == true)
      supervised_.erase(matter);
    else
      supervised_.insert(matter);
  }

  YearLedger& ledger_;
  LedgerLine& line_;
  Zone const& zone_;
  bool final_ = false;
  std::set<std::string> supervised_;  // the matters that are open
  std::set<std::tuple<std::string, int, std::string>> fired_;
  std::vector<std::pair<Instant, bool>> spans_;  // from when on it was open, or not
};

std::int64_t count_opened(CaseStore& cases, std::string const& workflow, Instant from, Instant to) {
  CaseQuery query;
  query.workflow = workflow;
  query.opened_from = from;
  query.opened_to = to;
  query.limit = 500;
  std::int64_t count = 0;
  do {
    auto const page = cases.list(query, Visibility::of_everything(), to);
    if (!page) break;
    count += static_cast<std::int64_t>(page->items.size());
    query.cursor = page->next_cursor;
  } while (!query.cursor.empty());
  return count;
}

}  // namespace

YearLedger read_year_ledger(CaseStore& cases, Zone const& zone, int year, Instant end) {
  YearLedger ledger;
  cases.for_each([&](Case const& stored, std::vector<Event> const& events) {
    auto& line = ledger.lines[stored.workflow];
    CaseReader reader(ledger, line, zone);
    for (auto const& event : events) {
      if (static_cast<int>(zone.date_of(event.at).year()) != year)
        ledger.faults.push_back(stored.id + ": an event outside of the year");
      else
        reader.read(event);
    }
    reader.close_months(year);
    for (auto const& deadline : stored.deadlines)
      line.overdue += deadline.state == Deadline::State::running && deadline.due < end ? 1 : 0;
  });
  return ledger;
}

std::vector<std::string> imbalances(YearLedger const& ledger, CaseStore& cases, Zone const& zone, int year,
                                    Instant end) {
  std::vector<std::string> faults;
  auto const differ = [&](std::string const& what, std::int64_t events, std::int64_t rows) {
    if (events != rows)
      faults.push_back(what + ": " + std::to_string(events) + " by the events, " + std::to_string(rows) + " counted");
  };
  std::map<std::string, SummaryRow> rows;
  for (auto const& row : cases.summary(SummaryBy::workflow, std::nullopt, Visibility::of_everything(), end))
    rows[row.key] = row;
  for (auto const& [workflow, line] : ledger.lines) {
    std::int64_t opened = 0;
    std::int64_t open = 0;
    auto from = zone.start_of(Date(std::chrono::year(year) / 1 / 1));
    for (std::size_t month = 0; month < 12; ++month) {
      auto const& now = line.months.at(month);
      auto const name = workflow + " " + std::to_string(year) + "-" + std::to_string(month + 1);
      auto const to = month_end(zone, year, month);
      opened += now.opened;
      open += now.opened - now.closed + now.reopened;
      differ(name + " open at the end", open, now.open_at_end);
      differ(name + " opened", now.opened, count_opened(cases, workflow, from, to));
      from = to + std::chrono::seconds(1);
    }
    differ(workflow + " open", open, rows[workflow].open);
    differ(workflow + " opened", opened, rows[workflow].open + rows[workflow].closed);
  }
  for (auto const& [workflow, row] : rows) {
    if (!ledger.lines.count(workflow) && row.open + row.closed > 0) faults.push_back(workflow + ": no events");
  }
  return faults;
}

}  // namespace bihuan
