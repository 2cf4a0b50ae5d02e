// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/definition_file.hpp"

#include <algorithm>
#include <ostream>

#include "engine/service/library.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {

std::optional<Definition> read_definition_file(std::filesystem::path const& file, std::ostream& err) {
  auto const document = read_json_file(file);
  auto definition = document ? read_definition(*document) : refused(document.error());
  if (definition) return std::move(*definition);
  print_faults(err, file, definition.error());
  return std::nullopt;
}

std::vector<std::filesystem::path> json_files(std::filesystem::path const& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code ignored;
  for (auto const& entry : std::filesystem::directory_iterator(directory, ignored)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace bihuan
