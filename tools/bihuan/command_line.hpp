// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace bihuan {

// Each verb puts what it will do here; one is done once the command line is known to be good.
using Verb = std::function<int()>;

// `bihuan serve`, and what is said of its settings and its state.
void add_serving(CLI::App& app, Verb& chosen);
// Verbs over definitions, their calendar and their rules.
void add_definitions(CLI::App& app, Verb& chosen);
// Verbs over what is kept: made up, held against itself, copied, brought back.
void add_data(CLI::App& app, Verb& chosen);
// Verbs over people, their units and how they come in.
void add_people(CLI::App& app, Verb& chosen);
// Verbs that take case data out and bring it in.
void add_ledgers(CLI::App& app, Verb& chosen);

}  // namespace bihuan
