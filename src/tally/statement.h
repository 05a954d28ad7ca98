/* statement: SQL statements that were logged with their duration, by masked text.
 *
 * Takes  statements with durations, in file order.
 * Gives  per masked statement and minute how many, how long together, the longest and where it is.
 * Holds  LIMIT_STATEMENTS statements, first come, then "other"; LIMIT_GAUGE_CELLS cells, then wider intervals.
 * Never  masks a short statement twice in a row that differs in its literals only: recent ones are remembered with their number.
 *
 * Masked, exactly: the first STATEMENT_RAW_BYTES are masked as SQL (mask.h); each run of blanks becomes one; a list of
 * literals ("***") or of parameters ("$1"), parted by commas, becomes its first and "...", so that IN lists of any length
 * are one statement; a semicolon at the end is left out; the text is cut at STATEMENT_BYTES.
 */
#ifndef ONSET_STATEMENT_H
#define ONSET_STATEMENT_H

#include "base/limits.h"
#include "tally/part.h"
#include "tally/sums.h"

enum { STATEMENT_BYTES = 512, STATEMENT_RAW_BYTES = 4096, STATEMENT_RECENT = 32, STATEMENT_RECENT_BYTES = 500 };

struct statement_key {
	uint64_t hash;
	char *sql; /* owned */
	uint32_t hint; /* sums_add() */
};
/* A statement without its literals, and its number. */
struct statement_recent {
	uint64_t hash;
	uint16_t len, number;
	char shape[STATEMENT_RECENT_BYTES];
};

struct statements {
	struct statement_key *keys;
	size_t n, cap;
	uint16_t *table; /* open addressing: number + 1 */
	struct statement_recent *recent; /* STATEMENT_RECENT of them; NULL before the first */
	struct text scratch, masked;
	struct sums sums;
	unsigned share; /* 0 but for a later stream of a file: its tables hold LIMIT_... >> share (part.h, part_share) */
};

void statements_init(struct statements *s);
void statements_add(struct statements *s, const struct place *p, struct span sql, int64_t duration_us);
/* Sorted by sql; cells that start outside [from_s, to_s] are left out. The caller frees. */
struct statement *statements_freeze(struct statements *s, uint32_t from_s, uint32_t to_s, size_t *n);
void statements_release(struct statements *s);

/* Replaces what is in `out`: the statement masked as above, valid UTF-8, one line. `scratch` is overwritten. */
void statement_mask(struct span sql, struct text *scratch, struct text *out);

#endif
