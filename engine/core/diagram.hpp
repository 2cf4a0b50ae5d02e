// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>

#include "engine/core/definition.hpp"

namespace bihuan {

struct DiagramOptions {
  Language language = Language::zh;
  std::string current;            // the state a case is in; empty when no case is shown
  std::set<std::string> visited;  // the states it has been in
  // What else to say: of a state below its owner, of a transition behind its title.
  std::map<std::string, std::string> of_states{};
  std::map<std::string, std::string> of_transitions{};
};

// A workflow as a picture for people: the same definition always gives the same bytes.

// A stateDiagram-v2 of Mermaid.
[[nodiscard]] std::string diagram_mermaid(Definition const& definition, Language language = Language::zh);

// Graphviz.
[[nodiscard]] std::string diagram_dot(Definition const& definition, Language language = Language::zh);

// A whole SVG document that needs no style sheet, no script and no font of its own. Each state and transition
// carries its id (data-state, data-transition), so that a page can find it.
[[nodiscard]] std::string diagram_svg(Definition const& definition, DiagramOptions const& options = {});

}  // namespace bihuan
