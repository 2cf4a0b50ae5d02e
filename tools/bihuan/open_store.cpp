// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/open_store.hpp"

#include <algorithm>
#include <thread>

#include "engine/core/message.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/store_fault.hpp"

namespace bihuan {

Result<std::unique_ptr<Store>> open_store(std::filesystem::path const& directory, std::string const& address,
                                          KeyUse key, std::string const& replica) {
  if (address.empty() && !replica.empty()) return refused(refusal(Code::missing, "/data/store", {{"name", "store"}}));
  if (address.empty()) return open_sqlite_store(directory, {.key = key});
  for (auto const& [pointer, text] : {std::pair("/data/store", &address), std::pair("/data/replica", &replica)}) {
    if (!names_postgres(*text) && (text == &address || !text->empty()))
      return refused(refusal(Code::bad_format, pointer,
                             {{"value", without_password(*text)}, {"expected", message("expected.store")}}));
  }
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) return refused(refusal(Code::store_read_only, {}, {{"path", directory.string()}}));
  return open_postgres_store(address, postgres_options(directory, key, replica));
}

PostgresOptions postgres_options(std::filesystem::path const& directory, KeyUse key, std::string const& replica) {
  // As many as handlers can use at once: a reading waits for the network, and not for this machine.
  auto const cores = std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
  return {.key_file = directory / data_key_file,
          .key = key,
          .replica = replica,
          .readers = std::max<std::size_t>(2 * cores, 4)};
}

std::string shown_store(std::filesystem::path const& directory, std::string const& address) {
  return address.empty() ? directory.string() : without_password(address);
}

std::string without_password(std::string text) {
  auto const begin = text.find("://");
  auto const at = text.find('@', begin == std::string::npos ? 0 : begin);
  if (begin == std::string::npos || at == std::string::npos) return text;
  auto const colon = text.find(':', begin + 3);
  return colon < at ? text.replace(colon + 1, at - colon - 1, "***") : text;
}

}  // namespace bihuan
