// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/core/organisation.hpp"

namespace bihuan {

// The district's organisation, which an administrator changes a few times a year while others read it all day. Earlier
// ones are kept until the end, so that whoever holds one need not know. Safe to use from any thread.
class Organisations {
 public:
  [[nodiscard]] bool any() const { return now_.load() != nullptr; }
  [[nodiscard]] Organisation const& now() const { return *now_.load(); }

  void put(Organisation organisation) {
    std::scoped_lock const lock(putting_);
    all_.push_back(std::make_unique<Organisation const>(std::move(organisation)));
    now_.store(all_.back().get());
  }

 private:
  std::mutex putting_;
  std::vector<std::unique_ptr<Organisation const>> all_;
  std::atomic<Organisation const*> now_ = nullptr;
};

}  // namespace bihuan
