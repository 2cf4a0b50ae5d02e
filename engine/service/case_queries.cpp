// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

#include "engine/core/message.hpp"
#include "engine/core/reckoning.hpp"
#include "engine/core/sight.hpp"
#include "engine/service/case_service.hpp"

namespace bihuan {

// Remembers which cases somebody may see while one answer is put together.
class CaseService::SeenCases {
 public:
  SeenCases(CaseStore& store, Library const& library, Actor const& actor, Visibility const& visibility)
      : store_(store), library_(library), actor_(actor), visibility_(visibility) {}

  std::optional<Case> const& find(std::string const& id) {
    auto const [known, fresh] = found_.try_emplace(id);
    if (fresh) known->second = store_.find(id, visibility_);
    return known->second;
  }
  // Its title as the actor reads it in a list; empty where the case is not seen.
  std::string const& title(std::string const& id) {
    auto const [known, fresh] = titles_.try_emplace(id);
    auto const& found = find(id);
    auto const* const definition = found ? library_.find(found->workflow, found->version) : nullptr;
    if (fresh && definition)
      known->second = as_seen(*definition, *found, actor_, library_.organisation(), Showing::list).title;
    return known->second;
  }
  [[nodiscard]] bool sees(Json const& id) { return id.is_string() && find(id.get<std::string>()).has_value(); }

  // What only other cases veil is known where these are seen. Each of them is linked, so that for a case that is shown
  // with its links nothing more is asked of the store.
  void take_off_veils(Case& subject) {
    std::erase_if(subject.veiled, [&](Veiled const& one) { return !one.other.empty() && find(one.other); });
  }

  // A reference to a case that is hidden is as if it were not filled.
  void hide_references(Definition const& definition, Json& fields) {
    if (!fields.is_object()) return;
    for (auto const& field : definition.fields) {
      auto const value = fields.find(field.id);
      if (field.type != FieldType::case_ref || value == fields.end() || value->is_null()) continue;
      if (value->is_array())
        value->erase(std::remove_if(value->begin(), value->end(), [&](Json const& id) { return !sees(id); }),
                     value->end());
      else if (!sees(*value))
        fields.erase(value);
    }
  }

