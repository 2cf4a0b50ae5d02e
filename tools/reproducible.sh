#!/usr/bin/env bash
# Builds the package of this commit in two clones at two places, under another time zone, language and umask, and compares
# the bytes. The second takes nothing from ccache. Half an hour of two cores. ./tools/reproducible.sh
set -euo pipefail
cd "$(dirname "$0")/.."

commit=$(git rev-parse HEAD)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build() {  # PLACE TARGET ENVIRONMENT...
  git clone -q --no-checkout . "$work/$1"
  git -C "$work/$1" checkout -q "$commit"
  env "${@:3}" "$work/$1/tools/package.sh" "$work/$2" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }
}
build first one
(umask 077 && build a/longer/place/for/the/second two CCACHE_DISABLE=1 TZ=Asia/Shanghai LC_ALL=C.UTF-8)

one=$(ls "$work"/one/*.deb)
two=$(ls "$work"/two/*.deb)
if cmp "$one" "$two"; then
  sha256sum "$one" | sed "s|$work/one/||"
else
  diff <(dpkg-deb -c "$one") <(dpkg-deb -c "$two") >&2 || true
  dpkg-deb -R "$one" "$work/in-one"
  dpkg-deb -R "$two" "$work/in-two"
  diff -rq "$work/in-one" "$work/in-two" | sed "s|$work/||g" >&2
  exit 1
fi
