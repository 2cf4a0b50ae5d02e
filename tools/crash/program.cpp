// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tools/bihuan/workflows_directory.hpp"

namespace bihuan::crash {
namespace {

constexpr char ready[] = "http://127.0.0.1:";

// Between fork and exec: nothing here may allocate or lock.
[[noreturn]] void become(char* const* words, int out, int log, Bounds const& bounds) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(out, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  for (auto const& [what, most] : bounds.limits) {
    rlimit const limit{.rlim_cur = most, .rlim_max = most};
    // NOLINTNEXTLINE: glibc has an enumeration where POSIX says int.
    if (setrlimit(static_cast<__rlimit_resource>(what), &limit) != 0) _exit(126);
  }
  if (bounds.user != 0 && (setgid(bounds.user) != 0 || setuid(bounds.user) != 0)) _exit(126);
  execv(words[0], words);
  _exit(127);
}

}  // namespace

std::filesystem::path built_program() {
  return BIHUAN_PROGRAM;
}

Program::Program(std::filesystem::path const& program, std::filesystem::path const& data, Bounds const& bounds,
                 std::string const& store)
    : log_(data.parent_path() / "serve.log") {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  int const log = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  auto const workflows = find_workflows_directory({}).string();
  std::vector<std::string> words{program.string(), "serve",   "--port",         "0", "--data", data.string(),
                                 "--workflows",    workflows, "--seal-seconds", "1"};
  if (!store.empty()) words.insert(words.end(), {"--store", store});
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  process_ = ::fork();
  if (process_ == 0) become(arguments.data(), pipe[1], log, bounds);
  ::close(pipe[1]);
  ::close(log);
  out_ = pipe[0];
  if (process_ < 0) throw std::runtime_error("no process for " + program.string());
}

Program::~Program() {
  if (process_ > 0) kill();
  ::close(out_);
}

std::optional<std::uint16_t> Program::wait_until_ready() {
  std::array<char, 512> piece{};
  for (;;) {
    auto const place = said_.find(ready);
    if (place != std::string::npos && said_.find('\n', place) != std::string::npos)
      return static_cast<std::uint16_t>(std::stoi(said_.substr(place + sizeof ready - 1)));
    auto const size = ::read(out_, piece.data(), piece.size());
    if (size <= 0) return std::nullopt;
    said_.append(piece.data(), static_cast<std::size_t>(size));
  }
}

int Program::wait(int options) {
  int status = 0;
  if (::waitpid(process_, &status, options) != process_) return -1;
  process_ = -1;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return status_;
}

void Program::kill() {
  ::kill(process_, SIGKILL);
  (void)wait(0);
}

int Program::end() {
  if (process_ <= 0) return status_;
  ::kill(process_, SIGTERM);
  return wait(0);
}

bool Program::runs() {
  return process_ > 0 && wait(WNOHANG) < 0;
}

// Only the soft limit moves, so that it can be given back.
void Program::limit(int what, rlim_t most) {
  auto const resource = static_cast<__rlimit_resource>(what);
  rlimit now{};
  if (::prlimit(process_, resource, nullptr, &now) != 0) throw std::runtime_error("no limits");
  now.rlim_cur = std::min(most, now.rlim_max);
  if (::prlimit(process_, resource, &now, nullptr) != 0) throw std::runtime_error("no limit");
}

std::size_t Program::descriptors() const {
  std::size_t highest = 0;
  for (auto const& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(process_) + "/fd"))
    highest = std::max<std::size_t>(highest, std::stoul(entry.path().filename().string()));
  return highest + 1;
}

std::string Program::log() const {
  std::ifstream file(log_);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::size_t Program::address_space() const {
  std::ifstream file("/proc/" + std::to_string(process_) + "/statm");
  std::size_t pages = 0;
  file >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace bihuan::crash
