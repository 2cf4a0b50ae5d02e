// SPDX-License-Identifier: Apache-2.0
// What an administrator asks of the program itself.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "engine/core/json.hpp"
#include "tests/api/client.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/tools/served_program.hpp"
#include "tools/bihuan/scratch.hpp"

namespace bihuan::test {
namespace {

namespace fs = std::filesystem;

struct Said {
  int status = -1;
  std::string text;  // both outputs
};

Said run(std::string const& before, std::string const& arguments) {
  auto const line = before + " " BIHUAN_PROGRAM " " + arguments + " 2>&1";
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(line.c_str(), "r"), ::pclose);
  REQUIRE(pipe);
  Said said;
  std::array<char, 4096> piece{};
  while (auto const size = std::fread(piece.data(), 1, piece.size(), pipe.get())) said.text.append(piece.data(), size);
  said.status = WEXITSTATUS(::pclose(pipe.release()));
  return said;
}

std::uint16_t free_port() {
  int const socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&place), size) == 0);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&place), &size);
  ::close(socket);
  return ntohs(place.sin_port);
}

std::string health_of(Json const& findings, std::string const& about) {
  for (auto const& finding : findings.at("findings")) {
    if (finding.at("about") == about) return finding.at("health");
  }
  return "";
}

std::string const with_workflows = "BIHUAN_DATA__WORKFLOWS=" BIHUAN_SOURCE_DIR "/workflows";

}  // namespace

TEST_CASE("config check names faults of form and beyond it at once, and serve does not start with them") {
  ScratchDirectory const scratch;
  auto const file = scratch.path() / "bihuan.toml";
  std::ofstream(file)
      << "[server]\nport = \"eighty\"\ntrusted_proxies = [\"nowhere\"]\n[tls]\ncertificate = \"c.pem\"\n"
      << "[data]\ndirectory = \"" << (scratch.path() / "a" / "b").string()
      << "\"\nbackups = \"gone\"\nstore = \"mysql://me:secret@db/bihuan\"\n"
      << "[webhooks]\ntargets = [\"http://a\", \"b:c\"]\n";
  auto const checked = run(with_workflows, "config check --config " + file.string());
  CHECK(checked.status == 1);
  for (std::string const& said : {std::string("/server/port"), std::string("“http://a”"), std::string("“b:c”"),
                                  std::string("nowhere"), std::string("--tls-key"), std::string("“gone”"),
                                  std::string("mysql://me:***@db"), (scratch.path() / "a").string()})
    CHECK_MESSAGE(checked.text.find(said) != std::string::npos, said);
  CHECK(checked.text.find("secret") == std::string::npos);
  CHECK(run(with_workflows, "serve --config " + file.string()).status == 1);
  CHECK(run(with_workflows, "config check --config /dev/null").status == 0);
  std::ofstream(file) << "[data]\nreplica = \"postgresql://db3/bihuan\"\n";
  auto const alone = run(with_workflows, "config check --config " + file.string());
  CHECK(alone.status == 1);
  CHECK(alone.text.find("data.store") != std::string::npos);
}

TEST_CASE("doctor finds a key that others may read and a damaged file, and says what to do") {
  ScratchDirectory const scratch;
  auto const data = scratch.path() / "data";
  auto const settings = with_workflows + " BIHUAN_DATA__DIRECTORY=" + data.string();
  REQUIRE(run("", "user add keeper --unit inspection-office --role admin --data " + data.string() + " --workflows " +
                      BIHUAN_SOURCE_DIR + "/workflows --password-stdin < /dev/null")
              .status != 2);
  REQUIRE(fs::exists(data / "bihuan.db"));
  auto const well = run(settings, "doctor --json --config /dev/null");
  CHECK(well.status == 0);
  auto const findings = Json::parse(well.text);
  for (auto const* about : {"configuration", "definitions", "data", "key"}) CHECK(health_of(findings, about) == "ok");
  CHECK(health_of(findings, "backups") == "warning");

  fs::permissions(data / "secret.key", fs::perms::others_read, fs::perm_options::add);
  {
    std::fstream file(data / "attachments.db", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);
    file << std::string(400, 'x');
  }
  auto const ill = run(settings, "doctor --json --config /dev/null");
  CHECK(ill.status == 1);
  CHECK(health_of(Json::parse(ill.text), "key") == "fault");
  CHECK(health_of(Json::parse(ill.text), "data") == "fault");
}

