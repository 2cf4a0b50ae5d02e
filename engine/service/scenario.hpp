// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "engine/service/case_service.hpp"
#include "engine/service/library.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

// A story as data, played through the real service and a real store on a clock of its own
// (workflows/README.md, "Scenarios").
struct ScenarioReport {
  std::string workflow;
  Text title;
  std::size_t steps = 0;
  Refusals faults;  // by JSON pointer into the scenario; empty when all of it holds
};

// A case of the story: before a step is taken on it, with what the step asks for, and as each step leaves it.
struct ScenarioMoment {
  Case const& subject;
  Instant now;
  ActionRequest const* request = nullptr;  // nothing after the step
};

// `make_store` gives an empty store; it need not be durable. `observe`, when given, sees the case before each
// action that is not expected to be refused, and after each step the case and those it is linked with.
[[nodiscard]] ScenarioReport run_scenario(OrderedJson const& document, Library const& library,
                                          std::function<std::unique_ptr<Store>()> const& make_store,
                                          std::function<void(ScenarioMoment const&)> const& observe = {});

}  // namespace bihuan
