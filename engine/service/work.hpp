// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/service/case_service.hpp"

namespace bihuan {

// Everything that one command changes: the case it is about, the cases its effects open, and the cases that
// watch these through a link. Becomes one append, all or none. Private to engine/service.
class Work {
 public:
  Work(Store& store, Library const& library, Actor const& actor, Visibility visibility, IdMaker const& make_id,
       Instant now);

  // Adds a decision over `before` (of revision 0 for a case that it opens) and all that follows from it.
  [[nodiscard]] Result<void> add(Definition const& definition, Case const& before, Decision decision);

  [[nodiscard]] Append take();

 private:
  struct Item {
    Definition const* definition;
    Case before;
    Case after;
    std::vector<Event> events;
  };

  [[nodiscard]] Result<void> open(Definition const& from, Case const& parent, OpenRequest const& request,
                                  Decision& decision);
  [[nodiscard]] Result<void> link(Definition const& from, Link const& wanted, Decision& decision);
  [[nodiscard]] Result<void> tell_watchers(Case const& before, Case const& after);
  [[nodiscard]] std::optional<Case> present(std::string const& id);
  [[nodiscard]] Change change_of(Item item);

  Store& store_;
  Library const& library_;
  Actor const& actor_;
  Visibility visibility_;
  IdMaker const& make_id_;
  Instant now_;
  std::vector<std::string> order_;
  std::map<std::string, Item> items_;
  std::vector<OutboxMessage> outbox_;
  int depth_ = 0;
};

}  // namespace bihuan
