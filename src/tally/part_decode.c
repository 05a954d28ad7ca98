/* Bytes to a part. Everything is checked that other code relies on: lengths, limits, order, intervals, the range of
 * instants. */
#include "base/limits.h"
#include "base/memory.h"
#include "tally/histogram.h"
#include "tally/part.h"
#include "tally/wire.h"

/* Instants lie in 1970 to 2105; no sum of a few of these overflows. */
static const uint64_t instant_max = (uint64_t)UINT32_MAX * 1000000 + 999999;
static const uint64_t number_max = (uint64_t)1 << 60;

static int64_t get_instant(struct wire *w)
{
	return (int64_t)wire_get_max(w, instant_max);
}

static uint32_t get32(struct wire *w)
{
	return (uint32_t)wire_get_max(w, UINT32_MAX);
}

/* An array of `n` elements that an earlier count has vouched for. */
static void *array(size_t n, size_t size)
{
	return memory_new(n, size);
}

/* A width in seconds; every start is a multiple of it. */
static uint32_t get_width(struct wire *w)
{
	uint32_t width = get32(w);
	if (!width)
		wire_fail(w, "an interval is empty");
	return width ? width : 1;
}

/* The start of the next interval: `*interval` counts intervals; a step of 0 is allowed for the first one only, or when
 * `again`. */
static uint32_t get_start(struct wire *w, uint64_t *interval, uint32_t width_s, bool first, bool again)
{
	uint64_t step = wire_get_max(w, UINT32_MAX);
	if (!step && !first && !again)
		wire_fail(w, "intervals are not in order");
	*interval += step;
	if (*interval > UINT32_MAX / width_s) {
		wire_fail(w, "an interval lies outside of 1970 to 2105");
		return 0;
	}
	return (uint32_t)*interval * width_s;
}

static void get_identity(struct wire *w, struct part *p)
{
	p->bytes = wire_get_max(w, number_max);
	p->crc = get32(w);
	p->stated = wire_get_fixed(w);
	p->stream = wire_get_text(w);
	p->carriers = wire_get_text(w);
	p->format = wire_get_text(w);
	p->layout = wire_get_text(w);
	p->also = wire_get_text(w);
	p->rank = (enum format_rank)wire_get_max(w, RANK_STAMPED);
	p->tier = (enum tier)wire_get_max(w, TIER_COUNT - 1);
	p->detect_taken = get32(w);
	p->detect_lines = get32(w);
	p->format_changes = get32(w);
	struct ledger_counts *c = &p->counts;
	uint64_t *const counts[] = {&c->lines, &c->records,  &c->joined, &c->attached,
				    &c->head,  &c->unparsed, &c->blank,  &c->cut, &c->refusals};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		*counts[i] = wire_get_max(w, number_max);
	size_t n = wire_get_count(w, LIMIT_UNPARSED_SAMPLES, 4);
	p->samples = array(n, sizeof *p->samples);
	for (; p->samples_n < n; p->samples_n++) {
		struct ledger_sample *s = &p->samples[p->samples_n];
		s->line = wire_get_max(w, number_max);
		s->offset = wire_get_max(w, number_max);
		s->length = wire_get_max(w, number_max);
		s->excerpt = wire_get_text(w);
	}
}

static void get_time(struct wire *w, struct part *p)
{
	p->zone = (enum stamp_zone)wire_get_max(w, STAMP_EXPLICIT);
	p->zone_mixed = wire_get_max(w, number_max);
	p->zone_text = wire_get_text(w);
	p->headed.n = wire_get_max(w, number_max);
	p->headed.agree = wire_get_max(w, p->headed.n);
	p->headed.zone_us = (int64_t)wire_get_max(w, 2 * DAY_US) - DAY_US;
	p->headed.late_us = (int64_t)wire_get_max(w, HEADED_LATE_US);
	p->yearless = wire_get_max(w, 1);
	p->resolution_us = (int64_t)wire_get_max(w, DAY_US);
	uint64_t first = wire_get_max(w, instant_max + 1), last = wire_get_max(w, instant_max + 1);
	if (!first != !last || first > last)
		wire_fail(w, "the first record is after the last");
	p->first_us = first ? (int64_t)first - 1 : INSTANT_NONE;
	p->last_us = last ? (int64_t)last - 1 : INSTANT_NONE;
	p->implausible = wire_get_max(w, number_max);
	p->disorder = wire_get_max(w, number_max);
	p->disorder_us = get_instant(w);
	size_t n = wire_get_count(w, LIMIT_SEGMENTS, 3);
	p->segments = array(n, sizeof *p->segments);
	for (; p->segments_n < n; p->segments_n++) {
		struct segment *s = &p->segments[p->segments_n];
		s->first_record = wire_get_max(w, number_max);
		s->first_us = get_instant(w);
		s->last_us = get_instant(w);
		if (s->first_us > s->last_us || (p->segments_n && s->first_record <= s[-1].first_record))
			wire_fail(w, "segments are not in order");
	}
}

