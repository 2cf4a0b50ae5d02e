// SPDX-License-Identifier: Apache-2.0
#include "api/routes/locked.hpp"

#include "api/http/problem.hpp"
#include "engine/core/message.hpp"

namespace bihuan::routes {

http::Response locked_problem(std::chrono::seconds wait, http::Request const& request) {
  auto const seconds = std::to_string(wait.count());
  auto response = http::problem(refusal(Code::locked_out, {}, {{"seconds", seconds}}), request);
  response.headers.add("Retry-After", seconds);
  return response;
}

}  // namespace bihuan::routes
