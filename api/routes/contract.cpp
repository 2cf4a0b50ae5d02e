// SPDX-License-Identifier: Apache-2.0
#include "embedded/contract.hpp"

#include "api/routes/handlers.hpp"

namespace bihuan::routes {

Response get_contract(Request&, Context&) {
  Response response;
  response.headers.add("Content-Type", "application/json");
  response.headers.add("Cache-Control", "public, max-age=300");
  response.body = embedded::contract::openapi_json;
  return response;
}

}  // namespace bihuan::routes
