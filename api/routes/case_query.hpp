// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "api/http/message.hpp"
#include "api/routes/answer.hpp"
#include "api/routes/context.hpp"
#include "engine/store/store.hpp"

namespace bihuan::routes {

// The query parameters of a ledger. A filter is the address of a screen, so everything that filters reads
// this.
[[nodiscard]] std::vector<std::string> case_query_parameters();

// The same without those that say which page, and with `lang`.
[[nodiscard]] std::vector<std::string> ledger_parameters();

// lang: zh or en; what Accept-Language says when absent. A link has no say over that header.
[[nodiscard]] Step<Language> read_language(http::Request const& request);

// What is wrong is answered by name of the parameter, never ignored.
[[nodiscard]] Step<CaseQuery> read_case_query(http::Request const& request, Context const& context);

// workflow: one that there is, or none.
[[nodiscard]] Step<std::optional<std::string>> read_workflow_parameter(http::Request const& request,
                                                                       Library const& library);

// limit: 1 to 200, 50 when absent.
[[nodiscard]] Step<std::size_t> read_limit(http::Request const& request);

// The refusal of a parameter that must be one of these.
[[nodiscard]] Refusal not_among(std::string_view parameter, std::string_view value,
                                std::vector<std::string> const& choices);

}  // namespace bihuan::routes
