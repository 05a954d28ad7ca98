/* A part as bytes. part_decode.c reads them in the same order; both name the fields in the order of part.h. */
#include "tally/part.h"
#include "tally/wire.h"

static void put_identity(struct text *out, const struct part *p)
{
	wire_put(out, p->bytes);
	wire_put(out, p->crc);
	wire_put_fixed(out, p->stated);
	wire_put_text(out, p->stream);
	wire_put_text(out, p->carriers);
	wire_put_text(out, p->format);
	wire_put_text(out, p->layout);
	wire_put_text(out, p->also);
	wire_put(out, p->rank);
	wire_put(out, p->tier);
	wire_put(out, p->detect_taken);
	wire_put(out, p->detect_lines);
	wire_put(out, p->format_changes);
	const struct ledger_counts *c = &p->counts;
	const uint64_t counts[] = {c->lines, c->records,  c->joined, c->attached,
				   c->head,  c->unparsed, c->blank,  c->cut, c->refusals};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		wire_put(out, counts[i]);
	wire_put(out, p->samples_n);
	for (size_t i = 0; i < p->samples_n; i++) {
		wire_put(out, p->samples[i].line);
		wire_put(out, p->samples[i].offset);
		wire_put(out, p->samples[i].length);
		wire_put_text(out, p->samples[i].excerpt);
	}
}

static void put_time(struct text *out, const struct part *p)
{
	wire_put(out, p->zone);
	wire_put(out, p->zone_mixed);
	wire_put_text(out, p->zone_text);
	wire_put(out, p->headed.n);
	wire_put(out, p->headed.agree);
	wire_put(out, (uint64_t)(p->headed.zone_us + DAY_US));
	wire_put(out, (uint64_t)p->headed.late_us);
	wire_put(out, p->yearless);
	wire_put(out, (uint64_t)p->resolution_us);
	wire_put(out, p->first_us == INSTANT_NONE ? 0 : (uint64_t)p->first_us + 1);
	wire_put(out, p->last_us == INSTANT_NONE ? 0 : (uint64_t)p->last_us + 1);
	wire_put(out, p->implausible);
	wire_put(out, p->disorder);
	wire_put(out, (uint64_t)p->disorder_us);
	wire_put(out, p->segments_n);
	for (size_t i = 0; i < p->segments_n; i++) {
		wire_put(out, p->segments[i].first_record);
		wire_put(out, (uint64_t)p->segments[i].first_us);
		wire_put(out, (uint64_t)p->segments[i].last_us);
	}
}

/* Lines and offsets of neighbouring bins are near each other, so their differences are short. */
static void put_bins(struct text *out, const struct series *s)
{
	uint64_t interval = 0;
	struct bin before = {0};
	for (size_t i = 0; i < s->n; i++) {
		const struct bin *b = &s->bins[i];
		wire_put(out, b->start_s / s->width_s - interval);
		wire_put(out, b->n);
		wire_put(out, b->first_us);
		wire_put(out, b->last_us - b->first_us);
		wire_put_signed(out, (int64_t)b->first_line - before.first_line);
		wire_put_signed(out, (int64_t)b->last_line - b->first_line);
		wire_put(out, b->first_length);
		wire_put_signed(out, (int64_t)b->last_length - b->first_length);
		wire_put_signed(out, (int64_t)(b->first_offset - before.first_offset));
		wire_put_signed(out, (int64_t)(b->last_offset - b->first_offset));
		interval = b->start_s / s->width_s;
		before = *b;
	}
}

static void put_series(struct text *out, const struct part *p)
{
	wire_put(out, p->series_n);
	for (size_t i = 0; i < p->series_n; i++) {
		const struct series *s = &p->series[i];
		wire_put_text(out, s->signal);
		wire_put_text(out, s->class);
		wire_put(out, s->facet);
		wire_put_text(out, s->facet_value);
		wire_put(out, s->width_s);
		wire_put(out, s->n);
		put_bins(out, s);
	}
}

static void put_load(struct text *out, const struct part *p)
{
	uint64_t interval = 0;
	wire_put(out, p->busy_known);
	wire_put(out, p->busy_width_s);
	wire_put(out, p->busy_n);
	for (size_t i = 0; i < p->busy_n; i++) {
		wire_put(out, p->busy[i].start_s / p->busy_width_s - interval);
		wire_put(out, p->busy[i].us);
		interval = p->busy[i].start_s / p->busy_width_s;
	}
	interval = 0;
	wire_put(out, p->latency_width_s);
	wire_put(out, p->latency_n);
	for (size_t i = 0; i < p->latency_n; i++) {
		wire_put(out, p->latency[i].start_s / p->latency_width_s - interval);
		wire_put(out, p->latency[i].bucket);
		wire_put(out, p->latency[i].n);
		interval = p->latency[i].start_s / p->latency_width_s;
	}
}

