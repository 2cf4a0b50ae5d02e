// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <ostream>
#include <sstream>

#include "engine/core/message.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/verify.hpp"
#include "tools/bihuan/data_directory.hpp"
#include "tools/bihuan/demo_people.hpp"
#include "tools/bihuan/demo_walk.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/scratch.hpp"
#include "tools/bihuan/year_ledger.hpp"

namespace bihuan {
namespace {

namespace fs = std::filesystem;

constexpr auto column = "{:>10}";  // by the width of what is shown: a Chinese character takes two

struct Outcome {
  YearLedger ledger;
  std::vector<std::string> imbalances;
  Verified verified;
};

LedgerMonth total(LedgerLine const& line) {
  LedgerMonth sum;
  for (auto const& month : line.months) {
    sum.opened += month.opened;
    sum.closed += month.closed;
    sum.reopened += month.reopened;
  }
  sum.open_at_end = line.months.back().open_at_end;
  return sum;
}

Json to_json(LedgerMonth const& month) {
  return {{"opened", month.opened},
          {"closed", month.closed},
          {"reopened", month.reopened},
          {"open_at_end", month.open_at_end}};
}

void print_json(SimulateOptions const& options, Outcome const& outcome, std::ostream& out) {
  Json workflows = Json::object();
  for (auto const& [id, line] : outcome.ledger.lines) {
    auto& entry = workflows[id] = to_json(total(line));
    entry["months"] = Json::array();
    for (auto const& month : line.months) entry["months"].push_back(to_json(month));
    entry["by_itself"] = line.by_itself;
    entry["deadlines"] = {{"in_time", line.in_time}, {"late", line.late}, {"overdue", line.overdue}};
    entry["escalations"] = line.rungs;
  }
  Json faults = outcome.ledger.faults;
  for (auto const& fault : outcome.imbalances) faults.push_back(fault);
  for (auto const& fault : outcome.verified.faults) faults.push_back(fault.case_id + ": " + fault.what);
  out << canonical({{"year", options.year},
                    {"seed", options.seed},
                    {"cases", outcome.verified.cases},
                    {"events", outcome.verified.events},
                    {"workflows", workflows},
                    {"faults", faults}})
      << "\n";
}

// A line of heads for each language, over columns of numbers; the last one is of words.
void print_heads(std::ostream& out, Text const& heads) {
  for (auto const* const line : {&heads.zh, &heads.en}) {
    std::istringstream cells(*line);
    std::string text;
    for (std::string cell; std::getline(cells, cell, '|');)
      text += cells.eof() ? "  " + cell : fmt::format(column, cell);
    out << text << "\n";
  }
}

void print_row(std::ostream& out, std::vector<std::int64_t> const& numbers, std::string const& words = "") {
  std::string text;
  for (auto const number : numbers) text += fmt::format(column, number);
  out << text << (words.empty() ? "" : "  ") << words << "\n";
}

void print_table(Library const& library, Outcome const& outcome, std::ostream& out) {
  print_heads(out, message("simulate.columns"));
  std::vector<std::int64_t> all(8);
  for (auto const& [id, line] : outcome.ledger.lines) {
    auto const sum = total(line);
    std::vector<std::int64_t> const row{sum.opened,      line.by_itself, sum.closed - sum.reopened,
                                        sum.open_at_end, line.in_time,   line.late,
                                        line.overdue,    line.rungs};
    std::ranges::transform(all, row, all.begin(), std::plus<>());
    auto const& title = library.current(id)->title;
    print_row(out, row, title.zh + " " + title.en);
  }
  auto const sum = message("simulate.total");
  print_row(out, all, sum.zh + " " + sum.en);
  out << "\n";
  print_heads(out, message("simulate.month_columns"));
  for (std::size_t month = 0; month < 12; ++month) {
    LedgerMonth in_month;
    for (auto const& [id, line] : outcome.ledger.lines) {
      auto const& one = line.months.at(month);
      in_month.opened += one.opened;
      in_month.closed += one.closed - one.reopened;
      in_month.open_at_end += one.open_at_end;
    }
    print_row(out, {static_cast<std::int64_t>(month) + 1, in_month.opened, in_month.closed, in_month.open_at_end});
  }
  out << "\n";
}

void print_text(SimulateOptions const& options, Library const& library, Outcome const& outcome, std::ostream& out,
                std::ostream& err) {
  say(out, message("simulate.head", {{"year", std::to_string(options.year)},
                                     {"cases", std::to_string(outcome.verified.cases)},
                                     {"events", std::to_string(outcome.verified.events)}}));
  print_table(library, outcome, out);
  for (auto const& fault : outcome.ledger.faults) err << fault << "\n";
  for (auto const& fault : outcome.imbalances) err << fault << "\n";
  for (auto const& fault : outcome.verified.faults) err << fault.case_id << ": " << fault.what << "\n";
  auto const faults = outcome.ledger.faults.size() + outcome.imbalances.size() + outcome.verified.faults.size();
  say(out, faults == 0 ? message("simulate.balanced")
                       : message("simulate.not_balanced", {{"count", std::to_string(faults)}}));
}

Outcome live(SimulateOptions const& options, Library& library, Store& store) {
  DemoWords const words;
  DemoRandom random(options.seed);
  auto const people = make_demo_people(library.organisation(), words, random);
  store.people().put_people(people);
  auto const& zone = library.calendar_of(*library.current_definitions().front()).zone();
  auto const from = zone.start_of(Date(std::chrono::year(options.year) / 1 / 1));
  auto const end = zone.end_of(Date(std::chrono::year(options.year) / 12 / 31));
  DemoWalk(store, library, people, words, random.next(), end).live(from, options.cases_a_month);
  auto ledger = read_year_ledger(store.cases(), zone, options.year, end);
  auto wrong = imbalances(ledger, store.cases(), zone, options.year, end);
  return {std::move(ledger), std::move(wrong), verify(store.cases())};
}

int simulate(SimulateOptions const& options, std::ostream& out, std::ostream& err) {
  if (!options.data.empty() && fs::exists(options.data / "bihuan.db")) {
    say(err, message("demo.not_empty", {{"path", options.data.string()}}));
    return said_no;
  }
  auto library = Library::load(options.workflows);
  if (!library) {
    print_refusals(err, library.error());
    return said_no;
  }
  std::optional<ScratchDirectory> scratch;
  if (options.data.empty()) scratch.emplace();
  auto const opened = open_sqlite_store(scratch ? scratch->path() : options.data,
                                        {.durable = false, .queue = 1024, .batch = 1, .readers = 2});
  if (!opened) {
    print_refusals(err, opened.error());
    return said_no;
  }
  if (auto const fit = library->reconcile(**opened); !fit) {
    print_refusals(err, fit.error());
    return said_no;
  }
  auto const outcome = live(options, *library, **opened);
  if (options.json)
    print_json(options, outcome, out);
  else
    print_text(options, *library, outcome, out, err);
  bool const good = outcome.ledger.faults.empty() && outcome.imbalances.empty() && outcome.verified.faults.empty();
  return good ? done : said_no;
}

}  // namespace

int run_simulate(SimulateOptions const& options, std::ostream& out, std::ostream& err) {
  return say_faults(err, [&] { return simulate(options, out, err); });
}

}  // namespace bihuan
