#include "fold/rotation.h"

#include <stdlib.h>

#include "base/memory.h"
#include "parse/format.h"
#include "split/dialled.h"
#include "tally/address.h"
#include "tally/message.h"

/* ---- which file goes on with which ---- */

/* A file that ends in an open record, or begins with lines of one. */
struct edge {
	int64_t at_us;    /* of the last record; of the first one */
	int64_t first_us; /* of the file */
	uint32_t entry;
};

static int edge_order(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;
	if (x->at_us != y->at_us)
		return x->at_us < y->at_us ? -1 : 1;
	if (x->first_us != y->first_us)
		return x->first_us < y->first_us ? -1 : 1;
	return x->entry < y->entry ? -1 : x->entry > y->entry;
}

static bool is_whole(const struct tally_entry *e)
{
	for (size_t i = 0; i < e->n; i++)
		if (e->locations[i].damage.kind == DAMAGE_NONE || e->locations[i].damage.kind == DAMAGE_TRAILING)
			return true;
	return false;
}

/* The last record's text runs to the end of the file: only a line end stands behind it. Of one writer of several it is the last:
 * lines behind it are the others'. */
static bool ends_open(const struct part *p)
{
	const struct file_edge *t = &p->tail;
	uint64_t end = t->offset + t->length;
	return t->length && t->at_us != INSTANT_NONE && t->message && t->text && p->first_us != INSTANT_NONE && end >= t->offset &&
	       end <= p->bytes && (*p->stream || p->bytes - end <= 2);
}

static size_t list_edges(const struct fold_source *s, const struct tally *tally, bool tails, struct edge *edges)
{
	size_t n = 0;
	for (size_t i = 0; i < s->entries_n; i++) {
		const struct tally_entry *e = &tally->entries[s->entries[i]];
		const struct part *p = e->part;
		if (tails && ends_open(p) && is_whole(e))
			edges[n++] = (struct edge){p->tail.at_us, p->first_us, s->entries[i]};
		if (!tails && p->head.length && p->head.text && p->first_us != INSTANT_NONE)
			edges[n++] = (struct edge){p->first_us, p->first_us, s->entries[i]};
	}
	if (n)
		qsort(edges, n, sizeof *edges, edge_order);
	return n;
}

static bool of_one_format(const struct part *a, const struct part *b)
{
	return !strcmp(a->format, b->format) && a->stated == b->stated && !strcmp(a->stream, b->stream);
}

/* The tail that the head belongs to; NULL: none, or one cannot tell. */
static const struct edge *tail_of(const struct edge *head, const struct edge *tails, size_t n, const struct tally *tally)
{
	const struct edge *best = NULL;
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (tails[middle].at_us <= head->at_us)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = low; i-- > 0 && head->at_us - tails[i].at_us <= ROTATION_US;) {
		const struct edge *t = &tails[i];
		if (best && (t->at_us != best->at_us || t->first_us != best->first_us))
			break;
		if (t->entry == head->entry || t->first_us > head->first_us ||
		    !of_one_format(tally->entries[t->entry].part, tally->entries[head->entry].part))
			continue;
		if (best)
			return NULL; /* as near, and begun together */
		best = t;
	}
	return best;
}

/* ---- what the joined record is ---- */

struct joiner {
	const struct signal_set *signals;
	struct regex_scratch *scratch;
	struct text text, message;
	struct source_patches *patches;
	struct fold_source *source;
};

/* The tail's record with these lines behind its first one, and its kinds. Its text is `j`'s, until the next. */
static size_t kinds_of(struct joiner *j, const struct part *p, const char *head, struct record *r, uint16_t kinds[SIGNAL_MAX])
{
	struct span message = span_of(p->tail.message);
	message = span_cut(&message, '\n');
	record_clear(r);
	r->time_us = p->tail.at_us;
	r->resolution_us = 1;
	r->severity = (enum severity)p->tail.severity;
	text_clear(&j->text);
	text_append(&j->text, message);
	size_t first_len = j->text.len;
	for (int i = 0; i < 2; i++) {
		const char *lines = i ? head : p->tail.text;
		if (!lines || !*lines)
			continue;
		text_append_byte(&j->text, '\n');
		text_append_string(&j->text, lines);
	}
	r->raw = text_span(&j->text);
	record_set(r, FIELD_MESSAGE, span_head(r->raw, first_len));
	if (r->raw.len > first_len)
		format_continue(r->raw, span_from(r->raw, first_len + 1), r);
	return signal_match(j->signals, p->tier, r, j->scratch, kinds);
}

