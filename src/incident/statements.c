#include "incident/statements.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/moment.h"
#include "fold/sentence.h"

/* A statement of a part, in one incident. */
struct piece {
	const struct statement *of; /* borrowed from its part */
	size_t source;
	uint32_t part;
	uint64_t count, before;
	int64_t total_us;
	const struct number_cell *longest; /* NULL: none during the incident */
};

static int by_sql(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;
	int order = strcmp(x->of->sql, y->of->sql);
	if (order)
		return order;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return x->part < y->part ? -1 : x->part > y->part;
}

static int by_time(const void *a, const void *b)
{
	const struct slow_statement *x = a, *y = b;
	if (x->total_us != y->total_us)
		return x->total_us < y->total_us ? 1 : -1;
	return strcmp(x->sql, y->sql);
}

/* The first cell that does not start before `start_s`. */
static size_t lower(const struct statement *s, int64_t start_s)
{
	size_t low = 0, high = s->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (s->cells[middle].start_s < start_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int64_t sum_of(int64_t a, uint64_t b)
{
	return b > (uint64_t)(INT64_MAX - a) ? INT64_MAX : a + (int64_t)b;
}

/* What a statement did in [from, to), and in the time before: seconds as printed, multiples of the width. */
static struct piece measure(const struct statement *s, int64_t from_s, int64_t to_s)
{
	struct piece p = {.of = s};
	for (size_t i = lower(s, from_s - (to_s - from_s)); i < s->n && s->cells[i].start_s < to_s; i++) {
		const struct number_cell *c = &s->cells[i];
		if (c->start_s < from_s) {
			p.before += c->n;
			continue;
		}
		p.count += c->n;
		p.total_us = sum_of(p.total_us, c->sum);
		if (!p.longest || c->max > p.longest->max)
			p.longest = c;
	}
	return p;
}

static const char *why_none(const struct fold *f, bool database)
{
	if (!database)
		return "no database log was given";
	for (size_t i = 0; i < f->n; i++)
		for (size_t e = 0; f->sources[i].tier == TIER_DB && e < f->sources[i].entries_n; e++)
			if (f->tally->entries[f->sources[i].entries[e]].part->statements_n)
				return "no statement with its duration was logged during the incident";
	return "no statement with its duration was logged: log_min_duration_statement is off, or nothing took that long";
}

/* Pieces of one statement as one. */
static struct slow_statement join(const struct fold *f, const struct piece *pieces, size_t n)
{
	struct slow_statement s = {.sql = sentence_copy(pieces[0].of->sql)};
	const struct piece *longest = NULL;
	for (size_t i = 0; i < n; i++) {
		s.count += pieces[i].count;
		s.before += pieces[i].before;
		s.total_us = sum_of(s.total_us, (uint64_t)pieces[i].total_us);
		if (pieces[i].longest && (!longest || pieces[i].longest->max > longest->longest->max))
			longest = &pieces[i];
	}
	if (longest) {
		const struct number_cell *c = longest->longest;
		s.max_us = (int64_t)c->max;
		fold_evidence(f, longest->source, longest->part, c->max_line, c->max_offset, c->max_length, &s.evidence);
	}
	return s;
}

static void find_one(const struct fold *f, struct incident *in)
{
	struct piece *pieces = NULL;
	size_t n = 0, cap = 0, kept = 0;
	bool database = false;
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		if (s->tier != TIER_DB || !source_counts(s))
			continue;
		database = true;
		for (size_t e = 0; e < s->entries_n; e++) {
			const struct part *p = f->tally->entries[s->entries[e]].part;
			int64_t width_us = p->statements_width_s * SECOND_US;
			if (!p->statements_n)
				continue;
			int64_t from_s = (moment_printed(s, in->onset.at_us) - STATEMENTS_BEFORE_US) / width_us * p->statements_width_s;
			int64_t to_s = (moment_printed(s, in->end.at_us) / width_us + 1) * p->statements_width_s;
			for (size_t k = 0; k < p->statements_n; k++) {
				struct piece made = measure(&p->statements[k], from_s, to_s);
				made.source = i;
				made.part = s->entries[e];
				if (!made.count && !made.before)
					continue;
				pieces = memory_grow(pieces, &cap, n + 1, sizeof *pieces);
				pieces[n++] = made;
			}
		}
	}
	if (n)
		qsort(pieces, n, sizeof *pieces, by_sql);
	in->statements = memory_new(n, sizeof *in->statements);
	for (size_t i = 0, end; i < n; i = end) {
		uint64_t count = 0;
		for (end = i; end < n && !strcmp(pieces[end].of->sql, pieces[i].of->sql); end++)
			count += pieces[end].count;
		if (count)
			in->statements[kept++] = join(f, pieces + i, end - i);
	}
	memory_free(pieces);
	if (kept)
		qsort(in->statements, kept, sizeof *in->statements, by_time);
	in->statements_n = kept < STATEMENTS_MOST ? kept : STATEMENTS_MOST;
	for (size_t i = in->statements_n; i < kept; i++) {
		memory_free(in->statements[i].sql);
		evidence_release(&in->statements[i].evidence);
	}
	if (!kept)
		in->statements_reason = sentence_copy(why_none(f, database));
}

void statements_find(const struct fold *f, struct draft *d)
{
	for (size_t i = 0; i < d->incidents_n; i++)
		find_one(f, &d->incidents[i]);
}
