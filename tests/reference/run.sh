#!/bin/sh
# reference: the program must agree with a naive second implementation on real and generated logs (SEEDS, default 14).
set -u
exec /usr/bin/python3 -B "$(dirname "$0")/compare.py" "$(realpath "$1")" "${SEEDS:-14}"
