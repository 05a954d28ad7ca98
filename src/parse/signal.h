/* signal: what a record means.
 *
 * Takes  pattern files of kind signal; parsed records.
 * Gives  for each record the *kinds* that it is: a kind is one (signal, class) pair of the closed list.
 * Holds  compiled rules: a status table, duration steps, a first-bytes table for `starts`, a literal prefilter for `contains`.
 * Never  matches the raw line: only the parsed message, exception message and type, code, status and duration of the record
 *        (facts/connection_messages.md, "Matching rules learned from the near misses").
 */
#ifndef ONSET_SIGNAL_H
#define ONSET_SIGNAL_H

#include "parse/signal_file.h"

/* One (signal, class). Index into signal_set.kinds: the number that records are counted under. */
struct signal_kind {
	const struct signal *signal;
	char *class; /* owned */
};

struct signal_set;
struct signal_set *signal_set_new(void);
/* Adds one signal file; replaces a signal of the same name. `file` is taken over when it succeeds. False with `d`. */
bool signal_set_add(struct signal_set *set, struct pattern_file *file, struct diag *d);
/* Builds the tables; call once after the last add. False with `d`. Kinds are sorted by (signal name, class). */
bool signal_set_finish(struct signal_set *set, struct diag *d);
void signal_set_free(struct signal_set *set);

size_t signal_kinds(const struct signal_set *set);
const struct signal_kind *signal_kind(const struct signal_set *set, size_t kind);
const struct signal *signal_find(const struct signal_set *set, struct span name); /* NULL when none */
size_t signal_count(const struct signal_set *set);
const struct signal *signal_at(const struct signal_set *set, size_t i); /* sorted by name */

/* All rules, for explanations: the signals by name, their rules in the order of the file. `kind` is what the rule
 * gives. NULL behind the last. */
const struct rule *signal_rule(const struct signal_set *set, size_t i, size_t *kind);

/* The signals that mean that a connection was refused, at whatever tier. */
bool signal_refuses(const char *name);

#define SIGNAL_MAX 16
/* Writes the kinds of `r` (of a source of tier `tier`) to `kinds`, ascending, each once; returns how many (<= SIGNAL_MAX). Of
 * one signal at most one class by text matches: the first rule in file order; `duration` rules are nested and all match. */
size_t signal_match(const struct signal_set *set, enum tier tier, const struct record *r, struct regex_scratch *scratch,
		    uint16_t kinds[SIGNAL_MAX]);
/* The same answer from the rules alone, without the tables: for checks. */
size_t signal_match_plainly(const struct signal_set *set, enum tier tier, const struct record *r,
			    struct regex_scratch *scratch, uint16_t kinds[SIGNAL_MAX]);

#endif
