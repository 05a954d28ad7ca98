#!/bin/sh
# vocabulary: the words of our own sentences, out of the sources that make them.
#
# Takes  C files as arguments.
# Gives  a C file on standard output: the words, sorted, as one array (redact/vocabulary.h).
#
# A word counts that stands in a string literal with a blank in it: in lower case, two letters or more. What comments quote is no
# sentence of ours.
set -eu
export LC_ALL=C
cat <<'H'
#include "redact/vocabulary.h"
const char vocabulary_words[][VOCABULARY_WORD_BYTES] = {
H
cat "$@" | grep -vE '^(#include|[[:blank:]]*(/\*|\*))' | sed 's@/\*.*@@' | grep -oE '"([^"\\]|\\.)* ([^"\\]|\\.)*"' | tr 'A-Z' 'a-z' | sed 's/%[0-9.*]*l*[a-z]/ /g; s/\\[nrt"]/ /g' |
	tr -c 'a-z\n' '\n' | grep -E '^[a-z]{2,24}$' | sort -u | sed 's/.*/\t"&",/'
echo "};"
echo "const size_t vocabulary_words_n = sizeof vocabulary_words / sizeof *vocabulary_words;"
