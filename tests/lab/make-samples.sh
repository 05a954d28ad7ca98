#!/bin/sh
# make-samples: runs the lab for both samples; stories and expected drafts are kept and must then be read again by a person.
set -eu
cd "$(dirname "$0")/../.."
for pair in outage:checkout-outage quiet:quiet-day; do
	out=$(mktemp -d)
	/usr/bin/python3 tests/lab/run.py --scenario "${pair%%:*}" --out "$out/run"
	dir=samples/${pair##*:}
	mkdir -p "$dir"
	rm -rf "$dir/logs"
	mv "$out/run/logs" "$dir/logs"
	mv "$out/run/truth.json" "$dir/truth.json"
	rm -rf "$out"
	du -sk "$dir"
done
