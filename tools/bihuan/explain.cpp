// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/explain.hpp"

#include <fstream>
#include <iterator>
#include <ostream>

#include "embedded/calendars.hpp"
#include "engine/core/message.hpp"
#include "engine/core/period.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

void print(std::ostream& stream, Refusals const& refusals) {
  for (auto const& refusal : refusals) {
    stream << code_name(refusal.code) << (refusal.pointer.empty() ? "" : " ") << refusal.pointer << ": "
           << refusal.text.zh << " " << refusal.text.en << "\n";
  }
}

Result<Calendar> read_calendar(std::string_view text) {
  auto const document = parse_ordered_json(text);
  if (!document) return refused(document.error());
  return Calendar::parse(*document);
}

Result<Instant> read_start(std::string const& text, Zone const& zone) {
  if (text.size() > std::string_view("2026-11-25").size()) return parse_instant(text, "--from");
  auto const date = parse_date(text, "--from");
  if (!date) return refused(date.error());
  return zone.start_of(*date);
}

Result<Period> read_period(ExplainOptions const& options) {
  auto const unit = unit_from(options.unit);
  if (!unit) {
    return refused(
        refusal(Code::not_a_choice, "--unit", {{"value", options.unit}, {"choices", "hour, day, working_day, month"}}));
  }
  return Period{.count = options.count, .unit = *unit};
}

void print(std::ostream& out, Due const& due, Calendar const& calendar) {
  auto const rolled = due.due != due.unrolled ? " (" + calendar.zone().format(due.unrolled) + ")" : std::string();
  out << calendar.zone().format(due.due) << rolled << "\n";
  for (auto const& day : due.days) {
    out << format_date(day.date) << "  " << (day.counted ? std::to_string(day.number) : "-") << "  " << day.reason.zh
        << " / " << day.reason.en << "\n";
  }
  for (auto const& note : due.notes) out << note.zh << "\n" << note.en << "\n";
}

int explain(ExplainOptions const& options, Calendar const& calendar, std::ostream& out, std::ostream& err) {
  auto const start = read_start(options.from, calendar.zone());
  auto const period = read_period(options);
  auto const counting =
      parse_counting({{"first_day", options.first_day}, {"last_rest_day", options.last_rest_day}}, "");
  if (!start) print(err, start.error());
  if (!period) print(err, period.error());
  if (!counting) print(err, counting.error());
  if (!start || !period || !counting) return wrong_use;
  auto const due = due_after(calendar, *start, *period, *counting);
  if (!due) {
    print(err, due.error());
    return said_no;
  }
  if (options.json) {
    out << canonical(to_json(*due, calendar)) << "\n";
  } else {
    print(out, *due, calendar);
  }
  return done;
}

}  // namespace

int run_explain(ExplainOptions const& options, std::ostream& out, std::ostream& err) {
  std::string text(embedded::calendars::cn_json);
  if (!options.calendar_path.empty()) {
    std::ifstream file(options.calendar_path, std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(file), {});
    if (!file) {
      say(err, message("explain.calendar_unreadable", {{"path", options.calendar_path}}));
      return wrong_use;
    }
  }
  auto const calendar = read_calendar(text);
  if (!calendar) {
    print(err, calendar.error());
    return said_no;
  }
  return explain(options, *calendar, out, err);
}

}  // namespace bihuan
