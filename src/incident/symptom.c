#include "incident/symptom.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/evidence.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/burst.h"
#include "incident/slow.h"

/* Evidence of a burst beside its first and last event. */
enum { BURST_EXEMPLARS = 3 };

bool symptom_refuses(const char *signal)
{
	return signal_refuses(signal);
}

bool symptom_visible(const struct fold *f, const struct burst *b)
{
	const struct signal *s = signal_find(f->signals, span_of(b->signal));
	return s && s->visible;
}

bool symptom_waits(const char *signal)
{
	return !strcmp(signal, SLOW_SIGNAL) || !strcmp(signal, "http.client_gone") || !strcmp(signal, "backend.slow");
}

/* Index of the first bin whose last event is not before the stamp. Bins ascend and do not overlap. */
static size_t bin_from(const struct fold_series *series, int64_t from_us)
{
	size_t low = 0, high = series->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (symptom_last_us(&series->bins[middle]) < from_us)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint64_t symptom_count(const struct fold_series *series, int64_t first_us, int64_t last_us)
{
	uint64_t count = 0;
	for (size_t i = bin_from(series, first_us); i < series->n && symptom_first_us(&series->bins[i]) <= last_us; i++)
		count += series->bins[i].bin.n;
	return count;
}

bool symptom_span(const struct fold_series *series, int64_t from_us, int64_t to_us, const struct fold_bin **first,
		  const struct fold_bin **last)
{
	*first = *last = NULL;
	size_t from = bin_from(series, from_us), to = bin_from(series, to_us);
	if (from == series->n || symptom_first_us(&series->bins[from]) > to_us)
		return false;
	/* `to` may be the bin that holds the end, or one behind it. */
	if (to == series->n || symptom_first_us(&series->bins[to]) > to_us)
		to--;
	*first = &series->bins[from];
	*last = &series->bins[to];
	return true;
}

/* The step of http.server.slow at which this source is judged, "" for every other signal: the class is free. */
static const char *class_of(const struct fold *f, size_t source, const char *signal)
{
	if (strcmp(signal, SLOW_SIGNAL))
		return "";
	return slow_class(&f->sources[source]);
}

struct fold_series symptom_series(const struct fold *f, size_t source, const char *signal)
{
	const struct fold_source *s = &f->sources[source];
	if (strcmp(signal, SLOW_SIGNAL))
		return fold_signal(s, signal);
	const char *class = slow_class(s);
	const struct fold_series *found = class ? fold_series_find(s, signal, class, FACET_NONE, "") : NULL;
	struct fold_series copy = {.signal = signal, .class = "", .facet_value = "", .facet = FACET_NONE, .width_s = 1};
	if (!found)
		return copy;
	copy = *found;
	copy.bins = memory_new(found->n, sizeof *copy.bins);
	memcpy(copy.bins, found->bins, found->n * sizeof *copy.bins);
	return copy;
}

static int scope_order(const void *a, const void *b)
{
	const struct scope_count *x = a, *y = b;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* Adds `count` to the entry of that name. Lists are short: at most LIMIT_FACETS names a part. */
static void scope_add(struct scope_list *list, const char *name, uint64_t count)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->items[i].name, name)) {
			list->items[i].count += count;
			return;
		}
	list->items = memory_grow(list->items, &list->cap, list->n + 1, sizeof *list->items);
	list->items[list->n++] = (struct scope_count){sentence_copy(name), count};
}

static void scope_sort(struct scope_list *list)
{
	if (list->n)
		qsort(list->items, list->n, sizeof *list->items, scope_order);
}

static void scope_fill(const struct fold *f, struct burst *b)
{
	const struct fold_source *s = &f->sources[b->source_index];
	const char *class = class_of(f, b->source_index, b->signal);
	for (size_t i = 0; i < s->series_n; i++) {
		const struct fold_series *series = &s->series[i];
		if (strcmp(series->signal, b->signal) || (class && *class && strcmp(series->class, class)))
			continue;
		uint64_t count = symptom_count(series, b->first_us, b->last_us);
		if (!count)
			continue;
		if (series->facet == FACET_NONE)
			scope_add(&b->classes, series->class, count);
		else
			scope_add(series->facet == FACET_USER ? &b->users : &b->databases, series->facet_value, count);
	}
	scope_sort(&b->classes);
	scope_sort(&b->users);
	scope_sort(&b->databases);
	b->class = sentence_copy(b->classes.n ? b->classes.items[0].name : "");
}

struct kept {
	const struct exemplar *exemplar;
	uint32_t part;
};

