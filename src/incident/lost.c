#include "incident/lost.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/deviance.h"
#include "incident/finding.h"
#include "tally/sample.h"

/* Up to which hash the sample of a printed hour has every id. */
struct complete {
	uint32_t hour;
	uint64_t hash;
};

/* When a request was under way, as far as its clock may be off, and when it was logged: UTC. */
struct request {
	uint64_t hash;
	int64_t from_us, to_us, at_us;
};

/* The ids of one source. */
struct ids {
	size_t source;
	struct sampled_id *items; /* owned; by hash, first_us; a request in two hours, or two files, stands twice */
	size_t n, cap;
	struct complete *hours; /* owned; by hour, each once */
	size_t hours_n, hours_cap;
	struct request *requests; /* owned; each once */
	size_t requests_n;
};

static int id_order(const void *a, const void *b)
{
	const struct sampled_id *x = a, *y = b;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->first_us < y->first_us ? -1 : x->first_us > y->first_us;
}

static int hour_order(const void *a, const void *b)
{
	const struct complete *x = a, *y = b;
	if (x->hour != y->hour)
		return x->hour < y->hour ? -1 : 1;
	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

static void add_part(struct ids *ids, const struct part *p)
{
	uint64_t complete;
	for (size_t i = 0, n; p->ids_are_requests && i < p->ids_n; i += n) {
		n = sample_hour(&p->ids[i], p->ids_n - i, &complete);
		ids->hours = memory_grow(ids->hours, &ids->hours_cap, ids->hours_n + 1, sizeof *ids->hours);
		ids->hours[ids->hours_n++] = (struct complete){p->ids[i].hour, complete};
		ids->items = memory_grow(ids->items, &ids->cap, ids->n + n, sizeof *ids->items);
		memcpy(ids->items + ids->n, p->ids + i, n * sizeof *ids->items);
		ids->n += n;
	}
}

static struct ids ids_of(const struct fold *f, size_t source)
{
	struct ids ids = {.source = source};
	const struct fold_source *s = &f->sources[source];
	size_t kept = 0;
	for (size_t e = 0; e < s->entries_n; e++)
		add_part(&ids, f->tally->entries[s->entries[e]].part);
	if (ids.n)
		qsort(ids.items, ids.n, sizeof *ids.items, id_order);
	if (ids.hours_n)
		qsort(ids.hours, ids.hours_n, sizeof *ids.hours, hour_order);
	for (size_t i = 0; i < ids.hours_n; i++) /* sorted: the first of an hour is its smallest */
		if (!kept || ids.hours[kept - 1].hour != ids.hours[i].hour)
			ids.hours[kept++] = ids.hours[i];
	ids.hours_n = kept;
	ids.requests = memory_new(ids.n, sizeof *ids.requests);
	for (size_t i = 0; i < ids.n; i++) {
		const struct sampled_id *id = &ids.items[i];
		if (i && ids.items[i - 1].hash == id->hash && ids.items[i - 1].last_us == id->last_us)
			continue; /* two of its files have it */
		int64_t at_us = fold_utc(s, id->last_us), took_us = id->duration_us > 0 ? id->duration_us : 0;
		ids.requests[ids.requests_n++] = (struct request){id->hash, fold_utc(s, id->first_us) - took_us - s->uncertainty_us,
								  at_us + s->uncertainty_us, at_us};
	}
	return ids;
}

/* True when the sample of every hour in [from, to], as printed, has every id up to this hash. */
static bool is_complete(const struct ids *ids, int64_t from_us, int64_t to_us, uint64_t hash)
{
	for (int64_t hour = from_us / HOUR_US; hour <= to_us / HOUR_US; hour++) {
		struct complete want = {(uint32_t)hour, 0};
		size_t low = 0, high = ids->hours_n;
		while (low < high) {
			size_t middle = low + (high - low) / 2;
			if (ids->hours[middle].hour < want.hour)
				low = middle + 1;
			else
				high = middle;
		}
		/* An hour of which nothing is kept may have been dropped. */
		if (low == ids->hours_n || ids->hours[low].hour != want.hour || hash > ids->hours[low].hash)
			return false;
	}
	return true;
}

static bool has_id(const struct ids *ids, uint64_t hash, int64_t from_us, int64_t to_us)
{
	size_t low = 0, high = ids->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ids->items[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < ids->n && ids->items[low].hash == hash; low++)
		if (ids->items[low].last_us >= from_us && ids->items[low].first_us <= to_us)
			return true;
	return false;
}

/* ---- is a request missing? ---- */

enum presence { NOT_COMPARED, PRESENT, MISSING };

/* What a source says of a request that was under way between two instants, UTC. */
static enum presence ask(const struct fold *f, const struct ids *ids, uint64_t hash, int64_t start_us, int64_t end_us)
{
	const struct fold_source *s = &f->sources[ids->source];
	int64_t slack_us = LOST_SLACK_US + s->uncertainty_us;
	int64_t from_us = moment_printed(s, start_us) - slack_us, to_us = moment_printed(s, end_us) + slack_us;
	if (has_id(ids, hash, from_us, to_us))
		return PRESENT;
	bool outside = to_us < s->first_us || from_us > s->last_us; /* its log says nothing of that time at all */
	if (outside)
		return MISSING;
	if (from_us < s->first_us || to_us > s->last_us)
		return NOT_COMPARED;
	for (size_t i = 0; i < s->gaps_n; i++)
		if (s->gaps[i].start_us <= to_us && s->gaps[i].end_us >= from_us)
			return NOT_COMPARED;
	return is_complete(ids, from_us, to_us, hash) ? MISSING : NOT_COMPARED;
}

struct compared {
	uint64_t n, missing, n_before, missing_before;
	int64_t first_us, last_us; /* missing ones of the incident, UTC */
};

static bool covers(const struct fold *f, const struct ids *lower, size_t n, int64_t start_us, int64_t end_us)
{
	for (size_t i = 0; i < n; i++) {
		const struct fold_source *s = &f->sources[lower[i].source];
		if (moment_printed(s, start_us) >= s->first_us && moment_printed(s, end_us) <= s->last_us)
			return true;
	}
	return false;
}

static void compare(const struct fold *f, const struct draft *d, const struct incident *in, const struct ids *upper, const struct ids *lower,
		    size_t lower_n, struct compared *c)
{
	int64_t before_us = in->onset.at_us - LOST_BEFORE_US;
	for (size_t i = 0; i < d->incidents_n; i++)
		if (&d->incidents[i] != in && d->incidents[i].onset.at_us <= in->onset.at_us && d->incidents[i].end.at_us > before_us)
			before_us = d->incidents[i].end.at_us;
	for (size_t i = 0; i < upper->requests_n; i++) {
		const struct request *r = &upper->requests[i];
		bool inside = r->at_us >= in->onset.at_us && r->at_us <= in->end.at_us, before = r->at_us < in->onset.at_us && r->from_us >= before_us;
		if ((!inside && !before) || !covers(f, lower, lower_n, r->from_us, r->to_us))
			continue;
		enum presence presence = MISSING;
		for (size_t k = 0; k < lower_n && presence != PRESENT; k++) {
			enum presence said = ask(f, &lower[k], r->hash, r->from_us, r->to_us);
			presence = said == MISSING ? presence : said;
		}
		if (presence == NOT_COMPARED)
			continue;
		c->n += inside;
		c->n_before += before;
		c->missing_before += before && presence == MISSING;
		if (!inside || presence != MISSING)
			continue;
		c->first_us = !c->missing || r->at_us < c->first_us ? r->at_us : c->first_us;
		c->last_us = !c->missing || r->at_us > c->last_us ? r->at_us : c->last_us;
		c->missing++;
	}
}

static void share_text(struct text *t, uint64_t n, uint64_t of)
{
	sentence_count(t, n);
	text_append_string(t, " of ");
	sentence_count(t, of);
}

static void tell(const struct fold *f, struct incident *in, enum tier upper, enum tier lower, const struct compared *c)
{
	struct text t = {0};
	text_append_string(&t, "Of ");
	sentence_counted(&t, c->n, "sampled request");
	text_format(&t, " that the %s logged in the incident, ", sentence_tier(upper));
	sentence_count(&t, c->missing);
	text_format(&t, c->missing == 1 ? " is not in the logs of the %s (before: " : " are not in the logs of the %s (before: ", sentence_tier(lower));
	share_text(&t, c->missing_before, c->n_before);
	text_append_string(&t, "): they did not get there, or their lines are lost.");
	struct moment at = {c->first_us, c->first_us, c->first_us + 1, NULL};
	/* Which of the tier's logs has it does not matter: known as well as by the worst of them. */
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		if (s->tier != upper || s->first_us == INSTANT_NONE)
			continue;
		struct moment m = moment_of(s, moment_printed(s, c->first_us));
		at.lower_us = m.lower_us < at.lower_us ? m.lower_us : at.lower_us;
		at.upper_us = m.upper_us > at.upper_us ? m.upper_us : at.upper_us;
	}
	struct finding *made = finding_add(&in->findings, f, FINDING_REQUESTS_LOST, upper, SIZE_MAX, &at, sentence_tier(lower), &t);
	made->count.value = (int64_t)c->missing;
	made->before.value = (int64_t)c->missing_before;
	made->end_us = c->last_us;
	made->score = (int64_t)(c->missing * 1000000 / c->n);
}

