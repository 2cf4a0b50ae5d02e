// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.hpp"
#include "engine/store/postgres/connection.hpp"

namespace bihuan::postgres {

// Applies what is missing of the numbered schema changes, one node at a time. Refused with newer_store, before anything
// is touched, when the database has changes that this program does not know.
[[nodiscard]] Result<void> bring_up_to_date(Connection& connection);

}  // namespace bihuan::postgres
