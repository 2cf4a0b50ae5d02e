// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/fault_worker.hpp"

#include <exception>
#include <utility>

#include "engine/core/message.hpp"
#include "engine/store/digest.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan::crash {
namespace {

constexpr std::size_t most_cases = 6;
constexpr std::size_t largest_upload = 300'000;  // two chunks

std::string in_words(Refusals const& refusals) {
  return std::string(code_name(refusals.front().code));
}

}  // namespace

std::size_t FaultWorker::pick(std::size_t count) {
  return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
}

std::string FaultWorker::next_token() {
  return name_ + "-" + std::to_string(++tokens_);
}

void FaultWorker::look_again() {
  for (auto& own : cases_) own.sure = false;
}

bool FaultWorker::work(Store& store) {
  try {
    do_one(store);
    return true;
  } catch (StoreFault const&) {
    ++refused_;
  } catch (std::exception const& other) {
    faults_.push_back(std::string("not a fault of the store: ") + other.what());
  }
  return false;
}

void FaultWorker::do_one(Store& store) {
  auto const token = next_token();
  auto const what = pick(16);
  if (cases_.empty() || (what == 0 && cases_.size() < most_cases)) {
    cases_.push_back({.story = Story("case-" + token)});
    auto& own = cases_.back();
    return step(store, own, token, own.story.open(token));
  }
  if (what == 1) return upload(store);
  if (what == 2) return audit(store);
  auto& own = cases_[pick(cases_.size())];
  if (!own.sure) look(store, own);
  if (own.story.revision() == 0) return step(store, own, token, own.story.open(token));
  if (what < 5) return read(store, own);
  if (what == 5) return step(store, own, token, own.story.go_and_open(token, "case-" + token));
  std::optional<std::string> document;
  if (what == 6 && !uploaded_.empty()) document = uploaded_[pick(uploaded_.size())].sha256;
  step(store, own, token, own.story.go(token, document));
}

void FaultWorker::step(Store& store, Case& own, std::string const& token, Append append) {
  asked_.push_back(
      {.token = token, .person = teller, .case_id = own.story.id(), .revision = own.story.told_revision()});
  own.sure = false;
  auto const done = store.cases().append(std::move(append));
  own.sure = true;
  if (done) {
    asked_.back().acknowledged = true;
    return own.story.took();
  }
  own.story.did_not_take();
  if (done.error().front().code != Code::busy)
    faults_.push_back("step " + token + " was refused with " + in_words(done.error()));
}

// After a fault a step is there or is not.
void FaultWorker::look(Store& store, Case& own) {
  auto found = store.cases().find(own.story.id(), Visibility::of_everything());
  auto const revision = found ? found->revision : 0;
  if (revision != own.story.revision() && revision != own.story.told_revision())
    faults_.push_back("case " + own.story.id() + " stands at revision " + std::to_string(revision));
  own.story.stands(found ? std::move(*found) : bihuan::Case{});
  own.sure = true;
}

void FaultWorker::read(Store& store, Case const& own) {
  auto const found = store.cases().find(own.story.id(), Visibility::of_everything());
  auto const events = store.cases().history(own.story.id());
  if (!found || found->revision != own.story.revision() || events.empty() ||
      events.back().revision != own.story.revision())
    faults_.push_back("case " + own.story.id() + " is read otherwise than it was written");
}

void FaultWorker::upload(Store& store) {
  std::string bytes(1 + pick(pick(4) == 0 ? largest_upload : 3000), ' ');
  bytes.replace(0, sizeof(std::uint64_t), std::to_string(random_()));
  auto const expected = hash_of(bytes);
  auto const kept = store.attachments().put("现场.jpg", "image/jpeg", teller, source_of(std::move(bytes)));
  if (kept.sha256 != expected) faults_.push_back("an upload was kept as " + kept.sha256);
  uploaded_.push_back({.sha256 = expected, .person = teller});
}

void FaultWorker::audit(Store& store) {
  auto const token = next_token();
  AuditEvent event;
  event.person = teller;
  event.detail = {{"token", token}};
  auto const kept = store.audit().append({event});
  if (kept)
    audited_.push_back(token);
  else if (kept.error().front().code != Code::busy)
    faults_.push_back("the audit refused with " + in_words(kept.error()));
}

}  // namespace bihuan::crash
