#!/usr/bin/env bash
# Feeds what reads bytes from outside with what libFuzzer thinks of (tools/fuzz/targets.hpp says what).
#   ./tools/fuzz.sh [--seconds N] [TARGET...]      60 seconds of every target, when none is named
# A finding is left in build/fuzz/found/TARGET; what is learned on the way, in build/fuzz/learned/TARGET.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=60
targets=()
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) seconds=${2:?--seconds needs a number}; shift 2 ;;
    -*) sed -n '2,4s/^# //p' "$0" >&2; exit 2 ;;
    *) targets+=("$1"); shift ;;
  esac
done

./tools/setup
packages=(clang libclang-rt-14-dev)  # libFuzzer is clang's
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
    { echo "tools/fuzz.sh: needs apt-get install ${packages[*]}" >&2; exit 1; }
done
cmake --preset fuzz >/dev/null
if [ ${#targets[@]} -eq 0 ]; then
  for directory in tools/fuzz/corpus/*/; do targets+=("$(basename "$directory")"); done
fi
cmake --build --preset fuzz --target "${targets[@]/#/fuzz_}" >&2

failed=0
for target in "${targets[@]}"; do
  learned=build/fuzz/learned/$target
  found=build/fuzz/found/$target
  mkdir -p "$learned" "$found"
  log=$(mktemp)
  inputs=("$learned" "tools/fuzz/corpus/$target")
  [ "$target" = definition ] && inputs+=(workflows)
  limit=65536
  [ "$target" = definition ] && limit=262144
  if ! build/fuzz/fuzz/"fuzz_$target" -max_total_time="$seconds" -max_len=$limit -timeout=10 -rss_limit_mb=3000 \
      -artifact_prefix="$found/" -print_final_stats=1 "${inputs[@]}" >"$log" 2>&1; then
    failed=$((failed + 1))
    tail -n 60 "$log"
  fi
  printf '%-12s %s\n' "$target" "$(sed -nE 's/^stat::number_of_executed_units: *([0-9]+)/\1 inputs/p' "$log"), $(
    sed -nE 's/.* cov: ([0-9]+) ft: ([0-9]+) .*/\1 edges, \2 features/p' "$log" | tail -n 1), $(
    find "$found" -type f | wc -l) findings"
  rm -f "$log"
done
exit $((failed > 0))
