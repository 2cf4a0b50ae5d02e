// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sql/probe.hpp"

namespace bihuan::sql {
namespace {

constexpr Sql probe_write{"probe write", "UPDATE probe SET count = count + 1"};
constexpr Sql probe_read{"probe read", "SELECT count FROM probe"};

}  // namespace

void probe(Writer& writer, Readers& readers) {
  writer.must_write([](Connection& connection) { connection.run(probe_write); });
  auto const reader = readers.lease();
  auto row = reader->query(probe_read);
  row.step();
}

}  // namespace bihuan::sql
