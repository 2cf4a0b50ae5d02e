// SPDX-License-Identifier: Apache-2.0
#include "engine/store/postgres/connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <thread>
#include <utility>

#include "engine/store/postgres/connect.hpp"
#include "engine/store/postgres/prepared.hpp"
#include "engine/store/postgres/schema.hpp"

namespace bihuan::postgres {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int oldest_version = 150000;
constexpr std::size_t pending_limit = 512;                   // statements that nobody waits for
constexpr std::chrono::milliseconds pause_after_fault{300};  // before the database is tried again
constexpr std::chrono::seconds commit_doubt{4};              // longer than an answer: to learn what became of a commit

constexpr Sql insert_events{
    "events",
    "WITH counted AS (UPDATE event_counter SET last = last + cardinality(?1::text[]) RETURNING last)"
    " INSERT INTO event (sequence, case_id, revision, place, hash, body)"
    " SELECT last - cardinality(?1) + added, case_id, revision, place, hash, body FROM counted,"
    " unnest(?1, ?2::bigint[], ?3::bigint[], ?4::text[], ?5::text[])"
    " WITH ORDINALITY AS one (case_id, revision, place, hash, body, added)"};
constexpr char const* is_outdated = "a newer program has changed the database, and this one must not go on with it";
constexpr Sql tell_nodes{"tell nodes", "SELECT pg_notify('bihuan_events', ?::text)"};
constexpr Sql tell_of_ruling{"tell of rules", "SELECT pg_notify('bihuan_rules', '')"};
constexpr Sql find_batch{"batch", "SELECT batch FROM writer WHERE id = ? FOR UPDATE NOWAIT"};

std::string message_of(char const* text) {
  std::string message = text == nullptr ? "" : text;
  while (!message.empty() && (message.back() == '\n' || message.back() == ' ')) message.pop_back();
  return message;
}

std::string state_of(PGresult const* result) {
  char const* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  return state == nullptr ? std::string() : std::string(state);
}

// By the others: the same may be done again.
bool is_undone(std::string const& state) {
  return state == "40001" || state == "40P01" || state == "55P03";
}

// The server goes, or is one that takes no writes any more.
bool is_gone(std::string const& state) {
  return state == "57P01" || state == "57P02" || state == "57P03" || state == "25006" || state == "25P03" ||
         // Its statements are not known any more, or not as they were.
         state == "26000" || state == "0A000";
}

std::int64_t milliseconds_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch()).count();
}

}  // namespace

// Thrown where a connection was lost, before it is known what that means.
class Connection::Lost : public Undone {
 public:
  using Undone::Undone;
};

Connection::Connection(std::shared_ptr<Server> server, Use use)
    : server_(std::move(server)),
      use_(use),
      writer_(use == Use::writing ? server_->node + "-" + std::to_string(++server_->writers) : std::string()) {}

Connection::~Connection() {
  forget_statements();
  close();
}

std::unique_ptr<Prepared> Connection::prepare(char const* name, std::string_view text) {
  return std::make_unique<PostgresPrepared>(*this, name, text);
}

void Connection::close() noexcept {
  PQclear(std::exchange(opening_, nullptr));
  PQfinish(std::exchange(handle_, nullptr));
  pending_.clear();
  forgotten_.clear();
  events_ = {};
}

void Connection::lose(std::string const& why) {
  close();
  in_transaction_ = false;
  server_->lost_at = milliseconds_now();
  throw Lost("the database was lost: " + why);
}

void Connection::ensure_open() {
  if (server_->outdated) throw StoreFault(is_outdated);
  // One that was made before another was lost may be as dead, and would take as long to show it.
  if (!in_transaction_ && opened_at_ < server_->lost_at) close();
  if (handle_ == nullptr) open();
}

