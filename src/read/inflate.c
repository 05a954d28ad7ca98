#include "read/inflate.h"

#include <assert.h>
#include <string.h>
#include <zlib.h>

#include "base/memory.h"
#include "read/crc.h"
#include "read/igzip.h"
#include "read/window.h"
#include "read/zstdframe.h"

enum {
	LOOK_BACK = 64 << 10,    /* zlib notices damage late: the next member may begin before the place where it noticed */
	ZSTD_LOOK_BACK = 192 << 10, /* libzstd reads a whole block before it looks into it: 128 KiB (RFC 8878 section 3.1.1.2.4) and more */
	TRIAL_INPUT = WINDOW_AHEAD_BYTES, /* compressed bytes that a candidate may take: 32 KiB stored, a full extra field, long names */
	TRIAL_OUTPUT = 32 << 10, /* what a candidate must inflate to be believed, unless it ends before, its CRC right */
	WBITS_GZIP = 15 + 16, /* zlib: the largest window, gzip wrapper only */
	HEADER_TELLS = 4,     /* gzip: magic, method and flags tell a member from rubbish; zstd: the magic */
	GZIP_FIRST = 0x1F,
	TRAILER_BYTES = 8,
};

/* Work on damage (trials, bytes inflated a second time) may be this much per file and per compressed byte: a file made of
 * false beginnings then costs a constant factor, not its square. One trial costs at least TRIAL_COST (building tables). */
static const int64_t CREDIT = INT64_C(64) << 20, CREDIT_PER_BYTE = 32, TRIAL_COST = 4096;

/* IN_HEADER, IN_STREAM and IN_TRAILER are of members that ISA-L reads, IN_MEMBER of all others. */
enum place { AT_START, IN_PLAIN, BETWEEN, IN_HEADER, IN_STREAM, IN_TRAILER, IN_MEMBER, AT_END };

/* A member is one of gzip's, or a frame of zstd's. */
struct inflate {
	enum place place;
	enum container container;
	z_stream stream, trial;
	bool trial_ready;
	struct igzip *fast;       /* NULL: zlib reads all */
	struct zstdframe *frame, *frame_trial; /* NULL until the first one */
	struct window w;
	int64_t member_at;   /* file offset of the member being read */
	uint64_t member_bytes;
	uint32_t member_crc; /* of what ISA-L gave */
	uint64_t again;      /* bytes of the member that were given before zlib began to read it again: not given twice */
	uint64_t bytes, members;
	uint32_t crc;
	gz_header first;     /* what its header says */
	int64_t spent; /* of the credit */
	bool fast_asked, doubt; /* inflate_new_fast(), inflate_doubts() */
	bool confined;       /* inflate_confine(): */
	uint64_t over, left; /* bytes that are still to be read over, and given */
	uint64_t given;
	uint32_t given_crc;
	struct damage_report damage;
};

static voidpf allocate(voidpf opaque, uInt count, uInt size)
{
	(void)opaque;
	return memory_new(count, size);
}

static void give_back(voidpf opaque, voidpf memory)
{
	(void)opaque;
	memory_free(memory);
}

static void stream_init(z_stream *stream)
{
	*stream = (z_stream){.zalloc = allocate, .zfree = give_back};
	int status = inflateInit2(stream, WBITS_GZIP);
	assert(status == Z_OK); /* memory_new() never fails; else the header and the library are of different versions */
	(void)status;
}

struct inflate *inflate_new(struct input *in)
{
	struct inflate *z = memory_new(1, sizeof *z);
	window_init(&z->w, in);
	stream_init(&z->stream);
	return z;
}

struct inflate *inflate_new_fast(struct input *in)
{
	struct inflate *z = inflate_new(in);
	z->fast_asked = in->size >= 0;
	return z;
}

bool inflate_doubts(const struct inflate *z)
{
	return z->doubt;
}

