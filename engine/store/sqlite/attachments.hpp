// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "engine/store/sql/attachments.hpp"
#include "engine/store/sqlite/connection.hpp"

namespace bihuan::sqlite {

using sql::Readers;

// Bytes in a file of their own, so that a large upload never holds up the cases' commits. Two uploads take
// turns chunk by chunk.
class Attachments final : public sql::Attachments {
 public:
  // `readers` are those of the attachments' file, `case_readers` those of the cases'. Purges what a crash
  // left behind.
  Attachments(Connection connection, bool durable, Readers& readers, Readers& case_readers);
  ~Attachments() override;

  std::size_t read(std::string const& sha256, std::int64_t offset, std::span<char> into) override;

 private:
  std::int64_t begin_blob() override;
  void add_chunk(std::int64_t blob, std::int64_t place, std::string_view bytes) override;
  void publish(std::int64_t blob, Attachment const& attachment) override;
  void discard(std::int64_t blob) noexcept override;

  // Does what writes the file, one at a time.
  template <class Work>
  auto write(Work const& work);
  void checkpoint_now_and_then(std::size_t written);

  std::mutex mutex_;
  Connection connection_;
  bool const durable_;
  bool doubtful_ = false;             // a write or a sync failed: what the log has may not be on the disk
  std::size_t since_checkpoint_ = 0;  // bytes in the log
};

}  // namespace bihuan::sqlite
