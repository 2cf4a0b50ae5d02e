// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tools/fuzz/targets.hpp"

namespace bihuan::fuzz {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> corpus_of(std::string_view target) {
  auto const directory = fs::path(BIHUAN_SOURCE_DIR) / "tools/fuzz/corpus" / target;
  std::vector<fs::path> files;
  for (auto const& entry : fs::directory_iterator(directory)) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<std::string> corpus;
  for (auto const& file : files) {
    std::ifstream stream(file, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return corpus;
}

// Bytes changed, left out, repeated, or the end cut off.
std::string spoiled(std::string bytes, std::mt19937& random) {
  auto const pick = [&](std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random); };
  for (auto changes = 1 + pick(4); changes > 0 && !bytes.empty(); --changes) {
    auto const at = pick(bytes.size());
    switch (pick(4)) {
      case 0: bytes[at] = static_cast<char>(random()); break;
      case 1: bytes.erase(at, 1 + pick(8)); break;
      case 2: bytes.insert(at, bytes.substr(pick(bytes.size()), 1 + pick(16))); break;
      default: bytes.resize(bytes.size() - bytes.size() / (8 + pick(8))); break;
    }
  }
  return bytes;
}

}  // namespace

TEST_CASE("What comes from outside is taken or refused, whatever is wrong with it") {
  std::mt19937 random(1);
  for (auto const& target : targets) {
    CAPTURE(target.name);
    auto const corpus = corpus_of(target.name);
    CHECK_FALSE(corpus.empty());
    target.run("");
    for (auto const& bytes : corpus) {
      target.run(bytes);
      for (int round = 0; round < 40; ++round) target.run(spoiled(bytes, random));
    }
  }
}

}  // namespace bihuan::fuzz
