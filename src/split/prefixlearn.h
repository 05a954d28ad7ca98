/* prefixlearn: a log_line_prefix from lines that were written with it.
 *
 * Takes  lines of a PostgreSQL stderr log; the pid that a carrier prints before the first of them (empty: none does).
 * Gives  a prefix in the manual's own escapes that splits most of them: with a time; without one (prefix_is_timed()) where no such
 *        prefix does.
 * Holds  nothing.
 * Never  takes five digits for a pid where the carrier prints another one: then they are an SQL state.
 *        Never names a word whose meaning does not show: "bob shop" before the severity may be user and database or the
 * reverse, so both are passed over (%0i: padded to nothing, see prefix.h).
 */
#ifndef ONSET_PREFIXLEARN_H
#define ONSET_PREFIXLEARN_H

#include "split/prefix.h"

/* How many of the lines `p` takes. */
size_t prefix_taken(const struct prefix *p, const struct span *lines, size_t n);
/* False when no prefix takes at least half of the lines. `layout` is replaced. */
bool prefix_learn(const struct span *lines, size_t n, struct span pid, struct text *layout);

#endif
