/* candidates: which of a stream's first lines detection looks at. */
#include "parse/candidates.h"

#include "base/limits.h"
#include "base/memory.h"
#include "unit.h"

static const struct {
	const char *fact, *head, *lines; /* the lines, each between [ ] */
} heads[] = {
	{"lines that are empty or indented go on with a record", "a 1\n\n  at x\n\tb\nc 2\n", "[a 1][c 2]"},
	{"a line end of two bytes is none of its line", "a\r\n\r\nb\r\n", "[a][b]"},
	{"of a text that is shorter than what detection reads the last line is whole", "a\nb", "[a][b]"},
	{"where all lines are indented, those as deep as the first are it", "\n  a\n    x\n  b\n\ty\n", "[  a][  b]"},
	{"nothing has none", "", ""},
	{"nor have line ends alone", "\n\r\n\n", ""},
};

int main(void)
{
	struct candidates *c = memory_new(1, sizeof *c);
	struct text got = {0}, big = {0};
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		text_clear(&got);
		candidates_of(c, span_of(heads[i].head));
		for (size_t n = 0; n < c->n; n++)
			text_format(&got, "[%.*s]", (int)c->lines[n].len, c->lines[n].at);
		TEXT_IS(got.at, heads[i].lines, heads[i].fact);
	}
	for (int i = 0; i < CANDIDATES + 7; i++)
		text_format(&big, "line %d\n", i);
	candidates_of(c, text_span(&big));
	FACT(c->n == CANDIDATES && span_equal(c->lines[CANDIDATES - 1], SPAN("line 199")), "the first 200 count");

	/* As many bytes as detection reads: they end in a line. */
	text_clear(&big);
	while (big.len < LIMIT_DETECT_BYTES)
		text_append_string(&big, "0123456789 0123456789 0123456789\n"); /* 33 bytes: no power of two is a whole number of them */
	struct span bytes = candidates_bytes(text_span(&big));
	FACT(bytes.len == LIMIT_DETECT_BYTES / 33 * 33, "a line that the end of the bytes cuts is left out");
	FACT(candidates_bytes(span_head(text_span(&big), 40)).len == 40, "fewer bytes are all there is");
	text_clear(&big);
	while (big.len < LIMIT_DETECT_BYTES)
		text_append_byte(&big, 'x');
	FACT(candidates_bytes(text_span(&big)).len == LIMIT_DETECT_BYTES, "one line of that length is looked at as far as it is there");
	/* What a format with a syslog header of its own reads. */
	candidates_of(c, SPAN("text\n"));
	c->headed[0] = SPAN("Nov 22 11:52:43 lb haproxy[7]: text");
	FACT(span_equal(candidates_line(c, 0, true), c->headed[0]) && span_equal(candidates_line(c, 0, false), SPAN("text")),
	     "a format that reads the header gets it");
	text_release(&got);
	text_release(&big);
	memory_free(c);
	return unit_done();
}
