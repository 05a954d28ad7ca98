/* The end of a builder: leaves out what is implausible, sorts, and gives everything to the part. */
#include <stdlib.h>

#include "base/memory.h"
#include "tally/builder.h"

/* Stamps within LIMIT_PLAUSIBLE_DAYS of the weighted median. */
struct window {
	uint32_t from_s, to_s;
};

static struct window plausible(struct count *records)
{
	struct window w = {0, UINT32_MAX};
	uint64_t total = 0, seen = 0;
	count_sort(records);
	for (size_t i = 0; i < records->n; i++)
		total += records->bins[i].n;
	for (size_t i = 0; i < records->n; i++) {
		seen += records->bins[i].n;
		if (2 * seen < total)
			continue;
		int64_t median = records->bins[i].start_s, days = (int64_t)LIMIT_PLAUSIBLE_DAYS * 86400;
		w.from_s = median > days ? (uint32_t)(median - days) : 0;
		w.to_s = median + days < UINT32_MAX ? (uint32_t)(median + days) : UINT32_MAX;
		break;
	}
	return w;
}

/* Takes the bins of a count that lie in the window. Returns the records left out. */
static uint64_t take_bins(struct count *c, struct window w, struct series *s)
{
	uint64_t lost = 0;
	size_t to = 0;
	count_sort(c);
	for (size_t i = 0; i < c->n; i++) {
		if (c->bins[i].start_s < w.from_s || c->bins[i].start_s > w.to_s)
			lost += c->bins[i].n;
		else
			c->bins[to++] = c->bins[i];
	}
	s->width_s = c->width_s;
	s->bins = c->bins;
	s->n = to;
	c->bins = NULL;
	return lost;
}

static uint64_t add_series(struct part *p, size_t *cap, struct window w, struct count *c, const char *signal,
			   const char *class, enum facet facet, const char *value)
{
	struct series made = {.facet = facet};
	uint64_t lost = take_bins(c, w, &made);
	if (!made.n) {
		memory_free(made.bins);
		return lost;
	}
	made.signal = span_copy(span_of(signal));
	made.class = span_copy(span_of(class));
	made.facet_value = span_copy(span_of(value));
	p->series = memory_grow(p->series, cap, p->series_n + 1, sizeof *p->series);
	p->series[p->series_n++] = made;
	return lost;
}

static int by_name(const void *left, const void *right)
{
	return series_name_order(series_name(left), series_name(right));
}

static void freeze_series(struct part_builder *b, struct part *p, struct window w)
{
	size_t cap = 0;
	p->implausible = b->implausible + add_series(p, &cap, w, &b->records, "records", "", FACET_NONE, "");
	if (p->series_n) {
		const struct series *records = &p->series[0];
		const struct bin *first = &records->bins[0], *last = &records->bins[records->n - 1];
		p->first_us = first->start_s * SECOND_US + first->first_us;
		p->last_us = last->start_s * SECOND_US + last->last_us;
	}
	add_series(p, &cap, w, &b->requests, "http.requests", "", FACET_NONE, "");
	add_series(p, &cap, w, &b->failed, "http.failed", "", FACET_NONE, "");
	for (size_t i = 0; i < b->kinds_n; i++) {
		const struct signal_kind *kind = signal_kind(b->signals, i);
		struct kind_state *k = &b->kinds[i];
		add_series(p, &cap, w, &k->count, kind->signal->name, kind->class, FACET_NONE, "");
		for (int which = 0; k->facets && which < 2; which++)
			for (size_t v = 0; v <= LIMIT_FACETS; v++)
				if (k->facets->values[which][v].value)
					add_series(p, &cap, w, &k->facets->values[which][v].count, kind->signal->name,
						   kind->class, (enum facet)(FACET_USER + which),
						   k->facets->values[which][v].value);
	}
	if (p->series_n)
		qsort(p->series, p->series_n, sizeof *p->series, by_name);
}

static void freeze_busy(struct part_builder *b, struct part *p, struct window w)
{
	size_t n, to = 0;
	p->busy = busy_freeze(&b->busy, &n, &p->busy_width_s);
	for (size_t i = 0; i < n; i++)
		/* a request that ended just inside the window may have begun before it */
		if (p->busy[i].start_s + 3600u >= w.from_s && p->busy[i].start_s <= w.to_s)
			p->busy[to++] = p->busy[i];
	p->busy_n = to;
	p->busy_known = b->busy.known;
}

static void freeze_latency(struct part_builder *b, struct part *p, struct window w)
{
	size_t n;
	p->latency = latency_freeze(&b->latency, &n, &p->latency_width_s);
	for (size_t i = 0; i < n; i++)
		if (p->latency[i].start_s >= w.from_s && p->latency[i].start_s <= w.to_s)
			p->latency[p->latency_n++] = p->latency[i];
}

static bool hour_in(uint32_t hour, struct window w)
{
	return hour >= w.from_s / 3600 && hour <= w.to_s / 3600;
}

static struct sampled_id *freeze_ids(const struct sample_hours *hours, struct window w, size_t *kept)
{
	size_t n;
	struct sampled_id *ids = sample_freeze_ids(hours, &n);
	*kept = 0;
	for (size_t i = 0; i < n; i++)
		if (hour_in(ids[i].hour, w))
			ids[(*kept)++] = ids[i];
	return ids;
}

