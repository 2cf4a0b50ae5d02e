// SPDX-License-Identifier: Apache-2.0
#include "engine/format/deadline_calendar.hpp"

#include <libical/ical.h>

#include <memory>
#include <stdexcept>

namespace bihuan {
namespace {

struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

void add(icalcomponent* to, icalproperty* property) {
  if (property == nullptr) throw std::bad_alloc();
  icalcomponent_add_property(to, property);
}

icaltimetype utc(Instant instant) {
  return icaltime_from_timet_with_zone(static_cast<time_t>(instant.time_since_epoch().count()), 0,
                                       icaltimezone_get_utc_timezone());
}

icaltimetype day_of(Date date) {
  auto time = icaltime_null_date();
  time.year = static_cast<int>(date.year());
  time.month = static_cast<int>(static_cast<unsigned>(date.month()));
  time.day = static_cast<int>(static_cast<unsigned>(date.day()));
  return time;
}

void add_times(icalcomponent* event, CalendarEntry const& entry) {
  if (entry.day) {
    add(event, icalproperty_new_dtstart(day_of(*entry.day)));
    add(event, icalproperty_new_dtend(day_of(std::chrono::sys_days(*entry.day) + std::chrono::days(1))));
  } else {
    add(event, icalproperty_new_dtstart(utc(entry.due)));
  }
}

void add_alarm(icalcomponent* event, CalendarEntry const& entry) {
  auto* const alarm = icalcomponent_new_valarm();
  icalcomponent_add_component(event, alarm);
  add(alarm, icalproperty_new_action(ICAL_ACTION_DISPLAY));
  add(alarm, icalproperty_new_description(entry.summary.c_str()));
  icaltriggertype trigger{};
  trigger.time = utc(*entry.alarm);
  auto* const when = icalproperty_new_trigger(trigger);
  icalproperty_set_parameter(when, icalparameter_new_value(ICAL_VALUE_DATETIME));
  add(alarm, when);
}

void add_event(icalcomponent* calendar, CalendarEntry const& entry) {
  auto* const event = icalcomponent_new_vevent();
  icalcomponent_add_component(calendar, event);
  add(event, icalproperty_new_uid(entry.uid.c_str()));
  add(event, icalproperty_new_dtstamp(utc(entry.changed)));
  add(event, icalproperty_new_lastmodified(utc(entry.changed)));
  add(event, icalproperty_new_sequence(static_cast<int>(entry.revision)));
  add_times(event, entry);
  add(event, icalproperty_new_summary(entry.summary.c_str()));
  add(event, icalproperty_new_description(entry.description.c_str()));
  add(event, icalproperty_new_categories(entry.category.c_str()));
  if (!entry.url.empty()) add(event, icalproperty_new_url(entry.url.c_str()));
  // It takes nobody's time.
  add(event, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
  if (entry.alarm) add_alarm(event, entry);
}

icalproperty* extension(char const* name, char const* value) {
  auto* const property = icalproperty_new_x(value);
  icalproperty_set_x_name(property, name);
  return property;
}

}  // namespace

std::string write_calendar(std::string const& name, std::vector<CalendarEntry> const& entries) {
  Component const calendar(icalcomponent_new_vcalendar());
  if (!calendar) throw std::bad_alloc();
  add(calendar.get(), icalproperty_new_version("2.0"));
  add(calendar.get(), icalproperty_new_prodid("-//Bihuan//Deadlines//ZH"));
  add(calendar.get(), icalproperty_new_calscale("GREGORIAN"));
  // What the programs in use read for a name and for how often to ask.
  add(calendar.get(), extension("X-WR-CALNAME", name.c_str()));
  add(calendar.get(), extension("X-PUBLISHED-TTL", "PT1H"));
  for (auto const& entry : entries) add_event(calendar.get(), entry);
  std::unique_ptr<char, decltype(&icalmemory_free_buffer)> const text(
      icalcomponent_as_ical_string_r(calendar.get()), [](void* buffer) { icalmemory_free_buffer(buffer); });
  if (!text) throw std::bad_alloc();
  return text.get();
}

}  // namespace bihuan
