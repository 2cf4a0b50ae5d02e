// SPDX-License-Identifier: Apache-2.0
#include "engine/service/paper.hpp"

#include <array>

#include "engine/core/contains.hpp"
#include "engine/core/message.hpp"
#include "engine/service/in_words.hpp"

namespace bihuan {
namespace {

bool is_filled(Json const& fields, std::string const& id) {
  return fields.contains(id) && !fields.at(id).is_null() && fields.at(id) != "" && fields.at(id) != Json::array();
}

std::string percent(MonthCounts const& counts) {
  auto const all = counts.closed + counts.open;
  if (all == 0) return "—";
  auto const tenths = (counts.closed * 1000 + all / 2) / all;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "%";
}

void put_counts(std::map<std::string, std::string>& into, std::string const& prefix, MonthCounts const& counts) {
  into[prefix + "carried"] = std::to_string(counts.carried);
  into[prefix + "opened"] = std::to_string(counts.opened);
  into[prefix + "reopened"] = std::to_string(counts.reopened);
  into[prefix + "closed"] = std::to_string(counts.closed);
  into[prefix + "open"] = std::to_string(counts.open);
  into[prefix + "overdue"] = std::to_string(counts.overdue);
  into[prefix + "rate"] = percent(counts);
}

std::string unit_in_words(std::string const& unit, Organisation const& organisation) {
  return unit.empty() ? message("paper.no_unit_yet").zh : organisation.title_of(unit).zh;
}

void put_report(PaperValues& values, MonthReport const& report, LedgerReport const& asked, Library const& library,
                Zone const& zone) {
  auto const first = Date{report.month / 1};
  auto const month = in_chinese(first);
  values.single["report.month"] = month.substr(0, month.find("1日"));
  values.single["report.month_en"] = format_date(first).substr(0, 7);
  values.single["report.until"] = in_chinese(zone.date_of(report.until));
  std::string workflows;
  for (auto const& [workflow, part] : asked.counted) {
    // A workflow may be gone that an older version of the circular counted.
    auto const* const definition = library.current(workflow);
    workflows += (workflows.empty() ? "" : "、") + (definition ? definition->title.zh : workflow);
  }
  values.single["report.workflows"] = workflows;
  put_counts(values.single, "report.", report.total);
  auto& units = values.lists["units"];
  for (auto const& [unit, counts] : report.units) {
    units.push_back({{"unit", unit_in_words(unit, library.organisation())}});
    put_counts(units.back(), "", counts);
  }
  auto& overdue = values.lists["overdue"];
  for (auto const& matter : report.overdue) {
    overdue.push_back({{"position", std::to_string(overdue.size() + 1)},
                       {"number", matter.number},
                       {"title", matter.title},
                       {"unit", unit_in_words(matter.unit, library.organisation())},
                       {"deadline", matter.deadline.zh},
                       {"due", in_chinese(matter.due)},
                       {"days", std::to_string(matter.days)}});
  }
}

}  // namespace

std::vector<Paper> papers_of(Case const& subject, Library const& library, Visibility const& visibility) {
  std::vector<Paper> papers;
  for (auto const& kind : library.definition_of(subject).documents) {
    // A form may be gone that a version no longer in the directory named.
    auto const* const form = library.find_form(kind.form);
    if (!form || (kind.report && !may_read(*kind.report, visibility))) continue;
    auto const present = subject.documents.find(kind.id);
    auto const count = present == subject.documents.end() ? 0 : static_cast<int>(present->second.size());
    papers.push_back({.kind = &kind, .form = form, .count = count});
  }
  return papers;
}

std::string paper_number(Case const& subject, Paper const& paper) {
  return message("paper.number",
                 {{"case", subject.number}, {"title", paper.kind->title}, {"count", std::to_string(paper.count + 1)}})
      .zh;
}

PaperValues paper_values(Case const& shown, Paper const& paper, Library const& library, Issuer const& issuer,
                         Store& store, Instant now) {
  auto const& definition = library.definition_of(shown);
  auto const& zone = library.calendar_of(definition).zone();
  auto const today = zone.date_of(now);
  auto const* const state = definition.find_state(shown.state);
  PaperValues values;
  values.single = {{"paper.number", paper_number(shown, paper)},
                   {"paper.date", in_chinese(today)},
                   {"paper.date_en", format_date(today)},
                   {"paper.title", paper.kind->title.zh},
                   {"paper.title_en", paper.kind->title.en},
                   {"case.number", shown.number},
                   {"case.title", shown.title},
                   {"case.state", state ? state->title.zh : shown.state},
                   {"case.opened", in_chinese(zone.date_of(shown.opened))},
                   {"issuer.unit", library.organisation().title_of(issuer.unit).zh},
                   {"issuer.person", issuer.person}};
  for (auto const& field : definition.fields) {
    if (is_filled(shown.fields, field.id))
      values.single["fields." + field.id] = in_words(field, shown.fields.at(field.id), library, zone);
  }
  for (auto const& [party, holders] : shown.parties) {
    if (!holders.empty()) values.single["parties." + party] = in_words(holders, library.organisation());
  }
  for (auto const& rule : definition.deadlines) {
    auto const* const deadline = shown.deadline(rule.id);
    if (deadline && deadline->state != Deadline::State::paused)
      values.single["deadlines." + rule.id] = in_chinese(zone.date_of(deadline->due));
  }
  auto& documents = values.lists["documents"];
  for (auto const& kind : definition.documents) {
    auto const present = shown.documents.find(kind.id);
    if (present == shown.documents.end() || present->second.empty()) continue;
    documents.push_back({{"position", std::to_string(documents.size() + 1)},
                         {"kind", kind.title.zh},
                         {"kind_en", kind.title.en},
                         {"count", std::to_string(present->second.size())}});
  }
  if (auto const& asked = paper.kind->report) {
    if (auto const month = month_of(*asked, shown, zone))
      put_report(values, count_month(*asked, *month, zone, store, library, now), *asked, library, zone);
  }
  return values;
}

std::vector<std::string> missing_fields(Case const& shown, Paper const& paper, Definition const& definition) {
  auto needed = paper.form->needed_fields();
  if (paper.kind->report && !contains(needed, paper.kind->report->month)) needed.push_back(paper.kind->report->month);
  std::erase_if(needed, [&](std::string const& id) {
    return definition.find_field(id) == nullptr || is_filled(shown.fields, id);
  });
  return needed;
}

Refusals missing_for(Case const& shown, Paper const& paper, Definition const& definition) {
  Refusals missing;
  for (auto const& id : missing_fields(shown, paper, definition))
    missing.push_back(refusal(Code::missing, "/fields/" + id, {{"name", definition.find_field(id)->title}}));
  return missing;
}

}  // namespace bihuan
