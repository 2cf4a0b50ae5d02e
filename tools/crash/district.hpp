// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/service/library.hpp"
#include "engine/store/store.hpp"

namespace bihuan::crash {

// Who loads the program: every eighth is a supervisor, the others handle what the lead unit has to put right.
inline constexpr std::size_t clients = 64;
[[nodiscard]] bool is_supervisor(std::size_t client);
[[nodiscard]] std::string person_of(std::size_t client);
[[nodiscard]] std::string token_of(std::size_t client);

[[nodiscard]] Instant wall_clock();
[[nodiscard]] Library load_library();

// Issues that are being rectified, none due soon: what a client's steps may be taken on again and again.
struct Issues {
  std::vector<std::string> ids;
  std::int64_t revision = 0;  // of each
};

// Makes a data directory with such issues, the clients and their sessions.
[[nodiscard]] Issues make_district(std::filesystem::path const& data, std::size_t issues);

// So many more that are overdue, and of which nobody has been reminded: for whoever sweeps first.
void add_overdue_issues(Store& store, Library& library, std::size_t issues);

}  // namespace bihuan::crash
