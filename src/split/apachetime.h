/* apachetime: the time that an Apache LogFormat says in pieces: %{strftime}t, fractions, epochs, at the begin or the end.
 *
 * Takes  the argument of each %{...}t, then the text that stands for each piece in a line.
 * Gives  the line's time: of the request's end when the format says that whole, else of its begin.
 * Holds  the compiled pieces; immutable once compiled.
 * Never  uses strptime or the locale; never makes a time out of a date alone.
 *
 * A piece has no blank inside: the format's blanks are text between two pieces, so that a line is split without knowing what
 * a piece says. Only names of the C locale are known, which is what Apache writes (apr_strftime() after no setlocale()).
 * Source: mod_log_config.c (log_request_time), strftime(3).
 */
#ifndef ONSET_APACHETIME_H
#define ONSET_APACHETIME_H

#include "line/access.h"

enum { APACHETIME_PIECES = ACCESS_PIECES };

struct apachetime_piece {
	bool end;             /* of the request's end */
	bool padded;          /* it may begin with a blank: %e, %k, %l */
	size_t start, len;    /* in apachetime.steps */
};

struct apachetime {
	struct apachetime_piece pieces[APACHETIME_PIECES];
	size_t n;
	struct text steps;    /* bytes to be read as they are, and directives: their letter with the high bit set */
	bool whole_begin, whole_end; /* date and time of the day are there */
};

/* Appends what the argument of %{...}t says, without "begin:" and "end:"; "" is %t, which has brackets around it. False when it has
 * a directive that is not known. */
bool apachetime_steps(struct span argument, struct text *steps);
/* Cuts `argument` behind "begin:" or "end:"; true for the latter. */
bool apachetime_is_end(struct span *argument);
/* Adds a piece of steps without a blank; false when there are too many. */
bool apachetime_add(struct apachetime *t, bool end, struct span steps);
/* All pieces were added: says what is whole. */
void apachetime_finish(struct apachetime *t);
void apachetime_release(struct apachetime *t);

/* The time of a line whose pieces are `values`; false when one cannot be read or is missing. */
bool apachetime_read(const struct apachetime *t, const struct span values[APACHETIME_PIECES], struct stamp_cache *cache,
		     struct stamp *out);

#endif
