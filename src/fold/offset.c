#include "fold/offset.h"

#include "base/memory.h"
#include "fold/clock.h"
#include "fold/match.h"
#include "fold/quarter.h"

enum {
	ZONE_SUPPORT_PPM = 900000, /* of the samples must be of this zone where nothing else says so */
	HIGH_SUPPORT_PPM = 800000,
	HIGH_SAMPLES = 20,
};
#define HIGH_UNCERTAINTY_US SECOND_US
#define MEDIUM_UNCERTAINTY_US (5 * SECOND_US)

enum confidence { HIGH, MEDIUM, LOW, CONFIDENCE_COUNT };
static const char *const confidence_names[] = {"high", "medium", "low"};

enum method { METHOD_IDS, METHOD_TWIN };
static const char *const method_names[] = {"request ids", "twin"};

struct edge {
	size_t a, b;
	enum method method;
	enum confidence confidence;
	int64_t uncertainty_us, support_ppm;
};

struct graph {
	struct fold_source *sources;
	size_t n;
	const struct tally *tally;
	struct match_ids *ids; /* by source */
	struct edge *edges;
	size_t edges_n, edges_cap;
	/* by source */
	bool *reached;
	bool *closed;               /* nothing is compared with it: it is not sure of itself */
	int64_t *off_us;            /* what is not known of its clock, its root's included */
	enum confidence *confidence; /* the worst on its way */
};

static bool unzoned(const struct fold_source *s)
{
	return !s->zone_printed && !s->zone && !s->zone_estimated;
}

/* ---- edges ---- */

/* Samples of b's clock less a's, as far as a's is known. */
static struct clock_sample *samples_of(const struct graph *g, enum method method, size_t a, size_t b, size_t *n)
{
	const struct clockfit *of_a = g->sources[a].clock.fit.n ? &g->sources[a].clock.fit : NULL;
	*n = 0;
	if (method == METHOD_IDS)
		return match_samples(&g->ids[a], &g->ids[b], of_a, n);
	return NULL;
}

static enum confidence confidence_of(const struct clockfit *fit, int64_t uncertainty_us)
{
	int64_t support_ppm = clockfit_support_ppm(fit);
	if (uncertainty_us <= HIGH_UNCERTAINTY_US && support_ppm >= HIGH_SUPPORT_PPM && fit->samples_n >= HIGH_SAMPLES)
		return HIGH;
	return uncertainty_us <= MEDIUM_UNCERTAINTY_US ? MEDIUM : LOW;
}

static int64_t uncertainty_of(const struct fold_source *s, const struct clockfit *fit)
{
	return clockfit_uncertainty(fit, fold_uncorrected(s, s->first_us), fold_uncorrected(s, s->last_us));
}

static void edge_add(struct graph *g, enum method method, size_t a, size_t b)
{
	size_t n;
	struct clockfit fit;
	struct clock_sample *samples = samples_of(g, method, a, b, &n);
	if (clockfit_make(&fit, samples, n)) {
		int64_t uncertainty_us = uncertainty_of(&g->sources[b], &fit);
		g->edges = memory_grow(g->edges, &g->edges_cap, g->edges_n + 1, sizeof *g->edges);
		g->edges[g->edges_n++] =
			(struct edge){a, b, method, confidence_of(&fit, uncertainty_us), uncertainty_us, clockfit_support_ppm(&fit)};
	}
	clockfit_release(&fit);
	memory_free(samples);
}

static void edges_find(struct graph *g)
{
	for (size_t i = 0; i < g->n; i++)
		for (size_t k = i + 1; k < g->n; k++)
			if (g->ids[i].n && g->ids[k].n)
				edge_add(g, METHOD_IDS, i, k);
}

/* ---- one source ---- */

/* How many of the samples are of that zone, whatever their clock, in millionths. */
static int64_t zone_support_ppm(const struct clock_sample *samples, size_t n, const struct clockfit *fit)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++) {
		int64_t middle_us = samples[i].low_us + (samples[i].high_us - samples[i].low_us) / 2;
		bool found = false;
		for (size_t k = 0; k < fit->n; k++)
			found |= quarter_nearest(middle_us) == quarter_nearest(fit->items[k].offset_us);
		count += found;
	}
	return n ? (int64_t)(count * 1000000u / n) : 0;
}

/* Each stretch of the fit is of a zone; *quarter_us: of the one with most samples. */
static bool zone_of(const struct fold_source *s, const struct clockfit *fit, int64_t *quarter_us)
{
	size_t most = 0;
	for (size_t i = 0; i < fit->n; i++) {
		int64_t quarter;
		if (!quarter_split(s->assumed_us, fit->items[i].offset_us, fit->items[i].uncertainty_us, &quarter))
			return false;
		if (fit->items[i].n > most) {
			most = fit->items[i].n;
			*quarter_us = quarter;
		}
	}
	return most > 0;
}

/* Twins say the same thing twice. */
static bool same_events(const struct fold_source *x, size_t x_at, const struct fold_source *y, size_t y_at)
{
	ptrdiff_t of_x = x->twin_of < 0 ? (ptrdiff_t)x_at : x->twin_of, of_y = y->twin_of < 0 ? (ptrdiff_t)y_at : y->twin_of;
	return of_x == of_y;
}

