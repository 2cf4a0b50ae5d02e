// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/core/json.hpp"
#include "engine/core/result.hpp"
#include "engine/core/time.hpp"

namespace bihuan {

// What kind of day a date is, and why.
struct DayKind {
  bool working = true;
  // Empty for an ordinary weekday or weekend; otherwise the holiday's or make-up day's name with its notice.
  Text reason;
  // The year's notice is not out: weekends and fixed statutory days only.
  bool provisional = false;
};

// A country's working days, as announced year by year (State Council notices). Immutable; safe to share.
class Calendar {
 public:
  // {"id","title":{zh,en},"zone","fixed_days":[{"month","day","title"}],
  //  "years":{"2026":{"notice":{"title","url"},"days_off":[{"date","title"}],"working_days":[{"date","title"}]}}}
  // Every fault is named by its JSON pointer.
  static Result<Calendar> parse(OrderedJson const& document);

  [[nodiscard]] std::string const& id() const { return id_; }
  [[nodiscard]] Zone const& zone() const { return zone_; }
  [[nodiscard]] DayKind kind(Date date) const;
  [[nodiscard]] bool working(Date date) const { return kind(date).working; }
  // The last year whose notice is loaded; beyond it every answer is provisional.
  [[nodiscard]] int announced_until() const;

 private:
  struct Named {
    bool working;
    Text title;
  };
  std::string id_;
  Zone zone_;
  std::map<std::chrono::sys_days, Named> named_;
  std::map<int, Text> notices_;
  std::vector<std::pair<std::chrono::month_day, Text>> fixed_;
};

}  // namespace bihuan
