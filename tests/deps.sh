#!/bin/sh
# deps: says which Debian packages are missing and installs them.
#
# Takes  groups: build (to build and run), test (to run the tests), lab (to make real outages; make check makes a short one).
# Gives  exit 0 when everything is there; a message and exit 1 when it cannot be installed.
# Never  installs anything without having said so first; asks nothing itself (sudo may ask for a password); starts a server (the
#        lab starts its own, on other ports).
set -eu
cc=${CC:-cc}

want() { # want COMMAND-THAT-PROVES-IT PACKAGE
	sh -c "$1" >/dev/null 2>&1 || missing="$missing $2"
}
header() { # header NAME PACKAGE: the C compiler finds it
	want "printf '#define PCRE2_CODE_UNIT_WIDTH 8\n#include <$1>\n' | $cc -E -" "$2"
}
look() { # look GROUP...: sets missing
	missing=
	for group in "$@"; do
		case $group in
		build)
			want "echo 'int x;' | $cc -c -x c -o /dev/null -" gcc
			header stdio.h libc6-dev
			header zlib.h zlib1g-dev
			header pcre2.h libpcre2-dev
			header jansson.h libjansson-dev
			want 'test -e /usr/share/zoneinfo/Europe/Berlin' tzdata
			;;
		test)
			want '/usr/bin/python3 -c "import jsonschema"' 'python3 python3-jsonschema'
			want 'test -e /usr/share/i18n/locales/tr_TR' locales
			want 'command -v jq' jq
			;;
		lab)
			want 'ls /usr/lib/postgresql/*/bin/initdb' postgresql
			want 'PATH=$PATH:/usr/sbin command -v nginx' nginx-light
			want 'PATH=$PATH:/usr/sbin command -v haproxy' haproxy
			want 'PATH=$PATH:/usr/sbin command -v pgbouncer' pgbouncer
			want '/usr/bin/python3 -c "import psycopg2"' python3-psycopg2
			;;
		esac
	done
}
fail() { # fail WHY
	echo "$1; as root, please run:" >&2
	echo "    apt-get update && apt-get install$missing" >&2
	exit 1
}

look "$@"
[ -n "$missing" ] || exit 0
echo "onset needs these Debian packages, which are missing:$missing"
command -v apt-get >/dev/null || {
	echo "there is no apt-get here: please install what holds the same, then try again" >&2
	exit 1
}
run=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || fail "they cannot be installed from here (not root, and no sudo)"
	run=sudo
fi
echo "installing them now with ${run:+$run }apt-get (about a minute)"
[ -z "$run" ] || $run true || fail "sudo does not let this user in"
log=$(mktemp)
policy=
trap '[ -z "$policy" ] || $run rm -f "$policy"; rm -f "$log"' EXIT
trap 'exit 1' HUP INT TERM
case " $missing " in
*" postgresql "* | *" nginx-light "* | *" haproxy "* | *" pgbouncer "*)
	# Debian asks this file before a package starts its server: 101 is no.
	if [ ! -e /usr/sbin/policy-rc.d ]; then
		policy=/usr/sbin/policy-rc.d
		$run sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy"
	fi
	;;
esac
# Through env, because sudo drops variables. The lock: on a machine just booted, Debian's own updates may hold it.
apt() {
	$run env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -qq -o DPkg::Lock::Timeout=300 "$@" \
		</dev/null >"$log" 2>&1
}
apt update || {
	cat "$log" >&2
	echo "apt-get update failed (above); trying with the lists of packages that are here" >&2
}
# shellcheck disable=SC2086 # the list is words
apt install -y --no-install-recommends $missing || {
	cat "$log" >&2
	fail "they could not be installed (apt-get says why above)"
}
look "$@"
[ -z "$missing" ] || fail "they are installed, but do not work with the compiler '$cc'"
