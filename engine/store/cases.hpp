// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/access.hpp"
#include "engine/core/case.hpp"
#include "engine/core/event.hpp"
#include "engine/core/result.hpp"
#include "engine/core/time.hpp"
#include "engine/store/circle.hpp"
#include "engine/store/page.hpp"

namespace bihuan {

// One command's effect on one case.
struct Change {
  Case before;                    // as this store gave it and it was decided on; of revision 0 where this opens it
  Case after;                     // a new case's number is empty: the transaction gives it
  std::vector<Event> events;      // without hashes: the store chains them
  std::string number_scope;       // "BN-WT-2026"; for a new case
  std::string owner_party;        // of the state it is in: whose worklist it stands in; empty when final
  std::optional<Instant> wakeup;  // when the sweeper must look at it next
  std::string search_text;        // what a search should find
};

// A repeated request is answered from what the first one did.
struct IdempotencyKey {
  std::string person;
  std::string key;
  std::string request_hash;
};
struct Remembered {
  std::string request_hash;
  std::string case_id;
  std::int64_t revision = 0;
  Instant at{};
};

struct OutboxMessage {
  std::string kind;
  std::string case_id;
  Json body;
};

// That a row of a ledger from elsewhere became this case: the same row of the same source never opens another.
struct ImportedRow {
  std::string source;
  std::string key;
  std::string case_id;
};

struct Append {
  std::vector<Change> changes;  // all or none; the first is the one the caller asked for
  std::vector<OutboxMessage> outbox;
  std::optional<IdempotencyKey> key;
  Instant at{};
  std::vector<ImportedRow> imported{};
};

struct Appended {
  std::vector<std::string> numbers;  // one for each change
};

// The next of many; nothing at their end.
using Appends = std::function<Result<std::optional<Append>>()>;

struct CaseQuery {
  // Initialised, so that a designated initializer may name only what it asks for.
  std::optional<std::string> workflow{};
  std::vector<std::string> states{};
  std::vector<std::string> reached{};    // has ever been in one of these states
  std::optional<std::string> unit{};     // holds a part; with `light`, owns the deadline
  std::optional<std::string> opener{};   // the person who opened it
  std::optional<std::string> handler{};  // a person who acted in it
  bool pending = false;                  // something in it waits for a second person
  // Red and yellow are listed soonest due first, whatever the sort.
  std::optional<Light> light{};
  std::optional<bool> final{};
  std::string but_version{};  // in any other version of its workflow; empty: in any
  std::optional<Instant> due_before{};
  std::optional<Instant> opened_from{};  // the first and the last instant, both included
  std::optional<Instant> opened_to{};
  std::optional<Instant> closed_from{};
  std::optional<Instant> closed_to{};
  std::string text{};  // full-text, bigrams
  // Its field `place` lies there. Listed nearest first, whatever the light and the sort.
  std::optional<Circle> near{};
  // By closing are listed only those that are closed.
  enum class Sort {
    opened_newest,
    opened_oldest,
    due_soonest,
    changed_newest,
    closed_newest,
  } sort = Sort::opened_newest;
  std::size_t limit = 50;
  std::string cursor{};
};

struct SummaryRow {
  std::string key;  // a unit, a state, a workflow or a category
  std::int64_t open = 0;
  std::int64_t closed = 0;
  std::int64_t red = 0;
  std::int64_t yellow = 0;
  std::int64_t green = 0;
  std::int64_t grey = 0;
};
enum class SummaryBy { unit, state, workflow, category };

// How many cases are open in one state of one version of a workflow.
struct OpenInState {
  std::string workflow;
  std::string version;
  std::string state;
  std::int64_t cases = 0;
};

// What came and went between two instants, the first included and the last not.
struct Flow {
  std::int64_t opened = 0;
  std::int64_t closed = 0;
  std::int64_t opened_and_closed = 0;  // of those that were opened then, how many are closed by now
};

// How many cases have ever been in a state.
struct Reached {
  std::string state;
  std::int64_t cases = 0;
};

// That a case came to a revision, with what it is now.
struct CaseChange {
  std::int64_t sequence = 0;  // by which changes of all cases are ordered; tells how many there were, so keep it inside
  std::string case_id;
  std::int64_t revision = 0;
  std::string number;
  std::string workflow;
  std::string state;
  bool final = false;
  bool veiled = false;  // not everybody who sees the case may know of each of its revisions
};
struct CaseChanges {
  std::vector<CaseChange> items;
  std::int64_t up_to = 0;  // looked at so far: go on from here
};

struct VerifyFault {
  std::string case_id;
  std::int64_t revision = 0;
  std::string what;
};

class CaseStore {
 public:
  virtual ~CaseStore() = default;

