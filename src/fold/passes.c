#include "fold/passes.h"

#include <stdlib.h>

#include "base/memory.h"
#include "line/yearof.h"

/* ---- by the file's own order ---- */

struct passes {
	struct fold_pass *items;
	size_t n, cap;
};

static void add_pass(struct passes *to, int64_t first_us, int64_t last_us, bool second)
{
	to->items = memory_grow(to->items, &to->cap, to->n + 1, sizeof *to->items);
	to->items[to->n++] = (struct fold_pass){first_us, last_us, second};
}

static int64_t floor_to(int64_t us, int64_t unit_us)
{
	return us - (us % unit_us + unit_us) % unit_us;
}

/* Two stretches of a file between which the clock was set back in autumn: what they hold is told apart. */
static void add_passes(const struct fold_source *s, struct passes *to, const struct segment *before, const struct segment *after)
{
	if (!fold_twice(s, before->last_us) && !fold_twice(s, after->first_us))
		return;
	add_pass(to, before->first_us, before->last_us, false);
	/* Bins begin with a second, which may lie before their first record. */
	add_pass(to, floor_to(after->first_us, SECOND_US), after->last_us, true);
}

/* A log without a zone goes back from the end of an hour to its beginning, on a night on which clocks are set back (RFC 5545's examples: a
 * Sunday's first hours nearly everywhere, a Saturday's last one in Chile): that is no clock that went wrong. */
static bool is_seam(const struct fold_source *s, const struct segment *before, const struct segment *after, int64_t *seam_us)
{
	*seam_us = floor_to(after->first_us, HOUR_US);
	int64_t civil_us = yearof_move(*seam_us, s->year_shift), day_us = floor_to(civil_us, DAY_US);
	int64_t weekday = (day_us / DAY_US % 7 + 11) % 7, of_day = (civil_us - day_us) / HOUR_US; /* 1970-01-01 was a Thursday */
	return after->first_us - *seam_us <= PASSES_PAUSE_US && before->last_us < *seam_us + HOUR_US &&
	       *seam_us + HOUR_US - before->last_us <= PASSES_PAUSE_US && ((!weekday && of_day <= 3) || (weekday == 6 && of_day == 23));
}

static void find_seam(struct fold_source *s, const struct tally *tally)
{
	int64_t found_us = 0, seam_us;
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct part *p = tally->entries[s->entries[i]].part;
		for (size_t k = 1; k < p->segments_n; k++) {
			bool is = is_seam(s, &p->segments[k - 1], &p->segments[k], &seam_us);
			if (!is || (found_us && found_us != seam_us))
				return; /* a clock that is set more than once is no summer time */
			found_us = seam_us;
		}
	}
	s->seam_us = found_us;
}

/* The least stamp is not that of the first record where an hour comes twice. */
static void assign_span(struct fold_source *s)
{
	int64_t first_us = s->first_us, last_us = s->last_us;
	for (size_t i = 0; i < s->passes_n; i++) {
		const struct fold_pass *p = &s->passes[i];
		if (fold_uncorrected(s, p->first_us) < fold_uncorrected(s, first_us))
			first_us = p->first_us;
		if (fold_uncorrected(s, p->last_us) > fold_uncorrected(s, last_us))
			last_us = p->last_us;
	}
	s->first_us = first_us;
	s->last_us = last_us;
}

/* Some record lies in an hour that comes twice, and no pass tells which. One look an hour is enough: no clock is set back by less than that
 * but Lord Howe's, by half of one. */
static bool is_twice(const struct fold_source *s)
{
	for (size_t i = 0; i < s->series_n; i++)
		for (size_t k = 0, looked = SIZE_MAX; k < s->series[i].n && !strcmp(s->series[i].signal, "records"); k++) {
			int64_t start_us = s->series[i].bins[k].bin.start_s * SECOND_US;
			if (s->series[i].bins[k].bin.start_s / 1800 == looked)
				continue;
			looked = s->series[i].bins[k].bin.start_s / 1800;
			if (fold_twice(s, start_us))
				return true;
		}
	return false;
}