static void put_keyed(struct text *out, const struct keyed *keyed, size_t n, uint32_t width_s)
{
	wire_put(out, width_s);
	wire_put(out, n);
	for (size_t i = 0; i < n; i++) {
		const struct keyed *k = &keyed[i];
		uint64_t interval = 0;
		wire_put_text(out, k->key);
		wire_put(out, k->severity);
		wire_put(out, k->first_line);
		wire_put(out, k->first_offset);
		wire_put(out, k->first_length);
		wire_put(out, k->n);
		for (size_t c = 0; c < k->n; c++) {
			wire_put(out, k->cells[c].start_s / width_s - interval);
			wire_put(out, k->cells[c].n);
			wire_put(out, k->cells[c].failed);
			wire_put(out, k->cells[c].slow);
			interval = k->cells[c].start_s / width_s;
		}
	}
}

static void put_top(struct text *out, const struct top *tops, size_t n)
{
	wire_put(out, n);
	for (size_t i = 0; i < n; i++) {
		wire_put_text(out, tops[i].key);
		wire_put(out, tops[i].n);
		wire_put(out, tops[i].error);
	}
}

static void put_ids(struct text *out, const struct sampled_id *ids, size_t n)
{
	uint32_t hour = 0;
	wire_put(out, n);
	for (size_t i = 0; i < n; i++) {
		const struct sampled_id *id = &ids[i];
		wire_put(out, id->hour - hour);
		wire_put_fixed(out, id->hash);
		wire_put(out, (uint64_t)id->first_us);
		wire_put(out, (uint64_t)(id->last_us - id->first_us));
		wire_put(out, (uint64_t)id->duration_us + 1);
		hour = id->hour;
	}
}

static void put_samples(struct text *out, const struct part *p)
{
	wire_put(out, p->distincts_n);
	for (size_t i = 0; i < p->distincts_n; i++) {
		const struct distinct *d = &p->distincts[i];
		wire_put(out, d->hour);
		wire_put(out, d->failed_only);
		wire_put(out, d->n);
		for (size_t k = 0; k < d->n; k++)
			wire_put_fixed(out, d->hashes[k]);
	}
	wire_put(out, p->ids_are_requests);
	put_ids(out, p->ids, p->ids_n);
	put_ids(out, p->failed_ids, p->failed_ids_n);
}

/* 1 and the two names, or 0 when they are those of the element before. */
static void put_kind(struct text *out, const char *signal, const char *class, const char *signal_before,
		     const char *class_before)
{
	bool same = signal_before && !strcmp(signal, signal_before) && !strcmp(class, class_before);
	wire_put(out, !same);
	if (!same) {
		wire_put_text(out, signal);
		wire_put_text(out, class);
	}
}

static void put_texts(struct text *out, const struct part *p)
{
	const char *signal = NULL, *class = NULL;
	wire_put(out, p->exemplars_width_s);
	wire_put(out, p->exemplars_n);
	for (size_t i = 0; i < p->exemplars_n; i++) {
		const struct exemplar *e = &p->exemplars[i];
		put_kind(out, e->signal, e->class, signal, class);
		wire_put(out, e->start_s);
		wire_put(out, (uint64_t)e->at_us);
		wire_put(out, e->line);
		wire_put(out, e->length);
		wire_put(out, e->offset);
		wire_put_text(out, e->text);
		signal = e->signal;
		class = e->class;
	}
	signal = class = NULL;
	wire_put(out, p->events_more);
	wire_put(out, p->events_n);
	for (size_t i = 0; i < p->events_n; i++) {
		const struct event *e = &p->events[i];
		put_kind(out, e->signal, e->class, signal, class);
		wire_put(out, (uint64_t)e->at_us);
		wire_put(out, e->line);
		wire_put(out, e->length);
		wire_put(out, e->offset);
		wire_put_text(out, e->service);
		wire_put_text(out, e->version);
		wire_put_text(out, e->host);
		wire_put(out, (uint64_t)e->pid + 1);
		wire_put_text(out, e->text);
		signal = e->signal;
		class = e->class;
	}
}

static void put_sessions(struct text *out, const struct part *p)
{
	wire_put(out, p->sessions_resets);
	wire_put(out, p->sessions_n);
	for (size_t i = 0; i < p->sessions_n; i++) {
		const struct session_series *s = &p->sessions[i];
		uint32_t start = 0;
		wire_put(out, s->dimension);
		wire_put_text(out, s->key);
		wire_put(out, (uint64_t)s->before);
		wire_put(out, s->n);
		for (size_t k = 0; k < s->n; k++) {
			wire_put(out, s->cells[k].start_s - start);
			wire_put_signed(out, s->cells[k].delta);
			start = s->cells[k].start_s;
		}
	}
}

