#include "incident/inventory.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"
#include "fold/moment.h"
#include "fold/sentence.h"

static char *copy_unless_empty(const char *string)
{
	return string && *string ? sentence_copy(string) : NULL;
}

static int path_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_files(const struct fold *f, const struct fold_source *s, struct source *out)
{
	size_t cap = 0;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct tally_entry *entry = &f->tally->entries[s->entries[e]];
		for (size_t i = 0; i < entry->n; i++) {
			const struct location *l = &entry->locations[i];
			/* All empty files are one part: here only those that bear this source's name. */
			if (!entry->part->bytes && strcmp(l->key, s->key))
				continue;
			out->files = memory_grow(out->files, &cap, out->files_n + 1, sizeof *out->files);
			out->files[out->files_n++] = (struct source_file){sentence_copy(l->path), {entry->part->bytes, entry->part->crc},
									  l->mtime_s ? l->mtime_s * SECOND_US : INSTANT_NONE};
		}
	}
}

static void add_paths(struct source *out)
{
	size_t kept = 0, n = out->files_n;
	out->paths = memory_new(n, sizeof *out->paths);
	for (size_t i = 0; i < n; i++)
		out->paths[i] = sentence_copy(out->files[i].path);
	if (n)
		qsort(out->paths, n, sizeof *out->paths, path_order);
	for (size_t i = 0; i < n; i++) {
		if (kept && !strcmp(out->paths[kept - 1], out->paths[i]))
			memory_free(out->paths[i]);
		else
			out->paths[kept++] = out->paths[i];
	}
	out->paths_n = kept;
}

/* The path under which this source tells a part: its smallest one of this key, else the smallest. */
static const char *path_of(const struct tally_entry *entry, const char *key)
{
	for (size_t i = 0; i < entry->n; i++)
		if (!strcmp(entry->locations[i].key, key))
			return entry->locations[i].path;
	return entry->n ? entry->locations[0].path : "";
}

static void add_counts(const struct fold *f, const struct fold_source *s, struct source *out)
{
	uint64_t taken = 0, looked_at = 0;
	size_t samples_cap = 0;
	out->fingerprints = memory_new(s->entries_n, sizeof *out->fingerprints);
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct tally_entry *entry = &f->tally->entries[s->entries[e]];
		const struct part *p = entry->part;
		out->lines += p->counts.lines;
		out->records += p->counts.records;
		out->joined += p->counts.joined;
		out->attached += p->counts.attached;
		out->unparsed += p->counts.unparsed;
		out->unparsed_refusals += p->counts.refusals;
		out->blank += p->counts.blank;
		out->head += p->counts.head;
		out->cut += p->counts.cut;
		out->implausible += p->implausible;
		taken += p->detect_taken;
		looked_at += p->detect_lines;
		out->fingerprints[out->fingerprints_n++] = (struct fingerprint){p->bytes, p->crc};
		for (size_t i = 0; i < p->samples_n && out->samples_n < LIMIT_UNPARSED_SAMPLES; i++) {
			out->samples = memory_grow(out->samples, &samples_cap, out->samples_n + 1, sizeof *out->samples);
			out->samples[out->samples_n++] =
				(struct source_sample){sentence_copy(path_of(entry, s->key)), sentence_copy(p->samples[i].excerpt),
						       p->samples[i].line, p->samples[i].offset};
		}
		if (!out->format && *p->format) {
			out->format = sentence_copy(p->format);
			out->layout = copy_unless_empty(p->layout);
			out->also = copy_unless_empty(p->also);
			out->rank = p->rank;
		}
	}
	const struct fold_series *requests = fold_series_find(s, "http.requests", "", FACET_NONE, "");
	out->access_records = requests ? requests->total : 0;
	out->joined_over_rotation = s->joined_over_rotation;
	out->head -= s->joined_over_rotation < out->head ? s->joined_over_rotation : out->head;
	out->certainty_ppm = looked_at ? (int64_t)((taken < looked_at ? taken : looked_at) * 1000000 / looked_at) : 0;
}

/* Last stamp before and first stamp after an offset of a part, from the offsets that the heartbeat bins carry. */
static void stamps_around(const struct fold_source *s, const struct part *p, int64_t offset, int64_t *before_us, int64_t *after_us)
{
	*before_us = *after_us = INSTANT_NONE;
	for (size_t i = 0; i < p->series_n; i++) {
		const struct series *series = &p->series[i];
		if (strcmp(series->signal, "records") || series->facet != FACET_NONE)
			continue;
		for (size_t k = 0; k < series->n; k++) {
			const struct bin *b = &series->bins[k];
			int64_t first = (int64_t)b->start_s * SECOND_US + b->first_us, last = (int64_t)b->start_s * SECOND_US + b->last_us;
			if ((int64_t)b->last_offset < offset && last > *before_us)
				*before_us = last;
			else if ((int64_t)b->first_offset < offset && first > *before_us)
				*before_us = first;
			if ((int64_t)b->first_offset >= offset && (*after_us == INSTANT_NONE || first < *after_us))
				*after_us = first;
		}
	}
	*before_us = fold_utc(s, *before_us);
	*after_us = fold_utc(s, *after_us);
}

