// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "engine/core/calendar.hpp"
#include "engine/core/diagram.hpp"
#include "engine/core/guard.hpp"
#include "engine/core/json.hpp"
#include "engine/core/period.hpp"
#include "engine/core/soundness.hpp"
#include "tools/fuzz/must.hpp"
#include "tools/fuzz/shipped.hpp"
#include "tools/fuzz/targets.hpp"

namespace bihuan::fuzz {
namespace {

constexpr JsonLimits generous{.bytes = 4 * 1024 * 1024};

void must_say_why(Refusals const& refusals) {
  must(!refusals.empty(), "a refusal says why");
  for (auto const& refusal : refusals) {
    must(!refusal.text.zh.empty() && !refusal.text.en.empty(), "a refusal has its text in both languages");
    (void)canonical({{"pointer", refusal.pointer}, {"zh", refusal.text.zh}, {"en", refusal.text.en}});
  }
}

std::vector<Pause> pauses_of(Json const& list) {
  std::vector<Pause> pauses;
  if (!list.is_array()) return pauses;
  for (auto const& pair : list) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) continue;
    auto const from = parse_instant(pair[0].get_ref<std::string const&>());
    auto const to = parse_instant(pair[1].get_ref<std::string const&>());
    if (from && to) pauses.push_back({*from, *to});
  }
  return pauses;
}

std::string text_of(Json const& object, char const* name) {
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

void json(std::string_view bytes) {
  auto const read = parse_json(bytes);
  if (!read) return must_say_why(read.error());
  auto const written = canonical(*read);
  auto const again = parse_json(written, generous);
  must(again.has_value() && *again == *read, "JSON that was taken is the same when it is written and read again");
  must(canonical(*again) == written, "the canonical form of a value is one");
  auto const ordered = parse_ordered_json(bytes);
  must(ordered.has_value() && Json(*ordered) == *read, "both parsers take the same");
}

void definition(std::string_view bytes) {
  auto const document = parse_ordered_json(bytes, generous);
  if (!document) return must_say_why(document.error());
  auto const parsed = parse_definition(*document);
  if (!parsed) return must_say_why(parsed.error());
  if (auto const faults = check_soundness(*parsed); !faults.empty()) must_say_why(faults);
  (void)check_together({&*parsed}, library().organisation());
  must(!diagram_svg(*parsed).empty(), "what parses can be drawn");
}

void calendar(std::string_view bytes) {
  auto const document = parse_ordered_json(bytes, generous);
  if (!document) return;
  auto const parsed = Calendar::parse(*document);
  if (!parsed) return must_say_why(parsed.error());
  auto day = std::chrono::sys_days(std::chrono::year(2025) / 12 / 1);
  for (int count = 0; count < 450; ++count, day += std::chrono::days(1)) {
    auto const kind = parsed->kind(Date(day));
    must(kind.working == parsed->working(Date(day)), "a day is of one kind");
    must(!kind.reason.zh.empty(), "a day says why");
  }
}

void guard(std::string_view bytes) {
  auto const document = parse_json(bytes);
  if (!document || !document->is_object()) return;
  auto const rule = document->value("rule", Json());
  auto const data = document->value("data", Json());
  auto const value = evaluate(rule, data);
  if (value) {
    (void)truthy(*value);
    (void)canonical(*value);
  } else {
    must_say_why(value.error());
  }
  auto const reads = reads_of(rule);
  auto const verdict = check_guard(rule, data);
  if (verdict && verdict->holds) must(value.has_value() && truthy(*value), "a guard that holds is true");
  if (verdict && verdict->holds) must(verdict->missing.empty(), "a guard that holds misses nothing");
  if (!reads) must_say_why(reads.error());
}

void period(std::string_view bytes) {
  auto const document = parse_json(bytes);
  if (!document || !document->is_object()) return;
  auto const start = parse_instant(text_of(*document, "start"));
  auto const parsed = parse_period(OrderedJson(document->value("period", Json())), "/period");
  auto const counting = parse_counting(OrderedJson(document->value("counting", Json::object())), "/counting");
  if (!parsed) must_say_why(parsed.error());
  if (!start || !parsed || !counting) return;
  must(parse_period(OrderedJson(to_json(*parsed)), "") == *parsed, "a period is the same written and read again");
  auto const fixed = parse_date(text_of(*document, "fixed"));
  auto const pauses = pauses_of(document->value("pauses", Json()));
  auto const& calendar = library().calendar_of(*library().current_definitions().front());
  auto const due =
      due_after(calendar, *start, *parsed, *counting, pauses, fixed ? std::optional(*fixed) : std::nullopt);
  if (!due) return must_say_why(due.error());
  if (parsed->form != Period::Form::field) must(due->due >= due->start, "nothing is due before it began");
  must(due->due >= due->unrolled, "a due day rolls forward alone");
  if (!pauses.empty() && parsed->form == Period::Form::count) {
    auto const without = due_after(calendar, *start, *parsed, *counting);
    must(!without || due->due >= without->due, "a pause makes nothing due sooner");
  }
  (void)canonical(to_json(*due, calendar));
  (void)instant_before(calendar, due->due, *parsed);
  must(instant_after(calendar, due->due, *parsed) > due->due, "a rung after the due instant is after it");
}

}  // namespace bihuan::fuzz
