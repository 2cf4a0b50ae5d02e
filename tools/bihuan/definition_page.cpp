// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/definition_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/access.hpp"
#include "engine/core/contains.hpp"
#include "engine/core/markup.hpp"
#include "engine/core/message.hpp"
#include "tools/bihuan/rule_words.hpp"

namespace bihuan {
namespace {

constexpr auto style = R"css(
body{font:16px/1.6 "Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:#1F2329;margin:1.5rem;max-width:90rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}
th,td{border:1px solid #C3C9D2;padding:.35rem .6rem;text-align:left;vertical-align:top}
thead th{background:#EEF1F5}code{color:#5A6472;font-size:.85em}p,ul{margin:.25rem 0}ul{padding-left:1.2rem}
.unsure{background:#FFF1D6;color:#6B4500;padding:0 .3em;border-radius:.2em}
.diagram{overflow-x:auto;border:1px solid #C3C9D2;padding:.5rem}
@media print{@page{size:A4 landscape;margin:12mm}body{font-size:10pt;margin:0}tr{break-inside:avoid}}
)css";

std::string_view mark_name(Mark mark) {
  switch (mark) {
    case Mark::verified: return "verified";
    case Mark::secondary: return "secondary";
    case Mark::memory: return "memory";
    case Mark::local: break;
  }
  return "local";
}

class Page {
 public:
  Page(Definition const& definition, Language language) : definition_(definition), language_(language) {}

  std::string whole() {
    auto const title = say(definition_.title);
    page_ = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title>\n<style>{}</style></head>"
        "<body>\n<h1>{}</h1>\n<p>{}</p>\n<p>{}</p>\n",
        language_ == Language::zh ? "zh-CN" : "en", title, style, title, say(definition_.summary),
        words("describe.version", {{"id", definition_.id}, {"version", definition_.version}}));
    page_ += fmt::format("<p>{}</p>\n", words("describe.legend"));
    page_ += fmt::format("<div class=\"diagram\">{}</div>\n",
                         diagram_svg(definition_, {.language = language_, .current = {}, .visited = {}}));
    states();
    steps();
    deadlines();
    sources();
    return page_ + "</body></html>\n";
  }

 private:
  [[nodiscard]] std::string say(Text const& text) const { return escape_markup(in(language_, text)); }

  [[nodiscard]] std::string words(std::string_view key, std::initializer_list<Argument> arguments = {}) const {
    return say(message(key, arguments));
  }

  void head(std::string_view heading, std::initializer_list<std::string_view> columns) {
    page_ += fmt::format("<h2>{}</h2>\n<table><thead><tr>", words(heading));
    for (auto const column : columns) page_ += fmt::format("<th scope=\"col\">{}</th>", words(column));
    page_ += "</tr></thead><tbody>\n";
  }

  void row(std::string const& id, std::string const& first, std::initializer_list<std::string> cells) {
    page_ += fmt::format("<tr id=\"{}\"><th scope=\"row\">{}</th>", escape_markup(id), first);
    for (auto const& cell : cells) page_ += fmt::format("<td>{}</td>", cell);
    page_ += "</tr>\n";
  }

  [[nodiscard]] static std::string lines(std::vector<std::string> const& lines) {
    std::string all;
    for (auto const& line : lines) all += fmt::format("<p>{}</p>", line);
    return all;
  }

  [[nodiscard]] std::string named(Text const& title, std::string const& id) const {
    return fmt::format("{} <code>{}</code>", say(title), escape_markup(id));
  }

  [[nodiscard]] std::string period(Period const& period) const {
    if (period.form == Period::Form::field) {
      if (auto const* const field = definition_.find_field(period.field))
        return words("period.field", {{"name", field->title}});
    }
    return say(describe(period));
  }

  [[nodiscard]] std::string who(std::vector<Grant> const& grants) const {
    std::string all;
    for (auto const& grant : grants) {
      all += (all.empty() ? "" : "<br>") + say(describe({grant}, definition_));
      std::string kinds;
      for (auto const& kind : grant.unit_kinds)
        kinds += (kinds.empty() ? "" : in(language_, message("list.separator"))) + words("unit_kind." + kind);
      if (!kinds.empty()) all += " (" + kinds + ")";
    }
    return all;
  }

  [[nodiscard]] std::string marked(Basis const& basis) const {
    auto text = fmt::format("<a href=\"#basis-{0}\"><code>{0}</code></a> {1} {2}", escape_markup(basis.source.id),
                            escape_markup(basis.source.source), escape_markup(basis.source.article));
    if (basis.mark != Mark::verified) text += " " + unsure(basis.mark);
    return text;
  }

  [[nodiscard]] std::string unsure(Mark mark) const {
    auto const text = words(fmt::format("mark.{}", mark_name(mark)));
    return mark == Mark::verified ? text : fmt::format("<span class=\"unsure\">{}</span>", text);
  }

  [[nodiscard]] std::string sources_of(std::vector<std::string> const& ids) const {
    std::vector<std::string> all;
    for (auto const& id : ids) {
      if (auto const* const basis = definition_.find_basis(id)) all.push_back(marked(*basis));
    }
    return lines(all);
  }

  [[nodiscard]] std::string title_of_input(std::string const& id) const {
    if (auto const* const field = definition_.find_field(id)) return say(field->title);
    if (auto const* const party = definition_.find_party(id)) return say(party->title);
    return escape_markup(id);
  }

  [[nodiscard]] std::string title_of_document(std::string const& id) const {
    auto const* const kind = definition_.find_document(id);
    return kind ? say(kind->title) : escape_markup(id);
  }

  [[nodiscard]] std::string title_of_deadline(std::string const& id) const {
    auto const* const rule = definition_.find_deadline(id);
    return fmt::format("<a href=\"#deadline-{}\">{}</a>", escape_markup(id),
                       rule ? say(rule->title) : escape_markup(id));
  }

  template <typename Title>
  [[nodiscard]] std::string joined(std::vector<std::string> const& ids, Title title) const {
    std::string all;
    for (auto const& id : ids) all += (all.empty() ? "" : in(language_, message("list.separator"))) + title(id);
    return all;
  }

  void states() {
    head("describe.states", {"describe.state", "describe.owner", "describe.pauses"});
    for (auto const& state : definition_.states) {
      auto const* const owner = definition_.find_party(state.owner);
      std::vector<std::string> stands;
      if (state.final) stands.push_back(words("describe.final"));
      if (owner) stands.push_back(say(owner->title));
      std::vector<std::string> waits;
      if (!state.pauses.empty())
        waits.push_back(joined(state.pauses, [&](std::string const& id) { return title_of_deadline(id); }));
      if (state.awaits)
        waits.push_back(words("describe.awaits", {{"link", state.awaits->link},
                                                  {"what", rule_in_words(state.awaits->until, definition_)}}));
      row("state-" + state.id, named(state.title, state.id), {lines(stands), lines(waits)});
    }
    page_ += "</tbody></table>\n";
  }

  [[nodiscard]] std::string demands(Action const& action) const {
    std::vector<std::string> all;
    auto const put = [&](std::string_view key, std::string const& list) {
      if (!list.empty()) all.push_back(fmt::format("<strong>{}</strong> {}", words(key), list));
    };
    auto const input = [&](std::string const& id) { return title_of_input(id); };
    auto const document = [&](std::string const& id) { return title_of_document(id); };
    put("describe.fields_required", joined(action.input.required, input));
    put("describe.fields_optional", joined(action.input.optional, input));
    put("describe.documents_required", joined(action.requires_documents, document));
    put("describe.documents_optional", joined(action.optional_documents, document));
    if (action.reason_required) all.push_back(words("describe.reason"));
    if (action.when) put("describe.when", say(rule_in_words(*action.when, definition_)));
    for (auto const& id : action.guards) {
      if (auto const* const guard = definition_.find_guard(id))
        put("describe.guard", say(guard_in_words(*guard, definition_)) + sources_of(guard->basis));
    }
    return lines(all);
  }

  [[nodiscard]] std::string clocks(std::string const& step) const {
    std::vector<std::string> all;
    for (auto const& rule : definition_.deadlines) {
      auto const put = [&](std::vector<std::string> const& on, std::string_view key) {
        if (contains(on, step)) all.push_back(words(key) + " " + title_of_deadline(rule.id));
      };
      put(rule.start_on, "describe.starts");
      put(rule.stop_on, "describe.stops");
      put(rule.pause_on, "describe.holds");
      put(rule.resume_on, "describe.goes_on");
    }
    return lines(all);
  }

  [[nodiscard]] std::string actors(Action const& action) const {
    auto all = who(action.by);
    if (action.four_eyes)
      all += fmt::format("<p>{} {}</p>", words("describe.four_eyes"),
                         who(action.four_eyes->empty() ? action.by : *action.four_eyes));
    return all;
  }

  void step(Action const& action, std::string const& id, Text const& title, std::string const& way,
            std::string const& by) {
    auto const help = action.help.zh.empty() ? std::string() : fmt::format("<p>{}</p>", say(action.help));
    row("step-" + id, named(title, id) + help, {way, by, demands(action), clocks(id), sources_of(action.basis)});
  }

  void steps() {
    head("describe.steps",
         {"describe.step", "describe.way", "describe.who", "describe.demanded", "describe.clocks", "describe.source"});
    auto const state = [&](std::string const& id) {
      auto const* const found = definition_.find_state(id);
      return found ? say(found->title) : escape_markup(id);
    };
    step(definition_.opening, "open",
         definition_.opening.title.zh.empty() ? message("action.open") : definition_.opening.title,
         "→ " + state(definition_.initial), actors(definition_.opening));
    for (auto const& transition : definition_.transitions) {
      auto const way = joined(transition.from, state) + (transition.to.empty() ? "" : " → " + state(transition.to));
      auto const by = transition.trigger == Trigger::none ? actors(transition)
                      : transition.trigger == Trigger::link
                          ? words("describe.by_link")
                          : words("describe.by_deadline") + " " + title_of_deadline(transition.deadline);
      step(transition, transition.id, transition.title, way, by);
    }
    for (auto const& [id, action] : definition_.general)
      step(action, id, action.title.zh.empty() ? message("action." + id) : action.title, "", actors(action));
    page_ += "</tbody></table>\n";
  }

  [[nodiscard]] std::string counting(Counting const& counting) const {
    return words(counting.first_day == FirstDay::next ? "describe.first_day_next" : "describe.first_day_same") + " " +
           words(counting.last_rest_day == LastRestDay::none ? "describe.no_roll" : "describe.rolls");
  }

  [[nodiscard]] std::string lengths(DeadlineRule const& rule) const {
    std::vector<std::string> all;
    for (auto const& within : rule.within) {
      auto line = "<strong>" + period(within.period) + "</strong>";
      if (within.when)
        line = words("describe.if", {{"what", rule_in_words(*within.when, definition_)}}) + " " + line;
      else if (rule.within.size() > 1)
        line = words("describe.otherwise") + " " + line;
      if (within.counting && *within.counting != rule.counting) line += " (" + counting(*within.counting) + ")";
      all.push_back(line);
    }
    all.push_back(counting(rule.counting));
    if (rule.hard_limit)
      all.push_back(words("describe.hard_limit") + " " + period(rule.hard_limit->period) +
                    sources_of(rule.hard_limit->basis));
    if (rule.extension) {
      all.push_back(words("describe.extension", {{"times", std::to_string(rule.extension->times)}}) + " " +
                    who(rule.extension->action.by));
      if (rule.extension->most) all.push_back(words("describe.at_most") + " " + period(*rule.extension->most));
      all.push_back(demands(rule.extension->action) + sources_of(rule.extension->action.basis));
    }
    if (rule.by_hand) all.push_back(words("describe.by_hand") + " " + who(rule.by_hand->by));
    return lines(all);
  }

  [[nodiscard]] std::string runs(DeadlineRule const& rule) const {
    std::vector<std::string> all;
    auto const steps_of = [&](std::vector<std::string> const& ids, std::string_view key) {
      if (ids.empty()) return;
      all.push_back(words(key) + " " + joined(ids, [&](std::string const& id) {
                      auto const* const found = definition_.find_transition(id);
                      return fmt::format("<a href=\"#step-{}\">{}</a>", escape_markup(id),
                                         found ? say(found->title) : words("action.open"));
                    }));
    };
    steps_of(rule.start_on, "describe.starts_on");
    if (rule.start_when) all.push_back(words("describe.if", {{"what", rule_in_words(*rule.start_when, definition_)}}));
    if (auto const* const from = definition_.find_field(rule.start_from))
      all.push_back(words("describe.counted_from", {{"field", from->title}}));
    steps_of(rule.stop_on, "describe.stops_on");
    steps_of(rule.pause_on, "describe.pauses_on");
    steps_of(rule.resume_on, "describe.resumes_on");
    return lines(all);
  }

  void deadlines() {
    head("describe.deadlines", {"describe.deadline", "describe.owner", "describe.runs", "describe.length",
                                "describe.ladder", "describe.source"});
    for (auto const& rule : definition_.deadlines) {
      auto const* const owner = definition_.find_party(rule.owner);
      std::vector<std::string> ladder;
      for (auto const& rung : rule.escalations)
        ladder.push_back(words(rung.at == Rung::At::before ? "describe.rung_before" : "describe.rung_after",
                               {{"period", describe(rung.period)}}) +
                         " <code>" + escape_markup(rung.id) + "</code>");
      auto source = sources_of(rule.basis);
      if (rule.mark != Mark::verified) source += fmt::format("<p>{}</p>", unsure(rule.mark));
      if (!rule.note.zh.empty()) source += fmt::format("<p>{}</p>", say(rule.note));
      row("deadline-" + rule.id, named(rule.title, rule.id),
          {owner ? say(owner->title) : "", runs(rule), lengths(rule), lines(ladder), source});
    }
    page_ += "</tbody></table>\n";
  }

  // Where a source is used, as links into this page.
  [[nodiscard]] std::string uses_of(std::string const& id) const {
    std::vector<std::string> all;
    auto const put = [&](std::vector<std::string> const& basis, std::string const& place, Text const& title) {
      if (contains(basis, id)) all.push_back(fmt::format("<a href=\"#{}\">{}</a>", escape_markup(place), say(title)));
    };
    put(definition_.opening.basis, "step-open", message("action.open"));
    for (auto const& transition : definition_.transitions)
      put(transition.basis, "step-" + transition.id, transition.title);
    for (auto const& [name, action] : definition_.general) put(action.basis, "step-" + name, message("action." + name));
    for (auto const& guard : definition_.guards) put(guard.basis, "basis-" + id, guard_in_words(guard, definition_));
    for (auto const& rule : definition_.deadlines) {
      put(rule.basis, "deadline-" + rule.id, rule.title);
      if (rule.hard_limit) put(rule.hard_limit->basis, "deadline-" + rule.id, rule.title);
      if (rule.extension) put(rule.extension->action.basis, "deadline-" + rule.id, rule.title);
      if (rule.by_hand) put(rule.by_hand->basis, "deadline-" + rule.id, rule.title);
    }
    for (auto const& recurrence : definition_.recurring) put(recurrence.basis, "step-open", recurrence.title);
    return all.empty() ? words("describe.unused") : lines(all);
  }

  void sources() {
    head("describe.sources", {"describe.source_id", "describe.source", "describe.article", "describe.sure",
                              "describe.validity", "describe.used"});
    for (auto const& basis : definition_.basis) {
      std::vector<std::string> sure{unsure(basis.mark)};
      if (!basis.note.zh.empty()) sure.push_back(say(basis.note));
      std::vector<std::string> validity;
      if (basis.valid_from)
        validity.push_back(words("describe.valid_from", {{"date", format_date(*basis.valid_from)}}));
      if (basis.valid_to) validity.push_back(words("describe.valid_to", {{"date", format_date(*basis.valid_to)}}));
      row("basis-" + basis.source.id, "<code>" + escape_markup(basis.source.id) + "</code>",
          {escape_markup(basis.source.source), escape_markup(basis.source.article), lines(sure), lines(validity),
           uses_of(basis.source.id)});
    }
    page_ += "</tbody></table>\n";
  }

  Definition const& definition_;
  Language language_;
  std::string page_;
};

}  // namespace

std::string definition_page(Definition const& definition, Language language) {
  return Page(definition, language).whole();
}

std::string definitions_index(std::vector<Definition const*> const& definitions, Language language) {
  auto const title = escape_markup(in(language, message("describe.index")));
  auto page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title>\n<style>{}</style></head>"
      "<body>\n<h1>{}</h1>\n<ul>\n",
      language == Language::zh ? "zh-CN" : "en", title, style, title);
  for (auto const* const definition : definitions)
    page += fmt::format("<li><a href=\"{0}.html\">{1}</a> <code>{0} {2}</code></li>\n", escape_markup(definition->id),
                        escape_markup(in(language, definition->title)), escape_markup(definition->version));
  return page + "</ul></body></html>\n";
}

}  // namespace bihuan
