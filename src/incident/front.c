#include "incident/front.h"

#include "base/memory.h"
#include "fold/moment.h"

static bool has_requests(const struct fold_source *s)
{
	const struct fold_series *requests = fold_series_find(s, "http.requests", "", FACET_NONE, "");
	return source_counts(s) && requests && requests->total;
}

void front_of_tier(struct front *a, const struct fold *f, enum tier tier)
{
	*a = (struct front){.tier = tier, .sources = memory_new(f->n, sizeof *a->sources)};
	for (size_t i = 0; i < f->n; i++)
		if (f->sources[i].tier == tier && has_requests(&f->sources[i]))
			a->sources[a->n++] = i;
}

/* A source of unknown tier that has access records is better than none. */
static const enum tier order[] = {TIER_LB, TIER_WEB, TIER_APP, TIER_UNKNOWN};
enum { TIERS = sizeof order / sizeof *order };

static bool first_of(struct front *a, const struct fold *f, size_t k)
{
	for (; k < TIERS; k++) {
		front_of_tier(a, f, order[k]);
		if (a->n)
			return true;
		front_release(a);
	}
	return false;
}

void front_init(struct front *a, const struct fold *f)
{
	if (!first_of(a, f, 0))
		*a = (struct front){.tier = TIER_UNKNOWN};
}

bool front_inner(struct front *a, const struct fold *f)
{
	size_t k = 0;
	while (k < TIERS && order[k] != a->tier)
		k++;
	front_release(a);
	return first_of(a, f, k + 1);
}

void front_release(struct front *a)
{
	memory_free(a->sources);
	*a = (struct front){0};
}

bool front_in(int64_t start_us, int64_t width_us, int64_t from_us, int64_t to_us, enum front_edge edge)
{
	int64_t end_us = start_us + width_us;
	if (edge == FRONT_MOSTLY)
		return (end_us < to_us ? end_us : to_us) - (start_us > from_us ? start_us : from_us) >= width_us / 2;
	return end_us > from_us && (edge == FRONT_DURING ? start_us <= to_us : end_us <= to_us);
}

/* Index of the first bin that starts at or after a stamp. */
static size_t bin_from(const struct fold_series *series, int64_t from_us)
{
	size_t low = 0, high = series->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if ((int64_t)series->bins[middle].bin.start_s * SECOND_US < from_us)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint64_t front_count(const struct fold *f, const struct front *a, const char *signal, int64_t from_us, int64_t to_us,
		      enum front_edge edge)
{
	uint64_t count = 0;
	for (size_t i = 0; i < a->n; i++) {
		const struct fold_source *s = &f->sources[a->sources[i]];
		const struct fold_series *series = fold_series_find(s, signal, "", FACET_NONE, "");
		int64_t from = moment_printed(s, from_us), to = moment_printed(s, to_us);
		int64_t width_us = series ? (int64_t)series->width_s * SECOND_US : 0;
		for (size_t k = series ? bin_from(series, from - width_us) : 0; series && k < series->n; k++) {
			int64_t start_us = (int64_t)series->bins[k].bin.start_s * SECOND_US;
			if (start_us > to)
				break;
			if (front_in(start_us, width_us, from, to, edge))
				count += series->bins[k].bin.n;
		}
	}
	return count;
}
