// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/json.hpp"
#include "engine/core/time.hpp"

namespace bihuan {

// What signs a webhook's messages. During a rotation there are two, and each message carries both signatures.
struct WebhookSecret {
  std::string id;
  std::string secret;  // "whsec_" and base64, as Standard Webhooks has it; the store keeps it encrypted
  Instant made{};
  std::optional<Instant> retires{};
};

// Where a person wants to be told of what changes in the cases they may see. The events themselves are the outbox:
// they are stored in the transaction of the change, and a webhook remembers how far it has been told.
struct Webhook {
  std::string id;
  std::string person;
  std::string url;
  std::vector<std::string> types{};  // event names; empty: all
  Json filter = Json::object();      // workflow, state, unit, final
  Instant created{};
  bool active = true;
  std::int64_t told_up_to = 0;  // place in the order of changes
  // Of the message that is on its way now.
  int attempts = 0;
  std::optional<Instant> next_attempt{};
  std::string last_fault{};
  std::vector<WebhookSecret> secrets{};  // newest first
};

// How far a webhook is, as it is changed by an attempt.
struct WebhookProgress {
  std::int64_t told_up_to = 0;
  int attempts = 0;
  std::optional<Instant> next_attempt{};
  std::string last_fault{};
};

// A message that was given up after its last attempt.
struct DeadLetter {
  std::string id;  // the message's: CASE.REVISION
  std::string webhook;
  std::string case_id;
  std::int64_t revision = 0;
  int attempts = 0;
  std::string fault;
  Instant at{};
};

class WebhookStore {
 public:
  virtual ~WebhookStore() = default;
  // Adds one with its secrets.
  virtual void put(Webhook const& webhook) = 0;
  [[nodiscard]] virtual std::optional<Webhook> find(std::string const& id) = 0;
  // In the order in which they were made.
  [[nodiscard]] virtual std::vector<Webhook> of_person(std::string const& person) = 0;
  [[nodiscard]] virtual std::vector<Webhook> active() = 0;
  virtual void set_active(std::string const& id, bool active) = 0;
  // False when the person has no such webhook.
  [[nodiscard]] virtual bool drop(std::string const& person, std::string const& id) = 0;
  // Adds a secret, lets the others retire then, and forgets those that have retired by `now`.
  virtual void rotate(std::string const& id, WebhookSecret const& secret, Instant others_retire, Instant now) = 0;

  // With a dead letter, both or neither.
  virtual void progress(std::string const& id, WebhookProgress const& progress,
                        std::optional<DeadLetter> const& given_up) = 0;
  // Latest first, at most this many.
  [[nodiscard]] virtual std::vector<DeadLetter> dead_letters(std::string const& webhook, std::size_t limit) = 0;
  [[nodiscard]] virtual std::optional<DeadLetter> find_dead_letter(std::string const& webhook,
                                                                   std::string const& id) = 0;
  virtual void drop_dead_letter(std::string const& webhook, std::string const& id) = 0;
};

}  // namespace bihuan
