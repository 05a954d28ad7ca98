/* accessline: lines of other HTTP servers: the first one may be a W3C log's "#Fields:"; the scanners written by hand see each of the others. */
#include "split/apacheerror.h"
#include "split/awselb.h"
#include "split/squid.h"
#include "split/w3c.h"
#include "promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_extras(struct extras *extras)
{
	for (size_t i = 0; i < extras->n; i++) {
		must_be_readable(extras->items[i].name);
		must_be_readable(extras->items[i].value);
	}
	extras_clear(extras);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool (*const scanners[])(struct span, struct scanner_room *, struct record *) = {apacheerror_scan, awselb_scan, squid_scan};
	struct span rest = {(const char *)data, size};
	struct span first = span_cut(&rest, '\n'), names = w3c_header(first);
	struct diag d = {0};
	size_t column = 0;
	struct w3c *w = w3c_new(names.len ? names : first, &d, &column);
	must((w == NULL) == d.set && column <= first.len);
	struct extras extras = {.n = 0};
	struct scanner_room room = {.extras = &extras};
	struct w3c_scratch s = {.extras = &extras};
	while (rest.len) {
		struct span line = span_cut(&rest, '\n');
		struct record r;
		record_clear(&r);
		if (w && w3c_scan(w, line, &s, &r))
			must_be_record(&r);
		must_be_extras(&extras);
		for (size_t i = 0; i < sizeof scanners / sizeof *scanners; i++) {
			record_clear(&r);
			r.resolution_us = 0;
			if (scanners[i](line, &room, &r))
				must_be_record(&r);
			must_be_extras(&extras);
		}
	}
	w3c_free(w);
	text_release(&s.text);
	text_release(&room.text);
	return 0;
}
