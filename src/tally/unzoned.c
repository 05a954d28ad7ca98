#include "tally/unzoned.h"

#include "base/zone.h"

void unzoned_slowly(struct unzoned *u, struct span zone_text)
{
	if (!zone_text.len || zone_text.len > UNZONED_BYTES)
		return;
	memcpy(u->text, zone_text.at, zone_text.len);
	u->len = zone_text.len;
	struct zone *zone = span_equal(zone_text, SPAN("Z")) ? NULL : zone_fixed(zone_text);
	if (!zone)
		return;
	int64_t utc_us = 0, later_us = 0;
	zone_to_utc(zone, 0, &utc_us, &later_us);
	u->offset_us = -utc_us;
	u->known = true;
	zone_free(zone);
}
