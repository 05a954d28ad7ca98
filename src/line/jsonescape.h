/* jsonescape: what the escapes of a JSON string mean.
 *
 * Takes  the bytes between the quotes of a JSON string (RFC 8259 section 7) in which no escape is cut off.
 * Gives  the bytes that are meant: \uXXXX with surrogate pairs as UTF-8, half a pair as U+FFFD, nginx's \xHH (escape=default)
 *        as that byte, Apache's \v; an escape that means nothing stays as it is written.
 * Holds  nothing.
 * Never  writes more bytes than it was given, checks the UTF-8 of what is not escaped, or reads past the end.
 */
#ifndef ONSET_JSONESCAPE_H
#define ONSET_JSONESCAPE_H

#include "base/text.h"

/* Writes what `raw` means to `to`, which has room for raw.len bytes and may not overlap; returns how many bytes it is. */
size_t jsonescape_undo(struct span raw, char *to);

#endif
