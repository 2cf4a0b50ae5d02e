// SPDX-License-Identifier: Apache-2.0
#include "engine/service/webhook_service.hpp"

#include <algorithm>
#include <set>

#include "engine/service/webhook_message.hpp"
#include "tests/service/fixture.hpp"

using namespace bihuan;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

// A receiver on the other side, as it answers and what it took.
struct Receiver {
  std::function<int(WebhookMessage const&)> answer = [](WebhookMessage const&) { return 200; };
  std::vector<WebhookMessage> asked{};
  std::vector<std::string> taken{};

  WebhookSender sender() {
    return {.send =
                [this](WebhookMessage const& message) {
                  asked.push_back(message);
                  auto const status = answer(message);
                  if (status == 200) taken.push_back(message.id);
                  return WebhookAnswer{.status = status};
                },
            .check = [](std::string const&) { return Result<void>{}; }};
  }
};

ActionRequest remark(std::string const& id, std::string const& text) {
  ActionRequest request;
  request.case_id = id;
  request.action = "comment";
  request.comment = text;
  return request;
}

struct Hooked {
  Office office;
  Receiver receiver;
  SignIn sign_in{*office.store, [this] { return office.now; }, {.second_factor_roles = {"district_leader"}}};
  AuditLog audit{*office.store, [this] { return office.now; }};
  WebhookService webhooks{office.service, sign_in, audit, receiver.sender(), {.chance = [] { return 0.0; }}};
  Person subscriber{.id = "su",
                    .name = "su",
                    .full_name = "某",
                    .unit = "inspection-office",
                    .roles = {"supervisor"},
                    .password_hash = "x"};

  Hooked() { office.store->people().put_people(std::span(&subscriber, 1)); }

  Webhook make(WebhookService::Asked asked = {.url = "https://example.invalid/"}) {
    auto made = webhooks.make(subscriber, asked);
    REQUIRE(made.has_value());
    return *made;
  }

  std::string open(std::string const& problem = "雨水口有污水外溢", std::string const& unit = "lijiatuo") {
    OpenCaseRequest const request{.workflow = "inspection-issue",
                                  .fields = {{"problem", problem}, {"category", "water"}},
                                  .parties = Json::object(),
                                  .documents = {},
                                  .comment = {}};
    auto const opened = office.service.open(request, person("i-" + unit, unit, {"inspector"}));
    REQUIRE(opened.has_value());
    return opened->subject.id;
  }

  // Turns the clock to whatever is to be done next, until all is told or `most` has gone by.
  void run(hours most) {
    auto const end = office.now + most;
    while (true) {
      auto const next = webhooks.deliver();
      if (!next || *next > end) break;
      office.now = std::max(office.now, *next);
    }
    office.now = end;
    (void)webhooks.deliver();
  }
};

}  // namespace

TEST_CASE("each revision that somebody may see is one message, in order, from when they subscribed") {
  Hooked hooked;
  (void)hooked.open("before");
  auto const webhook = hooked.make();
  auto const id = hooked.open();
  REQUIRE(hooked.office.service
              .act(remark(id, "王某的电话是 13800000000"), person("su", "inspection-office", {"supervisor"}))
              .has_value());
  CHECK_FALSE(hooked.webhooks.deliver().has_value());
  CHECK(hooked.receiver.taken == std::vector<std::string>{id + ".1", id + ".2"});
  auto const body = Json::parse(hooked.receiver.asked.at(0).body);
  CHECK(body.at("specversion") == "1.0");
  CHECK(body.at("type") == "cn.bihuan.case.opened.v1");
  CHECK(body.at("id") == id + ".1");
  CHECK(body.at("subject") == id);
  CHECK(body.at("time") == "2026-11-02T01:00:00Z");
  CHECK(body.at("data").at("state") == "found");
  CHECK(body.at("data").at("number") == "BN-WT-2026-000002");
  auto const& second = hooked.receiver.asked.at(1).body;
  CHECK(Json::parse(second).at("type") == "cn.bihuan.case.commented.v1");
  CHECK(second.find("13800000000") == std::string::npos);
  CHECK(hooked.receiver.asked.at(0).signature ==
        webhook_signature(webhook.secrets, id + ".1", hooked.office.now, hooked.receiver.asked.at(0).body));
  (void)hooked.webhooks.deliver();
  CHECK(hooked.receiver.asked.size() == 2);
}

