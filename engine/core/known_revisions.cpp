// SPDX-License-Identifier: Apache-2.0
#include "engine/core/known_revisions.hpp"

#include <algorithm>

namespace bihuan {

bool KnownRevisions::knows(std::int64_t real) const {
  return std::none_of(unknown_.begin(), unknown_.end(), [&](Veiled const& one) { return one.revision == real; });
}

std::int64_t KnownRevisions::shown(std::int64_t real) const {
  return real -
         std::count_if(unknown_.begin(), unknown_.end(), [&](Veiled const& one) { return one.revision <= real; });
}

std::int64_t KnownRevisions::real(std::int64_t shown) const {
  auto real = shown;
  for (auto const& one : unknown_) {
    if (one.revision > real) break;
    ++real;
  }
  return real;
}

Instant KnownRevisions::changed(Case const& subject) const {
  auto changed = subject.changed;
  auto revision = subject.revision;
  for (auto one = unknown_.rbegin(); one != unknown_.rend() && one->revision == revision; ++one, --revision)
    changed = one->before;
  return changed;
}

Instant changed_for_all(Case const& subject) {
  return KnownRevisions(subject.veiled).changed(subject);
}

}  // namespace bihuan
