#include "parse/untimed.h"

static const int64_t span_us = 3600 * SECOND_US;

void untimed_fill(const struct untimed *u, const struct record *next, struct record *r)
{
	int64_t until_us = next ? next->time_us : u->time_us + span_us;
	r->untimed = true;
	r->time_us = u->time_us;
	r->resolution_us = u->resolution_us;
	if (until_us > u->time_us + r->resolution_us)
		r->resolution_us = until_us - u->time_us < span_us ? until_us - u->time_us : span_us;
	r->zone = u->zone;
	r->yearless = u->yearless;
	r->zone_text = (struct span){u->zone_text, u->zone_len};
}
