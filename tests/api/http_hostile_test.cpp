// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "api/http/head_check.hpp"
#include "tests/api/served.hpp"

namespace bihuan::test {
namespace {

using http::Body;
using http::Request;
using http::Response;
using std::chrono::milliseconds;

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t count = 0; count < times; ++count) result += text;
  return result;
}

std::string with(std::string_view fields, std::string_view rest = "") {
  return "POST /whole HTTP/1.1\r\nHost: test\r\n" + std::string(fields) + "\r\n" + std::string(rest);
}

std::vector<http::Route> counting_routes(std::atomic<int>& handled) {
  auto const handler = [&handled](Request& request) {
    ++handled;
    return Response{.body = request.body};
  };
  return {{.method = "GET", .pattern = "/", .handler = handler},
          {.method = "DELETE", .pattern = "/", .handler = handler},
          {.method = "POST", .pattern = "/none", .handler = handler},
          {.method = "POST", .pattern = "/whole", .body = Body::whole, .body_limit = 1000, .handler = handler}};
}

}  // namespace

TEST_CASE("a request that two readers could understand differently is refused, and the connection closed") {
  std::atomic<int> handled = 0;
  Served served(counting_routes(handled), {});
  auto const smuggled = get("/");
  struct Case {
    char const* what;
    std::string bytes;
    int status;
  };
  std::vector<Case> const cases{
      {"length and encoding", with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {"encoding and length", with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400},
      {"two different lengths", with("Content-Length: 5\r\nContent-Length: 6\r\n", "12345"), 400},
      {"two equal lengths", with("Content-Length: 5\r\nContent-Length: 5\r\n", "12345"), 400},
      {"a list of equal lengths", with("Content-Length: 5, 5\r\n", "12345"), 400},
      {"a negative length", with("Content-Length: -5\r\n"), 400},
      {"a signed length", with("Content-Length: +5\r\n", "12345"), 400},
      {"a length in hexadecimal", with("Content-Length: 0x5\r\n", "12345"), 400},
      {"a length past 64 bits", with("Content-Length: 99999999999999999999\r\n"), 400},
      {"an empty length", with("Content-Length: \r\n"), 400},
      {"space before the colon", with("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), 400},
      {"chunked and more", with("Transfer-Encoding: chunked, identity\r\n", smuggled), 400},
      {"more and chunked", with("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 400},
      {"an unknown encoding with a length", with("Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n", "12345"), 400},
      {"an unknown encoding", with("Transfer-Encoding: xchunked\r\n", smuggled), 400},
      {"two encodings", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {"an empty encoding", with("Transfer-Encoding:\r\n", smuggled), 400},
      {"an encoding under 1.0", "POST /whole HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two hosts under 1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"a host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"a folded line", "GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n  2\r\n\r\n", 400},
      {"a folded line by tab", "GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n\t2\r\n\r\n", 400},
      {"space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"raw UTF-8 in the target", "GET /\xE6\xA1\x88 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a control character in the target", "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"bare newlines", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"one bare newline", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400},
      {"a bare carriage return", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400},
      {"U+0000 in a field", "GET / HTTP/1.1\r\nHost: a\r\nX: a" + std::string(1, '\0') + "b\r\n\r\n", 400},
      {"a field without a colon", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", 400},
      {"a field without a name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 400},
      {"no version", "GET /\r\n\r\n", 400},
      {"another version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"nothing like HTTP", "\x16\x03\x01\x02\x01\r\n\r\n", 400},
      {"a body with GET", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 400},
      {"a chunked body with GET", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"a body with HEAD", "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 400},
      {"a body with DELETE", "DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 400},
      {"a body where none is taken", post("/none", "abc"), 400},
      {"a body over the limit", post("/whole", repeated("x", 1001)), 413},
      {"chunks over the limit",
       with("Transfer-Encoding: chunked\r\n", "3e9\r\n" + repeated("x", 1001) + "\r\n0\r\n\r\n"), 413},
      {"small chunks over the limit",
       with("Transfer-Encoding: chunked\r\n", repeated("1\r\nx\r\n", 1001) + "0\r\n\r\n"), 413},
      {"a chunk of no size", with("Transfer-Encoding: chunked\r\n", "zz\r\nabc\r\n0\r\n\r\n"), 400},
      {"a chunk size past 64 bits", with("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n"), 400},
      {"a chunk longer than its size", with("Transfer-Encoding: chunked\r\n", "3\r\nabcd\r\n0\r\n\r\n"), 400},
      {"a chunk line without an end", with("Transfer-Encoding: chunked\r\n", "3;" + repeated("x", 20'000)), 400},
      {"a trailer without an end", with("Transfer-Encoding: chunked\r\n", "0\r\n" + repeated("X: y\r\n", 4'000)), 400},
      {"1,500 empty fields", "GET / HTTP/1.1\r\nHost: a\r\n" + repeated("a:\r\n", 1500) + "\r\n", 431},
      {"101 fields", "GET / HTTP/1.1\r\nHost: a\r\n" + repeated("a: b\r\n", 100) + "\r\n", 431},
      {"a header over 16 KiB", "GET / HTTP/1.1\r\nHost: a\r\nX: " + repeated("x", 17'000) + "\r\n\r\n", 431},
      {"a header without an end", "GET / HTTP/1.1\r\nHost: a\r\nX: " + repeated("x", 40'000), 431},
      {"an unknown expectation", post("/whole", "abc", "Expect: a-pony\r\n"), 417},
  };
  for (auto const& [what, bytes, status] : cases) {
    CAPTURE(what);
    Client client(served.server.port());
    client.send(bytes);
    bool const to_head = bytes.starts_with("HEAD");
    auto const answer = client.read(to_head);
    REQUIRE(answer);
    CHECK(answer->status == status);
    CHECK(answer->header("Content-Type") == "application/problem+json");
    CHECK(answer->header("Connection") == "close");
    if (!to_head) {
      auto const problem = nlohmann::json::parse(answer->body);
      CHECK(problem["status"] == status);
      CHECK(problem["request_id"] == answer->header("X-Request-Id"));
      CHECK_FALSE(problem["errors"][0]["message"]["zh"].get<std::string>().empty());
      CHECK(client.is_closed());
    }
  }
  CHECK(handled == 0);
}

TEST_CASE("what is unusual but clear is taken") {
  std::atomic<int> handled = 0;
  Served served(counting_routes(handled), {});
  struct Case {
    char const* what;
    std::string bytes;
    std::string body;
  };
  std::vector<Case> const cases{
      {"an empty line in front", "\r\n" + get("/"), ""},
      {"1.0 without a host", "GET / HTTP/1.0\r\n\r\n", ""},
      {"a length of nothing with GET", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", ""},
      {"the absolute form", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", ""},
      {"an IPv6 host with a port", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", ""},
      {"99 more fields", "GET / HTTP/1.1\r\nHost: a\r\n" + repeated("a: b\r\n", 99) + "\r\n", ""},
      {"UTF-8 in a field", "GET / HTTP/1.1\r\nHost: a\r\nX-Name: \xE6\xA1\x88\r\n\r\n", ""},
      {"a body just at the limit", post("/whole", repeated("x", 1000)), repeated("x", 1000)},
      {"chunks in capitals", with("TRANSFER-ENCODING: Chunked\r\n", "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nX-T: 1\r\n\r\n"),
       "abcde"},
      {"no chunk but the last", with("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), ""},
      {"a POST without a body", "POST /whole HTTP/1.1\r\nHost: a\r\n\r\n", ""},
  };
  for (auto const& [what, bytes, body] : cases) {
    CAPTURE(what);
    Client client(served.server.port());
    auto const answer = client.ask(bytes);
    CHECK(answer.status == 200);
    CHECK(answer.body == body);
  }
}

TEST_CASE("a request that arrives byte by byte is the same request") {
  std::atomic<int> handled = 0;
  Served served(counting_routes(handled), {});
  for (auto const& bytes :
       {"\r\n" + get("/"), with("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"), post("/whole", "abc")}) {
    Client client(served.server.port());
    for (char const c : bytes) client.send({&c, 1});
    auto const answer = client.read();
    REQUIRE(answer);
    CHECK(answer->status == 200);
  }
}

TEST_CASE("slowness is cut off") {
  std::atomic<int> handled = 0;
  SUBCASE("a header that never ends is answered 408") {
    Served served(counting_routes(handled), {.options = {.header_timeout = milliseconds(10)}});
    Client client(served.server.port());
    auto const answer = client.ask("GET / HTTP/1.1\r\nHo");
    CHECK(answer.status == 408);
    CHECK(client.is_closed());
  }
  SUBCASE("a body that never comes is answered 408") {
    Served served(counting_routes(handled), {.options = {.body_timeout = milliseconds(10)}});
    Client client(served.server.port());
    auto const answer = client.ask(with("Content-Length: 10\r\n", "abc"));
    CHECK(answer.status == 408);
    CHECK(client.is_closed());
  }
  SUBCASE("a request that takes too long as a whole is answered 408") {
    Served served(counting_routes(handled), {.options = {.request_timeout = milliseconds(10)}});
    Client client(served.server.port());
    CHECK(client.ask(with("Content-Length: 10\r\n", "abc")).status == 408);
  }
  SUBCASE("a connection on which nothing comes is closed without a word") {
    Served served(counting_routes(handled), {.options = {.header_timeout = milliseconds(10)}});
    Client client(served.server.port());
    CHECK(client.is_closed());
  }
  SUBCASE("a connection that rests between requests is closed without a word") {
    Served served(counting_routes(handled), {.options = {.idle_timeout = milliseconds(10)}});
    Client client(served.server.port());
    CHECK(client.ask(get("/")).status == 200);
    CHECK(client.is_closed());
  }
  CHECK(handled <= 1);
}

}  // namespace bihuan::test
