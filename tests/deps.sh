#!/bin/sh
# deps: says which Debian packages are missing and installs them.
#
# Takes  groups: build (to build and run), zstd (to read .zst), isal (to read .gz faster), test (to run the tests), lab (to make real outages; make check
#        makes a short one), oracles (other programs whose word the tests take: Apache's server, zstd), pages (to read
#        reports back, or makes some: pandoc, chromium, Jinja2, cmark-gfm, WeasyPrint, pdftotext).
#        Those behind `wish` are done without when they cannot be had. `deps.sh look GROUP...` only looks.
# Gives  exit 0 when everything needed is there (a note names what is only wished for and is not); a message and exit 1 when it
#        cannot be installed. `look`: the missing ones on one line, and exit 1 when there are any.
# Never  installs anything without having said so first; asks nothing itself (sudo may ask for a password); needs a network
#        when nothing is missing; starts a server (the lab starts its own, on other ports).
set -eu
cc=${CC:-cc}

want() { # want COMMAND-THAT-PROVES-IT PACKAGE
	sh -c "$1" >/dev/null 2>&1 </dev/null || missing="$missing $2"
}
header() { # header NAME PACKAGE: the C compiler finds it
	want "printf '#define PCRE2_CODE_UNIT_WIDTH 8\n#include <$1>\n' | $cc -E -" "$2"
}
look() { # look GROUP...: sets missing
	missing=
	for group in "$@"; do
		case $group in
		build)
			want 'command -v make' make
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
		oracles)
			want 'test -x /usr/sbin/apache2 || test -x /usr/sbin/httpd' apache2-bin
			want 'command -v zstd' zstd
			;;
		pages) # what reads reports back, or makes some: without them these tests are skipped
			want 'command -v pandoc' pandoc
			want 'command -v chromium || command -v chromium-browser' chromium
			want '/usr/bin/python3 -c "import jinja2"' python3-jinja2
			want 'command -v cmark-gfm' cmark-gfm
			want 'command -v weasyprint' weasyprint
			want 'command -v pdftotext' poppler-utils
			;;
		isal) header isa-l.h libisal-dev ;; # without it zlib reads gzip, in three times the time
		zstd) header zstd.h libzstd-dev ;; # without it .zst is refused, with a message
		*)
			echo "deps: no such group: $group" >&2
			exit 64
			;;
		esac
	done
}
look_again() { # sets missing (all), needed and wished
	look $wishes
	wished=$missing
	look $needs
	needed=$missing
	missing=$needed$wished
}
without() { # without WHY: what is only wished for cannot be had; the end when something needed cannot
	if [ -z "$needed" ]; then
		echo "note: $1; not here:$wished; what needs them is skipped, and says so"
		exit 0
	fi
	echo "$1; as root, please run:" >&2
	echo "    apt-get update && apt-get install$missing" >&2
	exit 1
}

if [ "${1:-}" = look ]; then
	shift
	look "$@"
	[ -z "$missing" ] || { echo "${missing# }" && exit 1; }
	exit 0
fi
needs=
wishes=
to=needs
for group in "$@"; do
	case $to:$group in
	*:wish) to=wishes ;;
	needs:*) needs="$needs $group" ;;
	wishes:*) wishes="$wishes $group" ;;
	esac
done
look_again
[ -n "$missing" ] || exit 0
echo "onset needs these Debian packages, which are missing:$missing"
command -v apt-get >/dev/null || without "there is no apt-get to install them with"
run=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || without "they cannot be installed from here (not root, and no sudo)"
	run=sudo
fi
echo "installing them now with ${run:+$run }apt-get (about a minute)"
[ -z "$run" ] || $run true || without "sudo does not let this user in"
log=$(mktemp)
policy=
trap '[ -z "$policy" ] || $run rm -f "$policy"; rm -f "$log"' EXIT
trap 'exit 1' HUP INT TERM
mark='of onset, tests/deps.sh: removed when the packages are installed'
case " $missing " in
*" postgresql "* | *" nginx-light "* | *" haproxy "* | *" pgbouncer "*)
	# Debian asks this file before a package starts its server: 101 is no. One that is not ours stays as it is.
	if [ ! -e /usr/sbin/policy-rc.d ] || grep -q "$mark" /usr/sbin/policy-rc.d; then
		policy=/usr/sbin/policy-rc.d
		$run sh -c "printf '#!/bin/sh\n# $mark\nexit 101\n' >$policy && chmod 755 $policy"
	fi
	;;
esac
# Through env, because sudo drops variables. The lock: on a machine just booted, Debian's own updates may hold it. umask: what
# packages write must be readable by their servers.
umask 022
apt() {
	$run env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C apt-get -qq -o DPkg::Lock::Timeout=300 \
		-o Acquire::Retries=2 -o Acquire::http::Timeout=60 "$@" </dev/null >"$log" 2>&1
}
install() { # install PACKAGE...: a second time after mending what an interrupted installation left
	apt install -y --no-install-recommends "$@" && return
	cat "$log" >&2
	echo "trying again, after dpkg --configure -a" >&2
	$run env DEBIAN_FRONTEND=noninteractive dpkg --configure -a </dev/null >/dev/null 2>&1 || :
	apt install -y --no-install-recommends "$@" && return
	cat "$log" >&2
	return 1
}
online=yes
apt update || {
	online=
	cat "$log" >&2
	echo "apt-get update failed (above); trying with the lists of packages that are here" >&2
}
# shellcheck disable=SC2086 # the list is words
if install $missing; then
	why="they are installed, but do not work with the compiler '$cc'"
else
	why="they could not be installed (apt-get says why above)"
	[ -z "$wished" ] || [ -z "$needed" ] || install $needed || :
	[ -n "$online" ] || wished=
	for package in $wished; do # one that cannot be had is no reason to do without the others
		apt install -y --no-install-recommends "$package" || :
	done
fi
look_again
[ -z "$missing" ] || without "$why"
