// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "engine/store/sqlite/connection.hpp"

namespace bihuan::sqlite {

// Copies a database's log into its file beside the writer, on a connection and a thread of its own: within a commit,
// everybody who waits for that one would wait for the disk to take some thousand scattered pages. What fails is tried
// again after the next commit.
class Checkpointer {
 public:
  // `enough`: pages of the log at which copying begins. `synchronous` as the writer's pragma has it.
  Checkpointer(std::filesystem::path const& file, int enough, std::int64_t synchronous);
  ~Checkpointer();
  Checkpointer(Checkpointer const&) = delete;
  Checkpointer& operator=(Checkpointer const&) = delete;

  // For the writer, after each of its commits. True when it should copy the little that is left itself: the log begins
  // anew only when a commit finds all of it copied, and with one commit after another this thread never gets that far.
  [[nodiscard]] bool leaves_the_rest(int pages_in_log);

 private:
  void run();

  Connection connection_;
  int const enough_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool copying_ = false;
  bool stopping_ = false;
  int copied_ = 0;  // pages of the log
  std::thread thread_;
};

}  // namespace bihuan::sqlite
