// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bihuan::crash {

// One step that somebody asked for, as its asker knows of it.
struct Asked {
  std::string token;  // its Idempotency-Key, and the comment of the event that it makes
  std::string person;
  std::string case_id{};      // empty while it is not known: the step opens the case
  std::int64_t revision = 0;  // that it makes
  bool acknowledged = false;
};

// Bytes that somebody gave in charge.
struct Uploaded {
  std::string sha256;
  std::string person;
};

}  // namespace bihuan::crash
