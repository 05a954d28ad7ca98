#include "read/inflate.h"

#include <assert.h>
#include <string.h>
#include <zlib.h>

#include "base/memory.h"

enum {
	READ_BYTES = 128 << 10,  /* one read of compressed bytes: about ten times as much text, well past the cost of a call */
	LOOK_BACK = 64 << 10,    /* zlib notices damage late: the next member may begin before the place where it noticed */
	TRIAL_INPUT = 256 << 10, /* compressed bytes that a candidate may take: 32 KiB stored, a full extra field, long names */
	TRIAL_OUTPUT = 32 << 10, /* what a candidate must inflate to be believed, unless it ends before, its CRC right */
	WINDOW = LOOK_BACK + TRIAL_INPUT + READ_BYTES,
	WBITS_GZIP = 15 + 16, /* zlib: the largest window, gzip wrapper only */
	HEADER_TELLS = 4,     /* magic, method and flags tell a member from rubbish */
};

/* Work on damage (trials, bytes inflated a second time) may be this much per file and per compressed byte: a file made of
 * false beginnings then costs a constant factor, not its square. One trial costs at least TRIAL_COST (building tables). */
static const int64_t CREDIT = INT64_C(64) << 20, CREDIT_PER_BYTE = 32, TRIAL_COST = 4096;

enum place { AT_START, IN_PLAIN, BETWEEN, IN_MEMBER, AT_END };

struct inflate {
	struct input *in;
	enum place place;
	z_stream stream, trial;
	bool trial_ready;
	bool gzip;
	bool dry; /* the input gave its last byte */
	unsigned char *window;
	size_t at, end;      /* unread compressed bytes are window[at..end); up to LOOK_BACK read ones stand before them */
	int64_t base;        /* file offset of window[0] */
	int64_t member_at;   /* file offset of the member being read */
	uint64_t member_bytes;
	uint64_t bytes, members;
	uint32_t crc;
	int64_t spent; /* of the credit */
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
	z->in = in;
	z->window = memory_new(WINDOW, 1);
	stream_init(&z->stream);
	return z;
}

void inflate_free(struct inflate *z)
{
	if (!z)
		return;
	inflateEnd(&z->stream);
	if (z->trial_ready)
		inflateEnd(&z->trial);
	memory_free(z->window);
	memory_free(z);
}

static int64_t offset_of(const struct inflate *z)
{
	return z->base + (int64_t)z->at;
}

static size_t at_hand(const struct inflate *z)
{
	return z->end - z->at;
}

/* Reads once behind the unread bytes, of which there are fewer than TRIAL_INPUT. False at the end of the input. */
static bool refill(struct inflate *z)
{
	if (z->dry)
		return false;
	if (WINDOW - z->end < READ_BYTES) {
		size_t from = z->at > LOOK_BACK ? z->at - LOOK_BACK : 0;
		memmove(z->window, z->window + from, z->end - from);
		z->base += (int64_t)from;
		z->at -= from;
		z->end -= from;
	}
	size_t n = input_read(z->in, z->window + z->end, READ_BYTES);
	z->dry = !n;
	z->end += n;
	return n;
}

/* At least `need` unread bytes, or all that are left. */
static void want(struct inflate *z, size_t need)
{
	while (at_hand(z) < need && refill(z))
		;
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
	if (z->in->failed.set)
		note(z, DAMAGE_READ, z->base + (int64_t)z->end);
}

static bool starts_member(const struct inflate *z)
{
	static const unsigned char magic[] = {0x1F, 0x8B, Z_DEFLATED};
	size_t n = at_hand(z);
	const unsigned char *p = z->window + z->at;
	return n >= 2 && !memcmp(p, magic, n < sizeof magic ? n : sizeof magic) && (n < HEADER_TELLS || !(p[3] & 0xE0));
}

