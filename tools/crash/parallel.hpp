// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <ostream>
#include <string>
#include <type_traits>

namespace bihuan::crash {

struct Seeds {
  std::size_t seeds = 0;
  std::uint64_t first = 1;
  std::size_t processes = 0;  // 0: as many as there are cores; 1 stays in this one
};

// Gives each process its share of the seeds and a directory of its own, in memory where the system has that. `work`
// gets a place for its result of `size` bytes and writes its text to a file. What a process that died was at is told
// on `out`, and each of them counts as one in `died`.
struct Share {
  std::filesystem::path scratch;
  std::size_t first = 0;  // place of its first seed
  std::size_t every = 1;
};
std::size_t run_shares(Seeds const& seeds, std::ostream& out,
                       std::function<void(Share const&, std::ostream& told, std::string& result,
                                          std::function<void(std::uint64_t)> const& at_seed)> const& work,
                       std::function<void(std::string const& result)> const& take);

// The sum of what `one` gives for each seed. `prepare` is called once in each directory.
template <class Outcome>
Outcome run_parallel(Seeds const& seeds, std::ostream& out,
                     std::function<void(std::filesystem::path const&)> const& prepare,
                     std::function<Outcome(std::filesystem::path const&, std::uint64_t, std::ostream&)> const& one) {
  static_assert(std::is_trivially_copyable_v<Outcome>);
  Outcome sum;
  auto const died = run_shares(
      seeds, out,
      [&](Share const& share, std::ostream& told, std::string& result, auto const& at_seed) {
        prepare(share.scratch);
        Outcome own;
        for (auto place = share.first; place < seeds.seeds; place += share.every) {
          at_seed(seeds.first + place);
          own += one(share.scratch, seeds.first + place, told);
        }
        result.assign(reinterpret_cast<char const*>(&own), sizeof own);
      },
      [&](std::string const& result) {
        Outcome own;
        result.copy(reinterpret_cast<char*>(&own), sizeof own);
        sum += own;
      });
  sum.faults += died;
  return sum;
}

}  // namespace bihuan::crash
