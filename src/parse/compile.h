/* compile: a pattern file to a format.
 *
 * Takes  the entries of a pattern file of kind format.
 * Gives  a compiled `struct format`, or the place of the error with a hint.
 * Holds  nothing.
 * Never  accepts a key that it does not know, a field that is not of the closed list, or a format that cannot give a
 * time.
 */
#ifndef ONSET_COMPILE_H
#define ONSET_COMPILE_H

#include "parse/format.h"

/* NULL with `d`. `file` stays the caller's; the format borrows nothing from it, and f->file is empty. */
struct format *format_compile(const struct pattern_file *file, struct diag *d);

/* The kind whose layouts are written in this language: "nginx", "postgresql", "haproxy". False for any other word. */
bool format_language(struct span word, enum format_kind *kind);

#endif
