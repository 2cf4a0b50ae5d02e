# The part of package_test.sh under a systemd of its own; read by it with --systemd, with the package installed in $root.
# The installed units run as they are, but for limits that a test cannot wait for.

inside dpkg -P bihuan >/dev/null 2>&1
rm -r "$root/var/lib/bihuan/data"
mv "$root/srv/data" "$root/var/lib/bihuan/data"  # of the older one, which could not read the newer
# Which programs of the machine beneath came from it is none of the root's business: it mounts its own.
umount "$root/proc"
inside "${install[@]}" systemd systemd-sysv >/dev/null 2>&1
tools/boot_root.sh "$root" >"$root.boot" 2>&1 &
booted=$!
inside() { nsenter --all --target "$(cat "$root.pid")" --root --wd "${environment[@]}" "$@"; }
outside() { nsenter --net --target "$(cat "$root.pid")" "$@"; }  # a program of this machine, on the root's network

not() { ! "$@"; }
running() { inside systemctl is-system-running --wait | grep -qx running; }
expect "systemd comes up" soon running

active() { inside systemctl is-active --quiet bihuan.service; }
answers() { outside curl -fs -o /dev/null http://127.0.0.1:8080/readyz; }
shown() { inside systemctl show --value -p "$1" "${2:-bihuan.service}"; }
is() { test "$(shown "$1" "${3:-bihuan.service}")" = "$2"; }
main_pid() { shown MainPID; }
another_pid() { active && answers && test "$(main_pid)" != "$1"; }

expect "installing starts the service" inside dpkg -i /srv/older.deb
expect "which systemd holds for ready as soon as it is" active
expect "and which answers" answers
expect "under its own user" test "$(inside stat -c %U "/proc/$(main_pid)")" = bihuan
expect "from now on with the machine" inside systemctl is-enabled bihuan.service bihuan-backup.timer
before=$(main_pid)
expect "it is upgraded" inside dpkg -i /srv/bihuan.deb
expect "which starts it anew" another_pid "$before"
expect "its units have no fault" inside systemd-analyze verify --man=no bihuan.service bihuan.socket bihuan-backup.service bihuan-backup.timer
# Of ten points of exposure; what is left is that it opens sockets and may bind a port below 1024.
expect "and leave little open" inside systemd-analyze security --threshold=20 bihuan.service
expect "nor does the backup" inside systemd-analyze security --threshold=20 bihuan-backup.service

before=$(main_pid)
inside systemctl kill --kill-whom=main --signal=KILL bihuan.service
expect "killed, it comes back" soon another_pid "$before"
expect "it reads its certificate again without an end" inside systemctl reload bihuan.service
expect "and answers after that" answers

mkdir -p "$root/etc/systemd/system/bihuan.service.d"
printf '[Service]\nWatchdogSec=2\nTimeoutAbortSec=1\n' >"$root/etc/systemd/system/bihuan.service.d/soon.conf"
inside systemctl daemon-reload
inside systemctl restart bihuan.service
before=$(main_pid)
fed=$(shown WatchdogTimestampMonotonic)
fed_again() { test "$(shown WatchdogTimestampMonotonic)" -gt "$fed"; }
expect "its watchdog hears of it" soon fed_again
inside systemctl kill --kill-whom=main --signal=STOP bihuan.service
expect "and starts it anew when it hangs" soon another_pid "$before"
rm -r "$root/etc/systemd/system/bihuan.service.d"
inside systemctl daemon-reload

expect "it stops when it is told" inside systemctl stop bihuan.service
expect "by itself" is Result success
expect "with nothing left that listens" not answers
expect "its socket listens without it" inside systemctl start bihuan.socket
expect "who calls starts it" answers
expect "and is answered by it" active
answers_meanwhile() {
  inside systemctl restart bihuan.service &
  local restarting=$! refused=0
  while kill -0 "$restarting" 2>/dev/null; do answers || refused=$((refused + 1)); done
  wait "$restarting"
  test "$refused" -eq 0
}
expect "and while it is started anew nobody is refused" answers_meanwhile
inside systemctl stop bihuan.socket bihuan.service
inside systemctl start bihuan.service

expect "the timer of the backup runs" is ActiveState active bihuan-backup.timer
expect "and knows when" test -n "$(shown NextElapseUSecRealtime bihuan-backup.timer)"
before=$(find "$root/var/lib/bihuan/backups" -mindepth 1 -maxdepth 1 | wc -l)
expect "a backup is made while it serves" inside systemctl start bihuan-backup.service
expect "a whole one" test "$(find "$root/var/lib/bihuan/backups" -mindepth 1 -maxdepth 1 | wc -l)" -gt "$before"

before=$(main_pid)
echo 'port = "eighty"' >>"$root/etc/bihuan/bihuan.toml"
expect "an upgrade goes through with a broken configuration" inside dpkg -i /srv/bihuan.deb
expect "and leaves the service that runs alone" is MainPID "$before"
expect "which still answers" answers
cp "$root/srv/bihuan.toml" "$root/etc/bihuan/bihuan.toml"
expect "with the configuration mended it starts" inside systemctl restart bihuan.service

inside systemctl disable --now --quiet bihuan.service bihuan-backup.timer
expect "an upgrade" inside dpkg -i /srv/bihuan.deb
expect "leaves off what was switched off" not active
expect "with its timer" is ActiveState inactive bihuan-backup.timer
inside systemctl enable --now --quiet bihuan.service bihuan-backup.timer
expect "it is removed" inside dpkg -r bihuan
expect "and has ended" not answers
expect "installed again" inside dpkg -i /srv/bihuan.deb
expect "it starts again" answers
