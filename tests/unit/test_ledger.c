/* ledger: the sum of the counts, head lines, samples. */
#include "parse/ledger.h"

#include "unit.h"

/* A line of a file in which each line is 10 bytes long. */
static struct line line_of(uint64_t number, const char *text)
{
	return (struct line){.text = span_of(text), .number = number, .offset = 10 * (number - 1), .length = 9};
}

static void test_counts(void)
{
	struct ledger l = {0};
	struct line line = line_of(1, "text");
	line.cut = true;
	ledger_head(&l, &line, 1);
	ledger_blank(&l, &line, 1);
	ledger_given(&l, 3, false);
	ledger_joined(&l, &line, 1);
	ledger_given(&l, 2, true);
	ledger_unparsed(&l, &line, 4);
	const struct ledger_counts *c = &l.counts;
	FACT(c->records == 1 && c->attached == 1 && c->joined == 2 + 1 + 1, "lines behind the first one are joined ones");
	FACT(c->head == 1 && c->blank == 1 && c->unparsed == 4 && c->lines == 12, "each line is counted as one thing");
	FACT(c->lines == c->records + c->joined + c->attached + c->head + c->unparsed + c->blank, "the sum is the lines");
	FACT(c->cut == 4, "lines that were cut are counted whatever they are");
	FACT(l.samples_n == 1, "lines that are unparsed together are one sample");
	ledger_release(&l);
}

static void test_head(void)
{
	struct ledger l = {0};
	struct line lines[] = {line_of(1, ""), line_of(2, "a"), line_of(3, ""), line_of(4, "b"), line_of(5, ""), line_of(6, "late")};
	FACT(!l.head.line && !l.head.text.len, "no head lines, no head");
	ledger_blank(&l, &lines[0], 1);
	ledger_head(&l, &lines[1], 1);
	ledger_blank(&l, &lines[2], 1);
	ledger_head(&l, &lines[3], 1);
	ledger_blank(&l, &lines[4], 1);
	FACT(l.head.line == 2 && l.head.offset == 10 && l.head.length == 29, "from the first one's start to the last one's end");
	FACT(span_equal(l.head.text, SPAN("a\n\nb")), "blank lines between them stay");
	ledger_unparsed(&l, &lines[4], 1);
	ledger_head(&l, &lines[5], 1);
	FACT(l.head.length == 29 && l.counts.head == 3, "behind a line that is none, head lines are counted only");
	ledger_release(&l);
}

static void test_samples(void)
{
	struct ledger l = {0};
	char text[300];
	memset(text, 'x', sizeof(text));
	for (uint64_t i = 0; i < 20; i++) {
		struct line line = line_of(i + 1, "");
		line.text = (struct span){text, sizeof(text)};
		ledger_unparsed(&l, &line, 1);
	}
	FACT(l.samples_n == LIMIT_UNPARSED_SAMPLES && l.samples[1].line == 2 && l.samples[1].offset == 10 && l.samples[1].length == 9,
	     "the first unparsed lines are kept");
	FACT(strlen(l.samples[0].excerpt) == LIMIT_EXCERPT_BYTES, "LIMIT_EXCERPT_BYTES of each");
	ledger_release(&l);
}

int main(void)
{
	test_counts();
	test_head();
	test_samples();
	return unit_done();
}
