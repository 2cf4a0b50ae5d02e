// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace bihuan::crash {

// How the disk feels. All of it comes about by chance, on the disk's seed.
struct Mood {
  // Of a thousand writes, syncs, truncations, deletions and openings so many fail: with an I/O error, for want of
  // room, or after a part of the bytes.
  unsigned failing = 0;
  // Of a thousand syncs, beside those.
  unsigned failing_syncs = 0;
  // Of a thousand reads and mappings of shared memory.
  unsigned failing_reads = 0;
  // At most so many failures in all.
  std::size_t failures = SIZE_MAX;
  // Files may hold so many bytes together; what goes beyond finds no room.
  std::size_t room = SIZE_MAX;
  // Syncs say that they are done and do nothing.
  bool lies = false;
  // After so many more operations nothing works, from the midst of what is being written on, as when the process is
  // killed or the power goes.
  std::size_t works_for = SIZE_MAX;
};

struct DiskCounts {
  std::size_t operations = 0;  // without reads
  std::size_t failures = 0;
  std::size_t torn = 0;     // writes that power cuts left in part
  std::size_t dropped = 0;  // writes that they left out

  DiskCounts& operator+=(DiskCounts const& other);
};

struct DiskState;

// While this lives, SQLite keeps the files below a directory on it (as its default VFS, over the real one). It knows
// what of each file has been synced, so that it can leave what a power cut leaves. One at a time in a process; safe to
// use from the threads of a store.
//
// A sync that fails loses its hold on what was written before, as on Linux: those bytes are on the disk or not, and a
// later sync does not try them again.
class FaultyDisk {
 public:
  FaultyDisk(std::filesystem::path const& directory, std::uint64_t seed);
  ~FaultyDisk();
  FaultyDisk(FaultyDisk const&) = delete;
  FaultyDisk& operator=(FaultyDisk const&) = delete;

  void feel(Mood const& mood);
  // Everything works from now on, also after works_for ran out.
  void calm();
  // Nothing works from now on.
  void stop();
  [[nodiscard]] bool stopped() const;
  // Once no connection is open: the files become what a power cut leaves. Of what was not synced each write is there,
  // is not, or is there in part; a file that was never synced may be gone, and one that was deleted back.
  void lose_power();
  [[nodiscard]] std::size_t used() const;
  [[nodiscard]] DiskCounts counts() const;

 private:
  std::unique_ptr<DiskState> state_;
};

}  // namespace bihuan::crash