void Connection::open() {
  if (milliseconds_now() < server_->not_before.load()) throw StoreFault("the database is out of reach");
  auto const fail = [this](std::string const& why) {
    close();
    server_->not_before = milliseconds_now() + pause_after_fault.count();
    throw StoreFault("the database is out of reach: " + why);
  };
  opened_at_ = milliseconds_now();
  handle_ = connect(server_->uri, "bihuan", use_ == Use::replica ? "standby" : "read-write");
  if (handle_ == nullptr) fail("out of memory");
  if (PQstatus(handle_) != CONNECTION_OK) fail(message_of(PQerrorMessage(handle_)));
  if (PQserverVersion(handle_) < oldest_version) fail("it is PostgreSQL before 15");
  char const* const encoding = PQparameterStatus(handle_, "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8") fail("its encoding is not UTF8");
  ++generation_;
  PQsetnonblocking(handle_, 1);
  PQenterPipelineMode(handle_);
  try {
    auto const timeout = std::to_string(std::max<std::int64_t>(server_->answer.count() * 9 / 10, 1));
    send_text("settings", "SET statement_timeout = " + timeout);
    send_text("settings", "SET lock_timeout = " + timeout);
    // Pages are short walks along an index: more processes, or a compiler, only cost what they take to start.
    send_text("settings", "SET max_parallel_workers_per_gather = 0");
    send_text("settings", "SET jit = off");
    send_text("settings", "SET random_page_cost = 1.1");
    for (char const* const setting : let_go_when_cut_off) send_text("settings", setting);
    send_text("settings",
              std::string("SET idle_in_transaction_session_timeout = ") + (use_ == Use::writing ? "5000" : "600000"));
    if (!server_->durable) send_text("settings", "SET synchronous_commit = off");
    wait();
  } catch (StoreFault const& fault) {
    fail(fault.what());
  }
}

void Connection::expect(bool sent, std::string const& name) {
  if (!sent) lose(name + ": " + message_of(PQerrorMessage(handle_)));
}

void Connection::send_text(char const* name, std::string const& text, pg_result** into) {
  expect(PQsendQueryParams(handle_, text.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) == 1, name);
  pending_.push_back({.name = name, .into = into});
}

std::string Connection::ask(char const* name, std::string const& text) {
  PGresult* result = nullptr;
  send_text(name, text, &result);
  wait();
  std::string answer = PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
  PQclear(result);
  return answer;
}

void Connection::send(PostgresPrepared& statement, Pending const& pending) {
  ensure_open();
  if (!in_transaction_) {
    for (auto const& name : std::exchange(forgotten_, {})) send_text("deallocate", "DEALLOCATE " + name);
  }
  if (statement.generation_ != generation_) {
    statement.called_ = "s" + std::to_string(++prepared_);
    expect(PQsendPrepare(handle_, statement.called_.c_str(), statement.text_.c_str(), 0, nullptr) == 1,
           statement.name());
    statement.generation_ = generation_;
    pending_.push_back({.name = statement.name(), .prepares = &statement});
  }
  std::vector<char const*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
  for (auto const& parameter : statement.parameters_) {
    auto const bytes = parameter.owns ? std::string_view(parameter.own) : parameter.view;
    values.push_back(parameter.null ? nullptr : bytes.data() == nullptr ? "" : bytes.data());
    lengths.push_back(static_cast<int>(bytes.size()));
    formats.push_back(parameter.binary ? 1 : 0);
  }
  expect(PQsendQueryPrepared(handle_, statement.called_.c_str(), static_cast<int>(values.size()), values.data(),
                             lengths.data(), formats.data(), 1) == 1,
         statement.name());
  pending_.push_back(pending);
  if (pending.into != nullptr) return;
  ++changes_;
  if (pending_.size() >= pending_limit) wait();
}

void Connection::answer(PostgresPrepared& statement) {
  bool const may_repeat = !in_transaction_ && use_ != Use::replica;
  for (bool first = true;; first = false) {
    try {
      send(statement, {.name = statement.name(), .into = &statement.result_});
      wait();
      if (!std::string_view(PQcmdStatus(statement.result_)).starts_with("SELECT"))
        changes_ += std::atoi(PQcmdTuples(statement.result_));
      return;
    } catch (Lost const& lost) {
      if (!may_repeat) throw;
      if (!first) throw StoreFault(lost.what());
    }
  }
}

