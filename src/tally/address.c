#include "tally/address.h"

#include <stdlib.h>

#include "base/memory.h"

/* The number of an address; SIZE_MAX when there is no room for it. */
static size_t find(struct address_side_counts *s, size_t most, const struct place *p, struct span address)
{
	size_t i = hash_bytes(address) % ADDRESS_TABLE;
	for (; s->table[i]; i = (i + 1) % ADDRESS_TABLE) {
		const struct address_entry *e = &s->entries[s->table[i] - 1];
		if (span_equal((struct span){e->bytes, e->len}, address))
			return s->table[i] - 1u;
	}
	if (s->n >= most)
		return SIZE_MAX;
	if (!s->entries)
		s->entries = memory_new(LIMIT_ADDRESSES, sizeof *s->entries);
	struct address_entry *e = &s->entries[s->n++];
	s->table[i] = (uint8_t)s->n;
	*e = (struct address_entry){.len = (uint32_t)address.len, .first_line = p->line, .first_length = p->length, .first_offset = p->offset};
	memcpy(e->bytes, address.at, address.len);
	return s->n - 1;
}

static void remember(struct addresses *a, struct span upstream, struct address_entry *entry)
{
	if (upstream.len - 8 > 16)
		return;
	uint64_t tail = hash_load8(upstream.at + upstream.len - 8);
	a->recent[address_recent_place(tail)] =
		(struct address_recent){hash_load8(upstream.at), address_middle(upstream), tail, upstream.len, entry};
}

void addresses_add(struct addresses *a, enum address_side side, const struct place *p, struct span address, bool failed)
{
	struct address_side_counts *s = &a->sides[side];
	address = span_head(address, ADDRESS_BYTES);
	if (!address.len)
		return;
	size_t number = find(s, (size_t)LIMIT_ADDRESSES >> a->share / 2, p, address);
	if (number == SIZE_MAX) {
		s->more++;
		return;
	}
	s->entries[number].n++;
	s->entries[number].failed += failed;
	if (side == ADDRESS_UPSTREAM)
		remember(a, address, &s->entries[number]);
}

void address_pair(struct text *out, struct span host, struct span port)
{
	bool colons = span_find_byte(host, ':') >= 0 && host.at[0] != '[' && host.at[0] != 'u';
	text_append(out, colons ? SPAN("[") : SPAN_NONE);
	text_append(out, span_head(host, ADDRESS_BYTES));
	text_append(out, colons ? SPAN("]") : SPAN_NONE);
	if (port.len) {
		text_append_byte(out, ':');
		text_append(out, span_head(port, ADDRESS_BYTES));
	}
}

void addresses_add_pair(struct addresses *a, enum address_side side, const struct place *p, struct span host, struct span port, bool failed)
{
	text_clear(&a->joined);
	address_pair(&a->joined, host, port);
	addresses_add(a, side, p, text_span(&a->joined), failed);
}

static int by_side(const void *left, const void *right)
{
	const struct address *a = left, *b = right;
	return a->side != b->side ? (int)a->side - (int)b->side : span_compare(span_of(a->address), span_of(b->address));
}

struct address *addresses_freeze(const struct addresses *a, size_t *n, uint64_t more[ADDRESS_SIDES])
{
	struct text clean = {0};
	struct address *out = memory_new(a->sides[0].n + a->sides[1].n, sizeof *out);
	size_t to = 0;
	*n = 0;
	for (int side = 0; side < ADDRESS_SIDES; side++) {
		const struct address_side_counts *s = &a->sides[side];
		more[side] = s->more;
		for (size_t i = 0; i < s->n; i++) {
			const struct address_entry *e = &s->entries[i];
			text_clear(&clean);
			text_append_utf8(&clean, (struct span){e->bytes, e->len});
			out[to++] = (struct address){(enum address_side)side, span_copy(text_span(&clean)), e->n, e->failed,
						     e->first_offset, e->first_line, e->first_length};
		}
	}
	text_release(&clean);
	if (to)
		qsort(out, to, sizeof *out, by_side);
	/* Addresses that differ only in bytes that are no UTF-8 are one now. */
	for (size_t i = 0; i < to; i++) {
		struct address *before = *n ? &out[*n - 1] : NULL;
		if (!before || by_side(before, &out[i])) {
			out[(*n)++] = out[i];
			continue;
		}
		before->n += out[i].n;
		before->failed += out[i].failed;
		if (out[i].first_offset < before->first_offset) {
			before->first_offset = out[i].first_offset;
			before->first_line = out[i].first_line;
			before->first_length = out[i].first_length;
		}
		memory_free(out[i].address);
	}
	return out;
}

void addresses_release(struct addresses *a)
{
	for (int side = 0; side < ADDRESS_SIDES; side++)
		memory_free(a->sides[side].entries);
	text_release(&a->joined);
}
