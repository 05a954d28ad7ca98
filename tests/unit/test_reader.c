/* reader: cases written by hand, with the stand-ins of standin.h. Beside a naive second implementation: test_readernaive.c. */
#include "standin.h"

/* ---- cases written by hand ---- */

static const struct format plain = {.name = (char *)"plain", .kind = FORMAT_NGINX, .starts_known = true, .starts = {['@'] = true}};
static const struct format python = {
	.name = (char *)"python", .kind = FORMAT_REGEX, .multiline = MULTILINE_ANY, .starts_known = true, .starts = {['@'] = true}};
static const struct format postgresql = {
	.name = (char *)"postgresql", .kind = FORMAT_POSTGRESQL, .multiline = MULTILINE_INDENT, .starts_known = true, .starts = {['@'] = true}};
static const struct format csv = {.name = (char *)"csv", .kind = FORMAT_CSV, .starts_known = true, .starts = {['@'] = true}};

static void gives(const struct format *f, const char *bytes, const char *expected, const char *name)
{
	struct text got = {0};
	bool sums;
	run(&got, f, span_of(bytes), 4096, &sums);
	if (!FACT(got.at && !strcmp(got.at, expected) && sums, name))
		printf("%s", got.at);
	text_release(&got);
}

static void test_cases(void)
{
	gives(&plain, "", "lines 0 records 0 joined 0 attached 0 head 0 unparsed 0 blank 0\n", "an empty file has nothing");
	gives(&plain, "@1 a\r\n@2 b",
	      "record 1 at 0 len 4 lines 1 [@1 a] message [a] user [1]\nrecord 2 at 6 len 4 lines 1 [@2 b] message [b] user [2]\n"
	      "lines 2 records 2 joined 0 attached 0 head 0 unparsed 0 blank 0\n",
	      "a last line without a newline is a record");
	gives(&python, "Traceback\n@1 a\nTraceback:\n  File\n\nError: x\n@2 b\n",
	      "record 2 at 10 len 32 lines 5 [@1 a\nTraceback:\n  File\n\nError: x] message [a\nTraceback:\n  File\n\nError: x] user [1]\n"
	      "record 7 at 43 len 4 lines 1 [@2 b] message [b] user [2]\n"
	      "lines 7 records 2 joined 4 attached 0 head 1 unparsed 0 blank 0\nhead 1 at 0 len 9 [Traceback]\n",
	      "a traceback is joined whole; one before the first record is the file's head");
	gives(&python, "@1 a\nmore\n@ !\nmore\n@2 b\n",
	      "record 1 at 0 len 9 lines 2 [@1 a\nmore] message [a\nmore] user [1]\n"
	      "record 5 at 19 len 4 lines 1 [@2 b] message [b] user [2]\n"
	      "lines 5 records 2 joined 1 attached 0 head 0 unparsed 2 blank 0\n"
	      "sample 3 at 10 len 3 [@ !]\nsample 4 at 14 len 4 [more]\n",
	      "a line that looks like a start but does not parse ends the record before it");
	gives(&postgresql, "@7 +lost\n@1 error\n@2 other\n@1 +detail\n\tline\n@3 x\n\tjoined\n@9 +who\n\tnobody\n",
	      "record 2 at 9 len 8 lines 1 [@1 error] message [error] user [1]\n"
	      "record 3 at 18 len 8 lines 1 [@2 other] message [other] user [2]\n"
	      "attached 4 at 27 len 16 lines 2 [@1 +detail\n\tline] message [+detail\n\tline] user [1]\n"
	      "record 6 at 44 len 12 lines 2 [@3 x\n\tjoined] message [x\n\tjoined] user [3]\n"
	      "lines 9 records 3 joined 2 attached 1 head 0 unparsed 3 blank 0\n"
	      "sample 1 at 0 len 8 [@7 +lost]\nsample 8 at 57 len 7 [@9 +who]\nsample 9 at 65 len 7 [\tnobody]\n",
	      "a detail is given with its lines when it finds the record of its pid, an orphan is unparsed with what continues it");
	gives(&postgresql, "\n\n\tof before\n\n\tthis\r\n\n@1 x\n",
	      "record 7 at 22 len 4 lines 1 [@1 x] message [x] user [1]\n"
	      "lines 7 records 1 joined 0 attached 0 head 2 unparsed 0 blank 4\nhead 3 at 2 len 17 [\tof before\n\n\tthis]\n",
	      "the head is what goes on from the file before, the blank lines in it too");
	gives(&postgresql, "\tof before\n@1 !\n\tof that\n@1 x\n",
	      "record 4 at 25 len 4 lines 1 [@1 x] message [x] user [1]\n"
	      "lines 4 records 1 joined 0 attached 0 head 2 unparsed 1 blank 0\nhead 1 at 0 len 10 [\tof before]\n"
	      "sample 2 at 11 len 4 [@1 !]\n",
	      "behind a line that does not parse nothing goes on from the file before");
	gives(&csv, "@1 \"a\nb \"\"c\"\"\nd\"\n@2 x\n",
	      "record 1 at 0 len 16 lines 3 [@1 \"a\nb \"\"c\"\"\nd\"] message [\"a\nb \"\"c\"\"\nd\"] user [1]\n"
	      "record 4 at 17 len 4 lines 1 [@2 x] message [x] user [2]\n"
	      "lines 4 records 2 joined 2 attached 0 head 0 unparsed 0 blank 0\n",
	      "a quoted newline does not end a csv record");
	gives(&csv, "@1 x\n@2 \"a\nb",
	      "record 1 at 0 len 4 lines 1 [@1 x] message [x] user [1]\n"
	      "record 2 at 5 len 7 lines 2 [@2 \"a\nb] message [\"a\nb\"] user [2]\n"
	      "lines 3 records 2 joined 1 attached 0 head 0 unparsed 0 blank 0\n",
	      "a csv record that the end of the file cuts inside a quote is given with what there is of it");
	gives(&csv, "@1 \"a\n@2 x\n@5 !\n",
	      "record 2 at 6 len 4 lines 1 [@2 x] message [x] user [2]\n"
	      "lines 3 records 1 joined 0 attached 0 head 0 unparsed 2 blank 0\n"
	      "sample 1 at 0 len 5 [@1 \"a]\nsample 3 at 11 len 4 [@5 !]\n",
	      "a quote that never closes makes one line unparsed and reading goes on behind it");
}

