#include "incident/burst.h"

#include "base/memory.h"
#include "incident/background.h"
#include "incident/logarithm.h"

/* facts/algorithms.md 1.2: a burst must gain 18 nats in all, three cells that are far too high; a lull costs it 1.1 a cell. */
#define UP_NATS INT64_C(12000000)   /* micro-nats to begin a burst: once in 45 hours by chance */
#define DOWN_NATS INT64_C(6000000)  /* and to end it */
/* A burst goes on behind a log gap of up to ten minutes (five were measured). What happened in a longer one nobody knows: there
 * it ends, censored. */
#define BRIDGE_US (600 * SECOND_US)
enum { LEVELS = 3 };
static const uint32_t level_widths_s[LEVELS] = {1, 10, 60};

/* ---- cells ---- */

static uint32_t index_of(int64_t us, uint32_t width_s)
{
	int64_t at_s = us < 0 ? 0 : us / SECOND_US;
	return (uint32_t)(at_s > UINT32_MAX ? UINT32_MAX : at_s) / width_s;
}

/* The cells that lie wholly in a gap, inside of what is covered. A gap with something in it is none. */
static void cells_add_gaps(struct cells *c, const struct fold_gap *gaps, size_t n)
{
	size_t cell = 0;
	c->gaps = memory_new(n, sizeof *c->gaps);
	for (size_t i = 0; i < n; i++) {
		uint64_t first = (uint64_t)index_of(gaps[i].start_us, c->width_s) + 1;
		uint64_t beyond = index_of(gaps[i].end_us, c->width_s);
		uint64_t open = c->gaps_n ? (uint64_t)c->gaps[c->gaps_n - 1].last + 1 : c->begin;
		first = first < open ? open : first;
		beyond = beyond > c->end ? c->end : beyond; /* the last cell is covered: something was logged in it */
		while (cell < c->n && c->items[cell].index < first)
			cell++;
		if (first < beyond && (cell == c->n || c->items[cell].index >= beyond))
			c->gaps[c->gaps_n++] = (struct cell_gap){(uint32_t)first, (uint32_t)beyond - 1,
								 gaps[i].end_us - gaps[i].start_us <= BRIDGE_US};
	}
}

/* The covered range, gaps included. Bins outside of it (there are none in an honest part) widen it. */
static void cells_cover(struct cells *c, int64_t start_us, int64_t end_us, const struct fold_gap *gaps, size_t gaps_n)
{
	c->begin = c->items[0].index;
	c->end = c->items[c->n - 1].index;
	if (start_us != INSTANT_NONE && index_of(start_us, c->width_s) < c->begin)
		c->begin = index_of(start_us, c->width_s);
	if (end_us != INSTANT_NONE && index_of(end_us, c->width_s) > c->end)
		c->end = index_of(end_us, c->width_s);
	cells_add_gaps(c, gaps, gaps_n);
}

static uint32_t count_clip(uint64_t n)
{
	return n > BACKGROUND_COUNT_MAX ? BACKGROUND_COUNT_MAX : (uint32_t)n;
}

static struct cells cells_finest(const struct fold_series *series)
{
	struct cells c = {.width_s = series->width_s};
	c.items = memory_new(series->n, sizeof *c.items);
	for (size_t i = 0; i < series->n; i++) {
		const struct bin *b = &series->bins[i].bin;
		c.items[c.n++] = (struct cell){b->start_s / c.width_s, count_clip(b->n), b->n, i, i};
	}
	return c;
}

/* Wider cells are for weak bursts with long lulls. A lone peak counts no more there than one cell that is just too high, and
 * periodic peaks do not count at all: three of them in three minutes would be a burst otherwise. */
static struct cells cells_wider(const struct cells *fine, const struct background *b, uint32_t width_s)
{
	struct cells c = {.width_s = width_s};
	uint32_t ratio = width_s / fine->width_s;
	c.items = memory_new(fine->n, sizeof *c.items);
	for (size_t i = 0; i < fine->n; i++) {
		const struct cell *from = &fine->items[i];
		if (!c.n || c.items[c.n - 1].index != from->index / ratio)
			c.items[c.n++] = (struct cell){.index = from->index / ratio, .first = from->first};
		struct cell *to = &c.items[c.n - 1];
		to->n += from->n;
		to->last = from->last;
		uint32_t x = from->x < b->high ? from->x : b->high;
		if (!background_periodic(b, from->index))
			to->x = count_clip((uint64_t)to->x + x);
	}
	return c;
}

