#include "read/zstdframe.h"

#include <time.h>

#include "unpacked.h"

/* Frames made by hand, as RFC 8878 section 3.1.1 has them: shares nothing with libzstd. */

static void append_little(struct text *t, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		text_append_byte(t, (char)(value >> 8 * i));
}

enum { FRAME_BLOCK = 100000 }; /* at most 128 KiB */

/* Raw blocks, one segment, the content's size in four bytes, no checksum. */
static void append_frame(struct text *t, struct span s)
{
	text_append(t, SPAN("\x28\xB5\x2F\xFD\xA0"));
	append_little(t, s.len, 4);
	for (bool last = false; !last; s = span_from(s, s.len < FRAME_BLOCK ? s.len : FRAME_BLOCK)) {
		last = s.len <= FRAME_BLOCK;
		append_little(t, (last ? s.len : FRAME_BLOCK) << 3 | last, 3);
		text_append(t, span_head(s, FRAME_BLOCK));
	}
}

static void append_skippable(struct text *t, size_t n)
{
	text_append(t, SPAN("\x5A\x2A\x4D\x18"));
	append_little(t, n, 4);
	for (size_t i = 0; i < n; i++)
		text_append_byte(t, 'x');
}

static bool is_text(const struct got *g, const struct text *t)
{
	return g->container == CONTAINER_ZSTD && span_equal(text_span(&g->text), text_span(t));
}

static void test_frames(void)
{
	struct text log = {0}, t = {0}, twice = {0};
	append_log(&log, 5, 5000);
	append_frame(&t, text_span(&log));
	struct got g = check(t, "a frame's pieces do not show");
	FACT(is_text(&g, &log) && g.members == 1 && g.damage.kind == DAMAGE_NONE, "one frame is undamaged zstd");
	got_release(&g);
	append_skippable(&t, 300000);
	append_frame(&t, SPAN(""));
	append_frame(&t, text_span(&log));
	text_append(&t, (struct span){"\0\0\0\0\0", 5});
	text_append(&twice, text_span(&log)), text_append(&twice, text_span(&log));
	g = check(t, "several frames' pieces do not show");
	FACT(is_text(&g, &twice) && g.members == 4 && g.damage.kind == DAMAGE_NONE,
	     "frames follow one another, skippable and empty ones among them, then NULs");
	got_release(&g);
	text_clear(&t);
	append_skippable(&t, 7);
	append_frame(&t, text_span(&log));
	g = check(t, "a skippable frame may come first");
	FACT(is_text(&g, &log), "a skippable frame may come first");
	got_release(&g);
	text_clear(&t);
	text_append(&t, SPAN("(no frame)\n"));
	g = check(t, "a parenthesis");
	FACT(g.container == CONTAINER_PLAIN && g.bytes == 11, "text that begins with the magic's first byte is plain");
	got_release(&g);
	text_release(&t), text_release(&log), text_release(&twice);
}

