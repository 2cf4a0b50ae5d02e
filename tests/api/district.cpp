// SPDX-License-Identifier: Apache-2.0
#include "tests/api/district.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <stdexcept>
#include <vector>

#include "api/http/outgoing.hpp"
#include "api/routes/routes.hpp"
#include "engine/store/chain.hpp"
#include "tests/support/test_store.hpp"

namespace bihuan::test {
namespace {

constexpr auto years = std::chrono::hours(24 * 3650);

std::filesystem::path make_directory() {
  auto name = (std::filesystem::temp_directory_path() / "bihuan-api-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory for a store");
  return name;
}

// Reading and checking every definition takes a moment; they are the same for every test.
Library const& shipped_library() {
  static Library const loaded = [] {
    auto read = Library::load(std::filesystem::path(BIHUAN_SOURCE_DIR) / "workflows");
    if (!read) throw std::runtime_error("workflows/ does not load: " + read.error().front().pointer);
    return std::move(*read);
  }();
  return loaded;
}

std::vector<http::Metrics::Route> names_of(std::vector<http::Route> const& routes) {
  std::vector<http::Metrics::Route> names;
  for (auto const& route : routes) names.push_back({.method = route.method, .pattern = route.pattern});
  return names;
}

std::string required_id(Answer const& opened) {
  if (opened.status != 201) throw std::runtime_error("not opened: " + opened.body);
  return json_of(opened).at("id").get<std::string>();
}

}  // namespace

Instant monday_morning() {
  return *parse_instant("2026-03-02T09:00:00+08:00");
}

http::ServerOptions District::quiet() {
  http::ServerOptions options;
  options.access_log = false;
  return options;
}

// Tests turn the clock by days; what becomes of sessions meanwhile has tests of its own.
SignInRules District::patient() {
  return {.idle = years};
}

District::District(http::ServerOptions options, SignInRules rules, AuditLog::Options const& audit, Crew crew)
    : directory_(make_directory()),
      library_(shipped_library().copy()),
      now_(monday_morning().time_since_epoch().count()),
      store_(open_test_store(directory_)),
      passwords_({.name = "passwords", .threads = crew.hashing, .queue_limit = crew.hashing_queue}),
      workers_({.name = "handlers", .threads = crew.handlers, .queue_limit = 64}) {
  auto const clock = [this] { return now(); };
  if (auto const fit = library_.reconcile(*store_); !fit) throw std::runtime_error(fit.error().front().text.en);
  cases_.emplace(*store_, library_, clock);
  sign_in_.emplace(*store_, clock, std::move(rules));
  accounts_.emplace(*store_, library_, clock);
  units_.emplace(*store_, library_, clock);
  // The stories of this district's definitions are played in directories within its own.
  definitions_.emplace(*store_, library_, clock, [this, stories = std::make_shared<std::atomic<int>>(0)] {
    return open_test_store(directory_ / ("story-" + std::to_string(++*stories)));
  });
  migrations_.emplace(*store_, library_, clock);
  machine_tokens_.emplace(*store_, clock);
  audit_.emplace(*store_, clock, audit);
  webhooks_.emplace(*cases_, *sign_in_, *audit_, http::make_webhook_sender(*http::Targets::parse({"127.0.0.1"})),
                    WebhookRules{.chance = [] { return 0.0; }});
  sealer_.emplace(*store_, clock);
  add_people();
  context_.emplace(routes::Context{.cases = *cases_,
                                   .sign_in = *sign_in_,
                                   .accounts = *accounts_,
                                   .units = *units_,
                                   .definitions = *definitions_,
                                   .migrations = *migrations_,
                                   .tokens = *machine_tokens_,
                                   .webhooks = *webhooks_,
                                   .store = *store_,
                                   .audit = *audit_,
                                   .sealer = *sealer_,
                                   .passwords = passwords_,
                                   .metrics = [this] { return metrics_->render(); }});
  auto table = routes::make_routes(*context_);
  metrics_.emplace(names_of(table));
  router_.emplace(std::move(table), routes::make_gate(*context_));
  options.port = 0;
  server_.emplace(std::move(options), *router_, workers_, *metrics_);
  server_->start();
}

District::~District() {
  server_->stop();
  workers_.stop();
  passwords_.stop();
  audit_.reset();
  store_.reset();
  std::filesystem::remove_all(directory_);
}

void District::add_person(std::string const& name, std::string const& unit, std::vector<std::string> const& roles) {
  Person const person{.id = "person-" + name,
                      .name = name,
                      .full_name = "某 " + name,
                      .unit = unit,
                      .roles = roles,
                      .password_hash = {}};
  store_->people().put_people(std::span(&person, 1));
  auto const [token, fresh] = tokens_.try_emplace(name, "token-of-" + name);
  if (fresh) put_session(name);
}

void District::move_clock(std::chrono::seconds by) {
  now_.store(now_.load() + by.count());
  if (by >= std::chrono::seconds(0)) return;
  std::scoped_lock const lock(mutex_);
  for (auto const& [name, token] : tokens_) signed_out_.insert(name);
}

std::string const& District::token_of(std::string const& name) const {
  std::scoped_lock const lock(mutex_);
  if (signed_out_.erase(name) > 0) put_session(name);
  return tokens_.at(name);
}

void District::put_session(std::string const& name) const {
  auto const& token = tokens_.at(name);
  store_->people().put_session(
      {.token_hash = hash_of(token), .person = "person-" + name, .created = now(), .expires = now() + years});
}

void District::add_people() {
  static std::string const hash = hash_password(std::string(password_of_everybody));
  struct Named {
    std::string name;
    std::string unit;
    std::vector<std::string> roles;
  };
  std::vector<Named> const named{{"inspector", "lijiatuo", {"inspector"}},
                                 {"township-head", "lijiatuo", {"dept_head"}},
                                 {"supervisor", "inspection-office", {"supervisor"}},
                                 {"ecology", "seeb", {"handler", "dept_head"}},
                                 {"water", "water", {"handler", "dept_head"}},
                                 {"police", "police", {"police_liaison"}},
                                 {"auditor", "audit", {"auditor"}},
                                 {"administrator", "inspection-office", {"admin"}}};
  std::vector<Person> people;
  for (auto const& [name, unit, roles] : named) {
    people.push_back({.id = "person-" + name,
                      .name = name,
                      .full_name = "某 " + name,
                      .unit = unit,
                      .roles = roles,
                      .password_hash = hash});
    tokens_[name] = "token-of-" + name;
  }
  store_->people().put_people(people);
  for (auto const& [name, token] : tokens_) put_session(name);
}

void District::change_store(char const* script) {
  run_on_test_store(directory_, script);
}

Answer District::ask(Ask const& request) const {
  Client client(port());
  return ask(request, client);
}

Answer District::ask(Ask const& request, Client& client) const {
  std::string bytes = request.method + " " + request.target + " HTTP/1.1\r\nHost: test\r\n";
  if (!request.by.empty()) bytes += "Authorization: Bearer " + token_of(request.by) + "\r\n";
  if (!request.body.empty() || request.method == "POST") {
    bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    if (request.json) bytes += "Content-Type: application/json\r\n";
  }
  client.send(bytes + request.fields + "\r\n" + request.body);
  auto answer = client.read(request.method == "HEAD");
  if (!answer) throw std::runtime_error("closed without an answer: " + request.target);
  return std::move(*answer);
}

Answer District::get(std::string const& target, std::string const& by, std::string const& fields) const {
  return ask({.target = target, .by = by, .fields = fields});
}

Answer District::post(std::string const& target, std::string const& by, Json const& body,
                      std::string const& fields) const {
  return ask({.method = "POST", .target = target, .by = by, .body = body.dump(), .fields = fields});
}

Answer District::act(std::string const& case_id, std::string const& action, std::string const& by,
                     Json const& body) const {
  auto const tag = get("/api/v1/cases/" + case_id, by).header("ETag").value_or("\"1\"");
  return post("/api/v1/cases/" + case_id + "/actions/" + action, by, body, "If-Match: " + tag + "\r\n");
}

std::string District::upload(std::string const& by, std::string const& bytes) const {
  auto const kept = ask({.method = "POST",
                         .target = "/api/v1/attachments",
                         .by = by,
                         .body = bytes,
                         .fields = "Content-Type: application/pdf\r\nX-File-Name: a.pdf\r\n",
                         .json = false});
  if (kept.status != 201) throw std::runtime_error("not kept: " + kept.body);
  return json_of(kept).at("sha256");
}

std::string District::open_issue(std::string const& problem) const {
  return required_id(
      post("/api/v1/cases", "inspector",
           {{"workflow", "inspection-issue"},
            {"fields", {{"problem", problem}, {"category", "water"}, {"reporter_contact", "13800000000"}}}}));
}

std::string District::reported_issue() const {
  auto const issue = open_issue();
  auto const form = upload("township-head", "issue form");
  REQUIRE(act(issue, "report", "township-head",
              {{"input", {{"source", "routine-check"}, {"level", "general"}, {"place", {{"name", "某处"}}}}},
               {"documents", {{"issue-form", {form}}}}})
              .status == 200);
  return issue;
}

std::string District::refer(std::string const& issue) const {
  auto const referred = act(issue, "refer-crime", "ecology",
                            {{"input",
                              {{"referral_title", "某厂涉嫌污染环境案"},
                               {"suspected_offence", "pollution"},
                               {"suspected_facts", "暗管排放电镀废水"},
                               {"case_officers", {"周航", "陈立"}}}}});
  REQUIRE_MESSAGE(referred.status == 200, referred.body);
  CHECK(json_of(referred).at("fields").contains("suspected_facts"));
  return json_of(referred).at("links").at(0).at("case");
}

std::string District::open_referral() const {
  auto const definition = json_of(get("/api/v1/workflows/criminal-referral", "ecology"));
  Json body = definition.at("example");
  body["workflow"] = "criminal-referral";
  body["fields"]["case_title"] = "某厂涉嫌利用暗管排放电镀废水案";
  return required_id(post("/api/v1/cases", "ecology", body));
}

Json json_of(Answer const& answer) {
  return Json::parse(answer.body);
}

std::string code_of(Answer const& answer) {
  if (answer.header("Content-Type") != "application/problem+json") return {};
  return json_of(answer).at("code").get<std::string>();
}

}  // namespace bihuan::test