static int kept_order(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;
	if (x->exemplar->at_us != y->exemplar->at_us)
		return x->exemplar->at_us < y->exemplar->at_us ? -1 : 1;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return x->exemplar->offset < y->exemplar->offset ? -1 : x->exemplar->offset > y->exemplar->offset;
}

/* True when the list already points at these bytes. */
static bool evidence_has(const struct evidence_list *list, const struct part *p, uint64_t offset)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->items[i].offset == offset && list->items[i].bytes == p->bytes && list->items[i].crc == p->crc)
			return true;
	return false;
}

/* Kept texts from inside the burst, spread evenly over its time. */
static void exemplars_add(const struct fold *f, struct burst *b)
{
	const struct fold_source *s = &f->sources[b->source_index];
	const char *class = class_of(f, b->source_index, b->signal);
	struct kept *kept = NULL;
	size_t n = 0, cap = 0;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = f->tally->entries[s->entries[e]].part;
		for (size_t i = 0; i < p->exemplars_n; i++) {
			const struct exemplar *x = &p->exemplars[i];
			if (strcmp(x->signal, b->signal) || (class && *class && strcmp(x->class, class)) ||
			    x->at_us < b->first_us || x->at_us > b->last_us || evidence_has(&b->evidence, p, x->offset))
				continue;
			kept = memory_grow(kept, &cap, n + 1, sizeof *kept);
			kept[n++] = (struct kept){x, s->entries[e]};
		}
	}
	if (n)
		qsort(kept, n, sizeof *kept, kept_order);
	size_t want = n < BURST_EXEMPLARS ? n : BURST_EXEMPLARS;
	for (size_t i = 0; i < want; i++) {
		const struct kept *k = &kept[want < BURST_EXEMPLARS ? i : (i + 1) * n / (BURST_EXEMPLARS + 1)];
		if (!evidence_has(&b->evidence, f->tally->entries[k->part].part, k->exemplar->offset))
			fold_evidence(f, b->source_index, k->part, k->exemplar->line, k->exemplar->offset, k->exemplar->length,
				      &b->evidence);
	}
	memory_free(kept);
}

static char *why_text(const struct burst *b, bool met)
{
	struct text t = {0};
	int64_t lasted_us = b->last_us - b->first_us;
	/* At least one bin: ten events in one millisecond are no rate of ten thousand a second. */
	int64_t over_us = lasted_us > (int64_t)b->width_s * SECOND_US ? lasted_us : (int64_t)b->width_s * SECOND_US;
	__extension__ typedef unsigned __int128 wide;
	int64_t rate_ppm = (int64_t)((wide)b->count * 1000000u * 1000000u / (uint64_t)over_us);
	sentence_counted(&t, b->count, "event");
	text_append_string(&t, " in ");
	sentence_duration(&t, lasted_us);
	text_append_string(&t, ", ");
	sentence_rate(&t, rate_ppm);
	text_append_string(&t, " against a background of at most ");
	sentence_rate(&t, b->background_ppm);
	if (b->assumed_baseline)
		text_append_string(&t, "; the capture holds too little healthy time, so a background of about zero is assumed");
	if (met)
		text_append_string(&t, "; alone it would be no more than a peak, but other logs fail at the same time");
	if (b->censored_start)
		text_append_string(&t, "; it may have begun earlier, when nothing was logged");
	if (b->censored_end)
		text_append_string(&t, b->ongoing ? "; the log ends with it: it may have gone on"
						  : "; it may have gone on while nothing was logged");
	return sentence_take(&t);
}

/* The onset's interval begins with the last record before the gap, the end's lasts to the first one behind it. */
static void begin_in_gap(const struct fold_source *s, const struct burst_span *span, struct burst *b)
{
	int64_t lower_us = moment_of(s, span->gap_start_us).lower_us;
	if (lower_us < b->onset.lower_us) {
		b->gap_before_us = b->onset.lower_us - lower_us;
		b->onset.lower_us = lower_us;
	}
	struct text t = {0};
	text_append_string(&t, "censored: the log has a gap before it, from ");
	sentence_time(&t, fold_utc(s, span->gap_start_us));
	text_append_string(&t, " on: it may have begun in that");
	b->onset.reason = sentence_take(&t);
}

static void end_in_gap(const struct fold_source *s, const struct burst_span *span, struct burst *b)
{
	int64_t upper_us = moment_of(s, span->gap_end_us).upper_us;
	if (upper_us > b->end.upper_us) {
		b->gap_behind_us = upper_us - b->end.upper_us;
		b->end.upper_us = upper_us;
	}
	struct text t = {0};
	text_append_string(&t, "censored: the log has a gap behind it, until ");
	sentence_time(&t, fold_utc(s, span->gap_end_us));
	text_append_string(&t, ": it may have gone on in that");
	memory_free(b->end.reason);
	b->end.reason = sentence_take(&t);
}

