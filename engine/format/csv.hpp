// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bihuan {

// One line by RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it.
class CsvLine {
 public:
  void text(std::string_view value);
  // A number or an instant, which never is a formula.
  void plain(std::string_view value);
  [[nodiscard]] std::string take();

 private:
  void separate();

  std::string line_;
  bool first_ = true;
};

// What was written by CsvLine::text, as it was before.
[[nodiscard]] std::string csv_unguarded(std::string_view cell);

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace bihuan
