#include "incident/incident.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/retried.h"
#include "incident/symptom.h"

int incident_depth(enum tier tier)
{
	switch (tier) {
	case TIER_DB:
		return 5;
	case TIER_POOL:
		return 4;
	case TIER_APP:
		return 3;
	case TIER_WEB:
		return 2;
	case TIER_LB:
		return 1;
	case TIER_UNKNOWN:
	case TIER_CHANGE:
	case TIER_HUMAN:
	case TIER_COUNT:
		break;
	}
	return 0;
}

bool incident_has(const struct incident *in, const struct burst *b)
{
	return b->incident && in->id && !strcmp(b->incident, in->id);
}

/* ---- which bursts are linked ---- */

/* What has to be known of each burst before it is linked. */
struct about {
	bool unzoned; /* its clock prints no zone: nothing is asked of it where others are */
	bool retried; /* no user met it, and it was over (incident/retried.h): linked with nothing, and no incident */
};

struct reach {
	int64_t start_us, end_us;
	size_t burst;
};

/* Position of each tier among those that have a burst in a stretch of time; -1: everybody's neighbour. A tier that is read but
 * shows no burst then is no barrier: an app may log its failures in words that nobody knows, and a pooler may be passed by. */
struct ladder {
	int step[TIER_COUNT];
};

static struct ladder ladder_of(const struct draft *d, const struct reach *reaches, size_t n)
{
	static const enum tier order[] = {TIER_LB, TIER_WEB, TIER_APP, TIER_POOL, TIER_DB};
	bool present[TIER_COUNT] = {false};
	for (size_t i = 0; i < n; i++)
		present[d->bursts[reaches[i].burst].tier] = true;
	struct ladder l;
	for (size_t t = 0; t < TIER_COUNT; t++)
		l.step[t] = -1;
	int step = 0;
	for (size_t k = 0; k < sizeof order / sizeof *order; k++)
		if (present[order[k]])
			l.step[order[k]] = step++;
	return l;
}

static bool neighbours(const struct ladder *l, enum tier a, enum tier b)
{
	if (l->step[a] < 0 || l->step[b] < 0)
		return true;
	int apart = l->step[a] - l->step[b];
	return apart >= -1 && apart <= 1;
}

static int reach_order(const void *a, const void *b)
{
	const struct reach *x = a, *y = b;
	if (x->start_us != y->start_us)
		return x->start_us < y->start_us ? -1 : 1;
	return x->burst < y->burst ? -1 : x->burst > y->burst;
}

