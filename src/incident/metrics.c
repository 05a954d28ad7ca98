#include "incident/metrics.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"

/* A gauge of one part. */
struct piece {
	const struct gauge *gauge; /* borrowed */
	size_t source;
	uint32_t part, width_s;
};

static int piece_order(const struct piece *x, const struct piece *y)
{
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	int order = strcmp(x->gauge->name, y->gauge->name);
	return order ? order : strcmp(x->gauge->key, y->gauge->key);
}

static int by_key(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;
	int order = piece_order(x, y);
	return order ? order : x->part < y->part ? -1 : x->part > y->part;
}

/* All gauges that can change, by (source, name, key). */
static struct piece *collect(const struct fold *f, size_t *n)
{
	struct piece *pieces = NULL;
	size_t cap = 0;
	*n = 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		for (size_t e = 0; source_counts(s) && e < s->entries_n; e++) {
			const struct part *p = f->tally->entries[s->entries[e]].part;
			for (size_t k = 0; k < p->gauges_n; k++) {
				enum metric metric;
				if (!metric_of(span_of(p->gauges[k].name), &metric) || metric == METRIC_DB_LIMIT ||
				    metric == METRIC_POOL_LIMIT)
					continue;
				pieces = memory_grow(pieces, &cap, *n + 1, sizeof *pieces);
				pieces[(*n)++] = (struct piece){&p->gauges[k], i, s->entries[e], p->gauges_width_s};
			}
		}
	}
	if (*n)
		qsort(pieces, *n, sizeof *pieces, by_key);
	return pieces;
}

/* The least change that is one, in the metric's unit. */
static int64_t least_of(const char *unit)
{
	if (!strcmp(unit, "us"))
		return 100000;
	if (span_starts(span_of(unit), SPAN("By")))
		return 1 << 20;
	return !strcmp(unit, "1/s") ? 10 : 3;
}

