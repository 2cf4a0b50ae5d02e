// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/access.hpp"
#include "engine/core/case.hpp"
#include "engine/core/event.hpp"
#include "engine/core/organisation.hpp"
#include "engine/core/result.hpp"
#include "engine/core/time.hpp"
#include "engine/store/byte_source.hpp"
#include "engine/store/circle.hpp"

namespace bihuan {

// What Bihuan needs kept. Two stores implement it (sqlite/, postgres/) and one suite holds both to it.
// Every method may be called from any thread. A fault of the disk, the database or the network throws
// StoreFault; what the caller can act on is a Result. Nothing is confirmed before it is durable.

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

template <class T>
struct Page {
  std::vector<T> items;
  std::string next_cursor;  // empty at the end
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

struct StoredDefinition {
  std::string id;
  std::string version;
  std::string hash;
  std::string text;  // as written
};

class DefinitionStore {
 public:
  virtual ~DefinitionStore() = default;
  [[nodiscard]] virtual std::vector<StoredDefinition> all() = 0;
  // Replaces the same id and version; the service has made sure that no case uses it.
  virtual void put(StoredDefinition const& definition) = 0;
};

struct Person {
  std::string id;
  std::string name;       // what they sign in with
  std::string full_name;  // what others read
  std::string unit;
  std::vector<std::string> roles;
  std::string password_hash;  // empty: cannot sign in
  bool active = true;
  bool duty_leader = false;           // of their unit, where at most one is
  bool must_change_password = false;  // the next thing they do
  // Set by the store and never written through a person: has confirmed a second factor; how often it was
  // changed.
  bool second_factor = false;
  std::int64_t revision = 1;
};

struct Session {
  std::string token_hash;
  std::string person;
  Instant created{};
  Instant expires{};
  Instant last_used{};
  std::string address{};  // where they signed in from
};

// What a machine signs in with, on behalf of a person.
enum class TokenScope { read, act, admin };
struct MachineToken {
  std::string id;
  std::string token_hash;
  std::string person;
  std::string name;
  TokenScope scope = TokenScope::read;
  Instant created{};
  Instant expires{};
  std::optional<Instant> last_used{};
};

// A shared secret for codes by the clock (RFC 6238).
struct SecondFactor {
  std::string secret;  // in base32
  bool confirmed = false;
  std::int64_t last_step = 0;  // of the last code that was taken
};

class PeopleStore {
 public:
  virtual ~PeopleStore() = default;
  // Adds or replaces, whatever was there.
  virtual void put_people(std::span<Person const> people) = 0;
  // Adds one (expected revision 0), or changes all of one but the password: the person as stored. A duty
  // leader takes the place of the unit's present one. Refused with name_taken, or with conflict when the
  // revision has moved.
  [[nodiscard]] virtual Result<Person> put_person(Person const& person, std::int64_t expected_revision) = 0;
  virtual void set_password(std::string const& person, std::string const& hash, bool must_change) = 0;
  [[nodiscard]] virtual std::optional<Person> find_by_name(std::string const& name) = 0;
  [[nodiscard]] virtual std::optional<Person> find_person(std::string const& id) = 0;
  [[nodiscard]] virtual std::vector<Person> list_people() = 0;

  virtual void put_session(Session const& session) = 0;
  [[nodiscard]] virtual std::optional<Session> find_session(std::string const& token_hash) = 0;
  virtual void touch_session(std::string const& token_hash, Instant used) = 0;
  // Latest first.
  [[nodiscard]] virtual std::vector<Session> list_sessions(std::string const& person) = 0;
  virtual void drop_session(std::string const& token_hash) = 0;
  // All of a person's but this one, if any is named.
  virtual void drop_sessions(std::string const& person, std::string const& but_token_hash) = 0;

  virtual void put_token(MachineToken const& token) = 0;
  [[nodiscard]] virtual std::optional<MachineToken> find_token(std::string const& token_hash) = 0;
  virtual void touch_token(std::string const& id, Instant used) = 0;
  // In the order in which they were made.
  [[nodiscard]] virtual std::vector<MachineToken> list_tokens(std::string const& person) = 0;
  // False when the person has no such token.
  [[nodiscard]] virtual bool drop_token(std::string const& person, std::string const& id) = 0;
  virtual void drop_tokens(std::string const& person) = 0;