static size_t root_of(size_t *parent, size_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

/* The smaller index becomes the root: groups are then in the order of their first bursts. */
static void join(size_t *parent, size_t a, size_t b)
{
	a = root_of(parent, a);
	b = root_of(parent, b);
	if (a < b)
		parent[b] = a;
	else
		parent[a] = b;
}

/* Links overlapping reaches of one stretch, sorted. One look per tier is enough: of all bursts of a tier that started earlier,
 * those that still reach this start overlap each other and are one group, which the one that reaches furthest stands for. */
static void sweep(const struct reach *reaches, size_t n, const struct draft *d, size_t *parent)
{
	struct ladder l = ladder_of(d, reaches, n);
	const struct reach *furthest[TIER_COUNT] = {NULL};
	for (size_t i = 0; i < n; i++) {
		const struct reach *r = &reaches[i];
		enum tier tier = d->bursts[r->burst].tier;
		for (size_t t = 0; t < TIER_COUNT; t++)
			if (furthest[t] && furthest[t]->end_us >= r->start_us && neighbours(&l, tier, (enum tier)t))
				join(parent, furthest[t]->burst, r->burst);
		if (!furthest[tier] || furthest[tier]->end_us < r->end_us)
			furthest[tier] = r;
	}
}

/* Sorts the reaches and looks at each stretch of time without a hole by itself: which tiers are neighbours in one outage does not
 * depend on what fell in another. */
static void sweep_stretches(struct reach *reaches, size_t n, const struct draft *d, size_t *parent)
{
	if (n)
		qsort(reaches, n, sizeof *reaches, reach_order);
	for (size_t i = 0, end; i < n; i = end) {
		int64_t end_us = reaches[i].end_us;
		for (end = i + 1; end < n && reaches[end].start_us <= end_us; end++)
			end_us = reaches[end].end_us > end_us ? reaches[end].end_us : end_us;
		sweep(reaches + i, end - i, d, parent);
	}
}

/* Distance in time of two bursts, both clocks taken as they are; 0 when they overlap. */
static int64_t apart_us(const struct burst *a, const struct burst *b)
{
	if (a->onset.at_us > b->end.at_us)
		return a->onset.at_us - b->end.at_us;
	if (b->onset.at_us > a->end.at_us)
		return b->onset.at_us - a->end.at_us;
	return 0;
}

/* A burst whose clock has no zone could be anywhere within hours: it joins the one group that is nearest when the clock is
 * taken at its word, and never ties two groups together. Returns whether it found one. */
static bool attach(const struct draft *d, const struct about *about, size_t burst, size_t *parent)
{
	const struct burst *b = &d->bursts[burst];
	size_t best = SIZE_MAX;
	int64_t best_us = b->uncertainty_us + 2 * d->numbers.link_us;
	for (size_t i = 0; i < d->bursts_n; i++) {
		if (about[i].unzoned || about[i].retried)
			continue;
		int64_t us = apart_us(b, &d->bursts[i]);
		if (us < best_us || (us == best_us && best == SIZE_MAX)) {
			best = i;
			best_us = us;
		}
	}
	if (best == SIZE_MAX)
		return false;
	join(parent, best, burst);
	return true;
}

/* By log and signal, then as they stand in the draft: by onset. */
static int said_order(const void *a, const void *b)
{
	const struct burst *x = *(const struct burst *const *)a, *y = *(const struct burst *const *)b;
	if (x->source_index != y->source_index)
		return x->source_index < y->source_index ? -1 : 1;
	int order = strcmp(x->signal, y->signal);
	return order ? order : x < y ? -1 : x > y;
}

/* What a log says again and again in one outage is of that outage each time: a burst between two of the same log and signal that are linked
 * is linked with them, although the tier between it and the others was quiet just then. */
static void join_between(const struct draft *d, const struct about *about, size_t *parent)
{
	const struct burst **order = memory_new(d->bursts_n, sizeof *order);
	size_t *last = memory_new(d->bursts_n, sizeof *last); /* of a root: behind the last place in this run that has it; 0: none */
	size_t n = 0;
	for (size_t i = 0; i < d->bursts_n; i++)
		if (!about[i].unzoned)
			order[n++] = &d->bursts[i];
	if (n)
		qsort(order, n, sizeof *order, said_order);
	for (size_t first = 0, end; first < n; first = end) {
		for (end = first; end < n && order[end]->source_index == order[first]->source_index && !strcmp(order[end]->signal, order[first]->signal); end++) {
			size_t at = (size_t)(order[end] - d->bursts);
			for (size_t k = last[root_of(parent, at)]; k && k < end; k++)
				join(parent, (size_t)(order[k] - d->bursts), at);
			last[root_of(parent, at)] = end + 1;
		}
		memset(last, 0, d->bursts_n * sizeof *last);
	}
	memory_free(last);
	memory_free(order);
}

static size_t *link_bursts(const struct draft *d, const struct about *about)
{
	size_t *parent = memory_new(d->bursts_n, sizeof *parent);
	struct reach *reaches = memory_new(d->bursts_n, sizeof *reaches);
	size_t n = 0;
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		parent[i] = i;
		if (!about[i].unzoned && !about[i].retried)
			reaches[n++] = (struct reach){b->onset.lower_us + b->gap_before_us - d->numbers.link_us,
						      b->end.upper_us - b->gap_behind_us + d->numbers.link_us, i};
	}
	sweep_stretches(reaches, n, d, parent);
	n = 0;
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		if (about[i].unzoned && !about[i].retried && !attach(d, about, i, parent))
			reaches[n++] = (struct reach){b->onset.at_us - d->numbers.link_us, b->end.at_us + d->numbers.link_us, i};
	}
	sweep_stretches(reaches, n, d, parent);
	join_between(d, about, parent);
	memory_free(reaches);
	for (size_t i = 0; i < d->bursts_n; i++)
		parent[i] = root_of(parent, i);
	return parent;
}