int64_t inflate_mtime_s(const struct inflate *z)
{
	return z->first.done == 1 ? (int64_t)(uint32_t)z->first.time : 0;
}

void inflate_free(struct inflate *z)
{
	if (!z)
		return;
	inflateEnd(&z->stream);
	igzip_free(z->fast);
	if (z->trial_ready)
		inflateEnd(&z->trial);
	zstdframe_free(z->frame);
	zstdframe_free(z->frame_trial);
	window_release(&z->w);
	memory_free(z);
}

static void note(struct inflate *z, enum damage kind, int64_t at)
{
	if (z->damage.kind == DAMAGE_NONE)
		z->damage = (struct damage_report){kind, at, (int64_t)z->bytes, 0};
	else
		z->damage.more++;
}

/* The input ended for good; an error of the operating system is damage wherever it strikes. */
static void finish(struct inflate *z)
{
	z->place = AT_END;
	if (z->w.in->failed.set)
		note(z, DAMAGE_READ, z->w.base + (int64_t)z->w.end);
}

static bool starts_member(const struct inflate *z)
{
	static const unsigned char magic[] = {GZIP_FIRST, 0x8B, Z_DEFLATED};
	size_t n = window_left(&z->w);
	const unsigned char *p = z->w.bytes + z->w.at;
	if (z->container == CONTAINER_ZSTD)
		return n >= ZSTDFRAME_MAGIC_BYTES && zstdframe_starts(p, n);
	return n >= 2 && !memcmp(p, magic, n < sizeof magic ? n : sizeof magic) && (n < HEADER_TELLS || !(p[3] & 0xE0));
}

static void begin_member(struct inflate *z)
{
	z->place = z->fast ? IN_HEADER : IN_MEMBER;
	z->member_at = window_offset(&z->w);
	z->member_bytes = 0;
	z->member_crc = 0;
	z->again = 0;
	if (z->container == CONTAINER_ZSTD)
		zstdframe_begin(z->frame);
	else
		inflateReset(&z->stream);
	if (z->container == CONTAINER_GZIP && !z->bytes && !z->members && !z->first.done)
		inflateGetHeader(&z->stream, &z->first); /* zlib forgets it when the next member begins */
}

/* The member was summed already: combining the sums is cheaper than summing the bytes again. (zstd's sum is another one.) zlib has
 * the sum of what it read, and may have stopped before the place that ISA-L had reached. */
static void end_member(struct inflate *z)
{
	bool summed = z->place == IN_MEMBER && z->member_bytes > z->again;
	uint64_t n = z->member_bytes > z->again ? z->member_bytes : z->again;
	if (n && z->container == CONTAINER_GZIP)
		z->crc = (uint32_t)crc32_combine(z->crc, summed ? z->stream.adler : z->member_crc, (z_off_t)n);
	z->doubt = z->doubt || (z->place == IN_MEMBER && z->member_bytes < z->again);
	z->again = 0;
	z->member_bytes = 0;
	z->place = BETWEEN;
}

static bool affordable(const struct inflate *z, int64_t cost)
{
	return z->spent + cost <= CREDIT + CREDIT_PER_BYTE * window_offset(&z->w);
}

/* Compressed bytes of a candidate. */
static size_t trial_input(struct inflate *z)
{
	window_want(&z->w, TRIAL_INPUT);
	return window_left(&z->w) < TRIAL_INPUT ? window_left(&z->w) : TRIAL_INPUT;
}

static bool frame_inflates(struct inflate *z)
{
	unsigned char scratch[TRIAL_OUTPUT];
	if (!z->frame_trial)
		z->frame_trial = zstdframe_new();
	zstdframe_begin(z->frame_trial);
	size_t n = trial_input(z), at = 0, given = 0, sum = 0;
	enum zstdframe_result result = ZSTDFRAME_GOES_ON;
	while (result == ZSTDFRAME_GOES_ON && sum < sizeof scratch) {
		size_t before = at;
		result = zstdframe_read(z->frame_trial, z->w.bytes + z->w.at, n, &at, scratch + sum, sizeof scratch - sum, &given);
		sum += given;
		if (at == before && !given)
			break;
	}
	z->spent += TRIAL_COST + (int64_t)at + (int64_t)sum;
	return result == ZSTDFRAME_END || (result == ZSTDFRAME_GOES_ON && sum == sizeof scratch);
}

