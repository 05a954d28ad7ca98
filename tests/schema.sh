#!/bin/sh
# schema: every draft we can make here validates against include/onset/timeline.schema.json (third-party validator: python3-jsonschema).
set -u
cd "$(dirname "$0")/.."
onset=$1
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '' >"$work/empty.log"
printf 'no log at all\n\000\377\n' >"$work/rubbish.log"
cp samples/checkout-outage/logs/access.log.1.gz "$work/one.log.gz"
head -c 20000 samples/checkout-outage/logs/access.log.1.gz >"$work/cut.log.gz"
cat >"$work/events.jsonl" <<'J'
{"at": "2026-11-22T13:40:40Z", "kind": "alert", "text": "CheckoutErrorRate is firing", "by": "alertmanager"}
{"at": "2026-11-22 13:39", "kind": "config", "text": "pool size 20 to 40", "service": "shop-api", "version": "1.4.3"}
J
try() { # try NAME PATH OPTION...: the draft validates
	name=$1
	shift
	"$onset" draft "$@" -o "$work/draft.json" 2>"$work/err"
	status=$?
	if [ $status -gt 1 ]; then
		echo "FAIL $name: exit $status: $(head -3 "$work/err")"
		failed=$((failed + 1))
	elif /usr/bin/python3 tests/schema.py include/onset/timeline.schema.json "$work/draft.json"; then
		passed=$((passed + 1))
	else
		echo "FAIL $name"
		failed=$((failed + 1))
	fi
	rm -f "$work/draft.json"
}
for input in samples/checkout-outage/logs samples/quiet-day/logs "$work/one.log.gz" "$work/cut.log.gz" "$work" \
	../shared/incidents/spike/logs ../shared/incidents/db_crash/logs ../shared/incidents/generated-outage; do
	[ -e "$input" ] || { echo "skipped: $input is not here"; continue; }
	try "$input" "$input"
done
sample=samples/checkout-outage/logs
try "a window and events" $sample --events "$work/events.jsonl" --around '2026-11-22 13:41' --margin 1m
try "a window before the logs" $sample --events "$work/events.jsonl" --until 2026-11-22
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
