// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store/postgres/connection.hpp"
#include "engine/store/sql/readers.hpp"
#include "engine/store/store.hpp"

namespace bihuan::postgres {

// Bytes in chunks, each committed by itself, so that a long upload holds nothing up.
class Attachments final : public AttachmentStore {
 public:
  // Purges what nodes that died left behind.
  Attachments(sql::Readers& writing, sql::Readers& readers);

  Attachment put(std::string const& name, std::string const& type, std::string const& uploader,
                 ByteSource const& source) override;
  std::optional<Attachment> find_upload(std::string const& sha256, std::string const& uploader) override;
  std::optional<Attachment> find_in_cases(std::string const& sha256, Visibility const& visibility) override;
  std::size_t read(std::string const& sha256, std::int64_t offset, std::span<char> into) override;

 private:
  std::int64_t begin_blob();
  void add_chunk(std::int64_t blob, std::int64_t place, std::string_view bytes);
  void publish(std::int64_t blob, Attachment const& attachment);
  void discard(std::int64_t blob) noexcept;

  sql::Readers& writing_;
  sql::Readers& readers_;
};

}  // namespace bihuan::postgres
