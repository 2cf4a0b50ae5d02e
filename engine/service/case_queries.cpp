// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "engine/core/message.hpp"
#include "engine/core/reckoning.hpp"
#include "engine/service/case_service.hpp"

namespace bihuan {

// A visible case never gives a hidden one away: its link is absent. What the link says of the other case is as that
// one is now.
void CaseService::hide_links(Case& subject, Visibility const& visibility) {
  std::vector<Link> visible;
  for (auto& link : subject.links) {
    auto const other = store_.cases().find(link.other, visibility);
    if (!other) continue;
    link.state = other->state;
    link.outcome = other->outcome;
    link.final = other->final;
    visible.push_back(std::move(link));
  }
  subject.links = std::move(visible);
}

Result<Case> CaseService::find(std::string const& id, Actor const& actor) {
  auto const seen = visibility(actor);
  auto found = store_.cases().find(id, seen);
  if (!found) return refused(refusal(Code::not_found, ""));
  hide_links(*found, seen);
  return std::move(*found);
}

Result<std::vector<Event>> CaseService::history(std::string const& id, Actor const& actor) {
  auto const seen = visibility(actor);
  if (!store_.cases().find(id, seen)) return refused(refusal(Code::not_found, ""));
  auto events = store_.cases().history(id);
  std::map<std::string, bool> visible;
  auto const hidden = [&](Event const& event) {
    if (event.type != EventType::linked && event.type != EventType::link_changed) return false;
    auto const& other = event.body.at("case").get_ref<std::string const&>();
    auto const [known, fresh] = visible.try_emplace(other, false);
    if (fresh) known->second = store_.cases().find(other, seen).has_value();
    return !known->second;
  };
  events.erase(std::remove_if(events.begin(), events.end(), hidden), events.end());
  return events;
}

Result<Page<Case>> CaseService::list(CaseQuery const& query, Actor const& actor) {
  auto const seen = visibility(actor);
  auto page = store_.cases().list(query, seen, clock_());
  if (page) std::for_each(page->items.begin(), page->items.end(), [&](Case& item) { hide_links(item, seen); });
  return page;
}

Result<Page<Case>> CaseService::worklist(Actor const& actor, std::size_t limit, std::string const& cursor) {
  auto const seen = visibility(actor);
  auto page = store_.cases().worklist(actor.unit, actor.person, limit, cursor);
  if (page) std::for_each(page->items.begin(), page->items.end(), [&](Case& item) { hide_links(item, seen); });
  return page;
}

std::vector<SummaryRow> CaseService::summary(SummaryBy by, std::optional<std::string> const& workflow,
                                             Actor const& actor) {
  return store_.cases().summary(by, workflow, visibility(actor), clock_());
}

std::vector<OfferedAction> CaseService::allowed_actions(Case const& subject, Actor const& actor, Instant now) {
  auto const* const definition = library_.find(subject.workflow, subject.version);
  if (!definition) return {};
  return bihuan::allowed_actions(circumstances(*definition, now), subject, actor);
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
