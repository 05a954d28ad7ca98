/* promise: what holds of any bytes, for the fuzz targets of parsers.
 *
 * Takes  spans, records.
 * Gives  must() and functions that end the process when a promise is broken.
 * Holds  nothing.
 * Never  returns from a broken promise.
 */
#ifndef ONSET_FUZZ_PROMISE_H
#define ONSET_FUZZ_PROMISE_H

#include <stdint.h>
#include <stdlib.h>

#include "line/record.h"

static inline void must(bool holds)
{
	if (!holds)
		abort();
}

/* Reads every byte, so that a sanitizer sees a span that leaves its allocation. */
static inline void must_be_readable(struct span s)
{
	volatile char byte = 0;
	for (size_t i = 0; i < s.len; i++)
		byte = s.at[i];
	(void)byte;
}

/* Nothing is set that cannot be: numbers are not negative, what has a stamp has a resolution. */
static inline void must_be_record(const struct record *r)
{
	for (int f = 0; f < FIELD_COUNT; f++) {
		if (record_has(r, (enum field)f))
			must_be_readable(r->field[f]);
	}
	for (int m = 0; m < METRIC_COUNT; m++)
		must(!(r->metrics >> m & 1) || r->metric[m] >= 0);
	must(r->duration_us >= -1 && (!r->status || (r->status >= 100 && r->status <= 999)));
}

#endif
