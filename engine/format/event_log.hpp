// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/core/message.hpp"
#include "engine/service/case_histories.hpp"

namespace bihuan {

// What is to be mined: whose cases, which, and in what language things are named. Of what a case's fields say, its title
// as the actor reads it, and what is a choice, a date, a number or yes or no and not personal; nothing else that anybody
// wrote.
struct EventLogAbout {
  CaseService& cases;
  Actor actor;
  CaseQuery query;
  Language language = Language::zh;
};

// A log that is written as it is read, a page of cases at a time.
class EventLog {
 public:
  EventLog() = default;
  EventLog(EventLog const&) = delete;
  EventLog& operator=(EventLog const&) = delete;
  virtual ~EventLog() = default;

  // Fills `out` from the front and says how much; 0 is the end.
  [[nodiscard]] std::size_t read(std::span<char> out);

 protected:
  // The next piece; empty at the end.
  [[nodiscard]] virtual std::string next() = 0;

 private:
  std::string piece_;
  std::size_t taken_ = 0;
};

// OCEL 2.0 (JSON): cases, those linked to them, units and persons are objects.
[[nodiscard]] std::unique_ptr<EventLog> make_object_log(EventLogAbout about);
// XES (IEEE 1849): a trace for each case.
[[nodiscard]] std::unique_ptr<EventLog> make_trace_log(EventLogAbout about);

// What an event is called: a transition by its title, anything else by its kind.
[[nodiscard]] std::string activity_of(Event const& event, Definition const& definition, Language language);
// The state that it led to; empty when it led to none.
[[nodiscard]] std::string state_after(Event const& event);

// What is told of a case's fields, by the field's id, as text.
[[nodiscard]] std::vector<std::pair<Field const*, std::string>> told_fields(Case const& subject,
                                                                            Definition const& definition,
                                                                            Language language);
[[nodiscard]] bool is_told(Field const& field);

}  // namespace bihuan
