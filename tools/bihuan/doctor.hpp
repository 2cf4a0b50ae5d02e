// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>

#include "tools/bihuan/serve.hpp"

namespace bihuan {

// `bihuan doctor`: looks over an installation as it stands (configuration, definitions, calendars, data, keys, disk,
// certificate, backups) and says of each whether it is well, and what to do where it is not. Changes nothing; a server
// may be running. 1 when something keeps the service from working or endangers what it keeps.
int run_doctor(ServeOptions const& options, bool json, std::ostream& out);

}  // namespace bihuan
