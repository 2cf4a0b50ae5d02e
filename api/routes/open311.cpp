// SPDX-License-Identifier: Apache-2.0
// Open311 GeoReport v2: how a hotline hands complaints over and asks what became of them.
#include <algorithm>
#include <chrono>

#include "api/routes/case_answer.hpp"
#include "api/routes/case_query.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/open311_answer.hpp"
#include "api/routes/open311_interface.hpp"
#include "api/routes/open311_opening.hpp"
#include "api/routes/open311_request.hpp"
#include "api/routes/record.hpp"
#include "engine/core/message.hpp"

namespace bihuan::routes {
namespace {

using std::chrono::days;

constexpr days longest_span{90};             // as the specification has it
constexpr std::size_t most_requests = 1000;  // the same
constexpr std::size_t page_size = 200;

// With what every call begins with: nothing when it may go on.
std::optional<Response> begin(Request& request, Open311Request const& asked, Context& context) {
  if (auto wrong = wrong_place(request, asked, context)) return wrong;
  return let_in_by_key(request, asked, context);
}

std::vector<std::string> split(std::string const& list) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start < list.size();) {
    auto const end = std::min(list.find(',', start), list.size());
    if (end > start) parts.push_back(list.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

// Those of these numbers that the caller may see.
std::vector<Case> find_by_number(std::vector<std::string> const& numbers, Open311Interface const& interface,
                                 Context& context, Actor const& actor) {
  std::vector<Case> found;
  for (auto const& number : numbers) {
    CaseQuery const query{.workflow = interface.definition.id, .text = number, .limit = page_size};
    auto const page = context.cases.list(query, actor);
    if (!page) continue;
    for (auto const& subject : page->items) {
      if (subject.number == number) found.push_back(subject);
    }
  }
  return found;
}

// Which requests: within 90 days, the last ones when nobody says which.
Result<CaseQuery> which(Open311Request const& asked, Open311Interface const& interface, Instant now) {
  Refusals faults;
  auto const instant = [&](char const* name) -> std::optional<Instant> {
    auto text = asked.text(name);
    if (text.empty()) return std::nullopt;
    std::ranges::replace(text, ' ', '+');
    auto const read = parse_instant(text, name);
    if (read) return *read;
    append(faults, read.error());
    return std::nullopt;
  };
  auto const from = instant("start_date");
  auto const to = instant("end_date");
  CaseQuery query{.workflow = interface.definition.id, .limit = page_size};
  query.opened_to = to ? *to : from ? std::min(*from + longest_span, now) : now;
  query.opened_from = from ? *from : *query.opened_to - longest_span;
  if (*query.opened_to - *query.opened_from > longest_span) {
    faults.push_back(refusal(Code::out_of_bounds, "start_date", {{"expected", message("open311.span")}}));
  }
  auto const status = asked.text("status");
  if (status == "open" || status == "closed") query.final = status == "closed";
  if (!status.empty() && !query.final && status != "open,closed" && status != "closed,open") {
    faults.push_back(refusal(Code::not_a_choice, "status", {{"value", status}, {"choices", "open, closed"}}));
  }
  for (auto const& code : split(asked.text("service_code"))) {
    if (find_open311_service(interface, code) == nullptr)
      faults.push_back(
          refusal(Code::unknown_reference, "service_code", {{"name", code}, {"kind", message("kind.field")}}));
  }
  if (!faults.empty()) return refused(std::move(faults));
  return query;
}

Result<std::vector<Case>> requests_of(Open311Request const& asked, Open311Interface const& interface, Context& context,
                                      Actor const& actor) {
  if (auto const numbers = split(asked.text("service_request_id")); !numbers.empty()) {
    if (numbers.size() > page_size)
      return refused(refusal(Code::too_large, "service_request_id", {{"limit", std::to_string(page_size)}}));
    return find_by_number(numbers, interface, context, actor);
  }
  auto query = which(asked, interface, context.cases.now());
  if (!query) return refused(query.error());
  auto const codes = split(asked.text("service_code"));
  std::vector<Case> found;
  do {
    auto page = context.cases.list(*query, actor);
    if (!page) return refused(page.error());
    for (auto& subject : page->items) {
      auto const code = open311_text(subject, interface.requests.service);
      if (codes.empty() || std::ranges::find(codes, code) != codes.end()) found.push_back(std::move(subject));
    }
    query->cursor = page->next_cursor;
  } while (!query->cursor.empty() && found.size() < most_requests);
  if (found.size() > most_requests) found.resize(most_requests);
  return found;
}

Response list_answer(std::vector<Case> const& found, Open311Interface const& interface, Request& request,
                     Context& context) {
  auto list = OrderedJson::array();
  for (auto const& subject : found) list.push_back(open311_request_line(subject, interface, context));
  auto seen = look_at_list(AuditKind::cases_listed, request, list.size());
  seen.detail.at("filter").erase("api_key");
  seen.detail["interface"] = "open311";
  if (auto full = record(request, context, std::move(seen))) return std::move(*full);
  return open311_answer(200, list, "service_requests", "request", request);
}

}  // namespace

Response get_open311_discovery(Request& request, Context& context) {
  auto const asked = Open311Request::read(request);
  if (!asked) return asked.error();
  if (auto wait = too_often(request, context)) return std::move(*wait);
  if (auto wrong = wrong_place(request, *asked, context)) return std::move(*wrong);
  auto const interface = open311_interface_of(request, context);
  auto const host = request.headers.find("host").value_or("localhost");
  auto const url = (request.secure ? "https://" : "http://") + std::string(host) + "/open311/v2";
  OrderedJson const endpoint{{"specification", "http://wiki.open311.org/GeoReport_v2"},
                             {"url", url},
                             {"changeset", "2026-01-01T00:00:00+08:00"},
                             {"type", "production"},
                             {"formats", {"text/xml", "application/json"}}};
  OrderedJson const discovery{{"changeset", "2026-01-01T00:00:00+08:00"},
                              {"contact", in(interface.language, interface.requests.contact)},
                              {"key_service", in(interface.language, message("open311.key_service"))},
                              {"endpoints", OrderedJson::array({endpoint})}};
  return open311_object(discovery, "discovery", request);
}

Response list_open311_services(Request& request, Context& context) {
  auto const asked = Open311Request::read(request);
  if (!asked) return asked.error();
  if (auto wait = too_often(request, context)) return std::move(*wait);
  if (auto wrong = wrong_place(request, *asked, context)) return std::move(*wrong);
  auto const interface = open311_interface_of(request, context);
  auto list = OrderedJson::array();
  for (auto const& choice : interface.service().choices) list.push_back(open311_service(interface, choice));
  return open311_answer(200, list, "services", "service", request);
}

Response get_open311_service(Request& request, Context& context) {
  auto const asked = Open311Request::read(request);
  if (!asked) return asked.error();
  if (auto wait = too_often(request, context)) return std::move(*wait);
  if (auto wrong = wrong_place(request, *asked, context)) return std::move(*wrong);
  auto const interface = open311_interface_of(request, context);
  auto const& code = request.path_parameter("code");
  if (find_open311_service(interface, code) == nullptr) {
    return open311_problem(404, {refusal(Code::not_found, "service_code")}, request);
  }
  OrderedJson const definition{{"service_code", code}, {"attributes", open311_attributes(interface)}};
  return open311_object(definition, "service_definition", request);
}

Response list_open311_requests(Request& request, Context& context) {
  auto const asked = Open311Request::read(request);
  if (!asked) return asked.error();
  if (auto answer = begin(request, *asked, context)) return std::move(*answer);
  auto const interface = open311_interface_of(request, context);
  auto const found = requests_of(*asked, interface, context, caller_of(request).actor);
  if (!found) return open311_problem(400, found.error(), request);
  return list_answer(*found, interface, request, context);
}

Response get_open311_request(Request& request, Context& context) {
  auto const asked = Open311Request::read(request);
  if (!asked) return asked.error();
  if (auto answer = begin(request, *asked, context)) return std::move(*answer);
  auto const interface = open311_interface_of(request, context);
  auto const found = find_by_number({request.path_parameter("id")}, interface, context, caller_of(request).actor);
  if (!found.empty()) return list_answer(found, interface, request, context);
  auto seen = look_at(AuditKind::case_viewed, request.path_parameter("id"), false);
  if (auto full = record(request, context, std::move(seen))) return std::move(*full);
  return open311_problem(404, {refusal(Code::not_found, "service_request_id")}, request);
}

Response open_open311_request(Request& request, Context& context) {
  auto const asked = Open311Request::read(request);
  if (!asked) return asked.error();
  if (auto answer = begin(request, *asked, context)) return std::move(*answer);
  auto const interface = open311_interface_of(request, context);
  auto const opening = read_open311_opening(interface, *asked, request);
  if (!opening) return opening.error();
  auto const repeatable = read_repeatable(request, asked->without_key());
  if (!repeatable) return repeatable.error();
  auto const opened = context.cases.open(*opening, caller_of(request).actor, *repeatable);
  if (!opened) {
    auto const status = http::status_of(opened.error().front().code);
    return open311_problem(status == 422 ? 400 : status, opened.error(), request);
  }
  OrderedJson const line{
      {"service_request_id", opened->subject.number}, {"service_notice", nullptr}, {"account_id", nullptr}};
  return open311_answer(201, OrderedJson::array({line}), "service_requests", "request", request);
}

// A request has its number at once, and the number is its token as well.
Response get_open311_token(Request& request, Context& context) {
  auto const asked = Open311Request::read(request);
  if (!asked) return asked.error();
  if (auto answer = begin(request, *asked, context)) return std::move(*answer);
  auto const interface = open311_interface_of(request, context);
  auto const& token = request.path_parameter("id");
  auto const found = find_by_number({token}, interface, context, caller_of(request).actor);
  auto seen = look_at(AuditKind::case_viewed, found.empty() ? token : found.front().id, !found.empty());
  if (auto full = record(request, context, std::move(seen))) return std::move(*full);
  if (found.empty()) return open311_problem(404, {refusal(Code::not_found, "token_id")}, request);
  OrderedJson const line{{"service_request_id", found.front().number}, {"token", token}};
  return open311_answer(200, OrderedJson::array({line}), "service_requests", "request", request);
}

}  // namespace bihuan::routes
