#include <stdio.h>

#include "base/memory.h"
#include "tally/statement.h"

#include "random.h"
#include "unit.h"

static void masks(const char *sql, const char *wanted, const char *fact)
{
	struct text scratch = {0}, out = {0};
	statement_mask(span_of(sql), &scratch, &out);
	TEXT_IS(out.at, wanted, fact);
	text_release(&scratch);
	text_release(&out);
}

static void texts(void)
{
	masks("SELECT * FROM t WHERE id = 42 AND name = 'Ada'", "SELECT * FROM t WHERE id = *** AND name = '***'", "literals are masked");
	masks("select a\n  , b\n\tfrom t;\n", "select a , b from t", "lines become one, without the semicolon");
	masks("SELECT 1 FROM t WHERE id IN (1, 2,3, 4)", "SELECT *** FROM t WHERE id IN (***, ...)", "a list of literals is one");
	masks("SELECT f FROM t WHERE id IN ($1, $2, $3)", "SELECT f FROM t WHERE id IN ($1, ...)", "a list of parameters too");
	masks("INSERT INTO t VALUES ('a', 'b')", "INSERT INTO t VALUES ('***', ...)", "quoted ones too");
	masks("COMMIT", "COMMIT", "a statement without literals stays");
	masks("ALTER USER x PASSWORD 'geheim'", "ALTER USER x PASSWORD '***'", "a statement whose verb is not known is masked too");
	masks("SELECT 'it''s' || 'open", "SELECT '***' || '***", "a literal that never ends is masked to the end");
	masks("SELECT pg_sleep(0.06), -5, 1.25 FROM t", "SELECT pg_sleep(***), ***, ... FROM t", "decimal and negative numbers");
	masks("", "", "nothing");
	char longest[9000];
	memset(longest, 'x', sizeof longest);
	for (size_t i = 0; i < sizeof longest; i += 7)
		longest[i] = ' ';
	struct text scratch = {0}, out = {0};
	statement_mask((struct span){longest, sizeof longest}, &scratch, &out);
	FACT(out.len <= STATEMENT_BYTES && out.len > STATEMENT_BYTES - 4, "a long statement is cut");
	text_release(&scratch);
	text_release(&out);
}

static void counts(void)
{
	struct statements s;
	statements_init(&s);
	char sql[80];
	for (uint32_t i = 0; i < 600; i++) {
		struct place p = {6000 + i, 0, i + 1, 80, i * 81u};
		snprintf(sql, sizeof sql, "SELECT * FROM orders WHERE id = %u", i % 7);
		statements_add(&s, &p, span_of(sql), 1000 + i);
		if (i % 10 == 0)
			statements_add(&s, &p, SPAN("UPDATE stock SET n = n - 1"), 5000000 - i);
	}
	size_t n;
	struct statement *all = statements_freeze(&s, 6000, 6599, &n);
	FACT(n == 2 && !strcmp(all[0].sql, "SELECT * FROM orders WHERE id = ***"), "statements that differ in literals are one");
	uint64_t count = 0, us = 0;
	for (size_t i = 0; i < all[0].n; i++) {
		count += all[0].cells[i].n;
		us += all[0].cells[i].sum;
	}
	FACT(all[0].n == 10 && count == 600 && us == 600 * 1000 + 599 * 600 / 2, "per minute: how many, how long together");
	FACT(all[0].cells[9].max == 1599 && all[0].cells[9].max_line == 600, "the longest, and where it is");
	FACT(all[1].cells[0].max_line == 1 && all[1].cells[0].max_at_us == 6000 * SECOND_US, "of each statement");
	for (size_t i = 0; i < n; i++) {
		memory_free(all[i].sql);
		memory_free(all[i].cells);
	}
	memory_free(all);
	statements_release(&s);
}

/* Statements that are remembered by their shape get the number that masking them gives. */
static void shapes(void)
{
	static const char *const pieces[] = {"SELECT a1 FROM t", " WHERE id = ", "17", "4", "t2", "'x y'", "''", "'it''s'", " IN (", ")", ", ", "1.5", "-3", "12ab", "$1",
					     ":7", "3.x", "'open", "[9]", " LIMIT ", "5@a.de", "  ", "\"q\"", "7-8", "\xC3\xA4"};
	struct text scratch = {0}, masked = {0}, sql = {0};
	struct statements s;
	statements_init(&s);
	static uint64_t counts[LIMIT_STATEMENTS + 1];
	bool same = true;
	for (uint32_t i = 0; i < 420; i++) {
		text_clear(&sql);
		text_append_string(&sql, "SELECT ");
		for (uint64_t k = 2 + random_next() % 4; k < 6; k++)
			text_append_string(&sql, pieces[random_next() % (sizeof pieces / sizeof *pieces)]);
		statement_mask(text_span(&sql), &scratch, &masked);
		struct place p = {6000, 0, i + 1, 80, i * 81u};
		size_t before = s.n;
		statements_add(&s, &p, text_span(&sql), 10);
		size_t known = 0;
		while (known < s.n && strcmp(s.keys[known].sql, masked.at ? masked.at : ""))
			known++;
		if (s.n > LIMIT_STATEMENTS || known == s.n)
			break;
		counts[known] += 2;
		same = same && known < s.n && (before == s.n || known == before);
		statements_add(&s, &p, text_span(&sql), 10);
		same = same && (s.n == before || s.n == before + 1);
	}
	size_t n;
	const struct sum_cell *cells = sums_by_slot(&s.sums, &n);
	for (size_t i = 0; i < n && s.n <= LIMIT_STATEMENTS; i++)
		same = same && cells[i].of.n == counts[cells[i].slot];
	FACT(s.n > 100 && s.n <= LIMIT_STATEMENTS && same, "what is remembered by its shape is what masking would have given");
	text_release(&scratch);
	text_release(&masked);
	text_release(&sql);
	statements_release(&s);
}

static void many(void)
{
	struct statements s;
	statements_init(&s);
	char sql[80];
	for (uint32_t i = 0; i < 2000; i++) {
		struct place p = {6000, 0, i + 1, 80, i * 81u};
		snprintf(sql, sizeof sql, "SELECT a FROM t%c%c%c", 'a' + i / 676, 'a' + i / 26 % 26, 'a' + i % 26);
		statements_add(&s, &p, span_of(sql), 10);
	}
	size_t n, other = SIZE_MAX;
	struct statement *all = statements_freeze(&s, 0, UINT32_MAX, &n);
	for (size_t i = 0; i < n; i++)
		if (!strcmp(all[i].sql, "other"))
			other = i;
	FACT(n == LIMIT_STATEMENTS + 1 && other < n && all[other].cells[0].n == 2000 - LIMIT_STATEMENTS,
	     "statements over the limit are other");
	for (size_t i = 0; i < n; i++) {
		memory_free(all[i].sql);
		memory_free(all[i].cells);
	}
	memory_free(all);
	statements_release(&s);
}

int main(void)
{
	texts();
	counts();
	shapes();
	many();
	return unit_done();
}
