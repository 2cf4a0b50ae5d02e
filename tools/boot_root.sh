#!/usr/bin/env bash
# Boots the systemd of a Debian that stands in a directory, in namespaces of its own: ./tools/boot_root.sh ROOT
# Needs root and a kernel with cgroup2; ends when that systemd does (systemctl poweroff inside, or SIGKILL to this). Its
# network is a loopback of its own, and the kernel's settings stay as they are. To go in:
#   nsenter --all --target "$(cat ROOT.pid)" --root --wd systemctl status
set -euo pipefail

root=$(realpath "$1")
group=$(findmnt -nt cgroup2 -o TARGET | head -n 1)
[ -n "$group" ] || { echo "tools/boot_root.sh: no cgroup2 is mounted" >&2; exit 1; }
group=$group/bihuan-$$
mkdir "$group"
clear() {
  rm -f "$root.pid"
  echo 1 >"$group/cgroup.kill"
  while grep -q 'populated 1' "$group/cgroup.events"; do read -rt 0.05 <> <(:) || true; done
  find "$group" -depth -type d -exec rmdir {} \;
}
trap clear EXIT

(
  echo "$BASHPID" >"$group/cgroup.procs"
  exec unshare --mount --pid --fork --kill-child --cgroup --uts --ipc --net bash -euc '
    mount --make-rprivate /
    mount --bind "$0" "$0"
    cd "$0"
    mount -t proc proc proc
    mount --bind proc/sys proc/sys
    mount -o remount,bind,ro proc/sys
    mount -t sysfs -o ro sysfs sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    mount -t tmpfs -o mode=755 tmpfs run
    mount -t tmpfs -o mode=755 tmpfs dev
    for device in null zero full random urandom tty; do
      touch "dev/$device"
      mount --bind "/dev/$device" "dev/$device"
    done
    mkdir dev/pts dev/shm run/outside
    mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
    ln -s pts/ptmx dev/ptmx
    ip link set lo up
    hostname bihuan-test
    pivot_root . run/outside
    umount -l /run/outside
    exec env -i container=bihuan-test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system
  ' "$root"
) &
unshared=$!
# The one child of unshare is the init of the new namespaces.
until pgrep -P "$unshared" >"$root.pid" || ! kill -0 "$unshared" 2>/dev/null; do read -rt 0.05 <> <(:) || true; done
wait "$unshared"
