#!/usr/bin/env bash
# Makes the Debian package of this commit: ./tools/package.sh [DIRECTORY]
set -euo pipefail
cd "$(dirname "$0")/.."

umask 022  # directories are packed with the rights that they are made with
directory=$(realpath -m "${1:-build/package}")
./tools/setup
cmake --preset release >/dev/null
cmake --build --preset release
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
# A later commit is a later version, which apt takes for an upgrade.
cpack --config build/release/CPackConfig.cmake -B "$directory" \
  -D CPACK_DEBIAN_PACKAGE_RELEASE="$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d.%H%M%S)"
