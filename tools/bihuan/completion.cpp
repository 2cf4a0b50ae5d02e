// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include "tools/bihuan/verb_help.hpp"

namespace bihuan {
namespace {

// Each verb with the verbs that lead to it: "", " serve", " user", " user add".
void walk(VerbHelp const& verb, std::string const& path,
          std::function<void(VerbHelp const&, std::string const&)> const& visit) {
  visit(verb, path);
  for (auto const& inner : verb.verbs) walk(inner, path + " " + inner.name, visit);
}

std::string shell_word(std::string const& text) {
  std::string safe = "'";
  for (char const c : text) safe += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return safe + "'";
}

std::string bash(VerbHelp const& program) {
  std::string paths;
  std::string words;
  walk(program, "", [&](VerbHelp const& verb, std::string const& path) {
    if (!path.empty()) paths += (paths.empty() ? "" : "|") + shell_word(path);
    std::string offered;
    for (auto const& inner : verb.verbs) offered += inner.name + " ";
    for (auto const& flag : verb.flags) offered += flag.name + " ";
    words += "    " + shell_word(path) + ") words=" + shell_word(offered) + " ;;\n";
  });
  return R"(_bihuan() {
  local word path='' words=''
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
      )" +
         paths + R"() path="$path $word" ;;
    esac
  done
  case "$path" in
)" + words +
         R"(  esac
  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _bihuan bihuan
)";
}

std::string fish(VerbHelp const& program) {
  std::string script = "complete -c bihuan -f\n";
  walk(program, "", [&](VerbHelp const& verb, std::string const& path) {
    auto const space = path.rfind(' ');
    std::string here = path.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + verb.name;
    if (space != std::string::npos && space > 0)
      here = "__fish_seen_subcommand_from " + path.substr(1, space - 1) + "; and " + here;
    for (auto const& inner : verb.verbs)
      script +=
          "complete -c bihuan -n " + shell_word(here) + " -a " + inner.name + " -d " + shell_word(inner.what) + "\n";
    for (auto const& flag : verb.flags) {
      script +=
          "complete -c bihuan -n " + shell_word(here) + " -l " + flag.name.substr(2) + (flag.takes_value ? " -rF" : "");
      script += " -d " + shell_word(flag.what) + "\n";
    }
  });
  return script;
}

}  // namespace

std::string completion_for(std::string const& shell, VerbHelp const& program) {
  if (shell == "fish") return fish(program);
  return shell == "zsh" ? "#compdef bihuan\nautoload -U +X bashcompinit && bashcompinit\n" + bash(program)
                        : bash(program);
}

}  // namespace bihuan
