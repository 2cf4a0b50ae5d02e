// SPDX-License-Identifier: Apache-2.0
#include "tests/store/postgres_proxy.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace bihuan::test {
namespace {

constexpr char socket_name[] = ".s.PGSQL.5432";
constexpr int look_around = 20;  // milliseconds, for whether it ends

sockaddr_un address_of(std::filesystem::path const& directory) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  auto const path = (directory / socket_name).string();
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("the path of a socket is too long");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

int connected(std::filesystem::path const& directory) {
  int const made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto const address = address_of(directory);
  ::connect(made, reinterpret_cast<sockaddr const*>(&address), sizeof address);
  return made;
}

bool pass(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// Idle, and in no transaction.
constexpr std::string_view ready_for_query{"Z\0\0\0\5I", 6};

}  // namespace

PostgresProxy::PostgresProxy(std::filesystem::path const& server, std::filesystem::path const& own)
    : server_(server), own_(own), listening_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  auto const address = address_of(own_);
  if (::bind(listening_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0 ||
      ::listen(listening_, 64) != 0) {
    throw std::runtime_error("the proxy cannot listen");
  }
  acceptor_ = std::jthread([this] { accept(); });
}

PostgresProxy::~PostgresProxy() {
  ends_ = true;
  acceptor_.join();
  carriers_.clear();
  ::close(listening_);
}

void PostgresProxy::accept() {
  while (!ends_) {
    pollfd watched{.fd = listening_, .events = POLLIN, .revents = 0};
    if (::poll(&watched, 1, look_around) <= 0) continue;
    int const client = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    std::scoped_lock const lock(mutex_);
    carriers_.emplace_back([this, client] { carry(client); });
  }
}

void PostgresProxy::carry(int client) {
  int const server = connected(server_);
  std::array<char, 65536> buffer{};
  bool swallows = false;  // the answer to a commit
  bool greeted = false;   // and nothing after that
  for (bool open = true; open && !ends_;) {
    std::array<pollfd, 2> watched{pollfd{.fd = client, .events = POLLIN, .revents = 0},
                                  pollfd{.fd = server, .events = POLLIN, .revents = 0}};
    if (::poll(watched.data(), watched.size(), look_around) <= 0) continue;
    for (std::size_t from = 0; open && from < 2; ++from) {
      if (watched[from].revents == 0) continue;
      auto const size = ::recv(watched[from].fd, buffer.data(), buffer.size(), 0);
      open = size > 0;
      if (!open || silent_ || greeted) continue;
      std::string_view const bytes(buffer.data(), static_cast<std::size_t>(size));
      if (from == 0 && bytes.find("COMMIT") != std::string_view::npos &&
          (cut_ == Cut::before_commit || cut_ == Cut::after_commit)) {
        swallows = cut_.exchange(Cut::never) == Cut::after_commit;
        open = swallows;
      } else if (from == 1 && swallows) {
        open = false;
      }
      if (open) open = pass(watched[1 - from].fd, bytes);
      if (from == 1 && cut_ == Cut::after_greeting && bytes.ends_with(ready_for_query)) {
        cut_ = Cut::never;
        greeted = true;
      }
    }
  }
  ::close(client);
  ::close(server);
}

}  // namespace bihuan::test
