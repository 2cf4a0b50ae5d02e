// SPDX-License-Identifier: Apache-2.0
#include "api/routes/case_shape.hpp"

#include "api/routes/render.hpp"
#include "engine/core/case_text.hpp"
#include "engine/core/remaining.hpp"

namespace bihuan::routes {
namespace {

enum class Detail {
  whole,  // one case, by itself
  list,   // a line of a ledger: long texts cut
};

void write_or_null(JsonText& out, std::string_view name, std::string const& text) {
  if (text.empty()) return out.member(name, nullptr);
  out.member(name, text);
}

void write_or_null(JsonText& out, std::string_view name, std::optional<Instant> const& instant, Zone const& zone) {
  if (!instant) return out.member(name, nullptr);
  out.member(name, zone.format(*instant));
}

void write(JsonText& out, std::string_view name, Text const& text) {
  out.key(name);
  write_text(out, text);
}

// Cut after a number of characters, never within one.
std::string_view cut(std::string_view text) {
  std::size_t characters = 0;
  for (std::size_t index = 0; index < text.size(); ++index) {
    bool const starts_character = (static_cast<unsigned char>(text[index]) & 0xC0U) != 0x80U;
    if (starts_character && characters++ == list_text_limit) return text.substr(0, index);
  }
  return text;
}

void write_shortened(JsonText& out, std::string const& text) {
  auto const shown = cut(text);
  if (shown.size() == text.size()) return out.value(text);
  out.value(std::string(shown) + "…");
}

void write_title(JsonText& out, Case const& subject, Detail detail) {
  out.key("title");
  if (detail == Detail::whole) return out.value(subject.title);
  write_shortened(out, subject.title);
}

void write_fields(JsonText& out, Case const& subject, Definition const& definition, Detail detail) {
  out.key("fields");
  out.begin_object();
  for (auto const& field : definition.fields) {
    auto const value = subject.fields.find(field.id);
    if (value == subject.fields.end()) continue;
    out.key(field.id);
    if (detail == Detail::list && value->is_string()) {
      write_shortened(out, value->get_ref<std::string const&>());
    } else {
      out.value(*value);
    }
  }
  out.end_object();
}

void write_holders(JsonText& out, std::string_view name, Case const& subject, std::string const& party) {
  out.key(name);
  out.begin_array();
  if (auto const found = subject.parties.find(party); found != subject.parties.end()) {
    for (auto const& holder : found->second) {
      out.begin_object();
      out.member("unit", holder.unit);
      write_or_null(out, "person", holder.person);
      out.end_object();
    }
  }
  out.end_array();
}

void write_parties(JsonText& out, Case const& subject, Definition const& definition) {
  out.key("parties");
  out.begin_object();
  for (auto const& kind : definition.parties) write_holders(out, kind.id, subject, kind.id);
  out.end_object();
}

// Whose step it is now; nobody's in a final state.
void write_owner(JsonText& out, Case const& subject, State const* state) {
  if (subject.final || state == nullptr || state->owner.empty()) return out.member("owner", nullptr);
  out.key("owner");
  out.begin_object();
  out.member("party", state->owner);
  write_holders(out, "holders", subject, state->owner);
  out.end_object();
}

void write_basis(JsonText& out, Definition const& definition, std::vector<std::string> const& ids) {
  out.key("basis");
  out.begin_array();
  for (auto const& id : ids) {
    if (auto const* const found = definition.find_basis(id)) write_source(out, found->source);
  }
  out.end_array();
}

void write_deadline(JsonText& out, Deadline const& deadline, DeadlineRule const& rule, Definition const& definition,
                    Calendar const& calendar, Instant now) {
  auto const& zone = calendar.zone();
  out.begin_object();
  out.member("name", deadline.name);
  write(out, "title", rule.title);
  out.member("cycle", deadline.cycle);
  write_or_null(out, "owner", deadline.owner);
  out.member("state", state_name(deadline.state));
  out.member("light", light_name(light_of(deadline, now)));
  out.member("started", zone.format(deadline.started));
  out.member("due", zone.format(deadline.due));
  if (deadline.state == Deadline::State::running) {
    out.member("remaining", working_days_left(calendar, now, deadline.due));
  } else {
    out.member("remaining", nullptr);
  }
  write_or_null(out, "hard_due", deadline.hard_due, zone);
  write_or_null(out, "stopped", deadline.stopped, zone);
  out.member("provisional", deadline.provisional);
  out.key("extensions");
  out.begin_array();
  for (auto const& extension : deadline.extensions) {
    out.begin_object();
    out.member("at", zone.format(extension.at));
    out.member("until", format_date(extension.until));
    out.end_object();
  }
  out.end_array();
  out.key("rungs");
  out.begin_array();
  for (auto const& rung : deadline.rungs) out.value(rung);
  out.end_array();
  write_basis(out, definition, rule.basis);
  out.end_object();
}

// The present cycle of each deadline, in the definition's order; the cycles before it stand in the history.
void write_deadlines(JsonText& out, Case const& subject, Definition const& definition, Calendar const& calendar,
                     Instant now) {
  out.key("deadlines");
  out.begin_array();
  for (auto const& rule : definition.deadlines) {
    if (auto const* const deadline = subject.deadline(rule.id); deadline != nullptr) {
      write_deadline(out, *deadline, rule, definition, calendar, now);
    }
  }
  out.end_array();
}

void write_documents(JsonText& out, std::map<std::string, std::vector<Document>> const& by_kind) {
  out.key("documents");
  out.begin_object();
  for (auto const& [kind, attached] : by_kind) {
    out.key(kind);
    out.begin_array();
    for (auto const& document : attached) {
      out.begin_object();
      out.member("sha256", document.sha256);
      out.member("name", document.name);
      out.member("type", document.type);
      out.member("size", document.size);
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
}

// What one person asked for and another has to confirm.
void write_pending(JsonText& out, Case const& subject, Zone const& zone) {
  out.key("pending");
  out.begin_array();
  for (auto const& pending : subject.pending) {
    out.begin_object();
    out.member("id", pending.id);
    out.member("action", pending.action);
    out.member("input", pending.input);
    write_documents(out, pending.documents);
    out.member("comment", pending.comment);
    out.key("asked_by");
    out.begin_object();
    out.member("person", pending.person);
    out.member("unit", pending.unit);
    write_or_null(out, "for", pending.acting_for);
    out.end_object();
    out.member("at", zone.format(pending.at));
    out.end_object();
  }
  out.end_array();
}

void write_links(JsonText& out, Case const& subject) {
  out.key("links");
  out.begin_array();
  for (auto const& link : subject.links) {
    out.begin_object();
    out.member("link", link.name);
    out.member("direction", link.outward ? "out" : "in");
    out.member("case", link.other);
    out.member("number", link.number);
    out.key("title");
    write_shortened(out, link.title);
    out.member("workflow", link.workflow);
    write_or_null(out, "state", link.state);
    write_or_null(out, "outcome", link.outcome);
    out.member("final", link.final);
    out.end_object();
  }
  out.end_array();
}

void write_members(JsonText& out, Case const& subject, Library const& library, Instant now, Detail detail) {
  auto const& definition = library.definition_of(subject);
  auto const& calendar = library.calendar_of(definition);
  auto const& zone = calendar.zone();
  auto const* const state = definition.find_state(subject.state);
  out.member("id", subject.id);
  out.member("number", subject.number);
  out.member("workflow", subject.workflow);
  out.member("version", subject.version);
  out.member("revision", subject.revision);
  out.member("state", subject.state);
  if (state == nullptr) {
    out.member("state_title", nullptr);
  } else {
    write(out, "state_title", state->title);
  }
  out.member("final", subject.final);
  write_or_null(out, "outcome", subject.outcome);
  out.member("light", light_name(light_of(subject, now)));
  write_title(out, subject, detail);
  write_fields(out, subject, definition, detail);
  write_parties(out, subject, definition);
  write_owner(out, subject, state);
  write_deadlines(out, subject, definition, calendar, now);
  write_documents(out, subject.documents);
  write_links(out, subject);
  write_pending(out, subject, zone);
  out.member("opened", zone.format(subject.opened));
  out.member("changed", zone.format(subject.changed));
  write_or_null(out, "closed", subject.closed, zone);
}

void write(JsonText& out, OfferedAction const& offered) {
  out.begin_object();
  out.member("name", offered.name);
  write(out, "title", offered.title);
  out.member("kind", offered.transition ? "transition" : "general");
  write_or_null(out, "to", offered.to);
  out.key("input_schema");
  out.json(*offered.input_schema);
  out.key("requires_documents");
  out.begin_array();
  for (auto const& kind : offered.requires_documents) out.value(kind);
  out.end_array();
  out.member("four_eyes", offered.four_eyes);
  out.member("possible", offered.possible);
  out.key("refusals");
  out.begin_array();
  for (auto const& refusal : offered.refusals) write_refusal(out, refusal);
  out.end_array();
  out.end_object();
}

}  // namespace

Zone const& zone_of(Case const& subject, Library const& library) {
  return library.calendar_of(library.definition_of(subject)).zone();
}

std::string case_with_actions(Case const& subject, std::vector<OfferedAction> const& offered, Library const& library,
                              Instant now) {
  JsonText out;
  out.begin_object();
  write_members(out, subject, library, now, Detail::whole);
  out.key("allowed_actions");
  out.begin_array();
  for (auto const& action : offered) write(out, action);
  out.end_array();
  out.end_object();
  return std::move(out).take();
}

std::string listed_cases(std::vector<Case> const& cases, Library const& library, Instant now) {
  JsonText out;
  out.begin_array();
  for (auto const& subject : cases) {
    out.begin_object();
    write_members(out, subject, library, now, Detail::list);
    out.end_object();
  }
  out.end_array();
  return std::move(out).take();
}

}  // namespace bihuan::routes
