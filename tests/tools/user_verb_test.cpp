// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <map>
#include <set>
#include <sstream>
#include <variant>

#include "engine/core/json.hpp"
#include "engine/service/library.hpp"
#include "engine/service/passwords.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/support/postgres_server.hpp"
#include "tools/bihuan/key.hpp"
#include "tools/bihuan/open_store.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/scratch.hpp"
#include "tools/bihuan/token.hpp"
#include "tools/bihuan/unit.hpp"
#include "tools/bihuan/user.hpp"

using namespace bihuan;

namespace {

namespace fs = std::filesystem;

fs::path const workflows = fs::path(BIHUAN_SOURCE_DIR) / "workflows";

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

template <class Verb>
Outcome outcome(Verb const& verb) {
  std::ostringstream out;
  std::ostringstream err;
  auto const status = verb(out, err);
  return {status, out.str(), err.str()};
}

struct Registry {
  ScratchDirectory scratch;

  UserOptions options(std::string const& name) const {
    return {.data = scratch.path(),
            .store = {},
            .workflows = workflows,
            .name = name,
            .full_name = {},
            .unit = "water",
            .roles = {},
            .json = true};
  }
  Outcome add(UserOptions const& options, std::string const& input = {}) const {
    return outcome([&](auto& out, auto& err) {
      std::istringstream in(input);
      return run_user_add(options, in, out, err);
    });
  }
  Person person(std::string const& name) const {
    auto const store = open_sqlite_store(scratch.path());
    REQUIRE(store);
    return (*store)->people().find_by_name(name).value();
  }
};

}  // namespace

TEST_CASE("the first administrator is added to an empty directory and shown a password once") {
  Registry const registry;
  auto options = registry.options("root");
  options.roles = {"admin"};
  auto const added = registry.add(options);
  REQUIRE(added.status == done);
  auto const password = Json::parse(added.out).at("one_time_password").get<std::string>();
  auto const person = registry.person("root");
  CHECK(password_matches(person.password_hash, password));
  CHECK(person.must_change_password);
  CHECK(registry.add(options).err.find("name_taken") != std::string::npos);
}

TEST_CASE("people of a shared database are kept while a node has it open") {
  Registry const registry;
  auto const address = test::PostgresServer::shared().database("people");
  auto const node = open_store(registry.scratch.path(), address);
  REQUIRE(node.has_value());
  auto options = registry.options("root");
  options.store = address;
  options.roles = {"admin"};
  CHECK(registry.add(options).status == done);
  CHECK((*node)->people().find_by_name("root").has_value());
  CHECK_FALSE(fs::exists(registry.scratch.path() / "bihuan.db"));
  options.store = "mysql://someone:secret@elsewhere/people";
  auto const elsewhere = registry.add(options);
  CHECK(elsewhere.status == said_no);
  CHECK(elsewhere.err.find("bad_format") != std::string::npos);
  CHECK(elsewhere.err.find("secret") == std::string::npos);
}

TEST_CASE("a password may come on standard input, and is neither weak nor shown") {
  Registry const registry;
  auto options = registry.options("li");
  options.password_on_input = true;
  CHECK(registry.add(options, "password123\n").err.find("weak_password") != std::string::npos);
  auto const added = registry.add(options, "correct horse battery\n");
  CHECK(added.status == done);
  CHECK(added.out.find("correct horse") == std::string::npos);
  CHECK(password_matches(registry.person("li").password_hash, "correct horse battery"));
}

TEST_CASE("people are listed, given roles and passwords, disabled and enabled") {
  Registry const registry;
  REQUIRE(registry.add(registry.options("li")).status == done);
  auto const before = registry.person("li").password_hash;
  auto options = registry.options("li");
  options.roles = {"handler", "dept_head"};
  CHECK(outcome([&](auto& out, auto& err) { return run_user_roles(options, out, err); }).status == done);
  CHECK(registry.person("li").roles == std::vector<std::string>{"handler", "dept_head"});
  options.roles = {"admin", "auditor"};
  CHECK(outcome([&](auto& out, auto& err) { return run_user_roles(options, out, err); }).err.find("roles_conflict") !=
        std::string::npos);
  std::istringstream none;
  CHECK(outcome([&](auto& out, auto& err) { return run_user_passwd(options, none, out, err); }).status == done);
  CHECK(registry.person("li").password_hash != before);
  CHECK(outcome([&](auto& out, auto& err) { return run_user_disable(options, out, err); }).status == done);
  CHECK_FALSE(registry.person("li").active);
  auto const listed = outcome([&](auto& out, auto& err) { return run_user_list(options, out, err); });
  CHECK(Json::parse(listed.out).at(0).at("active") == false);
  CHECK(outcome([&](auto& out, auto& err) { return run_user_enable(options, out, err); }).status == done);
  CHECK(registry.person("li").active);
}

