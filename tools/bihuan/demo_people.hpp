// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/core/organisation.hpp"
#include "engine/store/store.hpp"
#include "tools/bihuan/demo_words.hpp"

namespace bihuan {

// People for every role in the units that fit; without passwords yet.
[[nodiscard]] std::vector<Person> make_demo_people(Organisation const& organisation, DemoWords const& words,
                                                   DemoRandom& random);

// demo-people.json: who can sign in, and how.
[[nodiscard]] std::string demo_people_file(std::vector<Person> const& people, std::string const& password);

}  // namespace bihuan