/* ---- from a group to an incident ---- */

struct group {
	const struct burst *first;   /* smallest upper bound; the deepest on ties */
	const struct burst *last;    /* whose last event ends the incident */
	const struct burst *unzoned_last; /* visible, of those whose clock was not asked: the one that ends last; NULL: none */
	int64_t lower_us, start_us, end_us;
	size_t n, left_out;          /* bursts; those whose clock was not asked */
	bool refuses, visible, last_visible, zoned;
	bool retried;                /* all of it */
	bool hard;                   /* something failed: not only slowness and clients that left */
	uint64_t affected;           /* events of the largest burst */
};

/* True when `b` is the better first burst. */
static bool is_first(const struct burst *b, const struct burst *than)
{
	if (!than || b->onset.upper_us != than->onset.upper_us)
		return !than || b->onset.upper_us < than->onset.upper_us;
	if (b->tier != than->tier)
		return incident_depth(b->tier) > incident_depth(than->tier);
	return strcmp(b->id, than->id) < 0;
}

static void group_time(struct group *g, const struct burst *b, bool visible)
{
	int64_t lower_us = b->onset.lower_us + b->gap_before_us;
	if (!g->first || lower_us < g->lower_us)
		g->lower_us = lower_us;
	if (!g->first || b->onset.at_us < g->start_us)
		g->start_us = b->onset.at_us;
	if (!g->first || b->end.at_us > g->end_us)
		g->end_us = b->end.at_us;
	if (is_first(b, g->first))
		g->first = b;
	bool later = !g->last || visible > g->last_visible ||
		     (visible == g->last_visible && b->end.at_us > g->last->end.at_us);
	if (later) {
		g->last = b;
		g->last_visible = visible;
	}
}

static struct group group_of(const struct fold *f, const struct draft *d, const size_t *root, const struct about *about, size_t at)
{
	struct group g = {.retried = true};
	for (size_t i = at; i < d->bursts_n; i++)
		g.zoned |= root[i] == at && !about[i].unzoned;
	for (size_t i = at; i < d->bursts_n; i++) {
		if (root[i] != at)
			continue;
		const struct burst *b = &d->bursts[i];
		bool visible = symptom_visible(f, b);
		g.n++;
		g.retried &= about[i].retried;
		g.refuses |= symptom_refuses(b->signal);
		g.visible |= visible;
		g.hard |= !symptom_waits(b->signal);
		g.affected = b->count > g.affected ? b->count : g.affected;
		if (!about[i].unzoned || !g.zoned) {
			group_time(&g, b, visible);
			continue;
		}
		g.left_out++;
		if (visible && (!g.unzoned_last || b->end.at_us > g.unzoned_last->end.at_us))
			g.unzoned_last = b;
	}
	return g;
}

static bool is_incident(const struct fold *f, const struct front *a, const struct group *g)
{
	bool lasts = g->end_us - g->start_us >= INCIDENT_LEAST_S * SECOND_US;
	if (g->retried)
		return false;
	if (g->refuses || (lasts && g->hard))
		return true;
	uint64_t requests = front_count(f, a, "http.requests", g->start_us, g->end_us, FRONT_DURING);
	uint64_t failed = front_count(f, a, "http.failed", g->start_us, g->end_us, FRONT_DURING);
	if (!g->visible)
		return failed >= INCIDENT_LEAST_FAILURES;
	if (lasts)
		failed = g->affected > failed ? g->affected : failed;
	/* Without access records nobody can say what share a visible burst was: told rather than dropped. */
	return !requests || failed >= requests / (1000000 / INCIDENT_LEAST_PPM) + (requests % (1000000 / INCIDENT_LEAST_PPM) > 0);
}

