// SPDX-License-Identifier: Apache-2.0
#include "engine/store/feeds.hpp"

#include <algorithm>
#include <chrono>

#include "api/routes/answer.hpp"
#include "api/routes/case_query.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/locked.hpp"
#include "api/routes/record.hpp"
#include "api/routes/render.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"
#include "engine/format/deadline_calendar.hpp"
#include "engine/service/passwords.hpp"
#include "engine/store/digest.hpp"

namespace bihuan::routes {
namespace {

using std::chrono::hours;

constexpr std::size_t name_limit = 200;     // bytes
constexpr std::size_t most_entries = 2000;  // more are no help in a calendar
constexpr std::size_t page_size = 200;
// What a person subscribes to at most: more are a mistake, and each is asked for again and again.
constexpr std::size_t most_feeds = 50;
constexpr std::string_view token_prefix = "bhf_";

OrderedJson render_feed(CalendarFeed const& feed) {
  Zone const zone;
  return {{"id", feed.id},
          {"name", feed.name},
          {"filter", feed.filter},
          {"created", zone.format(feed.created)},
          {"last_used", feed.last_used ? OrderedJson(zone.format(*feed.last_used)) : OrderedJson(nullptr)}};
}

// The parameters of a list, as if the request had them in its address.
void ask_by(Request& request, Json const& filter) {
  request.query.clear();
  for (auto const& [name, value] : filter.items()) request.query.push_back({name, value.get<std::string>()});
}

Step<CalendarFeed> read_feed(Request& request, Context& context) {
  auto const body = read_body(request);
  if (!body) return tl::make_unexpected(body.error());
  Refusals faults;
  Reader reader(*body, {}, faults);
  CalendarFeed feed;
  feed.name = reader.text("name");
  if (auto fault = check_text(feed.name, name_limit, "/name")) faults.push_back(std::move(*fault));
  auto const known = ledger_parameters();
  reader.members("filter", [&](std::string const& parameter, Reader& member) {
    if (std::ranges::find(known, parameter) == known.end()) {
      faults.push_back(refusal(Code::unknown_field, member.pointer(), {{"name", parameter}}));
    } else if (!member.value().is_string()) {
      faults.push_back(refusal(Code::bad_format, member.pointer(),
                               {{"value", member.value().dump()}, {"expected", message("expected.text")}}));
    } else {
      feed.filter[parameter] = member.value().get<std::string>();
    }
  });
  reader.finish();
  if (!faults.empty()) return tl::make_unexpected(problem_as(422, faults, request));
  ask_by(request, feed.filter);
  auto const language = read_language(request);
  if (!language) return tl::make_unexpected(language.error());
  if (auto const query = read_case_query(request, context); !query) return tl::make_unexpected(query.error());
  request.query.clear();
  // A calendar program says nothing of the language its reader reads.
  feed.filter["lang"] = *language == Language::zh ? "zh" : "en";
  return feed;
}

std::string owner_in_words(Deadline const& deadline, Organisation const& organisation, Language language) {
  return in(language, organisation.title_of(deadline.owner));
}

CalendarEntry entry_of(Case const& subject, Deadline const& deadline, Context& context, Language language,
                       std::string const& base) {
  auto const& definition = context.library().definition_of(subject);
  auto const& zone = context.library().calendar_of(definition).zone();
  auto const* const rule = definition.find_deadline(deadline.name);
  auto const* const state = definition.find_state(subject.state);
  auto const title = rule == nullptr ? Text{deadline.name, deadline.name} : rule->title;
  auto const state_title = state == nullptr ? subject.state : in(language, state->title);
  CalendarEntry entry;
  entry.uid = subject.id + "." + deadline.name + "." + std::to_string(deadline.cycle) + "@bihuan";
  entry.due = deadline.due;
  if (zone.end_of(zone.date_of(deadline.due)) == deadline.due) entry.day = zone.date_of(deadline.due);
  if (deadline.warn < deadline.due) entry.alarm = deadline.warn;
  auto const name = subject.title.empty() ? subject.number : subject.title;
  entry.summary = in(language, message("feed.event", {{"deadline", title}, {"title", name}}));
  entry.description =
      in(language,
         message("feed.describe", {{"number", subject.number},
                                   {"workflow", definition.title},
                                   {"state", state_title},
                                   {"owner", owner_in_words(deadline, context.library().organisation(), language)},
                                   {"due", zone.format(deadline.due)}}));
  if (deadline.provisional) entry.description += "\n" + in(language, message("feed.provisional"));
  entry.category = in(language, definition.title);
  if (!base.empty()) entry.url = base + "/case/" + subject.id;
  entry.changed = subject.changed;
  entry.revision = subject.revision;
  return entry;
}

// Where the page of this server is, as whoever asks sees it.
std::string base_of(Request const& request) {
  auto const host = request.headers.find("host");
  if (!host || host->empty()) return {};
  return (request.secure ? "https://" : "http://") + std::string(*host);
}

Step<std::vector<CalendarEntry>> entries_of(Request& request, Context& context, Language language) {
  auto query = read_case_query(request, context);
  if (!query) return tl::make_unexpected(query.error());
  query->limit = page_size;
  if (!request.query_parameter("sort")) query->sort = CaseQuery::Sort::due_soonest;
  if (!query->final) query->final = false;
  auto const base = base_of(request);
  std::vector<CalendarEntry> entries;
  do {
    auto const page = context.cases.list(*query, caller_of(request).actor);
    if (!page) return tl::make_unexpected(http::problem(page.error(), request));
    for (auto const& subject : page->items) {
      for (auto const& deadline : subject.deadlines) {
        if (deadline.state != Deadline::State::running) continue;
        // A list of a unit's has all cases in which it has a part, and of their deadlines those are its own.
        if (query->unit && deadline.owner != *query->unit) continue;
        entries.push_back(entry_of(subject, deadline, context, language, base));
      }
    }
    query->cursor = page->next_cursor;
  } while (!query->cursor.empty() && entries.size() < most_entries);
  std::ranges::stable_sort(entries, {}, &CalendarEntry::due);
  if (entries.size() > most_entries) entries.resize(most_entries);
  return entries;
}

// The feed's person, if there is one who may still be told.
std::optional<Person> reader_of(std::optional<CalendarFeed> const& feed, Context& context) {
  auto person = feed ? context.store.people().find_person(feed->person) : std::nullopt;
  if (!person || !person->active || context.sign_in.pending(*person)) return std::nullopt;
  return person;
}

}  // namespace

Response list_feeds(Request& request, Context& context) {
  auto items = OrderedJson::array();
  for (auto const& feed : context.store.feeds().of_person(caller_of(request).person.id)) {
    items.push_back(render_feed(feed));
  }
  return page_answer(std::move(items), {}, request);
}

Response make_feed(Request& request, Context& context) {
  auto feed = read_feed(request, context);
  if (!feed) return feed.error();
  auto const& person = caller_of(request).person;
  if (context.store.feeds().of_person(person.id).size() >= most_feeds) {
    return problem_as(422, {refusal(Code::too_large, {}, {{"limit", std::to_string(most_feeds)}})}, request);
  }
  auto const token = std::string(token_prefix) + make_secret_token();
  feed->id = make_id(context.cases.now());
  feed->token_hash = hash_of(token);
  feed->person = person.id;
  feed->created = context.cases.now();
  if (auto unrecorded = put_on_record(request, context, "feed_made", {{"feed", feed->id}, {"filter", feed->filter}}))
    return std::move(*unrecorded);
  context.store.feeds().put(*feed);
  auto body = render_feed(*feed);
  body["address"] = "/feeds/deadlines/" + token + ".ics";
  auto response = json_answer(201, body);
  response.headers.set("Cache-Control", "no-store");
  response.headers.add("Location", "/api/v1/feeds/" + feed->id);
  return response;
}

Response revoke_feed(Request& request, Context& context) {
  auto const& id = request.path_parameter("id");
  if (!context.store.feeds().drop(caller_of(request).person.id, id)) {
    return http::problem(refusal(Code::not_found, {}), request);
  }
  if (auto unrecorded = put_on_record(request, context, "feed_revoked", {{"feed", id}})) return std::move(*unrecorded);
  return {.status = 204};
}

Response get_deadline_feed(Request& request, Context& context) {
  auto const feed = context.store.feeds().find(hash_of(request.path_parameter("token")));
  auto person = reader_of(feed, context);
  if (!person) {
    // Calendar programs share an address with others; only who guesses has to wait.
    auto const wait = context.public_calls->take(request.remote_address, context.cases.now());
    return wait ? locked_problem(*wait, request) : http::problem(refusal(Code::not_found, {}), request);
  }
  auto const now = context.cases.now();
  auto actor = context.sign_in.acting_now(*person);
  request.caller =
      Caller{.person = std::move(*person), .actor = std::move(actor), .token = {}, .scope = TokenScope::read};
  ask_by(request, feed->filter);
  auto const language = read_language(request);
  if (!language) return language.error();
  auto const entries = entries_of(request, context, *language);
  if (!entries) return entries.error();
  auto seen = look_at_list(AuditKind::exported, request, entries->size());
  seen.detail["format"] = "ics";
  seen.detail["feed"] = feed->id;
  if (auto full = record(request, context, std::move(seen))) return std::move(*full);
  if (!feed->last_used || now - *feed->last_used >= hours(1)) context.store.feeds().touch(feed->id, now);
  auto const name = feed->name.empty() ? message("feed.title") : message("feed.named", {{"name", feed->name}});
  Response response;
  response.body = write_calendar(in(*language, name), *entries);
  auto const tag = '"' + hash_of(response.body) + '"';
  if (has_current(request, tag)) return not_modified(tag);
  response.headers.add("Content-Type", "text/calendar; charset=utf-8");
  response.headers.add("Cache-Control", "private, no-cache");
  response.headers.add("ETag", tag);
  return response;
}

}  // namespace bihuan::routes
