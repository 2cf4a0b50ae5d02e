// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/service/library.hpp"
#include "engine/store/tree_head.hpp"

namespace bihuan {

// The page of a case package, to read the case without Bihuan.
struct PackagePage {
  Case const& shown;  // as the reader may see it
  std::vector<Event> const& events;
  TreeHead const& head;
  Instant made{};
  bool complete = false;
};
[[nodiscard]] std::string page_of_package(PackagePage const& page, Library const& library);

// The name of a document's file in a package: its hash, with the ending of its own name where that is a plain one.
[[nodiscard]] std::string document_file(Document const& document);

}  // namespace bihuan
