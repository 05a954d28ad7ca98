/* Any bytes as a container: no crash, and the same result however they are read; by ISA-L the same as by zlib, or the reader doubts. */
#include "base/memory.h"
#include "read/inflate.h"
#include "source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A bomb of a megabyte gives a gigabyte: enough is read to see that it is given piece by piece. */
static const uint64_t ENOUGH = 16 << 20;

struct outcome {
	struct damage_report damage;
	uint64_t bytes, members;
	uint32_t crc;
	enum container container;
	bool whole, doubts;
};

static struct outcome outcome_of(struct input in, size_t cap, bool fast)
{
	struct outcome o = {0};
	struct inflate *z = fast ? inflate_new_fast(&in) : inflate_new(&in);
	unsigned char *buffer = memory_new(cap, 1);
	uint32_t crc = 0;
	uint64_t given = 0;
	for (size_t n; given < ENOUGH; given += n) {
		bool before = inflate_damage(z)->kind != DAMAGE_NONE;
		n = inflate_read(z, buffer, cap);
		check(n <= cap, "no more is given than asked for");
		o.whole = !n;
		if (!n)
			break;
		crc = inflate_crc_of(crc, buffer, n);
		const struct damage_report *d = inflate_damage(z);
		check(before || d->kind == DAMAGE_NONE || d->uncompressed_offset == (int64_t)(given + n) ||
			      d->uncompressed_offset == (int64_t)given,
		      "a call does not cross a damage");
	}
	if (o.whole) {
		o = (struct outcome){*inflate_damage(z), inflate_bytes(z), inflate_members(z), inflate_crc(z), inflate_container(z), true,
				     inflate_doubts(z)};
		check(o.bytes == given && o.crc == crc, "the count and the CRC are those of the bytes given");
	}
	memory_free(buffer);
	inflate_free(z);
	input_close(&in);
	return o;
}

static bool same(const struct outcome *a, const struct outcome *b)
{
	return a->bytes == b->bytes && a->members == b->members && a->crc == b->crc && a->container == b->container &&
	       a->damage.kind == b->damage.kind && a->damage.compressed_offset == b->damage.compressed_offset &&
	       a->damage.uncompressed_offset == b->damage.uncompressed_offset && a->damage.more == b->damage.more;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct outcome a = outcome_of(source_file(data, size), 1 << 18, false);
	if (!a.whole)
		return 0;
	struct outcome fast = outcome_of(source_file(data, size), 1 << 18, true);
	check(!a.doubts && (!fast.whole || fast.doubts || same(&a, &fast)), "by ISA-L as by zlib");
	if (a.container == CONTAINER_PLAIN)
		check(a.bytes == size && a.damage.kind == DAMAGE_NONE, "plain bytes are given as they are");
	if (size > SOURCE_PIECES_MAX_BYTES)
		return 0;
	/* Plain bytes go straight into the buffer, and a socket drops the part of a piece that has no room. */
	struct outcome b = outcome_of(source_pieces(data, size), a.container != CONTAINER_PLAIN ? 997 : SOURCE_PIECES_MAX_BYTES, false);
	check(b.whole && same(&a, &b), "reads and damage do not depend on how much is read at once");
	return 0;
}
