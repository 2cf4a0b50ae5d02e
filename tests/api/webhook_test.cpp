// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <span>

#include "api/http/outgoing.hpp"
#include "engine/service/webhook_message.hpp"
#include "tests/api/contract.hpp"
#include "tests/api/district.hpp"
#include "tests/api/served.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

struct Got {
  std::string id;
  std::string timestamp;
  std::string signature;
  std::string type;
  std::string body;
};

// A receiver of webhooks on this machine: a server of its own.
class Receiver {
 public:
  Receiver() : served_({route("/hook", 204), route("/moved", 302), route("/broken", 500), route("/endless", 200)}) {}

  [[nodiscard]] std::string url(std::string const& path) const {
    return "http://127.0.0.1:" + std::to_string(served_.server.port()) + path;
  }
  [[nodiscard]] std::vector<Got> got() {
    std::lock_guard const lock(mutex_);
    return got_;
  }

 private:
  http::Route route(std::string const& path, int status) {
    http::Route route;
    route.method = "POST";
    route.pattern = path;
    route.body = http::Body::whole;
    route.handler = [this, status](http::Request& request) {
      auto const field = [&](char const* name) { return std::string(request.headers.find(name).value_or("")); };
      std::lock_guard const lock(mutex_);
      got_.push_back({.id = field("webhook-id"),
                      .timestamp = field("webhook-timestamp"),
                      .signature = field("webhook-signature"),
                      .type = field("content-type"),
                      .body = request.body});
      http::Response response;
      response.status = status;
      if (status == 302) response.headers.add("Location", "/hook");
      if (status == 500) response.headers.add("Retry-After", "7200");
      if (status == 200) {
        response.source = [](std::span<char> out) {
          std::ranges::fill(out, 'x');
          return out.size();
        };
      }
      return response;
    };
    return route;
  }

  std::mutex mutex_;
  std::vector<Got> got_;
  Served served_;
};

