#!/usr/bin/env bash
# Builds the benchmark and runs it: one table of ratios, on standard output (tools/bench/README.md).
#   ./tools/bench.sh [--quick] [--sync-ms N] [--json FILE] [--directory DIR]
set -euo pipefail
cd "$(dirname "$0")/.."

./tools/setup
# The hand-written server to compare with; without its packages the table goes without it.
[ -d tools/bench/peer/node_modules ] || npm ci --prefix tools/bench/peer --no-audit --no-fund --loglevel=error >&2 || true
cmake --preset bench >/dev/null
cmake --build --preset bench --target bihuan_bench >&2
exec ./build/bench/bihuan_bench --directory build/bench "$@"