/* A clock that was set back within the burst: its last stamp then stands for an instant before that of its first one. It ends as long
 * after the onset as the stamps say, or less. */
static void end_by_stamps(const struct burst_span *span, struct burst *b)
{
	int64_t more_us = b->onset.at_us + (span->last_us - span->first_us) - b->end.at_us;
	b->end.at_us += more_us;
	b->end.upper_us += more_us;
	b->end.lower_us = b->onset.at_us;
	b->end.reason = sentence_copy("its clock was set within the burst: as long after the onset as the stamps say");
}

static void burst_fill(const struct fold *f, size_t source, const struct fold_series *series, const struct burst_span *span,
		       struct burst *b)
{
	const struct fold_source *s = &f->sources[source];
	b->signal = sentence_copy(series->signal);
	b->tier = s->tier;
	b->source = sentence_copy(s->id);
	b->source_index = source;
	b->first_us = span->first_us;
	b->last_us = span->last_us;
	b->uncertainty_us = s->uncertainty_us;
	b->onset = moment_of(s, span->first_us);
	b->end = moment_of(s, span->last_us);
	b->onset_at_source = (struct moment){span->first_us, INSTANT_NONE, INSTANT_NONE, NULL};
	b->count = span->count;
	b->peak = span->peak;
	b->peak_at_us = fold_utc(s, span->peak_at_us);
	b->width_s = span->width_s;
	b->background_ppm = span->background_ppm;
	b->censored_start = span->censored_start;
	b->censored_end = span->censored_end;
	b->ongoing = span->ongoing;
	b->assumed_baseline = span->assumed_baseline;
	if (span->gap_start_us != INSTANT_NONE)
		begin_in_gap(s, span, b);
	else if (b->censored_start)
		b->onset.reason = sentence_copy("censored: nothing was logged right before it, it may have begun earlier");
	if (b->end.at_us < b->onset.at_us)
		end_by_stamps(span, b);
	if (span->gap_end_us != INSTANT_NONE)
		end_in_gap(s, span, b);
	else if (b->censored_end && !b->end.reason)
		b->end.reason = sentence_copy(b->ongoing ? "censored: the log ends with the burst, it may have gone on"
							 : "censored: nothing was logged right after it, it may have gone on");
	b->id = sentence_id("burst", b->signal, s->key, b->onset.at_us);
	b->why = why_text(b, span->met);
	scope_fill(f, b);
	if (span->first_bin < series->n)
		evidence_bin(f, source, &series->bins[span->first_bin], false, &b->evidence);
	if (span->last_bin < series->n && b->count > 1)
		evidence_bin(f, source, &series->bins[span->last_bin], true, &b->evidence);
	exemplars_add(f, b);
}

static int burst_order(const void *a, const void *b)
{
	const struct burst *x = a, *y = b;
	if (x->onset.at_us != y->onset.at_us)
		return x->onset.at_us < y->onset.at_us ? -1 : 1;
	return strcmp(x->id, y->id);
}

/* ---- which there are ---- */

/* The bursts of one signal in one source. */
struct symptom {
	size_t source;
	const struct signal *signal;
	struct burst_span *spans; /* owned; by themselves */
	size_t n;
	struct burst_span *met;   /* owned; when it is known that other logs fail. NULL: none does */
	size_t met_n;
};
struct symptoms {
	struct symptom *items; /* owned; by source, signal */
	size_t n, cap;
};

static struct burst_span *look(const struct fold *f, const struct symptom *x, const struct burst_while *whiles, size_t whiles_n, size_t *n)
{
	const struct fold_source *s = &f->sources[x->source];
	struct fold_series series = symptom_series(f, x->source, x->signal->name);
	struct burst_span *spans = NULL;
	*n = 0;
	if (series.n)
		spans = burst_find_while(&series, s->first_us, s->last_us, s->gaps, s->gaps_n, burst_cap(s, x->signal), whiles, whiles_n, n);
	memory_free(series.bins);
	return spans;
}

/* What the source printed when it was this by its own clock, less its zone. */
static int64_t printed_of(const struct fold_source *s, int64_t uncorrected_us)
{
	int64_t printed_us = uncorrected_us;
	for (int round = 0; round < 2; round++)
		printed_us = uncorrected_us + (printed_us - fold_uncorrected(s, printed_us));
	return printed_us;
}