static void begin_member(struct inflate *z)
{
	z->place = IN_MEMBER;
	z->member_at = offset_of(z);
	z->member_bytes = 0;
	inflateReset(&z->stream);
}

/* zlib has summed the member already: combining the sums is cheaper than summing the bytes again. */
static void end_member(struct inflate *z)
{
	if (z->member_bytes)
		z->crc = (uint32_t)crc32_combine(z->crc, z->stream.adler, (z_off_t)z->member_bytes);
	z->member_bytes = 0;
	z->place = BETWEEN;
}

static bool affordable(const struct inflate *z, int64_t cost)
{
	return z->spent + cost <= CREDIT + CREDIT_PER_BYTE * offset_of(z);
}

/* Does the candidate at hand inflate far enough to be believed? */
static bool inflates(struct inflate *z)
{
	unsigned char scratch[TRIAL_OUTPUT];
	if (!z->trial_ready)
		stream_init(&z->trial);
	z->trial_ready = true;
	inflateReset(&z->trial);
	want(z, TRIAL_INPUT);
	size_t n = at_hand(z) < TRIAL_INPUT ? at_hand(z) : TRIAL_INPUT;
	z->trial.next_in = z->window + z->at;
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
	z->at = (size_t)(from - z->base);
	while (offset_of(z) < until) {
		/* Never past `until`: the caller may want to go on there, and only LOOK_BACK bytes behind `at` are kept. */
		int64_t left = until - offset_of(z);
		size_t n = (uint64_t)left < at_hand(z) ? (size_t)left : at_hand(z);
		const unsigned char *hit = n ? memchr(z->window + z->at, 0x1F, n) : NULL;
		z->at = hit ? (size_t)(hit - z->window) : z->at + n;
		if (offset_of(z) == until)
			return false;
		want(z, HEADER_TELLS);
		if (!at_hand(z))
			return false;
		/* The unpaid candidate is passed over: see CREDIT. Fewer than HEADER_TELLS bytes cannot be a whole member. */
		if (at_hand(z) >= HEADER_TELLS && starts_member(z) && affordable(z, TRIAL_COST) && inflates(z)) {
			begin_member(z);
			return true;
		}
		z->at++;
	}
	return false;
}

/* Where to look for the next member after damage: behind the beginning of the damaged one, for a member cut short swallows some
 * of the next; from here on when the credit for reading bytes twice is used up. */
static int64_t look_back(struct inflate *z)
{
	int64_t at = offset_of(z);
	int64_t cost = (int64_t)(z->member_bytes < (uint64_t)CREDIT ? z->member_bytes : (uint64_t)CREDIT);
	if (!affordable(z, cost))
		return at;
	z->spent += cost;
	int64_t from = at - LOOK_BACK > z->member_at ? at - LOOK_BACK : z->member_at + 1;
	return from < at ? from : at;
}

/* The member at hand cannot be read on; the compressed bytes up to `at` were used. Reading goes on in the next good member. */
static void break_member(struct inflate *z, enum damage kind)
{
	if (z->in->failed.set) {
		end_member(z);
		finish(z);
		return;
	}
	int64_t at = offset_of(z), from = look_back(z);
	end_member(z);
	bool found = find_member(z, from, INT64_MAX);
	note(z, found ? DAMAGE_CORRUPT : kind, at);
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
		want(z, 4); /* zlib stopped before the length */
		z->at += at_hand(z) < 4 ? at_hand(z) : 4;
	}
	int64_t at = offset_of(z), from = look_back(z);
	note(z, DAMAGE_CORRUPT, at);
	end_member(z);
	if (!find_member(z, from, at))
		z->at = (size_t)(at - z->base);
}