static const struct format json = {.name = (char *)"json", .kind = FORMAT_JSON, .tier = TIER_APP, .starts_known = true, .starts = {['{'] = true}};
static const struct format text_app = {
	.name = (char *)"app", .kind = FORMAT_REGEX, .tier = TIER_APP, .multiline = MULTILINE_ANY, .starts_known = true, .starts = {['@'] = true}};

static void test_dumps(void)
{
	gives(&json, "panic: early\n{1 a\nnpm ERR!\nnode:events:502\n      throw er;\n\nerror: x\n    at f (a.js:1:2)\n{ a: '!' }\n\n"
		     "Node.js v20.20.2\n\nnpm ERR!\n{1 bbbbb\n",
	      "record 2 at 13 len 4 lines 1 [{1 a] message [a] user [1]\n"
	      "record 4 at 27 len 90 lines 8 [node:events:502\n      throw er;\n\nerror: x\n    at f (a.js:1:2)\n{ a: '!' }\n\n"
	      "Node.js v20.20.2] message [node:events:502] user [] of 4 to 8 zone [{]\n"
	      "record 14 at 128 len 8 lines 1 [{1 bbbbb] message [bbbbb] user [1]\n"
	      "lines 14 records 3 joined 7 attached 0 head 0 unparsed 3 blank 1\n"
	      "sample 1 at 0 len 12 [panic: early]\nsample 3 at 18 len 8 [npm ERR!]\nsample 13 at 119 len 8 [npm ERR!]\n",
	      "a dump in JSON lines is a record of its own, of the time from the record before it to the next one; other text is not");
	gives(&json, "{1 a\npanic: x\n\ngoroutine 1:\n2026-11-22 11:15:10 other log",
	      "record 1 at 0 len 4 lines 1 [{1 a] message [a] user [1]\n"
	      "record 2 at 5 len 22 lines 3 [panic: x\n\ngoroutine 1:] message [panic: x] user [] of 4 to 3600000004 zone [{]\n"
	      "lines 5 records 2 joined 2 attached 0 head 0 unparsed 1 blank 0\n"
	      "sample 5 at 28 len 29 [2026-11-22 11:15:10 other log]\n",
	      "a dump ends where a line has a stamp; without a next record it may have been written within an hour");
	gives(&text_app, "@1 a\nTraceback (most recent call last):\n@2 bb\npanic: x\n\ngoroutine",
	      "record 1 at 0 len 39 lines 2 [@1 a\nTraceback (most recent call last):] message [a\nTraceback (most recent call last):] "
	      "user [1]\n"
	      "record 3 at 40 len 5 lines 1 [@2 bb] message [bb] user [2]\n"
	      "record 4 at 46 len 19 lines 3 [panic: x\n\ngoroutine] message [panic: x] user [] of 5 to 3600000005 zone [@]\n"
	      "lines 6 records 3 joined 3 attached 0 head 0 unparsed 0 blank 0\n",
	      "in a text log a traceback belongs to the record before it, a panic to none");
}

