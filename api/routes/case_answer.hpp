// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/http/message.hpp"
#include "api/routes/answer.hpp"
#include "api/routes/context.hpp"
#include "engine/core/reader.hpp"

namespace bihuan::routes {

// One case with the actions that are offered to this caller, as it was at that moment.
[[nodiscard]] std::string case_with_actions(CaseAt const& found, Context& context, Actor const& actor);
// The ETag of a case as `find` gives it, in this caller's eyes.
[[nodiscard]] std::string shown_tag(Case const& found, Context& context, Actor const& actor);
[[nodiscard]] http::Response case_answer(int status, CaseAt const& found, Context& context, Actor const& actor);

// Why an action was not done; besides, what the case is now, so that the caller can go on without asking
// again.
[[nodiscard]] http::Response action_refused(Refusals refusals, ActionRequest const& action,
                                            http::Request const& request, Context& context);

// An action that asks for nothing may come without a body.
[[nodiscard]] Step<OrderedJson> read_optional_body(http::Request const& request);

// Idempotency-Key, when there is one, with the hash of what this request asks: a repeat must ask the same.
[[nodiscard]] Step<std::optional<Repeatable>> read_repeatable(http::Request const& request, OrderedJson const& body);

// "documents": {kind: [sha256, ...]}.
[[nodiscard]] std::map<std::string, std::vector<std::string>> read_documents(Reader& reader);
// A member that must be an object, {} when absent; what is inside is the engine's to judge.
[[nodiscard]] Json read_object(Reader& reader, std::string_view name);
// "comment", bounded.
[[nodiscard]] std::string read_comment(Reader& reader);

}  // namespace bihuan::routes
