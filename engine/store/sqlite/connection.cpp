// SPDX-License-Identifier: Apache-2.0
#include "engine/store/sqlite/connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "engine/store/sqlite/checkpointer.hpp"

namespace bihuan::sqlite {
namespace {

[[noreturn]] void fail(sqlite3* handle, std::string const& name) {
  throw StoreFault(name + ": " + sqlite3_errmsg(handle) + " (SQLite " +
                   std::to_string(sqlite3_extended_errcode(handle)) + ")");
}

constexpr Sql begin_read{"begin", "BEGIN"};
constexpr Sql begin_write{"begin", "BEGIN IMMEDIATE"};
constexpr Sql commit_all{"commit", "COMMIT"};
constexpr Sql roll_back_all{"rollback", "ROLLBACK"};

constexpr Sql insert_event{"event", "INSERT INTO event (case_id, revision, place, hash, body) VALUES (?, ?, ?, ?, ?)"};

int checkpoint_passively(sqlite3* handle) {
  int copied = 0;
  int const code = sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, &copied);
  return code == SQLITE_OK ? copied : 0;
}

class SqlitePrepared final : public Prepared {
 public:
  SqlitePrepared(sqlite3* handle, char const* name, std::string_view text) : Prepared(name), handle_(handle) {
    if (sqlite3_prepare_v3(handle_, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &statement_,
                           nullptr) != SQLITE_OK) {
      fail(handle_, name);
    }
  }
  ~SqlitePrepared() override { sqlite3_finalize(statement_); }

  void bind_integer(int place, std::int64_t value) override { expect_ok(sqlite3_bind_int64(statement_, place, value)); }
  void bind_null(int place) override { expect_ok(sqlite3_bind_null(statement_, place)); }
  void bind_text(int place, std::string_view text) override {
    // A null pointer would bind NULL, and an empty text is not that.
    char const* const bytes = text.data() == nullptr ? "" : text.data();
    expect_ok(sqlite3_bind_text64(statement_, place, bytes, text.size(), nullptr /* static */, SQLITE_UTF8));
  }
  void bind_bytes(int place, std::string_view bytes) override {
    expect_ok(sqlite3_bind_blob64(statement_, place, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(),
                                  nullptr /* static */));
  }
  void bind_copy(int place, std::string const& text) override {
    auto* const copy = static_cast<char*>(sqlite3_malloc64(text.size() + 1));
    if (copy == nullptr) {
      throw StoreFault(name() + ": out of memory");
    }
    text.copy(copy, text.size());
    expect_ok(sqlite3_bind_text64(statement_, place, copy, text.size(), &sqlite3_free, SQLITE_UTF8));
  }

