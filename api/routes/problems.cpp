// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/render.hpp"
#include "engine/core/message.hpp"

namespace bihuan::routes {
namespace {

struct ProblemType {
  std::string code;
  int status = 400;
  Text meaning;
};

// What HTTP itself refuses, under the keys of its texts.
struct OfProtocol {
  std::string_view code;
  int status;
  std::string_view key;
};
constexpr OfProtocol of_protocol[] = {
    {"malformed_request", 400, "http.malformed_request"},
    {"method_not_allowed", 405, "http.method_not_allowed"},
    {"request_timeout", 408, "http.request_timeout"},
    {"unsupported_media_type", 415, "http.expects_json"},
    {"expectation_unsupported", 417, "http.expectation_unsupported"},
    {"header_too_large", 431, "http.header_too_large"},
    {"internal_error", 500, "http.internal_error"},
    {"version_unsupported", 505, "http.version_unsupported"},
};

// The text as a refusal of this kind would say it, with an ellipsis where it names the matter at hand.
Text general_text(std::string_view key) {
  constexpr std::string_view open = "…";
  return message(key,
                 {{"accept", open},   {"action", open},  {"allow", open},    {"calendar", open}, {"choices", open},
                  {"count", open},    {"current", open}, {"form", open},     {"deadline", open}, {"detail", open},
                  {"document", open}, {"due", open},     {"expected", open}, {"first", open},    {"found", open},
                  {"from", open},     {"kind", open},    {"known", open},    {"limit", open},    {"max", open},
                  {"method", open},   {"missing", open}, {"name", open},     {"other", open},    {"party", open},
                  {"path", open},     {"second", open},  {"seen", open},     {"request", open},  {"seconds", open},
                  {"state", open},    {"states", open},  {"text", open},     {"times", open},    {"to", open},
                  {"unit", open},     {"value", open},   {"version", open},  {"who", open},      {"workflow", open}});
}

std::optional<ProblemType> find_problem_type(std::string const& name) {
  auto const protocol = std::ranges::find(of_protocol, name, &OfProtocol::code);
  if (protocol != std::end(of_protocol)) {
    return ProblemType{.code = name, .status = protocol->status, .meaning = general_text(protocol->key)};
  }
  auto const code = std::ranges::find(all_codes(), name, code_name);
  if (code == all_codes().end()) return std::nullopt;
  return ProblemType{.code = name, .status = http::status_of(*code), .meaning = general_text("refusal." + name)};
}

}  // namespace

// Each problem's `type` leads here.
Response get_problem_type(Request& request, Context&) {
  auto const found = find_problem_type(request.path_parameter("code"));
  if (!found) return http::problem(refusal(Code::not_found, {}), request);
  OrderedJson body;
  body["type"] = "/problems/" + found->code;
  body["code"] = found->code;
  body["status"] = found->status;
  body["title"] = render(message("http.title." + std::to_string(found->status)));
  body["meaning"] = render(found->meaning);
  return json_answer(200, body);
}

}  // namespace bihuan::routes
