// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace bihuan {

struct TokenOptions {
  std::filesystem::path data = "data";
  std::string store{};  // postgresql://…, in the place of the directory
  std::filesystem::path workflows;
  std::string user;  // the person's name
  std::string name;  // of the token; for revoke its id
  std::string scope = "read";
  int days = 90;
  bool json = false;
};

// `bihuan token`: machine tokens, in a data directory that no server has open. 0, or 1 with the reason on
// `err`.
int run_token_create(TokenOptions const& options, std::ostream& out, std::ostream& err);
int run_token_list(TokenOptions const& options, std::ostream& out, std::ostream& err);
int run_token_revoke(TokenOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
