// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/engine_load.hpp"

#include <stdexcept>
#include <utility>

#include "tools/bench/population.hpp"

namespace bihuan::bench {

CaseTurns::CaseTurns(std::vector<std::string> ids, std::int64_t revision) : ids_(std::move(ids)) {
  for (std::size_t i = 0; i < ids_.size(); ++i) revisions_.emplace_back(revision);
}

Side advance_in_process(CaseService& service, CaseTurns& turns, std::size_t threads) {
  return [&service, &turns, threads](std::chrono::milliseconds time) {
    return run_threads(threads, time, [&](std::size_t thread) {
      auto const place = turns.take();
      ActionRequest request;
      request.case_id = turns.id(place);
      request.action = step;
      request.input = step_input(turns.revision(place));
      request.expected_revision = turns.revision(place);
      auto const done = service.act(request, handler(thread % handlers));
      if (!done) throw std::runtime_error(done.error().front().text.en);
      turns.advanced(place);
    });
  };
}

}  // namespace bihuan::bench
