// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/event.hpp"
#include "engine/store/store.hpp"
#include "engine/store/webhooks.hpp"

namespace bihuan {

// A random secret in the form that Standard Webhooks 1.0.0 gives it: "whsec_" and base64.
[[nodiscard]] std::string make_webhook_secret();

// "v1,<base64>" for each secret: HMAC-SHA256 over "ID.TIMESTAMP.BODY" (Standard Webhooks).
[[nodiscard]] std::string webhook_signature(std::vector<WebhookSecret> const& secrets, std::string const& id,
                                            Instant timestamp, std::string const& body);

// The CloudEvents 1.0 JSON of a case's revision for who wants these types (empty: all), or nothing when no event of it
// is among them. `history` is the case's, as the subscriber may read it. What the events say in words and fields is
// not in it: whoever may know asks for the case.
[[nodiscard]] std::optional<std::string> webhook_body(CaseChange const& change, std::vector<Event> const& history,
                                                      std::vector<std::string> const& types);

// CASE.REVISION: the same however often it is sent.
[[nodiscard]] std::string webhook_message_id(std::string const& case_id, std::int64_t revision);

}  // namespace bihuan
