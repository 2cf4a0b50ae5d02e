// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/message.hpp"

namespace bihuan::http {

enum class Body {
  none,    // a body is refused
  whole,   // in request.body before the handler runs
  stream,  // pulled by the handler through request.reader, in constant memory
};

// Who may call a route at all. What a caller may do to one case is decided by the engine.
struct Access {
  enum class Who {
    anyone,
    by_key,  // lets its callers in by itself, as another specification wants it
    signed_in,
    one_of_roles,
  };
  Who who = Who::signed_in;
  std::vector<std::string> roles{};  // for one_of_roles
};

inline constexpr std::size_t default_body_limit = 1024 * 1024;

// Handlers are plain functions that may block; they run on worker threads, many at once.
using Handler = std::function<Response(Request&)>;

struct Route {
  std::string method;       // HEAD comes with GET, OPTIONS with every route
  std::string pattern;      // "/api/v1/cases/{id}/actions/{action}"; "{token}.ics" works too
  std::string operation{};  // operationId in openapi.json
  Access access{};
  Body body = Body::none;
  std::size_t body_limit = default_body_limit;  // bytes
  std::vector<std::string> query{};             // the parameters it knows
  // For handlers that never block: run on the I/O thread, so they answer even when every worker is taken
  // (/livez).
  bool immediate = false;
  Handler handler{};
};

// Runs before each handler, on its thread: finds out who calls (request.caller) and holds that against
// route.access. What it returns is the answer, and the handler is not run.
using Gate = std::function<std::optional<Response>(Request&, Route const&)>;

// Asked about what no route matches, on the I/O thread, so it must not block. Nothing: the answer is 404.
using Fallback = std::function<std::optional<Response>(Request const&)>;

// The table of routes. Immutable, so every method may be called from any thread.
class Router {
 public:
  // A malformed pattern or two routes with the same method and pattern are programming errors:
  // std::logic_error.
  explicit Router(std::vector<Route> routes, Gate gate = {}, Fallback fallback = {});

  struct Match {
    Route const* route = nullptr;
    std::size_t index = 0;             // of the route, for metrics; routes().size() when there is none
    std::optional<Response> answer{};  // when the router itself answers: 404, 405, 400, OPTIONS
  };
  // Parses the target into the request and finds its route.
  [[nodiscard]] Match match(std::string_view target, Request& request) const;

  // Gate and handler. Exceptions that escape them are caught here and nowhere else: logged once with the
  // request id and answered 503 (StoreFault) or 500.
  [[nodiscard]] Response run(Route const& route, Request& request) const noexcept;

  [[nodiscard]] std::vector<Route> const& routes() const { return routes_; }

 private:
  struct Segment {
    std::string prefix;       // the whole text when it is no parameter
    std::string parameter{};  // empty when it is none
    std::string suffix{};
  };
  struct Compiled {
    std::vector<Segment> segments{};
    std::size_t parameters = 0;
    std::size_t index = 0;
  };

  [[nodiscard]] static Compiled compile(std::string const& pattern, std::size_t index);
  [[nodiscard]] static bool matches(Compiled const& route, std::vector<std::string> const& segments);
  static void bind(Compiled const& route, Request& request);

  std::vector<Route> routes_;
  Gate gate_;
  Fallback fallback_;
  std::vector<std::vector<Compiled>> by_length_;  // fewest parameters first: a literal segment wins
};

}  // namespace bihuan::http