static bool has_kind(const uint16_t *kinds, size_t n, uint16_t kind)
{
	for (size_t i = 0; i < n; i++)
		if (kinds[i] == kind)
			return true;
	return false;
}

static bool is_series(const struct series *s, const struct signal_kind *kind)
{
	return !strcmp(s->signal, kind->signal->name) && !strcmp(s->class, kind->class);
}

/* The bin in which the part counted its last record under this series; the series' n when it did not. */
static size_t counted_in(const struct part *p, const struct series *s)
{
	for (size_t i = s->n; i-- > 0;)
		if ((s->bins[i].last_offset == p->tail.offset && s->bins[i].last_line == p->tail.line) ||
		    (s->bins[i].first_offset == p->tail.offset && s->bins[i].first_line == p->tail.line))
			return i;
	return s->n;
}

static bool was_counted(const struct part *p, const struct signal_kind *kind)
{
	for (size_t i = 0; i < p->series_n; i++)
		if (p->series[i].facet == FACET_NONE && is_series(&p->series[i], kind) && counted_in(p, &p->series[i]) < p->series[i].n)
			return true;
	return false;
}

static struct source_patch *patch_add(struct joiner *j, uint32_t entry)
{
	j->patches->items = memory_grow(j->patches->items, &j->patches->cap, j->patches->n + 1, sizeof *j->patches->items);
	struct source_patch *patch = &j->patches->items[j->patches->n++];
	*patch = (struct source_patch){.entry = entry};
	return patch;
}

/* Bin `at` without the part's last record. Of more than two records the second to last is not known: its place is then that
 * of the first. */
static void bin_leave(struct bin *b, const struct part *p)
{
	b->n--;
	if (b->last_offset == p->tail.offset) {
		b->last_us = b->first_us;
		b->last_line = b->first_line;
		b->last_length = b->first_length;
		b->last_offset = b->first_offset;
	} else {
		b->first_us = b->last_us;
		b->first_line = b->last_line;
		b->first_length = b->last_length;
		b->first_offset = b->last_offset;
	}
}

/* One event less, in all series of the kind that counted it. */
static void uncount(struct joiner *j, const struct part *p, uint32_t entry, const struct signal_kind *kind)
{
	for (size_t i = 0; i < p->series_n; i++) {
		const struct series *s = &p->series[i];
		size_t at = is_series(s, kind) ? counted_in(p, s) : s->n;
		if (at == s->n)
			continue;
		struct source_patch *patch = patch_add(j, entry);
		patch->instead = s;
		patch->series = *s;
		patch->series.bins = memory_new(s->n, sizeof *s->bins);
		memcpy(patch->series.bins, s->bins, s->n * sizeof *s->bins);
		if (s->bins[at].n > 1) {
			bin_leave(&patch->series.bins[at], p);
			continue;
		}
		patch->series.n--;
		memmove(patch->series.bins + at, patch->series.bins + at + 1, (patch->series.n - at) * sizeof *s->bins);
	}
}

/* One event more. */
static void count(struct joiner *j, const struct part *p, uint32_t entry, const struct signal_kind *kind)
{
	const struct file_edge *t = &p->tail;
	int64_t second = t->at_us / SECOND_US;
	if (t->at_us < 0 || second > UINT32_MAX)
		return;
	struct source_patch *patch = patch_add(j, entry);
	uint32_t us = (uint32_t)(t->at_us % SECOND_US);
	patch->series = (struct series){kind->signal->name, kind->class, (char *)(uintptr_t)"", FACET_NONE, 1,
					memory_new(1, sizeof(struct bin)), 1};
	patch->series.bins[0] = (struct bin){(uint32_t)second, 1, us, us, t->line, t->line, t->length, t->length, t->offset, t->offset};
}

