// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "engine/core/access.hpp"
#include "engine/store/byte_source.hpp"

namespace bihuan {

struct Attachment {
  std::string sha256;
  std::string name;
  std::string type;
  std::int64_t size = 0;
  std::string uploader;  // the person
};

class AttachmentStore {
 public:
  virtual ~AttachmentStore() = default;
  // Reads the bytes from `source` (0 at the end) in constant memory; the same bytes twice are kept once.
  // Throws what `source` throws and keeps nothing then. Returns once durable.
  [[nodiscard]] virtual Attachment put(std::string const& name, std::string const& type, std::string const& uploader,
                                       ByteSource const& source) = 0;
  // The upload of these bytes by this person, or by anybody when `uploader` is empty.
  [[nodiscard]] virtual std::optional<Attachment> find_upload(std::string const& sha256,
                                                              std::string const& uploader) = 0;
  // Is there a visible case that carries these bytes?
  [[nodiscard]] virtual std::optional<Attachment> find_in_cases(std::string const& sha256,
                                                                Visibility const& visibility) = 0;
  // Reads `into` from `offset`; the number of bytes read, 0 at the end.
  [[nodiscard]] virtual std::size_t read(std::string const& sha256, std::int64_t offset, std::span<char> into) = 0;
};

}  // namespace bihuan
