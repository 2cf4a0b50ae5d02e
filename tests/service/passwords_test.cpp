// SPDX-License-Identifier: Apache-2.0
#include "engine/service/passwords.hpp"

#include <doctest/doctest.h>

#include <set>

#include "engine/service/totp.hpp"

using namespace bihuan;
using namespace std::chrono_literals;

namespace {

std::string why_not(std::string const& password) {
  auto const refused = check_new_password(password, "li-water", "李某", "/new");
  if (!refused) return {};
  CHECK(refused->code == Code::weak_password);
  CHECK(refused->pointer == "/new");
  return refused->text.en;
}

}  // namespace

TEST_CASE("a password is long enough, without the name, and not easily guessed") {
  for (auto const* const good :
       {"correct horse battery staple", "Kx7$pq2mVz", "长河落日圆大漠孤烟直上", "k7wm-n3xe-93pt-hd2a"}) {
    CAPTURE(good);
    CHECK(why_not(good).empty());
  }
  struct Row {
    std::string password;
    std::string because;
  };
  std::vector<Row> const table{{"Kx7$pq2mV", "at least 10"},
                               {"一二三四五六七八九", "at least 10"},
                               {std::string(257, 'x'), "at most 256"},
                               {"my-LI-WATER-secret", "your name"},
                               {"我是李某不是王某某啊", "your name"},
                               {"password123", "guessed"},
                               {"1234567890", "guessed"},
                               {"qwertyuiop", "guessed"},
                               {"P@ssw0rd123", "guessed"},
                               {"Admin@1234", "guessed"},
                               {"aaaaaaaaaaaa", "guessed"},
                               {"5201314woaini", "guessed"},
                               {"chongqing2026", "guessed"},
                               {"1q2w3e4r5t", "guessed"}};
  for (auto const& [password, because] : table) {
    CAPTURE(password);
    CHECK(why_not(password).find(because) != std::string::npos);
  }
}

TEST_CASE("the passwords that are given away once differ and would be taken") {
  std::set<std::string> seen;
  for (int count = 0; count < 100; ++count) {
    auto const password = make_one_time_password();
    CHECK(why_not(password).empty());
    seen.insert(password);
  }
  CHECK(seen.size() == 100);
}

TEST_CASE("a hash fits its password alone, and no hash fits none") {
  auto const hash = hash_password("correct horse");
  CHECK(password_matches(hash, "correct horse"));
  CHECK_FALSE(password_matches(hash, "correct hors"));
  CHECK_FALSE(password_matches("", "nobody signs in with this"));
}

TEST_CASE("codes by the clock are those of RFC 6238, appendix B") {
  // The secret "12345678901234567890" in base32; of the published eight digits the last six.
  std::string const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  struct Row {
    std::int64_t at;
    std::string code;
  };
  for (auto const& [at, code] : {Row{59, "287082"}, Row{1111111109, "081804"}, Row{1111111111, "050471"},
                                 Row{1234567890, "005924"}, Row{2000000000, "279037"}, Row{20000000000, "353130"}}) {
    CAPTURE(at);
    Instant const now{std::chrono::seconds(at)};
    CHECK(totp_code(secret, now) == code);
    CHECK(step_of_code(secret, code, now) == at / 30);
    CHECK(step_of_code(secret, code, now + 30s) == at / 30);
    CHECK(step_of_code(secret, code, now - 30s) == at / 30);
    CHECK_FALSE(step_of_code(secret, code, now + 60s));
    CHECK_FALSE(step_of_code(secret, code, now - 60s));
  }
  CHECK_FALSE(step_of_code(secret, "", Instant{}));
  CHECK_FALSE(step_of_code(secret, "28708", Instant{59s}));
  CHECK(make_totp_secret() != make_totp_secret());
  CHECK(make_totp_secret().size() == 32);
}
