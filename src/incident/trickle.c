#include "incident/trickle.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/finding.h"
#include "incident/holders.h"
#include "incident/symptom.h"

/* True when an interval, UTC, lies near an incident. */
static bool is_beside(const struct draft *d, int64_t from_us, int64_t to_us)
{
	for (size_t i = 0; i < d->incidents_n; i++)
		if (to_us >= d->incidents[i].onset.at_us - TRICKLE_BESIDE_US && from_us <= d->incidents[i].end.at_us + TRICKLE_BESIDE_US)
			return true;
	return false;
}

/* With its date where the logs are of several days: no title says it. */
static void time_text(struct text *t, const struct draft *d, int64_t us)
{
	if (d->window_start_us / DAY_US != d->window_end_us / DAY_US) {
		sentence_date(t, us, !d->year_unknown);
		text_append_byte(t, ' ');
	}
	sentence_time(t, us);
}

static struct known not_compared(void)
{
	return (struct known){false, 0, sentence_copy("it is all that these logs show outside of incidents")};
}

/* ---- refusals ---- */

static bool bin_is_beside(const struct draft *d, const struct fold_source *s, const struct fold_bin *b)
{
	return is_beside(d, fold_utc(s, symptom_first_us(b)), fold_utc(s, symptom_last_us(b)));
}

/* The one value of a facet that all `n` events outside of incidents have, else NULL. Borrowed. */
static const char *only_value(const struct draft *d, const struct fold_source *s, const struct fold_series *of, enum facet facet, uint64_t n)
{
	for (size_t i = 0; i < s->series_n; i++) {
		const struct fold_series *series = &s->series[i];
		uint64_t outside = 0;
		if (series->facet != facet || strcmp(series->signal, of->signal) || strcmp(series->class, of->class))
			continue;
		for (size_t k = 0; k < series->n; k++)
			outside += bin_is_beside(d, s, &series->bins[k]) ? 0 : series->bins[k].bin.n;
		if (outside)
			return outside == n && strcmp(series->facet_value, "other") ? series->facet_value : NULL;
	}
	return NULL;
}

static void tell_refusals(const struct fold *f, struct draft *d, size_t source, const struct fold_series *series)
{
	const struct fold_source *s = &f->sources[source];
	const struct fold_bin *first = NULL, *last = NULL;
	uint64_t n = 0, most = 0;
	for (size_t i = 0; i < series->n; i++) {
		const struct fold_bin *b = &series->bins[i];
		if (bin_is_beside(d, s, b))
			continue;
		first = first ? first : b;
		last = b;
		n += b->bin.n;
		most = b->bin.n > most ? b->bin.n : most;
	}
	/* Whose clock is not known may have met one of the incidents. */
	if (!n || (d->incidents_n && s->uncertainty_us > FINDING_CLOCK_US))
		return;
	const struct signal *signal = signal_find(f->signals, span_of(series->signal));
	struct moment at = moment_of(s, symptom_first_us(first));
	int64_t end_us = fold_utc(s, symptom_last_us(last));
	struct text t = {0};
	sentence_counted(&t, n, "refusal");
	text_format(&t, " below a burst, no incident: \"%s\" (%s) in %s", signal ? signal->title : series->signal, series->class, label_of(f, source));
	finding_clock(&t, f, d, source);
	text_append_string(&t, n == 1 ? ", at " : ", from ");
	time_text(&t, d, at.at_us);
	if (n > 1) {
		text_append_string(&t, " to ");
		time_text(&t, d, end_us);
		text_append_string(&t, " (");
		sentence_duration(&t, end_us - at.at_us);
		text_append_string(&t, "), at most ");
		sentence_count(&t, most);
		text_format(&t, series->width_s == 1 ? " in a second" : " in %u s", series->width_s);
	}
	const char *user = only_value(d, s, series, FACET_USER, n), *database = only_value(d, s, series, FACET_DATABASE, n);
	if (user) {
		text_append_string(&t, ", of user ");
		finding_quote(&t, span_of(user), 64);
	}
	if (database) {
		text_append_string(&t, user ? ", database " : ", of database ");
		finding_quote(&t, span_of(database), 64);
	}
	text_append_byte(&t, '.');
	struct finding *made = finding_add(&d->findings, f, FINDING_TRICKLE, s->tier, source, &at, series->class, &t);
	made->end_us = n > 1 ? end_us : INSTANT_NONE;
	made->count.value = (int64_t)n;
	made->before = not_compared();
	made->score = (int64_t)n;
	evidence_bin(f, source, first, false, &made->evidence);
	if (n > 1)
		evidence_bin(f, source, last, true, &made->evidence);
}

