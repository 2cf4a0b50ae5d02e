// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/core/json.hpp"
#include "engine/core/result.hpp"
#include "engine/core/time.hpp"

namespace bihuan {

class Reader;

// What kind of day a date is, and why.
struct DayKind {
  bool working = true;
  // The holiday's or make-up day's name with its notice; for an ordinary day the day of the week.
  Text reason;
  // No notice is loaded for the year: weekends and fixed statutory days only.
  bool provisional = false;
};

// The paper that announces a year's days off and make-up working days.
struct Notice {
  Text title;
  std::string url;
};

// A country's working days, as announced year by year (State Council notices). Immutable; safe to share.
class Calendar {
 public:
  // {"id","title":{zh,en},"zone","fixed_days":[{"month","day","title","from_year"?}],
  //  "years":{"2026":{"notice":{"title":{zh,en},"url"},"days_off":[{"date","title"}],"working_days":[{"date","title"}]}}}
  // `fixed_days` are the days off that the law itself fixes, for years without a notice; `from_year` is the
  // first year of such a day. A notice may name days of the December before its year. Faults are named by
  // JSON pointer.
  static Result<Calendar> parse(OrderedJson const& document);

  [[nodiscard]] std::string const& id() const { return id_; }
  [[nodiscard]] Text const& title() const { return title_; }
  [[nodiscard]] Zone const& zone() const { return zone_; }
  [[nodiscard]] DayKind kind(Date date) const;
  [[nodiscard]] bool working(Date date) const;
  // The last year whose notice is loaded, 0 when there is none; beyond it every answer is provisional.
  [[nodiscard]] int announced_until() const;
  // The notices by year.
  [[nodiscard]] std::map<int, Notice> const& notices() const { return notices_; }

 private:
  Calendar() = default;
  void read_fixed_day(Reader& day);
  void read_year(std::string const& key, Reader& year);
  void read_day(int year, bool working, Reader& day);
  [[nodiscard]] Text const* find_fixed_day(Date date) const;

  struct Named {
    bool working = false;
    Text reason;
  };
  struct FixedDay {
    std::chrono::month_day day;
    int from_year = 0;
    Text reason;
  };
  std::string id_;
  Text title_;
  Zone zone_;
  std::map<std::chrono::sys_days, Named> named_;
  std::map<int, Notice> notices_;
  std::vector<FixedDay> fixed_days_;
};

}  // namespace bihuan
