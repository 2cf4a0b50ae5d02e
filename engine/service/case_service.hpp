// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/decide.hpp"
#include "engine/core/known_revisions.hpp"
#include "engine/core/recurrence.hpp"
#include "engine/service/library.hpp"
#include "engine/store/store.hpp"

namespace bihuan {

// Where the time comes from: the wall in the program, a variable in tests and scenarios.
using Clock = std::function<Instant()>;

// Where identifiers come from: random in the program, seeded for demonstration data.
using IdMaker = std::function<std::string(Instant)>;

// A random identifier that sorts by time of making (UUIDv7).
[[nodiscard]] std::string make_id(Instant now);

// What a caller asks, with documents by their hashes.
struct ActionRequest {
  std::string case_id;
  std::string action;
  Json input = Json::object();
  std::map<std::string, std::vector<std::string>> documents;  // kind -> sha256
  std::string comment;
  // As shown to who acts; absent: decided again on a conflict, three times at most.
  std::optional<std::int64_t> expected_revision;
};

struct OpenCaseRequest {
  std::string workflow;
  Json fields = Json::object();
  Json parties = Json::object();
  std::map<std::string, std::vector<std::string>> documents;
  std::string comment;
  std::optional<Placed> placed{};  // of who imports a ledger of another system
};

// What a repeated request needs to be recognised.
struct Repeatable {
  std::string key;
  std::string request_hash;
};

// A case and the moment at which it was so: enough to give the same answer to the same request again.
struct CaseAt {
  Case subject;
  Instant at{};
};

// The one path by which cases change: load, decide, append, publish. Safe to call from any thread.
class CaseService {
 public:
  CaseService(Store& store, Library const& library, Clock clock, IdMaker make_id = bihuan::make_id);

  [[nodiscard]] Result<CaseAt> open(OpenCaseRequest const& request, Actor const& actor,
                                    std::optional<Repeatable> const& repeatable = std::nullopt);
  [[nodiscard]] Result<CaseAt> act(ActionRequest const& request, Actor const& actor,
                                   std::optional<Repeatable> const& repeatable = std::nullopt);

  // What `open` and `act` would append, decided and not stored: for who has many to append together, or only asks.
  // The first change is of the case itself.
  [[nodiscard]] Result<Append> prepare_opening(OpenCaseRequest const& request, Actor const& actor, Instant now);
  // Against confirming what somebody asked for who could not ask for it now.
  [[nodiscard]] std::optional<Refusal> check_asker(Definition const& definition, Case const& subject,
                                                   Command const& command, Instant now);
  [[nodiscard]] Result<Append> prepare_action(ActionRequest const& request, Actor const& actor, Instant now);

  // The answer that this request was given before, if it was: `open` and `act` ask by themselves; whoever has
  // something to prepare for them asks first.
  [[nodiscard]] std::optional<Result<CaseAt>> answered_before(std::optional<Repeatable> const& repeatable,
                                                              Actor const& actor);

  // Visible cases only; the links to cases the actor may not see are left out. `find`, `open` and `act` give
  // the case as it is, to decide on; whoever shows it shows `shown` of it. Lists and histories are as the
  // actor may read them.
  [[nodiscard]] Case shown(Case subject, Actor const& actor, Showing showing = Showing::whole);
  [[nodiscard]] Result<Case> find(std::string const& id, Actor const& actor);
  // Without hashes to who may not know of every step.
  [[nodiscard]] Result<std::vector<Event>> history(std::string const& id, Actor const& actor);
  // The same by their real revisions, which the hashes and the log of events are over: for proofs alone, since the
  // numbers tell where something is left out. Refused with proofs_kept to who may not know of every step.
  [[nodiscard]] Result<std::vector<Event>> history_to_prove(std::string const& id, Actor const& actor);
  // The revisions of a case as `find` gives it that the actor may know of. What they name as the revision they saw, and
  // what they are shown, is counted so.
  [[nodiscard]] KnownRevisions known_revisions(Case const& found, Actor const& actor) const;
  [[nodiscard]] Result<Page<Case>> list(CaseQuery const& query, Actor const& actor);
  [[nodiscard]] Result<Page<Case>> worklist(Actor const& actor, std::size_t limit, std::string const& cursor);
  [[nodiscard]] std::int64_t count_worklist(Actor const& actor);
  // For everybody: cases as definitions publish them. Whoever shows them shows only what is published.
  [[nodiscard]] Result<Page<Case>> list_public(CaseQuery const& query);
  // One for each span between two neighbouring instants.
  [[nodiscard]] std::vector<Flow> flow(std::vector<Instant> const& bounds, std::optional<std::string> const& workflow,
                                       Actor const& actor);
  [[nodiscard]] std::vector<SummaryRow> summary(SummaryBy by, std::optional<std::string> const& workflow,
                                                Actor const& actor);
  // Of these states of one workflow, those that some visible case has been in.
  [[nodiscard]] std::vector<Reached> reached(std::string const& workflow, std::vector<std::string> const& states,
                                             Actor const& actor);
  [[nodiscard]] std::vector<OfferedAction> allowed_actions(Case const& subject, Actor const& actor, Instant now);
  // How a deadline's due instant came about: rule, sources, each day counted or skipped, pauses, extensions.
  [[nodiscard]] Result<Json> explain(std::string const& case_id, std::string const& deadline, Actor const& actor);

  // Does what has fallen due in at most `limit` cases; the number of cases it changed. Each rung and each
  // trigger happens once, whoever sweeps.
  std::size_t sweep(std::size_t limit = 100);

  // Opens the cases whose occurrence has come; the number of them. Each opens once, whoever asks and however
  // often. Throws std::runtime_error, after the others have opened, when a definition cannot open its own
  // case.
  std::size_t open_recurring();

  [[nodiscard]] Instant now() const { return clock_(); }
  [[nodiscard]] Library const& library() const { return library_; }
  [[nodiscard]] Store& store() { return store_; }
  [[nodiscard]] Visibility visibility(Actor const& actor) const;

 private:
  struct ReadHistory {
    std::vector<Event> events;  // by their real revisions
    KnownRevisions known;
    bool provable = true;  // each step of each version that it was under is theirs to know of
  };
  [[nodiscard]] Result<ReadHistory> read_history(std::string const& id, Actor const& actor);
  template <class Prepare>
  Result<CaseAt> decide_and_append(std::optional<Repeatable> const& repeatable, Actor const& actor,
                                   Prepare const& prepare);
  Result<std::map<std::string, std::vector<Document>>> resolve(
      std::map<std::string, std::vector<std::string>> const& documents, Actor const& actor);
  Refusals check_references(Definition const& definition, Json const& fields, std::string const& base,
                            Actor const& actor);
  class SeenCases;
  [[nodiscard]] Case shown(Case subject, Actor const& actor, Showing showing, SeenCases& seen);
  void show_lines(std::vector<Case>& lines, Actor const& actor, Visibility const& visible);
  void hide_links(Case& subject, Actor const& actor, Visibility const& visibility);
  void hide_links(Case& subject, SeenCases& seen);
  bool open_occurrence(Definition const& definition, Recurrence const& recurrence, Occurrence const& occurrence,
                       std::string const& unit, Instant now, std::string& failed);
  void leave_out_what_cannot_open(Definition const& definition, Case const& subject, Decision& decision, Instant now);
  Instant known_since(std::string const& key, Instant now);
  Circumstances circumstances(Definition const& definition, Instant now) const;

  Store& store_;
  Library const& library_;
  Clock clock_;
  IdMaker make_id_;
};

}  // namespace bihuan