/* The first cell that ends after `us`. */
static size_t lower(const struct piece *p, int64_t us)
{
	size_t low = 0, high = p->gauge->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if ((p->gauge->cells[middle].start_s + (int64_t)p->width_s) * SECOND_US <= us)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Largest value between two printed times, and its cell; NULL: none. `than`: leave out what is near another incident than this. */
static const struct number_cell *largest(const struct fold *f, const struct draft *d, const struct piece *p, int64_t from_us,
					 int64_t to_us, const struct incident *than)
{
	const struct number_cell *best = NULL;
	const struct fold_source *s = &f->sources[p->source];
	for (size_t i = lower(p, from_us); i < p->gauge->n && p->gauge->cells[i].start_s * SECOND_US < to_us; i++) {
		const struct number_cell *c = &p->gauge->cells[i];
		bool out = c->max_at_us < from_us || c->max_at_us >= to_us || (best && c->max <= best->max);
		for (size_t k = 0; than && !out && k < d->incidents_n; k++) {
			int64_t at = fold_utc(s, c->max_at_us);
			out = &d->incidents[k] != than &&
			      at >= d->incidents[k].onset.at_us - METRICS_BESIDE_US && at <= d->incidents[k].end.at_us + METRICS_BESIDE_US;
		}
		if (!out)
			best = c;
	}
	return best;
}

/* The first value of at least `threshold` between two printed times; NULL: none. */
static const struct number_cell *first_over(const struct piece *p, int64_t from_us, int64_t to_us, uint64_t threshold)
{
	for (size_t i = lower(p, from_us); i < p->gauge->n && p->gauge->cells[i].start_s * SECOND_US < to_us; i++) {
		const struct number_cell *c = &p->gauge->cells[i];
		if (c->max >= threshold && c->max_at_us >= from_us && c->max_at_us < to_us)
			return c;
	}
	return NULL;
}

static void evidence_of(const struct fold *f, const struct piece *p, const struct number_cell *c, struct evidence_list *out)
{
	fold_evidence(f, p->source, p->part, c->max_line, c->max_offset, c->max_length, out);
}

struct found {
	struct metric_change *items;
	size_t n, cap;
	bool uncovered; /* some metric could not be compared */
};

/* Printed time from which on a value is the incident's: a while before its onset, less where the log begins late. */
static int64_t begin_of(const struct fold_source *s, int64_t onset_us)
{
	int64_t lead = onset_us - METRICS_LEAST_US - s->first_us;
	return onset_us - (lead < 0 ? 0 : lead < METRICS_BESIDE_US ? lead : METRICS_BESIDE_US);
}

/* True when the source printed a number of any kind between two printed times. What it did not print beside others was nought;
 * where it printed nothing, nobody knows. */
static bool printed(const struct piece *all, size_t n, size_t source, int64_t from_us, int64_t to_us)
{
	for (size_t i = 0; i < n; i++) {
		size_t cell = all[i].source == source ? lower(&all[i], from_us) : all[i].gauge->n;
		if (cell < all[i].gauge->n && all[i].gauge->cells[cell].start_s * SECOND_US < to_us)
			return true;
	}
	return false;
}

/* What the pieces of one gauge, of `all`, say about an incident. */
static void compare(const struct fold *f, const struct draft *d, const struct incident *in, const struct piece *p, size_t n,
		    const struct piece *all, size_t all_n, struct found *out)
{
	const struct fold_source *s = &f->sources[p->source];
	enum metric metric;
	metric_of(span_of(p->gauge->name), &metric);
	int64_t least = least_of(metric_unit(metric));
	int64_t from = begin_of(s, moment_printed(s, in->onset.at_us)), to = moment_printed(s, in->end.at_us) + 1;
	uint64_t before = 0;
	const struct piece *peak_of = NULL, *rise_of = NULL;
	const struct number_cell *peak = NULL, *rise = NULL;
	bool known = false;
	for (size_t i = 0; i < n; i++) {
		const struct number_cell *b = largest(f, d, &p[i], from - METRICS_BEFORE_US, from, in);
		const struct number_cell *c = largest(f, d, &p[i], from, to, NULL);
		before = b && b->max > before ? b->max : before;
		known |= b != NULL;
		if (c && (!peak || c->max > peak->max)) {
			peak = c;
			peak_of = &p[i];
		}
	}
	/* Numbers of a tally are at most INT64_MAX. */
	uint64_t threshold = before > INT64_MAX / 4 ? INT64_MAX : 2 * before + (uint64_t)least;
	if (!peak || peak->max < threshold)
		return;
	/* No queue that is not printed is an empty one, but no answer is not an answer within no time. */
	bool nought = strcmp(metric_unit(metric), "us") != 0 && printed(all, all_n, p->source, from - METRICS_BEFORE_US, from);
	if (s->first_us > from - METRICS_LEAST_US || (!known && !nought)) {
		out->uncovered = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct number_cell *c = first_over(&p[i], from, to, threshold);
		if (c && (!rise || c->max_at_us < rise->max_at_us)) {
			rise = c;
			rise_of = &p[i];
		}
	}
	out->items = memory_grow(out->items, &out->cap, out->n + 1, sizeof *out->items);
	struct metric_change *m = &out->items[out->n++];
	*m = (struct metric_change){
		.name = sentence_copy(p->gauge->name),
		.key = *p->gauge->key ? sentence_copy(p->gauge->key) : NULL,
		.unit = sentence_copy(metric_unit(metric)),
		.source = sentence_copy(s->id),
		.before = (int64_t)before,
		.peak = (int64_t)peak->max,
		.at_us = fold_utc(s, peak->max_at_us),
		.source_index = p->source,
		.rise_us = rise->max_at_us,
		.rise = (int64_t)rise->max,
	};
	evidence_of(f, peak_of, peak, &m->evidence);
	if (rise != peak)
		evidence_of(f, rise_of, rise, &m->evidence);
}

/* Larger peak / (before + least) first. */
static int by_change(const void *a, const void *b)
{
	__extension__ typedef unsigned __int128 wide;
	const struct metric_change *x = a, *y = b;
	wide of_x = (wide)x->peak * ((uint64_t)y->before + (uint64_t)least_of(y->unit));
	wide of_y = (wide)y->peak * ((uint64_t)x->before + (uint64_t)least_of(x->unit));
	if (of_x != of_y)
		return of_x < of_y ? 1 : -1;
	int order = strcmp(x->name, y->name);
	order = order ? order : x->source_index < y->source_index ? -1 : x->source_index > y->source_index;
	return order ? order : strcmp(x->key ? x->key : "", y->key ? y->key : "");
}

static void metric_release(struct metric_change *m)
{
	memory_free(m->name);
	memory_free(m->key);
	memory_free(m->unit);
	memory_free(m->source);
	evidence_release(&m->evidence);
}

/* ---- what the timeline tells ---- */

/* The change of this metric that began first; NULL: it did not change. */
static const struct metric_change *first_of(const struct fold *f, const struct found *all, enum metric metric)
{
	const struct metric_change *first = NULL;
	int64_t first_us = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct metric_change *m = &all->items[i];
		int64_t at = fold_utc(&f->sources[m->source_index], m->rise_us);
		if (!strcmp(m->name, metric_name(metric)) && (!first || at < first_us)) {
			first = m;
			first_us = at;
		}
	}
	return first;
}

