// SPDX-License-Identifier: Apache-2.0
#include "api/routes/open311_request.hpp"

#include <algorithm>

#include "api/http/target.hpp"
#include "api/routes/open311_answer.hpp"
#include "api/routes/routes.hpp"
#include "engine/core/message.hpp"

namespace bihuan::routes {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view form_type = "application/x-www-form-urlencoded";
constexpr std::size_t most_parameters = 100;

bool is_form(Request const& request) {
  auto const type = request.headers.find("content-type").value_or("");
  return http::same_name(type.substr(0, type.find(';')), form_type);
}

}  // namespace

Step<Open311Request> Open311Request::read(Request const& request) {
  Open311Request read;
  read.parameters_ = request.query;
  if (request.method != "POST") return read;
  if (!is_form(request)) {
    return tl::make_unexpected(
        open311_problem(415,
                        {refusal(Code::bad_format, "Content-Type",
                                 {{"value", request.headers.find("content-type").value_or("")},
                                  {"expected", Text{std::string(form_type), std::string(form_type)}}})},
                        request));
  }
  Request form;
  if (http::parse_target("/?" + request.body, form) || form.query.size() > most_parameters) {
    return tl::make_unexpected(open311_problem(
        400, {refusal(Code::bad_format, {}, {{"value", "…"}, {"expected", std::string(form_type)}})}, request));
  }
  for (auto& parameter : form.query) {
    auto const same = [&](http::Parameter const& other) { return other.name == parameter.name; };
    if (std::ranges::any_of(read.parameters_, same)) {
      return tl::make_unexpected(
          open311_problem(400, {refusal(Code::duplicate_key, parameter.name, {{"name", parameter.name}})}, request));
    }
    read.parameters_.push_back(std::move(parameter));
  }
  return read;
}

std::string Open311Request::text(std::string_view name) const {
  auto const found = std::ranges::find(parameters_, name, &http::Parameter::name);
  return found == parameters_.end() ? std::string() : found->value;
}

OrderedJson Open311Request::without_key() const {
  OrderedJson sent = OrderedJson::object();
  for (auto const& parameter : parameters_) {
    if (parameter.name != "api_key") sent[parameter.name] = parameter.value;
  }
  return sent;
}

std::optional<Response> let_in_by_key(Request& request, Open311Request const& asked, Context& context) {
  auto token = asked.text("api_key");
  auto const authorization = request.headers.find("authorization");
  constexpr std::string_view scheme = "bearer ";
  if (token.empty() && authorization && http::same_name(authorization->substr(0, scheme.size()), scheme)) {
    token = authorization->substr(scheme.size());
  }
  bool const writes = request.method == "POST";
  // A session's token would be one of a browser, which pages of others could make act.
  if (token.empty() || !is_machine_token(token)) {
    return open311_problem(403, {refusal(Code::not_signed_in, "api_key")}, request);
  }
  auto caller = caller_by_token(token, context);
  if (!caller) return open311_problem(403, caller.error(), request);
  if (writes && caller->scope == TokenScope::read) {
    return open311_problem(403, {refusal(Code::not_allowed, "api_key")}, request);
  }
  request.caller = std::move(*caller);
  return std::nullopt;
}

std::optional<Response> wrong_place(Request const& request, Open311Request const& asked, Context const& context) {
  auto const* const requests = context.library().service_requests();
  if (requests == nullptr) return open311_problem(404, {refusal(Code::not_found, {})}, request);
  auto const jurisdiction = asked.text("jurisdiction_id");
  if (jurisdiction.empty() || jurisdiction == requests->jurisdiction) return std::nullopt;
  return open311_problem(404, {refusal(Code::not_found, "jurisdiction_id")}, request);
}

std::optional<Response> too_often(Request const& request, Context& context) {
  auto const wait = context.public_calls->take(request.remote_address, context.cases.now());
  if (!wait) return std::nullopt;
  auto const seconds = std::to_string(wait->count());
  auto response = open311_problem(429, {refusal(Code::locked_out, {}, {{"seconds", seconds}})}, request);
  response.headers.add("Retry-After", seconds);
  return response;
}

}  // namespace bihuan::routes
