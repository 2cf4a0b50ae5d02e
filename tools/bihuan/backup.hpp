// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>

namespace bihuan {

struct BackupOptions {
  std::filesystem::path data = "data";
  std::filesystem::path backup;
  bool keys = false;                // the key files too
  std::filesystem::path scratch{};  // where a copy is put to be looked at; the system's place for it when empty
  bool json = false;
};

// `bihuan backup create`: a directory with one consistent copy of the data, made while a server may go on writing it,
// and backup.json, which names each file with its hash. Appears under its name when it is whole and on the disk.
int run_backup_create(BackupOptions const& options, std::ostream& out, std::ostream& err);

// `bihuan backup verify`: every file is as it was made; and a copy of it, so that the backup itself is never written,
// holds what `bihuan verify` asks for, with the bytes of every document.
int run_backup_verify(BackupOptions const& options, std::ostream& out, std::ostream& err);

// `bihuan restore`: puts a backup into a data directory that is new or empty, and verifies it there. Refused when the
// directory holds anything or a server has it.
int run_restore(BackupOptions const& options, std::ostream& out, std::ostream& err);

}  // namespace bihuan
