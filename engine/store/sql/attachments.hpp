// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store/sql/connection.hpp"
#include "engine/store/sql/readers.hpp"
#include "engine/store/store.hpp"

namespace bihuan::sql {

// Bytes in chunks, each committed by itself, so that a long upload holds nothing up. What is said here is the order of
// an upload and who finds it; the databases differ in how a chunk is committed and in what makes the whole of it last.
class Attachments : public AttachmentStore {
 public:
  Attachment put(std::string const& name, std::string const& type, std::string const& uploader,
                 ByteSource const& source) final;
  std::optional<Attachment> find_upload(std::string const& sha256, std::string const& uploader) final;
  std::optional<Attachment> find_in_cases(std::string const& sha256, Visibility const& visibility) final;

 protected:
  static constexpr std::size_t chunk_size = 256 * 1024;

  static constexpr Sql insert_blob{"attachment begin",
                                   "INSERT INTO attachment (sha256, size) VALUES (NULL, 0) RETURNING blob"};
  static constexpr Sql insert_chunk{"chunk", "INSERT INTO chunk (blob, place, bytes) VALUES (?, ?, ?)"};
  static constexpr Sql publish_blob{"attachment publish", "UPDATE attachment SET sha256 = ?, size = ? WHERE blob = ?"};
  static constexpr Sql delete_blob{"attachment discard", "DELETE FROM attachment WHERE blob = ?"};

  // `readers` are those of the attachments, `case_readers` those of the cases.
  Attachments(Readers& readers, Readers& case_readers) : readers_(readers), case_readers_(case_readers) {}

  [[nodiscard]] static bool is_published(Connection& connection, std::string const& sha256);
  static void record_upload(Connection& connection, Attachment const& attachment);

  Readers& readers_;

 private:
  virtual std::int64_t begin_blob() = 0;
  virtual void add_chunk(std::int64_t blob, std::int64_t place, std::string_view bytes) = 0;
  // After this the upload is found, and lasts.
  virtual void publish(std::int64_t blob, Attachment const& attachment) = 0;
  virtual void discard(std::int64_t blob) noexcept = 0;

  Readers& case_readers_;
};

}  // namespace bihuan::sql