static uint32_t near32(struct wire *w, uint32_t base)
{
	int64_t step = wire_get_signed(w);
	if (step < -(int64_t)base || step > (int64_t)UINT32_MAX - base) {
		wire_fail(w, "a number is too large");
		return 0;
	}
	return (uint32_t)(base + step);
}

static void get_bins(struct wire *w, struct series *s, size_t n)
{
	uint64_t interval = 0;
	struct bin before = {0};
	for (; s->n < n && !w->trouble; s->n++) {
		struct bin *b = &s->bins[s->n];
		b->start_s = get_start(w, &interval, s->width_s, !s->n, false);
		b->n = get32(w);
		b->first_us = get32(w);
		uint64_t last = b->first_us + wire_get_max(w, UINT32_MAX);
		if (last >= (uint64_t)s->width_s * 1000000 || !b->n)
			wire_fail(w, "a bin is empty or too wide");
		b->last_us = (uint32_t)last;
		b->first_line = near32(w, before.first_line);
		b->last_line = near32(w, b->first_line);
		b->first_length = get32(w);
		b->last_length = near32(w, b->first_length);
		b->first_offset = before.first_offset + (uint64_t)wire_get_signed(w);
		b->last_offset = b->first_offset + (uint64_t)wire_get_signed(w);
		if (b->first_offset > number_max || b->last_offset > number_max)
			wire_fail(w, "a number is too large");
		before = *b;
	}
}

static void get_series(struct wire *w, struct part *p)
{
	size_t n = wire_get_count(w, LIMIT_BINS, 6), bins = 0;
	p->series = array(n, sizeof *p->series);
	for (; p->series_n < n && !w->trouble; p->series_n++) {
		struct series *s = &p->series[p->series_n];
		s->signal = wire_get_text(w);
		s->class = wire_get_text(w);
		s->facet = (enum facet)wire_get_max(w, FACET_DATABASE);
		s->facet_value = wire_get_text(w);
		s->width_s = get_width(w);
		if (s->width_s != 1 && s->width_s != 10 && s->width_s != 60 && s->width_s != 900)
			wire_fail(w, "a series has an unknown width");
		size_t bins_n = wire_get_count(w, LIMIT_BINS - bins, 10);
		if (!bins_n)
			wire_fail(w, "a series is empty");
		bins += bins_n;
		s->bins = array(bins_n, sizeof *s->bins);
		get_bins(w, s, bins_n);
		if (p->series_n && series_name_order(series_name(s - 1), series_name(s)) >= 0)
			wire_fail(w, "series are not in order");
	}
}

static void get_load(struct wire *w, struct part *p)
{
	p->busy_known = wire_get_max(w, 1);
	p->busy_width_s = get_width(w);
	size_t n = wire_get_count(w, LIMIT_CELLS, 2);
	uint64_t interval = 0;
	p->busy = array(n, sizeof *p->busy);
	for (; p->busy_n < n && !w->trouble; p->busy_n++) {
		p->busy[p->busy_n].start_s = get_start(w, &interval, p->busy_width_s, !p->busy_n, false);
		p->busy[p->busy_n].us = wire_get_max(w, (uint64_t)INT64_MAX);
		if (!p->busy[p->busy_n].us)
			wire_fail(w, "an interval is empty");
	}
	p->latency_width_s = get_width(w);
	n = wire_get_count(w, LIMIT_CELLS, 3);
	interval = 0;
	p->latency = array(n, sizeof *p->latency);
	for (; p->latency_n < n && !w->trouble; p->latency_n++) {
		struct latency_cell *c = &p->latency[p->latency_n];
		c->start_s = get_start(w, &interval, p->latency_width_s, !p->latency_n, true);
		c->bucket = (uint16_t)wire_get_max(w, HISTOGRAM_BUCKETS - 1);
		c->n = get32(w);
		if (!c->n || (p->latency_n && c->start_s == c[-1].start_s && c->bucket <= c[-1].bucket))
			wire_fail(w, "latencies are not in order");
	}
}

