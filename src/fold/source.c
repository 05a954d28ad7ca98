#include "fold/source.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "line/yearof.h"

/* A part comes from anywhere: widths that the tally does not know are read as 1 s. */
static uint32_t sane_width(uint32_t width_s)
{
	return width_s == 10 || width_s == 60 || width_s == 900 ? width_s : 1;
}

struct bin_list {
	struct fold_bin *bins;
	size_t n, cap;
};

/* Appends one bin, moved to the grid of `width_s`. */
static void bin_add(struct bin_list *list, const struct bin *b, uint32_t first_part, uint32_t last_part, uint32_t width_s)
{
	list->bins = memory_grow(list->bins, &list->cap, list->n + 1, sizeof *list->bins);
	struct fold_bin *to = &list->bins[list->n++];
	*to = (struct fold_bin){*b, first_part, last_part};
	uint32_t into_s = b->start_s % width_s;
	to->bin.start_s = b->start_s - into_s;
	uint64_t first_us = b->first_us + (uint64_t)into_s * 1000000u, last_us = b->last_us + (uint64_t)into_s * 1000000u;
	to->bin.first_us = first_us > UINT32_MAX ? UINT32_MAX : (uint32_t)first_us;
	to->bin.last_us = last_us > UINT32_MAX ? UINT32_MAX : (uint32_t)last_us;
}

static int bin_order(const void *a, const void *b)
{
	const struct fold_bin *x = a, *y = b;
	if (x->bin.start_s != y->bin.start_s)
		return x->bin.start_s < y->bin.start_s ? -1 : 1;
	if (x->bin.first_us != y->bin.first_us)
		return x->bin.first_us < y->bin.first_us ? -1 : 1;
	if (x->first_part != y->first_part)
		return x->first_part < y->first_part ? -1 : 1;
	return x->bin.first_offset < y->bin.first_offset ? -1 : x->bin.first_offset > y->bin.first_offset;
}

/* `from` comes after `to` in bin_order and is of the same interval: its first record is not earlier. */
static void bin_join(struct fold_bin *to, const struct fold_bin *from)
{
	uint64_t n = (uint64_t)to->bin.n + from->bin.n;
	to->bin.n = n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
	if (from->bin.last_us < to->bin.last_us ||
	    (from->bin.last_us == to->bin.last_us && from->last_part < to->last_part))
		return;
	to->bin.last_us = from->bin.last_us;
	to->bin.last_line = from->bin.last_line;
	to->bin.last_length = from->bin.last_length;
	to->bin.last_offset = from->bin.last_offset;
	to->last_part = from->last_part;
}

/* Sorts (files that follow each other are sorted already) and joins bins of one interval. */
static void bins_settle(struct bin_list *list)
{
	for (size_t i = 1; i < list->n; i++)
		if (bin_order(&list->bins[i - 1], &list->bins[i]) > 0) {
			qsort(list->bins, list->n, sizeof *list->bins, bin_order);
			break;
		}
	size_t kept = 0;
	for (size_t i = 0; i < list->n; i++) {
		if (kept && list->bins[kept - 1].bin.start_s == list->bins[i].bin.start_s)
			bin_join(&list->bins[kept - 1], &list->bins[i]);
		else
			list->bins[kept++] = list->bins[i];
	}
	list->n = kept;
}

static uint64_t bins_total(const struct bin_list *list)
{
	uint64_t total = 0;
	for (size_t i = 0; i < list->n; i++)
		total += list->bins[i].bin.n;
	return total;
}

/* A series of one of the source's parts. */
struct series_ref {
	const struct series *series;
	uint32_t part;
};

static int ref_key_order(const struct series_ref *x, const struct series_ref *y)
{
	return series_name_order(series_name(x->series), series_name(y->series));
}

static int ref_order(const void *a, const void *b)
{
	const struct series_ref *x = a, *y = b;
	int order = ref_key_order(x, y);
	if (order)
		return order;
	return x->part < y->part ? -1 : x->part > y->part;
}

