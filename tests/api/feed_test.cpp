// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "tests/api/served.hpp"

// Answers that go on: what the server does with a feed, whatever it tells.

namespace bihuan::test {
namespace {

using http::Request;
using http::Response;
using http::Route;
using std::chrono::milliseconds;

// Says what the test tells it to.
struct Teller {
  std::mutex mutex;
  std::function<void()> ring;
  void const* listener = nullptr;
  std::string waiting;
  bool ended = false;
  bool broken = false;
  bool endless = false;
  std::atomic<int> looks = 0;
  int open = 0;
  std::condition_variable closed;

  // False when it is not let go of within ten seconds.
  [[nodiscard]] bool is_let_go() {
    std::unique_lock lock(mutex);
    return closed.wait_for(lock, std::chrono::seconds(10), [this] { return open == 0; });
  }

  void say(std::string text) {
    std::lock_guard const lock(mutex);
    waiting += text;
    if (ring) ring();
  }
  void end() {
    std::lock_guard const lock(mutex);
    ended = true;
    if (ring) ring();
  }
  void break_off() {
    std::lock_guard const lock(mutex);
    broken = true;
    if (ring) ring();
  }
  void mend() {
    std::lock_guard const lock(mutex);
    broken = false;
  }
};

class Told final : public http::Feed {
 public:
  explicit Told(Teller& teller) : teller_(teller) {
    std::lock_guard const lock(teller_.mutex);
    ++teller_.open;
  }
  ~Told() override {
    std::lock_guard const lock(teller_.mutex);
    if (teller_.listener == this) teller_.ring = {};
    --teller_.open;
    teller_.closed.notify_all();
  }
  std::optional<std::string> next() override {
    ++teller_.looks;
    std::lock_guard const lock(teller_.mutex);
    if (teller_.broken) throw std::runtime_error("broken feed");
    if (teller_.endless) return std::string(64 * 1024, 'x');
    if (!teller_.waiting.empty()) return std::exchange(teller_.waiting, {});
    if (teller_.ended) return std::nullopt;
    return std::string();
  }
  [[nodiscard]] std::string idle() const override { return "still here\n"; }
  void listen(std::function<void()> ring) override {
    std::lock_guard const lock(teller_.mutex);
    teller_.ring = std::move(ring);
    teller_.listener = this;
  }

 private:
  Teller& teller_;
};

Route feed(Teller& teller) {
  return {.method = "GET", .pattern = "/feed", .handler = [&teller](Request&) {
            Response response;
            response.headers.add("Content-Type", "text/plain");
            response.feed = std::make_shared<Told>(teller);
            return response;
          }};
}

Route hello() {
  return {.method = "GET", .pattern = "/hello", .handler = [](Request&) { return Response{.body = "hello"}; }};
}

Setup quick() {
  Setup setup;
  setup.options.feed_pause = milliseconds(1);
  return setup;
}

// Reads until this has come.
std::string read_until(Client& client, std::string_view text) {
  std::string all;
  std::string piece;
  while (all.find(text) == std::string::npos && client.read_some(piece, 64 * 1024) > 0) all += piece;
  return all;
}

}  // namespace

TEST_CASE("a feed sends what there is when it rings, and ends the answer where it ends") {
  Teller teller;
  Served served({feed(teller), hello()}, quick());
  Client client(served.server.port());
  client.send(get("/feed"));
  auto const head = client.read_head();
  REQUIRE(head);
  CHECK(head->header("Transfer-Encoding") == "chunked");
  teller.say("one\n");
  CHECK(read_until(client, "one\n").find("one\n") != std::string::npos);
  teller.say("two\n");
  CHECK(read_until(client, "two\n").find("one") == std::string::npos);
  teller.end();
  CHECK(read_until(client, "0\r\n\r\n").ends_with("0\r\n\r\n"));
  // The connection goes on to the next request.
  CHECK(client.ask(get("/hello")).body == "hello");
  CHECK(teller.is_let_go());
}

TEST_CASE("feeds that wait hold no worker") {
  Teller teller;
  Setup setup = quick();
  setup.workers = 1;
  Served served({feed(teller), hello()}, setup);
  Client first(served.server.port());
  Client second(served.server.port());
  first.send(get("/feed"));
  second.send(get("/feed"));
  REQUIRE(first.read_head());
  REQUIRE(second.read_head());
  Client other(served.server.port());
  CHECK(other.ask(get("/hello")).body == "hello");
}

TEST_CASE("one feed more than may be is answered that the server is busy") {
  Teller teller;
  Setup setup = quick();
  setup.options.feeds = 1;
  Served served({feed(teller), hello()}, setup);
  Client first(served.server.port());
  first.send(get("/feed"));
  REQUIRE(first.read_head());
  Client second(served.server.port());
  auto const refused = second.ask(get("/feed"));
  CHECK(refused.status == 503);
  CHECK(refused.header("Retry-After"));
  teller.end();
  (void)read_until(first, "0\r\n\r\n");
  second.send(get("/feed"));
  CHECK(second.read_head()->status == 200);
}

TEST_CASE("where there is nothing to say a sign of life is sent, and HEAD has no feed") {
  Teller teller;
  Setup setup = quick();
  setup.options.feed_heartbeat = milliseconds(20);
  Served served({feed(teller)}, setup);
  Client client(served.server.port());
  client.send("HEAD /feed HTTP/1.1\r\nHost: test\r\n\r\n");
  CHECK(client.read(true)->status == 200);
  client.send(get("/feed"));
  REQUIRE(client.read_head());
  CHECK(read_until(client, "still here\n").find("still here\n") != std::string::npos);
}

TEST_CASE("who does not read is cut off, and costs one piece at a time until then") {
  Teller teller;
  teller.endless = true;
  Setup setup = quick();
  setup.options.write_timeout = milliseconds(100);
  Served served({feed(teller)}, setup);
  Client client(served.server.port());
  client.send(get("/feed"));
  REQUIRE(client.read_head());
  REQUIRE(teller.is_let_go());
  // What the buffers of both sockets take, of 64 KiB each; without a limit it would never have ended.
  CHECK(teller.looks < 400);
  CHECK(served.server.connections() <= 1);
}

TEST_CASE("a feed that breaks off breaks the connection, and stopping ends those that wait") {
  Teller teller;
  Served served({feed(teller)}, quick());
  Client broken(served.server.port());
  broken.send(get("/feed"));
  REQUIRE(broken.read_head());
  teller.break_off();
  CHECK(read_until(broken, "0\r\n\r\n").find("0\r\n\r\n") == std::string::npos);
  teller.mend();
  Client waiting(served.server.port());
  waiting.send(get("/feed"));
  REQUIRE(waiting.read_head());
  served.server.stop();
  CHECK(read_until(waiting, "0\r\n\r\n").ends_with("0\r\n\r\n"));
}

}  // namespace bihuan::test
