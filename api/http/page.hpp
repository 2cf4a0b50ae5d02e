// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "api/http/message.hpp"

namespace bihuan::http {

// One file of the page as it was built, in each form it may be sent; an empty form does not exist.
struct PageFile {
  std::string_view path;  // "/assets/app-1a2b.js"
  std::string_view type;
  std::string_view hash;   // of the plain bytes
  bool immutable = false;  // its name changes with its content
  std::string_view plain;
  std::string_view gzip;
  std::string_view br;
};

// The files that are built into the program; none when it was built without the page (BIHUAN_WEB=OFF).
[[nodiscard]] std::vector<PageFile> page_files();

// Answers what is no call of the API: the page's files, and its first file for every address that the page itself
// gives meaning to (/cases/…), so that a reload and a shared link work. Immutable; safe to call from any thread.
class Page {
 public:
  explicit Page(std::vector<PageFile> files) : files_(std::move(files)) {}

  // Nothing when there is no such file, or the address is the API's.
  [[nodiscard]] std::optional<Response> answer(Request const& request) const;

 private:
  std::vector<PageFile> files_;
};

}  // namespace bihuan::http
