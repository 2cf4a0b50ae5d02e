// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/service/audit_log.hpp"
#include "engine/service/case_service.hpp"
#include "engine/service/sign_in.hpp"
#include "engine/store/webhooks.hpp"

namespace bihuan {

struct WebhookMessage {
  std::string url;
  std::string id;
  Instant timestamp{};
  std::string signature;
  std::string body;
};

// How a receiver answered; status 0: not at all, and `fault` says why.
struct WebhookAnswer {
  int status = 0;
  std::string fault{};
  std::optional<std::chrono::seconds> retry_after{};
};

// What reaches the outside; called one message at a time.
struct WebhookSender {
  std::function<WebhookAnswer(WebhookMessage const&)> send;
  // Refused with the fault of an address that nothing is ever sent to.
  std::function<Result<void>(std::string const& url)> check;
};

struct WebhookRules {
  // Between one attempt and the next, as Standard Webhooks recommends; after the last a message is given up.
  std::vector<std::chrono::seconds> delays{std::chrono::seconds(5), std::chrono::minutes(5), std::chrono::minutes(30),
                                           std::chrono::hours(2),   std::chrono::hours(5),   std::chrono::hours(10),
                                           std::chrono::hours(14),  std::chrono::hours(20),  std::chrono::hours(24)};
  // A delay is longer by up to a fifth, so that receivers that come back are not met by all at once.
  double jitter = 0.2;
  std::function<double()> chance{};                       // from 0 to 1; random when empty
  std::chrono::seconds overlap = std::chrono::hours(24);  // how long a rotated secret still signs
};

// Tells other systems what changes, in order, each in its own time: a receiver that is down is asked again later and
// misses nothing, and holds nobody else up. What a webhook's person may see at the time of sending is what is told.
// Safe to call from any thread; deliver from one.
class WebhookService {
 public:
  WebhookService(CaseService& cases, SignIn& sign_in, AuditLog& audit, WebhookSender sender, WebhookRules rules = {});

  struct Asked {
    std::string url;
    std::vector<std::string> types{};  // event names; empty: all
    Json filter = Json::object();      // workflow, state, unit, final
  };
  // Its only secret is shown in what comes back. It is told what changes from now on.
  [[nodiscard]] Result<Webhook> make(Person const& person, Asked const& asked);
  [[nodiscard]] std::vector<Webhook> of(Person const& person);
  // Refused with not_found when the person has no such webhook, like all of the following.
  [[nodiscard]] Result<Webhook> find(Person const& person, std::string const& id);
  // One that is set active again is tried at once, and goes on where it stopped.
  [[nodiscard]] Result<Webhook> set_active(Person const& person, std::string const& id, bool active);
  [[nodiscard]] Result<void> drop(Person const& person, std::string const& id);
  // A new secret beside the present one, which retires after the overlap.
  [[nodiscard]] Result<WebhookSecret> rotate(Person const& person, std::string const& id);
  [[nodiscard]] Result<std::vector<DeadLetter>> dead_letters(Person const& person, std::string const& id);
  // Sends one again now; when it is taken it is dead no longer.
  [[nodiscard]] Result<WebhookAnswer> repeat(Person const& person, std::string const& id, std::string const& letter);

  // Sends what there is to send, a bounded number to each; when there will be more to do, unless something is appended
  // before: now, when it stopped at the bound; nothing, when all is told.
  [[nodiscard]] std::optional<Instant> deliver();

 private:
  [[nodiscard]] std::optional<Instant> deliver_to(Webhook& webhook);
  // Nothing when it went on, otherwise when it is tried again.
  [[nodiscard]] std::optional<Instant> tell(Webhook& webhook, CaseChange const& change, Actor const& actor,
                                            std::string const& body);
  // With the sending on record, each attempt anew: what cannot be put on record is not sent.
  [[nodiscard]] WebhookAnswer send(Webhook const& webhook, CaseChange const& change, Actor const& actor,
                                   std::string const& body);
  [[nodiscard]] std::optional<std::string> body_of(Webhook const& webhook, CaseChange& change, Actor const& actor);
  [[nodiscard]] std::chrono::seconds delay_after(int attempts, WebhookAnswer const& answer);
  [[nodiscard]] Refusals check(Asked const& asked) const;
  void save(Webhook const& webhook, std::optional<DeadLetter> const& given_up = std::nullopt);
  [[nodiscard]] WebhookStore& store() { return cases_.store().webhooks(); }

  CaseService& cases_;
  SignIn& sign_in_;
  AuditLog& audit_;
  WebhookSender sender_;
  WebhookRules rules_;
};

}  // namespace bihuan
