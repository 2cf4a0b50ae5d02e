// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/service/sealer.hpp"
#include "tests/service/fixture.hpp"

namespace bihuan {

// An office with a sealer, and cases with something in them.
struct SealedOffice : Office {
  explicit SealedOffice(SealRules rules = {})
      : sealer(
            *store, [this] { return now; }, rules) {}

  Sealer sealer;

  static Actor inspector() { return person("in", "yudong", {"inspector"}); }

  std::string open_case() {
    auto const* const definition = library.current("inspection-issue");
    OpenCaseRequest request;
    request.workflow = definition->id;
    request.fields = Json(definition->example.at("fields"));
    auto const opened = service.open(request, inspector());
    REQUIRE(opened.has_value());
    return opened->subject.id;
  }
  void comment(std::string const& id, std::string const& text) {
    ActionRequest request;
    request.case_id = id;
    request.action = "comment";
    request.comment = text;
    REQUIRE(service.act(request, inspector()).has_value());
  }
};

}  // namespace bihuan