/* `other`: the log that shows the time before a censored first burst to be free of it; NULL: none does. */
static char *onset_reason(const struct fold *f, const struct group *g, const struct burst *other)
{
	struct text t = {0};
	text_format(&t, "first event of %s in %s", g->first->signal, label_of(f, g->first->source_index));
	if (other)
		text_format(&t, "; that log says nothing right before it, but %s, which met it too, was written then and shows none of it",
			    label_of(f, other->source_index));
	else if (g->first->onset.reason)
		text_format(&t, "; %s", g->first->onset.reason);
	if (g->left_out) {
		text_append_string(&t, "; ");
		sentence_counted(&t, g->left_out, "burst");
		text_append_string(&t, " of sources that print no zone did not count for the onset");
	} else if (!g->zoned) {
		text_append_string(&t, "; no source of the incident prints its zone: it is assumed");
	}
	return sentence_take(&t);
}

/* A log can begin with its first refusal because it only speaks in trouble. Another log, that was written well before the
 * onset and shows no symptom until then, says that it was not on already. */
#define SEEN_BEFORE_US (10 * SECOND_US)
static const struct burst *seen_before(const struct fold *f, const struct draft *d, const struct incident *in, const struct burst *first)
{
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		const struct fold_source *s = &f->sources[b->source_index];
		if (incident_has(in, b) && b->source_index != first->source_index && !b->censored_start && !moment_vague(s) &&
		    !moment_before(&first->onset, &b->onset) &&
		    fold_utc(s, s->first_us) <= in->onset.lower_us - SEEN_BEFORE_US)
			return b;
	}
	return NULL;
}

static void onset_judge(const struct fold *f, const struct draft *d, struct incident *in, const struct group *g)
{
	const struct burst *other = g->first->censored_start ? seen_before(f, d, in, g->first) : NULL;
	in->censored_start = g->first->censored_start && !other;
	in->gap_before = in->censored_start && g->first->gap_before_us;
	if (in->gap_before && g->first->onset.lower_us < in->onset.lower_us)
		in->onset.lower_us = g->first->onset.lower_us;
	in->onset.reason = onset_reason(f, g, other);
}

/* The end lies where the clocks are known; a log that prints no zone and saw users fail for longer moves its upper bound. */
static void end_later(const struct fold *f, const struct burst *later, struct moment *end)
{
	struct text t = {0};
	if (end->reason)
		text_format(&t, "%s; ", end->reason);
	text_append_string(&t, "it may have gone on until ");
	sentence_time(&t, later->end.at_us);
	text_format(&t, ", the last symptom in %s, which prints no zone", label_of(f, later->source_index));
	memory_free(end->reason);
	end->reason = sentence_take(&t);
	/* A stamp holds its whole resolution, and a clock that prints no zone is no better than one that does. */
	int64_t upper_us = later->end.at_us + f->sources[later->source_index].resolution_us + CLOCK_ASSUMED_SKEW_US;
	if (upper_us > end->upper_us)
		end->upper_us = upper_us;
}

static void incident_fill(const struct fold *f, const struct group *g, struct incident *in)
{
	in->id = sentence_id("incident", g->first->signal, f->sources[g->first->source_index].key, g->first->onset.at_us);
	in->onset = (struct moment){g->first->onset.at_us, g->lower_us, g->first->onset.upper_us, NULL};
	/* The last visible event can lie before the first event when stamps are coarse: then the first burst's end it is. */
	in->end = moment_copy(g->last->end.at_us >= in->onset.at_us ? &g->last->end : &g->first->end);
	if (g->unzoned_last && g->unzoned_last->end.at_us > in->end.at_us)
		end_later(f, g->unzoned_last, &in->end);
	in->ongoing = g->last->ongoing;
	in->bursts = memory_new(g->n, sizeof *in->bursts);
}

