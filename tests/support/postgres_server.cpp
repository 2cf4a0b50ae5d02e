// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_server.hpp"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <thread>

namespace bihuan::test {
namespace {

namespace fs = std::filesystem;
using Handle = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

// The newest that is installed.
fs::path newest_programs() {
  std::vector<std::pair<int, fs::path>> found;
  std::error_code none;
  for (auto const& entry : fs::directory_iterator("/usr/lib/postgresql", none)) {
    if (fs::exists(entry.path() / "bin" / "postgres")) {
      found.emplace_back(std::atoi(entry.path().filename().c_str()), entry.path() / "bin");
    }
  }
  if (found.empty()) throw std::runtime_error("PostgreSQL is not installed below /usr/lib/postgresql: see tools/setup");
  return std::max_element(found.begin(), found.end())->second;
}

passwd const* owner() {
  if (::getuid() != 0) return nullptr;
  for (char const* const name : {"postgres", "nobody"}) {
    if (passwd const* const entry = ::getpwnam(name)) return entry;
  }
  throw std::runtime_error("there is nobody to run PostgreSQL as");
}

Answer exec(std::string const& address, std::string const& text) {
  Handle const handle(PQconnectdb(address.c_str()), &PQfinish);
  if (PQstatus(handle.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(handle.get()));
  Answer answer(PQexec(handle.get(), text.c_str()), &PQclear);
  auto const status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    throw std::runtime_error(PQresultErrorMessage(answer.get()));
  }
  return answer;
}

}  // namespace

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

PostgresServer::PostgresServer(Kept kept, fs::path programs) : kept_(kept), programs_(std::move(programs)) {
  auto name = (fs::temp_directory_path() / "bihuan-postgres-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  directory_ = name;
  if (auto const* const entry = owner()) {
    if (::chown(directory_.c_str(), entry->pw_uid, entry->pw_gid) != 0) throw std::runtime_error("chown failed");
  }
}

PostgresServer::PostgresServer(Kept kept) : PostgresServer(kept, newest_programs()) {
  run_to_end("initdb",
             {"-D", (directory_ / "data").string(), "-A", "trust", "-U", "bihuan", "-E", "UTF8", "--locale=C", "-N"});
  start();
}

PostgresServer::PostgresServer(StandbyOf of) : PostgresServer(Kept::durably, newest_programs()) {
  run_to_end("pg_basebackup", {"-D", (directory_ / "data").string(), "-R", "-X", "stream", "-c", "fast", "-d",
                               of.primary.address("postgres")});
  start();
  auto const primary = of.primary.address("postgres");
  if (of.waited_for) {
    // After the copy was made: the standby waits for nobody when it is promoted.
    exec(primary, "ALTER SYSTEM SET synchronous_standby_names = '*'");
    exec(primary, "SELECT pg_reload_conf()");
  }
  std::string const follows = of.waited_for ? "sync_state = 'sync'" : "state = 'streaming'";
  auto const until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (of.primary.ask(primary, "SELECT count(*) FROM pg_stat_replication WHERE " + follows) == "0") {
    if (std::chrono::steady_clock::now() > until) throw std::runtime_error("the standby does not follow");
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
}

void PostgresServer::run_to_end(std::string const& program, std::vector<std::string> const& arguments) const {
  auto const made = run_as_owner(program, arguments);
  int status = 0;
  ::waitpid(made, &status, 0);
  if (status != 0) throw std::runtime_error(program + " failed");
}

PostgresServer::~PostgresServer() {
  kill();
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

// Fixed to the thread that starts it: that should be one that lasts.
pid_t PostgresServer::run_as_owner(std::string const& program, std::vector<std::string> const& arguments) const {
  auto const path = (programs_ / program).string();
  std::vector<char*> words{const_cast<char*>(path.c_str())};
  for (auto const& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  auto const* const entry = owner();
  auto const log = (directory_ / "log").string();
  pid_t const parent = ::getpid();
  pid_t const child = ::fork();
  if (child != 0) return child;
  bool const changed = entry == nullptr ||
                       (::setgroups(0, nullptr) == 0 && ::setgid(entry->pw_gid) == 0 && ::setuid(entry->pw_uid) == 0);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  int const out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(out, 1);
  ::dup2(out, 2);
  if (!changed || ::getppid() != parent || ::chdir(directory_.c_str()) != 0) ::_exit(1);
  ::execv(path.c_str(), words.data());
  ::_exit(1);
}

void PostgresServer::start() {
  std::vector<std::string> arguments{"-D", (directory_ / "data").string(), "-k", directory_.string()};
  auto const set = [&](std::string const& setting) {
    arguments.emplace_back("-c");
    arguments.push_back(setting);
  };
  set("listen_addresses=");
  set("max_connections=300");
  set("shared_buffers=64MB");
  set("autovacuum_naptime=10s");
  set("deadlock_timeout=100ms");
  if (kept_ == Kept::in_memory) {
    set("fsync=off");
    set("full_page_writes=off");
    set("synchronous_commit=off");
  }
  process_ = run_as_owner("postgres", arguments);
  auto const until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (PQping(address("postgres").c_str()) != PQPING_OK) {
    if (std::chrono::steady_clock::now() > until || ::waitpid(process_, nullptr, WNOHANG) != 0) {
      throw std::runtime_error("PostgreSQL does not start: " + (directory_ / "log").string());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
}

void PostgresServer::kill() {
  if (process_ <= 0) return;
  ::kill(process_, SIGCONT);
  ::kill(process_, SIGQUIT);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

void PostgresServer::promote() const {
  if (ask(address("postgres"), "SELECT pg_promote(true, 30)") != "t") throw std::runtime_error("not promoted");
}

void PostgresServer::stop() const {
  ::kill(process_, SIGSTOP);
}

void PostgresServer::go_on() const {
  ::kill(process_, SIGCONT);
}

std::string PostgresServer::address(std::string const& name) const {
  // On a busy machine the server may take longer than a node would wait to begin a process.
  return "postgresql:///" + name + "?host=" + directory_.string() + "&user=bihuan&connect_timeout=20";
}

std::string PostgresServer::database(std::string const& name) {
  if (databases_.contains(name)) return address(name);
  for (auto at = databases_.begin(); at != databases_.end();) {
    // To drop one that somebody is connected to takes PostgreSQL five seconds to refuse.
    bool const used =
        ask(address("postgres"), "SELECT count(*) FROM pg_stat_activity WHERE datname = '" + *at + "'") != "0";
    if (used) {
      ++at;
      continue;
    }
    exec(address("postgres"), "DROP DATABASE \"" + *at + "\"");
    at = databases_.erase(at);
  }
  exec(address("postgres"), "CREATE DATABASE \"" + name + "\" TEMPLATE template0");
  databases_.insert(name);
  return address(name);
}

void PostgresServer::run(std::string const& address, std::string const& script) const {
  exec(address, script);
}

std::string PostgresServer::ask(std::string const& address, std::string const& query) const {
  auto const answer = exec(address, query);
  return PQntuples(answer.get()) > 0 ? PQgetvalue(answer.get(), 0, 0) : "";
}

}  // namespace bihuan::test
