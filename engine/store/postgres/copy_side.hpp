// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/core/result.hpp"
#include "engine/store/copy/side.hpp"

namespace bihuan {

// A PostgreSQL database as one end of a copy, brought up to date; its tables are made when it is the end that is copied
// to. While it is held no node can start on it. Refused with store_in_use when somebody else is connected to it under
// the same name, or copies, and when it is the source and only half copied itself, and with newer_store. Throws
// StoreFault.
[[nodiscard]] Result<CopySide> postgres_copy_side(std::string const& uri, CopyEnd end);

}  // namespace bihuan
