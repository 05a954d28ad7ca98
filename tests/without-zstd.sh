#!/bin/sh
# without-zstd: a build where libzstd is not: it builds, and says of a .zst file what to do. One of its objects differs, so the
# others are taken from the build at hand.
#
# Takes  the folder of a build (build/checked).
# Gives  a line for each fact that does not hold; last line "N passed, N failed".
set -u
cd "$(dirname "$0")/.." || exit 1
mode=$(basename "$1")
work=$(mktemp -d) || exit 1
here=build/without-zstd
rm -rf "$here"
trap 'rm -rf "$work" "$here"' EXIT
trap 'exit 130' INT TERM HUP
passed=0
failed=0
fact() { # fact NAME COMMAND...
	name=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $name"
		head -20 "$work/said"
	fi
}
refuses() { # refuses STATUS PATH...: reads what it can, and names the file and the two ways out
	want=$1
	shift
	"$here/onset" draft "$@" -o "$work/draft.json" 2>"$work/message"
	status=$?
	rm -f "$work/draft.json"
	cat "$work/message"
	[ "$status" = "$want" ] && grep -q '"[^"]*log.zst".* zstd, .* without libzstd' "$work/message" &&
		grep -q 'libzstd-dev.*zstd -dc FILE | onset draft -' "$work/message"
}
cp -a "$1" "$here"
fact "it builds without libzstd" make -s MODE="$mode" B="$here" ONSET_NO_ZSTD=1 "$here/onset" "$here/unit/test_zstdframe"
fact "--version says so" sh -c "$here/onset --version | grep -q 'zstd none'"
fact "the program does not ask for the library" sh -c "! ldd $here/onset | grep -q zstd"
fact "its unit test passes" "$here/unit/test_zstdframe"
printf '(\265/\375$\005)' >"$work/a.log.zst"
cp samples/checkout-outage/logs/*access*.gz "$work"
fact "a .zst file is refused" refuses 2 "$work/a.log.zst"
fact "beside others it is missing" refuses 1 "$work"
echo "$passed passed, $failed failed"
