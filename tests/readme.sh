#!/bin/sh
# readme: the commands of the README run as they stand there (blocks between "<!-- run -->" and the end of the next code fence).
set -u
cd "$(dirname "$0")/.."
PATH="$(dirname "$(realpath "$1")"):$PATH"
export PATH
passed=0
failed=0
awk '/<!-- run -->/ {armed = 1; next} armed && /^```/ {inside = !inside; if (!inside) {armed = 0}; next} inside && /^\$ / {print substr($0, 3)}' README.md >/tmp/readme.$$
while IFS= read -r command; do
	if sh -c "$command" >/tmp/readme-out.$$ 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL README: $command: $(tail -3 /tmp/readme-out.$$)"
	fi
done </tmp/readme.$$
rm -f /tmp/readme.$$ /tmp/readme-out.$$
[ "$passed" != 0 ] || { failed=$((failed + 1)) && echo "FAIL README: no command to run was found"; }
lines=$(wc -l <README.md)
[ "$lines" -lt 200 ] && passed=$((passed + 1)) || { failed=$((failed + 1)) && echo "FAIL README has $lines lines"; }
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
