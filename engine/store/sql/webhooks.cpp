// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/webhooks.hpp"

#include "engine/store/sql/case_rows.hpp"
#include "engine/store/sql/kept_secrets.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql put_one{"webhook put",
                      "INSERT INTO webhook (id, person, url, types, filter, created, active, told_up_to, attempts,"
                      " last_fault) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '')"};
constexpr Sql put_secret{"webhook secret put",
                         "INSERT INTO webhook_secret (id, webhook, secret, made, retires) VALUES (?, ?, ?, ?, ?)"};
constexpr Sql find_one{"webhook find",
                       "SELECT id, person, url, types, filter, created, active, told_up_to, attempts, next_attempt,"
                       " last_fault FROM webhook WHERE id = ?"};
constexpr Sql list_own{"webhooks of person",
                       "SELECT id, person, url, types, filter, created, active, told_up_to, attempts, next_attempt,"
                       " last_fault FROM webhook WHERE person = ? ORDER BY created, id"};
constexpr Sql list_active{"webhooks active",
                          "SELECT id, person, url, types, filter, created, active, told_up_to, attempts, next_attempt,"
                          " last_fault FROM webhook WHERE active = 1 ORDER BY id"};
constexpr Sql list_secrets{"webhook secrets",
                           "SELECT id, secret, made, retires FROM webhook_secret WHERE webhook = ?"
                           " ORDER BY made DESC, id DESC"};
constexpr Sql put_active{"webhook active", "UPDATE webhook SET active = ?2 WHERE id = ?1"};
constexpr Sql drop_one{"webhook drop", "DELETE FROM webhook WHERE person = ? AND id = ?"};
constexpr Sql retire_secrets{"webhook secrets retire",
                             "UPDATE webhook_secret SET retires = ?2 WHERE webhook = ?1 AND retires IS NULL"};
constexpr Sql drop_retired{"webhook secrets drop", "DELETE FROM webhook_secret WHERE webhook = ? AND retires <= ?"};
constexpr Sql put_progress{"webhook progress",
                           "UPDATE webhook SET told_up_to = ?2, attempts = ?3, next_attempt = ?4, last_fault = ?5"
                           " WHERE id = ?1"};
constexpr Sql put_letter{"dead letter put",
                         "INSERT INTO dead_letter (webhook, id, case_id, revision, attempts, fault, at)"
                         " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"};
constexpr Sql list_letters{"dead letters",
                           "SELECT webhook, id, case_id, revision, attempts, fault, at FROM dead_letter"
                           " WHERE webhook = ? ORDER BY at DESC, id DESC LIMIT ?"};
constexpr Sql find_letter{"dead letter find",
                          "SELECT webhook, id, case_id, revision, attempts, fault, at FROM dead_letter"
                          " WHERE webhook = ? AND id = ?"};
constexpr Sql drop_letter{"dead letter drop", "DELETE FROM dead_letter WHERE webhook = ? AND id = ?"};

std::optional<Instant> maybe_instant(std::optional<std::int64_t> seconds) {
  return seconds ? std::optional(instant(*seconds)) : std::nullopt;
}

Webhook webhook_from(Statement const& row) {
  return {.id = row.text(0),
          .person = row.text(1),
          .url = row.text(2),
          .types = Json::parse(row.view(3)).get<std::vector<std::string>>(),
          .filter = Json::parse(row.view(4)),
          .created = instant(row.integer(5)),
          .active = row.integer(6) != 0,
          .told_up_to = row.integer(7),
          .attempts = static_cast<int>(row.integer(8)),
          .next_attempt = maybe_instant(row.maybe_integer(9)),
          .last_fault = row.text(10)};
}

DeadLetter letter_from(Statement const& row) {
  return {.id = row.text(1),
          .webhook = row.text(0),
          .case_id = row.text(2),
          .revision = row.integer(3),
          .attempts = static_cast<int>(row.integer(4)),
          .fault = row.text(5),
          .at = instant(row.integer(6))};
}

}  // namespace

std::string Webhooks::encrypted(WebhookSecret const& secret) const {
  if (!key_) {
    throw StoreFault("the secrets of webhooks are out of reach without the key of the data directory");
  }
  return key_->encrypt(secret.secret, webhook_secret_of(secret.id));
}

// What no key opens is as if it were not there: with the key its secrets were forgotten.
std::vector<WebhookSecret> Webhooks::secrets_of(Connection& connection, std::string const& webhook) const {
  std::vector<WebhookSecret> secrets;
  auto rows = connection.query(list_secrets, webhook);
  while (rows.step()) {
    auto const id = rows.text(0);
    auto secret = key_ ? key_->decrypt(rows.view(1), webhook_secret_of(id)) : std::nullopt;
    if (!secret) {
      continue;
    }
    secrets.push_back({.id = id,
                       .secret = std::move(*secret),
                       .made = instant(rows.integer(2)),
                       .retires = maybe_instant(rows.maybe_integer(3))});
  }
  return secrets;
}

