// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace bihuan {

struct InsightOptions {
  std::filesystem::path data;
  std::filesystem::path workflows;
  std::string workflow;
  std::string from;  // when the cases were opened: instants or dates; may be empty
  std::string to;
  std::string format = "text";  // text, json, svg
  std::string language = "zh";
};

// `bihuan insight`: where the cases of a workflow wait, how long against their limits, and which way they go. 0; 1 when
// the data cannot be read or the workflow is not known.
int run_insight(InsightOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