static bool same_root(const struct fold *f, size_t a, size_t b)
{
	const struct clock_estimate *x = &f->sources[a].clock, *y = &f->sources[b].clock;
	return (x->method && x->root >= 0 ? (size_t)x->root : a) == (y->method && y->root >= 0 ? (size_t)y->root : b);
}

/* The time of a burst in one source by the clock of another, as that prints it, wider by what is not known of the two: by way of the clock
 * that both were compared with, where there is one. False: a minute or more is not known. */
#define WHILE_KNOWN_US MINUTE_US
static bool while_of(const struct fold *f, size_t own, size_t other, const struct burst_span *span, struct burst_while *w)
{
	const struct fold_source *s = &f->sources[own], *o = &f->sources[other];
	int64_t wide_us = o->resolution_us;
	if (same_root(f, own, other)) {
		int64_t apart_us = (s->clock.method ? s->clock.total_us : 0) - (o->clock.method ? o->clock.total_us : 0);
		w->first_us = printed_of(s, fold_uncorrected(o, span->first_us) + apart_us);
		w->last_us = printed_of(s, fold_uncorrected(o, span->last_us) + apart_us);
		wide_us += (s->clock.method ? s->clock.total_uncertainty_us : 0) + (o->clock.method ? o->clock.total_uncertainty_us : 0);
	} else {
		w->first_us = moment_printed(s, fold_utc(o, span->first_us));
		w->last_us = moment_printed(s, fold_utc(o, span->last_us));
		wide_us += s->uncertainty_us + o->uncertainty_us;
	}
	w->first_us -= wide_us;
	w->last_us += wide_us;
	return wide_us < WHILE_KNOWN_US;
}

/* When other logs fail or refuse by what they show themselves, so that no order of sources matters. Those that only wait do not count: some
 * do on any busy day. */
static struct burst_while *whiles_of(const struct fold *f, const struct symptoms *all, size_t own, size_t *n)
{
	struct burst_while *whiles = NULL;
	size_t cap = 0;
	*n = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct symptom *x = &all->items[i];
		if (x->source == own || symptom_waits(x->signal->name) || (!x->signal->visible && !symptom_refuses(x->signal->name)))
			continue;
		for (size_t k = 0; k < x->n; k++) {
			whiles = memory_grow(whiles, &cap, *n + 1, sizeof *whiles);
			*n += while_of(f, own, x->source, &x->spans[k], &whiles[*n]);
		}
	}
	return whiles;
}

static void symptom_tell(const struct fold *f, const struct symptom *x, struct draft *d, size_t *cap)
{
	const struct burst_span *spans = x->met ? x->met : x->spans;
	size_t n = x->met ? x->met_n : x->n;
	struct fold_series series = symptom_series(f, x->source, x->signal->name);
	series.signal = x->signal->name;
	for (size_t i = 0; i < n; i++) {
		d->bursts = memory_grow(d->bursts, cap, d->bursts_n + 1, sizeof *d->bursts);
		burst_fill(f, x->source, &series, &spans[i], &d->bursts[d->bursts_n++]);
	}
	memory_free(series.bins);
}

void symptom_find(const struct fold *f, struct draft *d)
{
	struct symptoms all = {0};
	size_t cap = 0;
	for (size_t i = 0; i < f->n; i++) {
		if (!source_counts(&f->sources[i]) || f->sources[i].first_us == INSTANT_NONE)
			continue;
		for (size_t k = 0; k < signal_count(f->signals); k++) {
			struct symptom x = {.source = i, .signal = signal_at(f->signals, k)};
			if (x.signal->role != ROLE_SYMPTOM)
				continue;
			x.spans = look(f, &x, NULL, 0, &x.n);
			all.items = memory_grow(all.items, &all.cap, all.n + 1, sizeof *all.items);
			all.items[all.n] = x;
			all.n += x.spans != NULL;
		}
	}
	for (size_t i = 0; i < all.n; i++) {
		struct symptom *x = &all.items[i];
		if (!symptom_refuses(x->signal->name))
			continue;
		size_t n = 0;
		struct burst_while *whiles = whiles_of(f, &all, x->source, &n);
		if (n)
			x->met = look(f, x, whiles, n, &x->met_n);
		memory_free(whiles);
	}
	for (size_t i = 0; i < all.n; i++) {
		symptom_tell(f, &all.items[i], d, &cap);
		memory_free(all.items[i].spans);
		memory_free(all.items[i].met);
	}
	memory_free(all.items);
	if (d->bursts_n)
		qsort(d->bursts, d->bursts_n, sizeof *d->bursts, burst_order);
}
