/* redetect: the formats in force in a stream, and when to look for others.
 *
 * Takes  the bytes at the start of the stream, and later those at which lines did not parse for long; a format set, or one stated
 *        format.
 * Gives  the formats in force, the best one first.
 * Holds  formats made for this stream (learned prefixes), until the end: records given before may be of any of them.
 * Never  looks again when the format is stated, where it has looked before, or after 63 changes.
 */
#ifndef ONSET_REDETECT_H
#define ONSET_REDETECT_H

#include "parse/format.h"

enum {
	/* Formats that may follow one another in one stream; one that changes more often is hostile, and each one may be
	 * a learned one that has to be kept until the end. */
	REDETECT_FORMATS = 64,
};

struct redetect {
	const struct format_set *set;
	const struct format *list[DETECT_FORMATS]; /* in force: lines are tried in this order */
	size_t n;                     /* 0: unknown */
	bool stated;
	bool due;                     /* another look is wanted: redetect_look() */
	struct detection found[DETECT_FORMATS]; /* how each of the list was found */
	struct detection detection;   /* the first one that found a format; the first one of all when none did */
	struct format *owned[REDETECT_FORMATS];
	size_t owned_n, changes;
	uint32_t again;               /* of the changes, those behind the first known format */
	unsigned misses;              /* unparsed lines in a row */
	unsigned looks;
	uint64_t from;                /* no look before this offset */
};

/* `head`: the start of the stream, at most LIMIT_DETECT_BYTES. `stated` may be NULL: detect. `set` and `stated` are borrowed until release. */
void redetect_init(struct redetect *d, const struct format_set *set, const struct format *stated, struct span head,
		   struct format_scratch *s);
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
/* Another look: at `head`, the at most LIMIT_DETECT_BYTES at `offset`. `due` is not set any more. True: other formats are in force. */
bool redetect_look(struct redetect *d, struct span head, uint64_t offset, struct format_scratch *s);
void redetect_release(struct redetect *d);

#endif
