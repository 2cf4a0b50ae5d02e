// SPDX-License-Identifier: Apache-2.0
#include "api/routes/case_query.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "engine/core/message.hpp"
#include "engine/core/utf8.hpp"

namespace bihuan::routes {
namespace {

using http::Request;

constexpr std::size_t limit_default = 50;
constexpr std::size_t limit_most = 200;
constexpr std::size_t text_limit = 200;  // bytes of a search
constexpr double metres_most = 100'000;  // farther, the ground is not flat

template <class Value>
using Choices = std::map<std::string, Value, std::less<>>;

Choices<Light> const& lights() {
  static Choices<Light> const all{
      {"green", Light::green}, {"yellow", Light::yellow}, {"red", Light::red}, {"grey", Light::grey}};
  return all;
}

Choices<CaseQuery::Sort> const& sorts() {
  using Sort = CaseQuery::Sort;
  static Choices<Sort> const all{{"opened", Sort::opened_oldest},
                                 {"-opened", Sort::opened_newest},
                                 {"due", Sort::due_soonest},
                                 {"-changed", Sort::changed_newest},
                                 {"-closed", Sort::closed_newest}};
  return all;
}

Choices<bool> const& truths() {
  static Choices<bool> const all{{"true", true}, {"false", false}};
  return all;
}

std::string parameter_pointer(std::string_view name) {
  return "/query/" + std::string(name);
}

// Reads the parameters one by one and keeps what is wrong with them.
class QueryReader {
 public:
  explicit QueryReader(Request const& request) : request_(request) {}

  template <class Value>
  [[nodiscard]] std::optional<Value> choice(std::string_view name, Choices<Value> const& choices) {
    auto const value = request_.query_parameter(name);
    if (!value) return std::nullopt;
    if (auto const found = choices.find(*value); found != choices.end()) return found->second;
    std::vector<std::string> names;
    for (auto const& [choice_name, unused] : choices) names.push_back(choice_name);
    faults_.push_back(not_among(name, *value, names));
    return std::nullopt;
  }

  // An instant, or the first second of a date.
  [[nodiscard]] std::optional<Instant> instant(std::string_view name) {
    auto const value = request_.query_parameter(name);
    if (!value) return std::nullopt;
    // The + of an offset stands for a space when nobody encoded it; there is no other space in an instant.
    std::string text(*value);
    std::ranges::replace(text, ' ', '+');
    if (auto const date = parse_date(text)) return Zone().start_of(*date);
    if (auto const instant = parse_instant(text)) return *instant;
    faults_.push_back(refusal(Code::bad_format, parameter_pointer(name),
                              {{"value", *value}, {"expected", message("expected.instant_or_date")}}));
    return std::nullopt;
  }

  [[nodiscard]] std::optional<std::string> text(std::string_view name) {
    auto const value = request_.query_parameter(name);
    if (!value) return std::nullopt;
    return std::string(*value);
  }

  void fault(Refusal refusal) { faults_.push_back(std::move(refusal)); }
  [[nodiscard]] Refusals const& faults() const { return faults_; }

 private:
  Request const& request_;
  Refusals faults_;
};

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  while (true) {
    auto const part = list.substr(0, list.find(','));
    parts.emplace_back(part);
    if (part.size() == list.size()) return parts;
    list.remove_prefix(part.size() + 1);
  }
}

void read_workflow(QueryReader& reader, CaseQuery& query, Library const& library) {
  query.workflow = reader.text("workflow");
  if (!query.workflow || library.current(*query.workflow) != nullptr) return;
  std::vector<std::string> names;
  for (auto const* const definition : library.current_definitions()) names.push_back(definition->id);
  reader.fault(not_among("workflow", *query.workflow, names));
}

// Of the workflow that is asked for, or of any.
std::vector<std::string> read_states(QueryReader& reader, std::string_view name, CaseQuery const& query,
                                     Library const& library) {
  auto const text = reader.text(name);
  if (!text) return {};
  auto states = split(*text);
  std::vector<std::string> known;
  for (auto const* const definition : library.current_definitions()) {
    if (query.workflow && *query.workflow != definition->id) continue;
    for (auto const& state : definition->states) known.push_back(state.id);
  }
  for (auto const& state : states) {
    if (std::ranges::find(known, state) == known.end()) reader.fault(not_among(name, state, known));
  }
  return states;
}

// Nothing unless the whole text is one number between these.
std::optional<double> number_between(std::string_view text, double least, double most) {
  double number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  bool const whole = error == std::errc() && end == text.data() + text.size();
  return whole && number >= least && number <= most ? std::optional(number) : std::nullopt;
}

// LATITUDE,LONGITUDE,METRES
void read_near(QueryReader& reader, CaseQuery& query) {
  auto const text = reader.text("near");
  if (!text) return;
  auto const parts = split(*text);
  if (parts.size() == 3) {
    auto const latitude = number_between(parts[0], -90, 90);
    auto const longitude = number_between(parts[1], -180, 180);
    auto const metres = number_between(parts[2], 1, metres_most);
    if (latitude && longitude && metres) {
      query.near = Circle{
          .latitude = *latitude, .longitude = *longitude, .metres = static_cast<std::int64_t>(std::llround(*metres))};
      return;
    }
  }
  reader.fault(
      refusal(Code::bad_format, parameter_pointer("near"), {{"value", *text}, {"expected", message("expected.near")}}));
}

void read_people(QueryReader& reader, CaseQuery& query, Context const& context, Actor const& actor) {
  query.unit = reader.text("unit");
  if (query.unit && context.library().organisation().find(*query.unit) == nullptr) {
    reader.fault(refusal(Code::unknown_unit, parameter_pointer("unit"), {{"name", *query.unit}}));
  }
  if (reader.choice<bool>("opener", {{"me", true}})) query.opener = actor.person;
  if (reader.choice<bool>("handled_by", {{"me", true}})) query.handler = actor.person;
}

void read_search(QueryReader& reader, CaseQuery& query) {
  query.text = composed(reader.text("q").value_or(""));
  if (query.text.size() > text_limit) {
    reader.fault(refusal(Code::too_large, parameter_pointer("q"),
                         {{"limit", message("count.bytes", {{"count", std::to_string(text_limit)}})}}));
  }
}

}  // namespace

