// SPDX-License-Identifier: Apache-2.0
#include "engine/service/paper_form.hpp"

#include <algorithm>
#include <array>
#include <kainjow/mustache.hpp>
#include <optional>

#include "engine/core/contains.hpp"
#include "engine/core/message.hpp"

namespace bihuan {
namespace {

using namespace std::string_view_literals;

constexpr std::array own_values{"paper.number"sv,   "paper.date"sv,  "paper.date_en"sv, "paper.title"sv,
                                "paper.title_en"sv, "case.number"sv, "case.title"sv,    "case.state"sv,
                                "case.opened"sv,    "issuer.unit"sv, "issuer.person"sv};
// Only of a kind that is filled from a report.
constexpr std::array report_values{"report.month"sv,    "report.month_en"sv, "report.until"sv,  "report.workflows"sv,
                                   "report.carried"sv,  "report.opened"sv,   "report.closed"sv, "report.open"sv,
                                   "report.reopened"sv, "report.overdue"sv,  "report.rate"sv};

struct List {
  std::string_view name;
  std::vector<std::string_view> columns;
  bool of_report = false;
};
std::vector<List> const& lists() {
  static std::vector<List> const all{
      {.name = "documents", .columns = {"position", "kind", "kind_en", "count"}},
      {.name = "units",
       .columns = {"unit", "carried", "opened", "reopened", "closed", "open", "overdue", "rate"},
       .of_report = true},
      {.name = "overdue",
       .columns = {"position", "number", "title", "unit", "deadline", "due", "days"},
       .of_report = true}};
  return all;
}
List const* find_list(std::string_view name) {
  auto const found = std::ranges::find(lists(), name, &List::name);
  return found == lists().end() ? nullptr : &*found;
}

constexpr auto style_tag = "{{> style}}"sv;

std::string trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\n") - first + 1));
}

// The list whose section is open here, the innermost.
std::string open_list(std::vector<std::string> const& open) {
  auto const found = std::find_if(open.rbegin(), open.rend(), find_list);
  return found == open.rend() ? std::string() : *found;
}

// "name" of "prefix.name".
std::optional<std::string> after(std::string_view prefix, std::string_view name) {
  if (name.substr(0, prefix.size()) != prefix) return std::nullopt;
  return std::string(name.substr(prefix.size()));
}

Refusal malformed(std::string_view tag) {
  return refusal(Code::bad_format, "", {{"value", tag}, {"expected", message("expected.closed_sections")}});
}

void put(kainjow::mustache::data& into, std::string const& name, std::string const& value) {
  auto const dot = name.find('.');
  if (dot == std::string::npos) {
    into.set(name, value);
    return;
  }
  // Groups are one level deep, and set() copies: read the group, add to it, put it back.
  auto const group = name.substr(0, dot);
  auto const* const present = into.get(group);
  auto grown = present ? *present : kainjow::mustache::data(kainjow::mustache::data::type::object);
  grown.set(name.substr(dot + 1), value);
  into.set(group, grown);
}

}  // namespace

Result<PaperForm> PaperForm::parse(std::string text, std::string_view style) {
  for (auto at = text.find(style_tag); at != std::string::npos; at = text.find(style_tag, at + style.size()))
    text.replace(at, style_tag.size(), style);
  PaperForm form;
  std::vector<std::string> open;
  for (auto at = text.find("{{"); at != std::string::npos; at = text.find("{{", at)) {
    auto const end = text.find("}}", at);
    if (end == std::string::npos) return refused(malformed(text.substr(at, 40)));
    auto const whole = text.substr(at, end + 2 - at);
    auto const inner = std::string_view(whole).substr(2, whole.size() - 4);
    at = end + 2;
    auto const sign = inner.empty() ? ' ' : inner.front();
    if (sign == '!') continue;
    bool const opens = sign == '#' || sign == '^';
    auto const name = trimmed(opens || sign == '/' ? inner.substr(1) : inner);
    // Unescaped, a partial, other delimiters, or nothing at all.
    if (name.empty() || name.find_first_of("{}&>=<#^/ ") != std::string::npos) return refused(malformed(whole));
    if (sign == '/') {
      if (open.empty() || open.back() != name) return refused(malformed(whole));
      open.pop_back();
      continue;
    }
    form.reads_.push_back({name, open_list(open)});
    auto const field = after("fields.", name);
    if (field && !opens && !contains(open, name) && !contains(form.needed_, *field)) form.needed_.push_back(*field);
    if (opens) open.push_back(name);
  }
  if (!open.empty()) return refused(malformed("{{#" + open.back() + "}}"));
  kainjow::mustache::mustache const parsed(text);
  if (!parsed.is_valid()) return refused(malformed(parsed.error_message()));
  form.text_ = std::move(text);
  return form;
}

Refusals PaperForm::check(Definition const& definition, DocumentKind const& kind, std::string const& pointer) const {
  Refusals faults;
  auto const known = [&](Read const& read) {
    if (auto const* const list = find_list(read.list); list && contains(list->columns, read.name)) return true;
    if (auto const* const list = find_list(read.name)) return !list->of_report || kind.report.has_value();
    if (kind.report && contains(report_values, read.name)) return true;
    if (contains(own_values, read.name)) return true;
    if (auto const party = after("parties.", read.name)) return definition.find_party(*party) != nullptr;
    if (auto const deadline = after("deadlines.", read.name)) return definition.find_deadline(*deadline) != nullptr;
    auto const field = after("fields.", read.name);
    return field && definition.find_field(*field) != nullptr;
  };
  // Whoever sees the case can fetch what is attached to it: its parties and the definition's readers, who
  // read no personal field.
  auto const is_kept = [&](Read const& read) {
    auto const id = read.name == "case.title" ? definition.title_field : after("fields.", read.name).value_or("");
    auto const* const field = definition.find_field(id);
    return field && (!field->shown_to.empty() || (field->personal && !definition.readers.empty()));
  };
  for (auto const& read : reads_) {
    if (!known(read))
      faults.push_back(refusal(Code::template_reads_unknown, pointer, {{"form", kind.form}, {"name", read.name}}));
    else if (is_kept(read))
      faults.push_back(refusal(Code::template_reads_kept, pointer, {{"form", kind.form}, {"name", read.name}}));
  }
  return faults;
}

bool PaperForm::reads_field(std::string_view id) const {
  return std::any_of(reads_.begin(), reads_.end(), [&](Read const& read) { return after("fields.", read.name) == id; });
}

std::string PaperForm::fill(PaperValues const& values) const {
  kainjow::mustache::data data(kainjow::mustache::data::type::object);
  for (auto const& [name, value] : values.single) put(data, name, value);
  for (auto const& [list, entries] : values.lists) {
    kainjow::mustache::data rows(kainjow::mustache::data::type::list);
    for (auto const& entry : entries) {
      kainjow::mustache::data row(kainjow::mustache::data::type::object);
      for (auto const& [name, value] : entry) row.set(name, value);
      rows.push_back(row);
    }
    data.set(list, rows);
  }
  kainjow::mustache::mustache form(text_);
  return form.render(data);
}

}  // namespace bihuan
