// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace bihuan {

// The disk, the database or the way to it failed. Thrown by stores and let pass by everybody above them: it
// is caught once, where requests are answered (503, nothing was done).
class StoreFault : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace bihuan