static void cells_release(struct cells *c)
{
	memory_free(c->items);
	memory_free(c->gaps);
}

/* ---- the automaton ---- */

/* A step is a cell that is not empty, or a run of equal cells: all empty, or all in one gap. A run is one step because the best
 * path never changes its state inside it: empty cells pull one way only, and cells of a gap do not pull at all. */
enum step_kind { STEP_CELL, STEP_EMPTY, STEP_GAP, STEP_BREAK };
struct step {
	enum step_kind kind;
	size_t cell;
	bool begins, ends; /* the best way to be in a burst here begins it here; the best way not to be in one has just ended it */
	bool burst;        /* the state on the best path */
};

/* What has been seen of gains: counts repeat, and each gain takes a dozen logarithms. */
enum { GAINS_KEPT = 1024 };
struct gains {
	struct {
		uint64_t peak_q32; /* never 0 for a kept one */
		uint32_t x;
		int64_t gain;
	} kept[GAINS_KEPT];
};

static int64_t gain_of(struct gains *gains, const struct background *b, const struct cell *c)
{
	uint64_t peak_q32 = background_peak_q32(b, c->index);
	size_t slot = (c->x ^ (size_t)(peak_q32 >> 22)) % GAINS_KEPT;
	if (gains->kept[slot].peak_q32 != peak_q32 || gains->kept[slot].x != c->x) {
		gains->kept[slot].peak_q32 = peak_q32;
		gains->kept[slot].x = c->x;
		gains->kept[slot].gain = background_gain(b, c->x, peak_q32);
	}
	return gains->kept[slot].gain;
}

/* The one number that Viterbi's recursion needs for two states: how much better the best path that ends in a burst is than the
 * best one that does not. */
struct path {
	int64_t lead;
	struct step *steps;
	size_t n;
};
#define LEAD_NONE (-4 * UP_NATS) /* before the first cell there is no burst */

/* One cell: the lead is first cut to what changing the state costs, then gains. */
static struct step *path_step(struct path *p, enum step_kind kind, size_t cell)
{
	struct step *s = &p->steps[p->n++];
	*s = (struct step){kind, cell, p->lead < -UP_NATS, p->lead > DOWN_NATS, false};
	p->lead = s->begins ? -UP_NATS : s->ends ? DOWN_NATS : p->lead;
	return s;
}

/* `k` empty cells: each costs the burst the same, and below -UP_NATS each one begins anew. */
static void path_empty(struct path *p, uint64_t k)
{
	path_step(p, STEP_EMPTY, 0);
	const int64_t bottom = -UP_NATS + BACKGROUND_LOW_NATS;
	uint64_t reach = (uint64_t)((p->lead - bottom) / -BACKGROUND_LOW_NATS);
	p->lead = k > reach ? bottom : p->lead + (int64_t)k * BACKGROUND_LOW_NATS;
}

/* Follows the best path back from the step before `end` to the last break, in the state that leads there. */
static void path_trace(struct path *p, size_t end)
{
	bool burst = p->lead > 0;
	for (size_t i = end; i-- > 0 && p->steps[i].kind != STEP_BREAK;) {
		p->steps[i].burst = burst;
		burst = burst ? !p->steps[i].begins : p->steps[i].ends;
	}
}

/* Cells in which there is no burst, ascending. */
struct pauses {
	uint32_t *items; /* owned */
	size_t n, cap;
};

