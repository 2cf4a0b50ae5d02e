// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "engine/core/markup.hpp"
#include "engine/format/event_log.hpp"

namespace bihuan {
namespace {

constexpr std::string_view head = R"xml(<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/><date key="time:timestamp" value="1970-01-01T00:00:00Z"/><string key="lifecycle:transition" value="complete"/></global>
<classifier name="Activity" keys="concept:name"/>
)xml";

// Quoted texts are one line in XML, and control characters are no part of it however they are written.
std::string quoted(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20; }, ' ');
  return escape_markup(text);
}

void attribute(std::string& into, char const* type, std::string_view key, std::string const& value) {
  if (value.empty()) return;
  into.append("<").append(type).append(" key=\"").append(quoted(std::string(key))).append("\" value=\"");
  into.append(quoted(value)).append("\"/>");
}

class TraceLog final : public EventLog {
 public:
  explicit TraceLog(EventLogAbout about) : about_(std::move(about)), walk_(about_.cases, about_.actor, about_.query) {}

 protected:
  std::string next() override {
    if (!begun_) {
      begun_ = true;
      return std::string(head);
    }
    if (ended_) return {};
    auto const page = walk_.next_page();
    std::string piece;
    for (auto const& history : page) piece += trace_of(history);
    ended_ = page.empty();
    return ended_ ? "</log>\n" : piece;
  }

 private:
  std::string trace_of(CaseHistory const& history) {
    auto const& subject = history.subject;
    auto const& definition = about_.cases.library().definition_of(subject);
    std::string trace = "<trace>";
    attribute(trace, "string", "concept:name", subject.number);
    attribute(trace, "string", "workflow", in(about_.language, definition.title));
    attribute(trace, "string", "title", subject.title);
    attribute(trace, "string", "outcome", subject.outcome);
    for (auto const& [field, text] : told_fields(subject, definition, about_.language))
      attribute(trace, "string", in(about_.language, field->title), text);
    for (auto const& event : history.events) trace += event_of(event, definition);
    return trace + "</trace>\n";
  }

  std::string event_of(Event const& event, Definition const& definition) {
    std::string text = "\n<event>";
    attribute(text, "string", "concept:name", activity_of(event, definition, about_.language));
    attribute(text, "date", "time:timestamp", format_utc(event.at));
    attribute(text, "string", "lifecycle:transition", "complete");
    attribute(text, "string", "org:resource", name_of(event.actor.value("person", "")));
    attribute(text, "string", "org:role", event.actor.value("role", ""));
    auto const unit = event.actor.value("unit", "");
    if (!unit.empty())
      attribute(text, "string", "org:group", in(about_.language, about_.cases.library().organisation().title_of(unit)));
    attribute(text, "string", "kind", std::string(event_name(event.type)));
    if (auto const* const state = definition.find_state(state_after(event)); state != nullptr)
      attribute(text, "string", "state", in(about_.language, state->title));
    return text + "</event>";
  }

  // Whole districts have a few hundred people: each is asked for once.
  std::string const& name_of(std::string const& person) {
    auto const [known, fresh] = names_.try_emplace(person, person);
    if (fresh) {
      if (auto const found = about_.cases.store().people().find_person(person)) known->second = found->full_name;
    }
    return known->second;
  }

  EventLogAbout about_;
  CaseHistories walk_;
  bool begun_ = false;
  bool ended_ = false;
  std::map<std::string, std::string> names_;
};

}  // namespace

std::unique_ptr<EventLog> make_trace_log(EventLogAbout about) {
  return std::make_unique<TraceLog>(std::move(about));
}

}  // namespace bihuan
