// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/service/case_service.hpp"

namespace bihuan {

// Somebody of every unit with every role, who knows nothing but allowed_actions and input_schema and does what comes
// to mind: the same on the same seed.
class Stranger {
 public:
  Stranger(Library const& library, std::uint64_t seed);

  struct Deed {
    Actor actor;
    std::string case_id;  // empty: tried to open one
    std::string workflow;
    std::string action;       // "open", or of allowed_actions
    std::int64_t before = 0;  // the revision it was decided on
  };

  // What they would do next, with everything it takes: documents are uploaded. Nothing when they see no way.
  struct Intent {
    Deed deed;
    OpenCaseRequest opening;
    ActionRequest request;
  };
  [[nodiscard]] std::optional<Intent> think_of_opening(CaseService& service, Definition const& definition);
  [[nodiscard]] std::optional<Intent> think_of_step(CaseService& service, std::string const& case_id);
  [[nodiscard]] static Result<CaseAt> act(CaseService& service, Intent const& intent,
                                          std::optional<Repeatable> const& repeatable = std::nullopt);

  [[nodiscard]] Actor const& anybody() { return actors_[pick(actors_.size())]; }
  // Somebody with one role, or none.
  [[nodiscard]] Actor somebody();
  [[nodiscard]] std::size_t pick(std::size_t count);

 private:
  [[nodiscard]] Json value_of(CaseService& service, Json const& schema);
  [[nodiscard]] Json input_of(CaseService& service, Json const& schema, std::size_t generosity);
  [[nodiscard]] std::string upload(CaseService& service, Definition const& definition, std::string const& kind,
                                   std::string const& bytes, Actor const& actor);

  Library const& library_;
  std::mt19937_64 random_;
  std::vector<Actor> actors_;
  std::vector<std::string> roles_;
};

}  // namespace bihuan
