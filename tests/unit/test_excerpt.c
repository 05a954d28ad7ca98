#include "verify/excerpt.h"

#include "tally/mask.h"
#include "unit.h"

/* What the tally would tell of a record whose message begins at `focus`. */
static const char *told_of(struct span raw, size_t focus)
{
	static struct text out;
	char essence[MASK_RAW_BYTES];
	size_t n = mask_essence(raw, span_from(raw, focus), essence);
	mask_excerpt((struct span){essence, n}, &out);
	return out.at;
}

int main(void)
{
	struct excerpt e = {0};
	struct text trace = {0};
	FACT(excerpt_agrees(&e, SPAN("login password=hunter2 ok"), SPAN("login password=*** ok")), "a secret is masked");
	FACT(!excerpt_agrees(&e, SPAN("login password=hunter2 ok"), SPAN("login password=hunter2 ok")), "an excerpt with a secret in it is none of ours");
	FACT(excerpt_agrees(&e, SPAN("a\r\n\tb"), SPAN("a b")), "lines are joined by a blank");
	FACT(excerpt_agrees(&e, SPAN("\x1B[31mred"), SPAN("\\x1B[31mred")), "control characters are told escaped");
	FACT(!excerpt_agrees(&e, SPAN("abc"), SPAN("")), "an empty excerpt is none of a line");
	text_append_string(&trace, "2026-11-22 11:20:00 ERROR Traceback (most recent call last):\n");
	for (int i = 0; i < 40; i++)
		text_format(&trace, "  File \"/srv/app/handlers_%d.py\", line %d, in handle\n    return next(request)\n", i, 10 * i);
	size_t focus = trace.len + strlen("sqlalchemy.exc.TimeoutError: ");
	text_append_string(&trace, "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, token=abc");
	const char *told = told_of(text_span(&trace), focus);
	FACT(strstr(told, " ... QueuePool limit"), "of a long trace the excerpt is its beginning, and the message");
	FACT(excerpt_agrees(&e, text_span(&trace), span_of(told)), "and that agrees, although nobody says where the message begins");
	FACT(e.tries < 20, "of all places only those are tried that begin so");
	struct text other = {0};
	text_append(&other, text_span(&trace));
	other.at[focus + 20] = 'X';
	FACT(!excerpt_agrees(&e, text_span(&other), span_of(told)), "one byte of the message is another one");
	FACT(!excerpt_agrees(&e, span_head(text_span(&trace), focus - 40), span_of(told)), "the message is not in the record");
	text_release(&other);
	text_release(&trace);
	excerpt_release(&e);
	return unit_done();
}
