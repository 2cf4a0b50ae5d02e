// SPDX-License-Identifier: Apache-2.0
#include "engine/service/package_verify.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <optional>
#include <utility>

#include "engine/core/apply.hpp"
#include "engine/core/case_text.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"
#include "engine/core/stored_json.hpp"
#include "engine/service/case_package.hpp"
#include "engine/service/zip.hpp"
#include "engine/store/chain.hpp"
#include "engine/store/verify.hpp"

namespace bihuan {
namespace {

constexpr JsonLimits limits{.bytes = 256U * 1024U * 1024U};

struct File {
  std::int64_t size = 0;
  std::string sha256;
};

class Check {
 public:
  Check(ZipReader archive, std::vector<TreeHead> const& kept) : archive_(std::move(archive)), kept_(kept) {}

  PackageVerified run() {
    if (read_manifest()) {
      check_files();
      check_head();
      check_events();
      check_case();
    }
    return std::move(found_);
  }

 private:
  void fault(std::string what) { found_.faults.push_back(std::move(what)); }

  std::optional<OrderedJson> read(char const* name) {
    auto const text = archive_.read(name, limits.bytes);
    if (!text) {
      fault(std::string(name) + " is not there, damaged or too long");
      return std::nullopt;
    }
    auto parsed = parse_ordered_json(*text, limits);
    if (parsed) return std::move(*parsed);
    fault(std::string(name) + " is no JSON: " + parsed.error().front().text.en);
    return std::nullopt;
  }

  // What a reader complained of.
  void take(Refusals const& refusals, char const* name) {
    for (auto const& refusal : refusals) fault(std::string(name) + refusal.pointer + ": " + refusal.text.en);
  }

  bool read_manifest() {
    auto const manifest = read(package_manifest);
    if (!manifest) return false;
    Refusals faults;
    Reader reader(*manifest, {}, faults);
    auto const format = reader.integer_or("format", 0);
    found_.case_id = reader.text("case");
    found_.number = reader.text("number");
    revision_ = reader.integer_or("revision", 0);
    (void)reader.text("made");
    found_.complete = reader.boolean_or("complete", false);
    if (auto const* const json = reader.find("head")) {
      auto const head = head_from_json(*json, "/head");
      if (head)
        found_.head = *head;
      else
        append(faults, head.error());
    } else {
      reader.fault(Code::missing, "head", {{"name", "head"}});
    }
    reader.elements("files", [&](std::size_t, Reader& file) {
      auto const name = file.text("name");
      files_[name] = {.size = file.integer_or("size", -1), .sha256 = file.text("sha256")};
      file.finish();
    });
    auto const key = reader.text("key");
    auto const signature = reader.text("signature");
    reader.finish();
    take(faults, package_manifest);
    if (!faults.empty()) return false;
    if (format != package_format) {
      fault("the package is of another format: " + std::to_string(format));
      return false;
    }
    if (!is_signature(signature, package_signed_text(Json(*manifest)), key))
      fault("the signature of the package does not fit: it was altered");
    if (key != found_.head.key) fault("the package is signed by another key than the log");
    return true;
  }

  void check_files() {
    for (auto const& name : archive_.names())
      if (name != package_manifest && !files_.contains(name)) fault(name + ": a file that was put in later");
    for (auto const& [name, file] : files_) {
      auto const there = archive_.describe(name);
      if (!there)
        fault(name + ": the file is gone or damaged");
      else if (there->size != file.size || there->sha256 != file.sha256)
        fault(name + ": the file was altered");
    }
    for (auto const* const name : {package_case, package_history, package_page})
      if (!files_.contains(name)) fault(std::string(name) + ": the package does not name it");
  }

  void check_head() {
    if (!is_signed(found_.head)) fault("the signature of the log's head does not fit");
    for (auto const& kept : kept_) {
      if (!is_signed(kept)) fault("the head kept elsewhere is not signed by its key");
      if (kept.key != found_.head.key) fault("the log is signed by another key than the head kept elsewhere");
      bool const same = kept.number == found_.head.number || kept.size == found_.head.size;
      if (same && kept.number == found_.head.number && !(kept == found_.head))
        fault("seal " + std::to_string(kept.number) + " is not the one kept elsewhere");
      if (same && kept.size == found_.head.size && kept.root != found_.head.root)
        fault("the log is not the one that the head kept elsewhere was signed over");
    }
  }

  void check_events() {
    auto const history = read(package_history);
    if (!history) return;
    if (!history->is_array()) return fault(std::string(package_history) + " is no list");
    root_ = merkle_hash_of(found_.head.root);
    for (std::size_t place = 0; place < history->size(); ++place) check_event((*history)[place], place);
    found_.events = static_cast<std::int64_t>(events_.size());
    if (events_.size() != history->size()) complete_read_ = false;
  }