static struct keyed *get_keyed(struct wire *w, size_t limit, size_t *n, uint32_t *width_s)
{
	*width_s = get_width(w);
	size_t keys = wire_get_count(w, limit + 1, 10), cells = 0;
	struct keyed *keyed = array(keys, sizeof *keyed);
	for (*n = 0; *n < keys && !w->trouble; ++*n) {
		struct keyed *k = &keyed[*n];
		uint64_t interval = 0;
		k->key = wire_get_text(w);
		k->severity = (uint8_t)wire_get_max(w, SEVERITY_PANIC);
		k->first_line = get32(w);
		k->first_offset = wire_get_max(w, number_max);
		k->first_length = get32(w);
		size_t cells_n = wire_get_count(w, LIMIT_CELLS - cells, 4);
		if (!cells_n || (*n && span_compare(span_of(k[-1].key), span_of(k->key)) >= 0))
			wire_fail(w, "keys are not in order");
		cells += cells_n;
		k->cells = array(cells_n, sizeof *k->cells);
		for (; k->n < cells_n && !w->trouble; k->n++) {
			struct keyed_cell *c = &k->cells[k->n];
			c->start_s = get_start(w, &interval, *width_s, !k->n, false);
			c->n = get32(w);
			c->failed = get32(w);
			c->slow = get32(w);
			if (!c->n || c->failed > c->n || c->slow > c->n)
				wire_fail(w, "a part of a count is larger than the count");
		}
	}
	return keyed;
}

static struct top *get_top(struct wire *w, size_t *n)
{
	size_t keys = wire_get_count(w, LIMIT_TOP, 3);
	struct top *tops = array(keys, sizeof *tops);
	for (*n = 0; *n < keys && !w->trouble; ++*n) {
		struct top *t = &tops[*n];
		t->key = wire_get_text(w);
		t->n = wire_get_max(w, number_max);
		t->error = wire_get_max(w, t->n);
		if (*n &&
		    (t[-1].n < t->n || (t[-1].n == t->n && span_compare(span_of(t[-1].key), span_of(t->key)) >= 0)))
			wire_fail(w, "counters are not in order");
	}
	return tops;
}

static void get_distincts(struct wire *w, struct part *p)
{
	size_t n = wire_get_count(w, 2 * LIMIT_ID_HOURS, 3);
	p->distincts = array(n, sizeof *p->distincts);
	for (; p->distincts_n < n && !w->trouble; p->distincts_n++) {
		struct distinct *d = &p->distincts[p->distincts_n];
		d->hour = (uint32_t)wire_get_max(w, UINT32_MAX / 3600);
		d->failed_only = wire_get_max(w, 1);
		if (p->distincts_n &&
		    (d->hour < d[-1].hour || (d->hour == d[-1].hour && d->failed_only <= d[-1].failed_only)))
			wire_fail(w, "hours are not in order");
		size_t hashes = wire_get_count(w, LIMIT_DISTINCT, 8);
		d->hashes = array(hashes, sizeof *d->hashes);
		for (; d->n < hashes; d->n++) {
			d->hashes[d->n] = wire_get_fixed(w);
			if (d->n && d->hashes[d->n] <= d->hashes[d->n - 1])
				wire_fail(w, "hashes are not in order");
		}
	}
}

