/* logformat: the first line is HAProxy's log-format, the others are lines of it. The scanner and the way for people agree. */
#include "split/haproxy.h"
#include "split/haproxynotice.h"
#include "promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_line(const struct logformat *lf, struct span line, struct haproxy_scratch *s)
{
	struct syslog_header h;
	syslog_scan(line, &s->header, &h);
	must_be_readable(h.message);
	struct record r;
	record_clear(&r);
	bool fits = haproxy_scan(lf, &h, s, &r);
	if (fits)
		must_be_record(&r);
	size_t at = 0;
	struct text wanted = {.len = 0};
	must(haproxy_reach(lf, &h, &at, &wanted) == fits);
	must(at <= line.len);
	text_release(&wanted);
	record_clear(&r);
	if (haproxynotice_scan(&h, &s->stamps, &r))
		must_be_record(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = {(const char *)data, size};
	struct span text = span_cut(&rest, '\n');
	struct diag d = {0};
	size_t column = 0;
	struct logformat *lf = logformat_new(text, &d, &column);
	must((lf == NULL) == d.set && column <= text.len);
	struct haproxy_scratch s = {.upstream = {.len = 0}};
	while (lf && rest.len)
		read_line(lf, span_cut(&rest, '\n'), &s);
	haproxy_scratch_release(&s);
	logformat_free(lf);
	return 0;
}
