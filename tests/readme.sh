#!/bin/sh
# readme: the commands of the README run as they stand there (blocks between "<!-- run -->" and the end of the next code fence).
set -u
cd "$(dirname "$0")/.." || exit 1
PATH="$(dirname "$(realpath "$1")"):$PATH"
export PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
awk '/<!-- run -->/ {armed = 1; next} armed && /^```/ {inside = !inside; if (!inside) {armed = 0}; next} inside && /^\$ / {print substr($0, 3)}' README.md >"$work/commands"
while IFS= read -r command; do
	if sh -c "$command" >"$work/out" 2>&1 && ! grep -q '^onset: ' "$work/out"; then # nor does it warn
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL README: $command: $(tail -3 "$work/out")"
	fi
done <"$work/commands"
[ "$passed" != 0 ] || { failed=$((failed + 1)) && echo "FAIL README: no command to run was found"; }
sed -n '/^      what /,/^      draft /s/^    //p' README.md >"$work/told"
onset draft samples/checkout-outage/logs -o build/timeline.json --digest >"$work/out" 2>&1
if diff "$work/told" "$work/out" >"$work/diff"; then
	passed=$((passed + 1))
else
	failed=$((failed + 1))
	echo "FAIL README: its digest is not what the program prints (<: README):"
	cat "$work/diff"
fi
lines=$(wc -l <README.md)
[ "$lines" -lt 200 ] && passed=$((passed + 1)) || { failed=$((failed + 1)) && echo "FAIL README has $lines lines"; }
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
