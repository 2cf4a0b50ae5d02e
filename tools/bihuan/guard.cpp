// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/guard.hpp"

#include <istream>
#include <ostream>
#include <string>

#include "engine/core/guard.hpp"
#include "engine/core/message.hpp"

namespace bihuan {
namespace {

Result<Json> answer(std::string const& line) {
  auto const request = parse_json(line);
  if (!request) return refused(request.error());
  if (!request->is_object())
    return refused(refusal(Code::wrong_type, "",
                           {{"expected", message("type.object")}, {"found", std::string(request->type_name())}}));
  auto const rule = request->find("rule");
  if (rule == request->end()) return refused(refusal(Code::missing, "/rule", {{"name", "rule"}}));
  auto const data = request->find("data");
  return evaluate(*rule, data == request->end() ? Json() : *data);
}

}  // namespace

int run_guard(std::istream& in, std::ostream& out) {
  for (std::string line; std::getline(in, line);) {
    auto const result = answer(line);
    Json reply = Json::object();
    if (result) {
      reply["result"] = *result;
    } else {
      auto const& first = result.error().front();
      reply["error"] = std::string(code_name(first.code)) + (first.pointer.empty() ? "" : " " + first.pointer) + ": " +
                       first.text.en;
    }
    out << canonical(reply) << "\n" << std::flush;
  }
  return 0;
}

}  // namespace bihuan