void Connection::exchange_bytes(Clock::time_point deadline) {
  auto const unsent = PQflush(handle_);
  if (unsent < 0) lose(message_of(PQerrorMessage(handle_)));
  auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  if (left <= 0) lose("it does not answer");
  pollfd socket{.fd = PQsocket(handle_), .events = POLLIN, .revents = 0};
  if (unsent > 0) socket.events |= POLLOUT;
  int const ready = ::poll(&socket, 1, static_cast<int>(left));
  if (ready < 0 && errno != EINTR) lose("poll failed");
  if (ready > 0 && PQconsumeInput(handle_) == 0) lose(message_of(PQerrorMessage(handle_)));
}

pg_result* Connection::next_result(Clock::time_point deadline) {
  while (PQisBusy(handle_) != 0) exchange_bytes(deadline);
  return PQgetResult(handle_);
}

void Connection::wait() {
  expect(PQpipelineSync(handle_) == 1, "sync");
  auto const deadline = std::min(Clock::now() + server_->answer, patience_);
  std::string fault;
  std::string state;
  std::string unmet;
  for (auto const& pending : std::exchange(pending_, {})) {
    while (auto* const result = next_result(deadline)) {
      auto const status = PQresultStatus(result);
      bool const good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
      if (status == PGRES_FATAL_ERROR && fault.empty()) {
        state = state_of(result);
        fault = pending.name + ": " + message_of(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)) +
                " (PostgreSQL " + state + ")";
        if (state.empty()) fault = pending.name + ": " + message_of(PQerrorMessage(handle_));
      }
      if (!good && pending.prepares != nullptr) pending.prepares->generation_ = 0;
      if (good && pending.one_row && std::string_view(PQcmdTuples(result)) != "1") unmet = pending.name;
      if (good && pending.into != nullptr && *pending.into == nullptr) {
        *pending.into = result;
      } else {
        PQclear(result);
      }
      if (PQstatus(handle_) == CONNECTION_BAD) lose(fault.empty() ? message_of(PQerrorMessage(handle_)) : fault);
    }
  }
  PQclear(next_result(deadline));  // of the sync
  if (fault.empty() && unmet.empty()) return;
  if (fault.empty()) throw sql::FoundOutLater(unmet + ": the row was not as it was thought to be");
  if (is_gone(state)) lose(fault);
  if (is_undone(state)) throw Undone(fault);
  throw StoreFault(fault);
}

// The fault of a statement that nobody waited for: it is found out whose it was by doing each job alone.
void Connection::wait_for_jobs() {
  try {
    wait();
  } catch (Undone const&) {
    throw;
  } catch (StoreFault const& fault) {
    throw Undone(fault.what());
  }
}

