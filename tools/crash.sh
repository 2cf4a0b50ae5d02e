#!/usr/bin/env bash
# Builds the runs that hurt Bihuan and makes one of them (tools/crash/README.md).
#   ./tools/crash.sh kill [--rounds N] [--seed N]     kill -9 under load
#   ./tools/crash.sh faults [--seeds N] [--seed N]   a store on a disk that fails, tears and lies
#   ./tools/crash.sh limits [--seed N]               no more room, descriptors or memory under load
#   ./tools/crash.sh nodes [--rounds N] [--seed N]   three nodes on one PostgreSQL that lose each other, it, or the way
#   ./tools/crash.sh simulate [--seeds N] [--seed N] strangers on such a disk and a jumping clock
set -euo pipefail
cd "$(dirname "$0")/.."

./tools/setup
cmake --preset dev >/dev/null
cmake --build --preset dev --target bihuan_crash >&2
exec ./build/dev/bihuan_crash "$@"
