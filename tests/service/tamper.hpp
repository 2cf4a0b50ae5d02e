// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <string>
#include <vector>

#include "engine/store/seal_verify.hpp"
#include "tests/service/sealed_office.hpp"

namespace bihuan::tamper {

// A sealed district, as it was before anybody tampered with it.
struct Original {
  Original();
  TemporaryDirectory directory;
  std::vector<std::string> cases;
  std::vector<TreeHead> heads;
  std::int64_t events = 0;
  std::int64_t seals = 0;
  std::int64_t leaves = 0;
};
Original const& original();

// A copy to do things to.
struct Copy {
  Copy();
  void run(std::string const& script) const;
  [[nodiscard]] std::int64_t ask(std::string const& query) const;
  [[nodiscard]] std::string ask_text(std::string const& query) const;
  [[nodiscard]] std::unique_ptr<Store> open() const;
  // Hashes the history of a case anew from what its rows say, as somebody would who knows how.
  void mend(std::string const& id) const;
  TemporaryDirectory directory;
};

// Everything that verification says, one fault a line.
struct Found {
  std::string cases;
  std::string log;
  std::string kept;  // with heads kept elsewhere
};
Found look(Copy const& copy);

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  // From `least` to `most`, both included.
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(engine_);
  }
  std::int64_t event() { return between(1, original().events); }
  std::int64_t seal() { return between(1, original().seals); }
  std::string const& one_case() {
    return original()
        .cases[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(original().cases.size()) - 1))];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace bihuan::tamper
