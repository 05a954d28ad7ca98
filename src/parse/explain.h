/* explain: how far each format gets on one line.
 *
 * Takes  a format set, the format in force (or NULL), a line, and what carries it.
 * Gives  for each format, and each layout of it, whether it takes the line, or the byte where it stops and what it
 *        wanted there; for signals, the rules whose text is in a record but whose other conditions do not hold.
 * Holds  the sentences.
 * Never  runs where records are read: it tries everything, the slow way.
 */
#ifndef ONSET_EXPLAIN_H
#define ONSET_EXPLAIN_H

#include "parse/format.h"
#include "parse/signal.h"

enum explain_how {
	EXPLAIN_TAKES,
	EXPLAIN_STOPS,   /* at `at` */
	EXPLAIN_UNKNOWN, /* it does not take the line; where it stops is not known */
};

struct explanation {
	const struct format *format;
	struct span line;   /* what it reads: the line, or that with the syslog header before it (carried.headed) */
	const char *layout; /* borrowed from the format; NULL when it has none */
	enum explain_how how;
	size_t at;          /* bytes from the start of the line; its length: the line ends too early */
	struct text wanted; /* what had to be there, or why it is not known; empty for EXPLAIN_TAKES */
};
struct explanations {
	struct span line; /* the caller's; set before the first explain_format(), as is the next one */
	const struct carried *carried; /* NULL: nobody carries it */
	struct explanation *items;
	size_t n, cap;
};

/* Adds the layouts of one format, or its one explanation. */
void explain_format(const struct format *f, struct explanations *to);
void explanations_release(struct explanations *list);

/* Why a rule whose texts are in the record is not what the record means: bits. */
enum {
	NEAR_TIER = 1,
	NEAR_SEVERITY = 2,
	NEAR_STATUS = 4,
	NEAR_DURATION = 8,
	NEAR_CODE = 16,
	NEAR_EXCEPT = 32,
};
/* 0: the rule holds, or its texts are not in the record (then it was not near). */
unsigned explain_near(const struct rule *rule, enum tier tier, const struct record *r, struct regex_scratch *scratch);

#endif