static void tell(const struct fold *f, size_t incident, const struct metric_change *m, enum metric metric, struct note_list *notes)
{
	const struct fold_source *s = &f->sources[m->source_index];
	struct text t = {0};
	if (metric == METRIC_POOL_WAIT_TIME) {
		text_append_string(&t, "Clients of the pooler wait for a server connection: ");
		sentence_duration(&t, m->rise);
		text_append_string(&t, " on average (before: at most ");
		sentence_duration(&t, m->before);
	} else {
		text_append_string(&t, "Requests queue at the load balancer");
		if (m->key)
			text_format(&t, " for backend %s", m->key);
		text_append_string(&t, ": ");
		sentence_count(&t, (uint64_t)m->rise);
		text_append_string(&t, " wait (before: at most ");
		sentence_count(&t, (uint64_t)m->before);
	}
	text_append_string(&t, ")");
	if (m->peak > m->rise) {
		text_append_string(&t, "; up to ");
		if (metric == METRIC_POOL_WAIT_TIME)
			sentence_duration(&t, m->peak);
		else
			sentence_count(&t, (uint64_t)m->peak);
		text_append_string(&t, " at ");
		sentence_time(&t, m->at_us);
	}
	text_format(&t, " (%s).", label_of(f, m->source_index));
	struct note *n = note_add(notes, RANK_SIGNAL, incident, m->source_index, "metric", "warning");
	n->sentence = sentence_take(&t);
	n->at = moment_of(s, m->rise_us);
	n->count.reason = sentence_copy("a number that a server prints about itself is no count of records");
	const struct evidence_list rise = {&m->evidence.items[m->evidence.n - 1], 1, 1};
	evidence_copy(&rise, 1, &n->evidence);
}

static void find_one(const struct fold *f, struct draft *d, size_t incident, const struct piece *pieces, size_t n,
		     struct note_list *notes)
{
	static const enum metric told[] = {METRIC_LB_BACKEND_QUEUE, METRIC_POOL_WAIT_TIME};
	struct incident *in = &d->incidents[incident];
	struct found all = {0};
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i; end < n && !piece_order(&pieces[end], &pieces[i]); end++)
			;
		compare(f, d, in, pieces + i, end - i, pieces, n, &all);
	}
	if (all.n)
		qsort(all.items, all.n, sizeof *all.items, by_change);
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		const struct metric_change *m = first_of(f, &all, told[i]);
		if (m)
			tell(f, incident, m, told[i], notes);
	}
	size_t kept = 0;
	for (size_t i = 0; i < all.n; i++) {
		size_t keys = 0;
		for (size_t k = 0; k < kept; k++)
			keys += all.items[k].source_index == all.items[i].source_index && !strcmp(all.items[k].name, all.items[i].name);
		if (kept < METRICS_MOST && keys < METRICS_KEYS)
			all.items[kept++] = all.items[i];
		else
			metric_release(&all.items[i]);
	}
	in->metrics = all.items;
	in->metrics_n = kept;
	if (!kept)
		in->metrics_reason = sentence_copy(!n	       ? "no log prints numbers of a server about itself"
						   : all.uncovered ? "the logs that print such numbers begin less than a minute before the incident, or print none in the hour before"
								   : "none of the numbers that servers print rose far above the hour before");
}

void metrics_find(const struct fold *f, struct draft *d, struct note_list *notes)
{
	size_t n;
	struct piece *pieces = collect(f, &n);
	for (size_t i = 0; i < d->incidents_n; i++)
		find_one(f, d, i, pieces, n, notes);
	memory_free(pieces);
}