/* Does the candidate at hand inflate far enough to be believed? */
static bool inflates(struct inflate *z)
{
	unsigned char scratch[TRIAL_OUTPUT];
	if (z->container == CONTAINER_ZSTD)
		return frame_inflates(z);
	if (!z->trial_ready)
		stream_init(&z->trial);
	z->trial_ready = true;
	inflateReset(&z->trial);
	size_t n = trial_input(z);
	z->trial.next_in = z->w.bytes + z->w.at;
	z->trial.avail_in = (uInt)n;
	z->trial.next_out = scratch;
	z->trial.avail_out = sizeof scratch;
	int status = inflate(&z->trial, Z_NO_FLUSH);
	z->spent += TRIAL_COST + (int64_t)(n - z->trial.avail_in) + (int64_t)(sizeof scratch - z->trial.avail_out);
	return status == Z_STREAM_END || (status == Z_OK && !z->trial.avail_out);
}

/* Looks for the next member that begins in the file offsets [from, until), and begins it. */
static bool find_member(struct inflate *z, int64_t from, int64_t until)
{
	int first = z->container == CONTAINER_ZSTD ? ZSTDFRAME_FIRST : GZIP_FIRST;
	z->w.at = (size_t)(from - z->w.base);
	while (window_offset(&z->w) < until) {
		/* Never past `until`: the caller may want to go on there, and only LOOK_BACK bytes behind `at` are kept. */
		int64_t left = until - window_offset(&z->w);
		size_t n = (uint64_t)left < window_left(&z->w) ? (size_t)left : window_left(&z->w);
		const unsigned char *hit = n ? memchr(z->w.bytes + z->w.at, first, n) : NULL;
		z->w.at = hit ? (size_t)(hit - z->w.bytes) : z->w.at + n;
		if (window_offset(&z->w) == until)
			return false;
		window_want(&z->w, HEADER_TELLS);
		if (!window_left(&z->w))
			return false;
		/* The unpaid candidate is passed over: see CREDIT. Fewer than HEADER_TELLS bytes cannot be a whole member. */
		if (window_left(&z->w) >= HEADER_TELLS && starts_member(z) && affordable(z, TRIAL_COST) && inflates(z)) {
			begin_member(z);
			return true;
		}
		z->w.at++;
	}
	return false;
}

/* Where to look for the next member after damage: behind the beginning of the damaged one, for a member cut short swallows some
 * of the next; from here on when the credit for reading bytes twice is used up. */
static int64_t look_back(struct inflate *z)
{
	int64_t at = window_offset(&z->w), far = z->container == CONTAINER_ZSTD ? ZSTD_LOOK_BACK : LOOK_BACK;
	int64_t cost = (int64_t)(z->member_bytes < (uint64_t)CREDIT ? z->member_bytes : (uint64_t)CREDIT);
	if (!affordable(z, cost))
		return at;
	z->spent += cost;
	int64_t from = at - far > z->member_at ? at - far : z->member_at + 1;
	return from < at ? from : at;
}

/* The member at hand cannot be read on; the compressed bytes up to `at` were used. Reading goes on in the next good member. */
static void break_member(struct inflate *z, enum damage kind)
{
	if (z->w.in->failed.set) {
		end_member(z);
		finish(z);
		return;
	}
	int64_t at = window_offset(&z->w), from = look_back(z);
	end_member(z);
	bool found = find_member(z, from, INT64_MAX);
	note(z, found && kind == DAMAGE_TRUNCATED ? DAMAGE_CORRUPT : kind, at);
	if (!found)
		finish(z);
}

