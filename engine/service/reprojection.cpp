// SPDX-License-Identifier: Apache-2.0
#include "engine/service/reprojection.hpp"

#include <algorithm>
#include <stdexcept>

#include "engine/core/reprojection.hpp"
#include "engine/service/work.hpp"

namespace bihuan {
namespace {

constexpr std::size_t cases_at_once = 200;

class Projector {
 public:
  Projector(Store& store, Library const& library, std::string const& calendar, Instant now, Trial trial)
      : store_(store), library_(library), calendar_(calendar), now_(now), trial_(trial) {}

  Reprojection run() {
    CaseQuery query;
    query.sort = CaseQuery::Sort::opened_oldest;
    query.limit = cases_at_once;
    do {
      auto page = store_.cases().list(query, Visibility::of_everything(), now_);
      if (!page) throw std::runtime_error(page.error().front().text.en);
      take(page->items);
      query.cursor = page->next_cursor;
    } while (!query.cursor.empty());
    return std::move(result_);
  }

 private:
  void take(std::vector<Case> const& cases) {
    Work work(store_, library_, system_, Visibility::of_everything(), make_id_, now_);
    bool any = false;
    for (auto const& subject : cases) {
      auto const* const definition = library_.find(subject.workflow, subject.version);
      auto const running = std::count_if(subject.deadlines.begin(), subject.deadlines.end(),
                                         [](Deadline const& d) { return d.state == Deadline::State::running; });
      if (!definition || definition->calendar != calendar_ || running == 0) continue;
      result_.running += static_cast<std::size_t>(running);
      auto decision = decide_calendar_changed(
          {*definition, library_.calendar_of(*definition), library_.organisation(), now_}, subject);
      report(*definition, subject, decision);
      // Also where no deadline moved: a rung some working days after it may have.
      if (!work.add(*definition, subject, std::move(decision)))
        throw std::runtime_error(subject.number + ": cannot be reckoned anew");
      any = true;
    }
    if (!any || trial_ == Trial::dry_run) return;
    if (auto const appended = store_.cases().append(work.take()); !appended)
      throw std::runtime_error(appended.error().front().text.en);
  }

  void report(Definition const& definition, Case const& subject, Decision const& decision) {
    for (auto const& event : decision.events) {
      auto const& body = event.body;
      auto const from = *parse_instant(body.at("before").get_ref<std::string const&>());
      auto const to = *parse_instant(body.at("due").get_ref<std::string const&>());
      if (from == to) {
        ++result_.settled;
        continue;
      }
      auto const name = body.at("deadline").get<std::string>();
      result_.moved.push_back({.case_id = subject.id,
                               .number = subject.number,
                               .workflow = subject.workflow,
                               .deadline = name,
                               .title = definition.find_deadline(name)->title,
                               .cycle = body.at("cycle").get<int>(),
                               .from = from,
                               .to = to,
                               .provisional = body.at("provisional").get<bool>()});
    }
  }

  Store& store_;
  Library const& library_;
  std::string const& calendar_;
  Instant now_;
  Trial trial_;
  Actor const system_ = Actor::the_system();
  IdMaker const make_id_ = [](Instant at) { return make_id(at); };
  Reprojection result_;
};

}  // namespace

Reprojection reproject(Store& store, Library const& library, std::string const& calendar, Instant now, Trial trial) {
  return Projector(store, library, calendar, now, trial).run();
}

}  // namespace bihuan
