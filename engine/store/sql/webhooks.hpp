// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store/data_key.hpp"
#include "engine/store/sql/readers.hpp"
#include "engine/store/sql/writer.hpp"
#include "engine/store/webhooks.hpp"

namespace bihuan::sql {

class Webhooks final : public WebhookStore {
 public:
  Webhooks(Writer& writer, Readers& readers, std::optional<DataKey> key)
      : writer_(writer), readers_(readers), key_(std::move(key)) {}

  void put(Webhook const& webhook) override;
  std::optional<Webhook> find(std::string const& id) override;
  std::vector<Webhook> of_person(std::string const& person) override;
  std::vector<Webhook> active() override;
  void set_active(std::string const& id, bool active) override;
  bool drop(std::string const& person, std::string const& id) override;
  void rotate(std::string const& id, WebhookSecret const& secret, Instant others_retire, Instant now) override;
  void progress(std::string const& id, WebhookProgress const& progress,
                std::optional<DeadLetter> const& given_up) override;
  std::vector<DeadLetter> dead_letters(std::string const& webhook, std::size_t limit) override;
  std::optional<DeadLetter> find_dead_letter(std::string const& webhook, std::string const& id) override;
  void drop_dead_letter(std::string const& webhook, std::string const& id) override;

 private:
  [[nodiscard]] std::vector<WebhookSecret> secrets_of(Connection& connection, std::string const& webhook) const;
  [[nodiscard]] std::string encrypted(WebhookSecret const& secret) const;

  Writer& writer_;
  Readers& readers_;
  std::optional<DataKey> key_;
};

}  // namespace bihuan::sql
