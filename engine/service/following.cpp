// SPDX-License-Identifier: Apache-2.0
#include "engine/service/following.hpp"

#include <chrono>
#include <utility>

#include "engine/store/shared_store.hpp"

namespace bihuan {
namespace {

constexpr std::chrono::seconds pause_after_fault{1};

}  // namespace

Following::Following(Library& library, Store& store, std::function<void(std::exception const&)> failed)
    : library_(library), store_(store), failed_(std::move(failed)) {
  auto* const shared = dynamic_cast<SharedStore*>(&store);
  if (shared == nullptr) return;
  shared->when_ruled([this] { ring(); });
  ring();  // for what was saved since the library was read
  thread_ = std::jthread([this](std::stop_token const& stop) { run(stop); });
}

Following::~Following() {
  if (auto* const shared = dynamic_cast<SharedStore*>(&store_)) shared->when_ruled({});
}

void Following::ring() {
  std::scoped_lock const lock(mutex_);
  rung_ = true;
  wake_.notify_one();
}

void Following::run(std::stop_token const& stop) {
  std::unique_lock lock(mutex_);
  while (wake_.wait(lock, stop, [this] { return rung_; }) && !stop.stop_requested()) {
    rung_ = false;
    lock.unlock();
    bool const done = catch_up();
    lock.lock();
    if (done) continue;
    rung_ = true;
    wake_.wait_for(lock, stop, pause_after_fault, [] { return false; });
  }
}

bool Following::catch_up() {
  try {
    library_.learn();
    return true;
  } catch (std::exception const& fault) {
    failed_(fault);
    return false;
  }
}

}  // namespace bihuan