 private:
  CaseStore& store_;
  Library const& library_;
  Actor const& actor_;
  Visibility const& visibility_;
  std::map<std::string, std::optional<Case>> found_;
  std::map<std::string, std::string> titles_;
};

// A visible case never gives a hidden one away: its link is absent. What the link says of the other case is
// as that one is now.
void CaseService::hide_links(Case& subject, Actor const& actor, Visibility const& visibility) {
  SeenCases seen(store_.cases(), library_, actor, visibility);
  hide_links(subject, seen);
}

void CaseService::hide_links(Case& subject, SeenCases& seen) {
  seen.take_off_veils(subject);
  std::vector<Link> visible;
  for (auto& link : subject.links) {
    auto const& other = seen.find(link.other);
    if (!other) continue;
    link.state = other->state;
    link.outcome = other->outcome;
    link.final = other->final;
    link.number = other->number;
    link.title = seen.title(link.other);
    visible.push_back(std::move(link));
  }
  subject.links = std::move(visible);
}

Case CaseService::shown(Case subject, Actor const& actor, Showing showing) {
  auto const visible = visibility(actor);
  SeenCases seen(store_.cases(), library_, actor, visible);
  return shown(std::move(subject), actor, showing, seen);
}

Case CaseService::shown(Case subject, Actor const& actor, Showing showing, SeenCases& seen) {
  auto const* const definition = library_.find(subject.workflow, subject.version);
  if (!definition) return subject;
  seen.hide_references(*definition, subject.fields);
  for (auto& pending : subject.pending) seen.hide_references(*definition, pending.input);
  return as_seen(*definition, std::move(subject), actor, library_.organisation(), showing);
}

Result<Case> CaseService::find(std::string const& id, Actor const& actor) {
  auto const seen = visibility(actor);
  auto found = store_.cases().find(id, seen);
  if (!found) return refused(refusal(Code::not_found, ""));
  hide_links(*found, actor, seen);
  return std::move(*found);
}

KnownRevisions CaseService::known_revisions(Case const& found, Actor const& actor) const {
  if (found.veiled.empty()) return {};
  return bihuan::known_revisions(library_.definition_of(found), found, actor, library_.organisation());
}

Result<std::vector<Event>> CaseService::history(std::string const& id, Actor const& actor) {
  auto read = read_history(id, actor);
  if (!read) return refused(read.error());
  for (auto& event : read->events) {
    event.revision = read->known.shown(event.revision);
    if (read->provable) continue;
    event.previous.clear();
    event.hash.clear();
  }
  return std::move(read->events);
}

Result<std::vector<Event>> CaseService::history_to_prove(std::string const& id, Actor const& actor) {
  auto read = read_history(id, actor);
  if (!read) return refused(read.error());
  if (!read->provable) return refused(refusal(Code::proofs_kept, ""));
  return std::move(read->events);
}

Result<CaseService::ReadHistory> CaseService::read_history(std::string const& id, Actor const& actor) {
  auto const visible = visibility(actor);
  auto subject = store_.cases().find(id, visible);
  auto const* const definition = subject ? library_.find(subject->workflow, subject->version) : nullptr;
  if (!definition) return refused(refusal(Code::not_found, ""));
  SeenCases seen(store_.cases(), library_, actor, visible);
  seen.take_off_veils(*subject);
  auto events = store_.cases().history(id);
  // Of what came since then the case does not say yet who may know of it.
  std::erase_if(events, [&](Event const& event) { return event.revision > subject->revision; });
  auto const hidden = [&](Event const& event) {
    bool const of_a_link = event.type == EventType::linked || event.type == EventType::link_changed;
    return of_a_link && !seen.sees(event.body.at("case"));
  };
  events.erase(std::remove_if(events.begin(), events.end(), hidden), events.end());
  // Each part of it is read as the version says that the case had then: another need not know what was personal. A move
  // begins the part of the version that it leads to.
  std::vector<Event> read;
  bool provable = may_know_of_all(*definition, *subject, actor, library_.organisation());
  for (auto begin = events.begin(); begin != events.end();) {
    auto const end =
        std::find_if(begin + 1, events.end(), [](Event const& e) { return e.type == EventType::migrated; });
    auto const* const then =
        end == events.end()
            ? definition
            : library_.find(subject->workflow, end->body.at("from_version").get_ref<std::string const&>());
    std::vector<Event> part(std::make_move_iterator(begin), std::make_move_iterator(end));
    for (auto& event : part) {
      for (auto const* const name : {"fields", "before", "input"}) {
        if (!event.body.contains(name)) continue;
        // What nobody can say who may read is not shown.
        if (then)
          seen.hide_references(*then, event.body[name]);
        else
          event.body.erase(name);
      }
      if (event.type == EventType::opened && event.body.contains("opened_by") &&
          !seen.sees(event.body["opened_by"]["case"]))
        event.body.erase("opened_by");
    }
    provable = provable && then && may_know_of_all(*then, *subject, actor, library_.organisation());
    part = as_seen(then ? *then : *definition, *subject, std::move(part), actor, library_.organisation());
    read.insert(read.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
    begin = end;
  }
  return ReadHistory{.events = std::move(read), .known = known_revisions(*subject, actor), .provable = provable};
}

Result<Page<Case>> CaseService::list(CaseQuery const& query, Actor const& actor) {
  auto const visible = visibility(actor);
  Page<Case> page;
  auto ask = query;
  while (true) {
    auto found = store_.cases().list(ask, visible, clock_());
    if (!found) return found;
    show_lines(found->items, actor, visible);
    // A request that this person may not know of does not put its case on the list of what waits.
    if (query.pending) std::erase_if(found->items, [](Case const& line) { return line.pending.empty(); });
    std::move(found->items.begin(), found->items.end(), std::back_inserter(page.items));
    page.next_cursor = found->next_cursor;
    if (page.items.size() >= query.limit || page.next_cursor.empty()) return page;
    ask.limit = query.limit - page.items.size();
    ask.cursor = page.next_cursor;
  }
}

Result<Page<Case>> CaseService::list_public(CaseQuery const& query) {
  return store_.cases().list(query, visibility_of_public(library_.current_definitions()), clock_());
}

Result<Page<Case>> CaseService::worklist(Actor const& actor, std::size_t limit, std::string const& cursor) {
  auto page = store_.cases().worklist(actor.unit, actor.person, limit, cursor);
  if (page) show_lines(page->items, actor, visibility(actor));
  return page;
}

std::int64_t CaseService::count_worklist(Actor const& actor) {
  return store_.cases().count_worklist(actor.unit, actor.person);
}

std::vector<Flow> CaseService::flow(std::vector<Instant> const& bounds, std::optional<std::string> const& workflow,
                                    Actor const& actor) {
  return store_.cases().flow(bounds, workflow, visibility(actor));
}

void CaseService::show_lines(std::vector<Case>& lines, Actor const& actor, Visibility const& visible) {
  SeenCases seen(store_.cases(), library_, actor, visible);
  for (auto& line : lines) {
    hide_links(line, seen);
    line = shown(std::move(line), actor, Showing::list, seen);
  }
}

std::vector<SummaryRow> CaseService::summary(SummaryBy by, std::optional<std::string> const& workflow,
                                             Actor const& actor) {
  return store_.cases().summary(by, workflow, visibility(actor), clock_());
}

std::vector<Reached> CaseService::reached(std::string const& workflow, std::vector<std::string> const& states,
                                          Actor const& actor) {
  return store_.cases().reached(workflow, states, visibility(actor));
}

std::vector<OfferedAction> CaseService::allowed_actions(Case const& subject, Actor const& actor, Instant now) {
  auto const* const definition = library_.find(subject.workflow, subject.version);
  if (!definition) return {};
  auto asked = circumstances(*definition, now);
  asked.schemas = library_.input_schemas(*definition);
  return bihuan::allowed_actions(asked, subject, actor);
}

Result<Json> CaseService::explain(std::string const& case_id, std::string const& deadline, Actor const& actor) {
  auto const subject = find(case_id, actor);
  if (!subject) return refused(subject.error());
  auto const* const definition = library_.find(subject->workflow, subject->version);
  auto const* const cycle = subject->deadline(deadline);
  if (!definition || !cycle) return refused(refusal(Code::not_found, ""));
  return bihuan::explain(circumstances(*definition, clock_()), *cycle);
}

}  // namespace bihuan
