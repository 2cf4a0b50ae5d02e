// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <map>

#include "engine/service/case_package.hpp"
#include "engine/service/package_verify.hpp"
#include "engine/service/zip.hpp"
#include "engine/store/data_key.hpp"
#include "tests/service/sealed_office.hpp"

using namespace bihuan;

namespace {

using Files = std::map<std::string, std::string>;

struct PackageOffice : SealedOffice {
  std::filesystem::path file = directory.path() / "case.zip";
  std::string id = open_case();

  PackageOffice() {
    comment(id, "现场复查，<b>仍有</b>臭味");
    attach("现场.pdf", std::string(200'000, 'p'));
  }

  void attach(std::string const& name, std::string const& bytes) {
    ActionRequest request;
    request.case_id = id;
    request.action = "attach";
    request.documents["site-photo"] = {store->attachments().put(name, "image/jpeg", "in", source_of(bytes)).sha256};
    REQUIRE(service.act(request, inspector()).has_value());
  }
  PackageAbout write(Actor const& actor) {
    auto about = write_package(file, id, actor, service, sealer);
    REQUIRE(about.has_value());
    return *about;
  }
  [[nodiscard]] Files files() const {
    auto const archive = ZipReader::open(file);
    REQUIRE(archive.has_value());
    Files all;
    for (auto const& name : archive->names()) all[name] = archive->read(name, 1U << 24U).value();
    return all;
  }
  // The package with something changed in it.
  [[nodiscard]] PackageVerified changed(std::function<void(Files&)> const& change) const {
    auto all = files();
    change(all);
    auto const other = directory.path() / "changed.zip";
    ZipWriter archive(other, now);
    for (auto const& [name, bytes] : all) archive.add(name, bytes);
    archive.finish();
    return verify_package(other);
  }
};

// Who may know of every step of an issue.
Actor coordinator() {
  return person("co", "inspection-office", {"supervisor"});
}

bool names(PackageVerified const& found, std::string const& text) {
  for (auto const& fault : found.faults) {
    if (fault.find(text) != std::string::npos) return true;
  }
  for (auto const& fault : found.faults) MESSAGE(fault);
  return false;
}

// As somebody would who knows the form but has another key.
void sign_anew(Files& files, DataKey const& key, bool with_head) {
  auto manifest = Json::parse(files.at(package_manifest));
  for (auto& file : manifest["files"]) {
    auto const& bytes = files.at(file["name"]);
    file["size"] = bytes.size();
    file["sha256"] = hash_of(bytes);
  }
  manifest["key"] = key.public_key();
  if (with_head) {
    auto head = head_from_json(OrderedJson(manifest["head"])).value();
    head.key = key.public_key();
    head.signature = key.sign(signed_text(head));
    manifest["head"] = head_to_json(head);
  }
  manifest["signature"] = key.sign(package_signed_text(manifest));
  files[package_manifest] = canonical(manifest);
}

void reword(Files& files) {
  auto& history = files.at(package_history);
  auto const at = history.find("现场复查");
  REQUIRE(at != std::string::npos);
  history.replace(at, std::string("现场").size(), "昨日");
}

}  // namespace

TEST_CASE("a case taken along is whole in itself: case, history, documents, proofs, and a page to read it by") {
  PackageOffice office;
  auto const about = office.write(coordinator());
  auto const subject = office.store->cases().find(office.id, Visibility::of_everything());
  CHECK(about.number == subject->number);
  CHECK(about.revision == subject->revision);
  auto const found = verify_package(office.file, {office.sealer.newest().value()});
  for (auto const& fault : found.faults) MESSAGE(fault);
  CHECK(found.faults.empty());
  CHECK(found.complete);
  CHECK(found.number == subject->number);
  CHECK(found.events == static_cast<std::int64_t>(office.store->cases().history(office.id).size()));
  CHECK(found.documents == 1);
  auto const files = office.files();
  CHECK(files.at("documents/" + subject->documents.at("site-photo").front().sha256 + ".pdf").size() == 200'000);
  auto const& page = files.at(package_page);
  CHECK(page.find(subject->number) != std::string::npos);
  CHECK(page.find("现场.pdf") != std::string::npos);
  CHECK(page.find("&lt;b&gt;仍有&lt;/b&gt;臭味") != std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
}

TEST_CASE("whatever is changed in a package is named") {
  PackageOffice office;
  office.write(coordinator());
  CHECK(office.changed([](Files&) {}).faults.empty());
  CHECK(names(office.changed(reword), "history.json: the file was altered"));
  CHECK(names(office.changed(reword), "its hash does not fit"));
  for (auto const& [name, bytes] : office.files()) {
    CAPTURE(name);
    auto const without = office.changed([&](Files& files) { files.erase(name); });
    CHECK(names(without, name));
    auto const longer = office.changed([&](Files& files) { files[name] += " "; });
    CHECK((name == package_manifest || names(longer, name + ": the file was altered")));
  }
  CHECK(names(office.changed([](Files& files) { files["more.txt"] = "x"; }), "more.txt: a file that was put in later"));
  auto const of_manifest = [&](std::function<void(Json&)> const& change) {
    return office.changed([&](Files& files) {
      auto manifest = Json::parse(files.at(package_manifest));
      change(manifest);
      files[package_manifest] = canonical(manifest);
    });
  };
  for (auto const* const member : {"number", "made", "case"})
    CHECK(names(of_manifest([&](Json& manifest) { manifest[member] = "x"; }), "it was altered"));
  CHECK(names(of_manifest([](Json& manifest) { manifest["complete"] = false; }), "it was altered"));
  CHECK(names(of_manifest([](Json& manifest) { manifest["head"]["size"] = 1'000'000; }), "head does not fit"));
  CHECK(names(of_manifest([](Json& manifest) { manifest.erase("head"); }), "package.json/head"));
}

TEST_CASE("somebody with another key makes no package that stands against a head kept elsewhere") {
  PackageOffice office;
  office.write(coordinator());
  auto const kept = office.sealer.newest().value();
  TemporaryDirectory elsewhere;
  auto const key = DataKey::make(elsewhere.path() / "secret.key", false);
  auto const forged = [&](bool with_head) {
    return office.changed([&](Files& files) {
      reword(files);
      sign_anew(files, key, with_head);
    });
  };
  CHECK(names(forged(false), "signed by another key than the log"));
  CHECK(names(forged(true), "its hash does not fit"));
  // Everything right in itself but the key.
  (void)office.changed([&](Files& files) { sign_anew(files, key, true); });
  CHECK(verify_package(office.directory.path() / "changed.zip").faults.empty());
  CHECK(names(verify_package(office.directory.path() / "changed.zip", {kept}), "another key than the head kept"));
}

TEST_CASE("an event left out, moved or taken from another case is named though its hash fits") {
  PackageOffice office;
  office.write(coordinator());
  auto const key = DataKey::read(office.directory.path() / data_key_file).value();
  auto const of_history = [&](std::function<void(Json&)> const& change) {
    return office.changed([&](Files& files) {
      auto history = Json::parse(files.at(package_history));
      change(history);
      files[package_history] = canonical(history);
      sign_anew(files, key, false);
    });
  };
  CHECK(of_history([](Json&) {}).faults.empty());
  CHECK(names(of_history([](Json& history) { history.erase(1); }), "revision"));
  CHECK(names(of_history([](Json& history) { history.erase(history.size() - 1); }), "not what the events lead to"));
  CHECK(names(of_history([](Json& history) { std::swap(history[0], history[1]); }), "does not come after"));
  CHECK(
      names(of_history([](Json& history) { history[0]["leaf"] = history[1]["leaf"]; }), "not shown to be in the log"));
  CHECK(
      names(of_history([](Json& history) { history[0]["path"] = Json::array({"x"}); }), "not shown to be in the log"));
  CHECK(names(of_history([](Json& history) { history[0]["event"]["type"] = "imagined"; }), "event 1 is none"));
  CHECK(names(of_history([](Json& history) { history[0]["whole"] = false; }), "not whole"));
  CHECK(names(of_history([](Json& history) { history = 7; }), "no list"));
}

TEST_CASE("a package is for who may know of every step") {
  PackageOffice office;
  auto const* const definition = office.library.current("inspection-issue");
  OpenCaseRequest request;
  request.workflow = definition->id;
  request.fields = Json(definition->example.at("fields"));
  request.fields["reporter_contact"] = "13800001234";
  office.id = office.service.open(request, office.inspector())->subject.id;
  office.write(coordinator());
  CHECK(verify_package(office.file).complete);
  CHECK(office.files().at(package_history).find("13800001234") != std::string::npos);
  // Whether a step that is kept from them was taken or not.
  auto const leader = person("le", "district-government", {"district_leader"});
  auto const kept = write_package(office.file, office.id, leader, office.service, office.sealer);
  REQUIRE_FALSE(kept.has_value());
  CHECK(kept.error().front().code == Code::proofs_kept);
  CHECK_FALSE(write_package(office.file, office.id, person("x", "water", {"handler"}), office.service, office.sealer));
}

TEST_CASE("what is no package is said to be none") {
  TemporaryDirectory directory;
  auto const file = directory.path() / "file";
  for (auto const& bytes : {std::string(), std::string("PK\3\4"), std::string(1000, 'x')}) {
    std::ofstream(file, std::ios::binary) << bytes;
    CHECK(names(verify_package(file), "no case package"));
  }
  CHECK(names(verify_package(directory.path() / "none"), "no case package"));
  PackageOffice office;
  office.write(coordinator());
  auto const size = std::filesystem::file_size(office.file);
  for (auto const part : {size / 2, size - 1}) {
    std::filesystem::resize_file(office.file, part);
    CHECK_FALSE(verify_package(office.file).faults.empty());
  }
}