/* The best path over all that is covered. The caller frees .steps. */
static struct path path_find(const struct cells *c, const struct background *b, const struct pauses *pauses)
{
	struct gains *gains = memory_new(1, sizeof *gains);
	struct path p = {.lead = LEAD_NONE, .steps = memory_new(2 * (c->n + c->gaps_n + pauses->n) + 1, sizeof *p.steps)};
	size_t cell = 0, gap = 0, pause = 0;
	for (uint64_t at = c->begin; at <= c->end;) {
		while (gap < c->gaps_n && c->gaps[gap].last < at)
			gap++;
		if (pause < pauses->n && pauses->items[pause] == at) {
			path_empty(&p, UINT32_MAX);
			cell += cell < c->n && c->items[cell].index == at;
			pause++;
			at++;
			continue;
		}
		if (cell < c->n && c->items[cell].index == at) {
			path_step(&p, STEP_CELL, cell);
			p.lead += gain_of(gains, b, &c->items[cell]);
			cell++;
			at++;
			continue;
		}
		uint64_t next = cell < c->n ? c->items[cell].index : (uint64_t)c->end + 1;
		if (pause < pauses->n && pauses->items[pause] < next)
			next = pauses->items[pause];
		if (gap < c->gaps_n && c->gaps[gap].first <= at) {
			uint64_t beyond = (uint64_t)c->gaps[gap].last + 1;
			if (c->gaps[gap].bridged) {
				path_step(&p, STEP_GAP, 0);
			} else {
				path_trace(&p, p.n);
				p.steps[p.n++].kind = STEP_BREAK;
				p.lead = LEAD_NONE;
			}
			at = beyond < next ? beyond : next;
			continue;
		}
		if (gap < c->gaps_n && c->gaps[gap].first < next)
			next = c->gaps[gap].first;
		path_empty(&p, next - at);
		at = next;
	}
	path_trace(&p, p.n);
	memory_free(gains);
	return p;
}

/* Adds the middle of each stretch of quiet cells between the cells [first, last] of one burst. Stretches are looked for behind
 * cells that are not empty: any other can be moved left to such a place and holds no more there. */
static void pauses_add(struct pauses *pauses, const struct cells *c, const struct background *b, size_t first, size_t last)
{
	uint64_t sum = 0;
	size_t inside = first + 1, gap = 0; /* the stretch holds the cells behind k, up to this one */
	for (size_t k = first; k < last; k++) {
		uint64_t from = (uint64_t)c->items[k].index + 1, until = from + BACKGROUND_QUIET_CELLS;
		if (inside <= k) {
			inside = k + 1;
			sum = 0;
		} else if (k > first) {
			sum -= c->items[k].x;
		}
		while (inside <= last && c->items[inside].index < until)
			sum += c->items[inside++].x;
		if (inside > last)
			return; /* it would not end before the burst does */
		if (sum > b->quiet || background_gap_between(c, from, until - 1, &gap))
			continue;
		pauses->items = memory_grow(pauses->items, &pauses->cap, pauses->n + 1, sizeof *pauses->items);
		pauses->items[pauses->n++] = (uint32_t)from + BACKGROUND_QUIET_CELLS / 2;
	}
}

/* The automaton's price of a lull is that of empty cells; what the background itself puts into one can bring it below the price
 * of a new burst. Therefore bursts are looked through for stretches at background level, and those that have some are found
 * again with a pause in the middle of each: where they end and begin is left to the automaton. */
static struct path path_find_paused(const struct cells *c, const struct background *b)
{
	struct pauses pauses = {0};
	struct path p = path_find(c, b, &pauses);
	for (size_t i = 0; i < p.n; i++) {
		if (!p.steps[i].burst)
			continue;
		size_t first = SIZE_MAX, last = 0;
		for (; i < p.n && p.steps[i].burst; i++)
			if (p.steps[i].kind == STEP_CELL) {
				first = first == SIZE_MAX ? p.steps[i].cell : first;
				last = p.steps[i].cell;
			}
		if (first < last)
			pauses_add(&pauses, c, b, first, last);
	}
	if (pauses.n) {
		memory_free(p.steps);
		p = path_find(c, b, &pauses);
	}
	memory_free(pauses.items);
	return p;
}

/* ---- spans ---- */

/* Adds the bursts of a path, but none that overlaps one that narrower cells have shown (the first `finer` of the list). Those of too
 * few events go to `few`, unless it is NULL. */
static void path_spans(const struct path *p, const struct fold_series *series, const struct cells *c,
		       const struct background *b, struct burst_list *list, struct burst_list *few)
{
	size_t finer = list->n;
	for (size_t i = 0, end; i < p->n; i = end) {
		end = i + 1;
		if (!p->steps[i].burst)
			continue;
		while (end < p->n && p->steps[end].burst && !p->steps[end].begins)
			end++;
		size_t first = SIZE_MAX, last = 0;
		uint64_t judged = 0;
		for (size_t k = i; k < end; k++)
			if (p->steps[k].kind == STEP_CELL) {
				first = first == SIZE_MAX ? p->steps[k].cell : first;
				last = p->steps[k].cell;
				judged += c->items[last].x;
			}
		if (judged < EXTENT_LEAST_EVENTS && !few)
			continue;
		struct burst_span s = extent_span(series, c, b, first, last);
		/* Touching what is not covered: the path enters it in the burst state, or the burst begins in the first cell. */
		s.censored_start = !i || p->steps[i].kind == STEP_GAP || p->steps[i - 1].kind == STEP_BREAK;
		s.ongoing = end == p->n;
		s.censored_end = s.ongoing || p->steps[end].kind == STEP_GAP || p->steps[end].kind == STEP_BREAK;
		if (judged < EXTENT_LEAST_EVENTS)
			extent_add(few, &s);
		else if (!extent_overlaps(list, finer, &s))
			extent_add(list, &s);
	}
}

