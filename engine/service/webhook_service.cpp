// SPDX-License-Identifier: Apache-2.0
#include "engine/service/webhook_service.hpp"

#include <sodium.h>

#include <algorithm>

#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"
#include "engine/service/webhook_message.hpp"

namespace bihuan {
namespace {

using std::chrono::seconds;

constexpr std::size_t url_limit = 2000;    // bytes
constexpr std::size_t most_webhooks = 20;  // of a person
constexpr std::size_t most_at_once = 50;   // messages to one receiver before it is the next one's turn
constexpr std::size_t most_letters = 200;  // that are listed
constexpr std::size_t fault_limit = 300;   // bytes of what a receiver said
constexpr seconds longest_wait = std::chrono::hours(24);

bool was_taken(WebhookAnswer const& answer) {
  return answer.status >= 200 && answer.status < 300;
}

std::string fault_of(WebhookAnswer const& answer) {
  auto text = answer.fault.empty() ? "HTTP " + std::to_string(answer.status) : answer.fault;
  text.resize(std::min(text.size(), fault_limit));
  return text;
}

bool fits(Json const& filter, Case const& subject) {
  auto const is = [&](char const* name, std::string const& value) {
    return !filter.contains(name) || filter.at(name) == value;
  };
  return is("workflow", subject.workflow) && is("state", subject.state) &&
         is("final", subject.final ? "true" : "false") &&
         (!filter.contains("unit") || subject.holds_any_part(filter.at("unit").get_ref<std::string const&>()));
}

std::vector<std::string> event_names() {
  std::vector<std::string> names;
  for (int type = 0; type <= static_cast<int>(EventType::declined); ++type)
    names.emplace_back(event_name(static_cast<EventType>(type)));
  return names;
}

double random_chance() {
  constexpr std::uint32_t steps = 1U << 20U;
  return static_cast<double>(randombytes_uniform(steps)) / steps;
}

}  // namespace

WebhookService::WebhookService(CaseService& cases, SignIn& sign_in, AuditLog& audit, WebhookSender sender,
                               WebhookRules rules)
    : cases_(cases), sign_in_(sign_in), audit_(audit), sender_(std::move(sender)), rules_(std::move(rules)) {
  if (!rules_.chance) rules_.chance = random_chance;
}

Refusals WebhookService::check(Asked const& asked) const {
  Refusals faults;
  if (auto fault = check_text(asked.url, url_limit, "/url")) faults.push_back(std::move(*fault));
  if (auto fit = sender_.check(asked.url); !fit) {
    for (auto& fault : fit.error()) fault.pointer = "/url";
    append(faults, fit.error());
  }
  for (std::size_t place = 0; place < asked.types.size(); ++place) {
    bool known = false;
    std::string names;
    for (auto const& name : event_names()) {
      known = known || name == asked.types[place];
      names.append(names.empty() ? "" : ", ").append(name);
    }
    if (!known)
      faults.push_back(refusal(Code::not_a_choice, pointer_to("/types", place),
                               {{"value", asked.types[place]}, {"choices", names}}));
  }
  auto const& library = cases_.library();
  auto const known = [&](char const* name, char const* kind, auto const& is) {
    if (!asked.filter.contains(name) || is(asked.filter.at(name).template get_ref<std::string const&>())) return;
    faults.push_back(refusal(Code::unknown_reference, pointer_to("/filter", name),
                             {{"name", asked.filter.at(name).template get<std::string>()}, {"kind", message(kind)}}));
  };
  known("workflow", "kind.workflow", [&](std::string const& id) { return library.current(id) != nullptr; });
  known("unit", "kind.unit", [&](std::string const& id) { return library.organisation().find(id) != nullptr; });
  known("state", "kind.state", [&](std::string const& id) {
    return std::ranges::any_of(library.current_definitions(),
                               [&](Definition const* one) { return one->find_state(id) != nullptr; });
  });
  known("final", "kind.state", [](std::string const& truth) { return truth == "true" || truth == "false"; });
  return faults;
}

Result<Webhook> WebhookService::make(Person const& person, Asked const& asked) {
  if (auto faults = check(asked); !faults.empty()) return refused(std::move(faults));
  if (store().of_person(person.id).size() >= most_webhooks)
    return refused(refusal(Code::too_large, {}, {{"limit", std::to_string(most_webhooks)}}));
  auto const now = cases_.now();
  Webhook webhook{
      .id = make_id(now), .person = person.id, .url = asked.url, .types = asked.types, .filter = asked.filter};
  webhook.created = now;
  webhook.told_up_to = cases_.store().cases().last_change();
  webhook.secrets.push_back({.id = make_id(now), .secret = make_webhook_secret(), .made = now});
  store().put(webhook);
  return webhook;
}

std::vector<Webhook> WebhookService::of(Person const& person) {
  return store().of_person(person.id);
}

Result<Webhook> WebhookService::find(Person const& person, std::string const& id) {
  auto webhook = store().find(id);
  if (!webhook || webhook->person != person.id) return refused(refusal(Code::not_found, {}));
  return std::move(*webhook);
}

Result<Webhook> WebhookService::set_active(Person const& person, std::string const& id, bool active) {
  auto webhook = find(person, id);
  if (!webhook) return webhook;
  store().set_active(id, active);
  webhook->active = active;
  if (active) {
    webhook->next_attempt.reset();
    save(*webhook);
  }
  return webhook;
}

Result<void> WebhookService::drop(Person const& person, std::string const& id) {
  if (!store().drop(person.id, id)) return refused(refusal(Code::not_found, {}));
  return {};
}

Result<WebhookSecret> WebhookService::rotate(Person const& person, std::string const& id) {
  if (auto const known = find(person, id); !known) return refused(known.error());
  auto const now = cases_.now();
  WebhookSecret secret{.id = make_id(now), .secret = make_webhook_secret(), .made = now};
  store().rotate(id, secret, now + rules_.overlap, now);
  return secret;
}

Result<std::vector<DeadLetter>> WebhookService::dead_letters(Person const& person, std::string const& id) {
  if (auto const known = find(person, id); !known) return refused(known.error());
  return store().dead_letters(id, most_letters);
}

Result<WebhookAnswer> WebhookService::repeat(Person const& person, std::string const& id, std::string const& letter) {
  auto const webhook = find(person, id);
  if (!webhook) return refused(webhook.error());
  auto const dead = store().find_dead_letter(id, letter);
  if (!dead) return refused(refusal(Code::not_found, {}));
  auto const actor = sign_in_.acting_now(person);
  auto const subject = cases_.find(dead->case_id, actor);
  if (!subject) return refused(subject.error());
  CaseChange const change{.sequence = 0,
                          .case_id = subject->id,
                          .revision = dead->revision,
                          .number = subject->number,
                          .workflow = subject->workflow,
                          .state = subject->state,
                          .final = subject->final};
  auto const history = cases_.history(subject->id, actor);
  auto const body = history ? webhook_body(change, *history, webhook->types) : std::nullopt;
  if (!body) return refused(refusal(Code::not_found, {}));
  auto answer = send(*webhook, change, actor, *body);
  if (was_taken(answer)) store().drop_dead_letter(id, letter);
  return answer;
}

void WebhookService::save(Webhook const& webhook, std::optional<DeadLetter> const& given_up) {
  store().progress(webhook.id,
                   {.told_up_to = webhook.told_up_to,
                    .attempts = webhook.attempts,
                    .next_attempt = webhook.next_attempt,
                    .last_fault = webhook.last_fault},
                   given_up);
}

WebhookAnswer WebhookService::send(Webhook const& webhook, CaseChange const& change, Actor const& actor,
                                   std::string const& body) {
  auto const now = cases_.now();
  std::vector<WebhookSecret> secrets;
  for (auto const& secret : webhook.secrets) {
    if (!secret.retires || *secret.retires > now) secrets.push_back(secret);
  }
  // With its key a data directory loses its secrets; what nobody signs, nobody should believe.
  if (secrets.empty()) return {.status = 0, .fault = "no secret"};
  AuditEvent sent{.kind = AuditKind::exported, .person = actor.person, .unit = actor.unit, .case_id = change.case_id};
  sent.detail = {{"format", "webhook"}, {"webhook", webhook.id}, {"revision", change.revision}};
  if (!audit_.record(std::move(sent))) return {.status = 0, .fault = "the audit has no room"};
  auto const id = webhook_message_id(change.case_id, change.revision);
  return sender_.send({.url = webhook.url,
                       .id = id,
                       .timestamp = now,
                       .signature = webhook_signature(secrets, id, now, body),
                       .body = body});
}

std::optional<std::string> WebhookService::body_of(Webhook const& webhook, CaseChange& change, Actor const& actor) {
  // One look may end between two events of a revision, which is told when its last one is there.
  auto& cases = cases_.store().cases();
  if (cases.find_change(change.case_id, change.revision, cases_.visibility(actor)) != change.sequence)
    return std::nullopt;
  auto const subject = cases_.find(change.case_id, actor);
  if (!subject || !fits(webhook.filter, *subject)) return std::nullopt;
  auto const known = cases_.known_revisions(*subject, actor);
  if (!known.knows(change.revision)) return std::nullopt;
  change.revision = known.shown(change.revision);
  auto const history = cases_.history(change.case_id, actor);
  return history ? webhook_body(change, *history, webhook.types) : std::nullopt;
}

seconds WebhookService::delay_after(int attempts, WebhookAnswer const& answer) {
  auto const delay = rules_.delays[static_cast<std::size_t>(attempts - 1)];
  auto const longer = static_cast<double>(delay.count()) * (1 + rules_.jitter * rules_.chance());
  auto const wait = seconds(static_cast<std::int64_t>(longer));
  return std::max(wait, std::min(answer.retry_after.value_or(seconds(0)), longest_wait));
}

std::optional<Instant> WebhookService::tell(Webhook& webhook, CaseChange const& change, Actor const& actor,
                                            std::string const& body) {
  auto const answer = send(webhook, change, actor, body);
  auto const now = cases_.now();
  std::optional<DeadLetter> given_up;
  if (!was_taken(answer)) {
    webhook.last_fault = fault_of(answer);
    ++webhook.attempts;
    // Gone for good, as its receiver says.
    if (answer.status == 410) {
      store().set_active(webhook.id, false);
      webhook.active = false;
      save(webhook);
      return std::nullopt;
    }
    if (static_cast<std::size_t>(webhook.attempts) <= rules_.delays.size()) {
      webhook.next_attempt = now + delay_after(webhook.attempts, answer);
      save(webhook);
      return webhook.next_attempt;
    }
    given_up = DeadLetter{.id = webhook_message_id(change.case_id, change.revision),
                          .webhook = webhook.id,
                          .case_id = change.case_id,
                          .revision = change.revision,
                          .attempts = webhook.attempts,
                          .fault = webhook.last_fault,
                          .at = now};
  } else {
    webhook.last_fault.clear();
  }
  webhook.told_up_to = change.sequence;
  webhook.attempts = 0;
  webhook.next_attempt.reset();
  save(webhook, given_up);
  return std::nullopt;
}

std::optional<Instant> WebhookService::deliver_to(Webhook& webhook) {
  auto const now = cases_.now();
  if (webhook.next_attempt && *webhook.next_attempt > now) return webhook.next_attempt;
  auto const person = cases_.store().people().find_person(webhook.person);
  if (!person || !person->active) {
    store().set_active(webhook.id, false);
    return std::nullopt;
  }
  // Until they have chosen a password or enrolled what is asked of them they are told nothing, and miss nothing.
  if (sign_in_.pending(*person)) return std::nullopt;
  auto const actor = sign_in_.acting_now(*person);
  std::size_t told = 0;
  while (webhook.active) {
    auto changes = cases_.store().cases().changes_after(webhook.told_up_to, cases_.visibility(actor));
    if (changes.up_to == webhook.told_up_to) return std::nullopt;
    for (auto& change : changes.items) {
      auto const body = body_of(webhook, change, actor);
      if (!body) continue;
      if (told++ == most_at_once) return now;
      if (auto const later = tell(webhook, change, actor, *body)) return later;
      if (!webhook.active) return std::nullopt;
    }
    // What was looked at and told nobody anything.
    webhook.told_up_to = changes.up_to;
    save(webhook);
  }
  return std::nullopt;
}

std::optional<Instant> WebhookService::deliver() {
  std::optional<Instant> next;
  for (auto& webhook : store().active()) {
    if (auto const due = deliver_to(webhook); due && (!next || *due < *next)) next = due;
  }
  return next;
}

}  // namespace bihuan