TEST_CASE("doctor looks at a PostgreSQL: whether it answers, has this key, and is set up to keep what it confirms") {
  ScratchDirectory const scratch;
  PostgresServer const database(PostgresServer::Kept::durably);
  auto const uri = database.address("postgres");
  auto const with_store = [&](std::string const& store, std::string const& data) {
    auto const said = run(with_workflows + " BIHUAN_DATA__DIRECTORY=" + (scratch.path() / data).string() +
                              " BIHUAN_DATA__STORE='" + store + "'",
                          "doctor --json --config /dev/null");
    return Json::parse(said.text);
  };
  auto const unused = with_store(uri, "one");
  CHECK(health_of(unused, "data") == "ok");
  CHECK(health_of(unused, "database") == "ok");
  REQUIRE(run("", "user add keeper --unit inspection-office --role admin --data " + (scratch.path() / "one").string() +
                      " --store '" + uri + "' --workflows " BIHUAN_SOURCE_DIR "/workflows --password-stdin < /dev/null")
              .status != 2);
  CHECK(health_of(with_store(uri, "one"), "data") == "ok");
  CHECK(health_of(with_store(uri, "another"), "data") == "fault");  // without the key
  database.run(uri, "ALTER SYSTEM SET full_page_writes = off");
  database.run(uri, "SELECT pg_reload_conf()");
  while (health_of(with_store(uri, "one"), "database") != "fault") {
  }
  database.run(uri, "INSERT INTO schema_change (number, name) VALUES (99, 'later')");
  CHECK(health_of(with_store(uri, "one"), "data") == "fault");
  CHECK(health_of(with_store("postgresql:///nothing?host=" + scratch.path().string(), "one"), "data") == "fault");
}

TEST_CASE("numbers for monitoring stand on a port of their own, and beside the page for administrators alone") {
  ScratchDirectory const scratch;
  auto const apart = free_port();
  ServedProgram const program({"--data", scratch.path() / "data", "--workflows", BIHUAN_SOURCE_DIR "/workflows",
                               "--metrics-port", std::to_string(apart)});
  Client monitor(apart);
  auto const answer = monitor.ask(get("/metrics"));
  CHECK(answer.status == 200);
  for (auto const* line : {"cases_open{type=\"criminal-referral\",light=\"red\"} 0\n",
                           "# TYPE sqlite_wal_bytes gauge\n", "build_info{version=\"", "http_requests_total"})
    CHECK_MESSAGE(answer.body.find(line) != std::string::npos, line);
  CHECK(monitor.ask(get("/readyz")).status == 200);
  CHECK(monitor.ask(get("/api/v1/openapi.json")).status == 404);
  CHECK(Client(program.port()).ask(get("/metrics")).status == 401);
}

TEST_CASE("completion and manual know every verb") {
  auto const usage = run("", "--help");
  for (auto const* shell : {"bash", "zsh", "fish"}) {
    auto const script = run("", std::string("completion ") + shell);
    CHECK(script.status == 0);
    for (auto const* word : {"serve", "doctor", "metrics-port", "passwd"})
      CHECK_MESSAGE(script.text.find(word) != std::string::npos, shell << " " << word);
  }
  auto const offered = run("", "completion bash > /dev/null; bash -c 'source <(" BIHUAN_PROGRAM
                               " completion bash); COMP_WORDS=(bihuan user p); COMP_CWORD=2; _bihuan; "
                               "echo ${COMPREPLY[@]}'");
  CHECK(offered.text.find("passwd") != std::string::npos);
  auto const manual = run("", "manual");
  CHECK(manual.text.find(".SS serve") != std::string::npos);
  CHECK(manual.text.find("\\-\\-metrics\\-port") != std::string::npos);
}

}  // namespace bihuan::test