static void assign_own(struct fold_source *s, const struct tally *tally)
{
	struct passes own = {0};
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct part *p = tally->entries[s->entries[i]].part;
		for (size_t k = 1; k < p->segments_n; k++)
			add_passes(s, &own, &p->segments[k - 1], &p->segments[k]);
	}
	s->passes = own.items;
	s->passes_n = own.n;
	s->twice = is_twice(s);
	assign_span(s);
}

/* ---- by what others saw ---- */

/* A second in which a source had events. */
struct second {
	int64_t at_us; /* as printed, or UTC */
	uint32_t n;
};

struct seconds {
	struct second *items; /* owned, ascending */
	size_t n, cap;
	int64_t width_us;     /* of the widest bin */
};

static int second_order(const void *a, const void *b)
{
	const struct second *x = a, *y = b;
	return x->at_us < y->at_us ? -1 : x->at_us > y->at_us;
}

static void seconds_add(struct seconds *to, const struct fold_series *series)
{
	int64_t width_us = series->width_s * SECOND_US;
	to->width_us = width_us > to->width_us ? width_us : to->width_us;
	for (size_t i = 0; i < series->n; i++) {
		const struct bin *b = &series->bins[i].bin;
		to->items = memory_grow(to->items, &to->cap, to->n + 1, sizeof *to->items);
		to->items[to->n++] = (struct second){b->start_s * SECOND_US + b->first_us, b->n};
	}
}

/* PASSES_KIN: `theirs`, of a source of that tier, is the echo of `own`: an error log's failures are the failed requests of the access log beside it. */
static bool is_kin(const struct fold_source *s, const char *own, const struct fold_source *other, const struct fold_series *theirs)
{
	if (theirs->facet != FACET_NONE)
		return false;
	return !strcmp(theirs->signal, own) || (other->tier == s->tier && !strcmp(theirs->signal, "http.server_error"));
}

/* UTC of what another source saw. */
static void seconds_of(const struct fold_source *s, const char *signal, const struct fold_source *other, struct seconds *out)
{
	out->n = 0;
	out->width_us = 0;
	for (size_t i = 0; i < other->series_n; i++) {
		if (is_kin(s, signal, other, &other->series[i]))
			seconds_add(out, &other->series[i]);
	}
	for (size_t i = 0; i < out->n; i++)
		out->items[i].at_us = fold_utc(other, out->items[i].at_us);
	if (out->n)
		qsort(out->items, out->n, sizeof *out->items, second_order);
}

static bool is_near(const struct seconds *list, int64_t at_us, int64_t near_us)
{
	size_t low = 0, high = list->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (list->items[middle].at_us < at_us - near_us)
			low = middle + 1;
		else
			high = middle;
	}
	return low < list->n && list->items[low].at_us <= at_us + near_us;
}

enum verdict { SAYS_NOTHING, SAYS_FIRST, SAYS_SECOND };

/* What the other source's events say of the stretch. */
static enum verdict ask(const struct fold_source *s, const struct second *stretch, size_t n, const struct fold_source *other,
			const struct seconds *seen, int64_t width_us)
{
	int64_t near_us = PASSES_NEAR_US + width_us + seen->width_us;
	size_t first = 0, second = 0;
	bool both = fold_utc(s, stretch[0].at_us) >= fold_utc(other, other->first_us) - near_us &&
		    fold_utc_later(s, stretch[n - 1].at_us) <= fold_utc(other, other->last_us) + near_us;
	for (size_t i = 0; i < n; i++) {
		first += is_near(seen, fold_utc(s, stretch[i].at_us), near_us);
		second += is_near(seen, fold_utc_later(s, stretch[i].at_us), near_us);
	}
	size_t most = first > second ? first : second, least = first + second - most;
	if (10 * least > n || 2 * most < n || (!both && (n < PASSES_MANY || 10 * most < 9 * n)))
		return SAYS_NOTHING;
	return first > second ? SAYS_FIRST : SAYS_SECOND;
}

