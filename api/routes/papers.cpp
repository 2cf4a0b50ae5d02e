// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "api/routes/answer.hpp"
#include "api/routes/case_answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/record.hpp"
#include "api/routes/render.hpp"
#include "engine/core/fields.hpp"
#include "engine/core/message.hpp"
#include "engine/service/paper.hpp"

namespace bihuan::routes {
namespace {

// What a caller adds to what the case says: values that it does not hold yet, on this paper alone.
struct PaperRequest {
  Json fields = Json::object();
  std::string comment;
};

std::optional<Paper> find_paper(Case const& subject, std::string const& kind, Context& context, Actor const& actor) {
  for (auto const& paper : papers_of(subject, context.library(), context.cases.visibility(actor))) {
    if (paper.kind->id == kind) return paper;
  }
  return std::nullopt;
}

// Issuing is attaching: who may not attach may not issue.
Refusals against_attaching(Case const& subject, Context& context, Actor const& actor) {
  auto const offered = context.cases.allowed_actions(subject, actor, context.cases.now());
  auto const attach = std::ranges::find(offered, "attach", &OfferedAction::name);
  if (attach == offered.end()) return {refusal(Code::not_your_part, {}, {{"action", message("action.attach")}})};
  return attach->possible ? Refusals() : attach->refusals;
}

std::string filled(Case const& shown, Paper const& paper, Request const& request, Context& context) {
  auto const& person = caller_of(request).person;
  auto const values = paper_values(shown, paper, context.library(), {.unit = person.unit, .person = person.full_name},
                                   context.store, context.cases.now());
  return paper.form->fill(values);
}

Seen look_at_paper(std::string const& case_id, std::string const& kind, bool found, bool issued) {
  auto seen = look_at(AuditKind::printed, case_id, found);
  // A name that no form of the case has may be anything at all.
  seen.detail["document"] = found ? Json(kind) : Json();
  seen.detail["issued"] = issued;
  return seen;
}

Result<PaperRequest> parse_paper_request(OrderedJson const& body) {
  Refusals faults;
  Reader reader(body, {}, faults);
  PaperRequest asked{.fields = read_object(reader, "fields"), .comment = read_comment(reader)};
  reader.finish();
  if (!faults.empty()) return refused(std::move(faults));
  return asked;
}

// Puts the caller's values where the case has none. Refused where the form does not read the field, or the
// case says something else already: a paper must not contradict its case.
Refusals add_fields(Case& shown, Paper const& paper, Json const& fields, Context& context) {
  auto const& library = context.library();
  auto const& definition = library.definition_of(shown);
  Refusals faults;
  for (auto const& [id, value] : fields.items()) {
    auto const pointer = "/fields/" + id;
    auto const* const field = definition.find_field(id);
    bool const taken = field && paper.form->reads_field(id) && !shown.fields.contains(id);
    if (!taken) {
      faults.push_back(refusal(Code::unknown_field, pointer, {{"name", id}}));
      continue;
    }
    append(faults, check_value(*field, value, library.organisation(), pointer));
    shown.fields[id] = value;
  }
  if (!faults.empty()) return faults;
  return missing_for(shown, paper, definition);
}

}  // namespace

Response list_papers(Request& request, Context& context) {
  auto const& id = request.path_parameter("id");
  auto const& actor = caller_of(request).actor;
  auto const subject = context.cases.find(id, actor);
  if (auto full = record(request, context, look_at(AuditKind::case_viewed, id, subject.has_value()))) {
    return std::move(*full);
  }
  if (!subject) return http::problem(subject.error(), request);
  auto const shown = context.cases.shown(*subject, actor);
  auto const& definition = context.library().definition_of(*subject);
  auto const attaching = against_attaching(*subject, context, actor);
  auto items = OrderedJson::array();
  for (auto const& paper : papers_of(*subject, context.library(), context.cases.visibility(actor))) {
    auto refusals = attaching;
    append(refusals, missing_for(shown, paper, definition));
    Input const lacking{.required = missing_fields(shown, paper, definition), .optional = {}};
    auto why_not = OrderedJson::array();
    for (auto const& one : refusals) why_not.push_back(render(one));
    items.push_back({{"kind", paper.kind->id},
                     {"title", render(paper.kind->title)},
                     {"issued", paper.count},
                     {"number", paper_number(*subject, paper)},
                     {"possible", refusals.empty()},
                     {"refusals", std::move(why_not)},
                     {"input_schema", input_schema(definition, lacking, context.library().organisation())}});
  }
  return page_answer(std::move(items), {}, request);
}

Response preview_paper(Request& request, Context& context) {
  auto const& id = request.path_parameter("id");
  auto const& kind = request.path_parameter("kind");
  auto const& actor = caller_of(request).actor;
  auto const subject = context.cases.find(id, actor);
  auto const paper = subject ? find_paper(*subject, kind, context, actor) : std::nullopt;
  if (auto full = record(request, context, look_at_paper(id, kind, paper.has_value(), false))) return std::move(*full);
  if (!paper) return http::problem(refusal(Code::not_found, {}), request);
  Response response;
  response.headers.add("Content-Type", "text/html; charset=utf-8");
  // The form's own style and nothing else: every value in it is escaped, and no script runs.
  response.headers.add("Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
                       "frame-ancestors 'none'; sandbox");
  response.headers.add("Cache-Control", "private, no-store");
  response.body = filled(context.cases.shown(*subject, actor), *paper, request, context);
  return response;
}

Response issue_paper(Request& request, Context& context) {
  auto const revision = read_expected_revision(request);
  if (!revision) return revision.error();
  auto const body = read_optional_body(request);
  if (!body) return body.error();
  auto const asked = parse_paper_request(*body);
  if (!asked) return http::problem(asked.error(), request);
  auto const repeatable = read_repeatable(request, *body);
  if (!repeatable) return repeatable.error();
  auto const& id = request.path_parameter("id");
  auto const& kind = request.path_parameter("kind");
  auto const& caller = caller_of(request);
  auto const subject = context.cases.find(id, caller.actor);
  auto const paper = subject ? find_paper(*subject, kind, context, caller.actor) : std::nullopt;
  if (auto full = record(request, context, look_at_paper(id, kind, paper.has_value(), true))) return std::move(*full);
  // Nothing is kept for a request that is not going to attach it: a repeated one, or one that saw another revision.
  if (auto const answer = context.cases.answered_before(*repeatable, caller.actor)) {
    if (!*answer) return http::problem(answer->error(), request);
    return case_answer(200, **answer, context, caller.actor);
  }
  if (!paper) return http::problem(refusal(Code::not_found, {}), request);
  ActionRequest attach;
  attach.case_id = id;
  attach.action = "attach";
  attach.expected_revision = *revision;
  if (auto const refusals = against_attaching(*subject, context, caller.actor); !refusals.empty()) {
    return http::problem(refusals, request);
  }
  auto const now = context.cases.known_revisions(*subject, caller.actor).shown(subject->revision);
  if (now != *revision) {
    return action_refused({stale_version("/header/If-Match", *revision, now)}, attach, request, context);
  }
  auto shown = context.cases.shown(*subject, caller.actor);
  if (auto const refusals = add_fields(shown, *paper, asked->fields, context); !refusals.empty()) {
    return http::problem(refusals, request);
  }
  // The count behind the number is of the case as found, and the action is decided on that revision.
  auto const number = paper_number(shown, *paper);
  auto page = filled(shown, *paper, request, context);
  auto const kept =
      context.store.attachments().put(number + ".html", "text/html", caller.person.id, source_of(std::move(page)));
  attach.documents = {{kind, {kept.sha256}}};
  attach.comment = asked->comment.empty() ? message("paper.comment", {{"number", number}}).zh : asked->comment;
  auto const done = context.cases.act(attach, caller.actor, *repeatable);
  if (!done) return action_refused(done.error(), attach, request, context);
  return case_answer(200, *done, context, caller.actor);
}

}  // namespace bihuan::routes