static struct sampled_id *get_ids(struct wire *w, size_t *kept)
{
	size_t n = wire_get_count(w, (size_t)LIMIT_IDS_PER_HOUR * LIMIT_ID_HOURS, 12);
	uint32_t hour = 0;
	struct sampled_id *ids = array(n, sizeof *ids);
	for (; *kept < n && !w->trouble; ++*kept) {
		struct sampled_id *id = &ids[*kept];
		hour += (uint32_t)wire_get_max(w, UINT32_MAX / 3600 - hour);
		id->hour = hour;
		id->hash = wire_get_fixed(w);
		id->first_us = get_instant(w);
		id->last_us = id->first_us + (int64_t)wire_get_max(w, instant_max - (uint64_t)id->first_us);
		id->duration_us = (int64_t)wire_get_max(w, number_max) - 1;
		if (*kept && hour == id[-1].hour && id->hash <= id[-1].hash)
			wire_fail(w, "hashes are not in order");
	}
	return ids;
}

/* The names of a kind: new strings either way. */
static void get_kind(struct wire *w, char **signal, char **class, const char *signal_before, const char *class_before)
{
	bool new = wire_get_max(w, 1);
	if (!new && !signal_before)
		wire_fail(w, "the first of a list has no name");
	*signal = new ? wire_get_text(w) : span_copy(span_of(signal_before));
	*class = new ? wire_get_text(w) : span_copy(span_of(class_before));
	if (new &&signal_before && !strcmp(*signal, signal_before) && !strcmp(*class, class_before))
		wire_fail(w, "a name is repeated");
}

static void get_exemplars(struct wire *w, struct part *p)
{
	p->exemplars_width_s = get_width(w);
	size_t n = wire_get_count(w, 4 * LIMIT_EXEMPLARS, 7);
	p->exemplars = array(n, sizeof *p->exemplars);
	for (; p->exemplars_n < n && !w->trouble; p->exemplars_n++) {
		struct exemplar *e = &p->exemplars[p->exemplars_n], *before = p->exemplars_n ? e - 1 : NULL;
		get_kind(w, &e->signal, &e->class, before ? before->signal : NULL, before ? before->class : NULL);
		e->start_s = get32(w);
		e->at_us = get_instant(w);
		e->line = get32(w);
		e->length = get32(w);
		e->offset = wire_get_max(w, number_max);
		e->text = wire_get_text(w);
		if (!before)
			continue;
		int order = span_compare(span_of(before->signal), span_of(e->signal));
		if (!order)
			order = span_compare(span_of(before->class), span_of(e->class));
		if (order > 0 || (!order && before->offset >= e->offset))
			wire_fail(w, "exemplars are not in order");
	}
}

static void get_events(struct wire *w, struct part *p)
{
	p->events_more = wire_get_max(w, number_max);
	size_t n = wire_get_count(w, LIMIT_EVENTS, 10);
	p->events = array(n, sizeof *p->events);
	for (; p->events_n < n && !w->trouble; p->events_n++) {
		struct event *e = &p->events[p->events_n], *before = p->events_n ? e - 1 : NULL;
		get_kind(w, &e->signal, &e->class, before ? before->signal : NULL, before ? before->class : NULL);
		e->at_us = get_instant(w);
		e->line = get32(w);
		e->length = get32(w);
		e->offset = wire_get_max(w, number_max);
		e->service = wire_get_text(w);
		e->version = wire_get_text(w);
		e->host = wire_get_text(w);
		e->pid = (int64_t)wire_get_max(w, (uint64_t)INT64_MAX) - 1;
		e->text = wire_get_text(w);
		if (before && before->offset > e->offset)
			wire_fail(w, "events are not in order");
	}
}