static void test_pids(void)
{
	struct text bytes = {0}, got = {0};
	bool sums;
	for (int i = 0; i < LIMIT_OPEN_RECORDS + 1; i++)
		text_format(&bytes, "@%d x\n", 100 + i);
	text_append_string(&bytes, "@100 +too late\n@101 +in time\n");
	run(&got, &postgresql, text_span(&bytes), 4096, &sums);
	FACT(span_find(text_span(&got), SPAN("attached 1 head 0 unparsed 1")) >= 0,
	     "only the last 64 records are looked back for");
	text_release(&bytes);
	text_release(&got);
}

/* ---- everything is given ---- */

static void run_all(struct text *out, const struct format *stated, struct span bytes, size_t step)
{
	struct inflate z = {bytes, step};
	struct lines lines;
	struct record r;
	lines_init(&lines, &z);
	struct reader *rd = reader_new(&lines, NULL, stated);
	reader_give_all(rd);
	while (reader_next(rd, &r)) {
		tell_record(out, &r);
		if (r.time_us == INSTANT_NONE)
			text_format(out, "of no time, format %s\n", reader_format(rd) ? reader_format(rd)->name : "none");
	}
	tell_counts(out, reader_counts(rd));
	reader_free(rd);
	lines_release(&lines);
}

static void gives_all(const struct format *f, const char *bytes, const char *expected, const char *claim)
{
	for (size_t step = 1; step < 10000; step *= 97) {
		struct text got = {0};
		run_all(&got, f, span_of(bytes), step);
		FACT(span_equal(text_span(&got), span_of(expected)), claim);
		if (!span_equal(text_span(&got), span_of(expected)))
			printf("got:\n%s", got.at);
		text_release(&got);
	}
}

static void test_all(void)
{
	gives_all(&plain, "zzz\n@1 a\n\n@2 !\n  more\n@3 b\n",
		  "record 1 at 0 len 3 lines 1 [zzz] message [zzz] user []\nof no time, format none\n"
		  "record 2 at 4 len 4 lines 1 [@1 a] message [a] user [1]\n"
		  "record 4 at 10 len 11 lines 2 [@2 !\n  more] message [@2 !\n  more] user []\nof no time, format none\n"
		  "record 6 at 22 len 4 lines 1 [@3 b] message [b] user [3]\n"
		  "lines 6 records 2 joined 0 attached 0 head 0 unparsed 3 blank 1\n",
		  "a line that no format takes is given without a time, with the indented ones behind it, and counted as unparsed");
	gives_all(NULL, "a\npanic: x\n\ngoroutine 1\n\tf()\n",
		  "record 1 at 0 len 1 lines 1 [a] message [a] user []\nof no time, format none\n"
		  "record 2 at 2 len 26 lines 4 [panic: x\n\ngoroutine 1\n\tf()] message [panic: x] user []\nof no time, format none\n"
		  "lines 5 records 0 joined 0 attached 0 head 0 unparsed 4 blank 1\n",
		  "so is all of a file of no known format, a dump being one record");
	gives_all(&postgresql, "\thead\n@9 +who\n\tmore\n@1 x\n",
		  "record 1 at 0 len 5 lines 1 [\thead] message [\thead] user []\nof no time, format none\n"
		  "attached 2 at 6 len 13 lines 2 [@9 +who\n\tmore] message [+who\n\tmore] user [9]\n"
		  "record 4 at 20 len 4 lines 1 [@1 x] message [x] user [1]\n"
		  "lines 4 records 1 joined 0 attached 0 head 2 unparsed 1 blank 0\n",
		  "what goes on from the file before is given, and an orphan as its format reads it");
}

