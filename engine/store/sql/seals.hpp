// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "engine/store/data_key.hpp"
#include "engine/store/seals.hpp"
#include "engine/store/sql/readers.hpp"
#include "engine/store/sql/writer.hpp"

namespace bihuan::sql {

class Seals final : public SealStore {
 public:
  // Without the key nothing can be signed: StoreFault.
  Seals(Writer& writer, Readers& readers, std::optional<DataKey> key)
      : writer_(writer), readers_(readers), key_(std::move(key)) {}

  std::vector<LoggedEvent> events_after(std::int64_t sequence, std::size_t limit, bool with_bodies) override;
  std::vector<LoggedEvent> events_of(std::string const& case_id) override;
  std::optional<Seal> last() override;
  std::optional<Seal> find(std::int64_t number) override;
  std::optional<Seal> find_of_event(std::int64_t sequence) override;
  std::vector<Seal> seals_after(std::int64_t number, std::size_t limit) override;
  std::optional<Tile> tile(int level, std::int64_t place) override;
  std::optional<Tile> last_tile(int level) override;
  bool append(Seal const& seal, std::vector<Tile> const& tiles) override;
  std::string sign(std::string_view text) const override;
  std::string public_key() const override;

 private:
  [[nodiscard]] DataKey const& key() const;

  Writer& writer_;
  Readers& readers_;
  std::optional<DataKey> key_;
};

// The key by which the newest seal was signed; empty when nothing was sealed yet.
[[nodiscard]] std::string sealing_key_of(Connection& connection);

}  // namespace bihuan::sql
