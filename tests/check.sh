#!/bin/sh
# check: every test, one after the other; each step ends in "N passed, N failed"; so does this, with the sums.
#
# Takes  nothing; ONSET_STEPS="units golden" runs only those.
# Gives  exit 0 when nothing failed. A step that prints no such line has failed, and so has one that tried nothing and does
#        not say that it was skipped.
# Never  stops at the first failure, unless there is no program; never asserts a time (an hour without an end is a
#        failure); needs no network; writes only to build/ and to temporary folders.
set -u
cd "$(dirname "$0")/.." || exit 1
exec </dev/null
# What starts us may ignore signals, as a shell does for what it runs in the background; all that we start would inherit it.
if [ -z "${ONSET_SIGNALS:-}" ] && env --default-signal true 2>/dev/null; then
	ONSET_SIGNALS=default exec env --default-signal tests/check.sh
fi
unset MAKEFLAGS MFLAGS MAKELEVEL
export PYTHONDONTWRITEBYTECODE=1
jobs=$(nproc 2>/dev/null || echo 2)
[ "$jobs" -le 8 ] || jobs=8 # a container may show all cores of its host and have the memory of a small one
passed=0
failed=0

# Some tests run under a Turkish locale, where i and I are no pair: made here, not in the system.
if ! LC_ALL=tr_TR.UTF-8 locale charmap 2>/dev/null | grep -qx UTF-8; then
	mkdir -p build/locale
	[ -d build/locale/tr_TR.UTF-8 ] || localedef -i tr_TR -f UTF-8 build/locale/tr_TR.UTF-8 ||
		echo "note: no locale tr_TR.UTF-8 here; the golden tests run under C"
	export LOCPATH="$PWD/build/locale" LC_ALL=C
fi

[ -d ../shared/incidents ] || echo "note: ../shared (logs that are not part of this project) is not here; tests that read it are skipped, and say so"

# The sanitizers need of the machine what some containers refuse. A program of three lines shows what works here, so that only
# what our own code does can fail. under: a command that runs another one at addresses that are not random; where many bits of
# them are (vm.mmap_rnd_bits), the runtimes of older compilers do not find their place every time.
under=
no_sanitizers=
starts() { # starts ASAN_OPTIONS: the small program, thrice; sets no_sanitizers
	no_sanitizers=
	for _ in 1 2 3; do
		ASAN_OPTIONS=$1 $under timeout 300 "$probe" >"$probe.said" 2>&1 && continue
		no_sanitizers="they do not start here (status $?: $(grep -am1 . "$probe.said"))"
		return 1
	done
}
sanitizers() {
	case ${ONSET_STEPS:-sanitizers} in *sanitizers* | *fuzz-corpora*) ;; *) return ;; esac
	probe=build/sanitizer-probe
	if ! printf '#include <stdlib.h>\nint main(void)\n{\n\tfree(malloc(9));\n\treturn 0;\n}\n' |
		${CC:-cc} -fsanitize=address,undefined -x c -o "$probe" - >"$probe.said" 2>&1; then
		no_sanitizers="the compiler has none ($(grep -am1 . "$probe.said"))"
		return
	fi
	machine=$(uname -m)
	setarch "$machine" -R true 2>/dev/null && under="setarch $machine -R"
	options=${ASAN_OPTIONS:-}
	starts "$options" && return
	why=$no_sanitizers
	starts "$options:detect_leaks=0" || return
	export ASAN_OPTIONS="$options:detect_leaks=0"
	echo "note: leaks are not looked for; with that, the sanitizers: $why"
}

step() { # step NAME COMMAND...
	name=$1
	shift
	case " ${ONSET_STEPS:-$name} " in *" $name "*) ;; *) return ;; esac
	case $no_sanitizers:$name in
	?*:*sanitizers | ?*:fuzz-corpora)
		echo "    skipped: $name: no sanitizers: $no_sanitizers"
		return
		;;
	esac
	[ ! -t 1 ] || printf '  %-22s ...\r' "$name"
	out=$("$@" 2>&1)
	status=$?
	line=$(printf '%s\n' "$out" | grep -aE '^[0-9]+ passed, [0-9]+ failed$' | tail -1)
	p=0
	f=0
	if [ -n "$line" ]; then
		p=${line%% passed*}
		f=${line#*passed, }
		f=${f%% failed*}
	fi
	if [ "$f" = 0 ]; then
		if [ -z "$line" ] || [ $status != 0 ]; then
			f=1
		elif [ "$p" = 0 ] && ! printf '%s\n' "$out" | grep -qa '^skipped:'; then
			f=1
			out="$out
nothing was tested"
		fi
	fi
	[ "$f" = 0 ] || printf '%s\n' "$out" | tail -60
	printf '%s\n' "$out" | grep -aE '^(skipped|note):' | sed 's/^/    /'
	printf '  %-22s %6d passed, %d failed\n' "$name" "$p" "$f"
	passed=$((passed + p))
	failed=$((failed + f))
}

