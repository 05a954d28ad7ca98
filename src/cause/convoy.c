#include "cause/convoy.h"

#include "base/memory.h"
#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/deviance.h"
#include "incident/symptom.h"

#define SLOW_STATEMENT "db.slow_statement"

/* A kind of statement whose longest ended with the others. */
struct kind {
	const char *sql; /* borrowed */
	const struct number_cell *cell;
	uint32_t entry;
};

struct convoy {
	const struct fold_source *from;
	size_t source;
	struct kind longest;
	struct kind kinds[CONVOY_KINDS]; /* the longest among them */
	size_t kinds_n;
	uint64_t waited_us;  /* all of them together */
	int64_t began_us, ended_us; /* as printed: the first began, the longest ended */
};

static bool ends_with(const struct number_cell *c, int64_t ended_us)
{
	return c->max_at_us >= ended_us - CONVOY_WITHIN_US && c->max_at_us <= ended_us + CONVOY_WITHIN_US;
}

/* Every cell of a statement of the source, in the order of parts, statements and time; NULL: no more. */
struct walk {
	size_t e, i, k;
};

static const struct number_cell *next(const struct scene *s, const struct fold_source *from, struct walk *w, struct kind *kind)
{
	for (; w->e < from->entries_n; w->e++, w->i = 0) {
		const struct part *p = s->f->tally->entries[from->entries[w->e]].part;
		for (; p->statements_width_s == MINUTE_US / SECOND_US && w->i < p->statements_n; w->i++, w->k = 0) {
			if (w->k == p->statements[w->i].n)
				continue;
			*kind = (struct kind){p->statements[w->i].sql, &p->statements[w->i].cells[w->k++], from->entries[w->e]};
			return kind->cell;
		}
	}
	return NULL;
}

/* The longest statement that began before the incident was over, and ended in it or soon behind it. */
static bool longest_of(const struct scene *s, struct convoy *c)
{
	int64_t onset_us = moment_printed(c->from, s->in->onset.lower_us), end_us = moment_printed(c->from, s->in->end.at_us);
	struct walk w = {0};
	struct kind kind;
	while (next(s, c->from, &w, &kind)) {
		const struct number_cell *cell = kind.cell;
		if (cell->max < (uint64_t)CONVOY_LEAST_US || cell->max > (uint64_t)HOUR_US || cell->max_at_us < onset_us ||
		    cell->max_at_us > end_us + CONVOY_AFTER_US || cell->max_at_us - (int64_t)cell->max > end_us)
			continue;
		if (!c->longest.cell || cell->max > c->longest.cell->max)
			c->longest = kind;
	}
	return c->longest.cell;
}

static void kinds_of(const struct scene *s, struct convoy *c)
{
	struct walk w = {0};
	struct kind kind;
	c->ended_us = c->longest.cell->max_at_us;
	c->began_us = c->ended_us - (int64_t)c->longest.cell->max;
	while (next(s, c->from, &w, &kind)) {
		const struct number_cell *cell = kind.cell;
		if (cell->max < (uint64_t)CONVOY_LEAST_US || cell->max > (uint64_t)HOUR_US || !ends_with(cell, c->ended_us))
			continue;
		c->waited_us += cell->sum;
		int64_t began_us = cell->max_at_us - (int64_t)cell->max;
		c->began_us = began_us < c->began_us ? began_us : c->began_us;
		bool known = false;
		for (size_t i = 0; i < c->kinds_n; i++)
			known |= !strcmp(c->kinds[i].sql, kind.sql);
		if (!known && c->kinds_n < CONVOY_KINDS)
			c->kinds[c->kinds_n++] = kind;
	}
}

static uint64_t ended(const struct fold_source *from, int64_t first_us, int64_t last_us)
{
	uint64_t n = 0;
	for (size_t k = 0; k < from->series_n && last_us >= first_us; k++)
		if (from->series[k].facet == FACET_NONE && !strcmp(from->series[k].signal, SLOW_STATEMENT))
			n += symptom_count(&from->series[k], first_us, last_us);
	return n;
}

/* ---- words ---- */

/* The first relation that a statement names; empty: none was recognised. */
static struct span relation(const char *sql)
{
	static const char *const before[] = {" from ", " into ", "update ", " table ", "lock "};
	struct span best = SPAN_NONE, all = span_of(sql);
	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		ptrdiff_t at = span_find_nocase(all, span_of(before[i]));
		if (at < 0)
			continue;
		struct span rest = span_from(all, (size_t)at + strlen(before[i]));
		size_t len = 0;
		while (len < rest.len && rest.at[len] > ' ' && !strchr("(),;", rest.at[len]))
			len++;
		if (len && (!best.len || rest.at < best.at))
			best = span_head(rest, len);
	}
	return best;
}

/* Changes a relation's definition: it waits for all who use the relation, and all who come behind it wait for it. */
static bool defines(const char *sql)
{
	static const char *const first[] = {"ALTER ", "DROP ", "TRUNCATE ", "REINDEX ", "CLUSTER ", "VACUUM ", "LOCK ", "CREATE ", "REFRESH "};
	for (size_t i = 0; i < sizeof first / sizeof *first; i++)
		if (span_equal_nocase(span_head(span_of(sql), strlen(first[i])), span_of(first[i])))
			return true;
	return false;
}