TEST_CASE("what is done at the machine stands in the audit") {
  Registry const registry;
  REQUIRE(registry.add(registry.options("li")).status == done);
  auto const store = open_sqlite_store(registry.scratch.path());
  auto const rows = (*store)->audit().list({});
  REQUIRE(rows.has_value());
  REQUIRE(rows->items.size() == 1);
  CHECK(rows->items[0].kind == AuditKind::administration_changed);
  CHECK(rows->items[0].detail.at("by") == "command line");
}

TEST_CASE("while a server has the data open, people are sent to its API") {
  Registry const registry;
  auto const held = open_sqlite_store(registry.scratch.path());
  REQUIRE(held);
  auto const added = registry.add(registry.options("li"));
  CHECK(added.status == said_no);
  CHECK(added.err.find("store_in_use") != std::string::npos);
  CHECK(added.err.find("/api/v1/people") != std::string::npos);
}

TEST_CASE("a directory without data, and a person who is not there, are said") {
  Registry const registry;
  auto const options = registry.options("li");
  CHECK(outcome([&](auto& out, auto& err) { return run_user_list(options, out, err); }).status == said_no);
  CHECK_FALSE(fs::exists(registry.scratch.path() / "bihuan.db"));
  REQUIRE(registry.add(registry.options("wang")).status == done);
  auto const disabled = outcome([&](auto& out, auto& err) { return run_user_disable(options, out, err); });
  CHECK(disabled.status == said_no);
  CHECK(disabled.err.find("unknown_person") != std::string::npos);
}

TEST_CASE("machine tokens are made, listed without their texts, and revoked") {
  Registry const registry;
  REQUIRE(registry.add(registry.options("li")).status == done);
  TokenOptions options{
      .data = registry.scratch.path(), .workflows = workflows, .user = "li", .name = "export", .json = true};
  auto const made = outcome([&](auto& out, auto& err) { return run_token_create(options, out, err); });
  REQUIRE(made.status == done);
  auto const token = Json::parse(made.out).at("token").get<std::string>();
  auto const list = [&] {
    return outcome([&](auto& out, auto& err) { return run_token_list(options, out, err); }).out;
  };
  CHECK(Json::parse(list()).size() == 1);
  CHECK(list().find(token) == std::string::npos);
  options.name = Json::parse(made.out).at("id").get<std::string>();
  CHECK(outcome([&](auto& out, auto& err) { return run_token_revoke(options, out, err); }).status == done);
  CHECK(outcome([&](auto& out, auto& err) { return run_token_revoke(options, out, err); }).status == said_no);
  CHECK(Json::parse(list()).empty());
}

TEST_CASE("units are shown as a tree or as data") {
  auto const tree = outcome([&](auto& out, auto& err) { return run_unit_list({.workflows = workflows}, out, err); });
  CHECK(tree.out.find("\n  seeb\t") != std::string::npos);
  auto const data =
      outcome([&](auto& out, auto& err) { return run_unit_list({.workflows = workflows, .json = true}, out, err); });
  CHECK(Json::parse(data.out).at(0).at("id") == "district-government");
}

TEST_CASE("the first deployment has the bodies of the plan, and townships that are marked as sample data") {
  std::map<std::string, std::string> const of_the_plan{// The 18 that signed it.
                                                       {"seeb", "administrative"},
                                                       {"drc", "administrative"},
                                                       {"eic", "administrative"},
                                                       {"justice", "administrative"},
                                                       {"finance", "administrative"},
                                                       {"housing", "administrative"},
                                                       {"city", "administrative"},
                                                       {"transport", "administrative"},
                                                       {"water", "administrative"},
                                                       {"agri", "administrative"},
                                                       {"commerce", "administrative"},
                                                       {"audit", "administrative"},
                                                       {"forestry", "administrative"},
                                                       {"court", "court"},
                                                       {"procurator", "procuratorate"},
                                                       {"police", "police"},
                                                       {"planning", "administrative"},
                                                       {"market", "administrative"},
                                                       // The six others that it names.
                                                       {"district-committee", "leadership"},
                                                       {"district-government", "leadership"},
                                                       {"inspection-office", "supervision"},
                                                       {"discipline", "discipline"},
                                                       {"organization", "organization"},
                                                       {"hotline-12345", "intake"}};
  auto const listed =
      outcome([&](auto& out, auto& err) { return run_unit_list({.workflows = workflows, .json = true}, out, err); });
  std::map<std::string, std::string> found;
  int townships = 0;
  for (auto const& unit : Json::parse(listed.out)) {
    auto const id = unit.at("id").get<std::string>();
    CAPTURE(id);
    if (unit.at("kind") == "township") {
      ++townships;
      REQUIRE(unit.at("note").is_object());
      CHECK(unit.at("note").at("zh").get<std::string>().find("示例数据") != std::string::npos);
      CHECK(unit.at("note").at("en").get<std::string>().find("Sample data") != std::string::npos);
    } else {
      CHECK(unit.at("note").is_null());
      found[id] = unit.at("kind").get<std::string>();
    }
  }
  CHECK(found == of_the_plan);
  CHECK(townships == 23);
  auto const tree = outcome([&](auto& out, auto& err) { return run_unit_list({.workflows = workflows}, out, err); });
  CHECK(tree.out.find("township\t示例数据") != std::string::npos);
}

