// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/check.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>

#include "engine/store/audit_chain.hpp"
#include "engine/store/digest.hpp"
#include "engine/store/verify.hpp"

namespace bihuan::crash {
namespace {

struct Place {
  std::string case_id;
  std::int64_t revision = 0;

  auto operator<=>(Place const&) const = default;
};

class Check {
 public:
  explicit Check(Store& store) : store_(store) {}

  Found run(std::vector<Asked> const& asked, std::vector<Uploaded> const& uploaded) {
    by_verify();
    read();
    for (auto const& one : asked) step(one);
    for (auto const& bytes : uploaded) {
      if (store_.attachments().find_upload(bytes.sha256, bytes.person))
        documents_.insert(bytes.sha256);
      else
        found_.gone.push_back("upload " + bytes.sha256 + " was acknowledged and is gone");
    }
    for (auto const& [id, subject] : cases_) links(subject);
    for (auto const& sha256 : documents_) bytes_of(sha256);
    return std::move(found_);
  }

 private:
  void fault(std::string what) { found_.faults.push_back(std::move(what)); }

  void by_verify() {
    auto const cases = verify(store_.cases());
    found_.cases = cases.cases;
    found_.events = cases.events;
    for (auto const& wrong : cases.faults)
      fault("verify: " + wrong.case_id + " " + std::to_string(wrong.revision) + ": " + wrong.what);
    for (auto const& wrong : verify(store_.audit()).faults)
      fault("verify: audit " + std::to_string(wrong.sequence) + ": " + wrong.what);
  }

  void read() {
    store_.cases().for_each([this](Case const& subject, std::vector<Event> const& events) {
      for (auto const& event : events) {
        auto const comment = event.body.find("comment");
        if (comment == event.body.end()) continue;
        auto const& token = comment->get_ref<std::string const&>();
        if (!token.empty()) places_[token].push_back({event.case_id, event.revision});
      }
      for (auto const& [kind, documents] : subject.documents)
        for (auto const& document : documents) documents_.insert(document.sha256);
      cases_.emplace(subject.id, subject);
    });
  }

  void step(Asked const& asked) {
    auto const at = places_.find(asked.token);
    auto const count = at == places_.end() ? 0 : at->second.size();
    auto const name = "step " + asked.token + " of " + asked.person;
    if (asked.acknowledged && count == 0) found_.gone.push_back(name + " was acknowledged and is gone");
    if (count > 1) return fault(name + " is there " + std::to_string(count) + " times");
    auto const key = store_.cases().remembered(asked.person, asked.token);
    if (key.has_value() != (count == 1)) return fault(name + ": the key and the events do not go together");
    if (count == 0) return;
    auto const& place = at->second.front();
    if (Place{key->case_id, key->revision} != place) fault(name + ": its key remembers another place");
    if (asked.revision != place.revision) fault(name + " made revision " + std::to_string(place.revision));
    if (!asked.case_id.empty() && asked.case_id != place.case_id) fault(name + " is in another case");
    if (!asked.acknowledged) ++found_.unacknowledged;
  }

  // Both ends were written by one append, so neither is there without the other.
  void links(Case const& subject) {
    for (auto const& link : subject.links) {
      auto const other = cases_.find(link.other);
      if (other == cases_.end()) {
        fault("case " + subject.id + " is linked to " + link.other + ", which is not there");
        continue;
      }
      auto const& back = other->second.links;
      bool const known = std::any_of(back.begin(), back.end(), [&](Link const& one) {
        return one.other == subject.id && one.name == link.name && one.outward != link.outward;
      });
      if (!known) fault("case " + link.other + " does not know of its link with " + subject.id);
      if (link.outward && (link.state != other->second.state || link.final != other->second.final))
        fault("case " + subject.id + " takes " + link.other + " to be in state " + link.state);
    }
  }

  void bytes_of(std::string const& sha256) {
    Digest digest;
    std::array<char, 64 * 1024> piece{};
    std::int64_t offset = 0;
    for (std::size_t size = 0; (size = store_.attachments().read(sha256, offset, piece)) > 0;
         offset += static_cast<std::int64_t>(size))
      digest.update({piece.data(), size});
    if (digest.finish() != sha256) fault("the bytes of " + sha256 + " are not those");
  }

  Store& store_;
  Found found_;
  std::map<std::string, std::vector<Place>> places_;
  std::map<std::string, Case> cases_;
  std::set<std::string> documents_;
};

}  // namespace

Found check_store(Store& store, std::vector<Asked> const& asked, std::vector<Uploaded> const& uploaded) {
  return Check(store).run(asked, uploaded);
}

}  // namespace bihuan::crash
