// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <deque>
#include <future>
#include <latch>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "api/http/server.hpp"
#include "engine/store/store_fault.hpp"
#include "tests/api/served.hpp"

namespace bihuan::test {
namespace {

using http::Body;
using http::BodyFault;
using http::Request;
using http::Response;
using http::Route;
using std::chrono::milliseconds;

constexpr std::size_t large = 50 * 1024 * 1024;

Route hello() {
  return {.method = "GET", .pattern = "/hello", .query = {"a"}, .handler = [](Request&) {
            return Response{.headers = {{"Content-Type", "text/plain"}}, .body = "hello"};
          }};
}

Route echo() {
  return {.method = "POST", .pattern = "/echo", .body = Body::whole, .handler = [](Request& request) {
            return Response{.body = std::move(request.body)};
          }};
}

// Answers once the latch lets it, and says when it has begun.
Route held(std::latch& begun, std::latch& release) {
  return {.method = "GET", .pattern = "/held", .handler = [&](Request&) {
            begun.count_down();
            release.wait();
            return Response{.body = "done"};
          }};
}

std::string chunk(std::string_view bytes) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + std::string(bytes) + "\r\n";
}

}  // namespace

TEST_CASE("a connection serves request after request, and each answer carries the common fields") {
  Served served({hello(), echo()});
  Client client(served.server.port());
  auto const first = client.ask(get("/hello?a=1"));
  CHECK(first.head.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(first.body == "hello");
  CHECK(first.header("Content-Length") == "5");
  CHECK(first.header("X-Content-Type-Options") == "nosniff");
  CHECK(first.header("Content-Security-Policy") ==
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  CHECK(first.header("Referrer-Policy") == "no-referrer");
  CHECK(first.header("Cache-Control") == "no-store");
  CHECK(first.header("Connection") == std::nullopt);
  CHECK(first.header("Date")->ends_with(" GMT"));
  auto const second = client.ask(post("/echo", "again"));
  CHECK(second.body == "again");
  CHECK(second.header("X-Request-Id") != first.header("X-Request-Id"));

  CHECK(client.ask(get("/hello", "Connection: close\r\n")).header("Connection") == "close");
  CHECK(client.is_closed());
}

TEST_CASE("HTTP/1.0 keeps the connection only when asked") {
  Served served({hello()});
  Client client(served.server.port());
  CHECK(client.ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("Connection") == "keep-alive");
  CHECK(client.ask("GET /hello HTTP/1.0\r\n\r\n").header("Connection") == "close");
  CHECK(client.is_closed());
}

TEST_CASE("requests sent at once are answered in order") {
  Served served({hello(), echo()});
  Client client(served.server.port());
  client.send(post("/echo", "one") + get("/hello") + post("/echo", "three"));
  CHECK(client.read()->body == "one");
  CHECK(client.read()->body == "hello");
  CHECK(client.read()->body == "three");
}

TEST_CASE("HEAD has the fields of GET and no body") {
  Served served({hello()});
  Client client(served.server.port());
  client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n" + get("/hello"));
  auto const head = client.read(true);
  CHECK(head->status == 200);
  CHECK(head->header("Content-Length") == "5");
  CHECK(client.read()->body == "hello");
}

TEST_CASE("refusals of the router leave the connection usable") {
  Served served({hello(), echo()});
  Client client(served.server.port());
  CHECK(client.ask(get("/nothing")).status == 404);
  CHECK(client.ask(post("/nothing", "some body")).status == 404);
  CHECK(client.ask(get("/hello?b=1")).status == 400);
  auto const refused = client.ask(post("/hello", "x"));
  CHECK(refused.status == 405);
  CHECK(refused.header("Allow") == "GET, HEAD, OPTIONS");
  client.send("OPTIONS /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(client.read(true)->status == 204);
  CHECK(client.ask(get("/hello")).status == 200);
}

TEST_CASE("100 Continue is sent to those who wait for it, before the body is read") {
  Served served({echo()});
  Client client(served.server.port());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.read_head()->status == 100);
  client.send("body");
  CHECK(client.read()->body == "body");

  client.send("POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.read()->status == 404);
  CHECK(client.is_closed());
}

TEST_CASE("faults of a handler are answered with the request id and nothing of their inside") {
  auto const failing = [](std::string pattern, auto fault) {
    return Route{
        .method = "GET", .pattern = std::move(pattern), .handler = [fault](Request&) -> Response { throw fault; }};
  };
  Served served({failing("/store", StoreFault("disk I/O error")),
                 failing("/other", std::runtime_error("secret")),
                 failing("/number", 7),
                 {.method = "GET", .pattern = "/split", .handler = [](Request&) {
                    return Response{.headers = {{"Location", "/a\r\nSet-Cookie: b"}}};
                  }}});
  Client client(served.server.port());
  auto const store = client.ask(get("/store"));
  CHECK(store.status == 503);
  CHECK(store.header("Retry-After") == "1");
  CHECK(nlohmann::json::parse(store.body)["code"] == "store_failed");
  for (auto const* target : {"/other", "/number", "/split"}) {
    CAPTURE(target);
    auto const answer = client.ask(get(target));
    CHECK(answer.status == 500);
    CHECK(answer.body.find("secret") == std::string::npos);
    CHECK(answer.head.find("Set-Cookie") == std::string::npos);
    CHECK(nlohmann::json::parse(answer.body)["request_id"] == answer.header("X-Request-Id"));
  }
}

TEST_CASE("a full queue is answered 503 at once, and immediate routes still answer") {
  std::latch begun(1);
  std::latch release(1);
  Served served({held(begun, release),
                 hello(),
                 {.method = "GET",
                  .pattern = "/livez",
                  .immediate = true,
                  .handler = [](Request&) { return Response{.body = "alive"}; }}},
                {.workers = 1, .queue_limit = 1});
  Client busy(served.server.port());
  busy.send(get("/held"));
  begun.wait();
  Client queued(served.server.port());
  queued.send(get("/hello"));
  while (served.workers.queue_depth() == 0) std::this_thread::yield();

  Client refused(served.server.port());
  auto const answer = refused.ask(get("/hello"));
  CHECK(answer.status == 503);
  CHECK(answer.header("Retry-After") == "1");
  CHECK(nlohmann::json::parse(answer.body)["code"] == "busy");
  CHECK(refused.ask(get("/livez")).body == "alive");

  release.count_down();
  CHECK(busy.read()->body == "done");
  CHECK(queued.read()->body == "hello");
}

TEST_CASE("connections over the limit are turned away while all others are at work") {
  http::ServerOptions options;
  SUBCASE("of all") {
    options.connections = 1;
  }
  SUBCASE("of one address") {
    options.connections_per_address = 1;
  }
  std::latch begun(1);
  std::latch release(1);
  Served served({held(begun, release), hello()}, {.options = options});
  {
    Client first(served.server.port());
    first.send(get("/held"));
    begun.wait();
    Client second(served.server.port());
    auto const answer = second.read();
    CHECK(answer->status == 503);
    CHECK(answer->header("Retry-After") == "1");
    CHECK(second.is_closed());
    release.count_down();
    CHECK(first.read()->body == "done");
  }
  while (served.server.connections() > 0) std::this_thread::yield();
  Client third(served.server.port());
  CHECK(third.ask(get("/hello")).status == 200);
}

TEST_CASE("who is turned away while still sending hears so all the same") {
  std::latch begun(1);
  std::latch release(1);
  Served served({held(begun, release)}, {.options = {.connections = 1}});
  Client first(served.server.port());
  first.send(get("/held"));
  begun.wait();
  Client second(served.server.port());
  CHECK(second.read()->status == 503);
  for (int piece = 0; piece < 20; ++piece) CHECK(second.send(std::string(10'000, 'x')));
  CHECK(second.is_closed());
  release.count_down();
  CHECK(first.read()->body == "done");
}

TEST_CASE("who has only just connected may ask first, and makes room when they do not") {
  http::ServerOptions options{.connections = 1};
  SUBCASE("first") {
    options.newcomer_grace = std::chrono::hours(1);
    Served served({hello()}, {.options = options});
    Client first(served.server.port());
    while (served.server.connections() == 0) std::this_thread::yield();
    Client second(served.server.port());
    CHECK(second.read()->status == 503);
    CHECK(first.ask(get("/hello")).status == 200);
  }
  SUBCASE("no more") {
    options.newcomer_grace = milliseconds(0);
    Served served({hello()}, {.options = options});
    Client first(served.server.port());
    while (served.server.connections() == 0) std::this_thread::yield();
    Client second(served.server.port());
    CHECK(second.ask(get("/hello")).status == 200);
    CHECK(first.is_closed());
  }
}

TEST_CASE("a request that comes as its connection makes room for another is answered or not carried out") {
  std::latch begun(1), release(1), first_begun(1), first_release(1), second_begun(1), second_release(1);
  std::atomic<int> carried_out = 0;
  // On the thread of all connections, so that what comes meanwhile is found together.
  auto const stopping = [](char const* pattern, std::latch& here, std::latch& on) -> Route {
    return {.method = "GET", .pattern = pattern, .immediate = true, .handler = [&here, &on](Request&) {
              here.count_down();
              on.wait();
              return Response{.body = "on"};
            }};
  };
  Served served({hello(),
                 held(begun, release),
                 stopping("/first", first_begun, first_release),
                 stopping("/second", second_begun, second_release),
                 {.method = "POST",
                  .pattern = "/act",
                  .body = Body::whole,
                  .handler =
                      [&](Request&) {
                        ++carried_out;
                        return Response{.body = "done"};
                      }}},
                {.options = {.connections = 2}, .workers = 2});
  Client busy(served.server.port());
  CHECK(busy.ask(get("/hello")).status == 200);
  Client resting(served.server.port());
  CHECK(resting.ask(get("/hello")).status == 200);
  busy.send(get("/first") + get("/held"));
  first_begun.wait();
  resting.send(get("/second"));
  Client newcomer(served.server.port());
  first_release.count_down();
  second_begun.wait();
  resting.send(post("/act", "now"));
  second_release.count_down();
  CHECK(newcomer.ask(get("/hello")).status == 200);
  CHECK(resting.read()->body == "on");
  auto const answer = resting.read();
  release.count_down();
  served.server.stop();
  served.workers.stop();
  CHECK(carried_out == (answer ? 1 : 0));
}

TEST_CASE("a connection that rests makes room for a new one, the one that has rested longest first") {
  http::ServerOptions options;
  SUBCASE("of all") {
    options.connections = 2;
  }
  SUBCASE("of one address") {
    options.connections_per_address = 2;
  }
  Served served({hello()}, {.options = options});
  Client first(served.server.port());
  CHECK(first.ask(get("/hello")).status == 200);
  Client second(served.server.port());
  CHECK(second.ask(get("/hello")).status == 200);
  Client third(served.server.port());
  CHECK(third.ask(get("/hello")).status == 200);
  CHECK(first.is_closed());
  CHECK(second.ask(get("/hello")).status == 200);
  CHECK(third.ask(get("/hello")).status == 200);
}

TEST_CASE("idle connections by the hundred, slow headers and bodies half sent keep nobody out") {
  Served served({hello(),
                 {.method = "POST",
                  .pattern = "/whole",
                  .body = http::Body::whole,
                  .body_limit = 1'000'000,
                  .handler = [](Request& request) { return Response{.body = std::to_string(request.body.size())}; }}},
                // As it is a moment after they came.
                {.options = {.connections = 60, .connections_per_address = 60, .newcomer_grace = milliseconds(0)}});
  auto const port = served.server.port();
  std::deque<Client> slow;
  for (int number = 0; number < 20; ++number) {
    slow.emplace_back(port).send("GET /hello HTTP/1.1\r\nHo");
    slow.emplace_back(port).send("POST /whole HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\nhalf");
  }
  std::deque<Client> idle;
  for (int number = 0; number < 400; ++number) {
    idle.emplace_back(port);
    if (number % 40 != 0) continue;
    Client other(port);
    CHECK(other.ask(get("/hello")).status == 200);
  }
  CHECK(served.server.connections() <= 64);
  Client other(port);
  CHECK(other.ask(post("/whole", std::string(900'000, 'x'))).body == "900000");
}

TEST_CASE("stopping finishes what is in flight and takes nothing new") {
  std::latch begun(1);
  std::latch release(1);
  Served served({held(begun, release), hello()});
  auto const port = served.server.port();
  Client idle(port);
  CHECK(idle.ask(get("/hello")).status == 200);
  Client busy(port);
  busy.send(get("/held") + get("/hello"));
  begun.wait();
  std::jthread const stopping([&] { served.server.stop(); });
  CHECK(idle.is_closed());
  CHECK_THROWS_AS(Client{port}, std::system_error);
  release.count_down();
  auto const answer = busy.read();
  REQUIRE(answer);
  CHECK(answer->body == "done");
  CHECK(answer->header("Connection") == "close");
  CHECK(busy.is_closed());
}

TEST_CASE("who connected before the server stops is still answered, and is not waited for without end") {
  Served served({hello()}, {.options = {.linger_timeout = std::chrono::minutes(1)}});
  auto newcomer = std::make_unique<Client>(served.server.port());
  auto idle = std::make_unique<Client>(served.server.port());
  CHECK(idle->ask(get("/hello")).status == 200);  // so the one before was accepted as well
  std::jthread const stopping([&] { served.server.stop(); });
  CHECK(idle->is_closed());
  idle.reset();
  auto const answer = newcomer->ask(get("/hello"));
  CHECK(answer.body == "hello");
  CHECK(answer.header("Connection") == "close");
  CHECK(newcomer->is_closed());
  newcomer.reset();

  Served other({hello()});
  Client silent(other.server.port());
  other.server.stop();
  CHECK(silent.is_closed());
}

TEST_CASE("stopping cuts off what has not ended within its bound") {
  std::latch begun(1);
  std::latch release(1);
  Served served({held(begun, release)},
                {.options = {.header_timeout = milliseconds(20), .stop_timeout = milliseconds(5)}});
  Client client(served.server.port());
  client.send(get("/held"));
  begun.wait();
  std::jthread const stopping([&] { served.server.stop(); });
  CHECK(client.is_closed());
  release.count_down();
}

TEST_CASE("an address that cannot be had is a fault that names it") {
  Served served({hello()});
  http::Server second({.port = served.server.port()}, served.router, served.workers, served.metrics);
  CHECK_THROWS_WITH_AS(second.start(), doctest::Contains("127.0.0.1"), std::system_error);
}

TEST_CASE("a large body is streamed in by pieces") {
  std::size_t largest = 0;
  Served served({{.method = "POST",
                  .pattern = "/upload",
                  .body = Body::stream,
                  .body_limit = large,
                  .handler = [&largest](Request& request) {
                    std::size_t total = 0;
                    bool intact = request.body.empty();
                    for (auto piece = request.reader->next(); !piece.empty(); piece = request.reader->next()) {
                      for (char const c : piece) intact = intact && c == static_cast<char>(total++ % 251);
                      largest = std::max(largest, piece.size());
                    }
                    intact = intact && request.reader->next().empty();
                    return Response{.body = std::to_string(total) + (intact ? " intact" : " damaged")};
                  }}});
  std::string pattern;
  for (std::size_t index = 0; index < 251 * 1024; ++index) pattern += static_cast<char>(index % 251);
  Client client(served.server.port());

  SUBCASE("with its length") {
    client.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(large) + "\r\n\r\n");
    for (std::size_t sent = 0; sent < large; sent += pattern.size()) {
      client.send(std::string_view(pattern).substr(0, std::min(pattern.size(), large - sent)));
    }
    CHECK(client.read()->body == std::to_string(large) + " intact");
  }
  SUBCASE("in chunks") {
    client.send("POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int count = 0; count < 40; ++count) client.send(chunk(pattern));
    client.send("0\r\n\r\n");
    CHECK(client.read()->body == std::to_string(40 * pattern.size()) + " intact");
  }
  CHECK(largest > 0);
  CHECK(largest <= 64 * 1024);
  CHECK(client.ask(post("/upload", "")).body == "0 intact");
}

TEST_CASE("a large answer is streamed out by pieces") {
  std::atomic<std::size_t> largest = 0;
  auto const download = [&largest](std::string pattern, std::optional<std::uint64_t> length) {
    return Route{.method = "GET", .pattern = std::move(pattern), .handler = [&largest, length](Request&) {
                   auto source = [&largest, left = large](std::span<char> out) mutable {
                     largest = std::max(largest.load(), out.size());
                     auto const size = std::min(left, out.size());
                     std::memset(out.data(), 'x', size);
                     left -= size;
                     return size;
                   };
                   return Response{.source = source, .source_length = length};
                 }};
  };
  Served served(
      {download("/known", large), download("/unknown", std::nullopt), download("/short", large + 1), hello()});
  Client client(served.server.port());
  std::string piece;

  SUBCASE("with its length") {
    client.send(get("/known"));
    CHECK(client.read_head()->header("Content-Length") == std::to_string(large));
    std::size_t total = 0;
    while (total < large && client.read_some(piece, large - total) > 0) total += piece.size();
    CHECK(total == large);
    CHECK(client.ask(get("/hello")).body == "hello");
  }
  SUBCASE("in chunks where it is not known") {
    auto const answer = client.ask(get("/unknown"));
    CHECK(answer.header("Transfer-Encoding") == "chunked");
    CHECK(answer.body.size() == large);
    CHECK(client.ask(get("/hello")).body == "hello");
  }
  SUBCASE("up to the close under 1.0") {
    client.send("GET /unknown HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(client.read_head()->header("Connection") == "close");
    std::size_t total = 0;
    while (client.read_some(piece, large) > 0) total += piece.size();
    CHECK(total == large);
  }
  SUBCASE("and broken off where it is shorter than was said") {
    client.send(get("/short"));
    CHECK(client.read() == std::nullopt);
  }
  CHECK(largest <= 64 * 1024);
}

TEST_CASE("a client that does not take its answer is cut off") {
  Served served({{.method = "GET",
                  .pattern = "/endless",
                  .handler =
                      [](Request&) {
                        return Response{.source = [](std::span<char> out) {
                          std::memset(out.data(), 'x', out.size());
                          return out.size();
                        }};
                      }}},
                {.options = {.write_timeout = milliseconds(10)}});
  Client client(served.server.port());
  client.send(get("/endless"));
  CHECK(client.read_head()->status == 200);
  while (served.server.connections() > 0) std::this_thread::yield();
}

TEST_CASE("an upload that fails is answered, and its handler learns of it") {
  std::promise<int> seen;
  Served served({{.method = "POST",
                  .pattern = "/upload",
                  .body = Body::stream,
                  .body_limit = 10,
                  .handler =
                      [&seen](Request& request) {
                        try {
                          while (!request.reader->next().empty()) {
                          }
                        } catch (BodyFault const& fault) {
                          seen.set_value(fault.status());
                          throw;
                        }
                        return Response{.body = "whole"};
                      }},
                 {.method = "POST",
                  .pattern = "/ignored",
                  .body = Body::stream,
                  .handler = [](Request&) { return Response{.status = 422}; }}},
                {.options = {.uploads = 1, .body_timeout = milliseconds(20)}});
  Client client(served.server.port());
  auto const fault = [&] { return seen.get_future().get(); };
  std::string const chunked = "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

  SUBCASE("announced over the limit: the handler is not asked") {
    CHECK(client.ask(post("/upload", "12345678901")).status == 413);
    CHECK(client.is_closed());
  }
  SUBCASE("over the limit by chunks") {
    CHECK(client.ask(chunked + chunk("123456") + chunk("78901")).status == 413);
    CHECK(fault() == 413);
    CHECK(client.is_closed());
  }
  SUBCASE("badly chunked") {
    CHECK(client.ask(chunked + chunk("123456") + "nonsense\r\n").status == 400);
    CHECK(fault() == 400);
  }
  SUBCASE("broken off") {
    client.send(chunked + chunk("123456"));
    client.finish_sending();
    CHECK(fault() == 400);
    CHECK(client.read()->status == 400);
  }
  SUBCASE("too slow") {
    CHECK(client.ask(chunked + chunk("123456")).status == 408);
    CHECK(fault() == 408);
  }
  SUBCASE("waited for with 100 Continue, only when the handler reads") {
    client.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    CHECK(client.read_head()->status == 100);
    client.send("body");
    CHECK(client.read()->body == "whole");
    client.send("POST /ignored HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    CHECK(client.read()->status == 422);
    CHECK(client.is_closed());
  }
  SUBCASE("not read by the handler: a short rest is read away") {
    CHECK(client.ask(post("/ignored", "some bytes")).status == 422);
    CHECK(client.ask(post("/upload", "12345")).body == "whole");
  }
}

TEST_CASE("one upload too many is answered 503") {
  std::latch begun(1);
  Served served({{.method = "POST",
                  .pattern = "/upload",
                  .body = Body::stream,
                  .handler =
                      [&begun](Request& request) {
                        begun.count_down();
                        while (!request.reader->next().empty()) {
                        }
                        return Response{.body = "whole"};
                      }}},
                {.options = {.uploads = 1}});
  Client slow(served.server.port());
  slow.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo");
  begun.wait();
  Client second(served.server.port());
  CHECK(second.ask(post("/upload", "body")).status == 503);
  slow.send("dy");
  CHECK(slow.read()->body == "whole");
  CHECK(second.ask(post("/upload", "body")).status == 200);
}

TEST_CASE("requests are counted by route and class, and rendered for Prometheus") {
  Served served({hello()});
  served.metrics.add_gauge(
      {.name = "http_queue_depth", .help = "Requests that wait.", .labels = "pool=\"handlers\"", .value = [&] {
         return static_cast<double>(served.workers.queue_depth());
       }});
  Client client(served.server.port());
  CHECK(client.ask(get("/hello")).status == 200);
  CHECK(client.ask(get("/hello?x=1")).status == 400);
  CHECK(client.ask(get("/nothing", "Connection: close\r\n")).status == 404);
  served.server.stop();
  auto const counts = served.metrics.snapshot();
  REQUIRE(counts.size() == 2);
  CHECK(counts[0].by_class == std::array<std::uint64_t, 5>{0, 1, 0, 1, 0});
  CHECK(counts[1].by_class == std::array<std::uint64_t, 5>{0, 0, 0, 1, 0});
  auto const text = served.metrics.render();
  CAPTURE(text);
  CHECK(text.find("http_requests_total{method=\"GET\",route=\"/hello\",status=\"2xx\"} 1\n") != std::string::npos);
  CHECK(text.find("http_request_duration_seconds_bucket{method=\"GET\",route=\"/hello\",le=\"+Inf\"} 2\n") !=
        std::string::npos);
  CHECK(text.find("http_queue_depth{pool=\"handlers\"} 0\n") != std::string::npos);
}

}  // namespace bihuan::test