static struct fold_series refs_merge(const struct series_ref *refs, size_t n)
{
	const struct series *head = refs[0].series;
	struct fold_series merged = {head->signal, head->class, head->facet_value, head->facet, 1, NULL, 0, 0};
	struct bin_list list = {0};
	size_t need = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t width_s = sane_width(refs[i].series->width_s);
		if (width_s > merged.width_s)
			merged.width_s = width_s;
		need += refs[i].series->n;
	}
	list.bins = memory_grow(NULL, &list.cap, need ? need : 1, sizeof *list.bins);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < refs[i].series->n; k++)
			bin_add(&list, &refs[i].series->bins[k], refs[i].part, refs[i].part, merged.width_s);
	bins_settle(&list);
	merged.bins = list.bins;
	merged.n = list.n;
	merged.total = bins_total(&list);
	return merged;
}

static void merge_times(struct fold_source *s, const struct tally *tally)
{
	s->first_us = s->last_us = INSTANT_NONE;
	s->resolution_us = 1;
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct part *p = tally->entries[s->entries[i]].part;
		if (p->first_us == INSTANT_NONE || p->last_us == INSTANT_NONE)
			continue;
		if (s->first_us == INSTANT_NONE || p->first_us < s->first_us)
			s->first_us = p->first_us;
		if (s->last_us == INSTANT_NONE || p->last_us > s->last_us)
			s->last_us = p->last_us;
		if (p->resolution_us > s->resolution_us)
			s->resolution_us = p->resolution_us;
	}
}

/* The part's series, or what stands in its place. */
static const struct series *patched(const struct source_patches *patches, const struct series *series)
{
	for (size_t i = 0; i < patches->n; i++)
		if (patches->items[i].instead == series)
			return &patches->items[i].series;
	return series;
}

void source_id(const char *key, char id[13])
{
	snprintf(id, 13, "%012llx", (unsigned long long)(hash_bytes(span_of(key)) >> 16));
}

void source_patches_release(struct source_patches *patches)
{
	for (size_t i = 0; i < patches->n; i++)
		memory_free(patches->items[i].series.bins);
	memory_free(patches->items);
	*patches = (struct source_patches){0};
}

void source_merge(struct fold_source *s, const struct tally *tally, const struct source_patches *patches)
{
	merge_times(s, tally);
	struct series_ref *refs = NULL;
	size_t n = 0, cap = 0, series_cap = 0;
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct part *p = tally->entries[s->entries[i]].part;
		for (size_t k = 0; k < p->series_n; k++) {
			refs = memory_grow(refs, &cap, n + 1, sizeof *refs);
			refs[n++] = (struct series_ref){patched(patches, &p->series[k]), s->entries[i]};
		}
	}
	for (size_t i = 0; i < patches->n; i++) {
		if (patches->items[i].instead)
			continue;
		refs = memory_grow(refs, &cap, n + 1, sizeof *refs);
		refs[n++] = (struct series_ref){&patches->items[i].series, patches->items[i].entry};
	}
	if (n)
		qsort(refs, n, sizeof *refs, ref_order);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && !ref_key_order(&refs[i], &refs[end]); end++)
			;
		s->series = memory_grow(s->series, &series_cap, s->series_n + 1, sizeof *s->series);
		s->series[s->series_n++] = refs_merge(refs + i, end - i);
		if (!s->series[s->series_n - 1].n) /* its only event was taken back */
			memory_free(s->series[--s->series_n].bins);
	}
	memory_free(refs);
}

void source_release(struct fold_source *s)
{
	for (size_t i = 0; i < s->series_n; i++)
		memory_free(s->series[i].bins);
	memory_free(s->series);
	memory_free(s->gaps);
	memory_free(s->passes);
	for (size_t i = 0; i < s->calls_n; i++)
		memory_free(s->calls[i].address.address);
	memory_free(s->calls);
	memory_free(s->entries);
	clockfit_release(&s->clock.fit);
	clockfit_release(&s->shift);
}

bool source_counts(const struct fold_source *s)
{
	return s->twin_of < 0 && !s->undated;
}

bool source_matches(const struct fold_source *s, const struct tally *tally, const char *glob)
{
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct tally_entry *e = &tally->entries[s->entries[i]];
		for (size_t k = 0; k < e->n; k++)
			if (!strcmp(e->locations[k].key, s->key) && tally_matches(span_of(glob), &e->locations[k], e->part->stream))
				return true;
	}
	return false;
}