/* What a record of a tier without fields for it says that it called (builder.c asks the same records). */
static bool calls(struct joiner *j, const struct part *p, const struct record *r, size_t kinds_n, struct dialled *d)
{
	bool tells = r->severity >= SEVERITY_WARN || r->severity == SEVERITY_UNKNOWN || kinds_n;
	return tells && (p->tier == TIER_APP || p->tier == TIER_UNKNOWN) && dialled_upstream(message_of(r, &j->message), d);
}

static void keep_call(struct joiner *j, const struct part *p, uint32_t entry, const struct dialled *d)
{
	struct fold_source *s = j->source;
	const struct file_edge *t = &p->tail;
	struct text whole = {0}, clean = {0};
	address_pair(&whole, d->host, d->port);
	text_append_utf8(&clean, span_head(text_span(&whole), ADDRESS_BYTES));
	s->calls = memory_grow(s->calls, &s->calls_cap, s->calls_n + 1, sizeof *s->calls);
	s->calls[s->calls_n++] = (struct source_call){entry, {ADDRESS_UPSTREAM, span_copy(text_span(&clean)), 1, t->severity >= SEVERITY_ERROR,
							      t->offset, t->line, t->length}};
	text_release(&clean);
	text_release(&whole);
}

static void join(struct joiner *j, const struct tally *tally, uint32_t tail, uint32_t head)
{
	const struct part *p = tally->entries[tail].part;
	uint16_t half[SIGNAL_MAX], whole[SIGNAL_MAX];
	struct record r;
	struct dialled d;
	size_t half_n = kinds_of(j, p, NULL, &r, half);
	bool called = calls(j, p, &r, half_n, &d);
	size_t whole_n = kinds_of(j, p, tally->entries[head].part->head.text, &r, whole);
	if (!called && calls(j, p, &r, whole_n, &d))
		keep_call(j, p, tail, &d);
	for (size_t i = 0; i < half_n; i++) {
		const struct signal_kind *kind = signal_kind(j->signals, half[i]);
		if (!has_kind(whole, whole_n, half[i]) && was_counted(p, kind))
			uncount(j, p, tail, kind);
	}
	for (size_t i = 0; i < whole_n; i++) {
		const struct signal_kind *kind = signal_kind(j->signals, whole[i]);
		bool counted = false;
		/* Of a signal whose class a field told (a code, a status) it is that class. */
		for (size_t k = 0; k < signal_kinds(j->signals) && !counted; k++) {
			const struct signal_kind *other = signal_kind(j->signals, k);
			counted = other->signal == kind->signal && !(has_kind(half, half_n, (uint16_t)k) && !has_kind(whole, whole_n, (uint16_t)k)) &&
				  was_counted(p, other);
		}
		if (!counted)
			count(j, p, tail, kind);
	}
}

void rotation_join(struct fold_source *s, const struct tally *tally, const struct signal_set *signals, struct source_patches *patches)
{
	struct edge *tails = memory_new(s->entries_n, sizeof *tails), *heads = memory_new(s->entries_n, sizeof *heads);
	size_t tails_n = list_edges(s, tally, true, tails), heads_n = list_edges(s, tally, false, heads);
	const struct edge **of = memory_new(heads_n, sizeof *of);
	struct joiner j = {signals, regex_scratch_new(), {0}, {0}, patches, s};
	for (size_t i = 0; i < heads_n; i++)
		of[i] = tail_of(&heads[i], tails, tails_n, tally);
	bool *taken = memory_new(tails_n, sizeof *taken);
	for (size_t i = 0; i < heads_n; i++) {
		bool *mine = of[i] ? &taken[of[i] - tails] : NULL;
		if (!mine || *mine)
			continue;
		bool sure = true;
		for (size_t k = i + 1; k < heads_n && heads[k].first_us == heads[i].first_us; k++)
			sure &= of[k] != of[i];
		*mine = true;
		if (!sure)
			continue;
		s->joined_over_rotation += tally->entries[heads[i].entry].part->counts.head;
		join(&j, tally, of[i]->entry, heads[i].entry);
	}
	memory_free(taken);
	text_release(&j.text);
	text_release(&j.message);
	regex_scratch_free(j.scratch);
	memory_free(of);
	memory_free(heads);
	memory_free(tails);
}
