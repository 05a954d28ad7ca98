/* carried: what a line carries for another program, and who wrote it: the vocabulary of carriers.
 *
 * Takes  nothing: this is what the scanners of carriers fill and the reader and the formats read.
 * Gives  `struct carried`, the names of carriers, a writer's name.
 * Holds  only borrowed spans: of the line, or of the carriers' room (carrierroom.h).
 * Never  keeps anything from line to line.
 */
#ifndef ONSET_CARRIED_H
#define ONSET_CARRIED_H

#include "line/record.h"
#include "line/stamp.h"

enum carrier {
	CARRIER_NONE,
	CARRIER_ANSI,
	CARRIER_COMPOSE,
	CARRIER_DOCKER,
	CARRIER_CRI,
	CARRIER_SYSLOG,
	CARRIER_JOURNAL,
	CARRIER_EXPORT,
	CARRIER_COUNT
};
/* "ansi", "compose", ...; "" for CARRIER_NONE. These are names of formats too (patterns/formats/syslog.pattern: carrier =
 * syslog). */
const char *carrier_name(enum carrier carrier);
bool carrier_of(struct span name, enum carrier *carrier);

enum { CARRIER_DEPTH = 6 };
/* PG_SYSLOG_LIMIT of PostgreSQL's src/backend/utils/error/elog.c: no part has more. */
enum { CARRIED_PART_BYTES = 900 };

/* What a line carries. Spans lie in the line or in the room. */
struct carried {
	enum carrier chain[CARRIER_DEPTH]; /* outermost first */
	size_t depth;
	struct span text;         /* what the innermost carrier carries; the line itself when depth is 0 */
	struct span headed;       /* the same with the innermost syslog header before it, as printed, for formats that read that
	                             themselves (HAProxy, PgBouncer); of a journal: as a syslog server would print it; empty when there is none, or
	                             another carrier between them */
	/* who wrote it; joins, partial lines and formats are by writer */
	struct span host, process, container, unit, iostream; /* empty: not said. iostream: "stdout", "stderr" */
	struct span pid;
	bool partial;             /* the text goes on in the writer's next line (same iostream): docker, cri */
	/* PostgreSQL's message in parts: "[3-2] " through syslog. How one goes on with the one before: parse/parts.h */
	uint64_t message;         /* the message's number, of its process; 0: it is not printed ("[2] ") */
	uint32_t part;            /* the part's, from 1; 0: it is no part. Without the message's it may be that of a whole message */
	bool continues;           /* it is not the first one, beyond doubt. Without continues_word it is what stderr would have as
	                             its next line (one that goes on, or a DETAIL), or the rest of a word */
	bool continues_word;      /* with it: it begins with the blank at which the line was cut */
	bool cut;                 /* it is as long as parts can be, and has no white space but at its start: when the line went on,
	                             it was cut in a word */
	/* when: of the innermost carrier that prints a time with its zone, else of the innermost that prints one */
	bool has_stamp;
	struct stamp stamp;
	struct span stamp_text;
	/* how bad: of the innermost carrier that says so; what the text says of itself goes before it */
	enum severity severity;
	struct span severity_text;
	int priority;             /* syslog's <PRI>, 0..191; -1 */
	struct span version, msgid, structured; /* RFC 5424 */
	const struct extras *extras; /* what the carriers say beside that; NULL: not asked for. Set by who asks for them */
};

/* Nothing is said yet about `line`. */
void carried_init(struct carried *c, struct span line);
/* One carrier more; the caller has seen that there is room for it (depth < CARRIER_DEPTH). */
static inline void carried_by(struct carried *c, enum carrier carrier, struct span text)
{
	c->chain[c->depth++] = carrier;
	c->text = text;
	c->headed = SPAN_NONE;
}
/* The time that a carrier prints. A syslog's without zone and year inside of Docker's with both says less. */
static inline void carried_at(struct carried *c, const struct stamp *stamp, struct span text)
{
	if (c->has_stamp && c->stamp.zone == STAMP_EXPLICIT && stamp->zone != STAMP_EXPLICIT)
		return;
	c->has_stamp = true;
	c->stamp = *stamp;
	c->stamp_text = text;
}
/* `*kept` becomes `said` when that says something: the innermost carrier is the one that knows. */
static inline void carried_say(struct span *kept, struct span said)
{
	if (said.len)
		*kept = said;
}

/* The carriers but colours, outermost first: "docker > syslog"; "ansi" when there is nothing else. Appended to `out`. */
void carrier_chain(const struct carried *c, struct text *out);
/* A name for people of who wrote it: "shop-7d9f/app", "db1/postgres", "web-1"; empty when the carriers say nothing. At most
 * CARRIER_WRITER_BYTES, without control characters; deterministic, no process ids. Appended to `out`. */
enum { CARRIER_WRITER_BYTES = 128 };
void carrier_writer(const struct carried *c, struct text *out);

#endif
