// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "engine/core/apply.hpp"
#include "engine/core/case_text.hpp"
#include "engine/core/decide.hpp"
#include "engine/core/json.hpp"
#include "engine/core/stored_json.hpp"
#include "engine/service/paper_form.hpp"
#include "engine/store/chain.hpp"
#include "engine/store/verify.hpp"
#include "tools/fuzz/must.hpp"
#include "tools/fuzz/shipped.hpp"
#include "tools/fuzz/targets.hpp"

namespace bihuan::fuzz {
namespace {

constexpr std::size_t most_steps = 12;

std::string text_of(Json const& object, char const* name) {
  if (!object.is_object()) return {};
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json member(Json const& object, char const* name) {
  if (!object.is_object()) return {};
  auto const found = object.find(name);
  return found == object.end() ? Json() : *found;
}

Actor actor_of(Json const& by) {
  Actor actor{"somebody", text_of(by, "unit"), {}, false};
  auto const roles = member(by, "roles");
  if (roles.is_array())
    for (auto const& role : roles)
      if (role.is_string()) actor.roles.push_back(role);
  return actor;
}

std::map<std::string, std::vector<Document>> documents_of(Json const& kinds) {
  std::map<std::string, std::vector<Document>> documents;
  if (kinds.is_array())
    for (auto const& kind : kinds)
      if (kind.is_string())
        documents[kind.get<std::string>()] = {{std::string(64, 'a'), "a.pdf", "application/pdf", 3, 0}};
  return documents;
}

// What was decided is what applying its events gives, and can be written and read again.
Case taken(Case const& before, Decision const& decision) {
  Case after = before;
  for (auto const& event : decision.events) apply(after, event_from_json(event_to_json(event)));
  must(after == decision.after, "a decision is what its events say");
  must(after.revision == before.revision + (decision.events.empty() ? 0 : 1), "a command is one revision");
  return after;
}

}  // namespace

Library const& library() {
  static Library const loaded = [] {
    auto read = Library::load(std::filesystem::path(BIHUAN_SOURCE_DIR) / "workflows");
    if (!read) throw std::runtime_error("workflows/ does not load");
    return std::move(*read);
  }();
  return loaded;
}

void command(std::string_view bytes) {
  auto const document = parse_json(bytes);
  if (!document || !document->is_object()) return;
  auto const open = member(*document, "open");
  auto const* const definition = library().current(text_of(open, "workflow"));
  if (definition == nullptr) return;
  Instant now = *parse_instant("2026-03-02T09:00:00+08:00");
  auto const circumstances = [&] {
    return Circumstances{*definition, library().calendar_of(*definition), library().organisation(), now};
  };
  Opening opening;
  opening.case_id = "00000000-0000-7000-8000-000000000000";
  opening.workflow = definition->id;
  opening.fields = member(open, "fields");
  opening.parties = member(open, "parties");
  opening.documents = documents_of(member(open, "documents"));
  opening.comment = text_of(open, "comment");
  auto const opened = decide_opening(circumstances(), opening, actor_of(member(open, "by")));
  if (!opened) return must(!opened.error().empty(), "a refusal says why");
  auto subject = taken(Case{}, *opened);
  auto const steps = member(*document, "steps");
  if (!steps.is_array()) return;
  for (std::size_t place = 0; place < std::min(steps.size(), most_steps); ++place) {
    auto const& step = steps[place];
    auto const hours = member(step, "after");
    if (hours.is_number_integer()) now += std::chrono::hours(hours.get<std::int64_t>() % 10'000);
    Command const asked{.action = text_of(step, "action"),
                        .input = member(step, "input"),
                        .documents = documents_of(member(step, "documents")),
                        .comment = text_of(step, "comment"),
                        .expected_revision = std::nullopt};
    auto const actor = actor_of(member(step, "by"));
    (void)allowed_actions(circumstances(), subject, actor);
    auto const decided = decide(circumstances(), subject, asked, actor);
    if (decided)
      subject = taken(subject, *decided);
    else
      must(!decided.error().empty(), "a refusal says why");
    subject = taken(subject, decide_due(circumstances(), subject));
    (void)next_wakeup(circumstances(), subject);
  }
}

void event(std::string_view bytes) {
  auto const document = parse_json(bytes);
  if (!document || !document->is_array()) return;
  std::vector<Event> events;
  for (auto const& stored : *document)
    if (auto read = parse_event(stored)) events.push_back(std::move(*read));
  // Somebody who forges a history can chain it as well.
  chain(events, {});
  Case stored;
  stored.id = events.empty() ? "" : events.front().case_id;
  must(verify_case(stored, events).has_value(), "a row that its events do not lead to is named");
}

void row(std::string_view bytes) {
  if (auto const read = read_stored_json(bytes)) {
    must(*read == Json::parse(bytes), "what was stored is read as what came from outside is");
  }
  auto const subject = case_from_text(bytes);
  if (!subject) return;
  must(case_from_text(case_text(*subject)) == subject, "a case is read as it is written");
  must(canonical(Json::parse(case_text(*subject))) == case_text(*subject), "a case is written in canonical form");
}

void form(std::string_view bytes) {
  auto const parsed = PaperForm::parse(std::string(bytes), "p {}");
  if (!parsed) return must(!parsed.error().empty(), "a refusal says why");
  PaperValues values;
  values.single["title"] = "<script>alert(1)</script>";
  values.lists["events"] = {{{"text", "\"><img src=x onerror=alert(1)>"}}};
  auto const filled = parsed->fill(values);
  if (bytes.find("<script>alert(1)") == std::string_view::npos)
    must(filled.find("<script>alert(1)") == std::string::npos, "what a form is filled with is escaped");
}

}  // namespace bihuan::fuzz
