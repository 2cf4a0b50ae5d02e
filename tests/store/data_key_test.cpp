// SPDX-License-Identifier: Apache-2.0
#include "engine/store/data_key.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <functional>

#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/store_fault.hpp"
#include "tests/store/builders.hpp"

namespace bihuan::test {
namespace {

namespace fs = std::filesystem;
using Key = SqliteOptions::Key;

constexpr auto secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

std::unique_ptr<Store> opened(fs::path const& directory, Key key = Key::needed) {
  auto store = open_sqlite_store(directory, {.durable = false, .key = key});
  REQUIRE(store.has_value());
  return std::move(*store);
}

Refusal why_not(fs::path const& directory) {
  auto const store = open_sqlite_store(directory, {.durable = false});
  REQUIRE_FALSE(store.has_value());
  return store.error().front();
}

// A directory where p1 has a second factor.
void fill(fs::path const& directory) {
  auto const store = opened(directory);
  std::vector<Person> const people{
      {.id = "p1", .name = "li", .full_name = "李某", .unit = "water", .roles = {}, .password_hash = {}}};
  store->people().put_people(people);
  REQUIRE(store->people().put_second_factor("p1", secret));
  REQUIRE(store->people().take_step("p1", secret, 7));
}

std::string bytes_in(fs::path const& directory) {
  std::string bytes;
  for (auto const& entry : fs::directory_iterator(directory)) {
    std::ifstream stream(entry.path(), std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(stream), {});
  }
  return bytes;
}

void change(fs::path const& directory, std::string const& script) {
  sqlite::Connection connection(directory / "bihuan.db", sqlite::Connection::Mode::read_write);
  connection.execute("tamper", script.c_str());
}

}  // namespace

TEST_CASE("What a key encrypted opens with it, and only for what it was bound to") {
  TemporaryDirectory const directory;
  auto const key = DataKey::make(directory.path() / "a.key", false);
  auto const other = DataKey::make(directory.path() / "b.key", false);
  for (std::string const& text : {std::string(), std::string("x"), std::string("\0\xff", 2), std::string(5000, 'y')}) {
    auto const kept = key.encrypt(text, "p1");
    CHECK(key.decrypt(kept, "p1") == text);
    CHECK(DataKey::read(directory.path() / "a.key")->decrypt(kept, "p1") == text);
    CHECK_FALSE(key.decrypt(kept, "p2"));
    CHECK_FALSE(other.decrypt(kept, "p1"));
    CHECK(key.encrypt(text, "p1") != kept);
  }
  auto const kept = key.encrypt(secret, "p1");
  CHECK(kept.find(secret) == std::string::npos);
  for (std::size_t place = 0; place < kept.size(); ++place) {
    CAPTURE(place);
    auto altered = kept;
    altered[place] = altered[place] == 'A' ? 'B' : 'A';
    CHECK_FALSE(key.decrypt(altered, "p1"));
    CHECK_FALSE(key.decrypt(kept.substr(0, place), "p1"));
  }
  CHECK_FALSE(key.decrypt(kept + "A", "p1"));
  CHECK_FALSE(key.decrypt("not a text of ours!", "p1"));
}

TEST_CASE("A key file is for its owner alone, and is nothing else") {
  TemporaryDirectory const directory;
  auto const file = directory.path() / "a.key";
  CHECK_FALSE(DataKey::read(file));
  (void)DataKey::make(file, true);
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600);
  for (std::string const& wrong : {std::string(), std::string("secret"), std::string(62, 'a'), std::string(66, 'a'),
                                   std::string(64, 'g'), std::string(10'000, 'a')}) {
    std::ofstream(file) << wrong;
    CHECK_FALSE(DataKey::read(file));
  }
  std::ofstream(file) << std::string(64, 'A') << "\r\n";
  CHECK(DataKey::read(file));
  CHECK_THROWS_AS((void)DataKey::read(directory.path() / "a.key" / "below"), StoreFault);
}

TEST_CASE("A second factor's secret is nowhere in the files") {
  TemporaryDirectory const directory;
  fill(directory.path());
  CHECK(bytes_in(directory.path()).find(secret) == std::string::npos);
  CHECK(opened(directory.path())->people().find_second_factor("p1")->secret == secret);
}

TEST_CASE("Secrets of before are encrypted when the store is opened, and wiped") {
  TemporaryDirectory const directory;
  fill(directory.path());
  change(directory.path(), std::string("UPDATE second_factor SET encrypted = 0, secret = '") + secret + "'");
  REQUIRE(bytes_in(directory.path()).find(secret) != std::string::npos);
  SUBCASE("with the key there already") {}
  SUBCASE("with none yet") {
    fs::remove(directory.path() / data_key_file);
  }
  auto store = opened(directory.path());
  CHECK(store->people().find_second_factor("p1")->secret == secret);
  CHECK(store->people().find_second_factor("p1")->last_step == 7);
  CHECK(bytes_in(directory.path()).find(secret) == std::string::npos);
  store.reset();
  CHECK(opened(directory.path())->people().find_second_factor("p1")->secret == secret);
}

TEST_CASE("A key that is gone, damaged or another one is refused with what to do, and left as it is") {
  struct Lost {
    char const* how;
    std::function<void(fs::path const&)> lose;
    Code code;
  };
  std::vector<Lost> const ways{
      {"gone", [](auto const&) {}, Code::key_missing},
      {"damaged", [](auto const& file) { std::ofstream(file) << "half a k"; }, Code::key_wrong},
      {"another", [](auto const& file) { (void)DataKey::make(file, false); }, Code::key_wrong}};
  for (auto const& [how, lose, code] : ways) {
    CAPTURE(how);
    TemporaryDirectory const directory;
    fill(directory.path());
    auto const file = directory.path() / data_key_file;
    fs::rename(file, directory.path() / "kept");
    lose(file);
    bool const there = fs::exists(file);
    auto const refusal = why_not(directory.path());
    CHECK(refusal.code == code);
    for (auto const& text : {refusal.text.zh, refusal.text.en}) {
      CHECK(text.find("secret.key") != std::string::npos);
      CHECK(text.find("bihuan key renew --data " + directory.path().string()) != std::string::npos);
    }
    CHECK(fs::exists(file) == there);
    {
      auto const store = opened(directory.path(), Key::spared);
      CHECK(store->people().find_person("p1")->second_factor);
      CHECK_THROWS_AS((void)store->people().find_second_factor("p1"), StoreFault);
      CHECK_THROWS_AS((void)store->people().put_second_factor("p1", secret), StoreFault);
      CHECK(fs::exists(file) == there);
    }
    fs::copy(directory.path() / "kept", file, fs::copy_options::overwrite_existing);
    CHECK(opened(directory.path())->people().find_second_factor("p1")->secret == secret);
    fs::remove(file);
    lose(file);
    CHECK_FALSE(opened(directory.path(), Key::renewed)->people().find_person("p1")->second_factor);
    CHECK_FALSE(opened(directory.path())->people().find_second_factor("p1"));
  }
}

TEST_CASE("A key that is there is renewed without losing a secret, also when that is cut off") {
  TemporaryDirectory const directory;
  fill(directory.path());
  auto const file = directory.path() / data_key_file;
  auto const old = directory.path() / "old";
  fs::copy(file, old);
  CHECK(opened(directory.path(), Key::renewed)->people().find_second_factor("p1")->secret == secret);
  auto const renewed = DataKey::read(file);
  REQUIRE(renewed);
  CHECK_FALSE(renewed->decrypt(DataKey::read(old)->encrypt("x", ""), ""));
  SUBCASE("before the new one took the old one's place") {
    fs::rename(file, directory.path() / "secret.key.new");
    fs::rename(old, file);
  }
  SUBCASE("before anything was encrypted by it") {
    (void)DataKey::make(directory.path() / "secret.key.new", false);
  }
  CHECK(opened(directory.path())->people().find_second_factor("p1")->secret == secret);
}

TEST_CASE("A secret moved to another person's row is a fault") {
  TemporaryDirectory const directory;
  fill(directory.path());
  auto const store = opened(directory.path());
  std::vector<Person> const people{
      {.id = "p2", .name = "wang", .full_name = "王某", .unit = "water", .roles = {}, .password_hash = {}}};
  store->people().put_people(people);
  change(directory.path(), "INSERT INTO second_factor SELECT 'p2', secret, 1, 0, 1 FROM second_factor");
  CHECK_THROWS_AS((void)store->people().find_second_factor("p2"), StoreFault);
}

}  // namespace bihuan::test
