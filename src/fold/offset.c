#include "fold/offset.h"

#include "base/memory.h"
#include "fold/clock.h"
#include "fold/echo.h"
#include "fold/header.h"
#include "fold/match.h"
#include "fold/quarter.h"
#include "fold/server.h"

enum {
	ZONE_SUPPORT_PPM = 900000, /* of the samples must be of this zone where nothing else says so */
	HIGH_SUPPORT_PPM = 800000,
	HIGH_SAMPLES = 20,
	ECHOES_MOST = 512,          /* pairs of sources whose series are compared */
	ZONES_APART_S = 27 * 3600,  /* from -12:00 to +14:00, and an hour of clock */
	CLOCKS_APART_S = 900,       /* of clocks that print their zones */
};
#define HIGH_UNCERTAINTY_US SECOND_US
#define MEDIUM_UNCERTAINTY_US (5 * SECOND_US)

enum confidence { HIGH, MEDIUM, LOW, CONFIDENCE_COUNT };
static const char *const confidence_names[] = {"high", "medium", "low"};

enum method { METHOD_IDS, METHOD_TWIN, METHOD_SERVER, METHOD_HEADER, METHOD_EVENTS, METHOD_SERIES };
static const char *const method_names[] = {"request ids", "twin", "same server", "two stamps", "same events", "similar series"};

struct edge {
	size_t a, b;
	enum method method;
	enum confidence confidence;
	int64_t uncertainty_us, support_ppm;
	struct echo echo; /* METHOD_EVENTS, METHOD_SERIES; by the clocks as they were before zones were found */
	int64_t apart_us; /* METHOD_SERVER, METHOD_HEADER: b's clock less a's, likewise */
	int64_t late_us;  /* METHOD_HEADER: or so much more */
	size_t lines;
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
	bool shapes;                /* comparisons of low confidence count, for the zones of sources that tell none */
	bool *closed;               /* nothing is compared with it: it is not sure of itself */
	bool *loose;                /* what it was found to be off is not passed on: it may be a second */
	int64_t *moved_us;          /* since edges were found */
	int64_t *off_us;            /* what is not known of its clock, its root's included */
	enum confidence *confidence; /* the worst on its way */
};

static bool unzoned(const struct fold_source *s)
{
	return !s->zone_printed && !s->zone && !s->zone_estimated;
}

/* ---- edges ---- */

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

/* What is known of a's clock when another one is compared with it; NULL: nothing, or it is not passed on. */
static const struct clockfit *known_of(const struct graph *g, size_t a)
{
	return g->sources[a].clock.fit.n && !g->loose[a] ? &g->sources[a].clock.fit : NULL;
}

