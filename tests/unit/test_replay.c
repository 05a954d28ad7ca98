/* replay: lines that are read a second time, in order, before those of the file. */
#include "parse/replay.h"

#include "base/memory.h"
#include "unit.h"

static const char *const texts[] = {"a", "bb", "", "ccc", "d"};

static struct pushed line_of(uint64_t number)
{
	return (struct pushed){.line = {.text = span_of(texts[number - 1]), .number = number}, .lines = number};
}

static bool next_is(struct replay *r, uint64_t number)
{
	struct pushed p;
	if (!replay_has(r))
		return false;
	replay_take(r, &p);
	return span_equal(p.line.text, span_of(texts[number - 1])) && p.line.number == number && p.lines == number;
}

static void test_order(void)
{
	struct replay r = {0}, tried = {0};
	for (uint64_t i = 1; i <= 4; i++) {
		struct pushed p = line_of(i);
		replay_push(&tried, &p);
	}
	FACT(!replay_has(&r), "at first there is no line to be read again");
	replay_put_back(&r, &tried);
	FACT(!tried.n && !tried.text.len, "what was tried is given away");
	FACT(replay_has(&r) && replay_next_byte(&r) == 'b', "what was given back is next, but for the first line");
	FACT(next_is(&r, 2) && replay_next_byte(&r) == '\n', "an empty line's first byte is its end");
	struct pushed p;
	replay_take(&r, &p);
	replay_push(&tried, &p);
	replay_put_back(&r, &tried);
	FACT(next_is(&r, 4) && !replay_has(&r), "given back twice, read in order, with their numbers");
	replay_untake(&r);
	FACT(next_is(&r, 4) && !replay_has(&r), "what was taken last may be the next one again");
	p = line_of(2);
	replay_only(&r, &p);
	FACT(next_is(&r, 2) && !replay_has(&r), "a line may stand alone where all others were taken");
	replay_release(&r);
	replay_release(&tried);
}

static void test_carried(void)
{
	struct replay r = {0}, tried = {0};
	char host[] = "db1";
	struct carried c;
	carried_init(&c, SPAN("text"));
	c.host = span_of(host);
	struct pushed p = {.line = {.text = SPAN("text"), .number = 1}, .lines = 1, .headed = SPAN("head text"), .carried = &c};
	replay_push(&tried, &p);
	replay_push(&tried, &p);
	host[0] = '?';
	replay_put_back(&r, &tried);
	replay_take(&r, &p);
	FACT(p.carried && span_equal(p.carried->host, SPAN("db1")) && span_equal(p.headed, SPAN("head text")),
	     "what carries a line is given back too");
	replay_release(&r);
}

int main(void)
{
	test_order();
	test_carried();
	return unit_done();
}
