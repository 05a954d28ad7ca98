#include "split/squid.h"

#include "patterns.h"
#include "unit.h"

int main(void)
{
	struct scanner_room room = {.extras = NULL};
	struct record r;
	record_clear(&r);
	FACT(squid_scan(SPAN("1795346112.899  16867 192.0.2.7 TCP_TUNNEL/200 6256 CONNECT a.test:443 - HIER_DIRECT/203.0.113.9 -"), &room, &r) &&
		     r.time_us == 1795346112899000 && r.resolution_us == 1000 && r.duration_us == 16867000 && r.status == 200 &&
		     span_equal(record_get(&r, FIELD_UPSTREAM_ADDRESS), SPAN("203.0.113.9")) && !record_has(&r, FIELD_USER),
	     "padded columns");
	record_clear(&r);
	FACT(squid_scan(SPAN("1795346112.899 1 ::1 NONE_NONE/000 0 - error:x - HIER_NONE/- - [Host: a\\r\\n] [\\r\\n]"), &room, &r) && !r.status &&
		     !record_has(&r, FIELD_STATUS) && !record_has(&r, FIELD_UPSTREAM_ADDRESS),
	     "no answer, and headers behind");
	static const char *const others[] = {
		"", "1795346112.899", "1795346112.89 1 a TCP_MISS/200 5 GET u - H/- -", "1795346112.899 x a TCP_MISS/200 5 GET u - H/- -",
		"1795346112.899 1 a TCP_MISS 5 GET u - H/- -", "1795346112.899 1 a TCP_MISS/2 5 GET u - H/- -", "1795346112.899 1 a TCP_MISS/200 x GET u - H/- -",
		"1795346112.899 1 a TCP_MISS/200 5 GET u - H -", "1795346112.899 1 a TCP_MISS/200 5",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		record_clear(&r);
		FACT(!squid_scan(patterns_kept(span_of(others[i])), &room, &r), others[i]);
	}
	return unit_done();
}