static size_t read_member(struct inflate *z, unsigned char *out, size_t cap)
{
	if (!at_hand(z))
		refill(z);
	size_t room = cap < (1u << 30) ? cap : (1u << 30), before = at_hand(z);
	z->stream.next_in = z->window + z->at;
	z->stream.avail_in = (uInt)before;
	z->stream.next_out = out;
	z->stream.avail_out = (uInt)room;
	int status = inflate(&z->stream, Z_NO_FLUSH);
	size_t n = room - z->stream.avail_out;
	z->at = z->end - z->stream.avail_in;
	z->bytes += n;
	z->member_bytes += n;
	if (status == Z_STREAM_END) {
		z->members++;
		end_member(z);
	} else if (status == Z_OK || status == Z_BUF_ERROR) {
		/* With nothing left to read zlib may still hold output: only a call that does nothing means an early end. */
		if (z->dry && !before && !n)
			break_member(z, DAMAGE_TRUNCATED);
	} else if (is_wrong_crc(&z->stream) || is_wrong_length(&z->stream)) {
		distrust_member(z);
	} else {
		break_member(z, DAMAGE_CORRUPT);
	}
	return n;
}

static void read_between(struct inflate *z)
{
	do
		while (z->at < z->end && !z->window[z->at])
			z->at++;
	while (!at_hand(z) && refill(z));
	want(z, HEADER_TELLS);
	if (starts_member(z)) {
		begin_member(z);
		return;
	}
	if (at_hand(z) && !z->in->failed.set) {
		int64_t at = offset_of(z);
		bool found = find_member(z, at, INT64_MAX);
		note(z, found ? DAMAGE_CORRUPT : DAMAGE_TRAILING, at);
		if (found)
			return;
	}
	finish(z);
}

static size_t read_plain(struct inflate *z, unsigned char *out, size_t cap)
{
	size_t n = at_hand(z) < cap ? at_hand(z) : cap;
	if (n) {
		memcpy(out, z->window + z->at, n);
		z->at += n;
	} else {
		n = input_read(z->in, out, cap);
		z->base += (int64_t)n; /* so that base + end stays the file offset behind the last byte */
	}
	z->bytes += n;
	z->crc = inflate_crc_of(z->crc, out, n);
	if (!n)
		finish(z);
	return n;
}

static size_t read_step(struct inflate *z, unsigned char *out, size_t cap)
{
	switch (z->place) {
	case AT_START:
		want(z, 2);
		z->gzip = at_hand(z) >= 2 && z->window[0] == 0x1F && z->window[1] == 0x8B;
		if (z->gzip)
			begin_member(z);
		else
			z->place = IN_PLAIN;
		return 0;
	case IN_PLAIN:
		return read_plain(z, out, cap);
	case BETWEEN:
		read_between(z);
		return 0;
	case IN_MEMBER:
		return read_member(z, out, cap);
	case AT_END:
		break;
	}
	return 0;
}

static int64_t damages(const struct inflate *z)
{
	return (z->damage.kind != DAMAGE_NONE) + z->damage.more;
}

size_t inflate_read(struct inflate *z, void *buffer, size_t cap)
{
	int64_t before = damages(z);
	size_t n = 0;
	/* One read of plain bytes per call: whoever writes slowly into a pipe is read as it writes. */
	while (n < cap && z->place != AT_END && !(n && (z->place == IN_PLAIN || damages(z) != before)))
		n += read_step(z, (unsigned char *)buffer + n, cap - n);
	return n;
}

uint64_t inflate_bytes(const struct inflate *z)
{
	return z->bytes;
}

uint32_t inflate_crc(const struct inflate *z)
{
	return z->crc;
}

const struct damage_report *inflate_damage(const struct inflate *z)
{
	return &z->damage;
}

bool inflate_is_gzip(const struct inflate *z)
{
	return z->gzip;
}

uint64_t inflate_members(const struct inflate *z)
{
	return z->members;
}

uint32_t inflate_crc_of(uint32_t crc, const void *bytes, size_t n)
{
	return (uint32_t)crc32_z(crc, bytes, n);
}

const char *inflate_library_version(void)
{
	return zlibVersion();
}
