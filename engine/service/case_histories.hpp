// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/core/event.hpp"
#include "engine/service/case_service.hpp"

namespace bihuan {

struct CaseHistory {
  Case subject;               // as a list shows it
  std::vector<Event> events;  // as the actor may read them
};

// Walks a list page by page with the history of each case; only one page stands in memory.
class CaseHistories {
 public:
  CaseHistories(CaseService& cases, Actor actor, CaseQuery query);

  // Empty at the end.
  [[nodiscard]] std::vector<CaseHistory> next_page();

 private:
  CaseService& cases_;
  Actor actor_;
  CaseQuery query_;
  bool ended_ = false;
};

}  // namespace bihuan
