// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <pugixml.hpp>

#include "api/routes/answer.hpp"
#include "tests/api/contract.hpp"
#include "tests/api/district.hpp"

using namespace bihuan;
using namespace bihuan::test;

namespace {

std::string const base = "/open311/v2";

std::string key_of(District& district, std::string const& person, std::string const& scope = "act") {
  auto const made = district.post("/api/v1/tokens", person,
                                  {{"name", "hotline"}, {"scope", scope}, {"expires", "2026-12-31T00:00:00+08:00"}});
  REQUIRE_MESSAGE(made.status == 201, made.body);
  return json_of(made).at("token");
}

std::string form_of(std::vector<std::pair<std::string, std::string>> const& values) {
  std::string form;
  for (auto const& [name, value] : values)
    form.append(form.empty() ? "" : "&")
        .append(routes::percent_encoded(name))
        .append("=")
        .append(routes::percent_encoded(value));
  return form;
}

Answer send(District& district, std::vector<std::pair<std::string, std::string>> const& values,
            std::string const& fields = {}, std::string const& format = "json") {
  return district.ask({.method = "POST",
                       .target = base + "/requests." + format,
                       .body = form_of(values),
                       .fields = "Content-Type: application/x-www-form-urlencoded\r\n" + fields,
                       .json = false});
}

std::vector<std::pair<std::string, std::string>> complaint(std::string const& key) {
  return {{"api_key", key},
          {"jurisdiction_id", "banan.cq.cn"},
          {"service_code", "air"},
          {"description", "界石镇某汽修厂夜间喷漆，气味刺鼻"},
          {"lat", "29.4"},
          {"long", "106.5"},
          {"address_string", "界石镇"},
          {"first_name", "芳"},
          {"last_name", "王"},
          {"phone", "13800000000"},
          {"attribute[class]", "report"},
          {"attribute[external_no]", "BN12345-20260302-0081"}};
}

void add_hotline(District& district) {
  district.add_person("hotline", "hotline-12345", {"intake_clerk"});
}

pugi::xml_document xml_of(Answer const& answer) {
  pugi::xml_document document;
  REQUIRE(answer.header("Content-Type") == "text/xml; charset=utf-8");
  REQUIRE(document.load_string(answer.body.c_str()));
  return document;
}

}  // namespace

TEST_CASE("who may ask is told what is served: discovery, services and what each asks for, as JSON and XML") {
  District district;
  auto const discovery = district.get(base + "/discovery.json", "");
  REQUIRE(discovery.status == 200);
  CHECK(departures(json_of(discovery), "Open311Discovery") == std::vector<std::string>{});
  CHECK(json_of(discovery).at("endpoints").at(0).at("url") == "http://test/open311/v2");
  auto const described = xml_of(district.get(base + "/discovery.xml", ""));
  CHECK(std::string(described.child("discovery")
                        .child("endpoints")
                        .child("endpoint")
                        .child("formats")
                        .child("format")
                        .text()
                        .get()) == "text/xml");
  auto const services = json_of(district.get(base + "/services.json?jurisdiction_id=banan.cq.cn", ""));
  CHECK(departures(services, "Open311Services") == std::vector<std::string>{});
  CHECK(services.size() == 8);
  CHECK(services.at(0).at("service_code") == "water");
  auto const list = xml_of(district.get(base + "/services.xml", ""));
  CHECK(std::string(list.child("services").child("service").child("service_code").text().get()) == "water");
  auto const service = json_of(district.get(base + "/services/water.json", ""));
  CHECK(departures(service, "Open311Service") == std::vector<std::string>{});
  CHECK(service.at("attributes").at(0).at("values").at(0).at("key") == "consultation");
  auto const definition = xml_of(district.get(base + "/services/water.xml", ""));
  auto const attribute = definition.child("service_definition").child("attributes").child("attribute");
  CHECK(std::string(attribute.child("values").child("value").child("key").text().get()) == "consultation");
  CHECK(district.get(base + "/services/gold.json", "").status == 404);
  CHECK(district.get(base + "/services.json?jurisdiction_id=elsewhere.org", "").status == 404);
  CHECK(departures(json_of(district.get(base + "/services/gold.json", "")), "Open311Errors") ==
        std::vector<std::string>{});
}

TEST_CASE("a hotline hands a complaint over, and hears what became of it without who complained") {
  District district;
  add_hotline(district);
  auto const key = key_of(district, "hotline");
  auto const made = send(district, complaint(key), "Idempotency-Key: call-81\r\n");
  REQUIRE_MESSAGE(made.status == 201, made.body);
  CHECK(departures(json_of(made), "Open311Made") == std::vector<std::string>{});
  std::string const number = json_of(made).at(0).at("service_request_id");
  CHECK(number == "BN-TS-2026-000001");
  CHECK(send(district, complaint(key), "Idempotency-Key: call-81\r\n").body == made.body);

  auto const cases = json_of(district.get("/api/v1/cases", "hotline")).at("items");
  REQUIRE(cases.size() == 1);
  auto const whole = json_of(district.get("/api/v1/cases/" + cases.at(0).at("id").get<std::string>(), "hotline"));
  CHECK(whole.at("fields").at("complainant") == "王芳");
  CHECK(whole.at("fields").at("complainant_contact") == "13800000000");
  CHECK(whole.at("fields").at("external_no") == "BN12345-20260302-0081");
  CHECK(whole.at("fields").at("channel") == "hotline");

  auto const list = district.get(base + "/requests.json?api_key=" + key, "");
  REQUIRE_MESSAGE(list.status == 200, list.body);
  CHECK(departures(json_of(list), "Open311Requests") == std::vector<std::string>{});
  REQUIRE(json_of(list).size() == 1);
  auto const line = json_of(list).at(0);
  CHECK(line.at("status") == "open");
  CHECK(line.at("service_code") == "air");
  CHECK(line.at("lat") == 29.4);
  CHECK(line.at("address") == "界石镇");
  CHECK_FALSE(line.at("expected_datetime").is_null());
  for (auto const* const secret : {"王芳", "13800000000", "***"}) CHECK(list.body.find(secret) == std::string::npos);
  auto const as_xml = xml_of(district.get(base + "/requests/" + number + ".xml?api_key=" + key, ""));
  CHECK(std::string(as_xml.child("service_requests").child("request").child("description").text().get()) ==
        "界石镇某汽修厂夜间喷漆，气味刺鼻");
  CHECK(json_of(district.get(base + "/tokens/" + number + ".json?api_key=" + key, "")).at(0).at("service_request_id") ==
        number);
  auto const kept = json_of(district.get("/api/v1/audit-events?kind=cases_listed", "auditor")).at("items");
  CHECK(kept.at(0).at("detail").at("interface") == "open311");
  CHECK(kept.dump().find(key) == std::string::npos);
}

