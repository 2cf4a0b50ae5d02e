// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <string>

struct pg_conn;

namespace bihuan::postgres {

inline constexpr std::chrono::seconds connect_time{3};  // at most, once

// Connects in bounded time; PQstatus says whether that succeeded. nullptr: out of memory. `target` is one of libpq's
// target_session_attrs. What the address says goes over the bounds.
[[nodiscard]] pg_conn* connect(std::string const& uri, char const* application, char const* target);

// So that the database notices as well when this node is cut off, and lets go of what it holds.
inline constexpr std::array let_go_when_cut_off{"SET tcp_user_timeout = 5000", "SET tcp_keepalives_idle = 5",
                                                "SET tcp_keepalives_interval = 2", "SET tcp_keepalives_count = 3"};

}  // namespace bihuan::postgres
