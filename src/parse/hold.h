/* hold: records that are whole, while older ones are not.
 *
 * Takes  records in any order; the first line of the oldest one that is not whole yet.
 * Gives  them back in the order of their first lines.
 * Holds  copies; their room is used again.
 * Never  gives one before an older one that still waits.
 */
#ifndef ONSET_HOLD_H
#define ONSET_HOLD_H

#include "parse/format.h"
#include "parse/keep.h"

struct held {
	struct record record;
	const struct format *format;
	struct text raw, aside;
	struct kept_extras extras;
	struct held *next;
};

/* Zeroed is empty. */
struct hold {
	struct held *first, *last;
	struct held *given; /* its spans are the caller's until the next call */
	struct held *free;
	size_t bytes;       /* of the texts that are held */
};

void hold_add(struct hold *h, const struct record *r, const struct format *format);
/* The oldest one, when it begins before line `before`. */
bool hold_take(struct hold *h, uint64_t before, struct record *r, const struct format **format);
void hold_release(struct hold *h);

#endif
