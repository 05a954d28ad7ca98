#include "fold/years.h"

#include <stdlib.h>

#include "base/memory.h"
#include "line/yearof.h"
#include "tally/partmove.h"

#define HALF_A_YEAR_US (183 * DAY_US)

bool years_leap_day(const struct part *p)
{
	struct civil day = {.year = YEAROF_YEARLESS, .month = 2, .day = 29};
	int64_t from_s = instant_of(&day) / SECOND_US;
	for (size_t i = 0; i < p->series_n; i++)
		for (size_t k = 0; k < p->series[i].n; k++)
			if (p->series[i].bins[k].start_s >= from_s && p->series[i].bins[k].start_s < from_s + 86400)
				return true;
	return false;
}

static bool is_yearless(const struct part *p)
{
	return p->yearless && p->first_us != INSTANT_NONE;
}

static int year_stated(const struct tally_entry *e, const struct story_options *options)
{
	for (size_t y = options ? options->years_n : 0; y-- > 0;)
		for (size_t k = 0; k < e->n; k++)
			if (tally_matches(span_of(options->years[y].glob), &e->locations[k], e->part->stream))
				return options->years[y].year;
	return 0;
}

/* What the file alone tells. */
static struct year_known year_alone(const struct tally_entry *e, const struct story_options *options)
{
	const struct part *p = e->part;
	bool leap_day = years_leap_day(p);
	int year = year_stated(e, options);
	if (year)
		return (struct year_known){year, "option", 0};
	for (size_t k = 0; k < e->n; k++) {
		int64_t from_us, until_us;
		if (yearof_path(e->locations[k].path, &from_us, &until_us) &&
		    (year = yearof_name(p->first_us, p->last_us, leap_day, from_us, until_us)))
			return (struct year_known){year, "name", 0};
	}
	for (size_t k = 0; k < e->n; k++)
		if (e->locations[k].mtime_s &&
		    (year = yearof_container(p->last_us, leap_day, e->locations[k].mtime_s * SECOND_US)))
			return (struct year_known){year, "container", 0};
	return (struct year_known){0};
}

/* The year-less files of one key, by their first stamps. */
struct group {
	const struct tally *tally;
	struct year_known *of;
	size_t *entries;
	size_t n;
};

static const char *key_of(const struct tally *tally, size_t entry)
{
	return tally->entries[entry].n ? tally->entries[entry].locations[0].key : "";
}

struct ordered {
	const char *key;
	int64_t first_us;
	size_t entry;
};

static int compare(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;
	int order = strcmp(x->key, y->key);
	if (order)
		return order;
	if (x->first_us != y->first_us)
		return x->first_us < y->first_us ? -1 : 1;
	return x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* Which of the files come after the New Year that lies between them: those before the widest gap. */
static void arrange(struct group *g)
{
	int64_t newest_us = INSTANT_NONE, widest_us = 0;
	size_t behind = 0; /* the first file behind the gap */
	for (size_t i = 0; i < g->n; i++) {
		const struct part *p = g->tally->entries[g->entries[i]].part;
		if (newest_us != INSTANT_NONE && p->first_us - newest_us > widest_us) {
			widest_us = p->first_us - newest_us;
			behind = i;
		}
		newest_us = p->last_us > newest_us ? p->last_us : newest_us;
	}
	if (widest_us < HALF_A_YEAR_US)
		return;
	for (size_t i = 0; i < behind; i++)
		g->of[g->entries[i]].after = 1;
}

static int rank_of(const char *how)
{
	return !how ? 9 : !strcmp(how, "option") ? 0 : !strcmp(how, "name") ? 1 : 2;
}

/* The others of its source tell a file's year. */
static void spread(struct group *g)
{
	const struct year_known *best = NULL;
	for (size_t i = 0; i < g->n; i++) {
		const struct year_known *known = &g->of[g->entries[i]];
		if (known->year && (!best || rank_of(known->how) < rank_of(best->how)))
			best = known;
	}
	if (!best)
		return;
	int base = best->year - best->after, first = INT32_MAX;
	for (size_t i = 0; i < g->n; i++) {
		struct year_known *known = &g->of[g->entries[i]];
		if (!known->year)
			*known = (struct year_known){base + known->after, "source", known->after};
		first = known->year < first ? known->year : first;
	}
	for (size_t i = 0; i < g->n; i++)
		g->of[g->entries[i]].after = g->of[g->entries[i]].year - first;
}

static void move_after(struct years *y, const struct group *g)
{
	for (size_t i = 0; i < g->n; i++) {
		struct tally_entry *e = &y->view.entries[g->entries[i]];
		int after = y->of[g->entries[i]].after;
		struct part *moved = after ? part_moved(e->part, after) : NULL;
		if (!moved)
			continue;
		y->moved = memory_grow(y->moved, &y->moved_cap, y->moved_n + 1, sizeof *y->moved);
		e->part = y->moved[y->moved_n++] = moved;
	}
}

void years_init(struct years *y, const struct tally *tally, const struct story_options *options)
{
	*y = (struct years){.view = *tally};
	y->of = memory_new(tally->n, sizeof *y->of);
	y->view.entries = memory_new(tally->n, sizeof *y->view.entries);
	struct ordered *ordered = memory_new(tally->n, sizeof *ordered);
	size_t *entries = memory_new(tally->n, sizeof *entries), n = 0;
	for (size_t i = 0; i < tally->n; i++) {
		const struct part *p = tally->entries[i].part;
		y->view.entries[i] = tally->entries[i];
		if (!is_yearless(p))
			continue;
		y->of[i] = year_alone(&tally->entries[i], options);
		ordered[n++] = (struct ordered){key_of(tally, i), p->first_us, i};
	}
	if (n)
		qsort(ordered, n, sizeof *ordered, compare);
	for (size_t i = 0; i < n; i++)
		entries[i] = ordered[i].entry;
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && !strcmp(ordered[i].key, ordered[end].key); end++)
			;
		struct group g = {tally, y->of, entries + i, end - i};
		arrange(&g);
		spread(&g);
		move_after(y, &g);
	}
	memory_free(ordered);
	memory_free(entries);
}

void years_release(struct years *y)
{
	for (size_t i = 0; i < y->moved_n; i++)
		part_free(y->moved[i]);
	memory_free(y->moved);
	memory_free(y->of);
	memory_free(y->view.entries);
	*y = (struct years){0};
}
