// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "api/http/message.hpp"

namespace bihuan::http {

// How a response's body is marked off on the wire.
enum class Framing { none, length, chunked, until_close };

struct HeadContext {
  bool http_1_0 = false;
  bool close = false;
  std::string_view date;
  std::string_view request_id;
  bool secure = false;  // came through TLS: the browser is to use nothing else from now on
};

[[nodiscard]] Framing framing_of(Response const& response, bool http_1_0);

// The status line and all fields, with those that every answer carries: Date, framing, connection, request id
// and the security fields, where the handler has not set its own.
void append_head(std::string& out, Response const& response, Framing framing, HeadContext const& context);

// False when a name or value would break out of its line.
[[nodiscard]] bool well_formed(Headers const& headers);

}  // namespace bihuan::http
