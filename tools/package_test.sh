#!/usr/bin/env bash
# Tries the Debian package in a clean Debian 12, made by debootstrap: installs it (or an older one), fills it with a
# demonstration district, serves, upgrades with the data there and with a broken configuration, removes and purges it.
# With --systemd under a systemd of its own as well: started, watched, killed, listened for, backed up, upgraded.
# Needs root. ./tools/package_test.sh [--systemd] [PACKAGE] [OLDER PACKAGE]
set -euo pipefail
cd "$(dirname "$0")/.."

with_systemd=
if [ "${1:-}" = --systemd ]; then
  with_systemd=yes
  shift
fi
package=$(realpath "${1:-$(ls build/package/*.deb | tail -n 1)}")
older=$(realpath "${2:-$package}")
root=$(mktemp -d)
chmod 755 "$root"  # its own user must get in
port=${BIHUAN_PACKAGE_TEST_PORT:-18081}
finish() {
  [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
  [ -z "${booted:-}" ] || { kill "$booted" && wait "$booted"; } 2>/dev/null || true
  umount -R "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$root" "$root.boot"
}
trap finish EXIT
environment=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive)
enter=(chroot "$root" "${environment[@]}")
become=(setpriv --reuid bihuan --regid bihuan --clear-groups)
install=(apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold)
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
soon() {  # COMMAND...: true within thirty seconds
  for _ in $(seq 300); do
    "$@" && return
    read -rt 0.1 <> <(:) || true
  done
  return 1
}
alive_and_ready() {
  kill -0 "$server" || exit 1
  curl -fs -o /dev/null "http://127.0.0.1:$port/readyz"
}
serve() {
  (exec "${enter[@]}" "${become[@]}" bihuan serve --port "$port") >"$root/tmp/served" 2>&1 &
  server=$!
  soon alive_and_ready
}
stop() {
  kill -TERM "$server"
  wait "$server" || true
  server=
}

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' | sed -n 1p)
debootstrap --variant=minbase bookworm "$root" ${mirror:+"$mirror"} >"$root.log" 2>&1 || { tail "$root.log"; exit 1; }
rm "$root.log"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io"  # nobody needs this root after a power cut
mount -t proc proc "$root/proc"
cp "$older" "$root/srv/older.deb"
cp "$package" "$root/srv/bihuan.deb"
inside apt-get update -qq

expect "it installs, with what it depends on" inside "${install[@]}" /srv/older.deb
expect "its user is there" inside getent passwd bihuan
expect "its program runs" inside bihuan version
expect "its definitions are there and sound" inside sh -c 'bihuan check /usr/share/bihuan/workflows/*.json'
expect "its configuration is good" inside bihuan config check
expect "its manual is there" inside test -s /usr/share/man/man1/bihuan.1.gz
expect "its service is well-formed" inside test -s /lib/systemd/system/bihuan.service
expect "it needs no Node" sh -c "! chroot '$root' sh -c 'command -v node'"

expect "it makes a demonstration district" as_bihuan bihuan demo --cases 60 --data /var/lib/bihuan/data
printf 'a long enough password 7\n' |
  as_bihuan bihuan user add keeper --data /var/lib/bihuan/data --full-name keeper --unit inspection-office --role admin --password-stdin >/dev/null
ask() {  # PATH [CURL'S WORDS...]: as an inspector of the district
  local path=$1
  shift
  [ -n "${token:-}" ] || token=$(curl -fsS "http://127.0.0.1:$port/api/v1/session" -H 'Content-Type: application/json' \
    -d '{"name": "inspection-office-supervisor", "password": "bihuan-demo-1"}' | jq -r .token)
  curl -fsS -H "Authorization: Bearer $token" -H 'Content-Type: application/json' "http://127.0.0.1:$port$path" "$@"
}
cases() { ask '/api/v1/cases?limit=200' | jq -c '.items[] | [.id, .number, .workflow, .title, .opened]' | sort; }
expect "it serves" serve
expect "the page is in it" sh -c "curl -fs http://127.0.0.1:$port/ | grep -q '<html'"
expect "numbers are on their own port" curl -fs -o /dev/null http://127.0.0.1:9482/metrics
cases >"$root/tmp/cases"
expect "it holds cases" test "$(wc -l <"$root/tmp/cases")" -gt 20
stop
expect "a backup is made and tried" as_bihuan /usr/lib/bihuan/nightly-backup
expect "doctor is content" as_bihuan bihuan doctor

cp -a "$root/var/lib/bihuan/data" "$root/srv/data"
expect "it is upgraded" inside "${install[@]}" --reinstall /srv/bihuan.deb
expect "the upgrade is the package that was given" \
  test "$(inside dpkg-query -W -f '${Version}' bihuan)" = "$(dpkg-deb -f "$package" Version)"
listed() { as_bihuan bihuan user list --data /var/lib/bihuan/data | grep keeper; }
expect "the data is still there" listed
expect "it serves the data of before" serve
same_cases() { cases | diff "$root/tmp/cases" -; }
expect "with the same cases" same_cases
one=$(ask '/api/v1/cases?workflow=inspection-issue&final=false&limit=1' | jq -r '.items[0].id')
comment() {
  local revision
  revision=$(ask "/api/v1/cases/$one" | jq .revision)
  ask "/api/v1/cases/$one/actions/comment" -H "If-Match: \"$revision\"" -d '{"comment": "升级后继续办理"}' -o /dev/null
  test "$(ask "/api/v1/cases/$one" | jq .revision)" -gt "$revision"
}
expect "and a case goes on" comment
stop
expect "every history and every row of before is sound" as_bihuan bihuan verify --documents --data /var/lib/bihuan/data
expect "doctor is content with it" as_bihuan bihuan doctor
expect "secrets in the configuration are for the service alone" \
  test "$(stat -c %a "$root/etc/bihuan/bihuan.toml")" = 640
cp "$root/etc/bihuan/bihuan.toml" "$root/srv/bihuan.toml"
echo 'port = "eighty"' >>"$root/etc/bihuan/bihuan.toml"
expect "an upgrade goes through with a broken configuration" inside "${install[@]}" --reinstall /srv/bihuan.deb
expect "which is named" sh -c "! chroot '$root' bihuan config check"

if [ -n "$with_systemd" ]; then
  cp "$root/srv/bihuan.toml" "$root/etc/bihuan/bihuan.toml"
  . tools/package_test_systemd.sh
fi

expect "it is removed" inside dpkg -r bihuan
expect "and its data stays" test -s "$root/var/lib/bihuan/data/bihuan.db"
expect "it is purged" inside dpkg -P bihuan
expect "its configuration is gone" test ! -e "$root/etc/bihuan/bihuan.toml"
expect "nothing of it starts with the machine" sh -c "! find '$root/etc/systemd' -name 'bihuan*' | grep ."
expect "and its data stays even then" test -s "$root/var/lib/bihuan/data/bihuan.db"
echo "$passed passed, 0 failed"
