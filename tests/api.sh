#!/bin/sh
# api: onset.h and libonset.a are all that a program needs, and it drafts what `onset draft` drafts.
#
# Takes  the folder of a build (build/checked).
# Gives  a line for each fact that does not hold; last line "N passed, N failed".
# Never  lets the test programs see src/.
set -u
cd "$(dirname "$0")/.." || exit 1
build=${1:-build/release}
libs=$(make -s --no-print-directory libs)
cc=${CC:-cc}
flags="-Wall -Wextra -Werror -g ${ONSET_API_FLAGS:-}"
logs=samples/checkout-outage/logs
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
. tests/fact.sh
fact "the header is C99, and warns of nothing" $cc -std=c99 -pedantic $flags -Iinclude -fsyntax-only -x c include/onset/onset.h
if command -v c++ >/dev/null 2>&1; then
	fact "the header is C++ too" c++ -std=c++11 -pedantic -Wall -Wextra -Werror -Iinclude -fsyntax-only -x c++ include/onset/onset.h
fi
fact "the example builds with the header and the library alone" \
	$cc -std=c11 $flags -Iinclude -o "$work/example" tests/api/example.c "$build/libonset.a" $libs
fact "so does the test of threads" \
	$cc -std=c11 -D_POSIX_C_SOURCE=200809L $flags -Iinclude -o "$work/threads" tests/api/threads.c "$build/libonset.a" $libs
if [ "$(dirname "$build")" = build ]; then
	fact "make install" make -s MODE="$(basename "$build")" DESTDIR="$work/installed" PREFIX=/usr install
	fact "puts there what a program needs" $cc -std=c11 $flags -I"$work/installed/usr/include" -L"$work/installed/usr/lib" \
		-o "$work/second" tests/api/example.c -lonset $libs
	fact "and the program and the schema" test -x "$work/installed/usr/bin/onset" -a -s "$work/installed/usr/share/onset/timeline.schema.json"
fi
exported() { # names that a program which links the library may clash with; ours all begin with a module's name
	! nm -g --defined-only "$build/libonset.a" 2>/dev/null | awk '$2 == "D" || $2 == "B" || $2 == "C" { print $3 }' | grep -v -e '^pattern_builtins' -e '^__odr_asan' | grep .
}
fact "no data of the library can be written to by name" exported
mkdir "$work/a" "$work/b"
n=0
for f in $(find $logs -type f | LC_ALL=C sort); do
	n=$((n + 1))
	case $((n % 2)) in 0) cp "$f" "$work/a/" ;; *) cp "$f" "$work/b/" ;; esac
done
(
	cd "$work" || exit 1
	"$OLDPWD/$build/onset" draft a b >program.json 2>program.err
	echo $? >program.status
	./example a b >example.json 2>example.err
	echo $? >example.status
)
fact "the example drafts" test -s "$work/example.json"
fact "what the program drafts, byte for byte" cmp "$work/example.json" "$work/program.json"
fact "with its status" cmp "$work/example.status" "$work/program.status"
log=$work/a/$(ls "$work/a" | head -1)
fact "a draft to compare with" "$build/onset" draft "$log" -o "$work/one.json"
mkfifo "$work/fifo"
timeout 300 "$work/threads" "$log" "$work/one.json" "$work/fifo" >"$work/out" 2>"$work/err"
status=$?
sed '$d' "$work/out"
line=$(tail -1 "$work/out")
case "$status:$line" in
0:*" passed, 0 failed") passed=$((passed + ${line%% *})) ;;
*) failed=$((failed + 1)) && echo "FAIL threads: status $status: $line" ;;
esac
fact "the library prints nothing" test ! -s "$work/err"
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
