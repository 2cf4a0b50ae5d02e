// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/core/definition.hpp"
#include "engine/core/diagram.hpp"

namespace bihuan {

// A definition as a page that a lawyer can check: its diagram, each step with who takes it, what it demands,
// which deadlines it starts and what it rests on, each deadline with how it is counted, and each source with
// how sure it is and where it is used. A whole HTML document that needs nothing else.
[[nodiscard]] std::string definition_page(Definition const& definition, Language language);

// A page of links to definition pages that lie beside it as ID.html.
[[nodiscard]] std::string definitions_index(std::vector<Definition const*> const& definitions, Language language);

}  // namespace bihuan