static void append_many(struct text *t, char c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_append_byte(t, c);
}

static struct ledger_counts counts_of(const struct format *f, struct span bytes, size_t step, struct record *last,
				      size_t *raw_len)
{
	struct inflate z = {bytes, step};
	struct lines lines;
	lines_init(&lines, &z);
	struct reader *rd = reader_new(&lines, NULL, f);
	*raw_len = 0;
	while (reader_next(rd, last))
		*raw_len = last->raw.len;
	struct ledger_counts counts = *reader_counts(rd);
	reader_free(rd);
	lines_release(&lines);
	return counts;
}

static void test_limits(void)
{
	struct text bytes = {0};
	struct record r;
	size_t raw_len;
	text_append_string(&bytes, "@1 start\n");
	for (int i = 0; i < 10; i++) {
		append_many(&bytes, 'x', 50000);
		text_append_byte(&bytes, '\n');
	}
	text_append_string(&bytes, "short\n");
	struct ledger_counts c = counts_of(&python, text_span(&bytes), 4096, &r, &raw_len);
	FACT(c.joined == 11 && r.lines == 12, "lines over LIMIT_JOIN_BYTES are counted");
	FACT(raw_len == 8 + 5 * 50001, "lines over LIMIT_JOIN_BYTES are not kept, nor shorter ones after them");
	FACT(r.length == bytes.len - 1, "the length spans all of the record's lines");

	text_clear(&bytes);
	text_append_string(&bytes, "@1 ");
	append_many(&bytes, 'y', LIMIT_LINE_BYTES + 5);
	text_append_string(&bytes, "\n\ttail\n");
	c = counts_of(&python, text_span(&bytes), 4096, &r, &raw_len);
	FACT(c.cut == 1 && c.records == 1 && c.joined == 1 && raw_len == LIMIT_LINE_BYTES,
	     "a line over the limit is cut, and still a record");

	text_clear(&bytes);
	for (int i = 0; i < 900; i++)
		text_append_string(&bytes, "\tnine\n\n\n");
	struct inflate z = {text_span(&bytes), 4096};
	struct lines lines;
	lines_init(&lines, &z);
	struct reader *rd = reader_new(&lines, NULL, &python);
	FACT(!reader_next(rd, &r) && reader_head(rd).length == bytes.len - 3, "the head spans all of its lines");
	FACT(reader_head(rd).text.len == LIMIT_EDGE_BYTES, "its text is cut at LIMIT_EDGE_BYTES");
	FACT(reader_counts(rd)->head == 900 && reader_counts(rd)->blank == 1800, "its lines are all counted");
	reader_free(rd);
	lines_release(&lines);

	text_clear(&bytes);
	text_append_string(&bytes, "@1 \"open\n");
	for (int i = 0; i < 30000; i++)
		text_append_string(&bytes, "@2 twelve by\n");
	c = counts_of(&csv, text_span(&bytes), 1 << 20, &r, &raw_len);
	FACT(c.unparsed == 1 && c.records == 30000, "an open quote that does not close within LIMIT_JOIN_BYTES costs one line");

	text_clear(&bytes);
	for (int i = 0; i < 100000; i++)
		text_append_string(&bytes, "@ \"\"\"\n\"a\"\n");
	c = counts_of(&csv, text_span(&bytes), 1 << 20, &r, &raw_len);
	FACT(adds_up(&c), "a file of quotes that never close ends in bounded time");
	text_release(&bytes);
}