/* First stamp of the files after this one; INSTANT_NONE: it is the last. */
static int64_t next_file_us(const struct fold *f, const struct fold_source *s, size_t entry)
{
	for (size_t e = entry + 1; e < s->entries_n; e++) {
		const struct part *p = f->tally->entries[s->entries[e]].part;
		if (p->first_us != INSTANT_NONE)
			return fold_utc(s, p->first_us);
	}
	return INSTANT_NONE;
}

static void add_damage(const struct fold *f, const struct fold_source *s, struct source *out)
{
	static const char *const kinds[] = {"", "truncated", "corrupt", "trailing", "read", "window"};
	size_t cap = 0;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct tally_entry *entry = &f->tally->entries[s->entries[e]];
		for (size_t i = 0; i < entry->n; i++) {
			const struct damage_report *damage = &entry->locations[i].damage;
			if (damage->kind == DAMAGE_NONE || (size_t)damage->kind >= sizeof kinds / sizeof *kinds)
				continue;
			out->truncated = memory_grow(out->truncated, &cap, out->truncated_n + 1, sizeof *out->truncated);
			struct source_truncated *t = &out->truncated[out->truncated_n++];
			*t = (struct source_truncated){sentence_copy(entry->locations[i].path), sentence_copy(kinds[damage->kind]),
						       damage->compressed_offset, damage->uncompressed_offset, INSTANT_NONE,
						       INSTANT_NONE};
			if (damage->kind == DAMAGE_TRAILING)
				continue;
			stamps_around(s, entry->part, damage->uncompressed_offset, &t->lost_from_us, &t->lost_until_us);
			if (t->lost_until_us == INSTANT_NONE)
				t->lost_until_us = next_file_us(f, s, e);
		}
	}
}

/* What the first file with a stamp prints as its zone; epochs print none and are UTC. */
static char *printed_zone(const struct fold *f, const struct fold_source *s)
{
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = f->tally->entries[s->entries[e]].part;
		if (p->first_us != INSTANT_NONE && p->zone_text && *p->zone_text)
			return sentence_copy(p->zone_text);
	}
	return sentence_copy("UTC");
}

/* "+05:30" */
static char *offset_text(int64_t us)
{
	struct text t = {0};
	sentence_offset(&t, us);
	return sentence_take(&t);
}

static struct known known(int64_t value)
{
	return (struct known){true, value, NULL};
}

/* The stretches between steps of a clock, each less the clock that it was compared with. */
static void add_segments(const struct fold *f, const struct fold_source *s, struct source_clock *out)
{
	const struct clock_estimate *clock = &s->clock;
	const struct clockfit *theirs = &f->sources[clock->against].clock.fit;
	bool passed_on = clock->total_us != clock->offset_us;
	out->segments = memory_new(clock->fit.n, sizeof *out->segments);
	for (size_t i = 0; i < clock->fit.n && clock->fit.n > 1; i++) {
		const struct clock_stretch *from = &clock->fit.items[i];
		int64_t moved_us = clock->applied ? from->offset_us : 0, theirs_us = 0, unsure_us;
		/* The other clock may have been set in between, too. */
		if (theirs->n && passed_on)
			clockfit_at(theirs, from->from_us / 2 + from->to_us / 2 - from->offset_us, &theirs_us, &unsure_us);
		out->segments[out->segments_n++] = (struct clock_segment){from->from_us - moved_us, from->to_us - moved_us,
									  from->offset_us - theirs_us, from->uncertainty_us};
	}
}

static void add_estimate(const struct fold *f, const struct fold_source *s, struct source_clock *out)
{
	const struct clock_estimate *clock = &s->clock;
	out->offset_us = known(clock->offset_us);
	out->uncertainty_us = known(clock->uncertainty_us);
	out->method = sentence_copy(clock->method);
	out->confidence = sentence_copy(clock->confidence);
	if (clock->support_ppm >= 0) {
		out->n = known((int64_t)clock->n);
		out->support_ppm = known(clock->support_ppm);
	}
	out->against = sentence_copy(f->sources[clock->against].id);
	out->applied = clock->applied;
	if (clock->root == f->reference) {
		out->reference_offset_us = known(clock->total_us);
		out->reference_uncertainty_us = known(clock->total_uncertainty_us);
	}
	if (clock->fit.drift_ppb) {
		out->drift_ppm = known((clock->fit.drift_ppb + (clock->fit.drift_ppb < 0 ? -500 : 500)) / 1000);
		out->drift_at_us = clock->fit.drift_at_us - (clock->applied ? clock->total_us : 0);
	}
	add_segments(f, s, out);
}

