// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store/postgres/connection.hpp"
#include "engine/store/sql/attachments.hpp"

namespace bihuan::postgres {

class Attachments final : public sql::Attachments {
 public:
  // Purges what nodes that died left behind.
  Attachments(sql::Readers& writing, sql::Readers& readers);

  std::size_t read(std::string const& sha256, std::int64_t offset, std::span<char> into) override;

 private:
  std::int64_t begin_blob() override;
  void add_chunk(std::int64_t blob, std::int64_t place, std::string_view bytes) override;
  void publish(std::int64_t blob, Attachment const& attachment) override;
  void discard(std::int64_t blob) noexcept override;

  sql::Readers& writing_;
};

}  // namespace bihuan::postgres
