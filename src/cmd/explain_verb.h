/* explain_verb: onset check --explain FILE:LINE: what became of one line, and how far each format got on it.
 *
 * Takes  options; the library.
 * Gives  to standard output: the format in force, whether the line is a record, what it means and nearly means; for
 *        each format and layout a caret under the byte where it stopped, and what it wanted there.
 * Holds  the line; the file is read twice.
 * Never  shows a byte of the log that a terminal would obey.
 */
#ifndef ONSET_EXPLAIN_VERB_H
#define ONSET_EXPLAIN_VERB_H

#include "cmd/library.h"

enum outcome explain_verb(const struct options *o, const struct library *lib, struct diag_list *trouble);

#endif
