// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/store/store.hpp"
#include "tools/crash/asked.hpp"
#include "tools/crash/story.hpp"

namespace bihuan::crash {

// One who works with a store whose disk may fail: steps of cases that are theirs alone, uploads, the audit, and
// reading what they wrote. Used by one thread at a time.
class FaultWorker {
 public:
  FaultWorker(std::string name, std::uint64_t seed) : name_(std::move(name)), random_(seed) {}

  // One thing of many. True when it was done, false when a fault stopped it.
  bool work(Store& store);
  // The store was opened anew: what it has is looked at before it is gone on with.
  void look_again();

  [[nodiscard]] std::vector<Asked> const& asked() const { return asked_; }
  [[nodiscard]] std::vector<Uploaded> const& uploaded() const { return uploaded_; }
  // Tokens of rows of the audit that were acknowledged.
  [[nodiscard]] std::vector<std::string> const& audited() const { return audited_; }
  [[nodiscard]] std::size_t refused() const { return refused_; }
  // What no fault of a disk excuses.
  [[nodiscard]] std::vector<std::string> const& faults() const { return faults_; }

 private:
  struct Case {
    Story story;
    bool sure = true;  // whether the last step is there
  };

  void do_one(Store& store);
  void step(Store& store, Case& own, std::string const& token, Append append);
  void look(Store& store, Case& own);
  void read(Store& store, Case const& own);
  void upload(Store& store);
  void audit(Store& store);
  [[nodiscard]] std::size_t pick(std::size_t count);
  [[nodiscard]] std::string next_token();

  std::string const name_;
  std::mt19937_64 random_;
  std::size_t tokens_ = 0;
  std::vector<Case> cases_;
  std::vector<Asked> asked_;
  std::vector<Uploaded> uploaded_;
  std::vector<std::string> audited_;
  std::vector<std::string> faults_;
  std::size_t refused_ = 0;
};

}  // namespace bihuan::crash
