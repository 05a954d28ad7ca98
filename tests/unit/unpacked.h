/* unpacked: what a reader gets out of the bytes of a container, in whatever pieces it reads them.
 *
 * Takes  bytes.
 * Gives  the text and all that inflate.h says of it.
 * Holds  the text; got_release() gives it back.
 * Never  knows how the bytes were packed.
 */
#ifndef ONSET_UNPACKED_H
#define ONSET_UNPACKED_H

#include "base/memory.h"
#include "base/text.h"
#include "feed.h"
#include "read/inflate.h"
#include "unit.h"

/* What a reader got out of some bytes. */
struct got {
	struct text text;
	struct damage_report damage;
	uint64_t bytes, members;
	uint32_t crc;
	enum container container;
	size_t first_call; /* bytes that the first call gave */
};

static inline struct got read_all(struct text from, size_t piece, size_t cap)
{
	struct got g = {0};
	struct feed f;
	char *buffer = memory_new(cap, 1);
	feed_open(&f, from.at ? from.at : "", from.len, piece);
	struct inflate *z = inflate_new(&f.in);
	size_t n;
	for (bool first = true; (n = inflate_read(z, buffer, cap)) > 0; first = false) {
		if (first)
			g.first_call = n;
		text_append(&g.text, (struct span){buffer, n});
	}
	g.damage = *inflate_damage(z);
	g.bytes = inflate_bytes(z);
	g.members = inflate_members(z);
	g.crc = inflate_crc(z);
	g.container = inflate_container(z);
	inflate_free(z);
	feed_close(&f);
	memory_free(buffer);
	return g;
}

/* Bit by bit, as RFC 1952 section 8 defines it: shares nothing with zlib. */
static inline uint32_t crc_of(struct span s)
{
	uint32_t crc = 0xFFFFFFFFu;
	for (size_t i = 0; i < s.len; i++) {
		crc ^= (unsigned char)s.at[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
	}
	return ~crc;
}

static inline bool same(const struct got *a, const struct got *b)
{
	return span_equal(text_span(&a->text), text_span(&b->text)) && a->damage.kind == b->damage.kind &&
	       a->damage.compressed_offset == b->damage.compressed_offset &&
	       a->damage.uncompressed_offset == b->damage.uncompressed_offset && a->damage.more == b->damage.more &&
	       a->bytes == b->bytes && a->members == b->members && a->crc == b->crc && a->container == b->container;
}

/* Reads in one go; then in other pieces, which must not be seen in the result. */
static inline struct got check(struct text from, const char *name)
{
	static const struct {
		size_t piece, cap;
	} ways[] = {{7, 65536}, {4096, 3}, {65536, 1 << 20}};
	struct got whole = read_all(from, 0, 1 << 20);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		size_t piece = ways[i].piece;
		if (whole.container == CONTAINER_PLAIN && piece > ways[i].cap)
			piece = ways[i].cap; /* plain bytes go straight into the buffer, and the socket drops what has no room */
		struct got g = read_all(from, piece, ways[i].cap);
		FACT(same(&whole, &g), name);
		text_release(&g.text);
	}
	if (from.len < 4096) {
		struct got g = read_all(from, 1, 1);
		FACT(same(&whole, &g), name);
		text_release(&g.text);
	}
	FACT(whole.bytes == whole.text.len, name);
	FACT(whole.crc == crc_of(text_span(&whole.text)), name);
	if (whole.damage.kind != DAMAGE_NONE && whole.damage.uncompressed_offset > 0)
		FACT(whole.first_call <= (size_t)whole.damage.uncompressed_offset, "a call does not cross a damage");
	return whole;
}

static inline void append_log(struct text *t, unsigned seed, size_t lines)
{
	for (size_t i = 0; i < lines; i++) {
		seed = seed * 1664525u + 1013904223u;
		text_format(t, "10.0.%u.%u - - [22/Nov/2026:11:15:%02u +0000] \"GET /cart/%u HTTP/1.1\" 200 %u\n", seed >> 24,
			    seed >> 16 & 255, (unsigned)(i / 50 % 60), seed >> 8 & 0xFFFF, seed & 0xFFF);
	}
}

static inline void got_release(struct got *g)
{
	text_release(&g->text);
}

#endif
