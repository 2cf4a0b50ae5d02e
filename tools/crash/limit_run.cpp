// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/limit_run.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tools/bihuan/scratch.hpp"
#include "tools/crash/crew.hpp"

namespace bihuan::crash {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto patience = 60s;
constexpr uid_t nobody = 65534;
constexpr std::size_t refusals = 5;  // that show that a limit is met

// False when it does not come true.
bool wait_until(std::function<bool()> const& true_now) {
  auto const until = std::chrono::steady_clock::now() + patience;
  while (!true_now()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

class LimitRun {
 public:
  LimitRun(LimitOptions const& options, std::ostream& out)
      : options_(options), out_(out), issues_(make_district(model_.path() / "data", clients * issues_each)) {}

  std::size_t run() {
    tell("files that may not grow", &LimitRun::file_size);
    tell("a directory that may not be written", &LimitRun::read_only_directory);
    tell("no more descriptors", &LimitRun::descriptors);
    if (!options_.disks) return faults_;
    tell("no byte may be written", &LimitRun::nothing_written);
    tell("a disk that is full", &LimitRun::full_disk);
    tell("no more memory", &LimitRun::memory);
    tell("ten thousand idle connections", &LimitRun::idle_connections);
    return faults_;
  }

 private:
  void tell(std::string const& what, void (LimitRun::*one)()) {
    said_ = "";
    found_.clear();
    (this->*one)();
    out_ << fmt::format("{}: {}{} faults\n", what, said_, found_.size());
    for (auto const& fault : found_) out_ << "  " << fault << "\n";
    out_.flush();
    faults_ += found_.size();
  }

  // What the clients hear while the limit is met.
  enum class Meanwhile { refused, served, either };

  // Loads the program, lets the limit be met, relieves it, and looks whether it worked on.
  void under_load(fs::path const& below, std::function<void(Program&)> const& limit,
                  std::function<void(Program&)> const& relieve, Meanwhile meanwhile) {
    auto const data = below / "data";
    fs::copy(model_.path() / "data", data, fs::copy_options::recursive);
    Crew crew(issues_, options_.seed);
    Program program(options_.program, data);
    auto const port = program.wait_until_ready();
    if (!port) return found_.push_back("does not start: " + program.log());
    auto const& tally = crew.tally();
    auto const gained = [&](std::size_t since) { return tally.acknowledged - since >= options_.steps; };
    crew.start(*port);
    if (!wait_until([&] { return gained(0); })) found_.push_back("does not work before the limit");
    std::size_t const refused = tally.not_now;
    port_ = *port;
    limit(program);
    std::size_t const at_limit = tally.acknowledged;
    if (meanwhile == Meanwhile::refused && !wait_until([&] { return tally.not_now - refused >= refusals; }))
      found_.push_back("no answer says that the limit was met");
    if (meanwhile == Meanwhile::served && !wait_until([&] { return gained(at_limit); }))
      found_.push_back("other people are not served meanwhile");
    if (meanwhile == Meanwhile::either) std::this_thread::sleep_for(1s);
    relieve(program);
    std::size_t const before = tally.acknowledged;
    if (!wait_until([&] { return gained(before) || !program.runs(); }) || !program.runs())
      found_.push_back("does not work on though the limit is gone: " + program.log().substr(0, 2000));
    crew.let_it_go();
    auto const status = program.end();
    crew.join();
    if (status != 0) found_.push_back("ends with " + std::to_string(status));
    auto const wrong = crew.faults();
    auto const left = crew.check(data);
    found_.insert(found_.end(), wrong.begin(), wrong.end());
    found_.insert(found_.end(), left.faults.begin(), left.faults.end());
    said_ = fmt::format("{} steps acknowledged, {} answers 503, ", tally.acknowledged.load(), tally.not_now - refused);
  }

  void file_size() {
    ScratchDirectory const scratch;
    auto const log = scratch.path() / "data" / "bihuan.db-wal";
    under_load(
        scratch.path(), [&](Program& program) { program.limit(RLIMIT_FSIZE, fs::file_size(log)); },
        [](Program& program) { program.limit(RLIMIT_FSIZE, RLIM_INFINITY); }, Meanwhile::refused);
  }

  // A file system of its own, where the system lets us have one.
  class Mounted {
   public:
    Mounted() { mounted_ = ::mount("tmpfs", path().c_str(), "tmpfs", 0, "size=128m") == 0; }
    ~Mounted() {
      if (mounted_) ::umount2(path().c_str(), MNT_DETACH);
    }
    Mounted(Mounted const&) = delete;
    Mounted& operator=(Mounted const&) = delete;
    explicit operator bool() const { return mounted_; }
    [[nodiscard]] fs::path path() const { return scratch_.path(); }

   private:
    ScratchDirectory scratch_;
    bool mounted_ = false;
  };

  void full_disk() {
    Mounted mounted;
    if (!mounted) return not_possible("a file system may not be mounted here");
    auto const ballast = mounted.path() / "ballast";
    under_load(
        mounted.path(), [&](Program&) { std::ofstream(ballast) << std::string(128U << 20U, 'x'); },
        [&](Program&) { fs::remove(ballast); }, Meanwhile::refused);
  }

  // As on a disk that turned read-only: a remount is refused while files on it are open for writing.
  void nothing_written() {
    ScratchDirectory const scratch;
    under_load(
        scratch.path(), [&](Program& program) { program.limit(RLIMIT_FSIZE, 0); },
        [](Program& program) { program.limit(RLIMIT_FSIZE, RLIM_INFINITY); }, Meanwhile::refused);
  }

  void read_only_directory() {
    ScratchDirectory const scratch;
    auto const data = scratch.path() / "data";
    fs::copy(model_.path() / "data", data, fs::copy_options::recursive);
    auto const forbid = [&](fs::path const& path, fs::perms allowed) { fs::permissions(path, allowed); };
    forbid(scratch.path(), fs::perms::all);
    for (auto const& entry : fs::directory_iterator(data)) forbid(entry.path(), fs::perms(0444));
    forbid(data, fs::perms(0555));
    // The superuser may write everywhere.
    Program program(options_.program, data, {.user = getuid() == 0 ? nobody : 0});
    if (program.wait_until_ready()) found_.push_back("serves what it may not write");
    auto const status = program.end();
    if (status != 1) found_.push_back("ends with " + std::to_string(status));
    if (program.log().find("store_read_only") == std::string::npos)
      found_.push_back("does not say why: " + program.log());
    forbid(data, fs::perms::all);
    said_ = "refused at the start, ";
  }

  // Connections beyond what it may have wait until others end; those that it has are served.
  void descriptors() {
    ScratchDirectory const scratch;
    under_load(
        scratch.path(), [](Program& program) { program.limit(RLIMIT_NOFILE, program.descriptors() + 2); },
        [](Program& program) { program.limit(RLIMIT_NOFILE, 1024); }, Meanwhile::either);
  }

  void memory() {
    ScratchDirectory const scratch;
    under_load(
        scratch.path(), [](Program& program) { program.limit(RLIMIT_AS, program.address_space() + (1U << 20U)); },
        [](Program& program) { program.limit(RLIMIT_AS, RLIM_INFINITY); }, Meanwhile::either);
  }

  // From many addresses, each with as many as one may have; nothing is ever asked on them.
  void idle_connections() {
    constexpr std::size_t many = 10'000;
    constexpr std::size_t from_each = 200;
    rlimit own{};
    ::getrlimit(RLIMIT_NOFILE, &own);
    if (own.rlim_max < many + 500) return not_possible("so many descriptors may not be had here");
    own.rlim_cur = own.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &own);
    ScratchDirectory const scratch;
    std::vector<int> idle;
    under_load(
        scratch.path(),
        [&](Program&) {
          for (std::size_t number = 0; number < many; ++number)
            idle.push_back(connect_from(static_cast<std::uint32_t>(number / from_each), port_));
        },
        [&](Program&) { std::ranges::for_each(idle, ::close); }, Meanwhile::served);
  }

  // A connection from 127.0.1.0 and so many more.
  static int connect_from(std::uint32_t beyond, std::uint16_t port) {
    int const socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(0x7F000100U + beyond);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    bool const there = ::bind(socket, reinterpret_cast<sockaddr*>(&from), sizeof from) == 0 &&
                       ::connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    if (!there) throw std::runtime_error("no connection");
    return socket;
  }

  void not_possible(std::string const& why) { said_ = "not done (" + why + "), "; }

  LimitOptions const& options_;
  std::ostream& out_;
  ScratchDirectory model_;
  Issues const issues_;
  std::uint16_t port_ = 0;  // of the program that is under load
  std::string said_;
  std::vector<std::string> found_;
  std::size_t faults_ = 0;
};

}  // namespace

std::size_t run_limits(LimitOptions const& options, std::ostream& out) {
  return LimitRun(options, out).run();
}

}  // namespace bihuan::crash