std::vector<std::string> case_query_parameters() {
  return {"workflow",  "state",       "reached",   "unit",  "light",  "due_before", "opened_from",
          "opened_to", "closed_from", "closed_to", "final", "opener", "handled_by", "pending",
          "q",         "near",        "sort",      "limit", "cursor"};
}

std::vector<std::string> ledger_parameters() {
  auto parameters = case_query_parameters();
  std::erase_if(parameters, [](std::string const& name) { return name == "limit" || name == "cursor"; });
  parameters.emplace_back("lang");
  return parameters;
}

Step<Language> read_language(Request const& request) {
  QueryReader reader(request);
  auto const language = reader.choice<Language>("lang", {{"zh", Language::zh}, {"en", Language::en}});
  if (!reader.faults().empty()) return tl::make_unexpected(problem_as(400, reader.faults(), request));
  return language.value_or(http::language_of(request));
}

Step<std::optional<std::string>> read_workflow_parameter(Request const& request, Library const& library) {
  CaseQuery query;
  QueryReader reader(request);
  read_workflow(reader, query, library);
  if (!reader.faults().empty()) return tl::make_unexpected(problem_as(400, reader.faults(), request));
  return query.workflow;
}

Refusal not_among(std::string_view parameter, std::string_view value, std::vector<std::string> const& choices) {
  std::string list;
  for (auto const& choice : choices) list.append(list.empty() ? "" : ", ").append(choice);
  return refusal(Code::not_a_choice, parameter_pointer(parameter), {{"value", value}, {"choices", list}});
}

Step<std::size_t> read_limit(Request const& request) {
  auto const text = request.query_parameter("limit");
  if (!text) return limit_default;
  std::size_t limit = 0;
  auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (error != std::errc() || end != text->data() + text->size() || limit < 1 || limit > limit_most) {
    auto const expected = message("expected.whole_number_between", {{"from", "1"}, {"to", std::to_string(limit_most)}});
    return tl::make_unexpected(
        parameter_problem(refusal(Code::out_of_bounds, parameter_pointer("limit"), {{"expected", expected}}), request));
  }
  return limit;
}

Step<CaseQuery> read_case_query(Request const& request, Context const& context) {
  auto const limit = read_limit(request);
  if (!limit) return tl::make_unexpected(limit.error());
  CaseQuery query;
  query.limit = *limit;
  query.cursor = request.query_parameter("cursor").value_or("");
  QueryReader reader(request);
  read_workflow(reader, query, context.library());
  query.states = read_states(reader, "state", query, context.library());
  query.reached = read_states(reader, "reached", query, context.library());
  read_near(reader, query);
  read_people(reader, query, context, caller_of(request).actor);
  read_search(reader, query);
  query.light = reader.choice("light", lights());
  query.final = reader.choice("final", truths());
  query.due_before = reader.instant("due_before");
  query.opened_from = reader.instant("opened_from");
  query.opened_to = reader.instant("opened_to");
  query.closed_from = reader.instant("closed_from");
  query.closed_to = reader.instant("closed_to");
  query.pending = reader.choice<bool>("pending", {{"true", true}}).value_or(false);
  // The list of what is overdue begins with what has been overdue longest.
  auto const usual = query.light == Light::red              ? CaseQuery::Sort::due_soonest
                     : query.closed_from || query.closed_to ? CaseQuery::Sort::closed_newest
                                                            : CaseQuery::Sort::opened_newest;
  query.sort = reader.choice("sort", sorts()).value_or(usual);
  if (!reader.faults().empty()) return tl::make_unexpected(problem_as(400, reader.faults(), request));
  return query;
}

}  // namespace bihuan::routes
