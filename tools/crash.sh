#!/usr/bin/env bash
# Builds the runs that hurt Bihuan and makes one of them (tools/crash/README.md).
#   ./tools/crash.sh kill [--rounds N] [--seed N]     kill -9 under load
#   ./tools/crash.sh faults [--seeds N] [--seed N]   a store on a disk that fails, tears and lies
#   ./tools/crash.sh limits [--seed N]               no more room, descriptors or memory under load
#   ./tools/crash.sh nodes [--rounds N] [--seed N]   three nodes on one PostgreSQL that lose each other, it, or the way
#   ./tools/crash.sh simulate [--seeds N] [--seed N] strangers on such a disk and a jumping clock
#   ./tools/crash.sh tamper [--rounds N] [--seed N]  each kind of change behind the store's back, so often
set -euo pipefail
cd "$(dirname "$0")/.."

./tools/setup
cmake --preset dev >/dev/null
if [ "${1:-}" != tamper ]; then
  cmake --build --preset dev --target bihuan_crash >&2
  exec ./build/dev/bihuan_crash "$@"
fi

shift
rounds=100
seed=$RANDOM
while [ $# -gt 0 ]; do
  case "$1" in
    --rounds) rounds=${2:?--rounds needs a number}; shift 2 ;;
    --seed) seed=${2:?--seed needs a number}; shift 2 ;;
    *) sed -n '2,9s/^# //p' "$0" >&2; exit 2 ;;
  esac
done
# It is the test itself, at more places (tests/service/tamper_test.cpp).
cmake --build --preset dev --target service_tests >&2
echo "seed $seed, $rounds places for each kind of change"
BIHUAN_TAMPER_ROUNDS=$rounds BIHUAN_TAMPER_SEED=$seed exec ./build/dev/tests/service/service_tests --no-intro=true \
  --test-case='nothing is named where*,whatever is altered*'