/* Events of the signals that mean that a connection was refused, or given up, of any source that counts, in [from, to] UTC. */
static bool refused_between(const struct fold *f, int64_t from_us, int64_t to_us)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		for (size_t k = 0; source_counts(s) && k < s->series_n; k++) {
			const struct fold_series *series = &s->series[k];
			bool gave_up = !strcmp(series->signal, "lb.queue_timeout") || !strcmp(series->signal, "backend.queue_full") ||
				       !strcmp(series->signal, "lb.no_backend");
			if (series->facet == FACET_NONE && (gave_up || symptom_refuses(series->signal)) &&
			    symptom_count(series, moment_printed(s, from_us), moment_printed(s, to_us)))
				return true;
		}
	}
	return false;
}

/* ---- connections near their limit ---- */

/* A stretch in which they were. */
struct near {
	int64_t from_us, to_us; /* as printed */
	int64_t peak, peak_us;
};

static void tell_near(const struct fold *f, struct draft *d, size_t source, const struct near *n, const struct holders *limit)
{
	const struct fold_source *s = &f->sources[source];
	int64_t from_us = fold_utc(s, n->from_us), to_us = fold_utc(s, n->to_us);
	if (is_beside(d, from_us, to_us) || refused_between(f, from_us - TRICKLE_BESIDE_US, to_us + TRICKLE_BESIDE_US))
		return;
	struct moment at = moment_of(s, n->peak_us);
	struct text t = {0};
	text_append_string(&t, "Near its limit, none refused: at least ");
	sentence_count(&t, (uint64_t)n->peak);
	text_append_string(&t, " of ");
	sentence_count(&t, (uint64_t)limit->limit.value);
	text_append_string(&t, " connections were open at ");
	time_text(&t, d, at.at_us);
	text_format(&t, " (%s); ", limit->limit_how);
	text_format(&t, "%d %% or more for ", TRICKLE_NEAR_PERCENT);
	sentence_duration(&t, to_us - from_us);
	text_append_byte(&t, '.');
	struct finding *made = finding_add(&d->findings, f, FINDING_NEAR_MISS, s->tier, source, &at, "connections", &t);
	made->end_us = to_us;
	made->count.value = n->peak;
	made->before = (struct known){false, 0, sentence_copy("a level is not compared with the time before")};
	made->score = n->peak * 1000000 / limit->limit.value;
}

static void find_near(const struct fold *f, struct draft *d, size_t source)
{
	const struct fold_source *s = &f->sources[source];
	struct session_cell *levels;
	size_t n = holders_levels(f, source, HOLDER_USER, NULL, &levels);
	struct holders limit = {0};
	struct near near = {0};
	if (n && holders_limit(f, source, s->last_us, &limit)) {
		for (size_t i = 0; i < n; i++) {
			int64_t at_us = (int64_t)levels[i].start_s * SECOND_US;
			/* More than the limit: the reserved slots, or sessions whose end is not logged; no near miss can be read from that. */
			bool is_near = (int64_t)levels[i].delta * 100 >= limit.limit.value * TRICKLE_NEAR_PERCENT && levels[i].delta <= limit.limit.value;
			if (is_near && !near.peak)
				near.from_us = at_us;
			if (is_near && levels[i].delta > near.peak) {
				near.peak = levels[i].delta;
				near.peak_us = at_us;
			}
			near.to_us = at_us;
			if (!is_near && near.peak) {
				tell_near(f, d, source, &near, &limit);
				near.peak = 0;
			}
		}
		near.to_us = s->last_us > near.to_us ? s->last_us : near.to_us;
		if (near.peak)
			tell_near(f, d, source, &near, &limit);
	}
	memory_free(limit.limit.reason);
	memory_free(limit.limit_how);
	memory_free(levels);
}

/* ---- queues that drained ---- */

