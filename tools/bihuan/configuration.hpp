// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.hpp"
#include "tools/bihuan/settings.hpp"

namespace bihuan {

enum class Origin { usual, file, environment, flag };

// What the service runs by: flags go over the environment, that over the file, and that over what is usual.
struct Configuration {
  ServeOptions options;
  std::map<std::string, Origin> origins;  // of settings that are not as usual, by Setting::name
};

// Where the configuration of an installed service stands.
inline constexpr char const* usual_configuration_file = "/etc/bihuan/bihuan.toml";

// The file to read: the one given, else the one that BIHUAN_CONFIG names, else the usual one where it is there, else
// none (an empty path).
[[nodiscard]] std::filesystem::path configuration_file(std::filesystem::path const& given);

// Reads `file` (TOML; none when empty) and what `environment` ("NAME=value") says over it. Every fault is in the
// answer: of the file with its line, of a value with the pointer of its setting, and whatever nobody knows.
[[nodiscard]] Result<Configuration> read_configuration(std::filesystem::path const& file,
                                                       std::vector<std::string> const& environment);

// The same, with what could be read in spite of its faults; nothing of a file that is no TOML.
[[nodiscard]] std::optional<Configuration> read_configuration(std::filesystem::path const& file,
                                                              std::vector<std::string> const& environment,
                                                              Refusals& faults);

// A flag was given.
void take_flag(Configuration& configuration, Setting const& setting, ServeOptions const& given);

// The environment of this process.
[[nodiscard]] std::vector<std::string> environment_of_process();

// A configuration file that says the same, each setting with where it comes from. `redacted` leaves passwords out.
void print_configuration(std::ostream& out, Configuration const& configuration, bool redacted);

}  // namespace bihuan