TEST_CASE("the 13 departments with key duties owe an annual report") {
  auto const library = Library::load(workflows);
  REQUIRE(library);
  for (auto const& effect : library->current("annual-summary")->opening.effects) {
    if (auto const* const open = std::get_if<OpenEffect>(&effect)) {
      auto const& units = open->each_unit;
      CHECK(std::set<std::string>(units.begin(), units.end()) ==
            std::set<std::string>{"seeb", "drc", "eic", "finance", "housing", "city", "transport", "water", "agri",
                                  "commerce", "forestry", "planning", "market"});
      return;
    }
  }
  FAIL("the summary opens no reports");
}

TEST_CASE("a unit is added, changed and dissolved at the machine, and people belong to it") {
  Registry const registry;
  UnitOptions const office{.data = registry.scratch.path(),
                           .workflows = workflows,
                           .id = "park-office",
                           .title_zh = "园区管委会",
                           .title_en = "Park Office",
                           .kind = "administrative",
                           .parent = "district-government"};
  auto const run = [&](auto verb) { return outcome([&](auto& out, auto& err) { return verb(office, out, err); }); };
  CHECK(run(run_unit_add).status == done);
  CHECK(run(run_unit_add).status == said_no);
  auto person = registry.options("li");
  person.unit = "park-office";
  CHECK(registry.add(person).status == done);
  auto const held = run(run_unit_dissolve);
  CHECK(held.status == said_no);
  CHECK(held.err.find("people still belong to it") != std::string::npos);
  person.roles = {};
  CHECK(outcome([&](auto& out, auto& err) { return run_user_disable(person, out, err); }).status == done);
  CHECK(run(run_unit_dissolve).status == done);
  CHECK(run(run_unit_list).out.find("  park-office\t园区管委会\tPark Office\tadministrative\tdissolved\n") !=
        std::string::npos);
  CHECK(run(run_unit_restore).status == done);
  auto renamed = office;
  renamed.title_zh = "高新园区管委会";
  renamed.title_en.reset();
  auto const changed = outcome([&](auto& out, auto& err) { return run_unit_change(renamed, out, err); });
  CHECK(changed.out == "park-office\t高新园区管委会\tPark Office\tadministrative\n");
  renamed.id = "nobody";
  CHECK(outcome([&](auto& out, auto& err) { return run_unit_change(renamed, out, err); }).status == said_no);
}

TEST_CASE("a lost key is renewed at the machine: who has to enrol again is named, and it stands in the audit") {
  Registry const registry;
  for (auto const* const name : {"li", "wang"}) REQUIRE(registry.add(registry.options(name)).status == done);
  auto const renew = [&registry] {
    return outcome([&](auto& out, auto& err) { return run_key_renew({.data = registry.scratch.path()}, out, err); });
  };
  {
    auto const store = open_sqlite_store(registry.scratch.path());
    auto const li = (*store)->people().find_by_name("li").value();
    REQUIRE((*store)->people().put_second_factor(li.id, "JBSWY3DPEHPK3PXP"));
    REQUIRE((*store)->people().take_step(li.id, "JBSWY3DPEHPK3PXP", 1));
  }
  auto const kept = renew();
  CHECK(kept.status == done);
  CHECK(kept.out.find("secret.key") != std::string::npos);
  CHECK(kept.out.find("li 的第二因素") == std::string::npos);
  CHECK(registry.person("li").second_factor);

  fs::remove(registry.scratch.path() / data_key_file);
  auto const refused = registry.add(registry.options("zhang"));
  CHECK(refused.status == said_no);
  CHECK(refused.err.find("key_missing") != std::string::npos);
  auto const forgotten = renew();
  CHECK(forgotten.status == done);
  CHECK(forgotten.out.find("li 的第二因素") != std::string::npos);
  CHECK(forgotten.out.find("wang 的第二因素") == std::string::npos);
  CHECK_FALSE(registry.person("li").second_factor);
  auto const store = open_sqlite_store(registry.scratch.path());
  auto const rows = (*store)->audit().list({}).value().items;
  CHECK(rows.front().detail.at("what") == "key_renewed");
  CHECK(rows.front().detail.at("forgotten") == Json::array({"li"}));
  CHECK(renew().err.find("store_in_use") != std::string::npos);
}