/* Better primary burst: see incident_primary(). */
static bool is_primary(const struct fold *f, const struct burst *b, const struct burst *than)
{
	bool refuses[2] = {symptom_refuses(b->signal), symptom_refuses(than->signal)};
	if (refuses[0] != refuses[1])
		return refuses[0];
	if (refuses[0] && incident_depth(b->tier) != incident_depth(than->tier))
		return incident_depth(b->tier) > incident_depth(than->tier);
	if (!refuses[0] && symptom_visible(f, b) != symptom_visible(f, than))
		return symptom_visible(f, b);
	/* What a database or a pooler says of itself explains what those before them met. */
	bool deep[2] = {incident_depth(b->tier) >= incident_depth(TIER_POOL), incident_depth(than->tier) >= incident_depth(TIER_POOL)};
	if (!refuses[0] && deep[0] != deep[1])
		return deep[0];
	return b->count > than->count; /* bursts are sorted: on equal counts the earlier one stays */
}

const struct burst *incident_primary(const struct fold *f, const struct draft *d, const struct incident *in)
{
	const struct burst *best = NULL;
	for (size_t i = 0; i < d->bursts_n; i++)
		if (incident_has(in, &d->bursts[i]) && (!best || is_primary(f, &d->bursts[i], best)))
			best = &d->bursts[i];
	return best;
}

static struct moment peak_of(const struct burst *b)
{
	struct text why = {0};
	text_append_string(&why, "fullest bin: ");
	sentence_counted(&why, b->peak, "event");
	text_format(&why, " of %s in %u s", b->signal, b->width_s);
	return (struct moment){b->peak_at_us, b->peak_at_us - b->uncertainty_us,
			       b->peak_at_us + (int64_t)b->width_s * SECOND_US + b->uncertainty_us, sentence_take(&why)};
}

static int incident_order(const void *a, const void *b)
{
	const struct incident *x = a, *y = b;
	if (x->onset.at_us != y->onset.at_us)
		return x->onset.at_us < y->onset.at_us ? -1 : 1;
	return strcmp(x->id, y->id);
}

/* A log that ends within its last burst says that it may have gone on. Another log that took part may say that it did not: one whose
 * own burst, of what users see or of refusals, ended about then, and which goes on for a while without another. What its burst ended long
 * before can go on unseen by it: a batch job's refusals. */
#define SEEN_AFTER_US MINUTE_US
static const struct burst *seen_to_end(const struct fold *f, const struct draft *d, const struct incident *in, const struct burst *last)
{
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		const struct fold_source *s = &f->sources[b->source_index];
		if (incident_has(in, b) && b->source_index != last->source_index && !b->censored_end && !moment_unzoned(s) &&
		    (symptom_visible(f, b) || symptom_refuses(b->signal)) && b->end.at_us >= last->end.at_us - d->numbers.link_us &&
		    fold_utc(s, s->last_us) - s->uncertainty_us >= last->end.upper_us + SEEN_AFTER_US)
			return b;
	}
	return NULL;
}

static void end_judge(const struct fold *f, const struct draft *d, struct incident *in, const struct burst *last)
{
	const struct burst *other = in->ongoing || last->gap_behind_us ? seen_to_end(f, d, in, last) : NULL;
	if (!other)
		return;
	struct text t = {0};
	text_format(&t, "%s %s; %s, which met it too, goes on and shows no more", label_of(f, last->source_index),
		    in->ongoing ? "ends with the burst" : "has a gap right behind the burst", label_of(f, other->source_index));
	if (in->end.upper_us == last->end.upper_us)
		in->end.upper_us -= last->gap_behind_us;
	memory_free(in->end.reason);
	in->end.reason = sentence_take(&t);
	in->ongoing = false;
}