static void ids_free(struct ids *ids)
{
	memory_free(ids->items);
	memory_free(ids->hours);
	memory_free(ids->requests);
}

/* Sources of a tier whose clock can be compared and that log request ids. The caller releases. */
static struct ids *tier_ids(const struct fold *f, enum tier tier, size_t *n)
{
	struct ids *all = memory_new(f->n, sizeof *all);
	*n = 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		if (s->tier != tier || !source_counts(s) || s->first_us == INSTANT_NONE || s->uncertainty_us > FINDING_CLOCK_US)
			continue;
		struct ids ids = ids_of(f, i);
		if (ids.n)
			all[(*n)++] = ids;
		else
			ids_free(&ids);
	}
	return all;
}

static void ids_release(struct ids *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ids_free(&all[i]);
	memory_free(all);
}

void lost_find(const struct fold *f, struct draft *d)
{
	static const enum tier order[] = {TIER_LB, TIER_WEB, TIER_APP};
	struct ids *upper = NULL;
	size_t upper_n = 0;
	enum tier upper_tier = TIER_UNKNOWN;
	for (size_t k = 0; d->incidents_n && k < sizeof order / sizeof *order; k++) {
		size_t n;
		struct ids *lower = tier_ids(f, order[k], &n);
		if (!n) {
			ids_release(lower, n);
			continue;
		}
		for (size_t i = 0; i < d->incidents_n; i++) {
			struct compared c = {0};
			for (size_t u = 0; u < upper_n; u++)
				compare(f, d, &d->incidents[i], &upper[u], lower, n, &c);
			if (c.n_before >= LOST_BEFORE && c.missing_before * 10 <= c.n_before && c.missing >= LOST_LEAST &&
			    deviance_milli(c.missing, deviance_expected(c.missing_before, c.n, c.n_before)) >= LOST_MILLI)
				tell(f, &d->incidents[i], upper_tier, order[k], &c);
		}
		ids_release(upper, upper_n);
		upper = lower;
		upper_n = n;
		upper_tier = order[k];
	}
	ids_release(upper, upper_n);
}