static void freeze_samples(struct part_builder *b, struct part *p, struct window w)
{
	size_t n, to = 0;
	if (b->clients)
		p->clients = top_freeze(b->clients, &p->clients_n);
	if (b->users)
		p->users = top_freeze(b->users, &p->users_n);
	p->ids = freeze_ids(&b->ids, w, &p->ids_n);
	p->failed_ids = freeze_ids(&b->failed_ids, w, &p->failed_ids_n);
	p->ids_are_requests = b->ids_are_requests;
	p->distincts = sample_freeze_clients(&b->distincts, &n);
	to = 0;
	for (size_t i = 0; i < n; i++) {
		if (hour_in(p->distincts[i].hour, w))
			p->distincts[to++] = p->distincts[i];
		else
			memory_free(p->distincts[i].hashes);
	}
	p->distincts_n = to;
}

static void freeze_events(struct part_builder *b, struct part *p, struct window w)
{
	events_keep(&b->events, w.from_s, w.to_s);
	p->events = b->events.items;
	p->events_n = b->events.n;
	p->events_more = b->events.more;
	b->events = (struct events){0};
}

static void freeze_time(struct part_builder *b, struct part *p, struct window w)
{
	struct segments *s = &b->segments;
	segments_finish(s);
	for (size_t i = 0; i < s->n; i++)
		if (s->items[i].last_us / SECOND_US >= w.from_s && s->items[i].first_us / SECOND_US <= w.to_s)
			s->items[p->segments_n++] = s->items[i];
	p->segments = s->items;
	s->items = NULL;
	p->disorder = s->disorder;
	p->disorder_us = s->disorder_us;
	p->zone = b->some_zoned && !b->some_unzoned ? STAMP_EXPLICIT : STAMP_NONE;
	p->zone_mixed = b->zone_printed ? b->record - b->zone_printed : 0;
	p->zone_text = b->zone_text ? b->zone_text : span_copy(SPAN(""));
	b->zone_text = NULL;
	p->headed = b->headed;
	p->yearless = b->yearless && !b->dated;
	p->resolution_us = b->resolution_us;
}

static void freeze_database(struct part_builder *b, struct part *p, struct window w)
{
	p->gauges = gauges_freeze(&b->gauges, w.from_s, w.to_s, &p->gauges_n);
	p->gauges_width_s = b->gauges.sums.width_s;
	lockwaits_keep(&b->locks, w.from_s, w.to_s);
	p->locks = b->locks.items;
	p->locks_n = b->locks.n;
	p->locks_more = b->locks.more;
	b->locks.items = NULL;
	b->locks.n = 0;
	p->addresses = addresses_freeze(&b->addresses, &p->addresses_n, p->addresses_more);
	p->statements = statements_freeze(&b->statements, w.from_s, w.to_s, &p->statements_n);
	p->statements_width_s = b->statements.sums.width_s;
}

static void freeze_edges(struct part_builder *b, struct part *p)
{
	p->head = b->head;
	b->head = (struct file_edge){0};
	if (!p->head.text)
		p->head = (struct file_edge){.at_us = INSTANT_NONE, .text = span_copy(SPAN(""))};
	p->head.message = span_copy(SPAN(""));
	p->tail = tail_freeze(&b->tail);
}

static void release(struct part_builder *b)
{
	for (size_t i = 0; i < b->kinds_n; i++) {
		struct kind_state *k = &b->kinds[i];
		count_release(&k->count);
		for (int which = 0; k->facets && which < 2; which++) {
			for (size_t v = 0; v <= LIMIT_FACETS; v++) {
				memory_free(k->facets->values[which][v].value);
				count_release(&k->facets->values[which][v].count);
			}
		}
		memory_free(k->facets);
	}
	memory_free(b->kinds);
	count_release(&b->requests);
	count_release(&b->failed);
	count_release(&b->records);
	count_pool_release(&b->pool);
	segments_release(&b->segments);
	pending_release(&b->pending);
	busy_release(&b->busy);
	latency_release(&b->latency);
	keyed_release(&b->endpoints);
	keyed_release(&b->messages);
	top_free(b->clients);
	top_free(b->users);
	sample_release(&b->ids);
	sample_release(&b->failed_ids);
	sample_release(&b->distincts);
	exemplars_release(&b->exemplars);
	events_release(&b->events);
	sessions_release(&b->sessions);
	gauges_release(&b->gauges);
	addresses_release(&b->addresses);
	lockwaits_release(&b->locks);
	statements_release(&b->statements);
	memory_free(b->head.text);
	tail_release(&b->tail);
	text_release(&b->joined);
	memory_free(b->zone_text);
	memory_free(b);
}

struct part *part_builder_finish(struct part_builder *b)
{
	builder_flush(b);
	struct part *p = memory_new(1, sizeof *p);
	p->first_us = p->last_us = INSTANT_NONE;
	p->stream = span_copy(SPAN(""));
	p->carriers = span_copy(SPAN(""));
	p->format = span_copy(SPAN(""));
	p->layout = span_copy(SPAN(""));
	p->also = span_copy(SPAN(""));
	struct window w = plausible(&b->records);
	freeze_series(b, p, w);
	freeze_busy(b, p, w);
	freeze_latency(b, p, w);
	p->endpoints = keyed_freeze(&b->endpoints, w.from_s, w.to_s, &p->endpoints_n);
	p->endpoints_width_s = b->endpoints.cells.width_s;
	p->messages = keyed_freeze(&b->messages, w.from_s, w.to_s, &p->messages_n);
	p->messages_width_s = b->messages.cells.width_s;
	freeze_samples(b, p, w);
	p->exemplars = exemplars_freeze(&b->exemplars, b->signals, w.from_s, w.to_s, &p->exemplars_n);
	p->exemplars_width_s = b->exemplars.width_s;
	freeze_events(b, p, w);
	p->sessions = sessions_freeze(&b->sessions, w.from_s, w.to_s, &p->sessions_n);
	p->sessions_resets = b->sessions.resets;
	freeze_database(b, p, w);
	freeze_edges(b, p);
	freeze_time(b, p, w);
	release(b);
	return p;
}