static bool in_tail(const struct group *g, const struct incident_tail *tails, size_t n)
{
	for (size_t i = 0; i < n && tails[i].from_us - INCIDENT_TAIL_LEAD_US <= g->start_us; i++)
		if (g->end_us <= tails[i].to_us + INCIDENT_TAIL_MORE_US)
			return true;
	return false;
}

/* Of the groups that are incidents the last one that ended before this one began, not long before: its root. SIZE_MAX: none. */
static size_t ended_before(const struct fold *f, const struct front *a, const struct draft *d, const size_t *root, const struct about *about,
			   const int64_t *ends, const struct group *of)
{
	size_t best = SIZE_MAX;
	int64_t best_us = of->start_us - INCIDENT_TAIL_US;
	for (size_t at = 0; at < d->bursts_n; at++) {
		/* Bursts are sorted by onset, and a group's root is its first one. */
		if (d->bursts[at].onset.at_us > of->start_us)
			break;
		if (root[at] != at || ends[at] < best_us || ends[at] >= of->start_us)
			continue;
		struct group g = group_of(f, d, root, about, at);
		if (g.end_us < of->start_us && g.end_us >= best_us && is_incident(f, a, &g)) {
			best = at;
			best_us = g.end_us;
		}
	}
	return best;
}

static void join_tails(const struct fold *f, const struct front *a, const struct draft *d, size_t *root, const struct about *about,
		       const struct incident_tail *tails, size_t n)
{
	int64_t *ends = memory_new(d->bursts_n, sizeof *ends); /* of the group of each root */
	for (size_t i = 0; i < d->bursts_n; i++)
		ends[root[i]] = root[i] == i || d->bursts[i].end.at_us > ends[root[i]] ? d->bursts[i].end.at_us : ends[root[i]];
	for (size_t at = 0; n && at < d->bursts_n; at++) {
		if (root[at] != at)
			continue;
		struct group g = group_of(f, d, root, about, at);
		if (g.refuses || !in_tail(&g, tails, n))
			continue;
		size_t to = ended_before(f, a, d, root, about, ends, &g);
		for (size_t i = at; to != SIZE_MAX && i < d->bursts_n; i++)
			root[i] = root[i] == at ? to : root[i];
		if (to != SIZE_MAX)
			ends[to] = ends[at];
	}
	memory_free(ends);
}

void incident_find(const struct fold *f, const struct front *a, struct draft *d)
{
	incident_find_all(f, a, NULL, 0, d);
}

void incident_find_all(const struct fold *f, const struct front *a, const struct incident_tail *tails, size_t tails_n, struct draft *d)
{
	struct about *about = memory_new(d->bursts_n, sizeof *about);
	bool *retried = retried_find(f, a, d);
	for (size_t i = 0; i < d->bursts_n; i++)
		about[i] = (struct about){moment_vague(&f->sources[d->bursts[i].source_index]), retried[i]};
	memory_free(retried);
	size_t *root = link_bursts(d, about), cap = 0;
	join_tails(f, a, d, root, about, tails, tails_n);
	for (size_t at = 0; at < d->bursts_n; at++) {
		if (root[at] != at)
			continue;
		struct group g = group_of(f, d, root, about, at);
		if (!is_incident(f, a, &g))
			continue;
		d->incidents = memory_grow(d->incidents, &cap, d->incidents_n + 1, sizeof *d->incidents);
		struct incident *in = &d->incidents[d->incidents_n++];
		incident_fill(f, &g, in);
		for (size_t i = at; i < d->bursts_n; i++)
			if (root[i] == at) {
				d->bursts[i].incident = sentence_copy(in->id);
				in->bursts[in->bursts_n++] = sentence_copy(d->bursts[i].id);
			}
		onset_judge(f, d, in, &g);
		end_judge(f, d, in, g.last);
		in->peak = peak_of(incident_primary(f, d, in));
	}
	if (d->incidents_n)
		qsort(d->incidents, d->incidents_n, sizeof *d->incidents, incident_order);
	memory_free(root);
	memory_free(about);
}
