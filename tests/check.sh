#!/bin/sh
# check: every test, one after the other; each step ends in "N passed, N failed"; so does this, with the sums.
#
# Takes  nothing; ONSET_STEPS="units golden" runs only those.
# Gives  exit 0 when nothing failed. A step that prints no such line has failed.
# Never  stops at the first failure; never asserts a time.
set -u
cd "$(dirname "$0")/.."
passed=0
failed=0
jobs=$(nproc 2>/dev/null || echo 2)

step() { # step NAME COMMAND...
	name=$1
	shift
	case " ${ONSET_STEPS:-$name} " in *" $name "*) ;; *) return ;; esac
	out=$("$@" 2>&1)
	status=$?
	line=$(printf '%s\n' "$out" | grep -E '^[0-9]+ passed, [0-9]+ failed' | tail -1)
	p=0
	f=0
	if [ -n "$line" ]; then
		p=${line%% passed*}
		f=${line#*passed, }
		f=${f%% failed*}
	fi
	if [ -z "$line" ] || { [ $status != 0 ] && [ "$f" = 0 ]; }; then
		f=$((f + 1))
	fi
	[ "$f" = 0 ] || printf '%s\n' "$out" | tail -60
	printf '%s\n' "$out" | grep -E '^(skipped|note):' || true
	printf '  %-22s %6d passed, %d failed\n' "$name" "$p" "$f"
	passed=$((passed + p))
	failed=$((failed + f))
}

build() { # build MODE
	make -s -j"$jobs" MODE="$1" all units fuzzers && echo "1 passed, 0 failed"
}
units() { # units MODE
	total_p=0
	total_f=0
	for t in build/"$1"/unit/test_*; do
		[ -x "$t" ] && [ "${t%.d}" = "$t" ] || continue
		out=$(TZ=Pacific/Chatham "$t" 2>&1)
		line=$(printf '%s\n' "$out" | tail -1)
		case $line in
		*" passed, 0 failed") total_p=$((total_p + ${line%% *})) ;;
		*) total_f=$((total_f + 1)) && printf '%s: %s\n' "$t" "$out" ;;
		esac
	done
	echo "$total_p passed, $total_f failed"
}
fuzz_replay() {
	p=0
	f=0
	for t in build/asan/fuzz/fuzz_*; do
		[ -x "$t" ] && [ "${t%.d}" = "$t" ] || continue
		name=${t##*/fuzz_}
		[ -d "tests/fuzz/corpus/$name" ] || { f=$((f + 1)) && echo "no corpus for $name"; continue; }
		if "$t" tests/fuzz/corpus/"$name"/*; then
			p=$((p + $(ls tests/fuzz/corpus/"$name" | wc -l)))
		else
			f=$((f + 1))
		fi
	done
	echo "$p passed, $f failed"
}

step build build checked
step build-sanitizers build asan
step layers tests/check-layers.sh
step units units checked
step units-sanitizers units asan
step fuzz-corpora fuzz_replay
step patterns sh -c 'build/checked/onset check | tee /dev/stderr'
step golden tests/golden/run.sh build/checked/onset
step golden-sanitizers tests/golden/run.sh build/asan/onset
step schema tests/schema.sh build/checked/onset
step equality tests/equality.sh build/checked/onset
step reference tests/reference/run.sh build/checked/onset
step incidents tests/incidents.sh build/checked/onset
step burst-oracle /usr/bin/python3 tests/unit/burst_oracle.py build/checked/unit/test_burst
step readme tests/readme.sh build/checked/onset
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
