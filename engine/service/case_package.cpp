// SPDX-License-Identifier: Apache-2.0
#include "engine/service/case_package.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/core/apply.hpp"
#include "engine/core/case_text.hpp"
#include "engine/core/message.hpp"
#include "engine/core/stored_json.hpp"
#include "engine/service/package_page.hpp"
#include "engine/service/zip.hpp"
#include "engine/store/chain.hpp"
#include "engine/store/digest.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan {
namespace {

constexpr int most_attempts = 5;

// The case and its history at one moment.
struct Taken {
  Case subject;  // as it is, but for hidden links
  std::vector<Event> seen;
  std::vector<Event> stored;

  [[nodiscard]] bool is_whole(Event const& event) const {
    auto const same = [&](Event const& other) {
      return other.revision == event.revision && other.index == event.index;
    };
    auto const found = std::ranges::find_if(stored, same);
    return found != stored.end() && hashed_bytes(*found) == hashed_bytes(event);
  }
  [[nodiscard]] bool is_complete() const {
    return seen.size() == stored.size() &&
           std::ranges::all_of(seen, [&](Event const& event) { return is_whole(event); });
  }
};

// The case as its events make it, for a reader from whom nothing is hidden.
Case replayed(Taken const& taken) {
  auto subject = replay(taken.stored);
  subject.number = taken.subject.number;
  return subject;
}

Result<Taken> take(std::string const& id, Actor const& actor, CaseService& cases) {
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    auto subject = cases.find(id, actor);
    if (!subject) return refused(subject.error());
    auto seen = cases.history_to_prove(id, actor);
    if (!seen) return refused(seen.error());
    auto stored = cases.store().cases().history(id);
    // Read in this order, nothing came between when the last is no newer than the first.
    if (stored.back().revision == subject->revision)
      return Taken{.subject = std::move(*subject), .seen = std::move(*seen), .stored = std::move(stored)};
  }
  return refused(refusal(Code::busy, {}));
}

Json history_of(Taken const& taken, CaseProofs const& proofs) {
  std::map<std::pair<std::int64_t, int>, EventProof const*> by_place;
  for (auto const& proof : proofs.events) by_place[{proof.revision, proof.index}] = &proof;
  auto events = Json::array();
  for (auto const& event : taken.seen) {
    auto const found = by_place.find({event.revision, event.index});
    if (found == by_place.end()) throw StoreFault("an event is not in the log of events");
    auto const proof = proof_to_json(*found->second);
    events.push_back({{"event", event_to_json(event)},
                      {"hash", event.hash},
                      {"whole", taken.is_whole(event)},
                      {"leaf", proof.at("leaf")},
                      {"path", proof.at("path")}});
  }
  return events;
}

// Not by what steps it came there, where some of them are hidden, nor which.
Json body_of(Case const& subject, bool complete) {
  auto body = *read_stored_json(case_text(subject));
  if (complete) return body;
  for (auto const* const name : {"visits", "last", "last_transition", "veiled"}) body.erase(name);
  return body;
}

// The bytes of an entry, and the line of the manifest about it.
class Contents {
 public:
  Contents(std::filesystem::path const& file, Instant made) : archive_(file, made) {}

  void add(std::string const& name, std::string text) {
    list(name, static_cast<std::int64_t>(text.size()), hash_of(text));
    archive_.add(name, std::move(text));
  }
  void add(Document const& document, AttachmentStore& store) {
    auto const name = package_documents + document_file(document);
    if (std::ranges::any_of(files_, [&](Json const& file) { return file.at("name") == name; })) return;
    list(name, document.size, document.sha256);
    archive_.add(name, document.size,
                 [sha256 = document.sha256, &store, offset = std::int64_t{0}](std::span<char> into) mutable {
                   auto const size = store.read(sha256, offset, into);
                   offset += static_cast<std::int64_t>(size);
                   return size;
                 });
  }
  [[nodiscard]] Json const& files() const { return files_; }
  void finish(std::string manifest) {
    archive_.add(package_manifest, std::move(manifest));
    archive_.finish();
  }

 private:
  void list(std::string const& name, std::int64_t size, std::string const& sha256) {
    files_.push_back({{"name", name}, {"size", size}, {"sha256", sha256}});
  }

  ZipWriter archive_;
  Json files_ = Json::array();
};

}  // namespace

std::string package_signed_text(Json manifest) {
  manifest.erase("signature");
  return "bihuan case package\n" + canonical(manifest);
}

Result<PackageAbout> write_package(std::filesystem::path const& file, std::string const& case_id, Actor const& actor,
                                   CaseService& cases, Sealer& sealer) {
  auto const taken = take(case_id, actor, cases);
  if (!taken) return refused(taken.error());
  auto const proofs = sealer.prove(case_id);
  bool const complete = taken->is_complete();
  auto const shown = cases.shown(taken->subject, actor);
  auto const subject = complete ? replayed(*taken) : shown;
  auto const made = cases.now();
  Contents contents(file, made);
  contents.add(
      package_page,
      page_of_package({.shown = shown, .events = taken->seen, .head = proofs.head, .made = made, .complete = complete},
                      cases.library()));
  contents.add(package_case, canonical({{"number", subject.number}, {"case", body_of(subject, complete)}}));
  contents.add(package_history, canonical(history_of(*taken, proofs)));
  for (auto const& [kind, documents] : shown.documents)
    for (auto const& document : documents) contents.add(document, cases.store().attachments());
  Json manifest{{"format", package_format},          {"case", case_id},           {"number", subject.number},
                {"revision", subject.revision},      {"made", format_utc(made)},  {"complete", complete},
                {"head", head_to_json(proofs.head)}, {"files", contents.files()}, {"key", sealer.public_key()}};
  manifest["signature"] = sealer.sign(package_signed_text(manifest));
  contents.finish(canonical(manifest));
  return PackageAbout{.number = subject.number, .revision = subject.revision};
}

}  // namespace bihuan
