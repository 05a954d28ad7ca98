#include "incident/impact.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/root.h"
#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"
#include "incident/symptom.h"
#include "tally/histogram.h"

struct interval {
	int64_t from_us, to_us; /* UTC */
	enum front_edge edge;
};

static struct known known_of(int64_t value)
{
	return (struct known){true, value, NULL};
}
static struct known unknown_of(const char *reason)
{
	return (struct known){false, 0, sentence_copy(reason)};
}

/* a * b / c, at most INT64_MAX. c > 0. */
static int64_t scaled(uint64_t a, uint64_t b, uint64_t c)
{
	__extension__ typedef unsigned __int128 wide;
	wide value = (wide)a * b / c;
	return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

/* ---- latency ---- */

void latency_sum_add(struct latency_sum *sum, uint16_t bucket, uint64_t n)
{
	if (bucket >= HISTOGRAM_BUCKETS)
		return;
	if (!sum->buckets)
		sum->buckets = memory_new(HISTOGRAM_BUCKETS, sizeof *sum->buckets);
	sum->buckets[bucket] += n;
	sum->n += n;
}

bool latency_sum_percentile(const struct latency_sum *sum, unsigned percent, int64_t *us)
{
	if (!sum->n)
		return false;
	__extension__ typedef unsigned __int128 wide;
	uint64_t rank = (uint64_t)(((wide)sum->n * percent + 99) / 100), seen = 0;
	rank = rank ? rank : 1;
	for (size_t b = 0; b < HISTOGRAM_BUCKETS; b++) {
		seen += sum->buckets[b];
		if (seen >= rank) {
			*us = bucket_middle((unsigned)b);
			return true;
		}
	}
	return false;
}

void latency_sum_release(struct latency_sum *sum)
{
	memory_free(sum->buckets);
	*sum = (struct latency_sum){0};
}

static struct known percentile_of(const struct latency_sum *sum, unsigned percent, const char *reason)
{
	int64_t us;
	return latency_sum_percentile(sum, percent, &us) ? known_of(us) : unknown_of(reason);
}

/* Durations of the requests of an interval; false: no access record has one. */
static bool latency_of(const struct fold *f, const struct front *a, struct interval in, struct latency_sum *sum)
{
	bool any = false;
	for (size_t i = 0; i < a->n; i++) {
		const struct fold_source *s = &f->sources[a->sources[i]];
		int64_t from = moment_printed(s, in.from_us), to = moment_printed(s, in.to_us);
		for (size_t e = 0; e < s->entries_n; e++) {
			const struct part *p = f->tally->entries[s->entries[e]].part;
			any |= p->latency_n > 0;
			for (size_t k = 0; k < p->latency_n; k++)
				if (front_in((int64_t)p->latency[k].start_s * SECOND_US,
					      (int64_t)p->latency_width_s * SECOND_US, from, to, in.edge))
					latency_sum_add(sum, p->latency[k].bucket, p->latency[k].n);
		}
	}
	return any;
}

/* An interval that holds a second of the incident says little about it: those that lie mostly in it, when there is one. */
static void latency_fill(const struct fold *f, const struct front *a, struct interval in, const char *none, struct latency *out)
{
	struct latency_sum sum = {0};
	struct interval mostly = {in.from_us, in.to_us, FRONT_MOSTLY};
	bool any = in.edge == FRONT_DURING && latency_of(f, a, mostly, &sum);
	if (!sum.n)
		any = latency_of(f, a, in, &sum);
	const char *reason = any ? none : "no access record has a duration";
	out->requests = any ? known_of((int64_t)sum.n) : unknown_of(reason);
	out->p50_us = percentile_of(&sum, 50, reason);
	out->p95_us = percentile_of(&sum, 95, reason);
	out->p99_us = percentile_of(&sum, 99, reason);
	latency_sum_release(&sum);
}

/* ---- requests in flight ---- */

/* Busy time per step of an interval, all sources added. */
struct busy_sum {
	uint64_t *us; /* owned */
	size_t n;
	int64_t start_us, step_us;
	bool any; /* some file knows durations */
};

/* Steps of at least 10 s: with stamps of 1 s, in-flight time is right in the mean of ten seconds only (facts/algorithms.md,
 * corrections). At most 8,640 steps, so that an incident of weeks costs no more memory than one of a day. */
static struct busy_sum busy_of(const struct fold *f, const struct front *a, int64_t from_us, int64_t to_us)
{
	enum { STEPS = 8640 };
	struct busy_sum sum = {.step_us = 10 * SECOND_US};
	for (size_t i = 0; i < a->n; i++)
		for (size_t e = 0; e < f->sources[a->sources[i]].entries_n; e++) {
			const struct part *p = f->tally->entries[f->sources[a->sources[i]].entries[e]].part;
			sum.any |= p->busy_known;
			if (p->busy_n && (int64_t)p->busy_width_s * SECOND_US > sum.step_us)
				sum.step_us = (int64_t)p->busy_width_s * SECOND_US;
		}
	while ((to_us - from_us) / sum.step_us >= STEPS)
		sum.step_us *= 2;
	sum.start_us = from_us / sum.step_us * sum.step_us;
	sum.n = to_us < sum.start_us ? 0 : (size_t)((to_us - sum.start_us) / sum.step_us) + 1;
	sum.us = memory_new(sum.n, sizeof *sum.us);
	for (size_t i = 0; i < a->n; i++) {
		const struct fold_source *s = &f->sources[a->sources[i]];
		int64_t shift = from_us - moment_printed(s, from_us);
		for (size_t e = 0; e < s->entries_n; e++) {
			const struct part *p = f->tally->entries[s->entries[e]].part;
			for (size_t k = 0; k < p->busy_n; k++) {
				int64_t at = (int64_t)p->busy[k].start_s * SECOND_US + shift - sum.start_us;
				if (at >= 0 && (uint64_t)(at / sum.step_us) < sum.n)
					sum.us[at / sum.step_us] += p->busy[k].us;
			}
		}
	}
	return sum;
}

static void inflight_fill(const struct fold *f, const struct front *a, int64_t before_us, int64_t onset_us, int64_t end_us,
			  struct impact *out)
{
	static const char no_duration[] = "no access record has a duration";
	struct busy_sum before = busy_of(f, a, before_us, onset_us), during = busy_of(f, a, onset_us, end_us);
	out->inflight_peak_at_us = INSTANT_NONE;
	/* The step that holds the onset belongs to what follows; in the first step the log may only have begun. */
	uint64_t us = 0;
	size_t last = before.n ? before.n - 1 : 0, first = last > 1, steps = last - first;
	for (size_t i = first; i < last; i++)
		us += before.us[i];
	if (before.any && steps)
		out->inflight_before_milli = known_of(scaled(us / steps, 1000, (uint64_t)before.step_us));
	else
		out->inflight_before_milli = unknown_of(before.any ? "no whole interval before the onset" : no_duration);
	uint64_t most = 0;
	for (size_t i = 0; i < during.n; i++)
		if (during.us[i] > most) {
			most = during.us[i];
			out->inflight_peak_at_us = during.start_us + (int64_t)i * during.step_us;
		}
	if (during.any && most)
		out->inflight_peak_milli = known_of(scaled(most, 1000, (uint64_t)during.step_us));
	else
		out->inflight_peak_milli = unknown_of(during.any ? "no request in flight during the incident" : no_duration);
	memory_free(before.us);
	memory_free(during.us);
}

/* ---- endpoints ---- */

static int endpoint_by_path(const void *a, const void *b)
{
	const struct endpoint *x = a, *y = b;
	return strcmp(x->path, y->path);
}

static int endpoint_by_failed(const void *a, const void *b)
{
	const struct endpoint *x = a, *y = b;
	if (x->failed != y->failed)
		return x->failed < y->failed ? 1 : -1;
	if (x->requests != y->requests)
		return x->requests < y->requests ? 1 : -1;
	return strcmp(x->path, y->path);
}

/* Adds up equal paths of different files; returns how many are left. */
static size_t endpoint_merge(struct endpoint *items, size_t n)
{
	size_t kept = 0;
	qsort(items, n, sizeof *items, endpoint_by_path);
	for (size_t i = 0; i < n; i++) {
		if (kept && !strcmp(items[kept - 1].path, items[i].path)) {
			items[kept - 1].requests += items[i].requests;
			items[kept - 1].failed += items[i].failed;
			items[kept - 1].slow += items[i].slow;
		} else {
			items[kept++] = items[i];
		}
	}
	qsort(items, kept, sizeof *items, endpoint_by_failed);
	return kept;
}

/* Which whole intervals the endpoints were counted over. */
struct covered {
	int64_t from_us, to_us; /* UTC; from > to: nothing */
};

static void covered_add(struct covered *c, int64_t utc_us, int64_t width_us)
{
	c->from_us = utc_us < c->from_us ? utc_us : c->from_us;
	c->to_us = utc_us + width_us > c->to_us ? utc_us + width_us : c->to_us;
}

static struct covered endpoints_fill(const struct fold *f, const struct front *a, struct interval in, struct impact *out)
{
	struct endpoint *items = NULL;
	size_t n = 0, cap = 0;
	struct covered covered = {INT64_MAX, INT64_MIN};
	for (size_t i = 0; i < a->n; i++) {
		const struct fold_source *s = &f->sources[a->sources[i]];
		int64_t from = moment_printed(s, in.from_us), to = moment_printed(s, in.to_us);
		for (size_t e = 0; e < s->entries_n; e++) {
			const struct part *p = f->tally->entries[s->entries[e]].part;
			int64_t width_us = (int64_t)p->endpoints_width_s * SECOND_US;
			for (size_t k = 0; k < p->endpoints_n; k++) {
				/* Paths are borrowed until the list is cut: only what is told is copied. */
				struct endpoint sum = {.path = p->endpoints[k].key};
				for (size_t c = 0; c < p->endpoints[k].n; c++) {
					const struct keyed_cell *cell = &p->endpoints[k].cells[c];
					int64_t start = (int64_t)cell->start_s * SECOND_US;
					if (!front_in(start, width_us, from, to, in.edge))
						continue;
					sum.requests += cell->n;
					sum.failed += cell->failed;
					sum.slow += cell->slow;
					covered_add(&covered, fold_utc(s, start), width_us);
				}
				if (!sum.requests)
					continue;
				items = memory_grow(items, &cap, n + 1, sizeof *items);
				items[n++] = sum;
			}
		}
	}
	n = n ? endpoint_merge(items, n) : 0;
	out->endpoints_n = n < IMPACT_ENDPOINTS ? n : IMPACT_ENDPOINTS;
	for (size_t i = 0; i < out->endpoints_n; i++)
		items[i].path = sentence_copy(items[i].path);
	out->endpoints = items;
	return covered;
}

/* ---- distinct clients ---- */

uint64_t distinct_estimate(const uint64_t *hashes, size_t n, bool full, int64_t *error_ppm)
{
	if (!full || n < 3) {
		*error_ppm = 0;
		return n;
	}
	__extension__ typedef unsigned __int128 wide;
	/* 1,000,000 / sqrt(n - 2), without rounding the root first. */
	*error_ppm = (int64_t)root_of(UINT64_C(1000000000000) / (n - 2));
	wide largest = (wide)hashes[n - 1] + 1;
	return (uint64_t)((((wide)(n - 1)) << 64) / largest);
}

static void clients_fill(const struct fold *f, const struct front *a, struct interval in, struct impact *out)
{
	uint64_t *hashes = NULL, cut = UINT64_MAX;
	size_t n = 0, cap = 0;
	bool full = false, any = false;
	struct covered covered = {INT64_MAX, INT64_MIN};
	for (size_t i = 0; i < a->n; i++) {
		const struct fold_source *s = &f->sources[a->sources[i]];
		int64_t from = moment_printed(s, in.from_us), to = moment_printed(s, in.to_us);
		for (size_t e = 0; e < s->entries_n; e++) {
			const struct part *p = f->tally->entries[s->entries[e]].part;
			for (size_t k = 0; k < p->distincts_n; k++) {
				const struct distinct *x = &p->distincts[k];
				int64_t start = (int64_t)x->hour * HOUR_US;
				any = true;
				if (!front_in(start, HOUR_US, from, to, in.edge))
					continue;
				covered_add(&covered, fold_utc(s, start), HOUR_US);
				if (!x->failed_only)
					continue;
				/* A full sample is complete only below its largest hash: so is the union with it. */
				if (x->n >= LIMIT_DISTINCT) {
					full = true;
					cut = x->hashes[x->n - 1] < cut ? x->hashes[x->n - 1] : cut;
				}
				hashes = memory_grow(hashes, &cap, n + x->n, sizeof *hashes);
				memcpy(hashes + n, x->hashes, x->n * sizeof *hashes);
				n += x->n;
			}
		}
	}
	size_t kept = 0;
	if (n)
		qsort(hashes, n, sizeof *hashes, hash_order);
	for (size_t i = 0; i < n; i++)
		if (hashes[i] <= cut && (!kept || hashes[kept - 1] != hashes[i]))
			hashes[kept++] = hashes[i];
	if (any && covered.from_us < covered.to_us) {
		struct text scope = {0};
		int64_t error_ppm;
		out->clients = known_of((int64_t)distinct_estimate(hashes, kept, full, &error_ppm));
		out->clients_error_ppm = known_of(error_ppm);
		text_append_string(&scope, "whole hours, ");
		sentence_time(&scope, covered.from_us);
		text_append_string(&scope, " to ");
		sentence_time(&scope, covered.to_us);
		text_append_string(&scope, " UTC");
		out->clients_scope = sentence_take(&scope);
	} else {
		const char *reason = any ? "no access record during the incident" : "no access record has a client address";
		out->clients = unknown_of(reason);
		out->clients_error_ppm = unknown_of(reason);
	}
	memory_free(hashes);
}

/* ---- all together ---- */

/* Where "before" begins for the incident. */
static int64_t before_from_us(const struct draft *d, const struct incident *in)
{
	int64_t from = in->onset.at_us - IMPACT_BEFORE_US;
	for (size_t i = 0; i < d->incidents_n; i++) {
		const struct incident *other = &d->incidents[i];
		if (other != in && other->end.at_us < in->onset.at_us && other->end.at_us > from)
			from = other->end.at_us;
	}
	return from;
}

static struct known share_of(uint64_t failed, uint64_t requests, const char *reason)
{
	return requests ? known_of(scaled(failed < requests ? failed : requests, 1000000, requests)) : unknown_of(reason);
}

static void nothing_known(struct impact *out, const char *why)
{
	struct known *all[] = {&out->requests, &out->failed, &out->failed_ppm, &out->baseline_failed_ppm, &out->clients,
			       &out->clients_error_ppm, &out->before.p50_us, &out->before.p95_us, &out->before.p99_us,
			       &out->before.requests, &out->during.p50_us, &out->during.p95_us, &out->during.p99_us,
			       &out->during.requests, &out->inflight_before_milli, &out->inflight_peak_milli};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		*all[i] = unknown_of(why);
	out->inflight_peak_at_us = INSTANT_NONE;
	out->reason = sentence_copy(why);
}

static void remark(const struct fold *f, const struct front *a, struct covered endpoints, struct text *t)
{
	if (a->n > 1) {
		text_format(t, "%s%zu sources of tier %s added", t->len ? "; " : "", a->n, tier_name(a->tier));
		for (size_t i = 0; i < a->n && i < 8; i++)
			text_format(t, "%s %s", i ? "," : ":", label_of(f, a->sources[i]));
	}
	if (endpoints.from_us < endpoints.to_us) {
		text_append_string(t, t->len ? "; endpoints are counted from " : "endpoints are counted from ");
		sentence_time(t, endpoints.from_us);
		text_append_string(t, " to ");
		sentence_time(t, endpoints.to_us);
		text_append_string(t, " UTC, in whole intervals; latency in shorter ones, which lie mostly in the incident where there are such");
	}
}

static void failures_evidence(const struct fold *f, const struct front *a, struct interval in, struct impact *out)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct fold_source *s = &f->sources[a->sources[i]];
		const struct fold_series *failed = fold_series_find(s, "http.failed", "", FACET_NONE, "");
		const struct fold_bin *first, *last;
		/* A stamp of a whole second may lie before the onset that it contains. */
		int64_t from = moment_printed(s, in.from_us) - (s->resolution_us > 0 ? s->resolution_us - 1 : 0);
		if (!failed || !symptom_span(failed, from, moment_printed(s, in.to_us), &first, &last))
			continue;
		evidence_bin(f, a->sources[i], first, false, &out->evidence);
		evidence_bin(f, a->sources[i], last, true, &out->evidence);
		return;
	}
}