// Takes connections, and never says a word.
class SilentListener {
 public:
  SilentListener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const place = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(socket_, place, size) == 0);
    REQUIRE(::listen(socket_, 8) == 0);
    REQUIRE(::getsockname(socket_, place, &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  SilentListener(SilentListener const&) = delete;
  SilentListener& operator=(SilentListener const&) = delete;
  ~SilentListener() { ::close(socket_); }

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

Json make(District& district, std::string const& url, std::string const& by = "supervisor") {
  auto const made = district.post("/api/v1/webhooks", by, {{"url", url}});
  REQUIRE_MESSAGE(made.status == 201, made.body);
  CHECK(departures(json_of(made), "NewWebhook") == std::vector<std::string>{});
  return json_of(made);
}

Json only(District& district) {
  auto const page = json_of(district.get("/api/v1/webhooks", "supervisor"));
  CHECK(departures(page, "WebhookPage") == std::vector<std::string>{});
  REQUIRE(page.at("items").size() == 1);
  return page.at("items").at(0);
}

}  // namespace

TEST_CASE("a webhook is told over HTTP, signed, and its secret is shown once") {
  District district;
  Receiver receiver;
  auto const made = make(district, receiver.url("/hook"));
  auto const id = district.open_issue();
  CHECK_FALSE(district.webhooks().deliver().has_value());
  auto const got = receiver.got();
  REQUIRE(got.size() == 1);
  CHECK(got.front().id == id + ".1");
  CHECK(got.front().type == "application/cloudevents+json; charset=utf-8");
  CHECK(got.front().timestamp == std::to_string(district.now().time_since_epoch().count()));
  WebhookSecret const secret{.id = "", .secret = made.at("secret")};
  CHECK(got.front().signature == webhook_signature({secret}, id + ".1", district.now(), got.front().body));
  CHECK(Json::parse(got.front().body).at("type") == "cn.bihuan.case.opened.v1");
  auto const listed = district.get("/api/v1/webhooks", "supervisor");
  CHECK(listed.body.find("whsec_") == std::string::npos);
  CHECK(json_of(district.get("/api/v1/webhooks", "inspector")).at("items").empty());
  auto const path = "/api/v1/webhooks/" + made.at("id").get<std::string>();
  auto const rotated = district.ask({.method = "POST", .target = path + "/secrets", .by = "supervisor"});
  CHECK(rotated.status == 201);
  CHECK(departures(json_of(rotated), "NewWebhookSecret") == std::vector<std::string>{});
  CHECK(only(district).at("secrets").size() == 2);
  CHECK(district.ask({.method = "POST", .target = path + "/secrets", .by = "inspector"}).status == 404);
  CHECK(district.ask({.method = "PATCH", .target = path, .by = "supervisor", .body = R"({"active":false})"}).status ==
        200);
  CHECK(only(district).at("active") == false);
  CHECK(district.ask({.method = "DELETE", .target = path, .by = "inspector"}).status == 404);
  CHECK(district.ask({.method = "DELETE", .target = path, .by = "supervisor"}).status == 204);
  CHECK(json_of(district.get("/api/v1/webhooks", "supervisor")).at("items").empty());
}

TEST_CASE("a receiver that redirects or fails is not followed and is asked again later, when it says") {
  District district;
  Receiver receiver;
  (void)make(district, receiver.url("/moved"));
  (void)district.open_issue();
  CHECK(district.webhooks().deliver() == district.now() + std::chrono::seconds(5));
  CHECK(receiver.got().size() == 1);
  CHECK(only(district).at("last_fault") == "HTTP 302");
  CHECK(only(district).at("attempts") == 1);

  District other;
  (void)make(other, receiver.url("/broken"));
  (void)other.open_issue();
  CHECK(other.webhooks().deliver() == other.now() + std::chrono::hours(2));
  for (int attempt = 0; attempt < 10; ++attempt) {
    other.move_clock(std::chrono::hours(25));
    (void)other.webhooks().deliver();
  }
  auto const path = "/api/v1/webhooks/" + only(other).at("id").get<std::string>() + "/dead-letters";
  auto const letters = json_of(other.get(path, "supervisor"));
  CHECK(departures(letters, "DeadLetterPage") == std::vector<std::string>{});
  REQUIRE(letters.at("items").size() == 1);
  auto const again =
      other.ask({.method = "POST",
                 .target = path + "/" + letters.at("items").at(0).at("id").get<std::string>() + "/attempts",
                 .by = "supervisor"});
  CHECK(departures(json_of(again), "Repeated") == std::vector<std::string>{});
  CHECK(json_of(again).at("taken") == false);
  CHECK(json_of(again).at("status") == 500);
  CHECK(other.get(path, "inspector").status == 404);
}

TEST_CASE("a webhook is refused where it may not lead, and never connects there") {
  District district;
  for (auto const* const url :
       {"http://10.0.0.1/", "http://[::1]/", "http://localhost/", "ftp://127.0.0.1/", "http://me@127.0.0.1/",
        "nonsense", "https://example.org/", "http://169.254.169.254/latest", ""}) {
    CAPTURE(url);
    CHECK(district.post("/api/v1/webhooks", "supervisor", {{"url", url}}).status == 422);
  }
  CHECK(district.post("/api/v1/webhooks", "supervisor", {{"url", "http://127.0.0.1/"}, {"filter", {{"light", "red"}}}})
            .status == 422);
  Receiver receiver;
  // The name is allowed; the address that it leads to is of this machine.
  auto const sender = http::make_webhook_sender(*http::Targets::parse({"localhost"}));
  auto const port = receiver.url("").substr(std::string("http://127.0.0.1").size());
  auto const answer =
      sender.send({.url = "http://localhost" + port + "/hook", .id = "1", .signature = "v1,", .body = "{}"});
  CHECK(answer.status == 0);
  CHECK(answer.fault == "the target's address is not allowed");
  CHECK(receiver.got().empty());
  auto const both = http::make_webhook_sender(*http::Targets::parse({"localhost", "127.0.0.0/8"}));
  CHECK(both.send({.url = "http://localhost" + port + "/hook", .id = "1", .signature = "v1,", .body = "{}"}).status ==
        204);
  // Nobody listens there any more.
  CHECK(both.send({.url = "http://127.0.0.1:1/", .id = "1", .signature = "v1,", .body = "{}"}).status == 0);
}

TEST_CASE("a receiver that never answers, or whose answer never ends, is left in bounded time") {
  auto const targets = *http::Targets::parse({"127.0.0.0/8"});
  auto const message = [](std::string const& url) {
    return WebhookMessage{.url = url, .id = "1", .signature = "v1,", .body = "{}"};
  };
  SilentListener const silent;
  auto const hung = http::make_webhook_sender(targets, std::chrono::milliseconds(200)).send(message(silent.url()));
  CHECK(hung.status == 0);
  CHECK(hung.fault == "Timeout was reached");
  // Its status was heard; the rest is more than anybody reads.
  Receiver receiver;
  CHECK(http::make_webhook_sender(targets).send(message(receiver.url("/endless"))).status == 200);
}

TEST_CASE("targets are names, domains and networks") {
  auto const targets = *http::Targets::parse({"hooks.example.org", "*.example.net:8443", "10.1.0.0/16"});
  CHECK(targets.allows_name("hooks.example.org", "443"));
  CHECK_FALSE(targets.allows_name("example.org", "443"));
  CHECK_FALSE(targets.allows_name("evil-hooks.example.org", "443"));
  CHECK(targets.allows_name("a.example.net", "8443"));
  CHECK_FALSE(targets.allows_name("a.example.net", "443"));
  CHECK_FALSE(targets.allows_name("evilexample.net", "8443"));
  CHECK(targets.allows_address("10.1.2.3", false));
  CHECK_FALSE(targets.allows_address("10.2.2.3", true));
  CHECK(targets.allows_address("93.184.216.34", true));
  CHECK_FALSE(targets.allows_address("93.184.216.34", false));
  for (auto const* const address :
       {"127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "fe80::1", "fd00::1", "0.0.0.0"})
    CHECK_FALSE(targets.allows_address(address, true));
  for (auto const* const wrong : {"", "http://a", "a:b", "a b", "*", "10.1.2.3:443"})
    CHECK_FALSE(http::Targets::parse({wrong}).has_value());
}
