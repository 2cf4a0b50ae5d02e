// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/service/fixture.hpp"

using namespace bihuan;

namespace {

void copy_shipped(std::filesystem::path const& to) {
  std::filesystem::copy(shipped_workflows(), to, std::filesystem::copy_options::recursive);
}

void edit(std::filesystem::path const& file, std::function<void(OrderedJson&)> const& change) {
  auto document = *read_json_file(file);
  change(document);
  std::ofstream(file) << document.dump(2);
}

}  // namespace

TEST_CASE("the shipped workflows load together") {
  auto const library = load_library();
  REQUIRE(library.current("inspection-issue") != nullptr);
  REQUIRE(library.current("criminal-referral") != nullptr);
  CHECK(library.current("inspection-issue")->hash.size() == 64);
  CHECK(library.current("nothing") == nullptr);
  CHECK(library.organisation().find("seeb") != nullptr);
}

TEST_CASE("faults of several files are named by file and pointer") {
  TemporaryDirectory directory;
  auto const workflows = directory.path() / "workflows";
  copy_shipped(workflows);
  edit(workflows / "inspection-issue.json", [](OrderedJson& d) { d["initial"] = "nowhere"; });
  std::ofstream(workflows / "criminal-referral.json") << "{\"id\": ";
  auto const library = Library::load(workflows);
  REQUIRE_FALSE(library.has_value());
  auto const names = [&](Code code, std::string const& pointer) {
    return std::any_of(library.error().begin(), library.error().end(),
                       [&](Refusal const& fault) { return fault.code == code && fault.pointer == pointer; });
  };
  CHECK(names(Code::unknown_reference, "inspection-issue.json#/initial"));
  CHECK(names(Code::malformed_json, "criminal-referral.json#"));
}

TEST_CASE("a version that cases use may not change, an unused one may, and an old one keeps governing its cases") {
  TemporaryDirectory directory;
  auto const workflows = directory.path() / "workflows";
  copy_shipped(workflows);
  auto const store = open_store(directory.path() / "data");
  auto const retitle = [](OrderedJson& d) { d["title"]["en"] = "Another title"; };
  {
    auto library = load_library(workflows);
    REQUIRE(library.reconcile(*store).has_value());
  }
  edit(workflows / "inspection-issue.json", retitle);
  auto library = load_library(workflows);
  REQUIRE(library.reconcile(*store).has_value());

  Instant const now = *parse_instant("2026-11-02T09:00:00+08:00");
  CaseService service(*store, library, [=] { return now; });
  auto const* const definition = library.current("inspection-issue");
  OpenCaseRequest request;
  request.workflow = definition->id;
  request.fields = Json(definition->example.at("fields"));
  auto const opened = service.open(request, person("in", "yudong", {"inspector"}));
  REQUIRE(opened.has_value());

  edit(workflows / "inspection-issue.json", [](OrderedJson& d) { d["title"]["en"] = "Changed under a case"; });
  auto changed = load_library(workflows);
  auto const refused = changed.reconcile(*store);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().front().code == Code::version_changed);

  auto const version = definition->version;
  edit(workflows / "inspection-issue.json", [](OrderedJson& d) { d["version"] = "99"; });
  auto newer = load_library(workflows);
  REQUIRE(newer.reconcile(*store).has_value());
  CHECK(newer.current("inspection-issue")->version == "99");
  REQUIRE(newer.find("inspection-issue", version) != nullptr);
  CHECK(newer.find("inspection-issue", version)->title.en == "Another title");
}
