// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <memory>
#include <sstream>
#include <vector>

#include "api/http/log.hpp"
#include "api/routes/answer.hpp"
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
  std::vector<std::string> given;  // tokens that the service gave

  [[nodiscard]] std::vector<std::string> all() const {
    std::vector<std::string> texts{phone,        problem,       comment,        file_name,
                                   file_bytes,   search,        wrong_password, typed_as_name,
                                   forged_token, forged_cookie, idempotency,    address,
                                   in_path,      in_header,     "王小明",       std::string(password_of_everybody)};
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

}  // namespace

TEST_CASE("the log of a whole day's work holds no secret and nothing personal") {
  CapturedLog log;
  Secrets secrets;
  {
    http::ServerOptions options;
    options.access_log = true;
    options.proxies.networks.push_back(http::Network::parse("127.0.0.1").value());
    District district(std::move(options));
    sign_in_and_fail(district, secrets);
    work_on_a_case(district, secrets);
    send_what_is_refused(district, secrets);
    break_the_store(district, secrets);
    CHECK(district.get("/api/v1/audit-events?limit=200", "auditor").body.find(secrets.search) != std::string::npos);
  }
  auto const text = log.text();
  // It was really written to, by requests and by faults.
  CHECK(text.find(R"("route":"/api/v1/cases/{id}/actions/{action}")") != std::string::npos);
  CHECK(text.find(R"("msg":"store failed")") != std::string::npos);
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
