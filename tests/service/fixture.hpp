// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "engine/service/case_service.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/verify.hpp"
#include "tests/support/test_store.hpp"

namespace bihuan {

// A directory of its own, gone with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    auto pattern = (std::filesystem::temp_directory_path() / "bihuan-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(TemporaryDirectory const&) = delete;
  TemporaryDirectory& operator=(TemporaryDirectory const&) = delete;
  [[nodiscard]] std::filesystem::path const& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::filesystem::path shipped_workflows() {
  return std::filesystem::path(BIHUAN_SOURCE_DIR) / "workflows";
}

inline Library load_library(std::filesystem::path const& directory = shipped_workflows()) {
  auto library = Library::load(directory);
  if (!library) {
    for (auto const& fault : library.error()) MESSAGE(fault.pointer << " " << fault.text.en);
  }
  REQUIRE(library.has_value());
  return std::move(*library);
}

inline std::unique_ptr<Store> open_store(std::filesystem::path const& directory) {
  return test::open_test_store(directory);
}

// The shipped workflows over a fresh store, on a clock that the test turns.
struct Office {
  TemporaryDirectory directory;
  Library library = load_library();
  std::unique_ptr<Store> store = open_store(directory.path());
  Instant now = *parse_instant("2026-11-02T09:00:00+08:00");
  CaseService service{*store, library, [this] { return now; }};

  std::string upload(std::string bytes, Actor const& actor, std::string const& type = "image/jpeg") {
    return store->attachments().put("paper", type, actor.person, source_of(std::move(bytes))).sha256;
  }
};

inline Actor person(std::string name, std::string unit, std::vector<std::string> roles) {
  return {std::move(name), std::move(unit), std::move(roles), false};
}

}  // namespace bihuan