static void add_clock(const struct fold *f, size_t index, struct source *out)
{
	const struct fold_source *s = &f->sources[index];
	static const char why[] = "it logs nothing that could be compared with another source: a usual skew is assumed for the order of events",
			  why_led[] = "others are compared with it, and nothing compares it with the reference clock: a usual skew is assumed for the order of events",
			  why_unzoned[] = "it logs nothing that could be compared with another source, and prints no zone",
			  why_led_unzoned[] = "others are compared with it, and nothing compares it with a clock whose zone is known; it prints none: "
					      "for the order of events it is allowed to be 15 min off, in another zone it would be hours";
	out->clock.drift_at_us = INSTANT_NONE;
	if (s->first_us != INSTANT_NONE) {
		out->zone = s->zone_printed     ? printed_zone(f, s)
			    : s->zone           ? sentence_copy(zone_name(s->zone))
			    : s->zone_estimated && !s->zone_odd ? offset_text(s->assumed_us)
						: NULL;
		out->zone_how = sentence_copy(s->zone_how);
		out->year_how = sentence_copy(s->year_how);
		if (s->zone_estimated && !s->zone_odd)
			out->clock.zone_offset_s = known(s->assumed_us / SECOND_US);
	}
	if (f->reference == (ptrdiff_t)index) {
		out->clock.offset_us = out->clock.reference_offset_us = known(0);
		out->clock.uncertainty_us = out->clock.reference_uncertainty_us = known(0);
		out->clock.method = sentence_copy("it is the reference clock");
		return;
	}
	if (s->clock.method) {
		add_estimate(f, s, &out->clock);
		return;
	}
	bool led = false;
	for (size_t i = 0; i < f->n; i++)
		led |= f->sources[i].clock.method && f->sources[i].clock.against == (ptrdiff_t)index;
	const char *reason = led ? (moment_unzoned(s) ? why_led_unzoned : why_led) : moment_unzoned(s) ? why_unzoned : why;
	out->clock.offset_us.reason = sentence_copy(reason);
	out->clock.uncertainty_us.reason = sentence_copy(reason);
}

static void source_fill(const struct fold *f, size_t index, struct source *out)
{
	const struct fold_source *s = &f->sources[index];
	out->id = sentence_copy(s->id);
	out->key = sentence_copy(s->key);
	out->stream = copy_unless_empty(s->stream);
	out->tier = s->tier;
	out->tier_how = sentence_copy(s->tier_how);
	add_files(f, s, out);
	add_paths(out);
	add_counts(f, s, out);
	add_damage(f, s, out);
	add_clock(f, index, out);
	out->twin_of = s->twin_of >= 0 ? sentence_copy(f->sources[s->twin_of].id) : NULL;
	out->twin_agreement_ppm = s->twin_agreement_ppm;
	out->first_us = fold_utc(s, s->first_us);
	out->last_us = fold_utc(s, s->last_us);
	out->resolution_us = s->resolution_us;
	out->gaps = memory_new(s->gaps_n, sizeof *out->gaps);
	for (size_t i = 0; i < s->gaps_n; i++)
		out->gaps[out->gaps_n++] = (struct gap){fold_utc(s, s->gaps[i].start_us), fold_utc(s, s->gaps[i].end_us)};
}

void inventory_fill(const struct fold *f, struct draft *d)
{
	d->window_start_us = d->window_end_us = INSTANT_NONE;
	d->sources = memory_new(f->n, sizeof *d->sources);
	for (size_t i = 0; i < f->n; i++) {
		struct source *s = &d->sources[d->sources_n++];
		source_fill(f, i, s);
		s->undated = f->sources[i].undated;
		if (s->first_us == INSTANT_NONE || s->undated)
			continue;
		if (d->window_start_us == INSTANT_NONE || s->first_us < d->window_start_us)
			d->window_start_us = s->first_us;
		if (d->window_end_us == INSTANT_NONE || s->last_us > d->window_end_us)
			d->window_end_us = s->last_us;
	}
	for (size_t i = 0; i < f->n; i++)
		d->year_unknown |= !f->sources[i].undated && f->sources[i].year_how && !strcmp(f->sources[i].year_how, "unknown");
	if (f->reference >= 0)
		d->reference_clock = sentence_copy(f->sources[f->reference].id);
	d->reference_how = sentence_copy(f->reference_how);
}
