#!/bin/sh
# embed: pattern files to a C source that defines pattern_builtins (parse/pattern.h).
#
# Takes  paths of pattern files, sorted.
# Gives  C on standard output: one byte array a file (string literals would be limited to 4,095 bytes by C11 5.2.4.1).
set -eu
echo '#include "parse/pattern.h"'
i=0
for file in "$@"; do
	printf 'static const unsigned char bytes_%d[] = {\n' "$i"
	od -An -v -tu1 "$file" | sed 's/ *\([0-9][0-9]*\)/\1,/g'
	echo '0};'
	i=$((i + 1))
done
echo 'const struct pattern_builtin pattern_builtins[] = {'
i=0
for file in "$@"; do
	printf '\t{"%s", (const char *)bytes_%d, sizeof bytes_%d - 1},\n' "${file#patterns/}" "$i" "$i"
	i=$((i + 1))
done
echo '};'
echo 'const size_t pattern_builtins_n = sizeof pattern_builtins / sizeof *pattern_builtins;'
