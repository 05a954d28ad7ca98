#include "fold/header.h"

#include "fold/quarter.h"

/* A stream's name begins with the host that wrote it: "db1/pgbouncer" (carried.h, carrier_writer). */
static struct span host_of(const char *stream)
{
	struct span rest = span_of(stream ? stream : "");
	return span_cut(&rest, '/');
}

static bool one_file(const struct fold_source *a, const struct fold_source *b, const struct tally *tally)
{
	for (size_t i = 0; i < a->entries_n; i++)
		for (size_t k = 0; k < b->entries_n; k++)
			if (!part_compare_files(tally->entries[a->entries[i]].part, tally->entries[b->entries[k]].part))
				return true;
	return false;
}

/* Quarters of a day: +13:00 and -11:00 look the same, and so do +14:00 and -10:00. */
static bool zone_of_day(int64_t in_day_us, int64_t *zone_us)
{
	bool west = quarter_in_use(in_day_us), east = quarter_in_use(in_day_us + DAY_US);
	*zone_us = west ? in_day_us : in_day_us + DAY_US;
	return west != east;
}

/* Adds what the source's lines tell. False: its files tell different zones. */
static bool add_source(const struct fold_source *s, const struct tally *tally, struct header *out, uint64_t *own)
{
	*own = 0;
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct headed *h = &tally->entries[s->entries[i]].part->headed;
		if (h->agree && out->agree && h->zone_us != out->zone_us)
			return false;
		out->zone_us = h->agree ? h->zone_us : out->zone_us;
		out->late_us = h->late_us > out->late_us ? h->late_us : out->late_us;
		out->n += h->n;
		out->agree += h->agree;
		*own += h->n;
	}
	return true;
}

bool header_beside(const struct fold_source *sources, size_t n, const struct tally *tally, size_t source, struct header *out)
{
	const struct fold_source *s = &sources[source];
	uint64_t most = 0, own;
	*out = (struct header){.beside = -1};
	const char *carriers = s->entries_n ? tally->entries[s->entries[0]].part->carriers : NULL;
	if (s->zone_printed || s->zone || !carriers || !strstr(carriers, "syslog"))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct fold_source *o = &sources[i];
		if (i == source || !o->zone_printed || !span_equal(host_of(s->stream), host_of(o->stream)) || !one_file(s, o, tally))
			continue;
		if (!add_source(o, tally, out, &own))
			return false;
		if (own > most) {
			most = own;
			out->beside = (ptrdiff_t)i;
		}
	}
	bool enough = out->n >= HEADER_LEAST && out->agree * 1000000u >= out->n * (uint64_t)HEADER_SHARE_PPM;
	return enough && zone_of_day(out->zone_us, &out->zone_us);
}