TEST_CASE("complaints only, of who may see them, within dates and kinds; nothing of one that was told in confidence") {
  District district;
  add_hotline(district);
  district.add_person("petitions", "seeb", {"handler"});
  auto const key = key_of(district, "hotline");
  (void)district.open_issue();
  (void)district.open_referral();
  auto secret = complaint(key);
  secret.emplace_back("attribute[confidential]", "true");
  REQUIRE(send(district, secret).status == 201);
  district.move_clock(std::chrono::hours(24));
  REQUIRE(send(district, complaint(key)).status == 201);
  auto const count = [&](std::string const& query, std::string const& by) {
    auto const answer = district.get(base + "/requests.json?api_key=" + by + query, "");
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    return json_of(answer).size();
  };
  CHECK(count("", key) == 2);
  CHECK(count("&status=open", key) == 2);
  CHECK(count("&status=closed", key) == 0);
  CHECK(count("&service_code=water", key) == 0);
  CHECK(count("&service_code=water,air", key) == 2);
  CHECK(count("&start_date=2026-03-03T00:00:00%2B08:00", key) == 1);
  CHECK(count("&end_date=2026-03-03T00:00:00%2B08:00", key) == 1);
  CHECK(count("&service_request_id=BN-TS-2026-000001,BN-WT-2026-000001", key) == 1);
  CHECK(count("", key_of(district, "supervisor", "read")) == 0);
  auto const told = json_of(district.get(base + "/requests/BN-TS-2026-000001.json?api_key=" + key, "")).at(0);
  for (auto const* const name : {"description", "address", "lat", "long"}) CHECK(told.at(name).is_null());
  CHECK(district.get(base + "/requests/BN-TS-2026-000001.json?api_key=" + key_of(district, "supervisor"), "").status ==
        404);
  CHECK(district.get(base + "/requests/BN-WT-2026-000001.json?api_key=" + key_of(district, "inspector"), "").status ==
        404);
  district.move_clock(std::chrono::hours(24 * 100));
  CHECK(count("", key) == 0);
}

TEST_CASE("a request with a fault, a wrong key or too many calls is refused in Open311's own form") {
  District district;
  add_hotline(district);
  auto const key = key_of(district, "hotline");
  auto const refused = [&](Answer const& answer, int status) {
    CHECK_MESSAGE(answer.status == status, answer.body);
    CHECK(departures(json_of(answer), "Open311Errors") == std::vector<std::string>{});
  };
  for (auto const* const wrong : {"", "bht_no-such-key", "token-of-hotline"}) {
    refused(district.get(base + "/requests.json?api_key=" + wrong, ""), 403);
    refused(send(district, complaint(wrong)), 403);
  }
  refused(send(district, complaint(key_of(district, "hotline", "read"))), 403);
  // A clerk of another kind of unit registers nothing here.
  refused(send(district, complaint(key_of(district, "police"))), 403);
  struct Change {
    std::string name;
    std::string value;
  };
  for (auto const& [name, value] :
       {Change{"service_code", "gold"}, Change{"description", ""}, Change{"lat", "north"}, Change{"lat", "91"},
        Change{"attribute[class]", "song"}, Change{"attribute[external_no]", std::string(9000, 'x')}}) {
    CAPTURE(name);
    auto form = complaint(key);
    for (auto& [known, given] : form) {
      if (known == name) given = value;
    }
    refused(send(district, form), 400);
  }
  auto extra = complaint(key);
  extra.emplace_back("attribute[complainant]", "x");
  refused(send(district, extra), 400);
  auto twice = complaint(key);
  twice.emplace_back("lat", "1");
  refused(send(district, twice), 400);
  refused(district.ask({.method = "POST", .target = base + "/requests.json", .body = "{}"}), 415);
  refused(district.get(base + "/requests.json?status=lost&api_key=" + key, ""), 400);
  refused(district.get(base + "/requests.json?start_date=2026-01-01&api_key=" + key, ""), 400);
  refused(district.get(
              base + "/requests.json?start_date=2025-01-01T00:00:00Z&end_date=2026-01-01T00:00:00Z&api_key=" + key, ""),
          400);
  auto const xml = xml_of(send(district, {}, {}, "xml"));
  CHECK(xml.child("errors").child("error").child("code").text().as_int() == 403);
  CHECK(json_of(district.get("/api/v1/cases", "hotline")).at("items").empty());
  while (district.get(base + "/services.json", "").status == 200) continue;
  refused(district.get(base + "/services.json", ""), 429);
}
