// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expat.h>
#include <zip.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.hpp"

namespace bihuan {

// The XML parts of a ZIP archive that somebody sent, read in pieces: never more of it is unpacked than asked for.
// Private to engine/format.
class Archive {
 public:
  // Refused with bad_format when it is none, with too_large when it has more than `most_parts`.
  [[nodiscard]] static Result<Archive> open(std::filesystem::path const& file, std::uint64_t most_parts);

  [[nodiscard]] bool has(std::string const& part) const;

 private:
  friend class XmlPart;
  struct Discard {
    void operator()(zip_t* archive) const { zip_discard(archive); }
  };
  explicit Archive(zip_t* archive) : archive_(archive) {}
  std::unique_ptr<zip_t, Discard> archive_;
};

using XmlAttributes = std::map<std::string, std::string, std::less<>>;

// Hears of a part's elements by their local names.
class XmlListener {
 public:
  virtual ~XmlListener() = default;
  virtual void started(std::string_view name, XmlAttributes const& attributes) = 0;
  virtual void text(std::string_view text) = 0;
  virtual void ended(std::string_view name) = 0;
};

class XmlPart {
 public:
  // Throws std::bad_alloc alone; a part that is not there has ended.
  XmlPart(Archive const& archive, std::string const& part, std::uint64_t limit, XmlListener& listener);

  // Reads one more piece and tells the listener; false at the end. Refused with bad_format when it is no XML or
  // carries declarations of its own, with too_large beyond the limit.
  [[nodiscard]] Result<bool> read_on();
  // All of it.
  [[nodiscard]] Result<void> read();

 private:
  struct Close {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
  };
  struct Free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };
  static void XMLCALL on_start(void* self, char const* name, char const** attributes);
  static void XMLCALL on_end(void* self, char const* name);
  static void XMLCALL on_text(void* self, char const* text, int size);
  static void XMLCALL on_doctype(void* self, char const*, char const*, char const*, int);

  std::string part_;
  std::uint64_t limit_;
  XmlListener& listener_;
  std::unique_ptr<zip_file_t, Close> file_;
  std::unique_ptr<XML_ParserStruct, Free> parser_;
  std::uint64_t read_ = 0;
  bool ended_ = false;
};

}  // namespace bihuan