/* The two instants that a stamp may mean: the same one but in an hour that comes twice. */
static void both_instants(const struct fold_source *s, int64_t printed_us, int64_t *utc_us, int64_t *later_us)
{
	int64_t in_year_us = yearof_move(printed_us, s->year_shift);
	if (!s->zone) {
		/* The offset without a zone is that behind the seam: before it, it was an hour more. */
		bool seam = s->seam_us != 0;
		*utc_us = in_year_us - s->assumed_us - (seam && printed_us < s->seam_us + HOUR_US ? HOUR_US : 0);
		*later_us = in_year_us - s->assumed_us - (seam && printed_us < s->seam_us ? HOUR_US : 0);
		if (*utc_us == *later_us)
			return;
	} else if (zone_to_utc(s->zone, in_year_us, utc_us, later_us) != CIVIL_TWICE) {
		return;
	}
	bool first = false, second = false;
	for (size_t i = 0; i < s->passes_n; i++)
		if (printed_us >= s->passes[i].first_us && printed_us <= s->passes[i].last_us)
			*(s->passes[i].second ? &second : &first) = true;
	if (second && !first)
		*utc_us = *later_us;
	else if (first && !second)
		*later_us = *utc_us;
}

/* Takes off what the clock is off. */
static int64_t corrected(const struct fold_source *s, int64_t own_us)
{
	int64_t offset_us = 0, uncertainty_us;
	if (s->shift.n)
		clockfit_at(&s->shift, own_us, &offset_us, &uncertainty_us);
	return own_us - offset_us;
}

int64_t fold_uncorrected(const struct fold_source *s, int64_t printed_us)
{
	int64_t utc_us = printed_us, later_us;
	if (printed_us != INSTANT_NONE)
		both_instants(s, printed_us, &utc_us, &later_us);
	return utc_us;
}

int64_t fold_utc(const struct fold_source *s, int64_t printed_us)
{
	return printed_us == INSTANT_NONE ? INSTANT_NONE : corrected(s, fold_uncorrected(s, printed_us));
}

int64_t fold_utc_later(const struct fold_source *s, int64_t printed_us)
{
	int64_t utc_us, later_us = printed_us;
	if (printed_us == INSTANT_NONE)
		return INSTANT_NONE;
	both_instants(s, printed_us, &utc_us, &later_us);
	return corrected(s, later_us);
}

bool fold_twice(const struct fold_source *s, int64_t printed_us)
{
	int64_t utc_us = 0, later_us = 0;
	if (printed_us != INSTANT_NONE)
		both_instants(s, printed_us, &utc_us, &later_us);
	return utc_us != later_us;
}

int64_t fold_uncertainty(const struct fold_source *s, int64_t printed_us)
{
	int64_t offset_us, uncertainty_us = s->uncertainty_us;
	if (s->shift.n && printed_us != INSTANT_NONE)
		clockfit_at(&s->shift, fold_uncorrected(s, printed_us), &offset_us, &uncertainty_us);
	return uncertainty_us;
}

const struct fold_series *fold_series_find(const struct fold_source *s, const char *signal, const char *class, enum facet facet,
					   const char *facet_value)
{
	const struct series_name wanted = {signal, class, facet_value, facet};
	size_t low = 0, high = s->series_n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct fold_series *at = &s->series[middle];
		int order = series_name_order((struct series_name){at->signal, at->class, at->facet_value, at->facet}, wanted);
		if (!order)
			return at;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

struct fold_series fold_signal(const struct fold_source *s, const char *signal)
{
	struct fold_series sum = {signal, "", "", FACET_NONE, 1, NULL, 0, 0};
	struct bin_list list = {0};
	for (size_t i = 0; i < s->series_n; i++)
		if (s->series[i].facet == FACET_NONE && !strcmp(s->series[i].signal, signal) &&
		    s->series[i].width_s > sum.width_s)
			sum.width_s = s->series[i].width_s;
	for (size_t i = 0; i < s->series_n; i++) {
		const struct fold_series *add = &s->series[i];
		if (add->facet != FACET_NONE || strcmp(add->signal, signal))
			continue;
		for (size_t k = 0; k < add->n; k++)
			bin_add(&list, &add->bins[k].bin, add->bins[k].first_part, add->bins[k].last_part, sum.width_s);
	}
	bins_settle(&list);
	sum.bins = list.bins;
	sum.n = list.n;
	sum.total = bins_total(&list);
	return sum;
}