static void put_numbers(struct text *out, const struct number_cell *cells, size_t n, uint32_t width_s)
{
	uint64_t interval = 0, offset = 0;
	wire_put(out, n);
	for (size_t i = 0; i < n; i++) {
		const struct number_cell *c = &cells[i];
		wire_put(out, c->start_s / width_s - interval);
		wire_put(out, c->n);
		wire_put(out, c->sum);
		wire_put(out, c->max);
		wire_put(out, (uint64_t)(c->max_at_us - c->start_s * SECOND_US));
		wire_put_signed(out, (int64_t)(c->max_offset - offset));
		wire_put(out, c->max_line);
		wire_put(out, c->max_length);
		interval = c->start_s / width_s;
		offset = c->max_offset;
	}
}

static void put_gauges(struct text *out, const struct part *p)
{
	wire_put(out, p->gauges_width_s);
	wire_put(out, p->gauges_n);
	for (size_t i = 0; i < p->gauges_n; i++) {
		wire_put_text(out, p->gauges[i].name);
		wire_put_text(out, p->gauges[i].key);
		put_numbers(out, p->gauges[i].cells, p->gauges[i].n, p->gauges_width_s);
	}
}

static void put_locks(struct text *out, const struct part *p)
{
	wire_put(out, p->locks_more);
	wire_put(out, p->locks_n);
	for (size_t i = 0; i < p->locks_n; i++) {
		const struct lock_wait *w = &p->locks[i];
		wire_put(out, (uint64_t)w->at_us);
		wire_put(out, w->line);
		wire_put(out, w->length);
		wire_put(out, w->offset);
		wire_put(out, (uint64_t)w->pid + 1);
		wire_put_text(out, w->mode);
		wire_put_text(out, w->object);
		wire_put(out, (uint64_t)w->waited_us);
		wire_put(out, (uint64_t)w->acquired_us + 1);
		wire_put(out, (uint64_t)w->holder + 1);
		wire_put(out, w->holders);
		wire_put(out, w->queue);
		const char *const texts[] = {w->user,	     w->database,	 w->application,	w->statement,
					     w->holder_user, w->holder_database, w->holder_application, w->holder_host};
		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
			wire_put_text(out, texts[k]);
	}
}

static void put_statements(struct text *out, const struct part *p)
{
	wire_put(out, p->statements_width_s);
	wire_put(out, p->statements_n);
	for (size_t i = 0; i < p->statements_n; i++) {
		wire_put_text(out, p->statements[i].sql);
		put_numbers(out, p->statements[i].cells, p->statements[i].n, p->statements_width_s);
	}
}

static void put_addresses(struct text *out, const struct part *p)
{
	for (int side = 0; side < ADDRESS_SIDES; side++)
		wire_put(out, p->addresses_more[side]);
	wire_put(out, p->addresses_n);
	for (size_t i = 0; i < p->addresses_n; i++) {
		const struct address *a = &p->addresses[i];
		wire_put(out, a->side);
		wire_put_text(out, a->address);
		wire_put(out, a->n);
		wire_put(out, a->failed);
		wire_put(out, a->first_offset);
		wire_put(out, a->first_line);
		wire_put(out, a->first_length);
	}
}

static void put_edge(struct text *out, const struct file_edge *e)
{
	wire_put(out, e->at_us == INSTANT_NONE ? 0 : (uint64_t)e->at_us + 1);
	wire_put(out, e->line);
	wire_put(out, e->length);
	wire_put(out, e->offset);
	wire_put(out, e->severity);
	wire_put_text(out, e->message);
	wire_put_text(out, e->text);
}

void part_encode(const struct part *p, struct text *out)
{
	put_identity(out, p);
	put_time(out, p);
	put_series(out, p);
	put_load(out, p);
	put_keyed(out, p->endpoints, p->endpoints_n, p->endpoints_width_s);
	put_keyed(out, p->messages, p->messages_n, p->messages_width_s);
	put_top(out, p->clients, p->clients_n);
	put_top(out, p->users, p->users_n);
	put_samples(out, p);
	put_texts(out, p);
	put_sessions(out, p);
	put_gauges(out, p);
	put_locks(out, p);
	put_statements(out, p);
	put_addresses(out, p);
	put_edge(out, &p->head);
	put_edge(out, &p->tail);
}
