/* clock: from what a source prints to UTC, and how sure that is.
 *
 * Takes  merged sources; zones that the user stated for paths; log_timezone of PostgreSQL's configuration.
 * Gives  zone, uncertainty and missing year of each source, and which source's clock is the reference.
 * Holds  nothing; zones are borrowed from the options.
 * Never  guesses an ambiguous abbreviation; never moves a stamp that was printed with its zone.
 *
 * A PostgreSQL server prints its stamps in its log_timezone, with an abbreviation that may be ambiguous ("IST"). What its configuration
 * says is believed only where the log bears it out: every file of the source is of a postgresql format and prints an abbreviation,
 * and the zone uses that abbreviation. A zone that the user states goes before it; what a stamp prints without doubt before both.
 *
 * An hour that comes twice: fold/passes.h.
 *
 * A source without a zone is taken to keep the time that its neighbours print: the one offset of the sources of its tier; else
 * the one offset other than UTC of all sources (many programs print UTC wherever they run); else UTC. It is an assumption all
 * the same: uncertainty CLOCK_UNZONED_US, and an entry in the unknowns.
 */
#ifndef ONSET_CLOCK_H
#define ONSET_CLOCK_H

#include "fold/source.h"
#include "fold/stated.h"

#define CLOCK_ASSUMED_SKEW_US (SECOND_US / 2) /* draft.numbers.assumed_skew_us: NTP's usual worst, no estimate yet */
#define CLOCK_UNZONED_US (900 * SECOND_US)    /* draft.numbers.unzoned_us: facts/algorithms.md 2.2, step 7 */

#define CLOCK_NEIGHBOURS_US (90 * DAY_US)     /* logs further apart do not tell each other's year: half a year off two are as likely */

/* What a configuration says of the server that wrote this source: the last statement whose glob matches one of its paths; NULL. */
const struct story_postgresql *clock_postgresql(const struct fold_source *s, const struct tally *tally, const struct story_options *options);

/* The one offset that all files of the source print with their stamps: what they print is UTC and this. "Z" and epochs do not count. */
bool clock_printed_offset(const struct fold_source *s, const struct tally *tally, int64_t *offset_us);
/* Fills zone*, year_shift, year_how (but where it is known: fold/years.h), passes and uncertainty_us of all sources, as if none were the
 * reference. Where only some sources' years are known, the others are `undated`. */
void clock_assign(struct fold_source *sources, size_t n, const struct tally *tally, const struct story_options *options,
		  struct diag_list *trouble);
/* The refusing database's clock, else the deepest tier's with a known zone, else -1; *how is a static text. Twins do not count.
 * The reference's uncertainty becomes 0. */
ptrdiff_t clock_reference(struct fold_source *sources, size_t n, const char **how);

#endif