/* Events of an edge as samples of b's clock less a's, as far as a's is known. */
static struct clock_sample *event_samples(const struct graph *g, const struct edge *e, size_t a, size_t b)
{
	const struct clockfit *of_a = known_of(g, a);
	struct clock_sample *out = memory_new(e->echo.samples_n, sizeof *out);
	for (size_t i = 0; i < e->echo.samples_n; i++) {
		struct clock_sample s = e->echo.samples[i];
		if (a != e->a)
			s = (struct clock_sample){s.own_us, s.at_us, -s.high_us, -s.low_us};
		int64_t by_us = g->moved_us[b] - g->moved_us[a], offset_us = 0, uncertainty_us;
		if (of_a)
			clockfit_at(of_a, s.at_us + g->moved_us[a], &offset_us, &uncertainty_us);
		out[i] = (struct clock_sample){s.at_us + g->moved_us[a] - offset_us, s.own_us + g->moved_us[b], s.low_us + by_us + offset_us,
					       s.high_us + by_us + offset_us};
	}
	return out;
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

/* One offset for all the time, of which only the bound is known. */
static void fit_one(const struct graph *g, struct clockfit *fit, size_t a, size_t b, int64_t low_us, int64_t high_us, size_t n)
{
	const struct clockfit *of_a = known_of(g, a);
	const struct fold_source *s = &g->sources[b];
	int64_t first_us = fold_uncorrected(s, s->first_us), last_us = fold_uncorrected(s, s->last_us), offset_us = 0, uncertainty_us;
	if (of_a)
		clockfit_at(of_a, fold_uncorrected(&g->sources[a], g->sources[a].first_us), &offset_us, &uncertainty_us);
	*fit = (struct clockfit){.items = memory_new(1, sizeof *fit->items), .n = 1, .samples_n = n, .count = n};
	fit->items[0] = (struct clock_stretch){first_us, last_us, low_us + (high_us - low_us) / 2 + offset_us, (high_us - low_us + 1) / 2, n, n};
}

/* One clock, of which b shows `apart_us` more. What is not known of a is added elsewhere. */
static void fit_same(const struct graph *g, struct clockfit *fit, size_t a, size_t b, int64_t apart_us)
{
	const struct clockfit *of_a = known_of(g, a);
	if (!of_a) {
		fit_one(g, fit, a, b, apart_us, apart_us, 0);
		return;
	}
	*fit = fit_copy(of_a);
	fit_move(fit, apart_us);
	fit->samples_n = fit->count = 0;
	for (size_t i = 0; i < fit->n; i++)
		fit->items[i].uncertainty_us = 0;
}

/* b's clock less that of the root, over a. False: no longer, or not enough of it. Zone: the share of what was compared that is of its zone. */
static bool compare(const struct graph *g, const struct edge *e, size_t a, size_t b, struct clockfit *fit, int64_t *zone_ppm)
{
	size_t n;
	struct clock_sample *samples = NULL;
	*zone_ppm = 1000000;
	int64_t by_us = g->moved_us[b] - g->moved_us[a], sign = a == e->a ? 1 : -1;
	if (e->method == METHOD_TWIN || e->method == METHOD_SERVER) {
		fit_same(g, fit, a, b, sign * e->apart_us + by_us);
		return true;
	}
	if (e->method == METHOD_HEADER) {
		int64_t least_us = e->apart_us, most_us = e->apart_us + e->late_us;
		fit_one(g, fit, a, b, (sign > 0 ? least_us : -most_us) + by_us, (sign > 0 ? most_us : -least_us) + by_us, e->lines);
		return true;
	}
	if (e->method == METHOD_SERIES) {
		int64_t one_us = sign * e->echo.low_us + by_us, other_us = sign * e->echo.high_us + by_us;
		fit_one(g, fit, a, b, one_us < other_us ? one_us : other_us, one_us < other_us ? other_us : one_us, e->echo.n);
		return true;
	}
	if (e->method == METHOD_IDS) {
		samples = match_samples(&g->ids[a], &g->ids[b], known_of(g, a), &n);
	} else {
		samples = event_samples(g, e, a, b);
		n = e->echo.samples_n;
	}
	bool made = clockfit_make(fit, samples, n);
	if (made)
		*zone_ppm = zone_support_ppm(samples, n, fit);
	memory_free(samples);
	return made;
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

static void edge_add(struct graph *g, struct edge e)
{
	struct clockfit fit;
	int64_t zone_ppm;
	if (compare(g, &e, e.a, e.b, &fit, &zone_ppm)) {
		e.uncertainty_us = uncertainty_of(&g->sources[e.b], &fit);
		e.support_ppm = clockfit_support_ppm(&fit);
		e.confidence = e.method == METHOD_SERIES ? LOW : e.method == METHOD_TWIN ? HIGH : confidence_of(&fit, e.uncertainty_us);
		/* How late an echo comes is not known of these logs; that a folder is of one server, nobody said. */
		if (e.confidence == HIGH && (e.method == METHOD_EVENTS || e.method == METHOD_SERVER))
			e.confidence = MEDIUM;
		g->edges = memory_grow(g->edges, &g->edges_cap, g->edges_n + 1, sizeof *g->edges);
		g->edges[g->edges_n++] = e;
		clockfit_release(&fit);
	} else {
		echo_release(&e.echo);
	}
}

/* What is linked with what by edges: the smallest index of each one's group. */
static void groups_join(size_t *group, size_t n, size_t a, size_t b)
{
	size_t to = group[a] < group[b] ? group[a] : group[b], from = group[a] < group[b] ? group[b] : group[a];
	for (size_t i = 0; i < n; i++)
		if (group[i] == from)
			group[i] = to;
}

static void echo_add(struct graph *g, size_t a, size_t b)
{
	const struct fold_source *x = &g->sources[a], *y = &g->sources[b];
	struct edge e = {.a = a, .b = b, .method = METHOD_EVENTS};
	if (!echo_find(x, y, unzoned(x) || unzoned(y) ? ZONES_APART_S : CLOCKS_APART_S, &e.echo))
		return;
	struct clockfit fit;
	bool made = clockfit_make(&fit, e.echo.samples, e.echo.samples_n);
	/* Stamps of whole seconds make pairs of events that are a second apart, all alike. */
	bool coarse = x->resolution_us >= SECOND_US || y->resolution_us >= SECOND_US;
	if (!made || coarse || fit.samples_n < ECHO_EVENTS || clockfit_support_ppm(&fit) < HIGH_SUPPORT_PPM)
		e.method = METHOD_SERIES;
	clockfit_release(&fit);
	edge_add(g, e);
}

static bool comparable(const struct fold_source *s)
{
	return !s->undated && s->first_us != INSTANT_NONE;
}

/* The clocks of logs that lie beside each other. */
static void server_add(struct graph *g, size_t error)
{
	const struct fold_source *s = &g->sources[error];
	int64_t zone_us;
	ptrdiff_t access = comparable(s) ? server_beside(g->sources, g->n, g->tally, error, &zone_us) : -1;
	if (access >= 0 && comparable(&g->sources[access]))
		edge_add(g, (struct edge){.a = (size_t)access, .b = error, .method = METHOD_SERVER, .apart_us = zone_us - s->assumed_us});
}

static void header_add(struct graph *g, size_t stream)
{
	const struct fold_source *s = &g->sources[stream];
	struct header h;
	if (comparable(s) && header_beside(g->sources, g->n, g->tally, stream, &h) && comparable(&g->sources[h.beside]))
		edge_add(g, (struct edge){.a = (size_t)h.beside, .b = stream, .method = METHOD_HEADER, .apart_us = h.zone_us - s->assumed_us,
					  .late_us = h.late_us, .lines = (size_t)h.n});
}

/* Ids first; then twins; then, between groups that these leave apart, what happened in both at the same instant. */
static void edges_find(struct graph *g)
{
	size_t *group = memory_new(g->n, sizeof *group), asked = 0;
	for (size_t i = 0; i < g->n; i++)
		group[i] = i;
	size_t pairs_n;
	struct match_pair *pairs = match_pairs(g->ids, g->n, &pairs_n);
	for (size_t i = 0; i < pairs_n; i++)
		edge_add(g, (struct edge){.a = pairs[i].a, .b = pairs[i].b, .method = METHOD_IDS});
	memory_free(pairs);
	for (size_t i = 0; i < g->n; i++)
		if (g->sources[i].twin_of >= 0 && unzoned(&g->sources[i]) == unzoned(&g->sources[g->sources[i].twin_of]))
			edge_add(g, (struct edge){.a = (size_t)g->sources[i].twin_of, .b = i, .method = METHOD_TWIN});
	for (size_t i = 0; i < g->edges_n; i++)
		groups_join(group, g->n, g->edges[i].a, g->edges[i].b);
	/* These do not join groups: what both logged may deny it. */
	for (size_t i = 0; i < g->n; i++) {
		server_add(g, i);
		header_add(g, i);
	}
	for (size_t i = 0; i < g->n; i++)
		for (size_t k = i + 1; k < g->n && asked < ECHOES_MOST; k++) {
			const struct fold_source *x = &g->sources[i], *y = &g->sources[k];
			if (group[i] == group[k] || !comparable(x) || !comparable(y) || x->twin_of >= 0 || y->twin_of >= 0)
				continue;
			asked++;
			echo_add(g, i, k);
		}
	memory_free(group);
}

/* ---- one source ---- */

/* Each stretch of the fit is of a zone; *quarter_us: of the one with most samples. `relative`: to a root whose zone is not known. */
static bool zone_of(const struct fold_source *s, const struct clockfit *fit, bool relative, int64_t *quarter_us)
{
	size_t most = 0;
	for (size_t i = 0; i < fit->n; i++) {
		int64_t quarter;
		int64_t offset_us = fit->items[i].offset_us, uncertainty_us = fit->items[i].uncertainty_us;
		if (!(relative ? quarter_apart(offset_us, uncertainty_us, &quarter)
			       : quarter_split(s->assumed_us, offset_us, uncertainty_us, &quarter)))
			return false;
		if (!i || fit->items[i].n > most) { /* a twin is known without samples */
			most = fit->items[i].n;
			*quarter_us = quarter;
		}
	}
	return fit->n > 0;
}

/* Twins say the same thing twice. */
static bool same_events(const struct fold_source *x, size_t x_at, const struct fold_source *y, size_t y_at)
{
	ptrdiff_t of_x = x->twin_of < 0 ? (ptrdiff_t)x_at : x->twin_of, of_y = y->twin_of < 0 ? (ptrdiff_t)y_at : y->twin_of;
	return of_x == of_y;
}

/* Comparisons of b with others than `but` that are known: how many say so too, and whether one denies it. That logs lie beside each other
 * denies nothing, and is denied by whatever was compared. */
static size_t zone_backers(const struct graph *g, const struct edge *but, size_t b, bool relative, int64_t quarter_us, bool *denied)
{
	size_t backers = 0, near = but->a == b ? but->b : but->a;
	*denied = false;
	for (size_t i = 0; i < g->edges_n; i++) {
		const struct edge *e = &g->edges[i];
		size_t a = e->a == b ? e->b : e->a;
		bool weaker = e->confidence == LOW || same_events(&g->sources[a], a, &g->sources[near], near);
		if (e == but || (e->a != b && e->b != b) || !g->reached[a] || g->closed[a] || (weaker && but->method != METHOD_SERVER))
			continue;
		struct clockfit fit;
		int64_t quarter = 0, zone_ppm;
		if (!compare(g, e, a, b, &fit, &zone_ppm))
			continue;
		bool same = zone_of(&g->sources[b], &fit, relative, &quarter) && quarter == quarter_us;
		backers += same;
		*denied |= !same && e->method != METHOD_SERVER;
		clockfit_release(&fit);
	}
	return backers;
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
static void settle(struct graph *g, enum confidence confidence, size_t b, int64_t more_us)
{
	struct fold_source *s = &g->sources[b];
	struct clock_estimate *clock = &s->clock;
	int64_t uncertainty_us = uncertainty_of(s, &clock->fit) + more_us;
	clock->applied = !unzoned(s) && confidence != LOW && !holds_zero(&clock->fit, more_us);
	g->off_us[b] = uncertainty_us;
	g->loose[b] = confidence == LOW;
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
		if (g->loose[b])
			g->off_us[b] = s->uncertainty_us;
	}
}

/* Takes the zone off what b was found to be off. Beside a root that does not know its own zone either, they come to agree at least. */
static void find_zone(struct graph *g, const struct edge *e, size_t b, int64_t zone_ppm)
{
	struct fold_source *s = &g->sources[b];
	const struct fold_source *root = &g->sources[s->clock.root];
	int64_t quarter_us = 0;
	bool denied, known = zone_of(s, &s->clock.fit, unzoned(root), &quarter_us);
	size_t backers = zone_backers(g, e, b, unzoned(root), quarter_us, &denied);
	bool sure = known ? !denied && (backers || zone_ppm >= ZONE_SUPPORT_PPM) : zone_ppm >= ZONE_SUPPORT_PPM;
	if (!known && !unzoned(root) && sure && g->confidence[b] != LOW) {
		/* Which zone and how far off is not told apart, what they make together is. */
		quarter_us = -s->assumed_us;
		s->zone_odd = true;
		known = true;
	}
	g->closed[b] = !known || !sure;
	if (g->closed[b])
		return;
	if (!unzoned(root)) {
		s->zone_estimated = true;
		s->zone_how = "estimated";
	}
	s->assumed_us += quarter_us;
	g->moved_us[b] -= quarter_us;
	fit_move(&s->clock.fit, -quarter_us);
	match_ids_move(&g->ids[b], -quarter_us);
}

/* What the other clock was off when the offset of that stretch holds: where either runs off, no other time will do; where that one was set in
 * between, in the stretch of its that it shares most of its time with. */
static int64_t theirs_beside(const struct clockfit *theirs, const struct clockfit *own, const struct clock_stretch *stretch)
{
	int64_t root_at_us = (own->drift_ppb ? own->drift_at_us : stretch->from_us / 2 + stretch->to_us / 2) - stretch->offset_us;
	int64_t offset_us = 0, uncertainty_us, longest_us = INT64_MIN;
	for (int round = 0; round < 2 && theirs->n == 1; round++) /* the fit is asked at that clock's own time, which the offset is a part of */
		clockfit_at(theirs, root_at_us + offset_us, &offset_us, &uncertainty_us);
	for (size_t i = 0; i < theirs->n && theirs->n > 1; i++) {
		const struct clock_stretch *t = &theirs->items[i];
		int64_t from_us = t->from_us - t->offset_us, to_us = t->to_us - t->offset_us;
		from_us = from_us > stretch->from_us - stretch->offset_us ? from_us : stretch->from_us - stretch->offset_us;
		to_us = to_us < stretch->to_us - stretch->offset_us ? to_us : stretch->to_us - stretch->offset_us;
		if (to_us - from_us > longest_us) {
			longest_us = to_us - from_us;
			offset_us = t->offset_us;
		}
	}
	return offset_us;
}

/* Compares b with a, which is known. */
static void reach(struct graph *g, const struct edge *e, size_t a, size_t b)
{
	struct fold_source *s = &g->sources[b];
	const struct fold_source *from = &g->sources[a];
	struct clock_estimate *clock = &s->clock;
	int64_t zone_ppm;
	g->reached[b] = true;
	if (!compare(g, e, a, b, &clock->fit, &zone_ppm)) { /* it did before a's own steps were taken off */
		g->closed[b] = true;
		return;
	}
	g->confidence[b] = e->confidence > g->confidence[a] ? e->confidence : g->confidence[a];
	clock->method = method_names[e->method];
	clock->confidence = confidence_names[e->confidence];
	clock->n = clock->fit.samples_n;
	clock->support_ppm = e->method == METHOD_TWIN     ? g->sources[e->b].twin_agreement_ppm
			     : e->method == METHOD_SERVER ? -1
							  : clockfit_support_ppm(&clock->fit);
	clock->against = (ptrdiff_t)a;
	clock->root = from->clock.root >= 0 ? from->clock.root : (ptrdiff_t)a;
	if (unzoned(s))
		find_zone(g, e, b, zone_ppm);
	const struct clock_stretch *main = main_stretch(&clock->fit);
	int64_t theirs_us = known_of(g, a) ? theirs_beside(&from->clock.fit, &clock->fit, main) : 0;
	clock->total_us = main->offset_us;
	clock->offset_us = main->offset_us - theirs_us;
	clock->uncertainty_us = uncertainty_of(s, &clock->fit);
	clock->total_uncertainty_us = clock->uncertainty_us + g->off_us[a];
	settle(g, e->confidence, b, g->off_us[a]);
}

/* ---- all of them ---- */

/* Of two of the same confidence: what was compared rather than what lies beside it, then what is off less, then what agrees more. */
static bool rather(const struct edge *x, int64_t x_us, const struct edge *y, int64_t y_us)
{
	if ((x->method == METHOD_SERVER) != (y->method == METHOD_SERVER))
		return y->method == METHOD_SERVER;
	return x_us != y_us ? x_us < y_us : x->support_ppm >= y->support_ppm;
}

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
		if (g->closed[a] || (e->confidence == LOW && (!g->shapes || !unzoned(&g->sources[a == e->a ? e->b : e->a]))))
			continue;
		enum confidence confidence = e->confidence > g->confidence[a] ? e->confidence : g->confidence[a];
		int64_t off_us = g->off_us[a] + e->uncertainty_us;
		if (best && (confidence > best_confidence || (confidence == best_confidence && rather(best, best_us, e, off_us))))
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

/* Where the comparisons of what is left begin: the deepest tier; -1: nothing is left. */
static ptrdiff_t next_root(const struct graph *g, bool zoned)
{
	ptrdiff_t best = -1;
	for (size_t i = 0; i < g->n; i++)
		if (!g->reached[i] && has_edge(g, i) && unzoned(&g->sources[i]) != zoned && (best < 0 || g->sources[i].tier > g->sources[best].tier))
			best = (ptrdiff_t)i;
	return best;
}

static void grow(struct graph *g)
{
	const struct edge *e;
	while ((e = next_edge(g)))
		reach(g, e, g->reached[e->a] ? e->a : e->b, g->reached[e->a] ? e->b : e->a);
}

static void grow_from(struct graph *g, ptrdiff_t root)
{
	g->reached[root] = true;
	g->off_us[root] = g->sources[root].uncertainty_us;
	grow(g);
}

/* Shapes come when all else is used: what is known by ids of a clock that prints its zone is better than what it looks like. */
static void grow_all(struct graph *g, ptrdiff_t reference)
{
	ptrdiff_t root;
	if (reference >= 0)
		grow_from(g, reference);
	while ((root = next_root(g, true)) >= 0)
		grow_from(g, root);
	g->shapes = true;
	grow(g);
	while ((root = next_root(g, false)) >= 0)
		grow_from(g, root);
}

bool offset_find(struct fold_source *sources, size_t n, const struct tally *tally, ptrdiff_t reference)
{
	struct graph g = {.sources = sources, .n = n, .tally = tally};
	g.ids = memory_new(n, sizeof *g.ids);
	g.reached = memory_new(n, sizeof *g.reached);
	g.closed = memory_new(n, sizeof *g.closed);
	g.loose = memory_new(n, sizeof *g.loose);
	g.moved_us = memory_new(n, sizeof *g.moved_us);
	g.off_us = memory_new(n, sizeof *g.off_us);
	g.confidence = memory_new(n, sizeof *g.confidence);
	for (size_t i = 0; i < n; i++) {
		sources[i].clock.against = sources[i].clock.root = -1;
		if (comparable(&sources[i]))
			g.ids[i] = match_ids_of(&sources[i], tally);
	}
	edges_find(&g);
	grow_all(&g, reference);
	bool some = false;
	for (size_t i = 0; i < n; i++) {
		match_ids_release(&g.ids[i]);
		some |= g.moved_us[i] || sources[i].zone_estimated;
	}
	for (size_t i = 0; i < g.edges_n; i++)
		echo_release(&g.edges[i].echo);
	memory_free(g.ids);
	memory_free(g.edges);
	memory_free(g.loose);
	memory_free(g.moved_us);
	memory_free(g.reached);
	memory_free(g.closed);
	memory_free(g.off_us);
	memory_free(g.confidence);
	return some;
}