void Webhooks::put(Webhook const& webhook) {
  auto const types = canonical(Json(webhook.types));
  auto const filter = canonical(webhook.filter);
  std::vector<std::string> secrets;
  for (auto const& secret : webhook.secrets) {
    secrets.push_back(encrypted(secret));
  }
  writer_.must_write([&](Connection& connection) {
    connection.run(put_one, webhook.id, webhook.person, webhook.url, types, filter, seconds(webhook.created),
                   std::int64_t{webhook.active}, webhook.told_up_to);
    for (std::size_t place = 0; place < secrets.size(); ++place) {
      auto const& secret = webhook.secrets[place];
      connection.run(put_secret, secret.id, webhook.id, secrets[place], seconds(secret.made), seconds(secret.retires));
    }
  });
}

std::optional<Webhook> Webhooks::find(std::string const& id) {
  auto const reader = readers_.lease();
  auto row = reader->query(find_one, id);
  if (!row.step()) {
    return std::nullopt;
  }
  auto webhook = webhook_from(row);
  webhook.secrets = secrets_of(*reader, webhook.id);
  return webhook;
}

std::vector<Webhook> Webhooks::of_person(std::string const& person) {
  auto const reader = readers_.lease();
  std::vector<Webhook> webhooks;
  for (auto rows = reader->query(list_own, person); rows.step();) {
    webhooks.push_back(webhook_from(rows));
  }
  for (auto& webhook : webhooks) {
    webhook.secrets = secrets_of(*reader, webhook.id);
  }
  return webhooks;
}

std::vector<Webhook> Webhooks::active() {
  auto const reader = readers_.lease();
  std::vector<Webhook> webhooks;
  for (auto rows = reader->query(list_active); rows.step();) {
    webhooks.push_back(webhook_from(rows));
  }
  for (auto& webhook : webhooks) {
    webhook.secrets = secrets_of(*reader, webhook.id);
  }
  return webhooks;
}

void Webhooks::set_active(std::string const& id, bool active) {
  writer_.must_write([&](Connection& connection) { connection.run(put_active, id, std::int64_t{active}); });
}

bool Webhooks::drop(std::string const& person, std::string const& id) {
  bool dropped = false;
  writer_.must_write([&](Connection& connection) { dropped = connection.run(drop_one, person, id) > 0; });
  return dropped;
}

void Webhooks::rotate(std::string const& id, WebhookSecret const& secret, Instant others_retire, Instant now) {
  auto const text = encrypted(secret);
  writer_.must_write([&](Connection& connection) {
    connection.run(drop_retired, id, seconds(now));
    connection.run(retire_secrets, id, seconds(others_retire));
    connection.run(put_secret, secret.id, id, text, seconds(secret.made), seconds(secret.retires));
  });
}

void Webhooks::progress(std::string const& id, WebhookProgress const& progress,
                        std::optional<DeadLetter> const& given_up) {
  writer_.must_write([&](Connection& connection) {
    int const known =
        connection.run(put_progress, id, progress.told_up_to, static_cast<std::int64_t>(progress.attempts),
                       seconds(progress.next_attempt), progress.last_fault);
    // It may have been dropped while its message was on the way.
    if (known == 1 && given_up) {
      connection.run(put_letter, id, given_up->id, given_up->case_id, given_up->revision,
                     static_cast<std::int64_t>(given_up->attempts), given_up->fault, seconds(given_up->at));
    }
  });
}

std::vector<DeadLetter> Webhooks::dead_letters(std::string const& webhook, std::size_t limit) {
  auto const reader = readers_.lease();
  std::vector<DeadLetter> letters;
  auto rows = reader->query(list_letters, webhook, static_cast<std::int64_t>(limit));
  while (rows.step()) {
    letters.push_back(letter_from(rows));
  }
  return letters;
}

std::optional<DeadLetter> Webhooks::find_dead_letter(std::string const& webhook, std::string const& id) {
  auto const reader = readers_.lease();
  auto row = reader->query(find_letter, webhook, id);
  if (!row.step()) {
    return std::nullopt;
  }
  return letter_from(row);
}

void Webhooks::drop_dead_letter(std::string const& webhook, std::string const& id) {
  writer_.must_write([&](Connection& connection) { connection.run(drop_letter, webhook, id); });
}

}  // namespace bihuan::sql