/* Where the access records begin, UTC: time without a log is no time without requests. */
static int64_t first_record(const struct fold *f, const struct front *a)
{
	int64_t first = INT64_MAX;
	for (size_t i = 0; i < a->n; i++) {
		const struct fold_source *s = &f->sources[a->sources[i]];
		int64_t utc = fold_utc(s, s->first_us);
		first = utc < first ? utc : first;
	}
	return first;
}

/* The interval to count over. A log that prints no zone is counted over its own symptoms too: its clock may be off by minutes,
 * its counts are not. Says so in `remark`. */
static struct interval interval_of(const struct fold *f, const struct front *a, const struct draft *d,
				   const struct incident *in, struct text *remark)
{
	struct interval during = {in->onset.at_us, in->end.at_us, FRONT_DURING};
	size_t source = SIZE_MAX;
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		bool counts = false;
		for (size_t k = 0; k < a->n; k++)
			counts |= a->sources[k] == b->source_index;
		if (!counts || !incident_has(in, b) || !moment_unzoned(&f->sources[b->source_index]))
			continue;
		if (b->onset.at_us < during.from_us || b->end.at_us > during.to_us)
			source = b->source_index;
		during.from_us = b->onset.at_us < during.from_us ? b->onset.at_us : during.from_us;
		during.to_us = b->end.at_us > during.to_us ? b->end.at_us : during.to_us;
	}
	if (source != SIZE_MAX) {
		text_format(remark, "%s prints no zone: counted over its own symptoms too, ", label_of(f, source));
		sentence_time(remark, during.from_us);
		text_append_string(remark, " to ");
		sentence_time(remark, during.to_us);
		text_append_string(remark, " as its stamps are taken");
	}
	return during;
}