static void get_sessions(struct wire *w, struct part *p)
{
	p->sessions_resets = wire_get_max(w, number_max);
	size_t n = wire_get_count(w, (size_t)HOLDER_COUNT * (LIMIT_FACETS + 1), 4), cells = 0;
	p->sessions = array(n, sizeof *p->sessions);
	for (; p->sessions_n < n && !w->trouble; p->sessions_n++) {
		struct session_series *s = &p->sessions[p->sessions_n];
		uint64_t start = 0;
		s->dimension = (enum holder)wire_get_max(w, HOLDER_COUNT - 1);
		s->key = wire_get_text(w);
		s->before = (int64_t)wire_get_max(w, number_max);
		if (p->sessions_n &&
		    (s[-1].dimension > s->dimension ||
		     (s[-1].dimension == s->dimension && span_compare(span_of(s[-1].key), span_of(s->key)) >= 0)))
			wire_fail(w, "holders are not in order");
		size_t cells_n = wire_get_count(w, LIMIT_CELLS - cells, 2);
		cells += cells_n;
		s->cells = array(cells_n, sizeof *s->cells);
		for (; s->n < cells_n && !w->trouble; s->n++) {
			s->cells[s->n].start_s = get_start(w, &start, 1, !s->n, false);
			int64_t delta = wire_get_signed(w);
			if (!delta || delta < INT32_MIN || delta > INT32_MAX)
				wire_fail(w, "a change is nothing or too large");
			s->cells[s->n].delta = (int32_t)delta;
		}
	}
}

/* New cells; `*left` more may come. */
static struct number_cell *get_numbers(struct wire *w, uint32_t width_s, size_t *left, size_t *n)
{
	size_t cells_n = wire_get_count(w, *left, 8);
	uint64_t interval = 0, offset = 0;
	struct number_cell *cells = array(cells_n, sizeof *cells);
	if (!cells_n)
		wire_fail(w, "a list is empty");
	*left -= cells_n;
	for (*n = 0; *n < cells_n && !w->trouble; ++*n) {
		struct number_cell *c = &cells[*n];
		c->start_s = get_start(w, &interval, width_s, !*n, false);
		c->n = get32(w);
		c->sum = wire_get_max(w, (uint64_t)INT64_MAX);
		c->max = wire_get_max(w, c->sum);
		c->max_at_us = c->start_s * SECOND_US + (int64_t)wire_get_max(w, width_s * (uint64_t)SECOND_US - 1);
		offset += (uint64_t)wire_get_signed(w);
		c->max_offset = offset;
		c->max_line = get32(w);
		c->max_length = get32(w);
		if (!c->n || offset > number_max || (uint64_t)c->max_at_us > instant_max)
			wire_fail(w, "a number is too large");
	}
	return cells;
}

static void get_gauges(struct wire *w, struct part *p)
{
	p->gauges_width_s = get_width(w);
	size_t n = wire_get_count(w, (size_t)METRIC_COUNT * (LIMIT_FACETS + 1), 11), left = LIMIT_GAUGE_CELLS;
	p->gauges = array(n, sizeof *p->gauges);
	for (; p->gauges_n < n && !w->trouble; p->gauges_n++) {
		struct gauge *g = &p->gauges[p->gauges_n];
		g->name = wire_get_text(w);
		g->key = wire_get_text(w);
		int order = p->gauges_n ? strcmp(g[-1].name, g->name) : -1;
		if (order > 0 || (!order && strcmp(g[-1].key, g->key) >= 0))
			wire_fail(w, "metrics are not in order");
		g->cells = get_numbers(w, p->gauges_width_s, &left, &g->n);
	}
}

static void get_locks(struct wire *w, struct part *p)
{
	p->locks_more = wire_get_max(w, number_max);
	size_t n = wire_get_count(w, LIMIT_LOCKS, 20);
	p->locks = array(n, sizeof *p->locks);
	for (; p->locks_n < n && !w->trouble; p->locks_n++) {
		struct lock_wait *l = &p->locks[p->locks_n];
		l->at_us = get_instant(w);
		l->line = get32(w);
		l->length = get32(w);
		l->offset = wire_get_max(w, number_max);
		l->pid = (int64_t)wire_get_max(w, (uint64_t)INT64_MAX) - 1;
		l->mode = wire_get_text(w);
		l->object = wire_get_text(w);
		l->waited_us = (int64_t)wire_get_max(w, (uint64_t)INT64_MAX);
		l->acquired_us = (int64_t)wire_get_max(w, instant_max + 1) - 1;
		l->holder = (int64_t)wire_get_max(w, (uint64_t)INT64_MAX) - 1;
		l->holders = get32(w);
		l->queue = get32(w);
		char **const texts[] = {&l->user,	 &l->database,	      &l->application,	      &l->statement,
					&l->holder_user, &l->holder_database, &l->holder_application, &l->holder_host};
		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
			*texts[k] = wire_get_text(w);
		if (p->locks_n && l[-1].offset >= l->offset)
			wire_fail(w, "lock waits are not in order");
	}
}

