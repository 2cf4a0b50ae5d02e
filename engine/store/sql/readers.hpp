// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/store/sql/connection.hpp"

namespace bihuan::sql {

// Connections for reading that threads borrow. Reading never waits for the writer, only for a free connection. Each is
// looked at by `admit`, if any, when it is borrowed: what that throws the borrower hears.
class Readers {
 public:
  class Lease {
   public:
    explicit Lease(Readers& readers) : readers_(readers), connection_(readers.take()) {}
    ~Lease() { readers_.give_back(std::move(connection_)); }
    Lease(Lease const&) = delete;
    Lease& operator=(Lease const&) = delete;
    [[nodiscard]] Connection& operator*() const { return *connection_; }
    [[nodiscard]] Connection* operator->() const { return connection_.get(); }

   private:
    Readers& readers_;
    std::unique_ptr<Connection> connection_;
  };

  using Admit = std::function<void(Connection&)>;
  explicit Readers(std::vector<std::unique_ptr<Connection>> connections, Admit admit = {});

  [[nodiscard]] Lease lease() { return Lease(*this); }

 private:
  std::unique_ptr<Connection> take();
  std::unique_ptr<Connection> take_any();
  void give_back(std::unique_ptr<Connection> connection);

  Admit const admit_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace bihuan::sql
