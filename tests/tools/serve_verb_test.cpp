// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <signal.h>

#include "tests/api/tls_client.hpp"
#include "tests/tools/served_program.hpp"
#include "tools/bihuan/scratch.hpp"

namespace bihuan::test {
namespace {

namespace fs = std::filesystem;

// What the program is told to serve, whatever certificate stands there at the moment.
class InUse {
 public:
  explicit InUse(Certificates const& certificates)
      : certificate_(certificates.directory() / "in-use.crt"), key_(certificates.directory() / "in-use.key") {}

  void put(fs::path const& certificate, fs::path const& key) const {
    fs::copy_file(certificate, certificate_, fs::copy_options::overwrite_existing);
    fs::copy_file(key, key_, fs::copy_options::overwrite_existing);
  }
  [[nodiscard]] std::vector<std::string> arguments(fs::path const& data) const {
    return {
        "--data",     data.string(), "--workflows", std::string(BIHUAN_SOURCE_DIR) + "/workflows", "--tls-certificate",
        certificate_, "--tls-key",   key_};
  }

 private:
  fs::path certificate_;
  fs::path key_;
};

}  // namespace

TEST_CASE("SIGHUP reads the certificate again: new connections get it, open ones go on, a broken one changes nothing") {
  ScratchDirectory const data;
  Certificates const certificates;
  auto const first = certificates.make("first");
  auto const second = certificates.make("second");
  auto const third = certificates.make("third");
  InUse const in_use(certificates);
  in_use.put(first.certificate, first.key);
  ServedProgram program(in_use.arguments(data.path()));
  TlsClient oldest(program.port());
  REQUIRE(oldest.certificate_name() == "first");
  REQUIRE(oldest.ask(get("/livez")).status == 200);

  in_use.put(second.certificate, second.key);
  CHECK(TlsClient(program.port()).certificate_name() == "first");
  program.signal(SIGHUP);
  CHECK(program.logged("certificate read again").find("in-use.crt") != std::string::npos);
  TlsClient newer(program.port());
  CHECK(newer.certificate_name() == "second");
  CHECK(newer.ask(get("/livez")).status == 200);
  CHECK(oldest.ask(get("/livez")).status == 200);

  auto const nonsense = certificates.write("nonsense", "not a certificate");
  struct Broken {
    char const* how;
    fs::path certificate;
    fs::path key;
    char const* named;
  };
  for (auto const& [how, certificate, key, named] :
       {Broken{"no certificate", nonsense, third.key, "in-use.crt"},
        Broken{"the key of another one", third.certificate, first.key, "in-use.key"}}) {
    CAPTURE(how);
    in_use.put(certificate, key);
    program.signal(SIGHUP);
    CHECK(program.logged("certificate kept as it was").find(named) != std::string::npos);
    CHECK(TlsClient(program.port()).certificate_name() == "second");
    CHECK(oldest.ask(get("/livez")).status == 200);
    CHECK(newer.ask(get("/livez")).status == 200);
  }

  in_use.put(third.certificate, third.key);
  program.signal(SIGHUP);
  (void)program.logged("certificate read again");
  CHECK(TlsClient(program.port()).certificate_name() == "third");
}

}  // namespace bihuan::test
