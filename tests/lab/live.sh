#!/bin/sh
# live: one short outage for real (about 50 seconds), then its draft against the truth of the servers and the users.
#
# Takes  the program; a scenario and a scale other than the short outage, if wanted.
# Gives  the facts of judge.py; when a server does not start, a failure with the last lines of its log, never a skip: that
#        is for servers that are not installed (tests/deps.sh wish lab), or that refuse this user.
# Never  leaves a server, a port or a file behind.
set -u
cd "$(dirname "$0")/../.." || exit 1
onset=$(realpath "$1")
missing=$(tests/deps.sh look lab) || {
	echo "skipped: no real servers here ($missing)"
	echo "0 passed, 0 failed"
	exit 0
}
id -un >/dev/null 2>&1 || {
	echo "skipped: PostgreSQL does not run as a user without a name (id $(id -u))"
	echo "0 passed, 0 failed"
	exit 0
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
if ! /usr/bin/python3 -B tests/lab/run.py --scenario "${2:-outage}" --scale "${3:-0.1}" --out "$work/run" >"$work/said" 2>&1; then
	tail -30 "$work/said"
	echo "FAIL the lab did not run (above: its last lines)"
	echo "0 passed, 1 failed"
	exit 1
fi
/usr/bin/python3 -B tests/lab/judge_runs.py "$onset" "$work/run"
