// SPDX-License-Identifier: Apache-2.0
// Rules of the house that a compiler does not hold us to.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "engine/core/result.hpp"

using namespace bihuan;
namespace fs = std::filesystem;

namespace {

fs::path const root = BIHUAN_SOURCE_DIR;

std::string read(fs::path const& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::vector<fs::path> files_below(fs::path const& directory, std::vector<std::string> const& extensions) {
  std::vector<fs::path> files;
  for (auto const& entry : fs::recursive_directory_iterator(root / directory)) {
    auto const extension = entry.path().extension().string();
    if (entry.is_regular_file() && std::find(extensions.begin(), extensions.end(), extension) != extensions.end())
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> includes_of(fs::path const& file) {
  std::vector<std::string> includes;
  std::istringstream lines(read(file));
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("#include", 0) != 0) continue;
    auto const begin = line.find_first_of("<\"") + 1;
    includes.push_back(line.substr(begin, line.find_first_of(">\"", begin) - begin));
  }
  return includes;
}

bool begins(std::string const& text, std::string const& with) {
  return text.rfind(with, 0) == 0;
}

}  // namespace

TEST_CASE("rooms include only what lies below them") {
  std::map<std::string, std::vector<std::string>> const may{
      {"engine/core", {"engine/core/"}},
      {"engine/store", {"engine/core/", "engine/store/"}},
      {"engine/service", {"engine/core/", "engine/store/", "engine/service/"}},
      {"engine/format", {"engine/core/", "engine/store/", "engine/service/", "engine/format/"}},
      {"api", {"engine/", "api/"}},
  };
  for (auto const& [room, below] : may) {
    for (auto const& file : files_below(room, {".cpp", ".hpp"})) {
      for (auto const& include : includes_of(file)) {
        bool const ours = begins(include, "engine/") || begins(include, "api/") || begins(include, "tools/");
        bool const allowed =
            std::any_of(below.begin(), below.end(), [&](auto const& prefix) { return begins(include, prefix); });
        CAPTURE(file.string());
        CAPTURE(include);
        CHECK((!ours || allowed));
      }
    }
  }
}

TEST_CASE("the core knows no clock, no thread, no store, no HTTP and no log") {
  for (auto const& file : files_below("engine/core", {".cpp", ".hpp"})) {
    auto const text = read(file);
    for (auto const& include : includes_of(file)) {
      CAPTURE(file.string());
      CAPTURE(include);
      for (auto const* const foreign : {"boost", "sqlite3", "libpq", "spdlog", "thread", "mutex", "atomic", "fstream",
                                        "filesystem", "openssl", "sodium"})
        CHECK_FALSE(begins(include, foreign));
    }
    CHECK(text.find("system_clock::now") == std::string::npos);
    CHECK(text.find("steady_clock::now") == std::string::npos);
  }
}

TEST_CASE("only the program names a store, and only two files know Beast") {
  for (auto const* const room : {"engine/service", "api"}) {
    for (auto const& file : files_below(room, {".cpp", ".hpp"})) {
      auto const includes = includes_of(file);
      CAPTURE(file.string());
      CHECK(std::none_of(includes.begin(), includes.end(), [](auto const& i) {
        return begins(i, "engine/store/sql/") || begins(i, "engine/store/sqlite/") ||
               begins(i, "engine/store/postgres/");
      }));
    }
  }
  for (auto const* const room : {"engine", "api/routes", "tools/bihuan"}) {
    for (auto const& file : files_below(room, {".cpp", ".hpp"})) {
      auto const includes = includes_of(file);
      CAPTURE(file.string());
      CHECK(std::none_of(includes.begin(), includes.end(),
                         [](auto const& i) { return begins(i, "boost/beast") || begins(i, "boost/asio"); }));
    }
  }
}

TEST_CASE("every code with which something is refused is provoked by a test or a scenario") {
  std::string all;
  for (auto const& file : files_below("tests", {".cpp"})) {
    if (file.filename() != "house_test.cpp" && file.filename() != "message_test.cpp") all += read(file);
  }
  for (auto const& file : files_below("workflows/scenarios", {".json"})) all += read(file);
  for (auto const code : all_codes()) {
    auto const name = std::string(code_name(code));
    CAPTURE(name);
    CHECK((all.find("Code::" + name) != std::string::npos || all.find("\"" + name + "\"") != std::string::npos));
  }
}
