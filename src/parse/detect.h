/* detect: which formats the lines of a stream are of.
 *
 * Takes  a format set, or one stated format; candidates.
 * Gives  the formats that take them, the most useful one first, and how surely.
 * Holds  nothing.
 * Never  looks at anything but the lines; never falls back silently to another format; never takes a rank where a better one takes
 *        enough (enum format_rank).
 *
 * The first format is the one that takes the largest share of the lines, at least half of them. What it does not take is looked at
 * again: another known format is of the stream, too, when it takes at least half of those lines and DETECT_FEW of them; then
 * what both do not take; up to DETECT_FORMATS. Where none takes half, the best one that takes a quarter counts when it and the others
 * so found take half together; else the best one that takes an eighth, when it and others that take an eighth of what is left, each, take
 * three quarters together. A format of a later rank is never beside another one. Of one name there is only one.
 */
#ifndef ONSET_DETECT_H
#define ONSET_DETECT_H

#include "parse/candidates.h"
#include "parse/format.h"

enum { DETECT_FEW = 3 /* lines that are no chance */ };
enum { DETECT_KNOWN = 1 << RANK_KNOWN, DETECT_CARRIED = 1 << RANK_CARRIED, DETECT_STAMPED = 1 << RANK_STAMPED };

/* `ranks`: DETECT_* bits. found[0] is set in any case. Returns how many were found; `own` of each is the caller's to free. */
size_t detect(const struct format_set *set, const struct candidates *c, unsigned ranks, struct format_scratch *s,
	      struct detection found[DETECT_FORMATS]);
/* A known format that takes at least half and `least` of lines which those `n` formats do not take, and is none of them. */
bool detect_another(const struct format_set *set, const struct candidates *c, const struct format *const *but, size_t n, unsigned least,
		    struct format_scratch *s, struct detection *found);
/* A format that is stated by name: only its layout is looked for (format_detect_layout()). */
void detect_layout(const struct format *stated, const struct candidates *c, struct format_scratch *s, struct detection *d);

#endif
