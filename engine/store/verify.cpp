// SPDX-License-Identifier: Apache-2.0
#include "engine/store/verify.hpp"

#include <algorithm>
#include <charconv>
#include <exception>
#include <map>
#include <set>

#include "engine/core/apply.hpp"
#include "engine/core/case_text.hpp"
#include "engine/core/stored_json.hpp"
#include "engine/store/chain.hpp"

namespace bihuan {
namespace {

// The first event that does not follow the one before: within a revision places count from 0, revisions
// from 1.
std::optional<std::size_t> gap(std::vector<Event> const& events) {
  std::int64_t revision = 0;
  int place = 0;
  for (std::size_t at = 0; at < events.size(); ++at) {
    Event const& event = events[at];
    bool const goes_on = event.revision == revision && event.index == place + 1;
    bool const begins = event.revision == revision + 1 && event.index == 0;
    if (!goes_on && !begins) {
      return at;
    }
    revision = event.revision;
    place = event.index;
  }
  return std::nullopt;
}

std::string difference(Case const& stored, Case const& replayed) {
  if (stored.number != replayed.number) {
    return "number";
  }
  auto const left = *read_stored_json(case_text(stored));
  auto const right = *read_stored_json(case_text(replayed));
  std::string names;
  auto const add = [&](std::string const& name) { names += (names.empty() ? "" : ", ") + name; };
  for (auto const& [name, value] : left.items()) {
    if (auto const found = right.find(name); found == right.end() || *found != value) add(name);
  }
  for (auto const& [name, value] : right.items()) {
    if (!left.contains(name)) add(name);
  }
  return names;
}

class Numbers {
 public:
  // False when it has not the form SCOPE-SERIAL.
  bool add(std::string_view number) {
    auto const dash = number.rfind('-');
    if (dash == std::string_view::npos) {
      return false;
    }
    auto const digits = number.substr(dash + 1);
    std::int64_t serial = 0;
    auto const [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), serial);
    if (fault != std::errc() || end != digits.data() + digits.size() || serial < 1) {
      return false;
    }
    by_scope_[std::string(number.substr(0, dash))].push_back(serial);
    return true;
  }

  void report(std::vector<VerifyFault>& faults) {
    for (auto& [scope, serials] : by_scope_) {
      std::sort(serials.begin(), serials.end());
      std::int64_t expected = 1;
      for (std::int64_t const serial : serials) {
        if (serial != expected) {
          faults.push_back({{},
                            0,
                            "number " + scope + "-" + std::to_string(serial) + " stands where " +
                                std::to_string(expected) + " is expected: a case is gone, or was given twice"});
          break;
        }
        ++expected;
      }
    }
  }

 private:
  std::map<std::string, std::vector<std::int64_t>> by_scope_;
};

std::string hash_of_bytes(AttachmentStore& store, std::string const& sha256) {
  Digest digest;
  std::vector<char> piece(256 * 1024);
  std::int64_t offset = 0;
  for (std::size_t size = 0; (size = store.read(sha256, offset, piece)) > 0; offset += static_cast<std::int64_t>(size))
    digest.update({piece.data(), size});
  return digest.finish();
}

}  // namespace

std::optional<VerifyFault> verify_case(Case const& stored, std::vector<Event> const& events, HashAlgorithm algorithm) {
  if (events.empty()) {
    return VerifyFault{stored.id, 0, "the case has no events"};
  }
  auto const foreign =
      std::find_if(events.begin(), events.end(), [&](Event const& event) { return event.case_id != stored.id; });
  if (foreign != events.end()) {
    return VerifyFault{stored.id, foreign->revision, "an event of another case"};
  }
  if (auto const at = broken_link(events, algorithm)) {
    return VerifyFault{stored.id, events[*at].revision,
                       "event " + std::to_string(events[*at].index) + " was altered, or the one before it is gone"};
  }
  if (auto const at = gap(events)) {
    return VerifyFault{stored.id, events[*at].revision, "the revisions are not consecutive"};
  }
  try {
    auto const replayed = replay(events);
    if (!(replayed == stored)) {
      return VerifyFault{stored.id, stored.revision,
                         "the row differs from its events: " + difference(stored, replayed)};
    }
  } catch (std::exception const& fault) {
    // Whoever forges a history can chain it as well; what it says need not make sense.
    return VerifyFault{stored.id, stored.revision, std::string("the events cannot be replayed: ") + fault.what()};
  }
  return std::nullopt;
}

Verified verify(CaseStore& store, HashAlgorithm algorithm) {
  Verified verified;
  Numbers numbers;
  store.for_each([&](Case const& stored, std::vector<Event> const& events) {
    ++verified.cases;
    verified.events += static_cast<std::int64_t>(events.size());
    if (auto fault = verify_case(stored, events, algorithm)) {
      verified.faults.push_back(std::move(*fault));
    }
    if (!numbers.add(stored.number)) {
      verified.faults.push_back({stored.id, 0, "the number has no serial"});
    }
  });
  numbers.report(verified.faults);
  for (VerifyFault& fault : store.verify_rows()) {
    verified.faults.push_back(std::move(fault));
  }
  return verified;
}

std::vector<VerifyFault> verify_documents(Store& store, Bytes bytes) {
  std::vector<VerifyFault> faults;
  std::set<std::string> seen;  // many cases may carry the same
  auto& attachments = store.attachments();
  store.cases().for_each([&](Case const& subject, std::vector<Event> const&) {
    for (auto const& [kind, documents] : subject.documents) {
      for (auto const& document : documents) {
        if (!seen.insert(document.sha256).second) continue;
        auto const kept = attachments.find_upload(document.sha256, {});
        if (!kept || kept->size != document.size)
          faults.push_back({subject.id, document.revision, "the bytes of document " + document.sha256 + " are gone"});
        else if (bytes == Bytes::read && hash_of_bytes(attachments, document.sha256) != document.sha256)
          faults.push_back({subject.id, document.revision, "the bytes of document " + document.sha256 + " are others"});
      }
    }
  });
  return faults;
}

}  // namespace bihuan
