// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/configuration.hpp"
#include "tools/bihuan/verb_help.hpp"

namespace bihuan {
namespace {

// man reads a hyphen as a dash, a backslash as a command, and a full stop or quote at the start of a line as a request.
std::string plain(std::string const& text) {
  std::string safe;
  for (char const c : text) {
    if ((c == '.' || c == '\'') && safe.empty()) safe += "\\&";
    if (c == '-' || c == '\\') safe += '\\';
    safe += c == '\\' ? 'e' : c;
  }
  return safe;
}

void write_verb(std::string& page, VerbHelp const& verb, std::string const& path) {
  auto const name = path.empty() ? verb.name : path + " " + verb.name;
  page += ".SS " + plain(name);
  for (auto const& argument : verb.arguments) page += " " + plain(argument);
  page += "\n" + plain(verb.what) + ".\n";
  for (auto const& flag : verb.flags)
    page += ".TP\n.B " + plain(flag.name) + "\n" + (flag.what.empty() ? "\\&" : plain(flag.what)) + "\n";
  for (auto const& inner : verb.verbs) write_verb(page, inner, name);
}

}  // namespace

std::string manual_of(VerbHelp const& program) {
  std::string page =
      ".TH BIHUAN 1\n.SH NAME\nbihuan \\- cases from finding to closing, under their deadlines\n"
      ".SH SYNOPSIS\n.B bihuan\n.I verb\n.RI [ options ]\n.SH VERBS\n";
  for (auto const& verb : program.verbs) write_verb(page, verb, "");
  page += ".SH FILES\n.TP\n.I " + plain(usual_configuration_file) +
          "\nThe configuration; bihuan config show prints one with every setting.\n"
          ".SH ENVIRONMENT\n.TP\n.B BIHUAN_CONFIG\nAnother configuration file.\n.TP\n.B BIHUAN_SECTION__KEY\n"
          "Goes over that setting of the file; lists are separated by commas.\n"
          ".SH EXIT STATUS\n0: done. 1: it says no. 2: wrong use.\n";
  return page;
}

}  // namespace bihuan
