#!/usr/bin/env bash
# Makes the Debian package of this commit: ./tools/package.sh [DIRECTORY]
set -euo pipefail
cd "$(dirname "$0")/.."

directory=$(realpath -m "${1:-build/package}")
./tools/setup
cmake --preset release >/dev/null
cmake --build --preset release
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
cpack --config build/release/CPackConfig.cmake -B "$directory"
