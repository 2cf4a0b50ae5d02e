// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>

namespace bihuan::routes {

// Tells everybody who listens that something was appended. Thread-safe; ringing never blocks.
class News {
 public:
  using Ring = std::function<void()>;

  // Listens as long as it lives.
  class Listener {
   public:
    Listener(std::shared_ptr<News> news, Ring ring);
    ~Listener();
    Listener(Listener const&) = delete;
    Listener& operator=(Listener const&) = delete;

   private:
    std::shared_ptr<News> news_;
    std::list<Ring>::iterator place_;
  };

  void ring();

 private:
  std::mutex mutex_;
  std::list<Ring> listeners_;
};

}  // namespace bihuan::routes
