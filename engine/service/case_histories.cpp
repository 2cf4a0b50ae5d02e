// SPDX-License-Identifier: Apache-2.0
#include "engine/service/case_histories.hpp"

#include <stdexcept>

namespace bihuan {
namespace {

constexpr std::size_t page_size = 100;

}  // namespace

CaseHistories::CaseHistories(CaseService& cases, Actor actor, CaseQuery query)
    : cases_(cases), actor_(std::move(actor)), query_(std::move(query)) {
  query_.limit = page_size;
}

std::vector<CaseHistory> CaseHistories::next_page() {
  std::vector<CaseHistory> histories;
  while (histories.empty() && !ended_) {
    auto page = cases_.list(query_, actor_);
    if (!page) throw std::runtime_error("a walk's own cursor was refused");
    for (auto& subject : page->items) {
      // Between the list and its history a case may have gone out of sight.
      auto events = cases_.history(subject.id, actor_);
      if (events) histories.push_back({.subject = std::move(subject), .events = std::move(*events)});
    }
    query_.cursor = page->next_cursor;
    ended_ = query_.cursor.empty();
  }
  return histories;
}

}  // namespace bihuan