/* True when some log of requests was being written in the interval: of a time without a log, no request is not what was met. */
static bool is_covered(const struct fold *f, const struct front *a, struct interval in)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct fold_source *s = &f->sources[a->sources[i]];
		struct moment first = moment_of(s, s->first_us), last = moment_of(s, s->last_us);
		if (first.lower_us <= in.to_us && last.upper_us >= in.from_us)
			return true;
	}
	return false;
}

/* The interval of the incident at the outermost tier of which some log was being written in it: that of another site's load balancer
 * says nothing of it. `inner` holds a tier behind `outer` when it is that one. NULL: no log covers it. */
static const struct front *find_front(const struct fold *f, const struct front *outer, const struct draft *d, const struct incident *in,
				      struct front *inner, struct interval *during, struct text *remarks)
{
	const struct front *a = outer;
	*during = interval_of(f, a, d, in, remarks);
	while (!is_covered(f, a, *during)) {
		remarks->len = 0;
		inner->tier = a->tier;
		if (!front_inner(inner, f))
			return NULL;
		a = inner;
		*during = interval_of(f, a, d, in, remarks);
	}
	if (a == inner)
		text_format(remarks, "%sno log of tier %s covers it: counted in tier %s", remarks->len ? "; " : "", tier_name(outer->tier),
			    tier_name(a->tier));
	return a;
}

