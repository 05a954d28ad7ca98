#include "split/awselb.h"

#include "patterns.h"
#include "unit.h"

#define ALB_BEGIN "h2 2026-11-22T11:15:12.186641Z app/x/1 "
#define ALB_END " \"GET https://a.test:443/ HTTP/2.0\" \"a \\\"b\\\"\" C P arn \"Root=1-2\" \"a.test\" \"arn\" 0 2026-11-22T11:15:11.015000Z \"forward\" \"-\" \"-\""

/* AWS' documentation: the fields in their order, -1 for what did not happen. */
int main(void)
{
	struct extras extras = {.n = 0};
	struct scanner_room room = {.extras = &extras};
	struct record r;
	record_clear(&r);
	FACT(awselb_scan(SPAN(ALB_BEGIN "[2001:db8::7]:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57" ALB_END), &room, &r), "an Application Load Balancer's");
	FACT(r.time_us == 1795346112186641 && r.duration_us == 171000 && r.status == 200, "its time is the end");
	FACT(span_equal(record_get(&r, FIELD_CLIENT), SPAN("2001:db8::7")) && span_equal(record_get(&r, FIELD_CLIENT_PORT), SPAN("2817")), "an IPv6 client");
	FACT(span_equal(record_get(&r, FIELD_USER_AGENT), SPAN("a \\\"b\\\"")) && span_equal(record_get(&r, FIELD_SERVER), SPAN("a.test")) &&
		     !record_has(&r, FIELD_ERROR_CODE),
	     "quoted fields");
	FACT(extras.n >= 4 && span_equal(extras.items[0].name, SPAN("aws.elb.name")) && span_equal(extras.items[0].value, SPAN("app/x/1")), "and extras");
	record_clear(&r);
	FACT(awselb_scan(SPAN("2026-11-22T11:15:12.000000Z x 192.0.2.7:1 - -1 -1 -1 408 - 12 0 \"PUT http://a/ HTTP/1.1\""), &room, &r) && r.duration_us == -1 &&
		     r.time_us == 1795346112000000 && r.status == 408 && !record_has(&r, FIELD_UPSTREAM_ADDRESS),
	     "no target: no duration");
	static const char *const others[] = {
		"", "h2", ALB_BEGIN, ALB_BEGIN "a b 0.086 0.048 0.037 200 200 0 57", ALB_BEGIN "a b x 0.048 0.037 200 200 0 57" ALB_END,
		ALB_BEGIN "a b 0.086 0.048 0.037 20 200 0 57" ALB_END, ALB_BEGIN "a b 0.086 0.048 0.037 200 200 x 57" ALB_END,
		"2026-11-22 11:15:12.000000Z x 192.0.2.7:1 - -1 -1 -1 408 - 12 0 \"PUT http://a/ HTTP/1.1\"",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		record_clear(&r);
		FACT(!awselb_scan(patterns_kept(span_of(others[i])), &room, &r), others[i]);
	}
	return unit_done();
}
