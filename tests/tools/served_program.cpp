// SPDX-License-Identifier: Apache-2.0
#include "tests/tools/served_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace bihuan::test {
namespace {

constexpr int patience_ms = 10'000;

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    out = ends[0];
    in = ends[1];
  }
  int out = -1;
  int in = -1;
};

std::string next_line(int file, std::string& unread) {
  std::array<char, 4096> piece{};
  auto end = unread.find('\n');
  for (; end == std::string::npos; end = unread.find('\n')) {
    pollfd waiting{.fd = file, .events = POLLIN, .revents = 0};
    auto const size = ::poll(&waiting, 1, patience_ms) == 1 ? ::read(file, piece.data(), piece.size()) : 0;
    if (size <= 0) throw std::runtime_error("bihuan serve says nothing more after: " + unread);
    unread.append(piece.data(), static_cast<std::size_t>(size));
  }
  auto line = unread.substr(0, end);
  unread.erase(0, end + 1);
  return line;
}

std::uint16_t port_in(std::string const& ready) {
  constexpr std::string_view before = "://127.0.0.1:";
  auto const place = ready.find(before);
  if (place == std::string::npos) throw std::runtime_error("bihuan serve does not start: " + ready);
  return static_cast<std::uint16_t>(std::stoi(ready.substr(place + before.size())));
}

}  // namespace

ServedProgram::ServedProgram(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"bihuan", "serve", "--port", "0"});
  std::vector<char*> words;
  for (auto& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  Pipe const said;
  Pipe const log;
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, said.in, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, log.in, STDERR_FILENO);
  int const failed = posix_spawn(&process_, BIHUAN_PROGRAM, &files, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  ::close(said.in);
  ::close(log.in);
  log_ = log.out;
  if (failed != 0) throw std::runtime_error("no program at " BIHUAN_PROGRAM);
  try {
    std::string unread;
    port_ = port_in(next_line(said.out, unread));
  } catch (...) {
    ::close(said.out);
    end();
    throw;
  }
  ::close(said.out);
}

ServedProgram::~ServedProgram() {
  end();
}

void ServedProgram::end() {
  if (process_ > 0) {
    signal(SIGTERM);
    ::waitpid(process_, nullptr, 0);
  }
  ::close(log_);
}

int ServedProgram::status() {
  int status = 0;
  ::waitpid(std::exchange(process_, -1), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void ServedProgram::signal(int number) const {
  ::kill(process_, number);
}

std::string ServedProgram::logged(std::string_view text) {
  while (true) {
    auto line = next_line(log_, unread_);
    if (line.find(text) != std::string::npos) return line;
  }
}

}  // namespace bihuan::test
