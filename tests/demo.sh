#!/bin/sh
# demo: drafts the sample outage, prints the digest and says where the JSON is.
#
# Takes  the program.
set -eu
cd "$(dirname "$0")/.."
out=build/checkout-outage.json
echo
echo "\$ $1 draft samples/checkout-outage/logs -o $out"
status=0
"$1" draft --digest samples/checkout-outage/logs -o "$out" || status=$?
[ "$status" -le 1 ] || exit "$status"
echo
echo "The whole draft timeline is in $out; what really happened is told in samples/checkout-outage/STORY.md."