/* The capture of a signal that is ~0 in health is full of it, but too evenly for the automaton: all of it is one burst, unless
 * most of it are periodic peaks. */
static void span_whole(const struct fold_series *series, const struct cells *c, const struct background *b,
		       struct burst_list *list)
{
	struct burst_span s = extent_span(series, c, b, 0, c->n - 1);
	s.censored_start = s.censored_end = s.ongoing = true;
	uint64_t periodic = 0;
	for (size_t i = 0; i < c->n; i++)
		periodic += background_periodic(b, c->items[i].index) ? c->items[i].n : 0;
	if (s.count >= EXTENT_LEAST_EVENTS && periodic <= s.count / 2)
		extent_add(list, &s);
}

int64_t burst_cap(const struct fold_source *s, const struct signal *signal)
{
	if (signal->health == HEALTH_ANY)
		return 0;
	const struct fold_series *requests = fold_series_find(s, "http.requests", "", FACET_NONE, "");
	if (signal->health == HEALTH_ZERO || !requests || s->first_us == INSTANT_NONE)
		return BURST_CAP_PPM;
	uint64_t seconds = (uint64_t)(s->last_us - s->first_us) / SECOND_US + 1;
	__extension__ typedef unsigned __int128 wide;
	wide few_ppm = (wide)requests->total * 1000000u / BURST_FEW / seconds;
	return few_ppm > BURST_CAP_PPM ? (int64_t)few_ppm : BURST_CAP_PPM;
}

struct burst_span *burst_find(const struct fold_series *series, int64_t start_us, int64_t end_us, const struct fold_gap *gaps,
			      size_t gaps_n, int64_t cap_ppm, size_t *n)
{
	return burst_find_while(series, start_us, end_us, gaps, gaps_n, cap_ppm, NULL, 0, n);
}

struct burst_span *burst_find_while(const struct fold_series *series, int64_t start_us, int64_t end_us, const struct fold_gap *gaps,
				    size_t gaps_n, int64_t cap_ppm, const struct burst_while *whiles, size_t whiles_n, size_t *n)
{
	struct burst_list list = {0}, few = {0};
	*n = 0;
	if (!series->n)
		return memory_new(1, sizeof *list.items);
	struct cells fine = cells_finest(series);
	struct background b;
	cells_cover(&fine, start_us, end_us, gaps, gaps_n);
	background_fit(&b, &fine, cap_ppm);
	struct path p = path_find_paused(&fine, &b);
	path_spans(&p, series, &fine, &b, &list, cap_ppm ? &few : NULL);
	memory_free(p.steps);
	for (size_t i = 0; i < LEVELS; i++) {
		if (level_widths_s[i] <= fine.width_s)
			continue;
		struct cells wide = cells_wider(&fine, &b, level_widths_s[i]);
		struct background wide_b;
		cells_cover(&wide, start_us, end_us, gaps, gaps_n);
		background_fit(&wide_b, &wide, cap_ppm);
		p = path_find_paused(&wide, &wide_b);
		path_spans(&p, series, &wide, &wide_b, &list, NULL);
		memory_free(p.steps);
		background_release(&wide_b);
		cells_release(&wide);
	}
	const struct extent_of of = {series, &fine, &b, cap_ppm == BURST_CAP_PPM};
	extent_beside(&list, &few);
	memory_free(few.items);
	if (!list.n && b.filled)
		span_whole(series, &fine, &b, &list);
	extent_sort(&list);
	if (cap_ppm) {
		extent_met(&list, &of, whiles, whiles_n);
		extent_reach(&list, &of);
	}
	extent_censor(&list, gaps, gaps_n, cap_ppm > 0);
	background_release(&b);
	cells_release(&fine);
	*n = list.n;
	return list.items ? list.items : memory_new(1, sizeof *list.items);
}
