// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/store/sql/readers.hpp"
#include "engine/store/sql/writer.hpp"

namespace bihuan::sql {

// Writes and reads one row. Throws StoreFault when either fails.
void probe(Writer& writer, Readers& readers);

}  // namespace bihuan::sql
