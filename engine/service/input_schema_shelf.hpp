// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "engine/core/input_schemas.hpp"

namespace bihuan {

// The schemas of each definition that was asked for, with the units as they are now. Safe to use from any thread.
class InputSchemaShelf {
 public:
  // Both must live as long as this.
  [[nodiscard]] std::shared_ptr<InputSchemas const> of(Definition const& definition, Organisation const& organisation) {
    std::scoped_lock const lock(mutex_);
    auto& made = made_[&definition];
    if (made.organisation != &organisation)
      made = {&organisation, std::make_shared<InputSchemas const>(definition, organisation)};
    return made.schemas;
  }

 private:
  struct Made {
    Organisation const* organisation = nullptr;
    std::shared_ptr<InputSchemas const> schemas{};
  };
  std::mutex mutex_;
  std::map<Definition const*, Made> made_;
};

}  // namespace bihuan
