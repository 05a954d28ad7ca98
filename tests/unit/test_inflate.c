#include "read/inflate.h"

#include <fcntl.h>
#include <time.h>
#include <zlib.h>

#include "base/memory.h"
#include "unpacked.h"

/* One gzip member of `s` at the end of `t`, made by zlib's deflate. */
static void append_member(struct text *t, struct span s, int level, gz_header *header)
{
	z_stream d = {0};
	if (deflateInit2(&d, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		feed_fail("deflateInit2");
	if (header)
		deflateSetHeader(&d, header);
	size_t cap = deflateBound(&d, (uLong)s.len) + 70000;
	unsigned char *out = memory_new(cap, 1);
	d.next_in = (z_const Bytef *)(s.at ? s.at : "");
	d.avail_in = (uInt)s.len;
	d.next_out = out;
	d.avail_out = (uInt)cap;
	if (deflate(&d, Z_FINISH) != Z_STREAM_END)
		feed_fail("deflate");
	text_append(t, (struct span){(char *)out, cap - d.avail_out});
	deflateEnd(&d);
	memory_free(out);
}

static void test_plain(void)
{
	struct text t = {0};
	struct got g = check(t, "an empty file has no bytes");
	FACT(g.container == CONTAINER_PLAIN && !g.bytes && !g.crc && g.damage.kind == DAMAGE_NONE, "an empty file is plain and undamaged");
	got_release(&g);
	text_append_string(&t, "123456789");
	g = check(t, "a short plain file");
	FACT(g.crc == 0xCBF43926u, "the CRC-32 of 123456789 is the published check value");
	FACT(g.container == CONTAINER_PLAIN && g.members == 0 && g.damage.kind == DAMAGE_NONE, "a file without the magic bytes is plain");
	got_release(&g);
	text_clear(&t);
	text_append(&t, SPAN("\x1F"));
	g = check(t, "a file of one byte 1f");
	FACT(g.container == CONTAINER_PLAIN && g.bytes == 1, "half of the magic is plain");
	got_release(&g);
	text_clear(&t);
	text_append(&t, SPAN("\x1FJ\0\xFF plain\n"));
	g = check(t, "a plain file that begins with 1f");
	FACT(g.container == CONTAINER_PLAIN && span_equal(text_span(&g.text), text_span(&t)), "NUL and non-UTF-8 bytes of a plain file pass through");
	got_release(&g);
	text_clear(&t);
	append_log(&t, 9, 20000);
	g = check(t, "a plain file of more than a megabyte");
	FACT(span_equal(text_span(&g.text), text_span(&t)), "a large plain file is given whole");
	got_release(&g);
	text_release(&t);
	FACT(inflate_crc_of(inflate_crc_of(0, "1234", 4), "56789", 5) == 0xCBF43926u, "CRCs of blocks run on");
}

static void test_members(void)
{
	struct text a = {0}, b = {0}, gz = {0}, want = {0};
	append_log(&a, 1, 5000);
	append_log(&b, 2, 3000);
	append_member(&gz, text_span(&a), 6, NULL);
	struct got g = check(gz, "one member");
	FACT(g.container == CONTAINER_GZIP && g.members == 1 && g.damage.kind == DAMAGE_NONE, "one member is undamaged gzip");
	FACT(span_equal(text_span(&g.text), text_span(&a)), "one member gives its text");
	got_release(&g);
	append_member(&gz, SPAN_NONE, 6, NULL);
	append_member(&gz, text_span(&b), 1, NULL);
	append_member(&gz, SPAN_NONE, 9, NULL);
	append_member(&gz, text_span(&a), 0, NULL);
	append_member(&gz, SPAN_NONE, 6, NULL);
	text_append(&want, text_span(&a));
	text_append(&want, text_span(&b));
	text_append(&want, text_span(&a));
	g = check(gz, "six members, three of them empty");
	FACT(g.members == 6 && g.damage.kind == DAMAGE_NONE, "all members are read, empty ones too");
	FACT(span_equal(text_span(&g.text), text_span(&want)), "the texts of members follow each other");
	got_release(&g);
	text_clear(&gz);
	append_member(&gz, SPAN_NONE, 6, NULL);
	g = check(gz, "one empty member");
	FACT(g.container == CONTAINER_GZIP && g.members == 1 && !g.bytes && g.damage.kind == DAMAGE_NONE, "an empty member is an empty log");
	got_release(&g);
	text_clear(&gz);
	for (int i = 0; i < 500; i++)
		append_member(&gz, span_head(span_from(text_span(&a), (size_t)i * 100), 100), 6, NULL);
	g = check(gz, "five hundred small members");
	FACT(g.members == 500 && span_equal(text_span(&g.text), span_head(text_span(&a), 50000)), "small members are all read");
	got_release(&g);
	text_release(&a), text_release(&b), text_release(&gz), text_release(&want);
}

static void test_header_fields(void)
{
	struct text gz = {0};
	Bytef *extra = memory_new(65535, 1);
	memset(extra, 0x1F, 65535);
	gz_header all = {.text = 1, .time = 1, .extra = extra, .extra_len = 65535, .name = (Bytef *)"access.log",
			 .comment = (Bytef *)"\x1F\x8B\x08 no member", .hcrc = 1};
	append_member(&gz, SPAN("one\n"), 6, &all);
	gz_header name = {.name = (Bytef *)"x"};
	append_member(&gz, SPAN("two\n"), 6, &name);
	struct got g = check(gz, "FEXTRA, FNAME, FCOMMENT, FHCRC");
	FACT(g.members == 2 && g.damage.kind == DAMAGE_NONE && span_equal(text_span(&g.text), SPAN("one\ntwo\n")),
	     "extra field, name, comment and header CRC are skipped");
	got_release(&g);
	memory_free(extra);
	text_release(&gz);
}

static void test_truncated(void)
{
	struct text a = {0}, gz = {0}, cut = {0};
	append_log(&a, 3, 40);
	append_member(&gz, text_span(&a), 6, NULL);
	bool prefix = true, kind = true, place = true;
	for (size_t len = 2; len < gz.len; len++) {
		text_clear(&cut);
		text_append(&cut, span_head(text_span(&gz), len));
		struct got g = read_all(cut, 0, 1 << 16);
		prefix &= span_starts(text_span(&a), text_span(&g.text));
		kind &= g.container == CONTAINER_GZIP && g.members == 0 && g.damage.kind == DAMAGE_TRUNCATED && !g.damage.more;
		place &= g.damage.compressed_offset == (int64_t)len && g.damage.uncompressed_offset == (int64_t)g.bytes;
		if (len > gz.len - 8)
			prefix &= g.bytes == a.len; /* only the trailer is missing */
		got_release(&g);
	}
	FACT(prefix, "a truncated member gives a prefix of its text, all of it when only the trailer is cut");
	FACT(kind, "a member cut anywhere is truncated, from two bytes on");
	FACT(place, "truncation is told with the file's length and the bytes given");
	/* Stored blocks: what a cut leaves is known to the byte: header 10, block header 5, then the text itself. */
	text_clear(&gz);
	append_member(&gz, text_span(&a), 0, NULL);
	text_clear(&cut);
	text_append(&cut, span_head(text_span(&gz), 10 + 5 + 1234));
	struct got g = check(cut, "a stored member, cut");
	FACT(g.bytes == 1234 && g.damage.kind == DAMAGE_TRUNCATED, "every byte before the break is given");
	got_release(&g);
	/* Level 6: zlib's own command-line sibling would give as much; here the bound is one block's pending symbols. */
	text_clear(&a), text_clear(&gz), text_clear(&cut);
	append_log(&a, 4, 20000);
	append_member(&gz, text_span(&a), 6, NULL);
	text_append(&cut, span_head(text_span(&gz), gz.len / 2));
	g = check(cut, "a large member cut in half");
	FACT(g.bytes > a.len * 4 / 10 && span_starts(text_span(&a), text_span(&g.text)), "half a member gives about half its text");
	got_release(&g);
	/* After a whole member. */
	text_clear(&cut);
	append_member(&cut, SPAN("whole\n"), 6, NULL);
	size_t border = cut.len;
	text_append(&cut, span_head(text_span(&gz), 2));
	g = check(cut, "two bytes of a second member");
	FACT(g.members == 1 && g.damage.kind == DAMAGE_TRUNCATED && g.damage.compressed_offset == (int64_t)border + 2 &&
		     g.damage.uncompressed_offset == 6,
	     "a second member of two bytes is a truncated one");
	got_release(&g);
	text_release(&a), text_release(&gz), text_release(&cut);
}

static void test_corrupt(void)
{
	struct text a = {0}, b = {0}, c = {0}, gz = {0};
	append_log(&a, 5, 3000);
	append_log(&b, 6, 3000);
	append_log(&c, 7, 3000);
	append_member(&gz, text_span(&a), 6, NULL);
	size_t b_at = gz.len;
	append_member(&gz, text_span(&b), 6, NULL);
	size_t c_at = gz.len;
	append_member(&gz, text_span(&c), 6, NULL);
	memset(gz.at + (b_at + c_at) / 2, 0xFF, 64);
	struct got g = check(gz, "a damaged member between two good ones");
	FACT(g.damage.kind == DAMAGE_CORRUPT && !g.damage.more && g.members == 2, "damage in the middle is told once");
	FACT(g.damage.compressed_offset > (int64_t)((b_at + c_at) / 2) && g.damage.compressed_offset < (int64_t)c_at,
	     "damage is placed where it was seen");
	FACT(span_starts(text_span(&g.text), text_span(&a)), "what came before the damaged member is given");
	FACT(span_ends(text_span(&g.text), text_span(&c)), "reading goes on in the next member");
	FACT(g.damage.uncompressed_offset == (int64_t)(g.text.len - c.len), "the next member begins where the damage is told");
	FACT(g.damage.uncompressed_offset > (int64_t)(a.len + b.len / 3), "what was good of the damaged member is given");
	got_release(&g);
	/* The member before it was cut, as by a full disk, and logrotate appended the next day. */
	text_clear(&gz);
	append_member(&gz, text_span(&a), 6, NULL);
	gz.len -= 3000;
	append_member(&gz, text_span(&c), 6, NULL);
	append_member(&gz, text_span(&b), 6, NULL);
	g = check(gz, "a member behind a truncated one");
	text_append(&c, text_span(&b));
	FACT(g.damage.kind == DAMAGE_CORRUPT && g.members == 2 && span_ends(text_span(&g.text), text_span(&c)),
	     "members behind a truncated member are given whole");
	got_release(&g);
	/* The header itself. */
	text_clear(&gz);
	append_member(&gz, SPAN("lost\n"), 6, NULL);
	gz.at[2] = 7;
	append_member(&gz, SPAN("kept\n"), 6, NULL);
	g = check(gz, "an unknown compression method");
	FACT(g.container == CONTAINER_GZIP && g.damage.kind == DAMAGE_CORRUPT && span_equal(text_span(&g.text), SPAN("kept\n")),
	     "a first member of an unknown method is damage");
	got_release(&g);
	text_clear(&gz);
	append_member(&gz, SPAN("kept\n"), 6, NULL);
	size_t bad = gz.len;
	append_member(&gz, SPAN("lost\n"), 6, NULL);
	gz.at[bad] = 0x1E;
	append_member(&gz, SPAN("kept too\n"), 6, NULL);
	g = check(gz, "a damaged magic");
	FACT(g.damage.kind == DAMAGE_CORRUPT && g.damage.compressed_offset == (int64_t)bad && g.damage.uncompressed_offset == 5 &&
		     span_equal(text_span(&g.text), SPAN("kept\nkept too\n")),
	     "rubbish between members is damage, and the member behind it is found");
	got_release(&g);
	text_release(&a), text_release(&b), text_release(&c), text_release(&gz);
}

static void test_trailer(void)
{
	struct text gz = {0};
	append_member(&gz, SPAN("one\n"), 6, NULL);
	size_t end = gz.len;
	append_member(&gz, SPAN("two\n"), 6, NULL);
	gz.at[end - 8] ^= 1;
	struct got g = check(gz, "a wrong CRC");
	FACT(g.damage.kind == DAMAGE_CORRUPT && g.damage.compressed_offset == (int64_t)end && g.damage.uncompressed_offset == 4 &&
		     !g.damage.more && g.members == 1,
	     "a wrong CRC is damage at the member's end");
	FACT(span_equal(text_span(&g.text), SPAN("one\ntwo\n")), "the bytes of a member with a wrong CRC are given");
	got_release(&g);
	gz.at[end - 8] ^= 1;
	gz.at[end - 1] ^= 1;
	g = check(gz, "a wrong length");
	FACT(g.damage.kind == DAMAGE_CORRUPT && g.damage.compressed_offset == (int64_t)end && g.damage.uncompressed_offset == 4 &&
		     !g.damage.more && span_equal(text_span(&g.text), SPAN("one\ntwo\n")),
	     "a wrong length is damage at the member's end");
	got_release(&g);
	gz.at[gz.len - 8] ^= 1;
	g = check(gz, "two members with wrong trailers");
	FACT(g.damage.more == 1 && g.bytes == 8, "further damages are counted");
	got_release(&g);
	/* Enough rubbish to push the place of the damage out of every buffer while the next member is looked for. */
	gz.len = end;
	for (int i = 0; i < 600000; i++)
		text_append_byte(&gz, 'x');
	append_member(&gz, SPAN("three\n"), 6, NULL);
	g = check(gz, "a wrong length, then much rubbish");
	FACT(g.damage.compressed_offset == (int64_t)end && g.damage.more == 1 && span_equal(text_span(&g.text), SPAN("one\nthree\n")),
	     "a member far behind the damage is found");
	got_release(&g);
	text_release(&gz);
}

static void test_trailing(void)
{
	struct text gz = {0};
	append_member(&gz, SPAN("one\n"), 6, NULL);
	size_t end = gz.len;
	for (int i = 0; i < 300000; i++)
		text_append_byte(&gz, 0);
	struct got g = check(gz, "trailing NULs");
	FACT(g.damage.kind == DAMAGE_NONE && g.bytes == 4, "trailing NULs are fine");
	got_release(&g);
	append_member(&gz, SPAN("two\n"), 6, NULL);
	g = check(gz, "a member behind NULs");
	FACT(g.damage.kind == DAMAGE_NONE && g.bytes == 8 && g.members == 2, "a member behind NULs is read");
	got_release(&g);
	gz.len = end;
	text_append_string(&gz, "2026-11-22 plain text behind it\n");
	g = check(gz, "plain text behind a member");
	FACT(g.damage.kind == DAMAGE_TRAILING && g.damage.compressed_offset == (int64_t)end && g.damage.uncompressed_offset == 4 &&
		     g.bytes == 4 && !g.damage.more,
	     "plain text behind a member is trailing rubbish");
	got_release(&g);
	gz.len = end;
	text_append(&gz, SPAN("\0\0\x1F"));
	g = check(gz, "a lone 1f at the end");
	FACT(g.damage.kind == DAMAGE_TRAILING && g.damage.compressed_offset == (int64_t)end + 2, "NULs do not count as rubbish");
	got_release(&g);
	text_release(&gz);
}

static void test_short(void)
{
	static const char header[] = "\x1F\x8B\x08\0\0\0\0\0\0\x03";
	for (size_t len = 2; len < 10; len++) {
		struct text t = {0};
		text_append(&t, (struct span){header, len});
		struct got g = check(t, "a file of 2 to 9 bytes that begins with the magic");
		FACT(g.container == CONTAINER_GZIP && !g.bytes && g.damage.kind == DAMAGE_TRUNCATED && g.damage.compressed_offset == (int64_t)len,
		     "the beginning of a header is a truncated gzip");
		got_release(&g);
		text_release(&t);
	}
}

static void test_read_error(void)
{
	struct input in = {.fd = open("/", O_RDONLY), .path = "/", .size = -1};
	struct inflate *z = inflate_new(&in);
	char buffer[16];
	FACT(inflate_read(z, buffer, sizeof buffer) == 0 && inflate_damage(z)->kind == DAMAGE_READ && in.failed.set,
	     "an error of the operating system is damage of its own kind");
	FACT(inflate_read(z, buffer, sizeof buffer) == 0 && !inflate_damage(z)->more, "after the end nothing more is given");
	inflate_free(z);
	input_close(&in);
	inflate_free(NULL);
}

/* Files that make a searcher work: thousands of beginnings that each inflate for a while, and bombs. */
static void test_hostile(void)
{
	struct text t = {0}, zeros = {0};
	append_member(&t, SPAN("one\n"), 6, NULL);
	text_append_string(&t, "rubbish");
	for (int i = 0; i < 200000; i++)
		text_append(&t, SPAN("\x1F\x8B\x08\x08")); /* a name that never ends */
	clock_t start = clock();
	struct got g = read_all(t, 0, 1 << 20);
	FACT(g.bytes == 4 && g.damage.kind == DAMAGE_TRAILING, "false beginnings are not members");
	FACT((clock() - start) / CLOCKS_PER_SEC < 10, "false beginnings cost a bounded time");
	got_release(&g);
	text_clear(&t);
	for (int i = 0; i < 4000; i++)
		text_append(&t, SPAN("\x1F\x8B\x08\0\0\0\0\0\0\x03\0\xFF\0\0\xFF")); /* each stores 255 bytes, and the next beginning */
	start = clock();
	g = read_all(t, 0, 1 << 20);
	FACT(g.damage.kind == DAMAGE_CORRUPT || g.damage.kind == DAMAGE_TRUNCATED, "nested beginnings are damage");
	FACT((clock() - start) / CLOCKS_PER_SEC < 10, "nested beginnings cost a bounded time");
	got_release(&g);
	text_clear(&t);
	zeros.at = memory_new(zeros.cap = 64 << 20, 1);
	zeros.len = 64 << 20;
	append_member(&t, text_span(&zeros), 9, NULL);
	g = read_all(t, 0, 1 << 20);
	FACT(g.bytes == 64u << 20 && g.damage.kind == DAMAGE_NONE, "a thousandfold expansion is given piece by piece");
	got_release(&g);
	text_release(&t), text_release(&zeros);
}

int main(void)
{
	test_plain();
	test_members();
	test_header_fields();
	test_truncated();
	test_corrupt();
	test_trailer();
	test_trailing();
	test_short();
	test_read_error();
	test_hostile();
	return unit_done();
}
