// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/data_directory.hpp"

#include <ostream>
#include <system_error>

#include "engine/core/message.hpp"
#include "engine/store/store_fault.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {

bool holds_data(std::filesystem::path const& directory, std::ostream& err) {
  if (std::filesystem::exists(directory / "bihuan.db")) return true;
  say(err, message("verify.no_data", {{"path", directory.string()}}));
  return false;
}

int say_faults(std::ostream& err, std::function<int()> const& work) {
  try {
    return work();
  } catch (StoreFault const& fault) {
    err << fault.what() << "\n";
  } catch (std::system_error const& fault) {
    err << fault.what() << "\n";
  }
  return said_no;
}

}  // namespace bihuan