  // Returns once durable. Refused with conflict when a case is no longer at its expected revision, with
  // key_reused when the key is known (look at `remembered`) or a row was imported before, with busy when the queue is
  // full.
  [[nodiscard]] virtual Result<Appended> append(Append append) = 0;
  // All of them or none, in constant memory, as those of a ledger. They are asked for while the store is being written,
  // on a thread of its own, and from the first again when others have undone it: what decides them may read the store,
  // which does not show them yet, and must not write to it; no two may be of one case. A refusal of one undoes all.
  [[nodiscard]] virtual Result<void> append_all(std::function<Appends()> const& begin) = 0;
  // The case that this row became; nothing when it was never imported.
  [[nodiscard]] virtual std::optional<std::string> imported(std::string const& source, std::string const& key) = 0;
  [[nodiscard]] virtual std::optional<Remembered> remembered(std::string const& person, std::string const& key) = 0;

  // Invisible and unknown are the same answer.
  [[nodiscard]] virtual std::optional<Case> find(std::string const& id, Visibility const& visibility) = 0;
  [[nodiscard]] virtual std::vector<Event> history(std::string const& id) = 0;
  // Ordered, paged by keyset. Refused with bad_format when the cursor is not one of ours.
  [[nodiscard]] virtual Result<Page<Case>> list(CaseQuery const& query, Visibility const& visibility, Instant now) = 0;
  // Cases whose present state is owned by a part that this unit holds (for a person: not another person's),
  // soonest due first.
  [[nodiscard]] virtual Result<Page<Case>> worklist(std::string const& unit, std::string const& person,
                                                    std::size_t limit, std::string const& cursor) = 0;
  [[nodiscard]] virtual std::int64_t count_worklist(std::string const& unit, std::string const& person) = 0;
  // One for each span between two neighbouring instants.
  [[nodiscard]] virtual std::vector<Flow> flow(std::vector<Instant> const& bounds,
                                               std::optional<std::string> const& workflow,
                                               Visibility const& visibility) = 0;
  [[nodiscard]] virtual std::vector<SummaryRow> summary(SummaryBy by, std::optional<std::string> const& workflow,
                                                        Visibility const& visibility, Instant now) = 0;
  // Of these states of one workflow, those that some case has been in.
  [[nodiscard]] virtual std::vector<Reached> reached(std::string const& workflow,
                                                     std::vector<std::string> const& states,
                                                     Visibility const& visibility) = 0;
  // Ids of cases whose wakeup has come, soonest first.
  [[nodiscard]] virtual std::vector<std::string> due_for_wakeup(Instant now, std::size_t limit) = 0;
  [[nodiscard]] virtual std::optional<Instant> next_wakeup() = 0;
  // Cases that this workflow version has, open or closed.
  [[nodiscard]] virtual std::int64_t count_of_version(std::string const& workflow, std::string const& version) = 0;
  // Of one workflow or of all; in order of workflow, version and state, and only where there are any.
  [[nodiscard]] virtual std::vector<OpenInState> open_in_states(std::optional<std::string> const& workflow) = 0;

  // What changed after this place in the order of changes, of the cases that may be seen; bounded, so ask again from
  // `up_to` until nothing is left.
  [[nodiscard]] virtual CaseChanges changes_after(std::int64_t sequence, Visibility const& visibility) = 0;
  [[nodiscard]] virtual std::int64_t last_change() = 0;
  // The place of this change in that order; nothing when the case may not be seen or never had the revision.
  [[nodiscard]] virtual std::optional<std::int64_t> find_change(std::string const& case_id, std::int64_t revision,
                                                                Visibility const& visibility) = 0;
  // Called after each append that is durable, from any thread, and must not block. Replaces who was told before;
  // returns when that one is told nothing any more.
  virtual void when_appended(std::function<void()> told) = 0;

  // Calls `each` for every case with its stored row and its events, in order of id; for verify, exports and
  // moves.
  virtual void for_each(std::function<void(Case const& stored, std::vector<Event> const& events)> const& each) = 0;
  // Where what the store keeps beside the cases, to list and to filter by, says something else than they do.
  [[nodiscard]] virtual std::vector<VerifyFault> verify_rows() = 0;
};

}  // namespace bihuan
