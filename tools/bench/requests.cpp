// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/requests.hpp"

#include <fmt/format.h>

#include "engine/core/json.hpp"
#include "tools/bench/population.hpp"

namespace bihuan::bench {

std::string head_of(std::string const& method, std::string const& target, std::size_t client) {
  return fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\nAccept: application/json\r\n",
                     method, target, token_of_handler(client % handlers));
}

std::string step_request(CaseTurns const& turns, std::size_t place, std::size_t client) {
  auto const body = Json{{"input", step_input(turns.revision(place))}}.dump();
  return fmt::format("{}If-Match: \"{}\"\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                     head_of("POST", "/api/v1/cases/" + turns.id(place) + "/actions/" + step, client),
                     turns.revision(place), body.size(), body);
}

std::string read_request(CaseTurns const& turns, std::size_t place, std::size_t client) {
  return head_of("GET", "/api/v1/cases/" + turns.id(place), client) + "\r\n";
}

}  // namespace bihuan::bench
