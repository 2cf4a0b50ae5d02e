// SPDX-License-Identifier: Apache-2.0
#include "api/http/router.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include "api/http/log.hpp"
#include "api/http/packing.hpp"
#include "api/http/problem.hpp"
#include "api/http/target.hpp"
#include "engine/core/message.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan::http {
namespace {

std::optional<Refusal> check_query(Route const& route, Request const& request) {
  for (auto parameter = request.query.begin(); parameter != request.query.end(); ++parameter) {
    bool const known = std::ranges::find(route.query, parameter->name) != route.query.end();
    bool const repeated = std::find_if(request.query.begin(), parameter, [&](Parameter const& earlier) {
                            return earlier.name == parameter->name;
                          }) != parameter;
    if (known && !repeated) continue;
    auto found = refusal(Code::unknown_parameter, "", {{"name", parameter->name}});
    if (repeated) found.text = message("http.detail.repeated_parameter", {{"name", parameter->name}});
    return found;
  }
  return std::nullopt;
}

Response not_allowed(std::string const& allow, Request const& request) {
  auto response =
      protocol_problem(405, "method_not_allowed",
                       message("http.method_not_allowed", {{"method", request.method}, {"allow", allow}}), request);
  response.headers.add("Allow", allow);
  return response;
}

Response options(std::string const& allow) {
  Response response{.status = 204};
  response.headers.add("Allow", allow);
  return response;
}

std::string joined(std::set<std::string> methods) {
  if (methods.contains("GET")) methods.insert("HEAD");
  methods.insert("OPTIONS");
  std::string text;
  for (auto const& method : methods) text += (text.empty() ? "" : ", ") + method;
  return text;
}

std::string_view routed_method(std::string_view method) {
  return method == "HEAD" ? "GET" : method;
}

Response failed(std::string_view reason, Request const& request) {
  log_event(spdlog::level::err, "request failed", {{"request_id", request.request_id}, {"reason", reason}});
  return protocol_problem(500, "internal_error", message("http.internal_error"), request);
}

}  // namespace

Router::Router(std::vector<Route> routes, Gate gate, Fallback fallback)
    : routes_(std::move(routes)), gate_(std::move(gate)), fallback_(std::move(fallback)) {
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t index = 0; index < routes_.size(); ++index) {
    auto const& route = routes_[index];
    if (!seen.emplace(route.method, route.pattern).second || !route.handler) {
      throw std::logic_error("route given twice or without a handler: " + route.method + " " + route.pattern);
    }
    auto compiled = compile(route.pattern, index);
    by_length_.resize(std::max(by_length_.size(), compiled.segments.size() + 1));
    by_length_[compiled.segments.size()].push_back(std::move(compiled));
  }
  for (auto& group : by_length_) std::ranges::stable_sort(group, {}, &Compiled::parameters);
}

Router::Compiled Router::compile(std::string const& pattern, std::size_t index) {
  if (!pattern.starts_with('/')) throw std::logic_error("a route's pattern must start with /: " + pattern);
  Compiled compiled{.index = index};
  auto rest = std::string_view(pattern).substr(1);
  while (!rest.empty()) {
    auto const text = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), text.size() + 1));
    auto const open = text.find('{');
    auto const close = text.find('}');
    Segment segment{.prefix = std::string(text.substr(0, open))};
    if (open != std::string_view::npos) {
      if (close == std::string_view::npos || close < open + 2) throw std::logic_error("bad route pattern: " + pattern);
      segment.parameter = text.substr(open + 1, close - open - 1);
      segment.suffix = text.substr(close + 1);
      ++compiled.parameters;
    }
    compiled.segments.push_back(std::move(segment));
  }
  return compiled;
}

bool Router::matches(Compiled const& route, std::vector<std::string> const& segments) {
  return std::ranges::equal(route.segments, segments, [](Segment const& segment, std::string const& text) {
    if (segment.parameter.empty()) return segment.prefix == text;
    return text.size() > segment.prefix.size() + segment.suffix.size() && text.starts_with(segment.prefix) &&
           text.ends_with(segment.suffix);
  });
}

void Router::bind(Compiled const& route, Request& request) {
  for (std::size_t index = 0; index < route.segments.size(); ++index) {
    auto const& segment = route.segments[index];
    if (segment.parameter.empty()) continue;
    auto const& text = request.segments[index];
    auto const length = text.size() - segment.prefix.size() - segment.suffix.size();
    request.path_parameters.push_back({.name = segment.parameter, .value = text.substr(segment.prefix.size(), length)});
  }
}

Router::Match Router::match(std::string_view target, Request& request) const {
  Match match{.index = routes_.size()};
  if (auto const fault = parse_target(target, request)) {
    match.answer = protocol_problem(400, "malformed_request",
                                    message("http.malformed_request", {{"detail", message(*fault)}}), request);
    return match;
  }
  if (request.path == "*") {
    match.answer = options("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    return match;
  }
  std::set<std::string> methods;
  if (request.segments.size() < by_length_.size()) {
    for (auto const& compiled : by_length_[request.segments.size()]) {
      if (!matches(compiled, request.segments)) continue;
      auto const& route = routes_[compiled.index];
      if (route.method != routed_method(request.method)) {
        methods.insert(route.method);
        continue;
      }
      match.route = &route;
      match.index = compiled.index;
      bind(compiled, request);
      if (auto const refused_parameter = check_query(route, request)) {
        match.answer = problem(*refused_parameter, request);
      }
      return match;
    }
  }
  if (methods.empty() && fallback_) match.answer = fallback_(request);
  if (match.answer) return match;
  if (methods.empty()) {
    match.answer = problem(refusal(Code::not_found, ""), request);
  } else if (request.method == "OPTIONS") {
    match.answer = options(joined(std::move(methods)));
  } else {
    match.answer = not_allowed(joined(std::move(methods)), request);
  }
  return match;
}

Response Router::run(Route const& route, Request& request) const noexcept {
  try {
    if (gate_) {
      if (auto answer = gate_(request, route)) return std::move(*answer);
    }
    auto response = route.handler(request);
    pack(response, request);
    return response;
  } catch (BodyFault const& fault) {
    return body_problem(fault.status(), route.body_limit, request);
  } catch (StoreFault const& fault) {
    log_event(spdlog::level::err, "store failed", {{"request_id", request.request_id}, {"reason", fault.what()}});
    return problem(refusal(Code::store_failed, ""), request);
  } catch (std::exception const& fault) {
    return failed(reason_of(fault), request);
  } catch (...) {
    return failed("not an exception of the standard library", request);
  }
}

}  // namespace bihuan::http
