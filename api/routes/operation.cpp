// SPDX-License-Identifier: Apache-2.0
#include "api/http/log.hpp"
#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "engine/core/message.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan::routes {
namespace {

Response uncached(Response response) {
  response.headers.set("Cache-Control", "no-store");
  return response;
}

}  // namespace

// The process turns; nothing else is asked, so that a slow disk does not get it killed.
Response get_livez(Request&, Context&) {
  return uncached(json_answer(200, {{"status", "ok"}}));
}

// Requests can be served: the store reads and writes.
Response get_readyz(Request& request, Context& context) {
  try {
    context.store.check();
  } catch (StoreFault const& fault) {
    http::log_event(spdlog::level::err, "not ready", {{"request_id", request.request_id}, {"reason", fault.what()}});
    return uncached(http::problem(refusal(Code::store_failed, {}), request));
  }
  return uncached(json_answer(200, {{"status", "ok"}}));
}

Response get_metrics(Request&, Context& context) {
  Response response;
  response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = context.metrics();
  return uncached(std::move(response));
}

}  // namespace bihuan::routes
