/* redetect: the formats in force in a stream, and when to look for others.
 *
 * Takes  the lines at the start of the stream, and later those at which lines did not parse for long; lines that did not; a format
 *        set, or one stated format.
 * Gives  the formats in force, the best one first.
 * Holds  formats made for this stream (learned prefixes), until the end: records given before may be of any of them; the last
 *        REDETECT_DOUBTS lines that no format in force took.
 * Never  looks again when the format is stated, where it has looked before, or after 63 changes.
 *
 * Two ways to find more. After many lines in a row that were missed the lines that follow are looked at: the formats found
 * there take the place of those in force (redetect_look()). And the lines that were missed, or that go on with a record but do not
 * begin with a blank, are kept and looked at after 3, 12, 48, ... of them: a format that takes half of them is in force from then on
 * beside the others (redetect_look_back()): an error log's lines among those of an access log.
 *
 * But those would be lost until then, and they are the onset of the trouble. So the third way, before such a line is settled: the known
 * formats are asked for it (redetect_ask()). Where one takes it, the lines behind it that nothing in force takes are gathered from
 * the next LIMIT_DETECT_BYTES bytes, and it is in force at once (redetect_look_ahead()) when
 *  - a format takes this line, and half and DETECT_FEW of all of them; or
 *  - DETECT_FEW of them are of the format that takes this line, whatever else is there (an entrypoint's chatter); or
 *  - there are fewer than DETECT_FEW, it takes them all, no other one takes as many, it is of the tier of one in force, has no
 *    layouts that lines must tell (a torn line of an access log looks like another log_format), and the line does not go on
 *    with a record: an error log's only line.
 * Asking costs as much as parsing some ten KiB, the bytes behind as much as parsing them. So a line that begins like one of the last
 * REDETECT_SHAPES that were refused is not asked for; the first ASK_FREE others are, then one per ASK_STEP of the file's bytes; and
 * when the lines behind did not bear a format out, the next one not before AHEAD_STEP.
 * What is found by looking back is not read again: its lines have been counted and what is behind them was given.
 */
#ifndef ONSET_REDETECT_H
#define ONSET_REDETECT_H

#include "parse/detect.h"

enum {
	/* Formats that may follow one another in one stream; one that changes more often is hostile, and each one may be
	 * a learned one that has to be kept until the end. */
	REDETECT_FORMATS = 64,
	REDETECT_DOUBTS = 64,
	REDETECT_SHAPES = 32,
};

struct redetect {
	const struct format_set *set; /* borrowed, as `stated` */
	const struct format *stated;
	unsigned ranks;               /* that are looked for: DETECT_* */
	bool among;                   /* the stream is one of many in its file: looks get rarer and rarer */
	const struct format *list[DETECT_FORMATS]; /* in force: lines are tried in this order */
	size_t n;                     /* 0: unknown */
	bool due;                     /* another look is wanted: redetect_look() */
	bool doubtful;                /* redetect_look_back() is wanted */
	struct detection found[DETECT_FORMATS]; /* how each of the list was found */
	struct detection detection;   /* the first one that found a format; the first one of all when none did */
	struct format *owned[REDETECT_FORMATS];
	size_t owned_n, changes;
	uint32_t again;               /* formats that were found behind the first known one */
	struct {                      /* of the last look: what the best format takes, and what that is */
		unsigned taken;
		bool known, headed;
	} best;
	unsigned misses;              /* unparsed lines in a row */
	unsigned looks;
	uint64_t from;                /* no look before this offset */
	uint32_t patience;            /* `among`: misses before the next look */
	uint64_t doubts, doubts_at;   /* lines that may be another format's so far; at how many to look at them */
	struct text kept;             /* the last of them, "\n" behind each */
	size_t kept_n;
	bool ahead;                   /* a line is held: redetect_ask() is wanted */
	bool joins;                   /* it would go on with a record */
	struct detection guess;       /* what takes it; its `own` is owned between redetect_ask() and redetect_look_ahead() */
	unsigned asked;
	uint64_t ask_from;            /* then no line is asked for before this offset */
	uint64_t shape;               /* how the line that is held begins */
	uint64_t shapes[REDETECT_SHAPES]; /* of lines that no known format took; 0: none */
	size_t shapes_n;              /* so many in all */
};

/* `stated` may be NULL: detect. `ranks`: DETECT_* bits. */
void redetect_init(struct redetect *d, const struct format_set *set, const struct format *stated, unsigned ranks);
/* The first look. */
void redetect_first(struct redetect *d, const struct candidates *c, struct format_scratch *s);
/* The first format in force; NULL when unknown. */
static inline const struct format *redetect_format(const struct redetect *d)
{
	return d->n ? d->list[0] : NULL;
}
/* How a format in force was found. */
static inline const struct detection *redetect_detection(const struct redetect *d, const struct format *format)
{
	for (size_t i = 0; i < d->n; i++) {
		if (d->list[i] == format)
			return &d->found[i];
	}
	return &d->detection;
}
/* A line that was a record, or belongs to one. */
static inline void redetect_hit(struct redetect *d)
{
	d->misses = 0;
	d->due = false;
}
/* A line at `offset` that did not parse. */
void redetect_miss(struct redetect *d, uint64_t offset);
/* Another look: at the lines at `offset`. `due` is not set any more. True: other formats are in force. */
bool redetect_look(struct redetect *d, const struct candidates *c, uint64_t offset, struct format_scratch *s);
/* A record of a format that is not known (RANK_STAMPED): there may be a known one behind it. */
static inline void redetect_weak(struct redetect *d, uint64_t offset)
{
	redetect_hit(d);
	d->due = offset >= d->from && !d->stated;
}
/* A line that no format in force took may be another format's. */
void redetect_doubt(struct redetect *d, struct span line);
/* A look at those lines; `carried`: what carries the last of them, or NULL. True: one more format is in force. */
bool redetect_look_back(struct redetect *d, const struct carried *carried, struct format_scratch *s);
/* A line at `offset` that no format in force took is worth being held; `ahead` is set then. `joins`: it would go on with a record. */
bool redetect_holds(struct redetect *d, struct span line, uint64_t offset, bool joins);
/* Whether a known format takes the line that is held, the one candidate. False: it is to be settled, `ahead` is not set any more.
 * True: redetect_look_ahead() must follow. */
bool redetect_ask(struct redetect *d, const struct candidates *c, struct format_scratch *s);
/* A format in force takes the line. */
bool redetect_takes(const struct redetect *d, struct span line, struct span headed, const struct carried *carried, struct format_scratch *s);
/* The line that was asked for is the first of `c`, the others are behind it and not taken by what is in force; they end at `offset`.
 * True: one more format is in force. `c` is changed. */
bool redetect_look_ahead(struct redetect *d, struct candidates *c, uint64_t offset, struct format_scratch *s);
/* Nothing is in force any more, and a known format is looked for only: the lines that follow are some of many writers'. */
void redetect_forget(struct redetect *d);
/* A W3C log names its columns anew ("#Fields:", w3c.h): from here on its lines have those. */
void redetect_columns(struct redetect *d, struct span names);
void redetect_release(struct redetect *d);

#endif
