/* untimed: when a record was written that prints no time.
 *
 * Takes  the records of a file in its order.
 * Gives  a time for one without: at or after the record before it, and before the one behind it.
 * Holds  the time of the record before.
 * Never  reaches further than an hour: a program that logs nothing for so long has another reason.
 */
#ifndef ONSET_UNTIMED_H
#define ONSET_UNTIMED_H

#include "line/record.h"

enum { UNTIMED_ZONE_BYTES = 16 /* of a zone as printed */ };

/* Zeroed: there was no record yet. */
struct untimed {
	int64_t time_us, resolution_us;
	enum stamp_zone zone;
	bool known, yearless;
	char zone_text[UNTIMED_ZONE_BYTES];
	size_t zone_len;
};

/* A record with a time. `zone`: its zone's text is kept too. Once a line. */
static inline void untimed_after(struct untimed *u, const struct record *r, bool zone)
{
	u->known = true;
	u->time_us = r->time_us;
	u->resolution_us = r->resolution_us;
	u->zone = r->zone;
	u->yearless = r->yearless;
	u->zone_len = zone && r->zone_text.len <= UNTIMED_ZONE_BYTES ? r->zone_text.len : 0;
	if (u->zone_len)
		memcpy(u->zone_text, r->zone_text.at, u->zone_len);
}
/* Sets the time of `r`, which reaches to `next` (NULL: what comes behind tells no time). The zone's text stays with `u`. */
void untimed_fill(const struct untimed *u, const struct record *next, struct record *r);

#endif
