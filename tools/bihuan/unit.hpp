// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace bihuan {

struct UnitOptions {
  std::filesystem::path data{};  // of `list`: may be empty, then as the workflows' directory has them
  std::string store{};           // postgresql://…, in the place of the directory
  std::filesystem::path workflows;
  std::string id{};
  std::optional<std::string> title_zh{};
  std::optional<std::string> title_en{};
  std::optional<std::string> kind{};
  std::optional<std::string> parent{};
  bool json = false;
};

// `bihuan unit …` on a data directory that no server has open. 1 when refused, with the reason on `err`; what changes
// a unit prints it as it is then.
int run_unit_list(UnitOptions const& options, std::ostream& out, std::ostream& err);
// Needs both titles and a kind.
int run_unit_add(UnitOptions const& options, std::ostream& out, std::ostream& err);
// What is absent stays as it is.
int run_unit_change(UnitOptions const& options, std::ostream& out, std::ostream& err);
int run_unit_dissolve(UnitOptions const& options, std::ostream& out, std::ostream& err);
int run_unit_restore(UnitOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
