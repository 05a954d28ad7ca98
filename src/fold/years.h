/* years: in which year the files lie whose stamps print none.
 *
 * Takes  a tally; years that the user stated for paths.
 * Gives  the year of each such file's first stamp, and how it is known; a view of the tally in which files of one source lie in the order of
 *        their years.
 * Holds  copies of the parts that had to be moved: those behind a New Year, beside files of the same source before it.
 * Never  takes the file system's time, nor today.
 *
 * In this order: "option" (--year); "name": a date in the file's name, that of its rotation or of its begin (line/yearof.h); "container": the
 * gzip header's time; else by the other files of its source; else (clock.h) by sources that print years and overlap; else it is not known.
 *
 * Files of one source follow each other. Where none is known, the widest gap between them, when it is half a year or more, is the one
 * before the first of them: files of December and January lie on both sides of a New Year, in this order.
 */
#ifndef ONSET_YEARS_H
#define ONSET_YEARS_H

#include "fold/stated.h"
#include "tally/tally.h"

struct year_known {
	int year;        /* of the file's first stamp; 0: not known, or it prints years */
	const char *how; /* "option", "name", "container", "source"; NULL */
	int after;       /* years after the first file of its source */
};

struct years {
	struct tally view;    /* borrows entries' locations and the parts that were not moved */
	struct year_known *of; /* by entry */
	struct part **moved;
	size_t moved_n, moved_cap;
};

/* `options` may be NULL. */
void years_init(struct years *y, const struct tally *tally, const struct story_options *options);
void years_release(struct years *y);
/* The part has a record on 29 February: the year is a leap year. Of a part in year 2000. */
bool years_leap_day(const struct part *p);

#endif
