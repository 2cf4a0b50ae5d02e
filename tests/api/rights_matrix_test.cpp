// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "tests/api/matrix/matrix.hpp"

using namespace bihuan;
using namespace bihuan::test;

TEST_CASE("over the whole matrix of rights, what is allowed succeeds and all else is refused and changes nothing") {
  // Two at a time, each in a district of its own, the long ones first.
  District first;
  District second;
  auto const situations = situations_of_all_stories(first.cases().library());
  auto definitions = first.cases().library().current_definitions();
  std::stable_sort(definitions.begin(), definitions.end(), [](Definition const* a, Definition const* b) {
    return a->transitions.size() * a->states.size() > b->transitions.size() * b->states.size();
  });
  std::atomic<std::size_t> next = 0;
  auto const walk = [&](District& district) {
    for (std::size_t i = next++; i < definitions.size(); i = next++) {
      auto const& definition = *definitions[i];
      try {
        Matrix matrix(district, definition, situations.at(definition.id));
        matrix.walk();
        MESSAGE(definition.id << ": " << matrix.succeeded() << " done, " << matrix.refused() << " refused");
        CHECK(matrix.succeeded() > 40);
        CHECK(matrix.refused() > 400);
        bool const conditions = std::ranges::any_of(definition.transitions, [](Transition const& transition) {
          return transition.trigger == Trigger::none && transition.when;
        });
        CHECK((matrix.unoffered() > 0) == conditions);
      } catch (std::exception const& fault) {
        FAIL_CHECK(definition.id << ": " << fault.what());
      }
    }
  };
  std::jthread const other([&] { walk(second); });
  walk(first);
}