/* Comparisons of b with others than `but` that are known: how many say so too, and whether one denies it. */
static size_t zone_backers(const struct graph *g, const struct edge *but, size_t b, int64_t quarter_us, bool *denied)
{
	size_t backers = 0, near = but->a == b ? but->b : but->a;
	*denied = false;
	for (size_t i = 0; i < g->edges_n; i++) {
		const struct edge *e = &g->edges[i];
		size_t a = e->a == b ? e->b : e->a, n;
		if (e == but || (e->a != b && e->b != b) || !g->reached[a] || g->closed[a] || e->confidence == LOW)
			continue;
		if (same_events(&g->sources[a], a, &g->sources[near], near))
			continue;
		struct clockfit fit;
		struct clock_sample *samples = samples_of(g, e->method, a, b, &n);
		if (clockfit_make(&fit, samples, n)) {
			int64_t quarter = 0;
			bool same = zone_of(&g->sources[b], &fit, &quarter) && quarter == quarter_us;
			backers += same;
			*denied |= !same;
		}
		clockfit_release(&fit);
		memory_free(samples);
	}
	return backers;
}

static void fit_move(struct clockfit *fit, int64_t by_us)
{
	for (size_t i = 0; i < fit->n; i++)
		fit->items[i].offset_us += by_us;
	/* The fit is asked at the source's own time, which moves with its zone. */
	for (size_t i = 0; i < fit->n; i++) {
		fit->items[i].from_us += by_us;
		fit->items[i].to_us += by_us;
	}
	fit->drift_at_us += fit->drift_ppb ? by_us : 0;
}

static struct clockfit fit_copy(const struct clockfit *fit)
{
	struct clockfit copy = *fit;
	copy.items = memory_new(fit->n, sizeof *copy.items);
	memcpy(copy.items, fit->items, fit->n * sizeof *copy.items);
	return copy;
}

/* The stretch of most samples: its offset is the one that is told. */
static const struct clock_stretch *main_stretch(const struct clockfit *fit)
{
	const struct clock_stretch *best = &fit->items[0];
	for (size_t i = 1; i < fit->n; i++)
		if (fit->items[i].n > best->n)
			best = &fit->items[i];
	return best;
}

static bool holds_zero(const struct clockfit *fit, int64_t more_us)
{
	for (size_t i = 0; i < fit->n; i++) {
		int64_t offset_us = fit->items[i].offset_us, u = fit->items[i].uncertainty_us + more_us;
		if (offset_us - u > 0 || offset_us + u < 0)
			return false;
	}
	return !fit->drift_ppb || (fit->drift_ppb < 0 ? -fit->drift_ppb : fit->drift_ppb) <= fit->drift_spread_ppb;
}

/* How far a clock is off at most that is not moved. */
static int64_t farthest(const struct clockfit *fit, int64_t uncertainty_us)
{
	int64_t most_us = 0;
	for (size_t i = 0; i < fit->n; i++) {
		int64_t offset_us = fit->items[i].offset_us;
		offset_us = offset_us < 0 ? -offset_us : offset_us;
		most_us = offset_us > most_us ? offset_us : most_us;
	}
	return most_us + uncertainty_us;
}

/* Moves its instants, or says how far they may be off. `more_us`: what is not known of the clock it was compared with. */
static void settle(struct graph *g, size_t b, int64_t more_us)
{
	struct fold_source *s = &g->sources[b];
	struct clock_estimate *clock = &s->clock;
	int64_t uncertainty_us = uncertainty_of(s, &clock->fit) + more_us;
	clock->applied = !unzoned(s) && g->confidence[b] != LOW && !holds_zero(&clock->fit, more_us);
	g->off_us[b] = uncertainty_us;
	if (clock->applied) {
		s->shift = fit_copy(&clock->fit);
		for (size_t i = 0; i < s->shift.n; i++)
			s->shift.items[i].uncertainty_us += more_us;
		s->uncertainty_us = uncertainty_us;
	} else if (!unzoned(s)) {
		int64_t off_us = farthest(&clock->fit, uncertainty_us);
		/* That a clock is no more than so much off is believed of those that print their zone until something tells otherwise. */
		if (s->zone_estimated || off_us < s->uncertainty_us)
			s->uncertainty_us = off_us;
	}
}