  void check_event(OrderedJson const& entry, std::size_t place) {
    auto const name = "event " + std::to_string(place + 1);
    Refusals faults;
    Reader reader(entry, pointer_to("", place), faults);
    auto const* const stored = reader.find("event");
    auto const hash = reader.text("hash");
    bool const whole = reader.boolean_or("whole", false);
    auto const leaf = reader.integer_or("leaf", -1);
    auto const path = reader.texts("path");
    reader.finish();
    take(faults, package_history);
    auto event = stored ? parse_event(Json(*stored)) : std::nullopt;
    if (!event) return fault(name + " is none");
    event->hash = hash;
    auto const where = name + " (revision " + std::to_string(event->revision) + ")";
    if (event->case_id != found_.case_id) fault(where + " is of another case");
    if (whole && hash_of(hashed_bytes(*event)) != hash) fault(where + " was altered: its hash does not fit");
    if (!whole && found_.complete) fault(where + " is not whole in a package that says it is complete");
    if (!events_.empty() &&
        std::pair(events_.back().revision, events_.back().index) >= std::pair(event->revision, event->index))
      fault(where + " does not come after the one before it");
    if (!is_under_head(hash, leaf, path)) fault(where + " is not shown to be in the log");
    events_.push_back(std::move(*event));
  }

  bool is_under_head(std::string const& hash, std::int64_t leaf, std::vector<std::string> const& path) {
    std::vector<MerkleHash> hashes;
    for (auto const& text : path) {
      auto const one = merkle_hash_of(text);
      if (!one) return false;
      hashes.push_back(*one);
    }
    return root_ && shows_inclusion(event_leaf(hash), leaf, found_.head.size, hashes, *root_);
  }

  void check_case() {
    auto const read_case = read(package_case);
    if (!read_case) return;
    Refusals faults;
    Reader reader(*read_case, {}, faults);
    if (reader.text("number") != found_.number) fault("case.json says another number than the package");
    auto const* const body = reader.find("case");
    reader.finish();
    take(faults, package_case);
    if (body == nullptr || !body->is_object()) return fault("case.json holds no case");
    check_documents(*body);
    if (found_.complete && complete_read_) check_replay(Json(*body));
  }

  // Of the rows that a case keeps of its documents the hash and the size come first and fourth.
  void check_documents(OrderedJson const& body) {
    auto const kinds = body.find("documents");
    if (kinds == body.end() || !kinds->is_object()) return fault("case.json does not say which documents there are");
    for (auto const& [kind, documents] : kinds->items()) {
      if (!documents.is_array()) return fault("case.json does not say which documents there are");
      for (auto const& document : documents) check_document(document);
    }
  }

  void check_document(OrderedJson const& document) {
    bool const known =
        document.is_array() && document.size() == 5 && document[0].is_string() && document[3].is_number_integer();
    if (!known) return fault("case.json has a document that is none");
    ++found_.documents;
    std::string const sha256 = document[0];
    bool const there = std::ranges::any_of(files_, [&](auto const& file) {
      return file.first.starts_with(package_documents + sha256) && file.second.sha256 == sha256 &&
             file.second.size == document[3];
    });
    if (!there) fault("the bytes of document " + sha256 + " are not in the package");
  }

  void check_replay(Json const& body) {
    if (events_.empty()) return fault("there are no events");
    try {
      auto const replayed = replay(events_);
      if (auto const broken = verify_case(replayed, events_))
        fault("revision " + std::to_string(broken->revision) + ": " + broken->what);
      if (*read_stored_json(case_text(replayed)) != body) fault("case.json is not what the events lead to");
      if (replayed.revision != revision_) fault("the end of the history is missing");
    } catch (std::exception const& wrong) {
      fault(std::string("the events cannot be replayed: ") + wrong.what());
    }
  }

  ZipReader archive_;
  std::vector<TreeHead> const& kept_;
  PackageVerified found_;
  std::int64_t revision_ = 0;
  std::map<std::string, File> files_;
  std::optional<MerkleHash> root_;
  std::vector<Event> events_;
  bool complete_read_ = true;  // every event of the file is one
};

}  // namespace

PackageVerified verify_package(std::filesystem::path const& file, std::vector<TreeHead> const& kept) {
  auto archive = ZipReader::open(file);
  if (!archive) {
    PackageVerified none;
    none.faults.emplace_back("this is no case package");
    return none;
  }
  return Check(std::move(*archive), kept).run();
}

}  // namespace bihuan
