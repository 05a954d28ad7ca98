#!/bin/sh
# deps: says which Debian packages are missing and installs them.
#
# Takes  groups: build (to build and run), test (to run the tests).
# Gives  exit 0 when everything is there; a message and exit 1 when it cannot be installed.
# Never  installs anything without having said so first.
set -eu

want() { # want COMMAND-THAT-PROVES-IT PACKAGE
	sh -c "$1" >/dev/null 2>&1 || missing="$missing $2"
}
header() { # the C compiler finds the header
	want "echo '#define PCRE2_CODE_UNIT_WIDTH 8
#include <$1>' | ${CC:-cc} -E -" "$2"
}

missing=
for group in "$@"; do
	case $group in
	build)
		want "command -v ${CC:-cc} && echo 'int x;' | ${CC:-cc} -c -x c -o /dev/null -" gcc
		want 'echo "#include <stdio.h>" | cc -E -' libc6-dev
		header zlib.h zlib1g-dev
		header pcre2.h libpcre2-dev
		header jansson.h libjansson-dev
		want 'test -e /usr/share/zoneinfo/Europe/Berlin' tzdata
		;;
	test)
		want 'command -v python3' python3
		want '/usr/bin/python3 -c "import jsonschema"' python3-jsonschema
		want 'command -v git' git
		want 'test -e /usr/share/i18n/locales/tr_TR' locales
		;;
	esac
done

# The golden tests run under a Turkish locale, where i and I are no pair.
turkish() {
	case " $* " in *" test "*) ;; *) return 0 ;; esac
	locale -a 2>/dev/null | grep -qix 'tr_TR.utf-\{0,1\}8' && return 0
	echo "making the locale tr_TR.UTF-8, which the golden tests run under"
	localedef -i tr_TR -f UTF-8 tr_TR.UTF-8 || echo "note: no locale tr_TR.UTF-8 here; the golden tests run under C"
}
if [ -z "$missing" ]; then
	turkish "$@"
	exit 0
fi
echo "onset needs these Debian packages, which are missing and will be installed now:$missing"
run=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || {
		echo "not root and no sudo here: please run 'apt-get install$missing' as root, then try again" >&2
		exit 1
	}
	run=sudo
fi
command -v apt-get >/dev/null || {
	echo "no apt-get here: please install the equivalents of:$missing" >&2
	exit 1
}
$run apt-get update -qq
# shellcheck disable=SC2086 # the list is words
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends $missing >/dev/null
turkish "$@"
