#!/bin/sh
# incidents: the drafts of real outages against what really happened (samples/*/truth.json and ../shared/incidents).
set -u
cd "$(dirname "$0")/.."
exec /usr/bin/python3 -B tests/incidents.py "$(realpath "$1")"