build() { # build MODE
	rm -f build/"$1"/onset # never test the program of an earlier build
	make -s -k -j"$jobs" MODE="$1" all units fuzzers && echo "1 passed, 0 failed"
}
units() { # units MODE
	total_p=0
	total_f=0
	for t in tests/unit/test_*.c; do
		t=build/$1/unit/$(basename "$t" .c)
		[ "$1" != asan ] || t="$under $t"
		# shellcheck disable=SC2086 # $t is a command
		out=$(TZ=Pacific/Chatham timeout 3600 $t 2>&1)
		status=$?
		line=$(printf '%s\n' "$out" | tail -1)
		printf '%s\n' "$out" | grep -a '^skipped:'
		case $status:$line in
		0:*" passed, 0 failed") total_p=$((total_p + ${line%% *})) ;;
		*) total_f=$((total_f + 1)) && printf '%s (status %s): %s\n' "$t" "$status" "$out" ;;
		esac
	done
	echo "$total_p passed, $total_f failed"
}
fuzz_replay() {
	p=0
	f=0
	for t in tests/fuzz/fuzz_*.c; do
		name=$(basename "$t" .c)
		corpus=tests/fuzz/corpus/${name#fuzz_}
		[ -d "$corpus" ] || { f=$((f + 1)) && echo "no corpus for $name"; continue; }
		if $under timeout 3600 build/asan/fuzz/"$name" "$corpus"/*; then
			p=$((p + $(ls "$corpus" | wc -l)))
		else
			f=$((f + 1))
			echo "FAIL $name"
		fi
	done
	echo "$p passed, $f failed"
}

step build build checked
sanitizers
[ -x build/checked/onset ] || {
	echo "note: there is no program to test; the other tests were not run"
	echo "$passed passed, $failed failed"
	exit 1
}
step build-sanitizers build asan
step layers tests/check-layers.sh
step units units checked
step units-sanitizers units asan
step fuzz-corpora fuzz_replay
step patterns build/checked/onset check
step authors /usr/bin/python3 tests/authors.py build/checked/onset
step golden tests/golden/run.sh build/checked/onset
step golden-sanitizers $under tests/golden/run.sh build/asan/onset
step schema tests/schema.sh build/checked/onset
step cookbook /usr/bin/python3 -B tests/cookbook.py build/checked/onset
step generator /usr/bin/python3 -B tests/generator.py build/checked/onset
step report /usr/bin/python3 -B tests/report.py build/checked/onset
step redaction /usr/bin/python3 -B tests/redaction.py build/checked/onset
step hostile-text /usr/bin/python3 -B tests/hostile.py build/checked/onset
step verify /usr/bin/python3 -B tests/verify.py build/checked/onset
step browser /usr/bin/python3 -B tests/browser.py build/checked/onset
step mermaid /usr/bin/python3 -B tests/mermaid.py build/checked/onset
step equality tests/equality.sh build/checked/onset
step reference tests/reference/run.sh build/checked/onset
step without tests/without.sh build/checked
step bad-input /usr/bin/python3 tests/badinput.py build/checked/onset
step api tests/api.sh build/checked
ONSET_API_FLAGS="-fsanitize=address,undefined" step api-sanitizers $under tests/api.sh build/asan
step incidents tests/incidents.sh build/checked/onset
step lab tests/lab/live.sh build/checked/onset
step prefixes /usr/bin/python3 -B tests/lab/prefixes.py build/checked/onset
step syslog-parts /usr/bin/python3 -B tests/lab/syslogparts.py build/checked/onset
step logformats /usr/bin/python3 -B tests/lab/logformats.py build/checked/onset
step apache /usr/bin/python3 tests/lab/apacheformats.py build/checked/onset
step conformance /usr/bin/python3 tests/conformance build/checked/onset --step
step hostile-doubling /usr/bin/python3 tests/conformance/hostile.py build/checked/onset --doubling
step hostile-sanitizers $under /usr/bin/python3 tests/conformance/hostile.py build/asan/onset
step outages /usr/bin/python3 -B tests/outages/score.py build/checked/onset --seeds 40 --step
step families /usr/bin/python3 -B tests/outages/families.py build/checked/onset
step burst-oracle /usr/bin/python3 tests/unit/burst_oracle.py build/checked/unit/test_burst
step vote-oracle /usr/bin/python3 tests/unit/vote_oracle.py build/checked/unit/test_vote
step links /usr/bin/python3 -B tests/links.py
step readme tests/readme.sh build/checked/onset
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
