#!/bin/sh
# without: a build where libzstd and ISA-L are not: it builds, says of a .zst file what to do, and reads gzip as with ISA-L. Two of
# its objects differ, so the others are taken from the build at hand.
#
# Takes  the folder of a build (build/checked).
# Gives  a line for each fact that does not hold; last line "N passed, N failed".
set -u
cd "$(dirname "$0")/.." || exit 1
mode=$(basename "$1")
work=$(mktemp -d) || exit 1
here=build/without
rm -rf "$here"
trap 'rm -rf "$work" "$here"' EXIT
trap 'exit 130' INT TERM HUP
. tests/fact.sh
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
fact "it builds without libzstd and ISA-L" make -s MODE="$mode" B="$here" ONSET_NO_ZSTD=1 ONSET_NO_ISAL=1 "$here/onset" \
	"$here/unit/test_zstdframe" "$here/unit/test_igzip" "$here/unit/test_inflate"
fact "--version says so" sh -c "$here/onset --version | grep -q 'ISA-L none, zstd none'"
fact "the program does not ask for the library" sh -c "! ldd $here/onset | grep -qE 'zstd|isal'"
for t in zstdframe igzip inflate; do
	fact "its unit test passes: $t" "$here/unit/test_$t"
done
"$1/onset" draft samples/checkout-outage/logs -o "$work/with.json" 2>/dev/null
fact "a draft is the same without ISA-L" sh -c "$here/onset draft samples/checkout-outage/logs 2>/dev/null | cmp - $work/with.json"
printf '(\265/\375$\005)' >"$work/a.log.zst"
cp samples/checkout-outage/logs/*access*.gz "$work"
fact "a .zst file is refused" refuses 2 "$work/a.log.zst"
fact "beside others it is missing" refuses 1 "$work"
echo "$passed passed, $failed failed"
