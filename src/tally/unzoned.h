/* unzoned: stamps without a zone beside stamps with one, in the lines of one writer.
 *
 * Takes  what each stamp printed as its zone, in file order.
 * Gives  UTC of a stamp that printed none, where another one of the same writer printed its offset.
 * Holds  the offset that was printed last.
 * Never  believes "Z", which programs print wherever they run, or an epoch; never touches what an ambiguous abbreviation says.
 *
 * One container's standard output has nginx's access log ("+0200") and its error log (nothing): one process, one clock.
 */
#ifndef ONSET_UNZONED_H
#define ONSET_UNZONED_H

#include "line/record.h"

enum { UNZONED_BYTES = 16 };

/* Zeroed: nothing was printed yet. */
struct unzoned {
	char text[UNZONED_BYTES]; /* as printed last */
	size_t len;
	bool known;
	int64_t offset_us;
};

void unzoned_slowly(struct unzoned *u, struct span zone_text);

/* Offsets have 1 to 9 bytes: compared without a call, once a line. */
static inline bool unzoned_same(const struct unzoned *u, struct span text)
{
	if (text.len != u->len)
		return false;
	size_t i = 0;
	while (i < text.len && text.at[i] == u->text[i])
		i++;
	return i == text.len;
}

static inline void unzoned_note(struct unzoned *u, const struct record *r)
{
	struct span text = r->zone_text;
	if (r->zone == STAMP_EXPLICIT && !unzoned_same(u, text))
		unzoned_slowly(u, text);
}

/* Whether the record's stamp is in the offset that others print. */
static inline bool unzoned_is(const struct unzoned *u, const struct record *r)
{
	return u->known && r->zone == STAMP_NONE && !r->zone_text.len;
}

#endif
