// SPDX-License-Identifier: Apache-2.0
#include "api/http/tls.hpp"

#include <doctest/doctest.h>

#include <latch>
#include <stdexcept>
#include <thread>

#include "tests/api/served.hpp"
#include "tests/api/tls_client.hpp"

namespace bihuan::test {
namespace {

using http::Body;
using http::Request;
using http::Response;
using http::Route;
using std::chrono::milliseconds;

constexpr std::size_t large = 5 * 1024 * 1024;

char byte_at(std::size_t place) {
  return static_cast<char>(place * 7 % 251);
}

http::TlsContext loaded(http::TlsFiles const& files) {
  auto context = http::load_tls(files);
  REQUIRE(context.has_value());
  return *context;
}

Route hello() {
  return {.method = "GET", .pattern = "/hello", .handler = [](Request& request) {
            return Response{.body = request.secure ? "hello, safely" : "hello"};
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

Route echo() {
  return {
      .method = "POST", .pattern = "/echo", .body = Body::whole, .body_limit = large, .handler = [](Request& request) {
        return Response{.body = std::move(request.body)};
      }};
}

// Adds up what it is sent.
Route upload() {
  return {.method = "POST",
          .pattern = "/upload",
          .body = Body::stream,
          .body_limit = large,
          .handler = [](Request& request) {
            std::size_t size = 0;
            for (auto piece = request.reader->next(); !piece.empty(); piece = request.reader->next()) {
              for (auto const byte : piece) {
                if (byte != byte_at(size++)) return Response{.body = "another byte"};
              }
            }
            return Response{.body = std::to_string(size)};
          }};
}

Route download() {
  return {.method = "GET", .pattern = "/download", .handler = [](Request&) {
            Response response;
            response.source = [place = std::size_t{0}](std::span<char> out) mutable {
              auto const size = std::min(out.size(), large - place);
              for (auto& byte : out.first(size)) byte = byte_at(place++);
              return size;
            };
            return response;
          }};
}

std::string bytes_of_size(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t place = 0; place < size; ++place) bytes[place] = byte_at(place);
  return bytes;
}

Setup with(http::TlsContext tls, http::ServerOptions options = {}) {
  options.tls = std::move(tls);
  return {.options = options};
}

}  // namespace

TEST_CASE("requests are served through TLS, and browsers are told to stay with it") {
  Certificates const certificates;
  Served served({hello(), echo(), upload(), download()}, with(loaded(certificates.make("district"))));
  TlsClient client(served.server.port());
  CHECK(client.version() == "TLSv1.3");
  CHECK(client.certificate_name() == "district");
  auto const answer = client.ask(get("/hello"));
  CHECK(answer.status == 200);
  CHECK(answer.body == "hello, safely");
  CHECK(answer.header("Strict-Transport-Security") == "max-age=31536000");
  SUBCASE("bodies of any size") {
    for (std::size_t const size : {0U, 1U, 8191U, 8192U, 8193U, 16384U, 16385U, 70000U, 1000003U}) {
      CAPTURE(size);
      auto const body = bytes_of_size(size);
      CHECK(client.ask(post("/echo", body)).body == body);
    }
  }
  SUBCASE("streams, both ways") {
    CHECK(client.ask(post("/upload", bytes_of_size(large))).body == std::to_string(large));
    CHECK(client.ask(get("/download")).body == bytes_of_size(large));
  }
  SUBCASE("requests sent at once, in order") {
    client.send(get("/hello") + post("/echo", "a") + get("/nowhere"));
    CHECK(client.read()->body == "hello, safely");
    CHECK(client.read()->body == "a");
    CHECK(client.read()->status == 404);
  }
  SUBCASE("an end that cannot be mistaken for a cut") {
    CHECK(client.ask(get("/hello", "Connection: close\r\n")).status == 200);
    CHECK(client.is_closed());
    CHECK(client.was_told_the_end());
  }
}

TEST_CASE("what is not safe any more is not agreed on") {
  Certificates const certificates;
  Served served({hello()}, with(loaded(certificates.make("district"))));
  auto const port = served.server.port();
  CHECK(TlsClient(port, {.highest_version = TLS1_2_VERSION}).version() == "TLSv1.2");
  CHECK_THROWS_AS(TlsClient(port, {.highest_version = TLS1_1_VERSION}), std::runtime_error);
  CHECK_THROWS_AS(TlsClient(port, {.highest_version = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-AES128-SHA256"}),
                  std::runtime_error);
  CHECK_THROWS_AS(TlsClient(port, {.protocols = {"h2"}}), std::runtime_error);
  CHECK(TlsClient(port, {.protocols = {"h2", "http/1.1"}}).protocol() == "http/1.1");
}

TEST_CASE("a client in the clear is told what it did, and nothing of ours") {
  Certificates const certificates;
  Served served({hello()}, with(loaded(certificates.make("district"))));
  Client client(served.server.port());
  auto const answer = client.ask(get("/hello"));
  CHECK(answer.status == 400);
  CHECK(answer.body.find("HTTPS") != std::string::npos);
  CHECK(answer.body.find("hello") == std::string::npos);
  CHECK(client.is_closed());
  Client noise(served.server.port());
  noise.send(std::string_view("\x16\x03\x01\x00\x05hello", 10));
  while (!noise.is_closed()) {
    std::string alert;
    (void)noise.read_some(alert, 100);
  }
  CHECK(TlsClient(served.server.port()).ask(get("/hello")).status == 200);
}

TEST_CASE("a handshake has its time") {
  Certificates const certificates;
  Served served({hello()}, with(loaded(certificates.make("district")), {.handshake_timeout = milliseconds(20)}));
  for (auto const* const beginning : {"", "\x16\x03\x01"}) {
    Client client(served.server.port());
    client.send(beginning);
    CHECK(client.is_closed());
  }
  TlsClient patient(served.server.port());
  CHECK(patient.ask(get("/hello")).status == 200);
}

TEST_CASE("times run through TLS as they do without") {
  Certificates const certificates;
  auto const tls = loaded(certificates.make("district"));
  SUBCASE("a header that never ends is answered 408") {
    Served served({hello()}, with(tls, {.header_timeout = milliseconds(20)}));
    TlsClient client(served.server.port());
    CHECK(client.ask("GET / HTTP/1.1\r\nHo").status == 408);
    CHECK(client.is_closed());
  }
  SUBCASE("a connection that rests is closed") {
    Served served({hello()}, with(tls, {.idle_timeout = milliseconds(20)}));
    TlsClient client(served.server.port());
    CHECK(client.ask(get("/hello")).status == 200);
    CHECK(client.is_closed());
    CHECK(client.was_told_the_end());
  }
  SUBCASE("a client that does not take its answer is cut off") {
    Served served({download()}, with(tls, {.write_timeout = milliseconds(50)}));
    TlsClient client(served.server.port());
    client.send(get("/download"));
    while (served.server.connections() > 0) std::this_thread::yield();
    CHECK_FALSE(client.read().has_value());
  }
}

TEST_CASE("over the limit of connections TLS clients are turned away without a word") {
  Certificates const certificates;
  std::latch begun(1);
  std::latch release(1);
  Served served({held(begun, release)}, with(loaded(certificates.make("district")), {.connections = 1}));
  TlsClient first(served.server.port());
  first.send(get("/held"));
  begun.wait();
  CHECK_THROWS_AS(TlsClient(served.server.port()), std::runtime_error);
  release.count_down();
  CHECK(first.read()->body == "done");
}

TEST_CASE("stopping ends idle connections and handshakes, and finishes what is in flight") {
  Certificates const certificates;
  std::latch begun(1);
  std::latch release(1);
  Served served({hello(), held(begun, release)}, with(loaded(certificates.make("district"))));
  Client silent(served.server.port());
  TlsClient idle(served.server.port());
  CHECK(idle.ask(get("/hello")).status == 200);
  TlsClient busy(served.server.port());
  busy.send(get("/held"));
  begun.wait();
  std::jthread const stopping([&] { served.server.stop(); });
  CHECK(silent.is_closed());
  CHECK(idle.is_closed());
  release.count_down();
  CHECK(busy.read()->body == "done");
  CHECK(busy.is_closed());
}

TEST_CASE("a new certificate is for new connections; the open ones go on") {
  Certificates const certificates;
  Served served({hello()}, with(loaded(certificates.make("old"))));
  TlsClient before(served.server.port());
  CHECK(before.certificate_name() == "old");
  served.server.use_tls(loaded(certificates.make("new")));
  CHECK(before.ask(get("/hello")).status == 200);
  TlsClient after(served.server.port());
  CHECK(after.certificate_name() == "new");
  CHECK(after.ask(get("/hello")).status == 200);
  CHECK(before.ask(get("/hello")).status == 200);
}

TEST_CASE("files that cannot be used are named with what was expected of them") {
  Certificates const certificates;
  auto const good = certificates.make("good");
  auto const other = certificates.make("other");
  auto const nonsense = certificates.write("nonsense", "not a certificate");
  struct Wrong {
    char const* how;
    http::TlsFiles files;
    std::string file;
  };
  for (auto const& [how, files, file] : std::initializer_list<Wrong>{
           {"no certificate", {certificates.directory() / "none", good.key}, "none"},
           {"a certificate that is none", {nonsense, good.key}, "nonsense"},
           {"a key for a certificate", {good.key, good.key}, "good.key"},
           {"no key", {good.certificate, certificates.directory() / "none"}, "none"},
           {"a key that is none", {good.certificate, nonsense}, "nonsense"},
           {"the key of another certificate", {good.certificate, other.key}, "other.key"},
           {"a key under a password", {good.certificate, certificates.encrypt_key(good)}, "encrypted.key"},
           {"a directory", {certificates.directory(), good.key}, certificates.directory().string()}}) {
    CAPTURE(how);
    auto const refused = http::load_tls(files);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().en.find(file) != std::string::npos);
    CHECK(refused.error().zh.find(file) != std::string::npos);
    CHECK(refused.error().en.find("Expected") != std::string::npos);
    CHECK(refused.error().en.find("unknown") == std::string::npos);
  }
  CHECK(http::load_tls(certificates.make("expired", -1)).has_value());
}

}  // namespace bihuan::test