/* Messages of zlib that mean "the trailer does not agree"; all others are damage inside the member. */
static bool is_wrong_crc(const z_stream *stream)
{
	return stream->msg && !strcmp(stream->msg, "incorrect data check");
}

static bool is_wrong_length(const z_stream *stream)
{
	return stream->msg && !strcmp(stream->msg, "incorrect length check");
}

/* The bytes were given, and where the next member begins is known: unless this one was cut, and what was read as its end lies
 * inside the next one. */
static void distrust_member(struct inflate *z)
{
	if (is_wrong_crc(&z->stream)) {
		window_want(&z->w, 4); /* zlib stopped before the length */
		z->w.at += window_left(&z->w) < 4 ? window_left(&z->w) : 4;
	}
	int64_t at = window_offset(&z->w), from = look_back(z);
	note(z, DAMAGE_CORRUPT, at);
	end_member(z);
	if (!find_member(z, from, at))
		z->w.at = (size_t)(at - z->w.base);
}

/* ---- ISA-L ---- */

/* zlib reads the member, from its beginning: ISA-L stumbled, and what is damaged, and where, is zlib's word. Members that are longer
 * than what a window keeps are read from the file again: once each, so that all of it costs twice at most. */
static void read_again(struct inflate *z)
{
	if (!window_rewind(&z->w, z->member_at)) {
		break_member(z, DAMAGE_READ);
		return;
	}
	z->again = z->member_bytes;
	z->member_bytes = 0;
	z->place = IN_MEMBER;
	inflateReset(&z->stream);
}

/* RFC 1952 section 2.3: up to the first byte of the compressed data, where Z_BLOCK makes zlib stop. What is wrong before it is for the
 * other way of reading to say. */
static void read_header(struct inflate *z)
{
	unsigned char none;
	if (!window_left(&z->w))
		window_refill(&z->w);
	size_t before = window_left(&z->w);
	z->stream.next_in = z->w.bytes + z->w.at;
	z->stream.avail_in = (uInt)before;
	z->stream.next_out = &none;
	z->stream.avail_out = 1;
	int status = inflate(&z->stream, Z_BLOCK);
	z->w.at = z->w.end - z->stream.avail_in;
	if ((status != Z_OK && status != Z_BUF_ERROR) || (z->w.dry && !before)) {
		read_again(z);
	} else if (z->stream.data_type & 128) { /* zlib.h: at the beginning of a block */
		igzip_begin(z->fast);
		z->place = IN_STREAM;
	}
}

static size_t read_stream(struct inflate *z, unsigned char *out, size_t cap)
{
	if (!window_left(&z->w))
		window_refill(&z->w);
	size_t given, left = window_left(&z->w);
	ptrdiff_t used;
	enum igzip_result result = igzip_read(z->fast, z->w.bytes + z->w.at, left, &used, out, cap, &given);
	if (result == IGZIP_BROKEN) { /* what this call gave may be more than zlib would */
		read_again(z);
		return 0;
	}
	z->w.at = (size_t)((ptrdiff_t)z->w.at + used);
	z->bytes += given;
	z->member_bytes += given;
	z->member_crc = inflate_crc_of(z->member_crc, out, given);
	if (result == IGZIP_END)
		z->place = IN_TRAILER;
	else if (z->w.dry && !left && !given)
		read_again(z);
	return given;
}

