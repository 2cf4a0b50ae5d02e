// SPDX-License-Identifier: Apache-2.0
#include "engine/core/rights.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/access.hpp"
#include "engine/core/contains.hpp"
#include "engine/core/markup.hpp"
#include "engine/core/message.hpp"

namespace bihuan {
namespace {

RightsRow row_of(Action const& action, std::string name, Text title) {
  return {std::move(name), std::move(title), "", action.by, action.four_eyes.value_or(std::vector<Grant>{}), false};
}

std::vector<Grant> every_part(Definition const& definition) {
  std::vector<Grant> grants;
  for (auto const& party : definition.parties) grants.push_back({party.id, "", {}});
  return grants;
}

RightsState whatever_the_state(Definition const& definition) {
  RightsState any{"", message("rights.any_state"), {}};
  auto const parts = every_part(definition);
  for (auto const* const name : {"comment", "attach", "assign", "correct", "link"}) {
    auto const title = message("action." + std::string(name));
    auto const named = definition.general.find(name);
    bool const by_part = std::string_view(name) == "comment" || std::string_view(name) == "attach";
    if (named != definition.general.end())
      any.rows.push_back(row_of(named->second, name, named->second.title));
    else if (by_part)
      any.rows.push_back({name, title, "", parts, {}, false});
    if (std::string_view(name) == "assign") any.rows.push_back({name, message("rights.own_part"), "", parts, {}, true});
  }
  for (auto const& rule : definition.deadlines) {
    auto const add = [&](Action const& action, std::string const& name) {
      auto row =
          row_of(action, name,
                 message("rights.of_deadline", {{"action", message("action." + name)}, {"deadline", rule.title}}));
      row.deadline = rule.id;
      any.rows.push_back(std::move(row));
    };
    if (rule.extension) add(rule.extension->action, "extend");
    if (rule.by_hand) {
      add(*rule.by_hand, "pause");
      add(*rule.by_hand, "resume");
    }
  }
  return any;
}

bool among(std::vector<Grant> const& grants, Grant const& grant) {
  return std::find(grants.begin(), grants.end(), grant) != grants.end();
}

// Every grant once: the columns of the matrix, those of the parts first and in their order.
std::vector<Grant> columns_of(Definition const& definition, std::vector<RightsState> const& states) {
  std::vector<Grant> all;
  for (auto const& state : states) {
    for (auto const& row : state.rows) {
      for (auto const* const grants : {&row.by, &row.confirm}) {
        for (auto const& grant : *grants) {
          if (!among(all, grant)) all.push_back(grant);
        }
      }
    }
  }
  auto const place = [&](Grant const& grant) {
    auto const found = std::find_if(definition.parties.begin(), definition.parties.end(),
                                    [&](PartyKind const& party) { return party.id == grant.party; });
    return found - definition.parties.begin();
  };
  std::stable_sort(all.begin(), all.end(), [&](Grant const& a, Grant const& b) { return place(a) < place(b); });
  return all;
}

std::string kinds_of(Grant const& grant, Language language) {
  std::string kinds;
  for (auto const& kind : grant.unit_kinds)
    kinds += (kinds.empty() ? "" : ", ") + in(language, message("unit_kind." + kind));
  return kinds;
}

std::string column_title(Grant const& grant, Definition const& definition, Language language) {
  auto title = in(language, describe({grant}, definition));
  auto const kinds = kinds_of(grant, language);
  return kinds.empty() ? title : fmt::format("{} ({})", title, kinds);
}

// May do it, may confirm it, may do either.
std::string_view mark_of(RightsRow const& row, Grant const& grant) {
  bool const acts = among(row.by, grant);
  bool const confirms = among(row.confirm, grant);
  if (acts && confirms) return "◉";
  if (acts) return row.confirm.empty() ? "●" : "◐";
  return confirms ? "○" : "";
}

std::string name_of(RightsRow const& row) {
  return row.deadline.empty() ? row.action : row.action + " " + row.deadline;
}

}  // namespace

std::vector<RightsState> rights_of(Definition const& definition) {
  std::vector<RightsState> states;
  states.push_back({"open", message("rights.opening"), {row_of(definition.opening, "open", definition.opening.title)}});
  for (auto const& state : definition.states) {
    RightsState shown{state.id, state.title, {}};
    for (auto const& transition : definition.transitions) {
      if (transition.trigger == Trigger::none && contains(transition.from, state.id))
        shown.rows.push_back(row_of(transition, transition.id, transition.title));
    }
    states.push_back(std::move(shown));
  }
  states.push_back(whatever_the_state(definition));
  return states;
}

bool meets(Definition const& definition, std::vector<Grant> const& grants, Standing const& standing) {
  auto const clashes = [&](std::string const& part) {
    return std::any_of(definition.parties.begin(), definition.parties.end(), [&](PartyKind const& other) {
      if (other.id == part || !standing.parts.count(other.id)) return false;
      return contains(other.distinct_from, part) || contains(definition.find_party(part)->distinct_from, other.id);
    });
  };
  return std::any_of(grants.begin(), grants.end(), [&](Grant const& grant) {
    if (!grant.role.empty() && grant.role != standing.role) return false;
    if (!grant.unit_kinds.empty() && !contains(grant.unit_kinds, standing.unit_kind)) return false;
    return grant.party.empty() || (standing.parts.count(grant.party) > 0 && !clashes(grant.party));
  });
}

std::string rights_text(Definition const& definition, Language language) {
  auto const states = rights_of(definition);
  auto const columns = columns_of(definition, states);
  auto text = fmt::format("{} ({} {})\n{}\n\n", in(language, definition.title), definition.id, definition.version,
                          in(language, message("rights.legend")));
  for (std::size_t i = 0; i < columns.size(); ++i)
    text += fmt::format("{:>4}  {}\n", i + 1, column_title(columns[i], definition, language));
  std::string head;
  for (std::size_t i = 0; i < columns.size(); ++i) head += fmt::format("{:>3}", i + 1);
  for (auto const& state : states) {
    text += fmt::format("\n{}  {} {}\n", head, in(language, state.title), state.id);
    for (auto const& row : state.rows) {
      for (auto const& column : columns) {
        auto const mark = mark_of(row, column);
        text += fmt::format("  {}", mark.empty() ? "·" : mark);
      }
      text += fmt::format("  {} {}\n", name_of(row), in(language, row.title));
    }
  }
  return text;
}

std::string rights_html(Definition const& definition, Language language) {
  auto const states = rights_of(definition);
  auto const columns = columns_of(definition, states);
  auto const title = escape_markup(in(language, message("rights.title", {{"workflow", definition.title}})));
  auto html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title>\n<style>"
      "body{{font-family:sans-serif;margin:1.5rem}}table{{border-collapse:collapse}}"
      "th,td{{border:1px solid #bbb;padding:.25rem .5rem;text-align:left;vertical-align:bottom}}"
      "td.mark{{text-align:center}}thead th{{position:sticky;top:0;background:#fff}}tr.state "
      "th{{background:#eee}}"
      "</style></head><body>\n<h1>{}</h1>\n<p>{} {} · {}</p>\n<table><thead><tr><th></th>",
      language == Language::zh ? "zh-CN" : "en", title, title, escape_markup(definition.id),
      escape_markup(definition.version), escape_markup(in(language, message("rights.legend"))));
  for (auto const& column : columns)
    html += fmt::format("<th scope=\"col\">{}</th>", escape_markup(column_title(column, definition, language)));
  html += "</tr></thead><tbody>\n";
  for (auto const& state : states) {
    html += fmt::format("<tr class=\"state\"><th scope=\"rowgroup\" colspan=\"{}\">{} <code>{}</code></th></tr>\n",
                        columns.size() + 1, escape_markup(in(language, state.title)), escape_markup(state.id));
    for (auto const& row : state.rows) {
      html += fmt::format("<tr><th scope=\"row\">{} <code>{}</code></th>", escape_markup(in(language, row.title)),
                          escape_markup(name_of(row)));
      for (auto const& column : columns) html += fmt::format("<td class=\"mark\">{}</td>", mark_of(row, column));
      html += "</tr>\n";
    }
  }
  return html + "</tbody></table></body></html>\n";
}

}  // namespace bihuan
