// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace bihuan::bench {

// What Beast can do at most: reads a request and answers it with the same bytes, whatever it asks. One
// thread, like the I/O of the program.
class BareServer {
 public:
  // `head` and `body` of an answer, as they go over the wire.
  BareServer(std::string const& head, std::string const& body);
  ~BareServer();
  [[nodiscard]] std::uint16_t port() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace bihuan::bench
