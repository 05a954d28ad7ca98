#!/bin/sh
# run: golden tests of the whole program.
#
# Takes  [--update] [PROGRAM] (build/release/onset) [CASE...] (all). A case is a folder here: `cmd` is run by sh in a
#        folder that holds copies of `in/` (for all cases) and of the case's own `in/`, with `onset` in PATH; `stdout`,
#        `stderr` and `status` are what must come of it. A missing expectation means: no output, exit 0. `needs`: a
#        shell line; when it fails the case is skipped, and said so.
# Gives  a diff for each case that differs; last line "N passed, N failed". --update writes the expectations instead.
# Never  depends on the caller's zone, locale, umask or user: TZ=Pacific/Chatham (+12:45), LC_ALL=tr_TR.UTF-8 (i and I are no
#        pair there) when there is one (tests/check.sh makes it in build/).
set -u
cd "$(dirname "$0")/../.."
update=
[ "${1:-}" = --update ] && update=1 && shift
program=${1:-build/release/onset}
[ $# -gt 0 ] && shift
case $program in /*) ;; *) program=$PWD/$program ;; esac
[ -x "$program" ] || { echo "no program: $program" && echo "0 passed, 1 failed" && exit 1; }

TZ=Pacific/Chatham
LC_ALL=C
LC_ALL=tr_TR.UTF-8 locale charmap 2>/dev/null | grep -qx UTF-8 && LC_ALL=tr_TR.UTF-8
export TZ LC_ALL
unset COLUMNS LINES
umask 022

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
chmod 755 "$work" && mkdir "$work/bin"
ln -s "$program" "$work/bin/onset"
PATH=$work/bin:$PATH
golden=$PWD/tests/golden

expect() { # expect FILE ACTUAL DEFAULT: compares, or writes
	if [ -n "$update" ]; then
		rm -f "$1"
		cmp -s "$2" "$3" || cp "$2" "$1"
	elif [ -e "$1" ]; then
		diff -u "$1" "$2"
	else
		diff -u "$3" "$2"
	fi
}

passed=0
failed=0
: >"$work/empty"
echo 0 >"$work/zero"
[ $# -gt 0 ] || set -- $(cd "$golden" && ls -d ./*/cmd | sed 's|^\./||; s|/cmd$||')
for name in "$@"; do
	dir=$golden/$name
	[ -f "$dir/cmd" ] || { echo "FAIL $name: no cmd" && failed=$((failed + 1)) && continue; }
	if [ -f "$dir/needs" ] && ! sh "$dir/needs" >/dev/null 2>&1; then
		echo "skipped: golden $name: $(cat "$dir/needs")"
		continue
	fi
	rm -rf "$work/run"
	mkdir "$work/run"
	cp -R "$golden/in/." "$work/run/"
	[ -d "$dir/in" ] && cp -R "$dir/in/." "$work/run/"
	chmod -R go+rX "$work/run" # whatever umask the checkout was made under
	# ten minutes without an end are a failure: a case may wait for a pipe whose program never came
	(cd "$work/run" && timeout 600 sh "$dir/cmd" </dev/null >"$work/stdout" 2>"$work/stderr")
	echo $? >"$work/status"
	same=1
	expect "$dir/stdout" "$work/stdout" "$work/empty" >"$work/diff" || same=
	expect "$dir/stderr" "$work/stderr" "$work/empty" >>"$work/diff" || same=
	expect "$dir/status" "$work/status" "$work/zero" >>"$work/diff" || same=
	if [ -n "$same" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $name: $(head -1 "$dir/cmd")"
		cat "$work/diff"
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