static void append_sql(struct text *t, const char *sql)
{
	text_append_byte(t, '"');
	text_append_printable(t, span_head(span_of(sql), CONVOY_SQL_BYTES));
	text_append_byte(t, '"');
}

static char *sentence_of(const struct scene *s, const struct convoy *c, uint64_t waited)
{
	struct text t = {0};
	text_append_string(&t, "at least ");
	sentence_counted(&t, waited, "statement");
	text_append_string(&t, " that had taken up to ");
	sentence_duration(&t, (int64_t)c->longest.cell->max);
	text_append_string(&t, " ended within ");
	sentence_duration(&t, CONVOY_WITHIN_US);
	text_append_string(&t, " of ");
	sentence_time(&t, fold_utc(c->from, c->ended_us));
	text_append_string(&t, ", as those do that wait for one lock; the first began at ");
	sentence_time(&t, fold_utc(c->from, c->began_us));
	for (size_t i = 0; i < c->kinds_n; i++)
		if (defines(c->kinds[i].sql)) {
			text_append_string(&t, "; one of them was ");
			append_sql(&t, c->kinds[i].sql);
			break;
		}
	text_format(&t, " (%s; which lock, and who held it, log_lock_waits would tell)", label_of(s->f, c->source));
	return sentence_take(&t);
}

static void one_relation(const struct convoy *c, struct hypothesis *h)
{
	struct span name = relation(c->kinds[0].sql);
	bool same = name.len;
	for (size_t i = 1; i < c->kinds_n && same; i++)
		same = span_equal_nocase(relation(c->kinds[i].sql), name);
	if (!same)
		return;
	struct text t = {0};
	text_append_string(&t, "all of them name one relation, ");
	text_append_printable(&t, span_head(name, CONVOY_SQL_BYTES));
	hypothesis_test(h, TEST_LOCKS_ONE_OBJECT, sentence_take(&t));
}

static void add(const struct scene *s, const struct convoy *c, uint64_t waited, struct hypothesis_list *out)
{
	struct moment at = moment_of(c->from, c->began_us);
	struct hypothesis *h = hypothesis_add(out, "lock_contention", TIER_DB, c->source, &at);
	h->until_us = fold_utc(c->from, c->ended_us);
	hypothesis_test(h, TEST_LOCKS_RELEASED, sentence_of(s, c, waited));
	if (c->kinds_n > 1) {
		struct text t = {0};
		sentence_count(&t, c->kinds_n);
		text_append_string(&t, " kinds of statements, ");
		append_sql(&t, c->kinds[0].sql);
		text_append_string(&t, " and ");
		append_sql(&t, c->kinds[1].sql);
		text_append_string(&t, c->kinds_n > 2 ? " among them" : "");
		hypothesis_test(h, TEST_LOCKS_KINDS, sentence_take(&t));
	}
	one_relation(c, h);
	fold_evidence(s->f, c->source, c->longest.entry, c->longest.cell->max_line, c->longest.cell->max_offset, c->longest.cell->max_length,
		      &h->evidence);
	int64_t before_us = moment_printed(c->from, s->before_from_us);
	h->excess = (struct excess){.what = "statements of a second or more ended at once",
				    .count = ended(c->from, c->ended_us - CONVOY_WITHIN_US, c->ended_us + CONVOY_WITHIN_US),
				    .before = ended(c->from, before_us, c->began_us - 1),
				    .during_us = 2 * CONVOY_WITHIN_US,
				    .before_us = c->began_us > before_us ? c->began_us - before_us : SECOND_US};
}

bool convoy_find(const struct scene *s, struct hypothesis_list *out)
{
	for (size_t i = 0; i < s->f->n; i++) {
		struct convoy c = {.from = &s->f->sources[i], .source = i};
		if (!source_counts(c.from) || c.from->tier != TIER_DB || c.from->first_us == INSTANT_NONE || !longest_of(s, &c))
			continue;
		kinds_of(s, &c);
		uint64_t waited = c.waited_us / c.longest.cell->max;
		uint64_t at_once = ended(c.from, c.ended_us - CONVOY_WITHIN_US, c.ended_us + CONVOY_WITHIN_US);
		uint64_t meanwhile = ended(c.from, c.began_us, c.ended_us - CONVOY_WITHIN_US - 1);
		uint64_t stood_us = c.longest.cell->max > (uint64_t)CONVOY_WITHIN_US ? c.longest.cell->max - (uint64_t)CONVOY_WITHIN_US : 0;
		if (waited < CONVOY_QUEUE || at_once < CONVOY_QUEUE ||
		    at_once * stood_us < meanwhile * CONVOY_TIMES * 2 * (uint64_t)CONVOY_WITHIN_US)
			continue;
		add(s, &c, waited < at_once ? waited : at_once, out);
		return true;
	}
	return false;
}
