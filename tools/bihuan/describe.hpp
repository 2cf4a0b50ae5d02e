// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace bihuan {

struct DescribeOptions {
  std::vector<std::filesystem::path> files;  // empty: every definition in `workflows`
  std::filesystem::path workflows;
  std::filesystem::path output;  // empty: standard output, which takes one definition
  std::string language = "zh";   // zh, en
};

// `bihuan describe`: definitions as pages for people; with `output`, ID.html each and an index.html beside
// them. 0; 1 when a definition has faults or a page cannot be written, and then nothing is written; 2 when an
// option has no meaning.
int run_describe(DescribeOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
