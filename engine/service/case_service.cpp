// SPDX-License-Identifier: Apache-2.0
#include "engine/service/case_service.hpp"

#include <sodium.h>

#include <algorithm>
#include <set>
#include <span>

#include "engine/core/apply.hpp"
#include "engine/core/four_eyes.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reckoning.hpp"
#include "engine/service/substitutes.hpp"
#include "engine/service/work.hpp"

namespace bihuan {
namespace {

constexpr int most_attempts = 4;  // the first and three more
constexpr std::size_t most_documents = 100;

bool is_sha256(std::string const& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool refused_with(Refusals const& refusals, Code code) {
  return !refusals.empty() && refusals.front().code == code;
}

}  // namespace

std::string make_id(Instant now) {
  std::array<unsigned char, 16> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  auto milliseconds = static_cast<std::uint64_t>(now.time_since_epoch().count()) * 1000 + bytes[6] * 1000U / 256;
  for (std::size_t i = 6; i-- > 0; milliseconds >>= 8) bytes[i] = static_cast<unsigned char>(milliseconds & 0xFF);
  bytes[6] = static_cast<unsigned char>(0x70 | (bytes[7] & 0x0F));
  bytes[8] = static_cast<unsigned char>(0x80 | (bytes[8] & 0x3F));
  static constexpr char hex[] = "0123456789abcdef";
  std::string id;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) id += '-';
    id += hex[bytes[i] >> 4];
    id += hex[bytes[i] & 0x0F];
  }
  return id;
}

CaseService::CaseService(Store& store, Library const& library, Clock clock, IdMaker make_id)
    : store_(store), library_(library), clock_(std::move(clock)), make_id_(std::move(make_id)) {}

Visibility CaseService::visibility(Actor const& actor) const {
  return visibility_of(actor, library_.current_definitions(), library_.organisation());
}

Circumstances CaseService::circumstances(Definition const& definition, Instant now) const {
  return {definition, library_.calendar_of(definition), library_.organisation(), now};
}

Result<std::map<std::string, std::vector<Document>>> CaseService::resolve(
    std::map<std::string, std::vector<std::string>> const& documents, Actor const& actor) {
  std::map<std::string, std::vector<Document>> resolved;
  Refusals faults;
  std::size_t count = 0;
  for (auto const& [kind, hashes] : documents) {
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      auto const pointer = pointer_to(pointer_to("/documents", kind), i);
      if (++count > most_documents)
        return refused(refusal(Code::too_large, "/documents", {{"limit", std::to_string(most_documents)}}));
      std::optional<Attachment> found;
      if (is_sha256(hashes[i])) {
        found = store_.attachments().find_upload(hashes[i], actor.person);
        if (!found) found = store_.attachments().find_in_cases(hashes[i], visibility(actor));
      }
      if (found)
        resolved[kind].push_back({found->sha256, found->name, found->type, found->size, 0});
      else
        faults.push_back(refusal(Code::document_unknown, pointer, {{"name", hashes[i].substr(0, 64)}}));
    }
  }
  if (!faults.empty()) return refused(std::move(faults));
  return resolved;
}

Refusals CaseService::check_references(Definition const& definition, Json const& fields, std::string const& base,
                                       Actor const& actor) {
  Refusals faults;
  if (!fields.is_object()) return faults;
  for (auto const& field : definition.fields) {
    auto const value = fields.find(field.id);
    if (field.type != FieldType::case_ref || value == fields.end()) continue;
    for (auto const& id : value->is_array() ? *value : Json::array({*value})) {
      if (!id.is_string() || store_.cases().find(id.get<std::string>(), visibility(actor))) continue;
      faults.push_back(refusal(Code::unknown_reference, pointer_to(base, field.id),
                               {{"name", id.get<std::string>()}, {"kind", message("kind.case")}}));
    }
  }
  return faults;
}

