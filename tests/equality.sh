#!/bin/sh
# equality: the same files dealt to 1 to 8 threads, in any order, through any tallies, one given twice under two names: equal
# drafts, byte for byte.
#
# Takes  the program. Gives "N passed, N failed".
set -u
cd "$(dirname "$0")/.."
onset=$(realpath "$1")
exec /usr/bin/python3 -B tests/equality.py "$onset"
