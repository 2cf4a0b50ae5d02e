// SPDX-License-Identifier: Apache-2.0
#include "tools/crash/parallel.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace bihuan::crash {
namespace {

namespace fs = std::filesystem;

class Scratch {
 public:
  Scratch() {
    fs::path const memory = "/dev/shm";
    auto const below = access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
    auto pattern = (below / "bihuan-crash-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no room at " + pattern);
    path_ = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(Scratch const&) = delete;
  Scratch& operator=(Scratch const&) = delete;
  [[nodiscard]] fs::path const& path() const { return path_; }

 private:
  fs::path path_;
};

std::string text_of(fs::path const& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

}  // namespace

std::size_t run_shares(Seeds const& seeds, std::ostream& out,
                       std::function<void(Share const&, std::ostream& told, std::string& result,
                                          std::function<void(std::uint64_t)> const& at_seed)> const& work,
                       std::function<void(std::string const& result)> const& take) {
  auto const processes = seeds.processes > 0 ? seeds.processes : std::max(1U, std::thread::hardware_concurrency());
  Scratch const scratch;
  auto const directory = [&](std::size_t process) { return scratch.path() / std::to_string(process); };
  for (std::size_t process = 0; process < processes; ++process) fs::create_directories(directory(process));
  if (processes == 1) {
    std::string result;
    work({.scratch = directory(0), .first = 0, .every = 1}, out, result, [](std::uint64_t) {});
    take(result);
    return 0;
  }
  std::vector<pid_t> children;
  for (std::size_t process = 0; process < processes; ++process) {
    out.flush();
    auto const child = fork();
    if (child != 0) {
      children.push_back(child);
      continue;
    }
    int status = 0;
    try {
      std::ofstream told(directory(process) / "told");
      std::ofstream seed(directory(process) / "seed");
      std::string result;
      work({.scratch = directory(process), .first = process, .every = processes}, told, result,
           [&](std::uint64_t at) { seed.seekp(0) << at << std::endl; });
      std::ofstream(directory(process) / "result", std::ios::binary) << result;
    } catch (std::exception const& fault) {
      std::ofstream(directory(process) / "told", std::ios::app) << fault.what() << "\n";
      status = 1;
    }
    // Without what ends a process that was not forked.
    _exit(status);
  }
  std::size_t died = 0;
  for (std::size_t process = 0; process < processes; ++process) {
    int status = 0;
    waitpid(children[process], &status, 0);
    out << text_of(directory(process) / "told");
    if (status == 0) {
      take(text_of(directory(process) / "result"));
    } else {
      ++died;
      out << "died at seed " << text_of(directory(process) / "seed");
    }
  }
  return died;
}

}  // namespace bihuan::crash