  bool step() override {
    int const code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) {
      return true;
    }
    if (code == SQLITE_DONE) {
      return false;
    }
    fail(handle_, name());
  }
  [[nodiscard]] int changed() const override { return sqlite3_changes(handle_); }
  void reset() noexcept override {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

  [[nodiscard]] std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  [[nodiscard]] bool is_null(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  [[nodiscard]] std::string_view view(int column) const override {
    // As a blob: the bytes of a text without a conversion. The length is asked for afterwards, as SQLite wants
    // it.
    void const* const bytes = sqlite3_column_blob(statement_, column);
    auto const length = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string_view() : std::string_view(static_cast<char const*>(bytes), length);
  }

 private:
  void expect_ok(int code) const {
    if (code != SQLITE_OK) {
      fail(handle_, name());
    }
  }

  sqlite3* handle_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace

Connection::Connection(std::filesystem::path const& file, Mode mode) {
  int const flags = SQLITE_OPEN_NOMUTEX |
                    (mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
    StoreFault fault("open " + file.filename().string() + ": " +
                     (handle_ == nullptr ? "out of memory" : sqlite3_errmsg(handle_)));
    sqlite3_close_v2(handle_);
    throw fault;
  }
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, 5000);
}

Connection::~Connection() {
  checkpointer_.reset();
  forget_statements();
  if (checkpoints_at_end_ && handle_ != nullptr) {
    // Without it nothing is lost: the log is read again at the next start.
    sqlite3_exec(handle_, "PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr);
  }
  sqlite3_close_v2(handle_);
}

Connection::Connection(Connection&& other) noexcept
    : sql::Connection(std::move(other)),
      handle_(std::exchange(other.handle_, nullptr)),
      checkpoints_at_end_(other.checkpoints_at_end_),
      checkpointer_(std::move(other.checkpointer_)) {}

std::unique_ptr<Prepared> Connection::prepare(char const* name, std::string_view text) {
  return std::make_unique<SqlitePrepared>(handle_, name, text);
}

void Connection::add_event(sql::EventRow const& event) {
  run(insert_event, event.case_id, event.revision, event.place, event.hash, event.body);
}

void Connection::wipe(bool on) {
  if (!on) execute("wipe the log", "PRAGMA wal_checkpoint(TRUNCATE)");
  execute("wipe", on ? "PRAGMA secure_delete = ON" : "PRAGMA secure_delete = OFF");
}

void Connection::begin(Kind kind) {
  run(kind == Kind::read ? begin_read : begin_write);
}

void Connection::commit() {
  run(commit_all);
}

void Connection::roll_back() {
  run(roll_back_all);
}

void Connection::execute(char const* name, char const* script) {
  if (sqlite3_exec(handle_, script, nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail(handle_, name);
  }
}

std::int64_t Connection::pragma(char const* name) {
  Statement statement(cached(name, std::string("PRAGMA ") + name));
  return statement.step() ? statement.integer(0) : 0;
}

void Connection::copy_to(Connection& other) {
  auto* const copying = sqlite3_backup_init(other.handle_, "main", handle_, "main");
  if (copying == nullptr) {
    fail(other.handle_, "copy");
  }
  int const code = sqlite3_backup_step(copying, -1);
  sqlite3_backup_finish(copying);
  if (code != SQLITE_DONE) {
    throw StoreFault(std::string("copy: ") + sqlite3_errstr(code));
  }
}

void Connection::write_log_again() {
  sqlite3_file* log = nullptr;
  sqlite3_file_control(handle_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log == nullptr || log->pMethods == nullptr) return;
  auto const& methods = *log->pMethods;
  auto const must = [](int code) {
    if (code != SQLITE_OK) throw StoreFault(std::string("writing the log again: ") + sqlite3_errstr(code));
  };
  sqlite3_int64 size = 0;
  must(methods.xFileSize(log, &size));
  std::string piece(65536, '\0');  // SQLite writes 128 KiB at once at most
  for (sqlite3_int64 offset = 0; offset < size; offset += static_cast<sqlite3_int64>(piece.size())) {
    auto const length =
        static_cast<int>(std::min<sqlite3_int64>(size - offset, static_cast<sqlite3_int64>(piece.size())));
    must(methods.xRead(log, piece.data(), length, offset));
    must(methods.xWrite(log, piece.data(), length, offset));
  }
  must(methods.xSync(log, SQLITE_SYNC_NORMAL));
}

int Connection::checkpoint() noexcept {
  return checkpoint_passively(handle_);
}

void Connection::checkpoint_beside(int pages) {
  checkpointer_ = std::make_unique<Checkpointer>(sqlite3_db_filename(handle_, "main"), pages, pragma("synchronous"));
  auto const after_commit = [](void* checkpointer, sqlite3* handle, char const*, int pages_in_log) {
    if (static_cast<Checkpointer*>(checkpointer)->leaves_the_rest(pages_in_log)) (void)checkpoint_passively(handle);
    return SQLITE_OK;  // the commit itself is done
  };
  sqlite3_wal_hook(handle_, after_commit, checkpointer_.get());
}

bool Connection::writable() const {
  return sqlite3_db_readonly(handle_, "main") == 0;
}

std::int64_t Connection::total_changes() const {
  return sqlite3_total_changes64(handle_);
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

}  // namespace bihuan::sqlite
