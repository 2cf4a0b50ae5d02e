// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace bihuan::http {

// Where the head of a request ends in the bytes received so far.
struct HeadScan {
  std::size_t length = 0;     // with the empty line at its end; 0 when it is not there yet
  bool bare_newline = false;  // a line that ends without a carriage return
  std::size_t scanned = 0;    // pass back in to go on from here
};
[[nodiscard]] HeadScan scan_head(std::string_view bytes, std::size_t scanned);

struct HeadFault {
  int status = 400;
  std::string_view key;  // of the message that says what is wrong
};

// What Beast's parser lets through and this server does not, because two readers of the same bytes could
// disagree on where a request ends or whom it is for: see the table of cases in the tests. `head` ends with
// its empty line.
[[nodiscard]] std::optional<HeadFault> check_head(std::string_view head, std::size_t field_limit);

}  // namespace bihuan::http
