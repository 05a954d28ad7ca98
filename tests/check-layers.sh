#!/bin/sh
# check-layers: the direction of includes, the owners of libraries, and who touches the operating system.
#
# Takes  src/ of this checkout.
# Gives  a line for each breach; last line "N passed, N failed" (one fact a source file).
#
# The law (README, map of the code): a file includes only modules of a floor below, or such as stand before it on its own floor.
# The lines of `floors` below, read on from line to line, are the picture of the house: a module that is not in it fails, so that nobody adds one without a place.
set -eu
cd "$(dirname "$0")/.."

floors() {
	cat <<'F'
base: limits memory text nearest diag
base: hash root instant zone
read: input crc zstdframe igzip packed window inflate ahead lines
line: csvline exception extras fingerprint hop literals record bare jsonescape jsonkeys jsonshape jsonline pairs
line: byteset steps translate walk regex
line: datetext yearof stamp dating access tail dump trace
carry: syslog5424 syslogstamp syslog carried carrierroom carriertext carrierkey carrierobject carrierjson
carry: carrierexport carrier
config: statedevent jsoncut eventexport eventfile postgresqlconf lua nginxtoken nginxconf nginxformat
split: dialled postgresqlnumber postgresql pgbouncer auth scanner stampfind stamphead origin stamped apacheerror
split: awselb squid mysqlstamp mysqlerror mysqlslow logfmt klog scanners nginxerror prefix prefixlearn
split: apachetime apachedirective apacheformat template w3c logformat haproxytime haproxy haproxynotice
parse: pattern rule rule_sample signal_file signal signalcheck derive groupfields format compile oddity timeless candidates share detect
parse: formatset keep parts replay entry quoted attach untimed redetect ledger outlet writer streamroom intake stream hold
parse: slots writers crowd reader explain samples
tally: headed cells histogram sqlverb mask marks message shape part
tally: busy pending sample segment series sums unzoned
tally: address event exemplar gauge keyed latency session
tally: statement lockwait edge
tally: top builder freeze wire part_decode
tally: part_encode partmove tally key scan
fold: draft sentence vote clockfit quarter source coverage stated
fold: years passes clock twins server header match correlate coincide echo offset overheard rotation
fold: fold evidence label moment
incident: logarithm deviance starmerge background extent burst candidate note front inventory
incident: slow symptom retried incident impact holders
incident: lockpile statements metrics aftermath propagation refusal finding novelty scoping silence lost meanwhile trickle
cause: hostport callee topology clockroot changelist component roll rollout statedchange change ratio slope curve mitigation
cause: trial timetest placetest saidtest verdict
cause: statistic track load growth hypothesis phase limit newcomer fault halt held leak taken
cause: surge convoy wait mechanism score cause
story: stray callmap canvas traffic readings plots window detection happened echo again rise suspect summary timeline unknown
story: story
tell: digest value numbers json recordline
redact: names vocabulary address token aliases said find places redact
report: escape axis when contract document notes lanes figure stack advice sheet page
report: overview course verdicts proof html mermaid prose markdown report
verify: result walk claims search standins excerpt reread around compare
cmd: interrupt options help smallfile zonefile conffiles
cmd: optionfile serverconf library setup output progress
cmd: attend watch workers remarks gather message
cmd: onset reading records_verb explain_verb check_verb
cmd: draft_verb scan_verb report_verb sight recount verify_verb main
F
}
# Header or call : the modules that may use it.
owners() {
	cat <<'F'
zlib.h: read/inflate
isa-l.h: read/igzip
zstd.h: read/zstdframe
zstd_errors.h: read/zstdframe
pcre2.h: line/regex
jansson.h: tell/value
F
}
# Modules that may touch the operating system (DESIGN marks them *), besides everything in cmd/.
os_modules="read/input read/ahead base/memory"
os_headers='unistd.h|fcntl.h|dirent.h|signal.h|pthread.h|time.h|sys/[a-z]+.h|poll.h|locale.h'

place() { # place floor/module -> floor number * 100 + position, empty when it has none
	floors | awk -F': ' -v want="$1" '$1 != floor { floor = $1; number++; at = 0 } { n = split($2, m, " "); for (i = 1; i <= n; i++) { at++; if ($1 "/" m[i] == want) print number * 100 + at } }'
}

passed=0
failed=0
found=$(mktemp)
trap 'rm -f "$found"' EXIT
for file in src/*/*.[ch]; do
	me=${file#src/}
	me=${me%.[ch]}
	bad=
	mine=$(place "$me")
	[ -n "$mine" ] || bad="$bad
$file: $me has no place in tests/check-layers.sh"
	for inc in $(sed -n 's/^#include "\([a-z_]*\/[a-z_0-9]*\)\.h".*/\1/p' "$file"); do
		[ "$inc" = "$me" ] && continue
		# The contract of the library: what main is made of too.
		case "$inc:$me" in onset/onset:cmd/*) continue ;; esac
		theirs=$(place "$inc")
		[ -n "$theirs" ] && [ -n "$mine" ] && [ "$theirs" -lt "$mine" ] || bad="$bad
$file: includes $inc, which does not stand before it"
	done
	for rule in $(owners | tr -d ' '); do
		lib=${rule%%:*}
		grep -q "^#include <$lib>" "$file" && [ "$me" != "${rule#*:}" ] && bad="$bad
$file: $lib belongs to ${rule#*:}"
	done
	case "$me" in cmd/*) ;; *)
		case " $os_modules " in *" $me "*) ;; *)
			grep -nE "^#include <($os_headers)>" "$file" >"$found" && bad="$bad
$file: touches the operating system: $(cat "$found")"
			case "$file" in *.c)
				grep -nE '(^|[^a-z_])(printf|fprintf|puts|fputs|fopen|getenv|exit|time|localtime|strptime|setlocale) *\(' "$file" | grep -v snprintf >"$found" && bad="$bad
$file: modules never print or ask the system: $(head -1 "$found")"
			esac
		esac
	esac
	case "$file" in *.h)
		for word in Takes Gives Holds Never; do
			head -30 "$file" | grep -q "$word " || bad="$bad
$file: the header comment lacks '$word'"
		done
	esac
	if [ -n "$bad" ]; then
		failed=$((failed + 1))
		echo "$bad" | sed '/^$/d; s/^/FAIL /'
	else
		passed=$((passed + 1))
	fi
done
# What is in git; without git, what is there.
entries=$(git ls-files 2>/dev/null | sed 's|/.*||' | sort -u)
for entry in ${entries:-*}; do
	case $entry in .ci | .gitignore | Makefile | README.md | src | include | patterns | samples | tests | build) passed=$((passed + 1)) ;; *)
		failed=$((failed + 1))
		echo "FAIL top level: $entry does not belong there"
	esac
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