static uint32_t number(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* CRC-32 and length, each little-endian (RFC 1952 section 2.3.1). */
static void read_trailer(struct inflate *z)
{
	window_want(&z->w, TRAILER_BYTES);
	const unsigned char *p = z->w.bytes + z->w.at;
	if (window_left(&z->w) < TRAILER_BYTES || number(p) != z->member_crc || number(p + 4) != (uint32_t)z->member_bytes) {
		read_again(z);
		return;
	}
	z->w.at += TRAILER_BYTES;
	z->members++;
	end_member(z);
}

/* ---- zlib ---- */

static size_t read_member(struct inflate *z, unsigned char *out, size_t cap)
{
	if (!window_left(&z->w))
		window_refill(&z->w);
	bool again = z->member_bytes < z->again;
	uint64_t most = again ? z->again - z->member_bytes : 1u << 30;
	size_t room = cap < most ? cap : (size_t)most, before = window_left(&z->w);
	z->stream.next_in = z->w.bytes + z->w.at;
	z->stream.avail_in = (uInt)before;
	z->stream.next_out = out;
	z->stream.avail_out = (uInt)room;
	int status = inflate(&z->stream, Z_NO_FLUSH);
	size_t n = room - z->stream.avail_out;
	z->w.at = z->w.end - z->stream.avail_in;
	z->bytes += again ? 0 : n;
	z->member_bytes += n;
	if (again && z->member_bytes == z->again && z->stream.adler != z->member_crc)
		z->doubt = true;
	if (status == Z_STREAM_END) {
		z->members++;
		end_member(z);
	} else if (status == Z_OK || status == Z_BUF_ERROR) {
		/* With nothing left to read zlib may still hold output: only a call that does nothing means an early end. */
		if (z->w.dry && !before && !n)
			break_member(z, DAMAGE_TRUNCATED);
	} else if (is_wrong_crc(&z->stream) || is_wrong_length(&z->stream)) {
		distrust_member(z);
	} else {
		break_member(z, DAMAGE_CORRUPT);
	}
	return again ? 0 : n;
}

static size_t read_frame(struct inflate *z, unsigned char *out, size_t cap)
{
	if (!window_left(&z->w))
		window_refill(&z->w);
	size_t given, left = window_left(&z->w), at = 0;
	enum zstdframe_result result = zstdframe_read(z->frame, z->w.bytes + z->w.at, left, &at, out, cap, &given);
	z->w.at += at;
	z->bytes += given;
	z->member_bytes += given;
	z->crc = inflate_crc_of(z->crc, out, given);
	if (result == ZSTDFRAME_END) {
		z->members++;
		end_member(z);
	} else if (result != ZSTDFRAME_GOES_ON) {
		break_member(z, result == ZSTDFRAME_WIDE ? DAMAGE_WIDE : DAMAGE_CORRUPT);
	} else if (z->w.dry && !left && !given) {
		break_member(z, DAMAGE_TRUNCATED);
	}
	return given;
}

static void read_between(struct inflate *z)
{
	do
		while (z->w.at < z->w.end && !z->w.bytes[z->w.at])
			z->w.at++;
	while (!window_left(&z->w) && window_refill(&z->w));
	window_want(&z->w, HEADER_TELLS);
	if (starts_member(z)) {
		begin_member(z);
		return;
	}
	if (window_left(&z->w) && !z->w.in->failed.set) {
		int64_t at = window_offset(&z->w);
		bool found = find_member(z, at, INT64_MAX);
		note(z, found ? DAMAGE_CORRUPT : DAMAGE_TRAILING, at);
		if (found)
			return;
	}
	finish(z);
}

static size_t read_plain(struct inflate *z, unsigned char *out, size_t cap)
{
	size_t n = window_left(&z->w) < cap ? window_left(&z->w) : cap;
	if (n) {
		memcpy(out, z->w.bytes + z->w.at, n);
		z->w.at += n;
	} else {
		n = input_read(z->w.in, out, cap);
		z->w.base += (int64_t)n; /* so that base + end stays the file offset behind the last byte */
	}
	z->bytes += n;
	z->crc = inflate_crc_of(z->crc, out, n);
	if (!n)
		finish(z);
	return n;
}

/* What the first bytes say. What is compressed in a way that is not known here gives no bytes: it is no text. */
static void begin(struct inflate *z)
{
	window_want(&z->w, 2);
	if (window_left(&z->w) >= 2 && z->w.bytes[0] == GZIP_FIRST && z->w.bytes[1] == 0x8B) {
		z->container = CONTAINER_GZIP;
		z->fast = z->fast_asked ? igzip_new() : NULL;
		begin_member(z);
		return;
	}
	if (window_left(&z->w) && packed_may_start(z->w.bytes[0]))
		window_want(&z->w, PACKED_MAGIC_BYTES);
	const struct packed *packed = packed_of((struct span){(const char *)z->w.bytes, window_left(&z->w)});
	if (packed && packed->container == CONTAINER_ZSTD && zstdframe_built()) {
		z->container = CONTAINER_ZSTD;
		z->frame = zstdframe_new();
		begin_member(z);
	} else if (packed) {
		z->container = CONTAINER_OTHER;
		finish(z);
	} else {
		z->place = IN_PLAIN;
	}
}

static size_t read_step(struct inflate *z, unsigned char *out, size_t cap)
{
	switch (z->place) {
	case AT_START:
		begin(z);
		return 0;
	case IN_PLAIN:
		return read_plain(z, out, cap);
	case BETWEEN:
		read_between(z);
		return 0;
	case IN_HEADER:
		read_header(z);
		return 0;
	case IN_STREAM:
		return read_stream(z, out, cap);
	case IN_TRAILER:
		read_trailer(z);
		return 0;
	case IN_MEMBER:
		return z->container == CONTAINER_ZSTD ? read_frame(z, out, cap) : read_member(z, out, cap);
	case AT_END:
		break;
	}
	return 0;
}

static int64_t damages(const struct inflate *z)
{
	return (z->damage.kind != DAMAGE_NONE) + z->damage.more;
}

void inflate_confine(struct inflate *z, uint64_t start, uint64_t bytes)
{
	z->confined = true;
	z->over = start;
	z->left = bytes;
}

static size_t read_all(struct inflate *z, void *buffer, size_t cap)
{
	int64_t before = damages(z);
	size_t n = 0;
	/* One read of plain bytes per call: whoever writes slowly into a pipe is read as it writes. */
	while (n < cap && z->place != AT_END && !(n && (z->place == IN_PLAIN || damages(z) != before)))
		n += read_step(z, (unsigned char *)buffer + n, cap - n);
	return n;
}

size_t inflate_read(struct inflate *z, void *buffer, size_t cap)
{
	size_t n = 1;
	if (!z->confined)
		return read_all(z, buffer, cap);
	for (; z->over && n && cap; z->over -= n)
		n = read_all(z, buffer, z->over < cap ? (size_t)z->over : cap);
	n = n && z->left ? read_all(z, buffer, z->left < cap ? (size_t)z->left : cap) : 0;
	z->left -= n;
	z->given += n;
	z->given_crc = inflate_crc_of(z->given_crc, buffer, n);
	return n;
}

uint64_t inflate_bytes(const struct inflate *z)
{
	return z->confined ? z->given : z->bytes;
}

uint32_t inflate_crc(const struct inflate *z)
{
	return z->confined ? z->given_crc : z->crc;
}

const struct damage_report *inflate_damage(const struct inflate *z)
{
	return &z->damage;
}

enum container inflate_container(const struct inflate *z)
{
	return z->container;
}

uint64_t inflate_members(const struct inflate *z)
{
	return z->members;
}

uint32_t inflate_crc_of(uint32_t crc, const void *bytes, size_t n)
{
	size_t taken = crc_take(&crc, bytes, n);
	return (uint32_t)crc32_z(crc, (const unsigned char *)bytes + taken, n - taken);
}

uint32_t inflate_crc_behind(uint32_t before, uint32_t all, uint64_t n)
{
	/* crc(AB) is crc(A) moved on by the length of B, exclusive or crc(B). */
	return (uint32_t)crc32_combine(before, 0, (z_off_t)n) ^ all;
}

const char *inflate_library_version(void)
{
	return zlibVersion();
}
