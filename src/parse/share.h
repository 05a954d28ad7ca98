/* share: how many of a stream's first lines a format takes.
 *
 * Takes  a format; candidates.
 * Gives  the share; of formats with layouts the layouts that take most, as a format of the caller's.
 * Holds  nothing.
 * Never  counts against a format what says nothing: the lines of a trace, of a statement that goes on behind the bytes at hand.
 */
#ifndef ONSET_SHARE_H
#define ONSET_SHARE_H

#include "parse/candidates.h"
#include "parse/format.h"

/* How many of `lines` a format takes. */
struct share {
	unsigned taken, lines;
	unsigned torn; /* of the taken ones: lines whose user or database has a blank in it */
	unsigned odd;  /* lines with something that the format's program does not write (oddity.h) */
	uint64_t read; /* fields in all */
	bool learned;  /* the layout was made of these lines */
};

bool share_is_better(struct share a, struct share b);
bool share_is_equal(struct share a, struct share b);
/* Of a format that takes a smaller share than `floor`: some smaller share. */
struct share share_of(const struct format *f, const struct candidates *c, struct format_scratch *s, struct share floor);
/* Which of the lines may be another format's: those that speak against this one, or go on with an entry of it as far as one line tells. */
void share_missed(const struct format *f, const struct candidates *c, struct format_scratch *s, bool missed[CANDIDATES]);
static inline bool share_has_layouts(const struct format *f)
{
	return f->kind == FORMAT_NGINX || f->kind == FORMAT_APACHE || f->kind == FORMAT_W3C || f->kind == FORMAT_POSTGRESQL;
}
/* The layouts of `base` one by one, then one learned from the lines. NULL when none takes a line; the caller frees it. */
struct format *share_layout(const struct format *base, const struct candidates *c, struct format_scratch *s, struct share floor,
			    struct share *best);

#endif
