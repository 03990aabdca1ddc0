#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Starts this machine's systemd as the first process of namespaces of its own, over a copy of this machine's files that is gone
# afterwards, and in it the units of the service. Ends as inside.sh does.
#
#   system.sh FOLDER-OF-SYSTEMD-UNITS INFOCIG WORKERD WORKER SITE INSIDE.SH LOG
set -eu

if [ "${UNITS_IN_NAMESPACES-}" != yes ]; then
    # A control group of its own: another systemd may be at work in this one.
    groups=$(mktemp -d)
    mount -t cgroup2 cgroup2 "$groups"
    mkdir "$groups/infocig-units-$$"
    echo $$ > "$groups/infocig-units-$$/cgroup.procs"
    status=0
    UNITS_IN_NAMESPACES=yes timeout --signal=KILL 120 \
        unshare --fork --pid --mount --uts --ipc --cgroup --net --kill-child sh "$0" "$@" || status=$?
    cat "$7"
    echo $$ > "$groups/cgroup.procs"
    # The processes of the namespaces are ending.
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        find "$groups/infocig-units-$$" -depth -type d -exec rmdir {} + 2> /dev/null && break
        sleep 0.5
    done
    umount "$groups" && rmdir "$groups"
    exit "$status"
fi

mount --make-rprivate /
space=$(mktemp -d)
mount -t tmpfs tmpfs "$space"
mkdir "$space/changes" "$space/work" "$space/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$space/changes,workdir=$space/work" "$space/root"
root=$space/root

mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
for folder in run tmp; do mount -t tmpfs -o mode=1777 tmpfs "$root/$folder"; done
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"

rm -rf "$root/opt/infocig" "$root/etc/infocig" "$root/var/lib/infocig" "$root/var/backups/infocig"
mkdir -p "$root/opt/infocig/bin" "$root/opt/infocig/worker" "$root/opt/infocig/site" "$root/opt/infocig/systemd"
mount --bind "$1" "$root/opt/infocig/systemd"
for program in "$2" "$3"; do
    touch "$root/opt/infocig/bin/$(basename "$program")"
    mount --bind "$program" "$root/opt/infocig/bin/$(basename "$program")"
done
mount --bind "$4" "$root/opt/infocig/worker"
mount --bind "$5" "$root/opt/infocig/site"
touch "$root/opt/inside.sh" "$root/opt/log"
mount --bind "$6" "$root/opt/inside.sh"
mount --bind "$7" "$root/opt/log"

rm -f "$root/etc/machine-id"
echo 0123456789abcdef0123456789abcdef > "$root/etc/machine-id"
cat > "$root/etc/systemd/system/try.service" << 'END'
[Unit]
SuccessAction=exit-force
FailureAction=exit-force
SuccessActionExitStatus=0
FailureActionExitStatus=1

[Service]
Type=oneshot
ExecStart=/bin/sh /opt/inside.sh
StandardOutput=append:/opt/log
StandardError=append:/opt/log
END

cd "$root"
mkdir -p before
pivot_root . before
# Credentials are mounted by a process of systemd's own, and have to be seen by the others.
mount --make-rshared /
umount -l /before
exec env -i container=units PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=try.service
