// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/service/case_service.hpp"
#include "engine/service/library.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

// The district's units as an administrator keeps them, over those of the workflows' directory. Nothing is ever taken
// away: a dissolved unit still names what it did. Who may call what is not decided here. Safe to call from any thread.
class Units {
 public:
  Units(Store& store, Library& library, Clock clock) : store_(store), library_(library), clock_(std::move(clock)) {}

  // What is absent stays as it is.
  struct Change {
    std::optional<Text> title{};
    std::optional<std::string> kind{};
    std::optional<std::string> parent{};
    std::optional<bool> dissolved{};
  };

  // Refused with name_clash or faults by pointer.
  [[nodiscard]] Result<KeptUnit> add(OrganisationUnit const& unit);
  // The unit as it is then. Refused with not_found, stale_version, unit_in_use or faults by pointer; without an
  // expected revision, whatever it is.
  [[nodiscard]] Result<KeptUnit> change(std::string const& id, Change const& change,
                                        std::optional<std::int64_t> expected_revision);

  [[nodiscard]] std::optional<KeptUnit> find(std::string const& id);
  // As a tree is read: in the order of the directory, then as they were added.
  [[nodiscard]] std::vector<KeptUnit> list();

 private:
  [[nodiscard]] Result<KeptUnit> keep(OrganisationUnit const& unit, std::int64_t expected_revision);
  [[nodiscard]] std::optional<Refusal> why_not_dissolve(OrganisationUnit const& unit);

  Store& store_;
  Library& library_;
  Clock clock_;
  std::mutex changing_;  // each change starts from the tree that the one before left
};

}  // namespace bihuan