Result<Append> CaseService::prepare_opening(OpenCaseRequest const& request, Actor const& actor, Instant now) {
  auto const* const definition = library_.current(request.workflow);
  if (!definition) return refused(refusal(Code::unknown_workflow, "/workflow", {{"name", request.workflow}}));
  auto documents = resolve(request.documents, actor);
  if (!documents) return refused(documents.error());
  if (auto faults = check_references(*definition, request.fields, "/fields", actor); !faults.empty())
    return refused(std::move(faults));
  Opening opening;
  opening.case_id = make_id_(now);
  opening.workflow = request.workflow;
  opening.fields = request.fields;
  opening.parties = request.parties;
  opening.documents = std::move(*documents);
  opening.comment = request.comment;
  opening.placed = request.placed;
  auto decision = decide_opening(circumstances(*definition, now), opening, actor);
  if (!decision) return refused(decision.error());
  Work work(store_, library_, actor, visibility(actor), make_id_, now);
  if (auto done = work.add(*definition, Case{}, std::move(*decision)); !done) return refused(done.error());
  return work.take();
}

std::optional<Refusal> CaseService::check_asker(Definition const& definition, Case const& subject,
                                                Command const& command, Instant now) {
  auto const* const pending = command.action == "confirm" ? pending_named(subject, command.input) : nullptr;
  auto const asker = pending != nullptr ? store_.people().find_person(pending->person) : std::nullopt;
  // People are never removed: whom the store has never known acts in a story, and is who they were.
  if (!asker) return std::nullopt;
  auto const present =
      asker->active ? acting_now(store_, *asker, now) : Actor{.person = asker->id, .unit = {}, .roles = {}};
  return asker_lost_right(definition, *pending, present);
}

Result<Append> CaseService::prepare_action(ActionRequest const& request, Actor const& actor, Instant now) {
  auto const seen = visibility(actor);
  auto const subject = store_.cases().find(request.case_id, seen);
  auto const* const definition = subject ? library_.find(subject->workflow, subject->version) : nullptr;
  if (!definition) return refused(refusal(Code::not_found, ""));
  auto documents = resolve(request.documents, actor);
  if (!documents) return refused(documents.error());
  if (auto faults = check_references(*definition, request.input, "/input", actor); !faults.empty())
    return refused(std::move(faults));
  Command command{request.action, request.input, std::move(*documents), request.comment, request.expected_revision};
  // The caller names the revision as they count: a step that they may not know of does not stand in their way.
  std::int64_t shown = subject->revision;
  if (request.expected_revision && !subject->veiled.empty()) {
    auto found = *subject;
    hide_links(found, actor, seen);
    shown = known_revisions(found, actor).shown(subject->revision);
    command.expected_revision = *request.expected_revision == shown ? subject->revision : 0;
  }
  auto decision = decide(circumstances(*definition, now), *subject, command, actor);
  if (!decision && decision.error().front().code == Code::stale_version)
    return refused(stale_version("", *request.expected_revision, shown));
  if (!decision) return refused(decision.error());
  if (auto lost = check_asker(*definition, *subject, command, now)) return refused(std::move(*lost));
  Work work(store_, library_, actor, seen, make_id_, now);
  if (auto done = work.add(*definition, *subject, std::move(*decision)); !done) return refused(done.error());
  return work.take();
}

std::optional<Result<CaseAt>> CaseService::answered_before(std::optional<Repeatable> const& repeatable,
                                                           Actor const& actor) {
  if (!repeatable) return std::nullopt;
  auto const first = store_.cases().remembered(actor.person, repeatable->key);
  if (!first) return std::nullopt;
  if (first->request_hash != repeatable->request_hash) return refused(refusal(Code::key_reused, ""));
  // Whoever may no longer see the case learns no more from their own earlier request than from any other.
  auto const seen = visibility(actor);
  if (!store_.cases().find(first->case_id, seen)) return refused(refusal(Code::not_found, ""));
  // The first answer follows from the events up to the revision that it made.
  auto const events = store_.cases().history(first->case_id);
  auto const end =
      std::find_if(events.begin(), events.end(), [&](Event const& e) { return e.revision > first->revision; });
  CaseAt answer{replay(std::span(events.data(), static_cast<std::size_t>(end - events.begin()))), first->at};
  hide_links(answer.subject, actor, seen);
  return answer;
}