static const struct {
	enum metric metric;
	uint64_t least; /* in the metric's unit */
	const char *what;
} queues[] = {
	{METRIC_LB_BACKEND_QUEUE, 5, "requests waited in the load balancer's queue"},
	{METRIC_POOL_WAIT_TIME, 100000, "is how long clients of the pooler waited for a server connection on average"},
};

static void find_queue(const struct fold *f, struct draft *d, size_t source, size_t queue)
{
	const struct fold_source *s = &f->sources[source];
	const struct number_cell *peak = NULL;
	const char *key = "";
	uint32_t part = 0;
	uint64_t n = 0;
	__extension__ typedef unsigned __int128 wide;
	wide sum = 0;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = f->tally->entries[s->entries[e]].part;
		for (size_t g = 0; g < p->gauges_n; g++)
			for (size_t k = 0; !strcmp(p->gauges[g].name, metric_name(queues[queue].metric)) && k < p->gauges[g].n; k++) {
				const struct number_cell *c = &p->gauges[g].cells[k];
				int64_t at_us = fold_utc(s, c->max_at_us);
				n += c->n;
				sum += c->sum;
				if ((!peak || c->max > peak->max || (c->max == peak->max && c->max_at_us < peak->max_at_us)) && !is_beside(d, at_us, at_us)) {
					peak = c;
					part = s->entries[e];
					key = p->gauges[g].key;
				}
			}
	}
	if (!peak || peak->max < queues[queue].least || (wide)peak->max * n < sum * TRICKLE_TIMES)
		return;
	int64_t peak_us = fold_utc(s, peak->max_at_us);
	if (refused_between(f, peak_us - TRICKLE_BESIDE_US, peak_us + TRICKLE_BESIDE_US))
		return;
	struct moment at = moment_of(s, peak->max_at_us);
	struct text t = {0};
	text_append_string(&t, "A queue that drained, nobody refused: ");
	if (queues[queue].metric == METRIC_POOL_WAIT_TIME)
		sentence_duration(&t, (int64_t)peak->max);
	else
		sentence_count(&t, peak->max);
	text_format(&t, " %s", queues[queue].what);
	if (*key) {
		text_append_string(&t, " for ");
		finding_quote(&t, span_of(key), 64);
	}
	text_append_string(&t, " at ");
	time_text(&t, d, at.at_us);
	text_format(&t, " (%s).", label_of(f, source));
	struct finding *made = finding_add(&d->findings, f, FINDING_NEAR_MISS, s->tier, source, &at, metric_name(queues[queue].metric), &t);
	made->count.value = (int64_t)peak->max;
	made->before = (struct known){false, 0, sentence_copy("the largest outside of incidents is told")};
	fold_evidence(f, source, part, peak->max_line, peak->max_offset, peak->max_length, &made->evidence);
}

/* Leaves TRICKLE_MOST of each kind; the list is not sorted yet: the largest scores stay. */
static int by_score(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int order = strcmp(y->kind, x->kind); /* trickles first */
	if (order)
		return order;
	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	if (x->at.at_us != y->at.at_us)
		return x->at.at_us < y->at.at_us ? -1 : 1;
	return strcmp(x->id, y->id);
}

static void bound(struct finding_list *list)
{
	size_t kept = 0, of_kind = 0;
	if (list->n)
		qsort(list->items, list->n, sizeof *list->items, by_score);
	for (size_t i = 0; i < list->n; i++) {
		of_kind = kept && !strcmp(list->items[kept - 1].kind, list->items[i].kind) ? of_kind + 1 : 1;
		if (of_kind <= TRICKLE_MOST) {
			list->items[kept++] = list->items[i];
			continue;
		}
		finding_release(&list->items[i]);
		list->more++;
	}
	list->n = kept;
}

void trickle_find(const struct fold *f, struct draft *d)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		if (!source_counts(s) || s->first_us == INSTANT_NONE)
			continue;
		for (size_t k = 0; k < s->series_n; k++)
			if (s->series[k].facet == FACET_NONE && symptom_refuses(s->series[k].signal))
				tell_refusals(f, d, i, &s->series[k]);
		if (s->tier == TIER_DB)
			find_near(f, d, i);
		for (size_t k = 0; k < sizeof queues / sizeof *queues; k++)
			find_queue(f, d, i, k);
	}
	bound(&d->findings);
}
