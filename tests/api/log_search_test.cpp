// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>
#include <vector>

#include "api/http/log.hpp"
#include "api/identity/json_web_token.hpp"
#include "api/routes/answer.hpp"
#include "engine/service/totp.hpp"
#include "engine/store/chain.hpp"
#include "tests/api/district.hpp"
#include "tests/api/tls_client.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

// Everything that is logged while this lives, down to the last detail.
class CapturedLog {
 public:
  CapturedLog() : before_(spdlog::default_logger()) {
    auto const sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
    auto logger = std::make_shared<spdlog::logger>("captured", sink);
    logger->set_pattern(http::json_log_pattern);
    logger->set_level(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
  }
  ~CapturedLog() { spdlog::set_default_logger(before_); }
  CapturedLog(CapturedLog const&) = delete;
  CapturedLog& operator=(CapturedLog const&) = delete;

  [[nodiscard]] std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_;
};

// What goes in and must not come out in the log.
struct Secrets {
  std::string phone = "13987654321";
  std::string problem = "王小明家门口的沟里有黑水";
  std::string comment = "举报人王小明住幸福路七号";
  std::string file_name = "王小明身份证.jpg";
  std::string file_bytes = "bytes of an identity card 500113199001011234";
  std::string search = "赵四海";
  std::string wrong_password = "Tiger-and-Dragon-77";
  std::string typed_as_name = "My-Real-Password-As-Name-88";
  std::string forged_token = "forged-token-0123456789abcdef";
  std::string forged_cookie = "forged-cookie-fedcba9876543210";
  std::string idempotency = "key-of-zhang-wei-4711";
  std::string address = "198.51.100.77";
  std::string in_path = "id-of-li-si-18600000000";
  std::string in_header = "X-Secret-Header-Value-91";
  std::string new_password = "a horse that nobody rides 52";
  std::string typed_code = "code-as-typed-3141";
  std::string hook_path = "path-of-the-hook-2718";
  std::string oidc_code = "code-of-the-provider-1618";
  std::string oidc_error = "error-with-钱一鸣-inside";
  std::string suspect = "孙大圣";
  std::string referral = "孙记电镀厂涉嫌污染环境案";
  std::string complainant = "李招娣";
  std::string complaint = "周记汽修厂半夜喷漆";
  std::string imported = "吴老板的养猪场直排";
  std::string unreadable_import = "郑某的身份证号500113196502023456";
  std::string paper_number = "渝巴环字王字第七号";
  std::vector<std::string> given;  // tokens and all else that the service gave

