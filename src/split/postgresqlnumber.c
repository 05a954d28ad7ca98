#include "split/postgresqlnumber.h"

/* The decimal number at the start of `s`. */
static struct span number_at(struct span s)
{
	size_t n = 0;
	while (n < s.len && ((unsigned char)(s.at[n] - '0') < 10 || s.at[n] == '.'))
		n++;
	return span_head(s, n);
}

/* The seconds behind the last `key`, which " s" follows. */
static void seconds(struct span s, struct span key, struct span unit, enum metric metric, struct record *r)
{
	struct span number = SPAN_NONE;
	for (ptrdiff_t at; (at = span_find(s, key)) >= 0;) {
		s = span_from(s, (size_t)at + key.len);
		number = number_at(s);
	}
	int64_t us;
	if (number.len && span_starts(span_from(s, number.len), unit) && span_to_duration(number, SECOND_US, &us))
		record_metric(r, metric, us);
}

void postgresqlnumber_message(struct span m, struct record *r)
{
	int64_t bytes;
	/* "checkpoint complete: wrote 3 buffers (2.3%); ...; write=0.2 s, sync=0.1 s, total=0.4 s; sync files=..." */
	if (span_starts(m, SPAN("checkpoint complete: ")) || span_starts(m, SPAN("restartpoint complete: "))) {
		seconds(m, SPAN(" total="), SPAN(" s"), METRIC_DB_CHECKPOINT_TIME, r);
	} else if (span_starts(m, SPAN("automatic "))) {
		/* Its last line: "system usage: CPU: user: 0.01 s, system: 0.00 s, elapsed: 0.05 s"; up to 9.6 "CPU
		 * 0.00s/0.01u sec elapsed 0.05 sec". */
		seconds(m, SPAN(" elapsed: "), SPAN(" s"), METRIC_DB_AUTOVACUUM_TIME, r);
		seconds(m, SPAN(" sec elapsed "), SPAN(" sec"), METRIC_DB_AUTOVACUUM_TIME, r);
	} else if (span_starts(m, SPAN("temporary file: path \""))) {
		ptrdiff_t at = span_find(m, SPAN("\", size "));
		struct span size = at < 0 ? SPAN_NONE : number_at(span_from(m, (size_t)at + 8));
		if (span_to_int(size, &bytes))
			record_metric(r, METRIC_DB_TEMP_FILE, bytes);
	} else if (span_starts(m, SPAN("hot standby is not possible because max_connections = "))) {
		postgresqlnumber_detail(span_from(m, sizeof "hot standby is not possible because " - 1), r);
	}
}

void postgresqlnumber_detail(struct span detail, struct record *r)
{
	int64_t limit;
	if (!span_starts(detail, SPAN("max_connections = ")))
		return;
	struct span number = number_at(span_from(detail, 18));
	if (span_starts(span_from(detail, 18 + number.len), SPAN(" is a lower setting")) && span_to_int(number, &limit))
		record_metric(r, METRIC_DB_LIMIT, limit);
}
