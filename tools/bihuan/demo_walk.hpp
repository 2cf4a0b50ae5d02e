// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <vector>

#include "engine/service/case_service.hpp"
#include "tools/bihuan/demo_input.hpp"

namespace bihuan {

// Lives the life of a district: matters are opened over the months before `now`, and people do with them, one
// step after the other in order of time, what the engine offers them; mostly in time, sometimes late, now and
// then never. Knows no workflow: it goes by definitions and offers alone.
class DemoWalk {
 public:
  DemoWalk(Store& store, Library const& library, std::vector<Person> const& people, DemoWords const& words,
           std::uint64_t seed, Instant now);

  // Until people have opened `cases` cases and time has come to `now`; what follows from these comes on top.
  void run(std::size_t cases);

  // From midnight `from` to `now`, with `cases_a_month` that people open, first one of each workflow, and those that
  // open by themselves; what the system opens finds its people too. The store is empty.
  void live(Instant from, std::size_t cases_a_month);

  [[nodiscard]] std::size_t opened() const { return lives_.size(); }

 private:
  struct Life {
    std::string id;
    std::string workflow;
    DemoMatter matter;
    std::map<std::string, int> done;  // how often each action was
    int stuck = 0;                    // how often in a row nobody could do anything
  };
  struct Task {
    Instant at;
    std::size_t order;                // of two at the same instant
    std::optional<std::size_t> life;  // nothing: a case is opened
    bool operator>(Task const& other) const { return at != other.at ? at > other.at : order > other.order; }
  };
  struct Choice {
    Person const* person;
    OfferedAction offer;
    int weight;
  };

  void plan_openings(Instant from, Instant to, std::size_t cases);
  void work_off(Instant until);
  void pass_to(Instant at);
  void take_in_new();
  void open_one();
  [[nodiscard]] Definition const& next_to_open();
  [[nodiscard]] int share_of(Definition const& definition) const;
  void step(std::size_t life);
  void take_in_linked(Case const& subject, DemoMatter matter);
  void schedule(std::size_t life, Case const& subject);
  [[nodiscard]] std::vector<Choice> choices(Life const& life, Case const& subject);
  void add_choices(Life const& life, Case const& subject, std::vector<Person const*> people, std::vector<Choice>& into);
  [[nodiscard]] int weight(Life const& life, Case const& subject, Definition const& definition,
                           OfferedAction const& offer);
  [[nodiscard]] std::optional<Case> try_action(Life& life, Case const& subject, Choice const& choice);
  [[nodiscard]] Json given(Life const& life, Case const& subject, OfferedAction const& offer, int attempt);
  [[nodiscard]] Json extension_input(Case const& subject, OfferedAction const& offer);
  void name_linked_units(Definition const& definition, Action const& action, Case const& subject, Json& input);
  [[nodiscard]] std::map<std::string, std::vector<std::string>> papers(Definition const& definition,
                                                                       std::vector<std::string> const& kinds,
                                                                       Person const& person, std::string const& about);
  [[nodiscard]] std::string other_case(Definition const& definition, Action const& action, std::string const& not_this);
  [[nodiscard]] DemoInput input_for(Definition const& definition);
  [[nodiscard]] Instant working_time(Instant not_before);
  [[nodiscard]] std::map<std::string, int> const& depths(Definition const& definition);
  [[nodiscard]] int year_of(Instant at) const;
  [[nodiscard]] std::string make_id(Instant at);

  Store& store_;
  Library const& library_;
  DemoWords const& words_;
  DemoRandom random_;
  Instant now_;    // where it ends
  Instant clock_;  // where it is
  CaseService service_;
  std::map<std::string, std::vector<Person const*>> people_by_unit_;
  std::vector<Person const*> people_;
  std::set<std::string> staffed_units_;
  std::priority_queue<Task, std::vector<Task>, std::greater<>> tasks_;
  std::size_t order_ = 0;
  std::size_t openings_ = 0;             // still to come
  std::deque<Definition const*> first_;  // of what they are, before chance decides
  bool living_ = false;                  // day by day, with the cases that open by themselves
  std::vector<Life> lives_;
  std::set<std::string> known_;
  std::set<std::string> named_;  // what people opened: workflow and title
  std::map<Definition const*, std::map<std::string, int>> depths_;
};

}  // namespace bihuan
