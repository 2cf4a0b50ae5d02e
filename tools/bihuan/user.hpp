// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace bihuan {

struct UserOptions {
  std::filesystem::path data = "data";
  std::string store{};  // postgresql://…, in the place of the directory
  std::filesystem::path workflows;
  std::string name;
  std::string full_name;
  std::string unit;
  std::vector<std::string> roles;
  bool duty_leader = false;
  bool password_on_input = false;  // one line of standard input; never an argument, which every process can read
  bool json = false;
};

// `bihuan user`: people, in a data directory that no server has open. 0, or 1 with the reason on `err`.
int run_user_add(UserOptions const& options, std::istream& in, std::ostream& out, std::ostream& err);
int run_user_list(UserOptions const& options, std::ostream& out, std::ostream& err);
int run_user_passwd(UserOptions const& options, std::istream& in, std::ostream& out, std::ostream& err);
int run_user_disable(UserOptions const& options, std::ostream& out, std::ostream& err);
int run_user_enable(UserOptions const& options, std::ostream& out, std::ostream& err);
int run_user_roles(UserOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
