#include <stdlib.h>

#include "base/memory.h"
#include "tally/wire.h"

#include "unit.h"

static void numbers(void)
{
	static const uint64_t values[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, (uint64_t)1 << 63, UINT64_MAX};
	static const int64_t signed_values[] = {0, -1, 1, -64, 64, INT32_MIN, INT64_MAX, INT64_MIN};
	struct text out = {0};
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		wire_put(&out, values[i]);
		wire_put_fixed(&out, values[i]);
	}
	for (size_t i = 0; i < sizeof signed_values / sizeof *signed_values; i++)
		wire_put_signed(&out, signed_values[i]);
	struct wire w = {.rest = text_span(&out)};
	bool same = true;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		same = same && wire_get(&w) == values[i] && wire_get_fixed(&w) == values[i];
	for (size_t i = 0; i < sizeof signed_values / sizeof *signed_values; i++)
		same = same && wire_get_signed(&w) == signed_values[i];
	FACT(same && !w.rest.len && !w.trouble, "numbers come back as they were");
	text_release(&out);
	/* LEB128 by its definition: 624485 is E5 8E 26 */
	wire_put(&out, 624485);
	FACT(span_equal(text_span(&out), SPAN("\xE5\x8E\x26")), "a number is encoded as LEB128");
	text_release(&out);
}

static bool refused(struct span bytes)
{
	struct wire w = {.rest = bytes};
	uint64_t value = wire_get(&w);
	return w.trouble && !value && !w.rest.len;
}

static void trouble(void)
{
	FACT(refused(SPAN("")), "no bytes are no number");
	FACT(refused(SPAN("\x80")), "a number that ends early is refused");
	FACT(refused(SPAN("\x80\x00")), "a longer encoding than needed is refused");
	FACT(refused(SPAN("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02")), "more than 64 bits are refused");
	struct wire w = {.rest = SPAN("\x05ok")};
	char *text = wire_get_text(&w);
	FACT(w.trouble && !*text, "a text that is longer than the bytes left is refused");
	memory_free(text);
	w = (struct wire){.rest = SPAN("\x02\xC3\x28")};
	text = wire_get_text(&w);
	FACT(w.trouble && !*text, "a text that is not UTF-8 is refused");
	memory_free(text);
	w = (struct wire){.rest = SPAN("\x02" "a\x00")};
	text = wire_get_text(&w);
	FACT(w.trouble != NULL, "a text with a NUL is refused");
	memory_free(text);
	w = (struct wire){.rest = SPAN("\x03" "abcdef")};
	FACT(wire_get_count(&w, 10, 3) == 0 && w.trouble, "a count that the bytes left cannot hold is refused");
	w = (struct wire){.rest = SPAN("\x0B" "abcdefghijklm")};
	FACT(wire_get_count(&w, 10, 1) == 0 && w.trouble, "a count over its limit is refused");
	wire_fail(&w, "later");
	FACT(strcmp(w.trouble, "later") && !wire_get(&w) && !wire_get_fixed(&w), "the first trouble is told, and zeros follow");
}

int main(void)
{
	numbers();
	trouble();
	return unit_done();
}