TEST_CASE("the signature is the one that Standard Webhooks gives") {
  // From the specification's own test vectors.
  WebhookSecret const secret{.id = "1", .secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
  CHECK(webhook_signature({secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", Instant(seconds(1614265330)),
                          R"({"test": 2432232314})") == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  CHECK(make_webhook_secret() != make_webhook_secret());
  CHECK(make_webhook_secret().starts_with("whsec_"));
}

TEST_CASE("after a day in which a receiver fails in every way nothing is lost, doubled or out of order") {
  Hooked hooked;
  (void)hooked.make();
  std::vector<std::string> told;
  for (int number = 0; number < 5; ++number) told.push_back(hooked.open() + ".1");
  int asked = 0;
  hooked.receiver.answer = [&asked](WebhookMessage const&) {
    static constexpr std::array faults{500, 0, 302, 503, 404};
    return faults.at(static_cast<std::size_t>(asked++) % faults.size());
  };
  hooked.run(hours(24));
  CHECK(hooked.receiver.taken.empty());
  // Not asked more often than the delays let it be: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h.
  CHECK(hooked.receiver.asked.size() == 7);
  for (auto const& message : hooked.receiver.asked) CHECK(message.id == told.front());
  CHECK(hooked.receiver.asked.front().body == hooked.receiver.asked.back().body);
  for (int number = 0; number < 3; ++number) told.push_back(hooked.open() + ".1");
  hooked.receiver.answer = [](WebhookMessage const&) { return 200; };
  hooked.run(hours(24));
  CHECK(hooked.receiver.taken == told);
  CHECK(hooked.webhooks.of(hooked.subscriber).front().last_fault.empty());
}

TEST_CASE("what is never taken is given up, is there to be seen, and can be sent again") {
  Hooked hooked;
  auto const webhook = hooked.make();
  auto const bad = hooked.open("bad");
  auto const good = hooked.open("good");
  hooked.receiver.answer = [&](WebhookMessage const& message) { return message.id == bad + ".1" ? 500 : 200; };
  hooked.run(hours(24 * 5));
  CHECK(hooked.receiver.taken == std::vector<std::string>{good + ".1"});
  auto const letters = hooked.webhooks.dead_letters(hooked.subscriber, webhook.id);
  REQUIRE(letters.has_value());
  REQUIRE(letters->size() == 1);
  CHECK(letters->front().id == bad + ".1");
  CHECK(letters->front().attempts == 10);
  CHECK(letters->front().fault == "HTTP 500");
  CHECK(hooked.webhooks.repeat(hooked.subscriber, webhook.id, bad + ".1")->status == 500);
  CHECK(hooked.webhooks.dead_letters(hooked.subscriber, webhook.id)->size() == 1);
  hooked.receiver.answer = [](WebhookMessage const&) { return 204; };
  CHECK(hooked.webhooks.repeat(hooked.subscriber, webhook.id, bad + ".1")->status == 204);
  CHECK(hooked.webhooks.dead_letters(hooked.subscriber, webhook.id)->empty());
  auto const stranger =
      Person{.id = "x", .name = "x", .full_name = "x", .unit = "water", .roles = {}, .password_hash = ""};
  CHECK(hooked.webhooks.dead_letters(stranger, webhook.id).error().front().code == Code::not_found);
  CHECK(hooked.webhooks.repeat(stranger, webhook.id, bad + ".1").error().front().code == Code::not_found);
}

TEST_CASE("a receiver that is gone, slow down, or somebody who has left: each ends or waits as it says") {
  Hooked hooked;
  auto const webhook = hooked.make();
  (void)hooked.open();
  hooked.receiver.answer = [](WebhookMessage const&) { return 410; };
  CHECK_FALSE(hooked.webhooks.deliver().has_value());
  CHECK_FALSE(hooked.webhooks.find(hooked.subscriber, webhook.id)->active);
  hooked.receiver.answer = [](WebhookMessage const&) { return 200; };
  (void)hooked.webhooks.deliver();
  CHECK(hooked.receiver.taken.empty());
  // Set active again it goes on where it stopped.
  REQUIRE(hooked.webhooks.set_active(hooked.subscriber, webhook.id, true).has_value());
  (void)hooked.webhooks.deliver();
  CHECK(hooked.receiver.taken.size() == 1);

  hooked.subscriber.active = false;
  hooked.office.store->people().put_people(std::span(&hooked.subscriber, 1));
  (void)hooked.open();
  (void)hooked.webhooks.deliver();
  CHECK(hooked.receiver.taken.size() == 1);
  CHECK(hooked.office.store->webhooks().active().empty());
}

TEST_CASE("each attempt to tell a receiver is on record before it is made") {
  Hooked hooked;
  auto const webhook = hooked.make();
  hooked.receiver.answer = [&](WebhookMessage const&) { return hooked.receiver.asked.size() == 1 ? 500 : 200; };
  auto const id = hooked.open();
  hooked.run(hours(1));
  REQUIRE(hooked.receiver.asked.size() == 2);
  REQUIRE(hooked.audit.flush());
  auto const rows = hooked.office.store->audit().list({.kind = AuditKind::exported})->items;
  REQUIRE(rows.size() == 2);
  for (auto const& row : rows) {
    CHECK(row.person == "su");
    CHECK(row.unit == "inspection-office");
    CHECK(row.case_id == id);
    CHECK(row.detail == Json{{"format", "webhook"}, {"webhook", webhook.id}, {"revision", 1}});
  }
}

TEST_CASE("what cannot be put on record is not told before it can") {
  Hooked hooked;
  AuditLog narrow(*hooked.office.store, [&] { return hooked.office.now; }, {.queue = 0});
  WebhookService webhooks(hooked.office.service, hooked.sign_in, narrow, hooked.receiver.sender());
  (void)hooked.make();
  auto const id = hooked.open();
  CHECK(webhooks.deliver().has_value());
  CHECK(hooked.receiver.asked.empty());
  hooked.run(hours(1));
  CHECK(hooked.receiver.taken == std::vector<std::string>{id + ".1"});
}

TEST_CASE("who has to choose a password or enrol a second factor first is told only once they have") {
  Hooked hooked;
  (void)hooked.make();
  auto const change = [&](bool must_change, std::vector<std::string> const& roles) {
    hooked.subscriber.must_change_password = must_change;
    hooked.subscriber.roles = roles;
    hooked.office.store->people().put_people(std::span(&hooked.subscriber, 1));
  };
  change(true, {"supervisor"});
  auto const id = hooked.open();
  CHECK_FALSE(hooked.webhooks.deliver().has_value());
  change(false, {"supervisor", "district_leader"});
  CHECK_FALSE(hooked.webhooks.deliver().has_value());
  CHECK(hooked.receiver.asked.empty());
  change(false, {"supervisor"});
  CHECK_FALSE(hooked.webhooks.deliver().has_value());
  CHECK(hooked.receiver.taken == std::vector<std::string>{id + ".1"});
}

TEST_CASE("types, filter and rights narrow what is told, and what is not told holds up nothing") {
  Hooked hooked;
  (void)hooked.make({.url = "https://example.invalid/", .types = {"commented"}});
  auto const issue = hooked.open();
  auto const comment = [&](char const* text) {
    return hooked.office.service.act(remark(issue, text), person("su", "inspection-office", {"supervisor"}));
  };
  REQUIRE(comment("一").has_value());
  (void)hooked.webhooks.deliver();
  CHECK(hooked.receiver.taken == std::vector<std::string>{issue + ".2"});

  Hooked narrow;
  (void)narrow.make({.url = "https://example.invalid/", .filter = {{"unit", "yudong"}}});
  (void)narrow.open("a", "lijiatuo");
  auto const there = narrow.open("b", "yudong");
  (void)narrow.webhooks.deliver();
  CHECK(narrow.receiver.taken == std::vector<std::string>{there + ".1"});

  Hooked blind;
  blind.subscriber.unit = "audit";
  blind.subscriber.roles = {};
  blind.office.store->people().put_people(std::span(&blind.subscriber, 1));
  (void)blind.make();
  for (int number = 0; number < 30; ++number) (void)blind.open();
  CHECK_FALSE(blind.webhooks.deliver().has_value());
  CHECK(blind.receiver.asked.empty());
  for (auto const& asked :
       {WebhookService::Asked{.url = "https://example.invalid/", .types = {"exploded"}},
        WebhookService::Asked{.url = "https://example.invalid/", .filter = {{"workflow", "no-such"}}},
        WebhookService::Asked{.url = "https://example.invalid/", .filter = {{"state", "no-such"}}},
        WebhookService::Asked{.url = "https://example.invalid/", .filter = {{"final", "perhaps"}}},
        WebhookService::Asked{.url = "https://example.invalid/", .filter = {{"unit", "no-such"}}}})
    CHECK_FALSE(blind.webhooks.make(blind.subscriber, asked).has_value());
}

TEST_CASE("a rotated secret signs beside the new one for a day, and no longer") {
  Hooked hooked;
  auto const webhook = hooked.make();
  auto const second = hooked.webhooks.rotate(hooked.subscriber, webhook.id);
  REQUIRE(second.has_value());
  auto const signatures = [&] {
    (void)hooked.open();
    (void)hooked.webhooks.deliver();
    auto const& message = hooked.receiver.asked.back();
    std::string both;
    for (auto const& secret : {*second, webhook.secrets.front()}) {
      bool const there = message.signature.find(webhook_signature({secret}, message.id, message.timestamp,
                                                                  message.body)) != std::string::npos;
      both += there ? "1" : "0";
    }
    return both;
  };
  CHECK(signatures() == "11");
  hooked.office.now += hours(25);
  CHECK(signatures() == "10");
}

TEST_CASE("many messages go out a bounded number at a time, and the next webhook has its turn") {
  Hooked hooked;
  (void)hooked.make();
  (void)hooked.make();
  for (int number = 0; number < 60; ++number) (void)hooked.open();
  CHECK(hooked.webhooks.deliver() == hooked.office.now);
  CHECK(hooked.receiver.taken.size() == 100);
  CHECK_FALSE(hooked.webhooks.deliver().has_value());
  CHECK(hooked.receiver.taken.size() == 120);
  auto const distinct = std::set<std::string>(hooked.receiver.taken.begin(), hooked.receiver.taken.end());
  CHECK(distinct.size() == 60);
}