  [[nodiscard]] std::vector<std::string> all() const {
    std::vector<std::string> texts{phone,        problem,       comment,        file_name,
                                   file_bytes,   search,        wrong_password, typed_as_name,
                                   forged_token, forged_cookie, idempotency,    address,
                                   in_path,      in_header,     "王小明",       std::string(password_of_everybody),
                                   new_password, typed_code,    hook_path,      oidc_code,
                                   oidc_error,   "钱一鸣",      suspect,        referral,
                                   complainant,  complaint,     imported,       unreadable_import,
                                   paper_number};
    texts.insert(texts.end(), given.begin(), given.end());
    return texts;
  }
};

std::string bearer(std::string const& token) {
  return "Authorization: Bearer " + token + "\r\n";
}

void sign_in_and_fail(District& district, Secrets& secrets) {
  auto const sign_in = [&](std::string const& name, std::string const& password) {
    return district.post("/api/v1/session", "", {{"name", name}, {"password", password}});
  };
  auto const signed_in = sign_in("inspector", std::string(password_of_everybody));
  REQUIRE(signed_in.status == 200);
  auto const token = json_of(signed_in).at("token").get<std::string>();
  secrets.given = {token, hash_of(token), district.token_of("inspector"), hash_of(district.token_of("inspector")),
                   district.store().people().find_by_name("inspector")->password_hash};
  CHECK(district.get("/api/v1/me", "", bearer(token)).status == 200);
  CHECK(district.get("/api/v1/me", "", "Cookie: bihuan_session=" + token + "\r\n").status == 200);
  CHECK(sign_in("inspector", secrets.wrong_password).status == 401);
  CHECK(sign_in(secrets.typed_as_name, secrets.wrong_password).status == 401);
  CHECK(district.get("/api/v1/me", "", bearer(secrets.forged_token)).status == 401);
  CHECK(district.get("/api/v1/me", "", "Cookie: bihuan_session=" + secrets.forged_cookie + "\r\n").status == 401);
  CHECK(district
            .ask({.method = "POST", .target = "/api/v1/session", .body = "{\"password\": \"" + secrets.wrong_password})
            .status == 400);
  CHECK(district.ask({.method = "DELETE", .target = "/api/v1/session", .fields = bearer(token)}).status == 204);
}

void work_on_a_case(District& district, Secrets const& secrets) {
  auto const opened = district.post(
      "/api/v1/cases", "inspector",
      {{"workflow", "inspection-issue"},
       {"fields", {{"problem", secrets.problem}, {"category", "water"}, {"reporter_contact", secrets.phone}}}},
      "Idempotency-Key: " + secrets.idempotency + "\r\nX-Forwarded-For: " + secrets.address + "\r\n");
  REQUIRE(opened.status == 201);
  auto const id = json_of(opened).at("id").get<std::string>();
  CHECK(district.act(id, "comment", "inspector", {{"comment", secrets.comment}}).status == 200);
  auto const uploaded = district.ask(
      {.method = "POST",
       .target = "/api/v1/attachments",
       .by = "inspector",
       .body = secrets.file_bytes,
       .fields = "Content-Type: image/jpeg\r\nX-File-Name: " + routes::percent_encoded(secrets.file_name) + "\r\n",
       .json = false});
  REQUIRE(uploaded.status == 201);
  CHECK(district.get("/api/v1/attachments/" + hash_of(secrets.file_bytes), "inspector").body == secrets.file_bytes);
  CHECK(district.get("/api/v1/cases/" + id, "inspector").body.find(secrets.phone) != std::string::npos);
  CHECK(district.get("/api/v1/cases/" + id + "/history", "inspector").status == 200);
  CHECK(district.get("/api/v1/cases?q=" + routes::percent_encoded(secrets.search), "inspector").status == 200);
  CHECK(district.get("/api/v1/cases?q=" + routes::percent_encoded(secrets.problem), "inspector").status == 200);
}

std::string given_in(Answer const& answer, char const* name, Secrets& secrets) {
  REQUIRE_MESSAGE(answer.status < 300, answer.body);
  secrets.given.push_back(json_of(answer).at(name).get<std::string>());
  return secrets.given.back();
}

void change_how_to_get_in(District& district, Secrets& secrets) {
  auto const added =
      district.post("/api/v1/people", "administrator",
                    {{"name", "newcomer"}, {"full_name", "某"}, {"unit", "water"}, {"roles", {"handler"}}});
  auto const first = given_in(added, "one_time_password", secrets);
  auto const again =
      given_in(district.ask({.method = "POST",
                             .target = "/api/v1/people/" + json_of(added).at("id").get<std::string>() + "/password",
                             .by = "administrator",
                             .json = false}),
               "one_time_password", secrets);
  auto const sign_in = [&](std::string const& password, Json more = Json::object()) {
    more.update({{"name", "newcomer"}, {"password", password}});
    return district.post("/api/v1/session", "", more);
  };
  CHECK(sign_in(first).status == 401);
  auto const fields = bearer(given_in(sign_in(again), "token", secrets));
  CHECK(district.post("/api/v1/me/password", "", {{"old", again}, {"new", secrets.new_password}}, fields).status ==
        204);
  auto const enrolled = district.post("/api/v1/me/second-factor", "", {{"password", secrets.new_password}}, fields);
  auto const secret = given_in(enrolled, "secret", secrets);
  secrets.given.push_back(json_of(enrolled).at("uri").get<std::string>());
  auto const confirm = [&](std::string const& code) {
    return district.post("/api/v1/me/second-factor/confirmation", "", {{"code", code}}, fields).status;
  };
  CHECK(confirm(secrets.typed_code) == 422);
  CHECK(confirm(totp_code(secret, district.now())) == 204);
  CHECK(sign_in(secrets.new_password, {{"code", secrets.typed_code}}).status == 401);
  district.move_clock(std::chrono::seconds(30));
  auto const entered = sign_in(secrets.new_password, {{"code", totp_code(secret, district.now())}});
  given_in(entered, "token", secrets);
}

void come_from_a_provider(District& district, Secrets& secrets) {
  identity::Journey const journey;
  secrets.given.push_back(journey.secret());
  secrets.given.push_back(journey.state());
  auto const cookie = "Cookie: bihuan_oidc=" + journey.secret() + "." + identity::base64url_of("/") + "\r\n";
  auto const callback = [&](std::string const& query) {
    return district.get("/api/v1/session/oidc/callback?" + query, "", cookie);
  };
  for (auto const& query :
       {"code=" + secrets.oidc_code + "&state=" + journey.state(), "code=" + secrets.oidc_code + "&state=foreign",
        "error=" + routes::percent_encoded(secrets.oidc_error) + "&state=" + journey.state()})
    CHECK(callback(query).status == 302);
}

void tell_other_systems(District& district, Secrets& secrets) {
  auto const token = [&](char const* by) {
    return given_in(district.post("/api/v1/tokens", by,
                                  {{"name", "t"}, {"scope", "act"}, {"expires", "2026-12-31T00:00:00+08:00"}}),
                    "token", secrets);
  };
  CHECK(district.get("/api/v1/worklist", "", bearer(token("supervisor"))).status == 200);
  auto const feed = given_in(district.post("/api/v1/feeds", "inspector", {{"name", "f"}}), "address", secrets);
  secrets.given.push_back(feed.substr(feed.rfind('/') + 1, 32));
  CHECK(district.get(feed.substr(feed.find("/feeds")), "").status == 200);
  auto const url = "http://127.0.0.1:" + std::to_string(district.port()) + "/" + secrets.hook_path;
  auto const hook = district.post("/api/v1/webhooks", "supervisor", {{"url", url}});
  given_in(hook, "secret", secrets);
  given_in(district.ask({.method = "POST",
                         .target = "/api/v1/webhooks/" + json_of(hook).at("id").get<std::string>() + "/secrets",
                         .by = "supervisor"}),
           "secret", secrets);
  (void)district.open_issue();
  CHECK(district.webhooks().deliver().has_value());

  district.add_person("hotline", "hotline-12345", {"intake_clerk"});
  auto const key = token("hotline");
  auto const encoded = [](std::string const& text) { return routes::percent_encoded(text); };
  auto const handed =
      district.ask({.method = "POST",
                    .target = "/open311/v2/requests.json?api_key=" + key,
                    .body = "service_code=air&description=" + encoded(secrets.complaint) +
                            "&address_string=" + encoded("界石镇") + "&last_name=" + encoded(secrets.complainant) +
                            "&phone=" + secrets.phone + "&attribute%5Bclass%5D=report",
                    .fields = "Content-Type: application/x-www-form-urlencoded\r\n",
                    .json = false});
  REQUIRE_MESSAGE(handed.status == 201, handed.body);
  CHECK(district.get("/open311/v2/requests.json?api_key=" + key, "").status == 200);
  CHECK(district.get("/open311/v2/requests.json?api_key=" + secrets.forged_token, "").status == 403);
}

void refer_and_print(District& district, Secrets const& secrets) {
  auto body = json_of(district.get("/api/v1/workflows/criminal-referral", "ecology")).at("example");
  body["workflow"] = "criminal-referral";
  body["fields"]["case_title"] = secrets.referral;
  body["fields"]["suspects"] = {secrets.suspect};
  auto const opened = district.post("/api/v1/cases", "ecology", body);
  REQUIRE_MESSAGE(opened.status == 201, opened.body);
  auto const path = "/api/v1/cases/" + json_of(opened).at("id").get<std::string>();
  CHECK(district.get(path, "inspector").status == 404);
  Json const correction{{"input", {{"fields", {{"suspects", {secrets.suspect, secrets.complainant}}}}}},
                        {"comment", secrets.comment}};
  CHECK(district.post(path + "/actions/correct", "ecology", correction, "If-Match: \"1\"\r\n").status == 202);
  auto const papers = json_of(district.get(path + "/papers", "ecology")).at("items");
  REQUIRE_FALSE(papers.empty());
  for (auto const& paper : papers) {
    auto const target = path + "/papers/" + paper.at("kind").get<std::string>();
    CHECK(district.get(target, "ecology").status == 200);
    auto const issued = district.post(target, "ecology", {{"fields", {{"police_case_number", secrets.paper_number}}}},
                                      "If-Match: \"2\"\r\n");
    CHECK(issued.status < 500);
  }
  CHECK(district.get(path + "/package", "ecology").status == 200);
}

void import_and_export(District& district, Secrets const& secrets) {
  (void)district.open_issue(secrets.imported);
  auto const file = district.get("/api/v1/ledger.csv?workflow=inspection-issue", "supervisor").body;
  REQUIRE(file.find(secrets.imported) != std::string::npos);
  auto const send = [&](std::string const& bytes) {
    return district.ask({.method = "POST",
                         .target = "/api/v1/imports?dry_run=false",
                         .by = "supervisor",
                         .body = bytes,
                         .fields = "Content-Type: application/octet-stream\r\n",
                         .json = false});
  };
  CHECK(send(file).status == 200);
  CHECK(send(file + secrets.unreadable_import + ",\"" + secrets.imported + "\r\n").status < 500);
  for (auto const* const export_ : {"/api/v1/ledger.xlsx", "/api/v1/event-log.ocel.json", "/api/v1/event-log.xes",
                                    "/api/v1/reports/summary?by=unit"})
    CHECK(district.get(export_, "supervisor").status == 200);
}

void send_what_is_refused(District& district, Secrets const& secrets) {
  CHECK(district.get("/api/v1/cases/" + secrets.in_path, "inspector").status == 404);
  CHECK(district.get("/api/v1/" + secrets.in_path, "inspector").status == 404);
  CHECK(district.get("/api/v1/cases?state=" + secrets.in_path, "inspector").status == 400);
  CHECK(district.get("/api/v1/cases?" + secrets.in_path + "=1", "inspector").status == 400);
  CHECK(district.get("/livez", "", "X-Secret: " + secrets.in_header + std::string(20'000, 'x') + "\r\n").status == 431);
  CHECK(district.get("/livez", "", "Broken " + secrets.in_header + "\r\n").status == 400);
  CHECK(district
            .post("/api/v1/cases", "inspector",
                  {{"workflow", "inspection-issue"},
                   {"fields", {{"problem", 7}, {"reporter_contact", secrets.phone}}},
                   {secrets.in_path, 1}})
            .status == 422);
  CHECK(district
            .ask({.method = "POST",
                  .target = "/api/v1/cases",
                  .by = "inspector",
                  .body = "{\"fields\": {\"reporter_contact\": \"" + secrets.phone + "\"}} " + secrets.problem})
            .status == 400);
}

// The faults of the store are logged with a reason: with what it was working on at that moment?
void break_the_store(District& district, Secrets const& secrets) {
  district.change_store("ALTER TABLE cases RENAME TO mislaid");
  CHECK(district.get("/api/v1/cases?q=" + routes::percent_encoded(secrets.problem), "inspector").status == 503);
  CHECK(district
            .post("/api/v1/cases", "inspector",
                  {{"workflow", "inspection-issue"},
                   {"fields",
                    {{"problem", secrets.problem}, {"category", "water"}, {"reporter_contact", secrets.phone}}}})
            .status == 503);
  district.change_store("ALTER TABLE mislaid RENAME TO cases");
}

// What is stored is no JSON any more: whoever says where it goes wrong quotes it.
void damage_a_row(District& district, Secrets const& secrets) {
  auto const id = district.open_issue();
  auto const script = "UPDATE event SET body = '{\"problem\": " + secrets.problem + "' WHERE case_id = '" + id + "'";
  district.change_store(script.c_str());
  CHECK(district.get("/api/v1/cases/" + id + "/history", "inspector").status == 500);
}

}  // namespace

TEST_CASE("the log of a whole day's work holds no secret and nothing personal") {
  CapturedLog log;
  Secrets secrets;
  {
    http::ServerOptions options;
    options.access_log = true;
    options.proxies.networks.push_back(http::Network::parse("127.0.0.1").value());
    identity::PlaceSignIn place;
    place.open_id = std::make_unique<identity::OpenId>(identity::OpenIdOptions{.issuer = "https://nowhere.invalid"},
                                                       [] { return monday_morning(); });
    District district(std::move(options));
    district.use_place(place);
    sign_in_and_fail(district, secrets);
    work_on_a_case(district, secrets);
    send_what_is_refused(district, secrets);
    change_how_to_get_in(district, secrets);
    come_from_a_provider(district, secrets);
    tell_other_systems(district, secrets);
    refer_and_print(district, secrets);
    import_and_export(district, secrets);
    damage_a_row(district, secrets);
    break_the_store(district, secrets);
    CHECK(district.get("/api/v1/audit-events?limit=200", "auditor").body.find(secrets.search) != std::string::npos);
  }
  auto const text = log.text();
  // It was really written to, by requests and by faults.
  CHECK(text.find(R"("route":"/api/v1/cases/{id}/actions/{action}")") != std::string::npos);
  CHECK(text.find(R"("msg":"store failed")") != std::string::npos);
  CHECK(text.find(R"("msg":"request failed")") != std::string::npos);
  CHECK(text.find(R"("msg":"identity not confirmed")") != std::string::npos);
  for (auto const& secret : secrets.all()) {
    CAPTURE(secret);
    REQUIRE_FALSE(secret.empty());
    CHECK(text.find(secret) == std::string::npos);
    CHECK(text.find(routes::percent_encoded(secret)) == std::string::npos);
  }
}

TEST_CASE("handshakes that fail leave nothing of what was sent in the log") {
  CapturedLog log;
  Secrets const secrets;
  {
    Certificates const certificates;
    http::ServerOptions options;
    options.tls = http::load_tls(certificates.make("district")).value();
    District district(std::move(options));
    Client client(district.port());
    client.send(get("/api/v1/cases?q=" + secrets.in_path, bearer(secrets.forged_token)));
    auto const answer = client.read();
    REQUIRE(answer);
    CHECK(answer->status == 400);
    CHECK(answer->body.find(secrets.in_path) == std::string::npos);
  }
  auto const text = log.text();
  CHECK(text.find("handshake failed") != std::string::npos);
  for (auto const& secret : secrets.all()) CHECK(text.find(secret) == std::string::npos);
}
