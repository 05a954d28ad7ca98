#include "read/lines.h"

#include "base/limits.h"
#include "base/memory.h"
#include "feed.h"
#include "unit.h"

struct reading {
	struct feed feed;
	struct inflate *inflate;
	struct lines lines;
};

static void reading_start(struct reading *r, struct span bytes, size_t piece)
{
	feed_open(&r->feed, bytes.at ? bytes.at : "", bytes.len, piece);
	r->inflate = inflate_new(&r->feed.in);
	lines_init(&r->lines, r->inflate);
}

static void reading_end(struct reading *r)
{
	lines_release(&r->lines);
	inflate_free(r->inflate);
	feed_close(&r->feed);
}

/* Everything that lines.h promises about every line, written as text: lines of two readings are equal when these are. `next` asks
 * for the byte after each line too. */
static struct text told(struct span bytes, size_t piece, bool peek, bool next, bool help)
{
	struct text t = {0}, copy = {0};
	struct reading r;
	struct line line;
	struct span before = SPAN(""); /* the line before the last one, where it was given */
	bool stays = true;
	atomic_size_t idle = 1;
	reading_start(&r, bytes, piece);
	if (help)
		lines_share(&r.lines, &idle);
	if (peek) {
		size_t want = bytes.len < LIMIT_DETECT_BYTES ? bytes.len : LIMIT_DETECT_BYTES;
		struct span head = lines_peek(&r.lines);
		FACT(head.len >= want && span_equal(head, span_head(bytes, head.len)), "the peek shows the head of the file");
	}
	while (lines_next(&r.lines, &line)) {
		stays &= span_equal(before, text_span(&copy));
		before = line.text;
		text_clear(&copy);
		text_append(&copy, line.text);
		text_format(&t, "%llu @%llu +%llu %d%d [", (unsigned long long)line.number, (unsigned long long)line.offset,
			    (unsigned long long)line.length, line.cut, line.unterminated);
		text_append(&t, line.text);
		text_append_string(&t, "]");
		if (next)
			text_format(&t, " then %d", lines_next_byte(&r.lines));
		text_append_byte(&t, '\n');
	}
	FACT(stays, "each line is still there when the next one is");
	text_release(&copy);
	if (next)
		FACT(lines_next_byte(&r.lines) == -1, "behind the last line is the end of the file");
	FACT(!lines_next(&r.lines, &line), "the end stays the end");
	text_format(&t, "cut %llu", (unsigned long long)r.lines.cut);
	if (help && bytes.len > 5 * LIMIT_CHUNK_BYTES)
		FACT(!idle, "a long file is helped with");
	reading_end(&r);
	FACT(idle == 1, "a thread that helped is idle again");
	return t;
}

/* The same, from the definition: split at "\n", drop one "\r" before it. */
static struct text defined(struct span bytes, bool next)
{
	struct text t = {0};
	unsigned long long number = 0, cut = 0;
	for (size_t at = 0; at < bytes.len;) {
		size_t end = at;
		while (end < bytes.len && bytes.at[end] != '\n')
			end++;
		bool unterminated = end == bytes.len;
		size_t len = end - at - (!unterminated && end > at && bytes.at[end - 1] == '\r');
		size_t kept = len < LIMIT_LINE_BYTES ? len : LIMIT_LINE_BYTES;
		text_format(&t, "%llu @%zu +%zu %d%d [", ++number, at, len, kept < len, unterminated);
		text_append(&t, (struct span){bytes.at + at, kept});
		text_append_string(&t, "]");
		cut += kept < len;
		at = end + !unterminated;
		if (next)
			text_format(&t, " then %d", at < bytes.len ? (unsigned char)bytes.at[at] : -1);
		text_append_byte(&t, '\n');
	}
	text_format(&t, "cut %llu", cut);
	return t;
}

static void check(struct span bytes, const char *name)
{
	static const size_t pieces[] = {0, 1, 2, 3, 1000, 4096, 65536, 100000};
	for (int how = 0; how < 4; how++) {
		bool next = how & 1, help = how & 2;
		struct text want = defined(bytes, next);
		for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
			if (pieces[i] && bytes.len / pieces[i] > 100000)
				continue;
			/* The socket loses what does not fit into the last read of a block. */
			if (help && pieces[i] && LIMIT_CHUNK_BYTES % pieces[i])
				continue;
			struct text got = told(bytes, pieces[i], i % 2 == 0, next, help);
			FACT(span_equal(text_span(&got), text_span(&want)), name);
			text_release(&got);
		}
		text_release(&want);
	}
}

