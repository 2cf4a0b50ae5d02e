// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "api/http/message.hpp"
#include "engine/core/json.hpp"
#include "engine/core/result.hpp"

namespace bihuan::routes {

// Answers of Open311 GeoReport v2 in the form that the path ends in: .json or .xml.

[[nodiscard]] bool wants_xml(http::Request const& request);

// A list of objects: in XML a `root` of `item`s. Lists within are elements of the names that the specification gives
// them.
[[nodiscard]] http::Response open311_answer(int status, OrderedJson const& list, std::string_view root,
                                            std::string_view item, http::Request const& request);
// One object, which in XML is the root.
[[nodiscard]] http::Response open311_object(OrderedJson const& object, std::string_view root,
                                            http::Request const& request);

// Why not, in the words of the language that is asked for.
[[nodiscard]] http::Response open311_problem(int status, Refusals const& refusals, http::Request const& request);

}  // namespace bihuan::routes