static void test_frames_damaged(void)
{
	struct text log = {0}, t = {0};
	append_log(&log, 6, 5000);
	append_frame(&t, text_span(&log));
	size_t whole = t.len;
	t.len = whole - 50;
	struct got g = check(t, "a frame cut short");
	FACT(g.damage.kind == DAMAGE_TRUNCATED && !g.members && g.bytes == log.len - 50 &&
		     g.damage.compressed_offset == (int64_t)t.len,
	     "a frame that ends early gives what is there");
	got_release(&g);
	append_frame(&t, SPAN("good\n"));
	g = check(t, "a frame behind one cut short");
	FACT(g.damage.kind == DAMAGE_CORRUPT && g.members == 1 && span_ends(text_span(&g.text), SPAN("good\n")),
	     "the frame behind it is found, though the one before it took its first bytes for its own");
	got_release(&g);
	text_clear(&t);
	append_frame(&t, text_span(&log));
	t.at[9 + 3 + FRAME_BLOCK] |= 6; /* the second block is of the reserved type */
	append_frame(&t, text_span(&log));
	g = check(t, "a damaged block");
	FACT(g.damage.kind == DAMAGE_CORRUPT && g.damage.uncompressed_offset == FRAME_BLOCK && g.bytes == FRAME_BLOCK + log.len,
	     "what stands before the damage is given, and the next frame");
	got_release(&g);
	text_clear(&t);
	append_frame(&t, SPAN("first\n"));
	text_append(&t, SPAN("appended text\n"));
	g = check(t, "text behind a frame");
	FACT(g.damage.kind == DAMAGE_TRAILING && g.bytes == 6, "text behind the last frame is told");
	got_release(&g);
	text_clear(&t);
	text_append(&t, SPAN("\x28\xB5\x2F\xFD"));
	append_little(&t, 0x9000, 2); /* no single segment; a window of 2^28 bytes */
	append_little(&t, 3 << 3 | 1, 3);
	text_append(&t, SPAN("abc"));
	append_frame(&t, SPAN("good\n"));
	g = check(t, "a wide window");
	FACT(g.damage.kind == DAMAGE_WIDE && g.bytes == 5 && g.members == 1,
	     "a window of more than 128 MiB is refused by name; the frame behind it is read");
	got_release(&g);
	text_clear(&t);
	for (unsigned i = 0; i < 200000; i++)
		text_append(&t, SPAN("\x28\xB5\x2F\xFD"));
	clock_t start = clock();
	g = read_all(t, 0, 1 << 20);
	FACT(g.damage.kind != DAMAGE_NONE && !g.members, "magic bytes alone are damage");
	FACT((clock() - start) / CLOCKS_PER_SEC < 10, "false beginnings cost a bounded time");
	got_release(&g);
	text_clear(&t);
	/* 200 blocks of 128 KiB of one byte each: RLE, section 3.1.1.2.2. */
	text_append(&t, SPAN("\x28\xB5\x2F\xFD"));
	append_little(&t, (17 - 10) << 11, 2); /* a window of 2^17 bytes */
	for (unsigned i = 0; i < 200; i++) {
		append_little(&t, (128 << 10) << 3 | 1 << 1 | (i == 199), 3);
		text_append_byte(&t, '\n');
	}
	g = read_all(t, 0, 1 << 20);
	FACT(g.bytes == UINT64_C(200) << 17 && g.damage.kind == DAMAGE_NONE, "an expansion of 30,000 is given piece by piece");
	got_release(&g);
	text_release(&t), text_release(&log);
}

/* Compressed, and not read: no bytes, so that nobody takes them for text. */
static void test_packed(void)
{
	static const struct {
		struct span head;
		const char *says;
	} cases[] = {
		{{"\xFD""7zXZ\0\0\4", 8}, "xz -dc"},
		{{"BZh91AY&SY..", 12}, "bzip2 -dc"},
		{{"BZh9\x17\x72\x45\x38\x50\x90", 10}, "bzip2 -dc"},
		{{"\x04\x22\x4D\x18\x64\x40", 6}, "lz4 -dc"},
		{{"\x1F\x9D\x90", 3}, "gzip -dc"},
		{{"PK\x03\x04\x14\0", 6}, "unzip -p"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct diag d = {0};
		FACT(!packed_is_read(cases[i].head, "a.log", &d) && strstr(d.what, "\"a.log\"") && strstr(d.hint, cases[i].says),
		     "a message names the file and the way out");
		struct text t = {0};
		text_append(&t, cases[i].head);
		struct got g = read_all(t, 0, 1 << 20);
		FACT(g.container == CONTAINER_OTHER && !g.bytes, "and no byte of it is text");
		got_release(&g);
		text_release(&t);
	}
	struct diag d = {0};
	FACT(packed_is_read(SPAN("BZhello world"), "a", &d) && packed_is_read(SPAN("PKI expired"), "a", &d) &&
		     packed_is_read(SPAN_NONE, "a", &d) && packed_is_read(SPAN("\x1F\x8B\x08"), "a", &d) && !d.set,
	     "text, nothing and gzip are read");
	FACT(packed_is_read(SPAN("\x28\xB5\x2F\xFD"), "a", &d) == zstdframe_built() &&
		     (zstdframe_built() || strstr(d.hint, "libzstd-dev")),
	     "zstd is, where it was built in; else the message says how to");
}

int main(void)
{
	test_packed();
	if (zstdframe_built()) {
		test_frames();
		test_frames_damaged();
	} else {
		puts("skipped: zstd: built without libzstd");
	}
	return unit_done();
}