static void test_small(void)
{
	static const struct {
		const char *name;
		struct span bytes;
	} cases[] = {
		{"an empty file has no lines", {"", 0}},
		{"one newline is one empty line", {"\n", 1}},
		{"a line without a final newline is kept", {"a\nb", 3}},
		{"CRLF is stripped", {"a\r\nb\r\n\r\n", 8}},
		{"one CR of two is stripped", {"a\r\r\nb", 6}},
		{"a lone CR is no line end", {"a\rb\n\rc\n", 7}},
		{"a CR at the end of the file is text", {"a\r", 2}},
		{"empty lines are lines", {"\n\n\na\n\n", 6}},
		{"NUL bytes pass through", {"a\0b\n\0\n\0", 7}},
		{"bytes that are no UTF-8 pass through", {"\xFF\xFE\x80\n\xC3\n", 6}},
		{"a space and a tab at the beginning are kept", {"a\n b\n\tc\n", 8}},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(cases[i].bytes, cases[i].name);
}

static void append_run(struct text *t, char c, size_t n)
{
	t->at = memory_grow(t->at, &t->cap, t->len + n + 1, 1);
	memset(t->at + t->len, c, n);
	t->len += n;
}

static void test_long(void)
{
	static const struct {
		const char *name;
		size_t len;
		const char *end;
	} cases[] = {
		{"a line of the limit is whole", LIMIT_LINE_BYTES, "\n"},
		{"a line of the limit and CRLF is whole", LIMIT_LINE_BYTES, "\r\n"},
		{"a line of the limit at the end of the file is whole", LIMIT_LINE_BYTES, ""},
		{"a line over the limit is cut", LIMIT_LINE_BYTES + 1, "\n"},
		{"a line over the limit and CRLF is cut", LIMIT_LINE_BYTES + 1, "\r\n"},
		{"a line over the limit at the end of the file is cut", LIMIT_LINE_BYTES + 1, ""},
		{"a line that fills the buffer is cut", LIMIT_LINE_BYTES + LIMIT_CHUNK_BYTES, "\n"},
		{"a line whose CR is the buffer's last byte", LIMIT_LINE_BYTES + LIMIT_CHUNK_BYTES - 1, "\r\n"},
		{"a line whose CR is the first byte behind the buffer", LIMIT_LINE_BYTES + LIMIT_CHUNK_BYTES, "\r\n"},
		{"a line of three megabytes is cut", 3 << 20, "\r\n"},
		{"an endless last line is cut", 3 << 20, ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text t = {0};
		text_append_string(&t, "before\n");
		append_run(&t, 'x', cases[i].len);
		text_append_string(&t, cases[i].end);
		if (cases[i].end[0]) {
			text_append_string(&t, "after\r\n");
			append_run(&t, 'y', LIMIT_LINE_BYTES + 5);
			text_append_string(&t, "\nlast");
		}
		check(text_span(&t), cases[i].name);
		text_release(&t);
	}
}

/* Lines of all lengths, so that their ends meet every border of the chunks. */
static void test_borders(void)
{
	struct text t = {0};
	unsigned seed = 7;
	while (t.len < 1500000) {
		seed = seed * 1664525u + 1013904223u;
		append_run(&t, (char)('a' + (seed >> 28)), seed >> 16 & 1023);
		text_append_string(&t, seed & 256 ? "\r\n" : "\n");
	}
	check(text_span(&t), "lines of a large file are the same however it is read");
	text_release(&t);
}

static void test_buffered(void)
{
	struct reading r;
	struct line line;
	reading_start(&r, SPAN("ab\ncd\n"), 3);
	FACT(lines_next(&r.lines, &line) && span_equal(line.text, SPAN("ab")), "the first line");
	FACT(!lines_buffered(&r.lines), "the next byte is not at hand when the input gave no more");
	FACT(lines_next_byte(&r.lines) == 'c' && lines_buffered(&r.lines), "asking for the next byte fetches it");
	FACT(lines_next_byte(&r.lines) == 'c', "asking for the next byte does not take it");
	FACT(lines_next(&r.lines, &line) && span_equal(line.text, SPAN("cd")) && line.offset == 3, "the line is given whole after it");
	reading_end(&r);
	struct lines none = {0};
	lines_release(&none);
	FACT(true, "releasing a zeroed struct is fine");
}

int main(void)
{
	test_small();
	test_long();
	test_borders();
	test_buffered();
	return unit_done();
}
