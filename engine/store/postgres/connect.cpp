// SPDX-License-Identifier: Apache-2.0
#include "engine/store/postgres/connect.hpp"

#include <libpq-fe.h>

#include <utility>
#include <vector>

namespace bihuan::postgres {

pg_conn* connect(std::string const& uri, char const* application, char const* target) {
  auto const seconds = std::to_string(connect_time.count());
  std::pair<char const*, char const*> const settings[] = {
      {"connect_timeout", seconds.c_str()},
      {"tcp_user_timeout", "5000"},
      {"keepalives_idle", "5"},
      {"keepalives_interval", "2"},
      {"keepalives_count", "3"},
      {"application_name", application},
      {"target_session_attrs", target},
      {"client_encoding", "UTF8"},
      {"dbname", uri.c_str()},
      {nullptr, nullptr},
  };
  std::vector<char const*> names;
  std::vector<char const*> values;
  for (auto const& [name, value] : settings) {
    names.push_back(name);
    values.push_back(value);
  }
  auto* const made = PQconnectdbParams(names.data(), values.data(), 1);
  PQsetNoticeProcessor(
      made, [](void*, char const*) {}, nullptr);
  return made;
}

}  // namespace bihuan::postgres