template <class Prepare>
Result<CaseAt> CaseService::decide_and_append(std::optional<Repeatable> const& repeatable, Actor const& actor,
                                              Prepare const& prepare) {
  for (int attempt = 1;; ++attempt) {
    if (auto answer = answered_before(repeatable, actor)) return std::move(*answer);
    auto const now = clock_();
    Result<Append> append = prepare(now);
    if (!append) return refused(append.error());
    if (repeatable) append->key = IdempotencyKey{actor.person, repeatable->key, repeatable->request_hash};
    CaseAt result{append->changes.front().after, now};
    auto const appended = store_.cases().append(std::move(*append));
    if (appended) {
      result.subject.number = appended->numbers.front();
      hide_links(result.subject, actor, visibility(actor));
      return result;
    }
    bool const again =
        refused_with(appended.error(), Code::conflict) || refused_with(appended.error(), Code::key_reused);
    if (!again || attempt == most_attempts) return refused(appended.error());
  }
}

Result<CaseAt> CaseService::open(OpenCaseRequest const& request, Actor const& actor,
                                 std::optional<Repeatable> const& repeatable) {
  return decide_and_append(repeatable, actor, [&](Instant now) { return prepare_opening(request, actor, now); });
}

Result<CaseAt> CaseService::act(ActionRequest const& request, Actor const& actor,
                                std::optional<Repeatable> const& repeatable) {
  return decide_and_append(repeatable, actor, [&](Instant now) { return prepare_action(request, actor, now); });
}

// A case that an escalation wants opened and that refuses to open (its lead unit was dissolved, say) must not hold
// up the escalation itself: the deadline stays red, and the event says what was not opened, and why.
void CaseService::leave_out_what_cannot_open(Definition const& definition, Case const& subject, Decision& decision,
                                             Instant now) {
  auto const system = Actor::the_system();
  auto wanted = std::move(decision.opens);
  decision.opens.clear();
  Json left_out = Json::array();
  for (auto& request : wanted) {
    decision.opens.push_back(request);
    Work trial(store_, library_, system, visibility(system), make_id_, now);
    auto const opened = trial.add(definition, subject, decision);
    if (opened) continue;
    decision.opens.pop_back();
    auto const& because = opened.error().front();
    left_out.push_back({{"workflow", request.effect.workflow},
                        {"link", request.effect.link},
                        {"because", code_name(because.code)},
                        {"text", {{"zh", because.text.zh}, {"en", because.text.en}}}});
  }
  if (!left_out.empty() && !decision.events.empty()) decision.events.back().body["not_opened"] = std::move(left_out);
}

std::size_t CaseService::sweep(std::size_t limit) {
  auto const now = clock_();
  auto const system = Actor::the_system();
  std::size_t changed = 0;
  for (auto const& id : store_.cases().due_for_wakeup(now, limit)) {
    auto const subject = store_.cases().find(id, Visibility::of_everything());
    auto const* const definition = subject ? library_.find(subject->workflow, subject->version) : nullptr;
    if (!definition) continue;
    auto decision = decide_due(circumstances(*definition, now), *subject);
    bool const nothing = decision.events.empty();
    auto work = std::make_unique<Work>(store_, library_, system, visibility(system), make_id_, now);
    if (!work->add(*definition, *subject, decision)) {
      leave_out_what_cannot_open(*definition, *subject, decision, now);
      work = std::make_unique<Work>(store_, library_, system, visibility(system), make_id_, now);
      if (!work->add(*definition, *subject, std::move(decision))) continue;
    }
    auto append = work->take();
    // What was looked at in vain is looked at again when the case changes, not at every sweep.
    if (auto& wakeup = append.changes.front().wakeup; nothing && wakeup && *wakeup <= now) wakeup.reset();
    // On a conflict somebody else changed the case, and with it what is due: the next sweep sees that.
    if (store_.cases().append(std::move(append)) && !nothing) ++changed;
  }
  return changed;
}

}  // namespace bihuan
