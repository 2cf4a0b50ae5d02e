// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "api/http/message.hpp"
#include "api/routes/context.hpp"
#include "engine/store/store.hpp"

namespace bihuan::routes {

// One row for the audit. Who, when and from where are added.
struct Seen {
  AuditKind kind = AuditKind::case_viewed;
  std::string case_id{};
  Json detail = Json::object();
};

// Puts on record what the caller is about to be shown or to do: call it before the answer leaves, and before
// an administrator's change is made. When there is no room for the row, what comes back is the answer (503),
// and nothing may be shown or changed.
[[nodiscard]] std::optional<http::Response> record(http::Request const& request, Context& context, Seen seen);

// The same for a change by somebody who keeps people, units or accounts: what it is, and of whom or what.
[[nodiscard]] std::optional<http::Response> put_on_record(http::Request const& request, Context& context,
                                                          std::string_view what, Json of);

// The same for a request that nobody signed in for: a sign-in, good or bad. `person` is who was meant, when
// there is such a person; a name that nobody has is never kept, since people type their passwords there.
[[nodiscard]] std::optional<http::Response> record_for(Person const* person, http::Request const& request,
                                                       Context& context, Seen seen);

// A look at one case, or at one that the caller may not know of: whoever tries ids is to be seen as well.
[[nodiscard]] Seen look_at(AuditKind kind, std::string const& case_id, bool found);

// A list: the filter as it was given, and how many rows went out.
[[nodiscard]] Seen look_at_list(AuditKind kind, http::Request const& request, std::size_t shown);

}  // namespace bihuan::routes
