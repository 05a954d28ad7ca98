/* hold: records that wait for older ones come back in the order of their lines, with bytes of their own. */
#include "parse/hold.h"

#include "unit.h"

static const struct format one = {.name = (char *)"one"}, two = {.name = (char *)"two"};

/* A record whose bytes are gone when this returns. */
static void add(struct hold *h, uint64_t line, const char *message, const struct format *format)
{
	struct record r;
	struct text raw = {0};
	text_format(&raw, "stamp %s", message);
	record_clear(&r);
	r.line = line;
	r.raw = text_span(&raw);
	record_set(&r, FIELD_MESSAGE, span_from(r.raw, 6));
	record_set(&r, FIELD_HOST, SPAN("elsewhere")); /* not in the record's own bytes */
	hold_add(h, &r, format);
	memset(raw.at, '#', raw.len);
	text_release(&raw);
}

static bool gives(struct hold *h, uint64_t before, uint64_t line, const char *message, const struct format *format)
{
	struct record r;
	const struct format *f;
	return hold_take(h, before, &r, &f) && r.line == line && f == format && span_equal(record_get(&r, FIELD_MESSAGE), span_of(message)) &&
	       span_equal(record_get(&r, FIELD_HOST), SPAN("elsewhere")) && span_starts(r.raw, SPAN("stamp "));
}

int main(void)
{
	struct hold h = {0};
	struct record r;
	const struct format *f;
	FACT(!hold_take(&h, UINT64_MAX, &r, &f), "nothing is held");
	add(&h, 7, "seven", &one);
	add(&h, 3, "three", &two);
	add(&h, 9, "nine", &one);
	add(&h, 5, "five", &two);
	FACT(h.bytes > 0, "held bytes are counted");
	FACT(!hold_take(&h, 3, &r, &f), "what is not older than the one that waits is not given");
	FACT(gives(&h, 6, 3, "three", &two) && gives(&h, 6, 5, "five", &two), "the older ones come in the order of their lines, whatever came first");
	FACT(!hold_take(&h, 6, &r, &f), "the others wait");
	add(&h, 6, "six", &two);
	FACT(gives(&h, UINT64_MAX, 6, "six", &two) && gives(&h, UINT64_MAX, 7, "seven", &one) && gives(&h, UINT64_MAX, 9, "nine", &one),
	     "one that comes later takes its place");
	FACT(!hold_take(&h, UINT64_MAX, &r, &f) && !h.bytes, "then nothing is held, nor counted");
	add(&h, 1, "again", &one);
	FACT(gives(&h, 2, 1, "again", &one), "room is used again");
	add(&h, 2, "left", &one);
	hold_release(&h);
	FACT(!h.first && !h.free && !h.given, "what is left is freed");
	return unit_done();
}
