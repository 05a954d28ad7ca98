/* deflate: what it gives and refuses is what zlib's inflate gives and refuses: of streams that zlib wrote in all its ways, of the same
 * cut and changed, and of random bytes, read in pieces of any size. */
#include "read/deflate.h"

#include <stdbool.h>
#include <string.h>
#include <zlib.h>

#include "base/memory.h"
#include "random.h"
#include "unit.h"

enum { TEXT = 400000, ROOM = TEXT + 70000, SLACK = 64, GIVEN = 2 * TEXT };

struct answer {
	size_t given, at;
	enum deflate_result result;
};

static unsigned below(unsigned n)
{
	return (unsigned)(random_next() % n);
}

static struct answer by_zlib(const unsigned char *in, size_t n, unsigned char *out)
{
	z_stream z = {.next_in = (z_const Bytef *)in, .avail_in = (uInt)n, .next_out = out, .avail_out = GIVEN};
	if (inflateInit2(&z, -15) != Z_OK)
		return (struct answer){0};
	int status = inflate(&z, Z_NO_FLUSH);
	struct answer a = {GIVEN - z.avail_out, n - z.avail_in, DEFLATE_WANTS};
	if (status == Z_STREAM_END)
		a.result = DEFLATE_END;
	else if (status == Z_DATA_ERROR)
		a.result = DEFLATE_BROKEN;
	else if (!z.avail_out)
		a.result = DEFLATE_GOES_ON;
	inflateEnd(&z);
	return a;
}

/* In pieces of at most `piece` bytes, to buffers of at most `cap`; each piece is alone in its memory, so that a sanitizer sees a read
 * behind it. */
static struct answer by_us(struct deflate *d, const unsigned char *in, size_t n, unsigned char *out, size_t piece, size_t cap)
{
	struct answer a = {0, 0, DEFLATE_WANTS};
	size_t end = 0;
	deflate_begin(d);
	while (a.given < GIVEN) {
		size_t given, room = GIVEN - a.given < cap ? GIVEN - a.given : cap, at = 0;
		unsigned char *copy = memory_new(end - a.at + 1, 1);
		memcpy(copy, in + a.at, end - a.at);
		a.result = deflate_read(d, copy, end - a.at, &at, out + a.given, room, &given);
		memory_free(copy);
		a.at += at;
		a.given += given;
		if (a.result == DEFLATE_END || a.result == DEFLATE_BROKEN || (a.result == DEFLATE_WANTS && end == n))
			break;
		if (a.result == DEFLATE_WANTS)
			end = n - end < piece ? n : end + piece;
	}
	return a;
}

/* Half words that come again, half bytes that do not. */
static void make_text(unsigned char *text, size_t n)
{
	static const char words[] = "GET /api/orders?page= HTTP/1.1 200 2026-11-22 11:15:12 connection received: host= aaaaaaaaaaaaaaaaaaaaaaaaaa ";
	for (size_t i = 0; i < n;) {
		size_t len = 1 + below(40), from = below(sizeof words - 41);
		bool word = below(3) > 0;
		for (size_t k = 0; k < len && i < n; k++)
			text[i++] = word ? (unsigned char)words[from + k] : (unsigned char)random_next();
	}
}

static size_t pack(const unsigned char *text, size_t n, unsigned char *packed, int level, int strategy, int memory)
{
	z_stream z = {.next_in = (z_const Bytef *)text, .avail_in = (uInt)n, .next_out = packed, .avail_out = ROOM};
	if (deflateInit2(&z, level, Z_DEFLATED, -15, memory, strategy) != Z_OK || deflate(&z, Z_FINISH) != Z_STREAM_END)
		return 0;
	deflateEnd(&z);
	return ROOM - z.avail_out;
}

struct bench {
	struct deflate *d;
	unsigned char *text, *packed, *expected, *got;
	unsigned compared, ended, broken;
};

static bool agrees(struct bench *b, size_t n, size_t piece, size_t cap)
{
	struct answer want = by_zlib(b->packed, n, b->expected), is = by_us(b->d, b->packed, n, b->got, piece, cap);
	b->compared++;
	b->ended += want.result == DEFLATE_END;
	b->broken += want.result == DEFLATE_BROKEN;
	/* More than GIVEN: only what was given is compared. Where a stream is cut, zlib has taken its last bytes in. */
	return want.given == is.given && !memcmp(b->expected, b->got, want.given) &&
	       (want.given == GIVEN || (want.result == is.result && (want.result == DEFLATE_WANTS || want.at == is.at)));
}

static void test_whole(struct bench *b)
{
	static const int strategies[] = {Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED, Z_FILTERED};
	bool same = true;
	for (int level = 0; level <= 9; level++) {
		for (size_t i = 0; i < sizeof strategies / sizeof *strategies; i++) {
			size_t n = below(4) ? below(TEXT) : below(20);
			make_text(b->text, n);
			size_t len = pack(b->text, n, b->packed, level, strategies[i], 1 + (int)below(9));
			same &= agrees(b, len, i % 2 ? 1 + below(3000) : ROOM, 1 + below(300000));
			same &= b->ended == b->compared && !memcmp(b->got, b->text, n);
		}
	}
	FACT(same, "what zlib packs, at any level, by any strategy");
}

static void test_changed(struct bench *b)
{
	bool cut = true, changed = true;
	for (int i = 0; i < 1500; i++) {
		size_t n = below(6) ? below(3000) : below(60000);
		make_text(b->text, n);
		size_t len = pack(b->text, n, b->packed, (int)below(10), below(3) ? Z_DEFAULT_STRATEGY : Z_FIXED, 8);
		cut &= agrees(b, below((unsigned)len + 1), 1 + below(700), 1 + below(4000));
		for (unsigned k = 1 + below(3); k; k--)
			b->packed[below((unsigned)(below(2) ? len : len < 100 ? len : 100))] ^= (unsigned char)(1u << below(8));
		changed &= agrees(b, len, 1 + below(5000), 1 + below(90000));
	}
	FACT(cut, "streams that are cut");
	FACT(changed, "streams of which some bits are changed");
	FACT(b->broken > 200, "zlib refuses many of those");
}

static void test_random(struct bench *b)
{
	bool same = true;
	for (int i = 0; i < 20000; i++) {
		size_t n = below(300);
		for (size_t k = 0; k < n; k++)
			b->packed[k] = (unsigned char)random_next();
		if (n) /* most random heads are refused at once: these are of a coded block */
			b->packed[0] = (unsigned char)(b->packed[0] & ~6u) | (below(2) ? 2 : 4);
		same &= agrees(b, n, 1 + below(300), 1 + below(900));
	}
	FACT(same, "random bytes");
}

int main(void)
{
	struct bench b = {.d = deflate_new()};
	b.text = memory_new(TEXT, 1);
	b.packed = memory_new(ROOM + SLACK, 1);
	b.expected = memory_new(GIVEN, 1);
	b.got = memory_new(GIVEN, 1);
	test_whole(&b);
	test_changed(&b);
	test_random(&b);
	memory_free(b.text);
	memory_free(b.packed);
	memory_free(b.expected);
	memory_free(b.got);
	deflate_free(b.d);
	return unit_done();
}
