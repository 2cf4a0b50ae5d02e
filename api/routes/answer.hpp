// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "api/http/message.hpp"
#include "api/http/problem.hpp"
#include "engine/core/json.hpp"
#include "engine/core/result.hpp"

namespace bihuan::routes {

// What a handler goes on with, or the answer that ends it.
template <class T>
using Step = tl::expected<T, http::Response>;

[[nodiscard]] http::Response json_answer(int status, OrderedJson const& body);
// The same of JSON that is written already.
[[nodiscard]] http::Response written_answer(int status, std::string body);

// A page as every list gives it. `next_cursor` is empty at the end; otherwise the answer also links to the
// next page. `total` is how many there are on all pages.
[[nodiscard]] http::Response page_answer(OrderedJson items, std::string const& next_cursor,
                                         http::Request const& request,
                                         std::optional<std::int64_t> total = std::nullopt);
// The same of items that are written already, as one array.
[[nodiscard]] http::Response written_page(std::string const& items, std::string const& next_cursor,
                                          http::Request const& request,
                                          std::optional<std::int64_t> total = std::nullopt);

// The problem with more members, or with another status than its code usually has.
[[nodiscard]] http::Response problem_with(Refusals const& refusals, http::Request const& request,
                                          OrderedJson const& members);
[[nodiscard]] http::Response problem_as(int status, Refusals const& refusals, http::Request const& request);
// A query parameter or header that does not have its form: 400. Their pointers are /query/NAME and
// /header/NAME.
[[nodiscard]] http::Response parameter_problem(Refusal const& refusal, http::Request const& request);

// The body as JSON: application/json, an object, well-formed within the limits, of at most so many bytes.
[[nodiscard]] Step<OrderedJson> read_body(http::Request const& request, std::size_t most_bytes = JsonLimits{}.bytes);
// A definition travels as a text within JSON, with its stories.
inline constexpr std::size_t definition_body_limit = 4U * 1024U * 1024U;

// What stands within the entity tag that the caller saw, from If-Match. Only one strong tag of ours says it: a weak
// one, a list or * would let a change through that was decided on something else.
[[nodiscard]] Step<std::string> read_expected_tag(http::Request const& request);
// The same where it is the revision of a case.
[[nodiscard]] Step<std::int64_t> read_expected_revision(http::Request const& request);
// A case's revision as an entity tag: "3", quotes included.
[[nodiscard]] std::string entity_tag(std::int64_t revision);
// Does If-None-Match name this tag?
[[nodiscard]] bool has_current(http::Request const& request, std::string_view tag);
[[nodiscard]] http::Response not_modified(std::string const& tag);

// Percent-encoded by RFC 3986: everything but unreserved characters.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace bihuan::routes
