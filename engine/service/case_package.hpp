// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "engine/core/result.hpp"
#include "engine/service/case_service.hpp"
#include "engine/service/sealer.hpp"

namespace bihuan {

// A case to take along, as a ZIP archive that package_verify.hpp checks without a server:
//
//   index.html    a page to read it by; no script, no file from elsewhere
//   case.json     what the case is now
//   history.json  its events, each with its hash and the proof that it is in the log of all events
//   documents/    the bytes of its documents, named by their hash
//   package.json  what it is of, the signed head of the log, each file with its hash, all of it signed by the log's key
//
// What the actor may not read is not in it. Events that are not shown as they were stored are marked, since their
// hashes cannot be computed from what is shown; a package without any is complete and replays to its case.
inline constexpr char package_manifest[] = "package.json";
inline constexpr char package_case[] = "case.json";
inline constexpr char package_history[] = "history.json";
inline constexpr char package_page[] = "index.html";
inline constexpr char package_documents[] = "documents/";
inline constexpr std::int64_t package_format = 1;

// What its signature is over: "bihuan case package", a line end, and the canonical JSON of everything but the
// signature.
[[nodiscard]] std::string package_signed_text(Json manifest);

struct PackageAbout {
  std::string number;  // of the case
  std::int64_t revision = 0;
};
// Puts it in the place of `file`. Refused with not_found, or with busy when the case never stands still. Throws
// StoreFault.
[[nodiscard]] Result<PackageAbout> write_package(std::filesystem::path const& file, std::string const& case_id,
                                                 Actor const& actor, CaseService& cases, Sealer& sealer);

}  // namespace bihuan
