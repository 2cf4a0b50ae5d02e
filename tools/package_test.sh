#!/usr/bin/env bash
# Tries the Debian package in a clean Debian 12, made by debootstrap: installs it, serves, upgrades with data there and
# with a broken configuration, removes and purges it. Needs root. ./tools/package_test.sh [PACKAGE] [OLDER PACKAGE]
set -euo pipefail
cd "$(dirname "$0")/.."

package=$(realpath "${1:-$(ls build/package/*.deb | tail -n 1)}")
older=$(realpath "${2:-$package}")
root=$(mktemp -d)
chmod 755 "$root"  # its own user must get in
port=18081
finish() {
  [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
  umount -R "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$root"
}
trap finish EXIT
enter=(chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive)
become=(setpriv --reuid bihuan --regid bihuan --clear-groups)
inside() { "${enter[@]}" "$@"; }
as_bihuan() { inside "${become[@]}" "$@"; }
passed=0
expect() {  # WHAT COMMAND...
  local what=$1
  shift
  if "$@" >"$root/tmp/said" 2>&1; then
    passed=$((passed + 1))
  else
    echo "failed: $what" >&2
    cat "$root/tmp/said" >&2
    exit 1
  fi
}
serve() {
  (exec "${enter[@]}" "${become[@]}" bihuan serve --port "$port") >"$root/tmp/served" 2>&1 &
  server=$!
  for _ in $(seq 100); do
    curl -fs -o /dev/null "http://127.0.0.1:$port/readyz" && return
    kill -0 "$server" || return 1
    read -rt 0.1 <> <(:) || true
  done
  return 1
}
stop() {
  kill -TERM "$server"
  wait "$server" || true
  server=
}

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' | sed -n 1p)
debootstrap --variant=minbase bookworm "$root" "${mirror:-http://deb.debian.org/debian}" >"$root.log" 2>&1 || { tail "$root.log"; exit 1; }
rm "$root.log"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
mount -t proc proc "$root/proc"
cp "$older" "$root/tmp/older.deb"
cp "$package" "$root/tmp/bihuan.deb"
inside apt-get update -qq

expect "it installs, with what it depends on" inside apt-get install -y -qq --no-install-recommends /tmp/older.deb
expect "its user is there" inside getent passwd bihuan
expect "its program runs" inside bihuan version
expect "its definitions are there and sound" inside sh -c 'bihuan check /usr/share/bihuan/workflows/*.json'
expect "its configuration is good" inside bihuan config check
expect "its manual is there" inside test -s /usr/share/man/man1/bihuan.1.gz
expect "its service is well-formed" inside test -s /lib/systemd/system/bihuan.service
expect "it needs no Node" sh -c "! chroot '$root' sh -c 'command -v node'"

printf 'a long enough password 7\n' |
  as_bihuan bihuan user add keeper --data /var/lib/bihuan/data --full-name keeper --unit inspection-office --role admin --password-stdin >/dev/null
expect "it serves" serve
expect "the page is in it" sh -c "curl -fs http://127.0.0.1:$port/ | grep -q '<html'"
expect "numbers are on their own port" curl -fs -o /dev/null http://127.0.0.1:9482/metrics
stop
expect "a backup is made and tried" as_bihuan /usr/lib/bihuan/nightly-backup
expect "doctor is content" as_bihuan bihuan doctor

expect "it is upgraded" inside dpkg -i --force-confold /tmp/bihuan.deb
expect "the data is still there" sh -c "chroot '$root' bihuan user list --data /var/lib/bihuan/data | grep -q keeper"
chroot "$root" chown -R bihuan:bihuan /var/lib/bihuan
expect "it serves the data of before" serve
stop
echo 'port = "eighty"' >>"$root/etc/bihuan/bihuan.toml"
expect "an upgrade goes through with a broken configuration" inside dpkg -i --force-confold /tmp/bihuan.deb
expect "which is named" sh -c "! chroot '$root' bihuan config check"
expect "it is removed" inside dpkg -r bihuan
expect "and its data stays" test -s "$root/var/lib/bihuan/data/bihuan.db"
expect "it is purged" inside dpkg -P bihuan
expect "its configuration is gone" test ! -e "$root/etc/bihuan/bihuan.toml"
expect "and its data stays even then" test -s "$root/var/lib/bihuan/data/bihuan.db"
echo "$passed passed, 0 failed"