static bool is_known(const struct fold_source *s)
{
	return (s->zone_printed || s->zone) && !s->twice && s->first_us != INSTANT_NONE && (!s->year_how || strcmp(s->year_how, "unknown"));
}

static enum verdict ask_all(const struct fold_source *s, const char *signal, const struct second *stretch, size_t n, int64_t width_us,
			    const struct fold_source *sources, size_t sources_n, struct seconds *seen)
{
	bool said[SAYS_SECOND + 1] = {false};
	for (size_t i = 0; i < sources_n; i++) {
		if (&sources[i] == s || !is_known(&sources[i]))
			continue;
		seconds_of(s, signal, &sources[i], seen);
		said[seen->n ? ask(s, stretch, n, &sources[i], seen, width_us) : SAYS_NOTHING] = true;
	}
	return said[SAYS_FIRST] == said[SAYS_SECOND] ? SAYS_NOTHING : said[SAYS_FIRST] ? SAYS_FIRST : SAYS_SECOND;
}

static void assign_stretches(const struct fold_source *s, const struct fold_series *series, const struct fold_source *sources, size_t n,
			     struct passes *to, struct seconds *own, struct seconds *seen)
{
	size_t kept = 0;
	own->n = 0;
	own->width_us = 0;
	seconds_add(own, series);
	for (size_t i = 0; i < own->n; i++) {
		if (fold_twice(s, own->items[i].at_us))
			own->items[kept++] = own->items[i];
	}
	own->n = kept;
	for (size_t i = 0, end; i < own->n; i = end) {
		uint64_t events = own->items[i].n;
		for (end = i + 1; end < own->n && own->items[end].at_us - own->items[end - 1].at_us < PASSES_APART_US; end++)
			events += own->items[end].n;
		if (events < PASSES_FEW)
			continue;
		enum verdict says = ask_all(s, series->signal, &own->items[i], end - i, own->width_us, sources, n, seen);
		if (says != SAYS_NOTHING)
			add_pass(to, own->items[i].at_us, own->items[end - 1].at_us + own->width_us - 1, says == SAYS_SECOND);
	}
}

static void assign_by_others(struct fold_source *s, const struct fold_source *sources, size_t n)
{
	struct passes found = {0};
	struct seconds own = {0}, seen = {0};
	for (size_t i = 0; i < s->series_n; i++) {
		if (s->series[i].facet == FACET_NONE && strcmp(s->series[i].signal, "records"))
			assign_stretches(s, &s->series[i], sources, n, &found, &own, &seen);
	}
	/* Only now: two signals may say the opposite of each other. */
	size_t cap = s->passes_n;
	s->passes = memory_grow(s->passes, &cap, s->passes_n + found.n, sizeof *s->passes);
	for (size_t i = 0; i < found.n; i++)
		s->passes[s->passes_n++] = found.items[i];
	memory_free(found.items);
	memory_free(own.items);
	memory_free(seen.items);
}

void passes_assign(struct fold_source *sources, size_t n, const struct tally *tally)
{
	for (size_t i = 0; i < n; i++) {
		bool bare = !sources[i].zone && !sources[i].zone_printed && sources[i].first_us != INSTANT_NONE;
		if (bare)
			find_seam(&sources[i], tally);
		if (sources[i].seam_us || (sources[i].zone && !zone_is_fixed(sources[i].zone)))
			assign_own(&sources[i], tally);
	}
	/* Who was told is no witness for the next one: the order of the sources says nothing. */
	for (size_t i = 0; i < n; i++) {
		if (sources[i].twice && sources[i].zone)
			assign_by_others(&sources[i], sources, n);
	}
	for (size_t i = 0; i < n; i++)
		sources[i].twice = sources[i].twice && is_twice(&sources[i]);
}
