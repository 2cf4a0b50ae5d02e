// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "api/routes/answer.hpp"
#include "api/routes/context.hpp"

namespace bihuan::routes {

// What whoever calls the Open311 interface sends: the query, or the form of a POST.
class Open311Request {
 public:
  // Refused when the form is none.
  [[nodiscard]] static Step<Open311Request> read(http::Request const& request);

  // Empty when absent.
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] std::vector<http::Parameter> const& parameters() const { return parameters_; }
  // What was sent but the key, for whoever must know a repeat.
  [[nodiscard]] OrderedJson without_key() const;

 private:
  std::vector<http::Parameter> parameters_;
};

// Lets in who has a machine token, by `api_key` or as a bearer: request.caller is set. Otherwise what to answer.
[[nodiscard]] std::optional<http::Response> let_in_by_key(http::Request& request, Open311Request const& asked,
                                                          Context& context);

// The jurisdiction that is asked for, if one is, must be ours; without an interface there is nothing at all.
[[nodiscard]] std::optional<http::Response> wrong_place(http::Request const& request, Open311Request const& asked,
                                                        Context const& context);

// What asks without signing in has to wait when it asks too often.
[[nodiscard]] std::optional<http::Response> too_often(http::Request const& request, Context& context);

}  // namespace bihuan::routes