  // Replaces one that was not confirmed; false when a confirmed one is there, and nothing is changed then.
  [[nodiscard]] virtual bool put_second_factor(std::string const& person, std::string const& secret) = 0;
  [[nodiscard]] virtual std::optional<SecondFactor> find_second_factor(std::string const& person) = 0;
  // Confirms, if it was not, and takes the code of this step: false when that step or a later one was taken
  // before.
  [[nodiscard]] virtual bool take_step(std::string const& person, std::string const& secret, std::int64_t step) = 0;
  virtual void drop_second_factor(std::string const& person) = 0;
};

// A unit as an administrator changed it; those that nobody changed stand in the workflows' directory alone.
struct KeptUnit {
  OrganisationUnit unit;
  std::int64_t revision = 0;  // set by the store; 0: never changed
};

class UnitStore {
 public:
  virtual ~UnitStore() = default;
  // Adds or replaces. Refused with conflict when the revision is not the expected one (0: not kept yet).
  [[nodiscard]] virtual Result<KeptUnit> put(OrganisationUnit const& unit, std::int64_t expected_revision) = 0;
  // In the order in which they were first kept.
  [[nodiscard]] virtual std::vector<KeptUnit> all() = 0;
};

// One person acts for another of the same unit, from an instant and until before another.
struct Substitution {
  std::string id;
  std::string absent;      // a person
  std::string substitute;  // a person
  Instant from{};
  Instant to{};
  std::string recorded_by;
};

class SubstitutionStore {
 public:
  virtual ~SubstitutionStore() = default;
  // Adds one, or moves the end of one that is there; the rest of it never changes.
  virtual void put(Substitution const& substitution) = 0;
  [[nodiscard]] virtual std::optional<Substitution> find(std::string const& id) = 0;
  // Those in which the person is absent or stands in, ended ones included, earliest first.
  [[nodiscard]] virtual std::vector<Substitution> of_person(std::string const& person) = 0;
  [[nodiscard]] virtual std::vector<Substitution> all() = 0;
};

struct Attachment {
  std::string sha256;
  std::string name;
  std::string type;
  std::int64_t size = 0;
  std::string uploader;  // the person
};

class AttachmentStore {
 public:
  virtual ~AttachmentStore() = default;
  // Reads the bytes from `source` (0 at the end) in constant memory; the same bytes twice are kept once.
  // Throws what `source` throws and keeps nothing then. Returns once durable.
  [[nodiscard]] virtual Attachment put(std::string const& name, std::string const& type, std::string const& uploader,
                                       ByteSource const& source) = 0;
  // The upload of these bytes by this person, or by anybody when `uploader` is empty.
  [[nodiscard]] virtual std::optional<Attachment> find_upload(std::string const& sha256,
                                                              std::string const& uploader) = 0;
  // Is there a visible case that carries these bytes?
  [[nodiscard]] virtual std::optional<Attachment> find_in_cases(std::string const& sha256,
                                                                Visibility const& visibility) = 0;
  // Reads `into` from `offset`; the number of bytes read, 0 at the end.
  [[nodiscard]] virtual std::size_t read(std::string const& sha256, std::int64_t offset, std::span<char> into) = 0;
};

// The audit of reading: who saw, searched for, took out or printed what, who signed in, and what
// administrators did. Case histories say who changed a case; this says who looked. Rows are appended, chained
// by their hashes like a history, and forgotten only from the front, when they are older than the retention.
enum class AuditKind {
  case_viewed,
  history_viewed,
  deadline_explained,
  diagram_viewed,
  attachment_downloaded,
  cases_listed,
  cases_searched,
  worklist_viewed,
  report_viewed,
  exported,
  printed,
  signed_in,
  sign_in_failed,
  signed_out,
  administration_changed,
  audit_read,
  audit_purged,
};

// What a case holds is not copied here: ids, counts, and the filter as it was given. A search is kept in its
// words, personal ones too: what somebody looked for is what an auditor must see, and only auditors read
// this.
struct AuditEvent {
  std::int64_t sequence = 0;  // the store's: from 1, without a gap
  Instant at{};
  AuditKind kind = AuditKind::case_viewed;
  std::string person{};  // empty: nobody known
  std::string unit{};
  std::string case_id{};  // empty when it is not about one case
  std::string address{};  // the client's
  Json detail = Json::object();
  std::string previous{};
  std::string hash{};

  bool operator==(AuditEvent const&) const = default;
};

struct AuditQuery {
  std::optional<std::string> person{};
  std::optional<std::string> case_id{};
  std::optional<AuditKind> kind{};
  std::optional<Instant> from{};  // the first and the last instant, both included
  std::optional<Instant> to{};
  std::size_t limit = 50;
  std::string cursor{};
};

// Where the kept rows begin and end: the last one that was purged (0 and empty: none was) and the last one
// appended.
struct AuditEnds {
  std::int64_t purged_sequence = 0;
  std::string purged_hash{};
  std::int64_t last_sequence = 0;
  std::string last_hash{};
};

class AuditStore {
 public:
  virtual ~AuditStore() = default;
  // Numbers and chains them in this order; returns once they are durable. Refused with busy when the queue is
  // full.
  [[nodiscard]] virtual Result<void> append(std::vector<AuditEvent> events) = 0;
  // Newest first. Refused with bad_format when the cursor is not one of ours.
  [[nodiscard]] virtual Result<Page<AuditEvent>> list(AuditQuery const& query) = 0;
  // Forgets rows from the front up to the first that is not before this instant, 10,000 at most, and appends
  // an audit_purged row that names the last of them: the chain is verified from there on. How many it forgot.
  virtual std::int64_t purge(Instant before, Instant now) = 0;
  // The ends and every kept row in order, from one moment; for verify.
  virtual AuditEnds for_each(std::function<void(AuditEvent const&)> const& each) = 0;
};

class SealStore;     // seals.hpp
class FeedStore;     // feeds.hpp
class WebhookStore;  // webhooks.hpp

class Store {
 public:
  virtual ~Store() = default;
  [[nodiscard]] virtual CaseStore& cases() = 0;
  [[nodiscard]] virtual DefinitionStore& definitions() = 0;
  [[nodiscard]] virtual PeopleStore& people() = 0;
  [[nodiscard]] virtual UnitStore& units() = 0;
  [[nodiscard]] virtual SubstitutionStore& substitutions() = 0;
  [[nodiscard]] virtual AttachmentStore& attachments() = 0;
  [[nodiscard]] virtual AuditStore& audit() = 0;
  [[nodiscard]] virtual SealStore& seals() = 0;
  [[nodiscard]] virtual FeedStore& feeds() = 0;
  [[nodiscard]] virtual WebhookStore& webhooks() = 0;
  // Throws StoreFault when the store cannot be written or read now; for /readyz.
  virtual void check() = 0;
};

}  // namespace bihuan