void Connection::begin(Kind kind) {
  PQclear(std::exchange(opening_, nullptr));
  events_ = {};
  finds_out_later_ = false;
  ensure_open();
  if (kind == Kind::write) {
    send_text("begin", "BEGIN");
    in_transaction_ = true;
    send_opening();
    return;
  }
  // Whether the connection still is one is seen here, where that can be helped.
  for (bool first = true;; first = false) {
    try {
      ensure_open();
      send_text("begin", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      wait();
      in_transaction_ = true;
      return;
    } catch (Lost const& lost) {
      if (!first || use_ == Use::replica) throw StoreFault(lost.what());
    }
  }
}

// Numbers the batch in the writer's own row: after a commit whose answer was lost it stands there or does not. The
// table of schema changes is held from here until the transaction ends, and by who makes one that older programs stop
// for before that: whatever is written here is written before such a change, or not at all.
void Connection::send_opening() {
  if (!server_->held_to_schema) return;
  static std::string const text =
      "INSERT INTO writer (id, batch, at) VALUES (?, ?, extract(epoch FROM now())::bigint)"
      " ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, at = excluded.at RETURNING (" +
      count_changes_to_stop_for(known_changes()) + ")";
  static Sql const number_batch{"batch number", text.c_str()};
  auto& opening = static_cast<PostgresPrepared&>(cached(number_batch));
  opening.bind_text(1, writer_);
  opening.bind_integer(2, ++batch_);
  send(opening, {.name = opening.name(), .into = &opening_});
  opening.reset();
}

void Connection::refuse_outdated() {
  if (opening_ == nullptr || number_in(opening_, 0, 0) == 0) return;
  server_->outdated = true;
  throw StoreFault(is_outdated);
}

void Connection::roll_back() {
  in_transaction_ = false;
  events_ = {};
  if (handle_ == nullptr) return;
  try {
    send_text("rollback", "ROLLBACK");
    wait();
  } catch (StoreFault const&) {
    // What was sent before it and failed: the connection has to start anew then.
    close();
    throw;
  }
}

void Connection::add_event(sql::EventRow const& event) {
  events_.case_ids.add(event.case_id);
  events_.revisions.add(event.revision);
  events_.places.add(event.place);
  events_.hashes.add(event.hash);
  events_.bodies.add(event.body);
  ++changes_;
}

void Connection::tell_of_rules() {
  sql::Connection::send(tell_of_ruling);
}

void Connection::hold(char const* table) {
  send_text("hold", std::string("LOCK TABLE ") + table + " IN SHARE ROW EXCLUSIVE MODE");
}

void Connection::execute(char const* name, char const* script) {
  ensure_open();
  if (!pending_.empty()) wait();
  PQexitPipelineMode(handle_);
  PQsetnonblocking(handle_, 0);
  auto* const result = PQexec(handle_, script);
  auto const status = PQresultStatus(result);
  auto const fault = message_of(PQresultErrorMessage(result));
  PQclear(result);
  if (PQstatus(handle_) == CONNECTION_BAD) lose(std::string(name) + ": " + fault);
  PQsetnonblocking(handle_, 1);
  PQenterPipelineMode(handle_);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw StoreFault(std::string(name) + ": " + fault);
}

// Last in the transaction: until it commits, nobody else numbers an event.
void Connection::send_events() {
  sql::Connection::send(insert_events, events_.case_ids.bytes(), events_.revisions.bytes(), events_.places.bytes(),
                        events_.hashes.bytes(), events_.bodies.bytes());
  sql::Connection::send(tell_nodes, server_->node);
}

void Connection::commit() {
  // Before the commit is on its way it must be known that each row was as it was thought to be.
  wait_for_jobs();
  refuse_outdated();
  if (!events_.case_ids.empty()) send_events();
  int const process = PQbackendPID(handle_);
  PGresult* committed = nullptr;
  auto const until = Clock::now() + server_->answer + commit_doubt;
  try {
    send_text("commit", "COMMIT", &committed);
    wait_for_jobs();
  } catch (Lost const& lost) {
    if (!server_->held_to_schema) throw;
    if (!was_committed(process, until)) throw Undone(lost.what());
    return;
  }
  in_transaction_ = false;
  events_ = {};
  bool const done = committed != nullptr && std::string_view(PQcmdStatus(committed)) == "COMMIT";
  PQclear(committed);
  if (!done) throw StoreFault("commit: the transaction had failed before");
}

// Throws where nobody knows.
bool Connection::was_committed(int process, Clock::time_point until) {
  patience_ = until;
  auto const made = fate_of_batch(process);
  patience_ = Clock::time_point::max();
  if (!made) throw StoreFault("the database was lost during a commit, and whether it was made is not known");
  return *made;
}

// The transaction's number would not tell: after a crash of the database it may be another's.
std::optional<bool> Connection::fate_of_batch(int process) {
  for (;; std::this_thread::sleep_for(pause_after_fault)) {
    try {
      if (handle_ == nullptr) open();
      // The commit may never have reached the old connection's process, which would wait for it and hold the row.
      (void)ask("end what was cut off",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND"
                " pid = " +
                    std::to_string(process));
      auto found = query(find_batch, writer_);
      return found.step() && found.integer(0) == batch_;
    } catch (StoreFault const&) {
      // Not back yet, or not over yet.
    }
    if (Clock::now() + connect_time >= patience_) return std::nullopt;
  }
}

}  // namespace bihuan::postgres
