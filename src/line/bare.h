/* bare: what a line says that has no time and that no format takes.
 *
 * Takes  a record whose message is such a line, or lines that belong together.
 * Gives  its severity, and the message without it.
 * Holds  nothing.
 * Never  takes a word for a level that does not stand where levels stand; never knows a program by its name.
 *
 * Levels that are evident, at the start of the text:
 *   WORD:  text    a level in upper case or in PostgreSQL's other languages ("FATAL:  sorry, ...", "FEHLER:  ..."): the message is
 *                  what follows; in another case ("Error: text" is a type in Node, "error: text" a program's own word): it stays
 *   [WORD] text    in any case ("[WARNING]  (301) : text" of HAProxy too): the message is what follows
 *   WORD text      in upper case: it stays in the message
 * What an outer program put before it is passed over: "[25360]:", a pid in brackets; "==> ".
 */
#ifndef ONSET_BARE_H
#define ONSET_BARE_H

#include "line/record.h"

/* `r` has the text as its message; nothing is done when it has a severity. */
void bare_read(struct record *r);

#endif