static void get_statements(struct wire *w, struct part *p)
{
	p->statements_width_s = get_width(w);
	size_t n = wire_get_count(w, LIMIT_STATEMENTS + 1, 10), left = LIMIT_GAUGE_CELLS;
	p->statements = array(n, sizeof *p->statements);
	for (; p->statements_n < n && !w->trouble; p->statements_n++) {
		struct statement *s = &p->statements[p->statements_n];
		s->sql = wire_get_text(w);
		if (p->statements_n && span_compare(span_of(s[-1].sql), span_of(s->sql)) >= 0)
			wire_fail(w, "statements are not in order");
		s->cells = get_numbers(w, p->statements_width_s, &left, &s->n);
	}
}

static void get_addresses(struct wire *w, struct part *p)
{
	for (int side = 0; side < ADDRESS_SIDES; side++)
		p->addresses_more[side] = wire_get_max(w, number_max);
	size_t n = wire_get_count(w, (size_t)ADDRESS_SIDES * LIMIT_ADDRESSES, 8);
	p->addresses = array(n, sizeof *p->addresses);
	for (; p->addresses_n < n && !w->trouble; p->addresses_n++) {
		struct address *a = &p->addresses[p->addresses_n];
		a->side = (enum address_side)wire_get_max(w, ADDRESS_SIDES - 1);
		a->address = wire_get_text(w);
		a->n = wire_get_max(w, number_max);
		a->failed = wire_get_max(w, a->n);
		a->first_offset = wire_get_max(w, number_max);
		a->first_line = get32(w);
		a->first_length = get32(w);
		int order = p->addresses_n ? (int)a[-1].side - (int)a->side : -1;
		if (!a->n || order > 0 || (!order && span_compare(span_of(a[-1].address), span_of(a->address)) >= 0))
			wire_fail(w, "addresses are not in order");
	}
}

static void get_edge(struct wire *w, struct file_edge *e)
{
	uint64_t at = wire_get_max(w, instant_max + 1);
	e->at_us = at ? (int64_t)at - 1 : INSTANT_NONE;
	e->line = get32(w);
	e->length = get32(w);
	e->offset = wire_get_max(w, number_max);
	e->severity = (uint8_t)wire_get_max(w, SEVERITY_PANIC);
	e->message = wire_get_text(w);
	e->text = wire_get_text(w);
	if (strlen(e->message) > LIMIT_EDGE_BYTES || strlen(e->text) > LIMIT_EDGE_BYTES)
		wire_fail(w, "an edge is too long");
}

struct part *part_decode(struct span bytes, struct diag *d)
{
	struct wire w = {.rest = bytes};
	struct part *p = memory_new(1, sizeof *p);
	get_identity(&w, p);
	get_time(&w, p);
	get_series(&w, p);
	get_load(&w, p);
	p->endpoints = get_keyed(&w, LIMIT_ENDPOINTS, &p->endpoints_n, &p->endpoints_width_s);
	p->messages = get_keyed(&w, LIMIT_MESSAGES, &p->messages_n, &p->messages_width_s);
	p->clients = get_top(&w, &p->clients_n);
	p->users = get_top(&w, &p->users_n);
	get_distincts(&w, p);
	p->ids_are_requests = wire_get_max(&w, 1);
	p->ids = get_ids(&w, &p->ids_n);
	p->failed_ids = get_ids(&w, &p->failed_ids_n);
	get_exemplars(&w, p);
	get_events(&w, p);
	get_sessions(&w, p);
	get_gauges(&w, p);
	get_locks(&w, p);
	get_statements(&w, p);
	get_addresses(&w, p);
	get_edge(&w, &p->head);
	get_edge(&w, &p->tail);
	if (w.rest.len)
		wire_fail(&w, "bytes follow its end");
	if (!w.trouble)
		return p;
	diag_set(d, "a part of the tally is damaged: %s", w.trouble);
	part_free(p);
	return NULL;
}
