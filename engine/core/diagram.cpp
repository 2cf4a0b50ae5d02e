// SPDX-License-Identifier: Apache-2.0
#include "engine/core/diagram.hpp"

#include <map>

#include "engine/core/message.hpp"

namespace bihuan {
namespace {

std::string label_of(Transition const& transition, Language language) {
  auto label = in(language, transition.title);
  if (transition.trigger != Trigger::none) label += in(language, message("diagram.automatic"));
  return label;
}

// Mermaid ends a label at a line's end and reads #...; as a character.
std::string mermaid_text(std::string_view text) {
  std::string out;
  for (char const c : text) {
    switch (c) {
      case '#': out += "#35;"; break;
      case ';': out += "#59;"; break;
      case ':': out += "#58;"; break;
      case '"': out += "#34;"; break;
      case '<': out += "#60;"; break;
      case '>': out += "#62;"; break;
      case '\n': out += ' '; break;
      default: out += c;
    }
  }
  return out;
}

// Its identifiers know no hyphen.
std::map<std::string, std::string> mermaid_names(Definition const& definition) {
  std::map<std::string, std::string> names;
  std::map<std::string, int> used;
  for (auto const& state : definition.states) {
    auto name = state.id;
    for (auto& c : name) c = c == '-' ? '_' : c;
    auto const before = used[name]++;
    names[state.id] = before == 0 ? name : name + "__" + std::to_string(before + 1);
  }
  return names;
}

std::string dot_text(std::string_view text) {
  std::string out = "\"";
  for (char const c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + "\"";
}

}  // namespace

std::string diagram_mermaid(Definition const& definition, Language language) {
  auto const names = mermaid_names(definition);
  std::string out = "stateDiagram-v2\n";
  for (auto const& state : definition.states)
    out += "  state \"" + mermaid_text(in(language, state.title)) + "\" as " + names.at(state.id) + "\n";
  out +=
      "  [*] --> " + names.at(definition.initial) + ": " + mermaid_text(in(language, definition.opening.title)) + "\n";
  for (auto const& transition : definition.transitions) {
    for (auto const& from : transition.from)
      out += "  " + names.at(from) + " --> " + names.at(transition.to.empty() ? from : transition.to) + ": " +
             mermaid_text(label_of(transition, language)) + "\n";
  }
  for (auto const& state : definition.states) {
    if (state.final) out += "  " + names.at(state.id) + " --> [*]\n";
  }
  return out;
}

std::string diagram_dot(Definition const& definition, Language language) {
  std::string out = "digraph " + dot_text(definition.id) + " {\n  label=" + dot_text(in(language, definition.title)) +
                    ";\n  node [shape=box, style=rounded];\n  \"\" [shape=point];\n";
  for (auto const& state : definition.states)
    out += "  " + dot_text(state.id) + " [label=" + dot_text(in(language, state.title)) +
           (state.final ? ", peripheries=2" : "") + "];\n";
  out += "  \"\" -> " + dot_text(definition.initial) + " [label=" + dot_text(in(language, definition.opening.title)) +
         "];\n";
  for (auto const& transition : definition.transitions) {
    for (auto const& from : transition.from)
      out += "  " + dot_text(from) + " -> " + dot_text(transition.to.empty() ? from : transition.to) +
             " [label=" + dot_text(label_of(transition, language)) +
             (transition.trigger != Trigger::none ? ", style=dashed" : "") + "];\n";
  }
  return out + "}\n";
}

}  // namespace bihuan
