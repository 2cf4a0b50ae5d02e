// SPDX-License-Identifier: Apache-2.0
#include "api/http/page.hpp"

namespace bihuan::http {

std::vector<PageFile> page_files() {
  return {};
}

}  // namespace bihuan::http
