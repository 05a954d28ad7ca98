#!/bin/sh
# make-samples: runs the lab for the samples; stories and expected drafts are kept and must then be read again by a person.
set -eu
cd "$(dirname "$0")/../.."
for sample in outage:checkout-outage:1 quiet:quiet-day:1 lock_pileup:lock-pileup:0.6; do
	scenario=${sample%%:*}
	scale=${sample##*:}
	name=${sample#*:}
	dir=samples/${name%:*}
	out=$(mktemp -d)
	/usr/bin/python3 tests/lab/run.py --scenario "$scenario" --scale "$scale" --out "$out/run"
	mkdir -p "$dir"
	rm -rf "$dir/logs"
	mv "$out/run/logs" "$dir/logs"
	mv "$out/run/truth.json" "$dir/truth.json"
	rm -rf "$out"
	du -sk "$dir"
done
