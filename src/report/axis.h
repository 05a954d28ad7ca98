/* axis: numbers and instants to places on a drawing, and the ticks between.
 *
 * Takes  the ends of what is drawn.
 * Gives  places in tenths of a unit of the drawing; ticks at round numbers and round times.
 * Holds  nothing.
 * Never  uses floating point; overflows, whatever instants and values a draft from anywhere has.
 */
#ifndef ONSET_AXIS_H
#define ONSET_AXIS_H

#include "base/text.h"

/* From [from, to] to [0, length_tenths]; what lies outside is put on the edge. */
struct axis {
	int64_t from, to; /* from < to */
	int64_t length_tenths;
};
int64_t axis_place(const struct axis *a, int64_t at);
/* The same where equal ratios are equally long; 0 < from. */
int64_t axis_place_logarithmic(const struct axis *a, int64_t at);

enum { AXIS_MOST_TICKS = 12 };
/* Ticks of an axis, ascending, inside its ends. */
struct ticks {
	int64_t at[AXIS_MOST_TICKS];
	size_t n;
	int64_t step;
};
/* Round times (multiples of 1, 2, 5, 10, 15, 30 s and min, 1, 2, 3, 6, 12 h, whole days), at most `most`. */
void axis_time_ticks(int64_t from_us, int64_t to_us, size_t most, struct ticks *t);
/* From zero to at least `top_milli` in steps of 1, 2 or 5 times a power of ten: two to five ticks. The last one is the top
 * of the axis. */
void axis_value_ticks(int64_t top_milli, struct ticks *t);
/* The ends of a logarithmic axis, 1, 2 or 5 times a power of ten, and the powers of ten between: at most AXIS_DECADES below `top`,
 * also where `least` is less. 0 < least <= top. */
enum { AXIS_DECADES = 6 };
void axis_logarithmic_ticks(int64_t least, int64_t top, struct ticks *t);

/* "13:40", "13:40:05" or "22 Nov": as close as the step asks for. */
void axis_append_time(struct text *out, int64_t at_us, int64_t step_us);
/* The duration of a tick in the unit that it is a round number of: "0", "500 us", "20 ms", "100 s". */
void axis_append_duration(struct text *out, int64_t us);
/* A number of thousandths: "0", "12.5", "1,200", "340 k", "50 M". */
void axis_append_value(struct text *out, int64_t milli);

#endif
