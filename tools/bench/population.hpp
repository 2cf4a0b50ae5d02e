// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/service/case_service.hpp"

namespace bihuan::bench {

[[nodiscard]] Library load_library();
[[nodiscard]] Instant wall_clock();

// As it is served: durable.
[[nodiscard]] std::unique_ptr<Store> open_store(std::filesystem::path const& directory, Library& library);

// Whose cases they are and who works on them.
inline constexpr char lead_unit[] = "water";
[[nodiscard]] Actor handler(std::size_t number);
// What a session of that person is asked for with.
[[nodiscard]] std::string token_of_handler(std::size_t number);
inline constexpr std::size_t handlers = 64;

// The step that is measured may be taken again and again: `progress` of an inspection issue that is being
// rectified. It writes two fields and the restart of a monthly deadline by the calendar.
inline constexpr char step[] = "progress";
[[nodiscard]] Json step_input(std::int64_t percent);

// Issues that are being rectified under `lead_unit`, none of them due soon, and its handlers with their
// sessions. The ids of the cases.
[[nodiscard]] std::vector<std::string> fill_with_open_issues(std::filesystem::path const& directory, Library& library,
                                                             std::size_t count);

// A district after some years: of the issues 15 % are overdue, 15 % open, 70 % closed; a tenth are
// `busy_unit`'s.
inline constexpr char busy_unit[] = "lijiatuo";
inline constexpr char token_of_supervisor[] = "token-of-supervisor";  // who sees all of them
void fill_with_years_of_issues(std::filesystem::path const& directory, Library& library, std::size_t count);

}  // namespace bihuan::bench
