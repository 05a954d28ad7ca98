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
# A command goes on over the lines behind it that begin with blanks; lines that begin with # are remarks.
awk -v work="$work" '
	/<!-- run -->/ {armed = 1; next}
	armed && /^```/ {inside = !inside; if (!inside) {armed = 0}; next}
	inside && /^\$ / {n++; print substr($0, 3) >(work "/command." sprintf("%03d", n)); next}
	inside && /^ / && n {print >(work "/command." sprintf("%03d", n))}' README.md
for command in "$work"/command.*; do
	[ -e "$command" ] || break
	if sh "$command" >"$work/out" 2>&1 && ! grep -q '^onset: [^n]' "$work/out"; then # nor does it warn
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL README: $(cat "$command"): $(tail -3 "$work/out")"
	fi
done
[ "$passed" != 0 ] || { failed=$((failed + 1)) && echo "FAIL README: no command to run was found"; }
sed -n '/^      what /,/^      draft /s/^    //p' README.md >"$work/told"
onset draft samples/black-friday/logs -o build/timeline.json --digest 2>&1 | grep -v "^onset: note: " >"$work/out"
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
