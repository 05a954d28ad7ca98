/* replay: lines that are read a second time, in order, before those of the file. */
#include "parse/replay.h"

#include "base/memory.h"
#include "unit.h"

struct inflate {
	struct span bytes;
};

size_t inflate_read(struct inflate *z, void *buffer, size_t cap)
{
	size_t n = z->bytes.len < cap ? z->bytes.len : cap;
	memcpy(buffer, z->bytes.at, n);
	z->bytes = span_from(z->bytes, n);
	return n;
}

/* Takes `n` lines and gives all but the first one back. */
static void try(struct replay *r, int n)
{
	struct replay tried = {0};
	struct line line;
	for (int i = 0; i < n && replay_line(r, &line); i++)
		replay_push(&tried, &line);
	replay_put_back(r, &tried);
	FACT(!tried.n && !tried.text.len, "what was tried is given away");
}

static bool next_is(struct replay *r, const char *text, uint64_t number)
{
	struct line line;
	return replay_line(r, &line) && span_equal(line.text, span_of(text)) && line.number == number;
}

int main(void)
{
	struct inflate z = {SPAN("a\nbb\n\nccc\nd\n")};
	struct lines lines;
	lines_init(&lines, &z);
	struct replay r = {.from = &lines};
	struct line line;
	FACT(!replay_has(&r) && replay_next_byte(&r) == 'a', "without lines to be read again, the file is next");
	try(&r, 4); /* a is gone */
	FACT(replay_has(&r) && replay_at_hand(&r) && replay_next_byte(&r) == 'b', "what was given back is next");
	FACT(next_is(&r, "bb", 2) && replay_next_byte(&r) == '\n', "an empty line's first byte is its end");
	try(&r, 1); /* the empty line is gone */
	FACT(next_is(&r, "ccc", 4) && !replay_has(&r), "given back twice, read in order, with their numbers");
	FACT(next_is(&r, "d", 5), "then the file goes on");
	FACT(!replay_line(&r, &line) && replay_next_byte(&r) == -1, "up to its end");
	replay_release(&r);
	lines_release(&lines);
	return unit_done();
}