/* A second format beside the one in force. */
static void test_two_formats(void)
{
	struct text bytes = {0};
	struct record r;
	size_t raw_len;
	for (int i = 0; i < 40; i++)
		text_append_string(&bytes, i % 4 < 3 ? "@1 a\n" : "{1 b\n");
	for (size_t step = 1; step < 100000; step *= 9) {
		struct ledger_counts c = counts_of(NULL, text_span(&bytes), step, &r, &raw_len);
		FACT(c.records == 40 && !c.unparsed, "another format is in force beside the first from its first line");
	}
	text_clear(&bytes);
	for (int i = 0; i < 400; i++)
		text_append_string(&bytes, i % 4 < 3 ? "@1 a\n" : i % 8 < 4 ? "zzz\n" : "{1 b\n");
	struct ledger_counts c = counts_of(NULL, text_span(&bytes), 4096, &r, &raw_len);
	FACT(c.records == 300 + 50 && c.unparsed == 50, "lines of no format do not hide it");
	text_release(&bytes);
}

static void test_detection(void)
{
	struct text bytes = {0};
	struct record r;
	size_t raw_len;
	text_append_string(&bytes, "@1 a\n");
	for (int i = 0; i < LIMIT_DETECT_AGAIN; i++)
		text_append_string(&bytes, "zzz\n\n");
	text_append_string(&bytes, "{1 json\n{2 json\n");
	struct ledger_counts c = counts_of(NULL, text_span(&bytes), 7, &r, &raw_len);
	FACT(c.records == 3, "two lines at the end are of the format that takes both");
	bytes.len -= strlen("\n{1 json\n{2 json\n");
	text_append_string(&bytes, "{1 json\n{2 json\n");
	for (size_t step = 1; step < 100000; step *= 9) {
		c = counts_of(NULL, text_span(&bytes), step, &r, &raw_len);
		FACT(c.records == 3 && c.unparsed == LIMIT_DETECT_AGAIN && c.blank == LIMIT_DETECT_AGAIN - 1,
		     "after 50 misses the format of what follows is taken; lines counted stay counted");
	}
	c = counts_of(&plain, text_span(&bytes), 4096, &r, &raw_len);
	FACT(c.records == 1 && c.unparsed == LIMIT_DETECT_AGAIN + 2, "a stated format stays in force");

	text_clear(&bytes);
	for (int i = 0; i < 3000; i++)
		text_append_string(&bytes, "own\n");
	c = counts_of(NULL, text_span(&bytes), 4096, &r, &raw_len);
	FACT(c.unparsed == 3000, "a learned format that is learned again is not kept twice");

	text_clear(&bytes);
	for (int i = 0; i < 300000; i++)
		text_append_string(&bytes, i / 60 % 2 ? "{ a\n" : "@ b\n");
	c = counts_of(NULL, text_span(&bytes), 4096, &r, &raw_len);
	FACT(adds_up(&c) && !c.unparsed, "two formats may follow one another as often as they like");

	struct inflate z = {SPAN("@1 a\n"), 4096};
	struct lines lines;
	lines_init(&lines, &z);
	struct reader *rd = reader_new(&lines, NULL, NULL);
	FACT(reader_format(rd) == &detected_first && reader_detection(rd)->format == &detected_first,
	     "the format is known before the first record");
	reader_free(rd);
	lines_release(&lines);
	reader_free(NULL);

	text_clear(&bytes);
	for (int i = 0; i < LIMIT_DETECT_BYTES; i++)
		text_append_byte(&bytes, '\0');
	text_append_string(&bytes, "@1 a\nzzz\n@2 b\n@3 c\n");
	z = (struct inflate){text_span(&bytes), 4096};
	lines_init(&lines, &z);
	rd = reader_new(&lines, NULL, NULL);
	while (reader_next(rd, &r))
		;
	FACT(reader_counts(rd)->records == 2 && reader_counts(rd)->unparsed == 2,
	     "behind a head of NULs (truncated while it was written) detection does not wait for 50 misses");
	FACT(reader_detection(rd)->format == &detected_first, "a file is what its first known format says");
	FACT(reader_streams(rd) == 1 && reader_stream(rd, 0).counts->records == 2 &&
		     reader_stream(rd, 0).format == &detected_first && !*reader_stream(rd, 0).name,
	     "a file without carriers is one stream without a name");
	reader_free(rd);
	lines_release(&lines);
	text_release(&bytes);
}

int main(void)
{
	test_cases();
	test_dumps();
	test_pids();
	test_all();
	test_limits();
	test_detection();
	test_two_formats();
	return unit_done();
}
