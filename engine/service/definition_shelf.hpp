// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/definition.hpp"

namespace bihuan {

// Every version of every workflow that is known, and the one that new cases open with. An administrator adds to it a
// few times a year while others read it all day: nothing is ever taken away, so that whoever holds a definition may
// keep it. Safe to use from any thread.
class DefinitionShelf {
 public:
  using Key = std::pair<std::string, std::string>;  // workflow, version
  struct Content {
    std::map<Key, std::shared_ptr<Definition const>> all;
    std::map<std::string, std::string, std::less<>> current;  // workflow -> version
  };

  DefinitionShelf() = default;
  // The same definitions, for another library.
  DefinitionShelf(DefinitionShelf const& other) {
    put([&](Content& content) { content = other.now(); });
  }
  DefinitionShelf& operator=(DefinitionShelf const&) = delete;

  [[nodiscard]] Content const& now() const { return *now_.load(); }

  template <class Change>
  void put(Change const& change) {
    std::scoped_lock const lock(putting_);
    auto next = std::make_unique<Content>(now());
    change(*next);
    all_.push_back(std::move(next));
    now_.store(all_.back().get());
  }

 private:
  static Content const& nothing() {
    static Content const empty;
    return empty;
  }

  std::mutex putting_;
  std::vector<std::unique_ptr<Content const>> all_;
  std::atomic<Content const*> now_ = &nothing();
};

}  // namespace bihuan
