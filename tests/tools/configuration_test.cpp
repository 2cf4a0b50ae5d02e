// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/configuration.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "tools/bihuan/scratch.hpp"

namespace bihuan {
namespace {

namespace fs = std::filesystem;

fs::path written(ScratchDirectory const& scratch, std::string const& text) {
  auto const file = scratch.path() / "bihuan.toml";
  std::ofstream(file) << text;
  return file;
}

}  // namespace

TEST_CASE("flags go over the environment, that over the file, and that over what is usual") {
  ScratchDirectory const scratch;
  auto const file = written(scratch, R"([server]
port = 9001
workers = 3
trusted_proxies = ["10.0.0.0/8"]
[log]
level = "warning"
)");
  auto configuration =
      read_configuration(file, {"BIHUAN_SERVER__PORT=9002", "BIHUAN_SIGN_IN__SECOND_FACTOR_ROLES=admin,auditor",
                                "BIHUAN_WORKFLOWS=elsewhere", "PATH=/bin"});
  REQUIRE(configuration.has_value());
  for (auto const& setting : settings()) {
    ServeOptions given;
    given.workers = 7;
    if (setting.name() == "server.workers") take_flag(*configuration, setting, given);
  }
  auto const& options = configuration->options;
  CHECK(options.workers == 7);
  CHECK(options.port == 9002);
  CHECK(options.totp_roles == std::vector<std::string>{"admin", "auditor"});
  CHECK(options.trusted_proxies == std::vector<std::string>{"10.0.0.0/8"});
  CHECK(options.log_level == "warning");
  CHECK(options.address == "127.0.0.1");
  CHECK(configuration->origins.at("server.workers") == Origin::flag);
  CHECK(configuration->origins.at("server.port") == Origin::environment);
  CHECK(configuration->origins.at("log.level") == Origin::file);
  CHECK(!configuration->origins.contains("server.address"));
}

TEST_CASE("every fault of a configuration is named at once, with its place") {
  ScratchDirectory const scratch;
  auto const file = written(scratch, R"(colour = "red"
[server]
port = 70000
workers = "many"
secure_cookie = 1
prot = 80
trusted_proxies = "10.0.0.0/8"
[log]
level = "loud"
[audit]
days = 10
)");
  auto const configuration = read_configuration(file, {"BIHUAN_METRICS__PORT=-1", "BIHUAN_SERVER__PROT=1"});
  REQUIRE(!configuration.has_value());
  std::vector<std::string> found;
  for (auto const& fault : configuration.error())
    found.push_back(fault.pointer + " " + std::string(code_name(fault.code)));
  std::ranges::sort(found);
  CHECK(found == std::vector<std::string>{" unknown_field", "/audit/days out_of_bounds", "/colour unknown_field",
                                          "/log/level not_a_choice", "/metrics/port wrong_type",
                                          "/server/port out_of_bounds", "/server/prot unknown_field",
                                          "/server/secure_cookie wrong_type", "/server/trusted_proxies wrong_type",
                                          "/server/workers wrong_type"});
}

TEST_CASE("the audit is kept for six months at least, whichever they are") {
  ScratchDirectory const scratch;
  auto const fits = [&](int days) {
    return read_configuration(written(scratch, "[audit]\ndays = " + std::to_string(days) + "\n"), {}).has_value();
  };
  // From the first of July to the first of January.
  CHECK_FALSE(fits(183));
  CHECK(fits(184));
}

TEST_CASE("a file that is no TOML, or not there, is named with the line") {
  ScratchDirectory const scratch;
  auto const broken = read_configuration(written(scratch, "[server]\nport = \n"), {});
  REQUIRE(!broken.has_value());
  CHECK(broken.error().at(0).text.en.find("at line 2") != std::string::npos);
  auto const gone = read_configuration(scratch.path() / "gone.toml", {});
  REQUIRE(!gone.has_value());
  CHECK(gone.error().at(0).text.en.find("gone.toml") != std::string::npos);
}

TEST_CASE("what is shown is a configuration file again, with no password where none is wanted") {
  ScratchDirectory const scratch;
  auto const first = read_configuration(written(scratch, R"([server]
port = 9001
[data]
directory = "somewhere://keeper:secret@host/bihuan"
)"),
                                        {});
  REQUIRE(first.has_value());
  std::ostringstream whole;
  print_configuration(whole, *first, false);
  CHECK(whole.str().find("port = 9001  # file\n") != std::string::npos);
  CHECK(whole.str().find("address = \"127.0.0.1\"  # default\n") != std::string::npos);
  auto const again = read_configuration(written(scratch, whole.str()), {});
  REQUIRE(again.has_value());
  CHECK(again->options.data == first->options.data);
  CHECK(again->options.port == 9001);
  std::ostringstream redacted;
  print_configuration(redacted, *first, true);
  CHECK(redacted.str().find(":secret@") == std::string::npos);
  CHECK(redacted.str().find("keeper:***@host") != std::string::npos);
}

}  // namespace bihuan
