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
for input in samples/*/logs "$work/one.log.gz" "$work/cut.log.gz" "$work" \
	../shared/incidents/spike/logs ../shared/incidents/db_crash/logs ../shared/incidents/generated-outage; do
	[ -e "$input" ] || { echo "skipped: $input is not here"; continue; }
	try "$input" "$input"
done
for seed in 3 8 12 29; do # generated outages: a rollback, clocks that were off, people's events
	/usr/bin/python3 -B tests/outages/generate.py $seed "$work/outage" >/dev/null 2>&1 || { failed=$((failed + 1)) && continue; }
	set -- "$work/outage/logs"
	for file in "$work"/outage/events/*; do
		[ ! -e "$file" ] || set -- "$@" --events "$file"
	done
	try "outage $seed" "$@"
	rm -rf "$work/outage"
done
sample=samples/checkout-outage/logs
try "a window and events" $sample --events "$work/events.jsonl" --around '2026-11-22 13:41' --margin 1m
try "a window before the logs" $sample --events "$work/events.jsonl" --until 2026-11-22

# The schema as a document; and that this test sees what it looks for: each edit takes one thing away.
document() { # document NAME EXPECTED-STATUS SCHEMA
	/usr/bin/python3 tests/schema.py "$3" >"$work/said" 2>&1
	if [ $? = "$2" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL schema, $1: $(head -20 "$work/said")"
	fi
}
schema=include/onset/timeline.schema.json
map=include/onset/timeline.md
missing=$(jq -r '.properties | keys[]' $schema | while read -r key; do grep -q "^|.*\`$key\(\[\]\)\?\`.*|" $map || echo "$key"; done)
if [ -z "$missing" ]; then
	passed=$((passed + 1))
else
	failed=$((failed + 1))
	echo "FAIL $map does not name: $missing"
fi
document "each field is described, with an example" 0 $schema
spoil() { # spoil NAME JQ-EDIT
	jq "$2" $schema >"$work/spoiled.json" || { failed=$((failed + 1)) && return; }
	document "$1" 1 "$work/spoiled.json"
}
spoil "no description" 'del(.properties.generator.properties.version.description)'
spoil "no example" 'del(."$defs".burst.properties.count.examples)'
spoil "no example of what is referred to" 'del(."$defs".refusal.examples)'
spoil "an example of another type" '."$defs".burst.properties.count.examples = ["many"]'
spoil "an example that a reference refuses" '."$defs".evidence.examples[0].source = "no id"'
spoil "null is not explained" '.properties.left_out.type = ["integer", "null"]'
spoil "a new field" '."$defs".source.properties.redacted_us = {"type": "integer", "description": "A number.", "examples": [1]}'
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
