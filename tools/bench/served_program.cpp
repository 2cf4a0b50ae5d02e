// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/served_program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>

#include "tools/bench/sample.hpp"

namespace bihuan::bench {
namespace {

std::filesystem::path const source = BIHUAN_SOURCE_DIR;
std::filesystem::path const peer = source / "tools/bench/peer";

// What it says when it is ready ends with its address; nothing when it ended without.
std::uint16_t read_port(int out) {
  std::string said;
  std::array<char, 512> piece{};
  for (ssize_t size = 0; said.find('\n') == std::string::npos && (size = read(out, piece.data(), piece.size())) > 0;) {
    said.append(piece.data(), static_cast<std::size_t>(size));
  }
  auto const place = said.find("http://127.0.0.1:");
  if (place == std::string::npos) throw std::runtime_error("the server does not start");
  return static_cast<std::uint16_t>(std::stoi(said.substr(place + std::string("http://127.0.0.1:").size())));
}

}  // namespace

ServedProgram ServedProgram::of_bihuan(std::filesystem::path const& data, std::string const& store) {
  std::vector<std::string> words{BIHUAN_PROGRAM, "serve", "--port",      "0",
                                 "--data",       data,    "--workflows", source / "workflows"};
  if (!store.empty()) words.insert(words.end(), {"--store", store});
  return ServedProgram(std::move(words));
}

bool ServedProgram::has_peer() {
  return std::filesystem::exists(peer / "node_modules");
}

ServedProgram ServedProgram::of_peer(std::filesystem::path const& file, std::size_t cases) {
  return ServedProgram({"node", peer / "server.mjs", file, std::to_string(cases)});
}

ServedProgram::ServedProgram(std::vector<std::string> words) {
  auto const start = Clock::now();
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, pipe[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  int const failed = posix_spawnp(&process_, arguments.front(), &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  close(pipe[1]);
  if (failed != 0) throw std::runtime_error("no program " + words.front());
  try {
    port_ = read_port(pipe[0]);
  } catch (...) {
    close(pipe[0]);
    end();
    throw;
  }
  close(pipe[0]);
  start_up_ms_ = milliseconds_since(start);
}

ServedProgram::~ServedProgram() {
  end();
}

void ServedProgram::end() const {
  kill(process_, SIGTERM);
  waitpid(process_, nullptr, 0);
}

double ServedProgram::processor_seconds() const {
  std::ifstream file("/proc/" + std::to_string(process_) + "/stat");
  std::string text(std::istreambuf_iterator<char>(file), {});
  // After the name, which may hold spaces, user and system time are the 12th and 13th (proc(5)).
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int place = 0; place < 11; ++place) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double ServedProgram::peak_memory() const {
  std::ifstream status("/proc/" + std::to_string(process_) + "/status");
  for (std::string word; status >> word;) {
    if (word != "VmHWM:") continue;
    double kilobytes = 0;
    status >> kilobytes;
    return kilobytes / 1024;
  }
  return 0;
}

}  // namespace bihuan::bench
