#include "tally/wire.h"

#include "base/memory.h"

enum { WIRE_NUMBER_BYTES = 10 };

void wire_put(struct text *out, uint64_t value)
{
	/* Most of a tally is numbers of one or two bytes: they go straight to their place. */
	if (out->cap - out->len <= WIRE_NUMBER_BYTES)
		out->at = memory_grow(out->at, &out->cap, out->len + WIRE_NUMBER_BYTES + 1, 1);
	char *to = out->at + out->len;
	for (; value >= 128; value >>= 7)
		*to++ = (char)(value | 128);
	*to++ = (char)value;
	*to = 0;
	out->len = (size_t)(to - out->at);
}

void wire_put_signed(struct text *out, int64_t value)
{
	wire_put(out, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

void wire_put_fixed(struct text *out, uint64_t value)
{
	char bytes[8];
	for (int i = 0; i < 8; i++)
		bytes[i] = (char)(value >> (8 * i));
	text_append(out, (struct span){bytes, 8});
}

void wire_put_text(struct text *out, const char *string)
{
	struct span s = span_of(string);
	if (s.len > WIRE_TEXT_BYTES) {
		s.len = WIRE_TEXT_BYTES;
		while (s.len && ((unsigned char)s.at[s.len] & 0xC0) == 0x80)
			s.len--;
	}
	wire_put(out, s.len);
	text_append(out, s);
}

void wire_fail(struct wire *w, const char *trouble)
{
	if (!w->trouble)
		w->trouble = trouble;
	w->rest.len = 0;
}

uint64_t wire_get(struct wire *w)
{
	uint64_t value = 0;
	for (unsigned i = 0; i < 10; i++) {
		if (i >= w->rest.len) {
			wire_fail(w, "it ends early");
			return 0;
		}
		uint64_t byte = (unsigned char)w->rest.at[i];
		if (i == 9 && byte > 1)
			break;
		value |= (byte & 127) << (7 * i);
		if (byte & 128)
			continue;
		if (!byte && i) /* a shorter encoding exists */
			break;
		w->rest = span_from(w->rest, i + 1);
		return value;
	}
	wire_fail(w, "a number is not encoded the shortest way");
	return 0;
}

uint64_t wire_get_max(struct wire *w, uint64_t max)
{
	uint64_t value = wire_get(w);
	if (value <= max)
		return value;
	wire_fail(w, "a number is too large");
	return 0;
}

int64_t wire_get_signed(struct wire *w)
{
	uint64_t value = wire_get(w);
	return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

uint64_t wire_get_fixed(struct wire *w)
{
	if (w->rest.len < 8) {
		wire_fail(w, "it ends early");
		return 0;
	}
	uint64_t value = 0;
	for (int i = 0; i < 8; i++)
		value |= (uint64_t)(unsigned char)w->rest.at[i] << (8 * i);
	w->rest = span_from(w->rest, 8);
	return value;
}

char *wire_get_text(struct wire *w)
{
	size_t len = wire_get_count(w, WIRE_TEXT_BYTES, 1);
	struct span s = span_head(w->rest, len);
	if (!span_is_utf8(s)) {
		wire_fail(w, "a text is not UTF-8");
		s = SPAN_NONE;
	}
	char *copy = span_copy(s);
	w->rest = span_from(w->rest, s.len);
	return copy;
}

size_t wire_get_count(struct wire *w, size_t max, size_t least)
{
	uint64_t n = wire_get(w);
	if (n > max) {
		wire_fail(w, "a list is longer than its limit");
		return 0;
	}
	if (n * least > w->rest.len) {
		wire_fail(w, "it ends early");
		return 0;
	}
	return (size_t)n;
}
