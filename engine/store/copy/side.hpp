// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "engine/store/sql/connection.hpp"

namespace bihuan {

// One end of a copy: a store's tables, as only its own kind of store can reach them. Whoever holds it keeps everybody
// else away.
struct CopySide {
  // Goes last.
  std::shared_ptr<void> held;
  std::unique_ptr<sql::Connection> cases;
  // Where attachments lie in a database of their own; else nothing.
  std::unique_ptr<sql::Connection> attachments;

  [[nodiscard]] sql::Connection& of(bool attachment) const { return attachment && attachments ? *attachments : *cases; }
};

enum class CopyEnd { from, to };

}  // namespace bihuan