/* Compares b with a, which is known. */
static void reach(struct graph *g, const struct edge *e, size_t a, size_t b)
{
	struct fold_source *s = &g->sources[b];
	const struct fold_source *from = &g->sources[a];
	size_t n;
	struct clock_sample *samples = samples_of(g, e->method, a, b, &n);
	struct clock_estimate *clock = &s->clock;
	g->reached[b] = true;
	if (!clockfit_make(&clock->fit, samples, n)) { /* it did before a's own steps were taken off */
		g->closed[b] = true;
		memory_free(samples);
		return;
	}
	g->confidence[b] = e->confidence > g->confidence[a] ? e->confidence : g->confidence[a];
	clock->method = method_names[e->method];
	clock->confidence = confidence_names[g->confidence[b]];
	clock->n = n;
	clock->support_ppm = clockfit_support_ppm(&clock->fit);
	clock->against = (ptrdiff_t)a;
	clock->root = from->clock.root >= 0 ? from->clock.root : (ptrdiff_t)a;
	int64_t quarter_us = 0;
	if (unzoned(s)) {
		bool denied, known = !unzoned(&g->sources[clock->root]) && zone_of(s, &clock->fit, &quarter_us);
		size_t backers = zone_backers(g, e, b, quarter_us, &denied);
		known &= !denied && (backers || zone_support_ppm(samples, n, &clock->fit) >= ZONE_SUPPORT_PPM);
		if (known) {
			s->zone_estimated = true;
			s->zone_how = "estimated";
			s->assumed_us += quarter_us;
			fit_move(&clock->fit, -quarter_us);
			match_ids_move(&g->ids[b], -quarter_us);
		}
		g->closed[b] = !known;
	}
	const struct clock_stretch *main = main_stretch(&clock->fit);
	int64_t theirs_us = 0, theirs_uncertainty_us;
	if (from->clock.fit.n)
		clockfit_at(&from->clock.fit, main->from_us, &theirs_us, &theirs_uncertainty_us);
	clock->total_us = main->offset_us;
	clock->offset_us = main->offset_us - theirs_us;
	clock->uncertainty_us = uncertainty_of(s, &clock->fit);
	clock->total_uncertainty_us = clock->uncertainty_us + g->off_us[a];
	settle(g, b, g->off_us[a]);
	memory_free(samples);
}

/* ---- all of them ---- */

/* The comparison that leads to the source which is known best then; NULL. */
static const struct edge *next_edge(const struct graph *g)
{
	const struct edge *best = NULL;
	enum confidence best_confidence = LOW;
	int64_t best_us = 0;
	for (size_t i = 0; i < g->edges_n; i++) {
		const struct edge *e = &g->edges[i];
		if (g->reached[e->a] == g->reached[e->b])
			continue;
		size_t a = g->reached[e->a] ? e->a : e->b;
		if (g->closed[a])
			continue;
		enum confidence confidence = e->confidence > g->confidence[a] ? e->confidence : g->confidence[a];
		int64_t off_us = g->off_us[a] + e->uncertainty_us;
		if (best && (confidence > best_confidence || (confidence == best_confidence && off_us > best_us)))
			continue;
		if (best && confidence == best_confidence && off_us == best_us && e->support_ppm <= best->support_ppm)
			continue;
		best = e;
		best_confidence = confidence;
		best_us = off_us;
	}
	return best;
}

static bool has_edge(const struct graph *g, size_t i)
{
	for (size_t k = 0; k < g->edges_n; k++)
		if (g->edges[k].a == i || g->edges[k].b == i)
			return true;
	return false;
}

/* Where the comparisons of what is left begin: the deepest tier whose zone is known, else the deepest one; -1: nothing is left. */
static ptrdiff_t next_root(const struct graph *g)
{
	ptrdiff_t best = -1;
	for (size_t i = 0; i < g->n; i++) {
		const struct fold_source *s = &g->sources[i], *other = best < 0 ? NULL : &g->sources[best];
		if (g->reached[i] || !has_edge(g, i))
			continue;
		if (!other || (unzoned(other) && !unzoned(s)) || (unzoned(other) == unzoned(s) && s->tier > other->tier))
			best = (ptrdiff_t)i;
	}
	return best;
}

static void grow(struct graph *g, size_t root)
{
	const struct edge *e;
	g->reached[root] = true;
	g->off_us[root] = g->sources[root].uncertainty_us;
	while ((e = next_edge(g)))
		reach(g, e, g->reached[e->a] ? e->a : e->b, g->reached[e->a] ? e->b : e->a);
}

bool offset_find(struct fold_source *sources, size_t n, const struct tally *tally, ptrdiff_t reference)
{
	struct graph g = {.sources = sources, .n = n, .tally = tally};
	g.ids = memory_new(n, sizeof *g.ids);
	g.reached = memory_new(n, sizeof *g.reached);
	g.closed = memory_new(n, sizeof *g.closed);
	g.off_us = memory_new(n, sizeof *g.off_us);
	g.confidence = memory_new(n, sizeof *g.confidence);
	for (size_t i = 0; i < n; i++) {
		sources[i].clock.against = sources[i].clock.root = -1;
		if (!sources[i].undated && sources[i].first_us != INSTANT_NONE)
			g.ids[i] = match_ids_of(&sources[i], tally);
	}
	edges_find(&g);
	if (reference >= 0)
		grow(&g, (size_t)reference);
	for (ptrdiff_t root; (root = next_root(&g)) >= 0;)
		grow(&g, (size_t)root);
	bool some = false;
	for (size_t i = 0; i < n; i++) {
		match_ids_release(&g.ids[i]);
		some |= sources[i].zone_estimated;
	}
	memory_free(g.ids);
	memory_free(g.edges);
	memory_free(g.reached);
	memory_free(g.closed);
	memory_free(g.off_us);
	memory_free(g.confidence);
	return some;
}
