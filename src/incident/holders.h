/* holders: who held the database's connections when it first refused one, else at the onset.
 *
 * Takes  a fold (session series of the parts), draft.incidents with refusals.
 * Gives  incident.holders: open connections by role, database, application and host; the limit they ran into: what a configuration
 *        states, else what the log said before the onset, else the most that was open at the first refusal.
 * Holds  nothing.
 * Never  counts over a server's start: before it everything is closed; never calls a number exact when the log does not reach
 *        back to a start (sessions opened earlier are seen only when they close: at_least); never counts a session twice that opened
 *        without an application's name and closed with one (a pooler's, after a rotation): it stays without a name.
 */
#ifndef ONSET_HOLDERS_H
#define ONSET_HOLDERS_H

#include "fold/fold.h"

void holders_count(const struct fold *f, struct draft *d);

/* The limit of open connections that a configuration states, or the log did up to a printed time: fills out->limit and limit_how (owned by
 * the caller). False: neither. */
bool holders_limit(const struct fold *f, size_t source, int64_t at_us, struct holders *out);
/* Open connections of a database's source, of one key of a dimension or of all (key NULL), per second as printed, over all
 * starts of the server: start_s ascending, `delta` is the level from that second on. The caller frees *levels. Returns how many;
 * 0: no sessions in the log. */
size_t holders_levels(const struct fold *f, size_t source, enum holder dimension, const char *key, struct session_cell **levels);
/* The keys of a dimension, sorted, each once; borrowed from the parts. The caller frees the array. */
const char **holders_keys(const struct fold *f, size_t source, enum holder dimension, size_t *n);

#endif