static void measure_one(const struct fold *f, const struct front *outer, const struct draft *d, struct incident *in)
{
	struct impact *out = &in->impact;
	if (!outer->n) {
		nothing_known(out, "no log with access records");
		return;
	}
	struct text remarks = {0};
	struct interval during;
	struct front inner = {0};
	const struct front *a = find_front(f, outer, d, in, &inner, &during, &remarks);
	if (!a) {
		nothing_known(out, "no log with access records covers the incident, as far as the zones of their times are known");
		text_release(&remarks);
		return;
	}
	struct interval before = {before_from_us(d, in), during.from_us, FRONT_BEFORE};
	int64_t first = first_record(f, a);
	before.from_us = before.from_us > first ? before.from_us : first;
	out->measured_at = sentence_copy(f->sources[a->sources[0]].id);
	uint64_t requests = front_count(f, a, "http.requests", during.from_us, during.to_us, during.edge);
	uint64_t failed = front_count(f, a, "http.failed", during.from_us, during.to_us, during.edge);
	out->requests = known_of((int64_t)requests);
	out->failed = known_of((int64_t)failed);
	out->failed_ppm = share_of(failed, requests, "no access record during the incident");
	requests = front_count(f, a, "http.requests", before.from_us, before.to_us, before.edge);
	failed = front_count(f, a, "http.failed", before.from_us, before.to_us, before.edge);
	out->baseline_failed_ppm = share_of(failed, requests, "no access record before the onset");
	clients_fill(f, a, during, out);
	struct covered endpoints = endpoints_fill(f, a, during, out);
	latency_fill(f, a, before, "no whole interval with requests before the onset", &out->before);
	latency_fill(f, a, during, "no request with a duration during the incident", &out->during);
	inflight_fill(f, a, before.from_us, during.from_us, during.to_us, out);
	remark(f, a, endpoints, &remarks);
	out->reason = remarks.len ? sentence_take(&remarks) : NULL;
	failures_evidence(f, a, during, out);
	front_release(&inner);
}

void impact_measure(const struct fold *f, const struct front *a, struct draft *d)
{
	for (size_t i = 0; i < d->incidents_n; i++)
		measure_one(f, a, d, &d->incidents[i]);
}
