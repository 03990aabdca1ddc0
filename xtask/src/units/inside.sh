#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The guide (docs/deployment.md) under the systemd of system.sh: install, configure, start, restart under connections, back up, and
# survive a crash.
set -eu

explain() {
    journalctl --unit=infocig.service --no-pager --output=cat --lines=30
    systemctl status --no-pager --lines=0 infocig.service || true
}
trap '[ $? = 0 ] || explain' EXIT

ready() {
    # The socket is there before the process: the question waits for it.
    curl --silent --show-error --fail --max-time 30 --output /dev/null "http://127.0.0.1:8787/readyz?check=storage"
}

ip link set lo up
cd /opt/infocig
install -D -m 644 systemd/sysusers.conf /etc/sysusers.d/infocig.conf && systemd-sysusers
install -D -m 644 systemd/tmpfiles.conf /etc/tmpfiles.d/infocig.conf && systemd-tmpfiles --create
install -m 644 systemd/infocig*.service systemd/infocig.socket systemd/infocig-backup.timer /etc/systemd/system/
install -d -m 700 /etc/infocig
head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' > /etc/infocig/ticket-key
head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' > /etc/infocig/backup-key
cat > /etc/infocig/environment << 'END'
PUBLIC_ORIGIN=https://chat.example
ISSUERS='[{"issuer":"https://portale.example","jwks_uri":"https://portale.example/.well-known/jwks.json","roles":["citizen","advisor"],"origins":["https://portale.example"]}]'
END
chmod 600 /etc/infocig/*
systemctl daemon-reload

# The manual's pages may not be on this machine.
systemd-analyze verify --man=no /etc/systemd/system/infocig*
echo "✓ the units are understood"

systemctl enable --quiet --now infocig.socket infocig.service infocig-backup.timer
ready
sleep 2
[ "$(systemctl show --property=NRestarts --value infocig.service)" = 0 ]
echo "✓ it started, with its socket and its credential, and stays"

main=$(systemctl show --property=MainPID --value infocig.service)
if grep --quiet --fixed-strings "$(cat /etc/infocig/ticket-key)" "/proc/$main/environ"; then
    echo "the key is in the environment of the program"
    exit 1
fi
[ "$(stat --format=%U:%a "/run/credentials/infocig.service/ticket-key")" = infocig:400 ]
echo "✓ the key is a file that its user alone can read"

# Each connection is a new one: none may be refused while the process is exchanged.
callers=$(mktemp -d)
for caller in $(seq 60); do
    (curl --silent --max-time 30 --output /dev/null http://127.0.0.1:8787/healthz || echo $? > "$callers/$caller") &
    [ "$caller" != 10 ] || systemctl restart --no-block infocig.service
    sleep 0.05
done
for caller in $(jobs -p); do wait "$caller"; done
ready
# 7 is a refusal; what was accepted in the last instant of a process may be cut off.
refused=$(cat "$callers"/* 2> /dev/null | grep --count '^7$' || true)
[ "$refused" = 0 ]
[ "$(systemctl show --property=MainPID --value infocig.service)" != "$main" ]
echo "✓ restarted, and none of 60 connections was refused"

systemctl start infocig-backup.service
[ -n "$(ls /var/backups/infocig/manifests)" ]
echo "✓ backed up by its own unit"

systemctl kill --signal=KILL infocig.service
for attempt in $(seq 50); do
    [ "$(systemctl show --property=NRestarts --value infocig.service)" = 0 ] || break
    sleep 0.1
done
ready
echo "✓ killed, and there again"

asked=$(date +%s%N)
systemctl stop infocig.service infocig.socket
echo "✓ stopped within $((($(date +%s%N) - asked) / 1000000)) ms"
systemctl show --property=Result --value infocig.service | grep --quiet --line-regexp success
