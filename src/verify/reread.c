#include "verify/reread.h"

#include "base/limits.h"
#include "base/memory.h"

enum {
	MOST_RECORD = LIMIT_LINE_BYTES + 4, /* of a longer record the end is not looked at */
	WINDOW = 2 * MOST_RECORD + LIMIT_CHUNK_BYTES,
};

/* The bytes [at, at + len) of the content. */
struct window_of {
	struct inflate *inflate;
	char *bytes;
	uint64_t at, skip, end; /* skip: bytes of the file before the content that are still to be read over */
	size_t len;
	uint64_t lines, counted; /* line ends before the offset `counted` */
	bool ended;
};

static bool refill(struct window_of *w)
{
	size_t n = inflate_read(w->inflate, w->bytes + w->len, WINDOW - w->len);
	w->ended = !n;
	size_t over = w->skip < n ? (size_t)w->skip : n;
	w->skip -= over;
	n -= over;
	if (over && n)
		memmove(w->bytes + w->len, w->bytes + w->len + over, n);
	uint64_t left = w->end - (w->at + w->len);
	w->len += left < n ? (size_t)left : n;
	return !w->ended;
}

/* Counts the line ends before `offset`, which is in the window or at its end. */
static void count_to(struct window_of *w, uint64_t offset)
{
	const char *from = w->bytes + (w->counted - w->at), *to = w->bytes + (offset - w->at);
	while (from < to && (from = memchr(from, '\n', (size_t)(to - from)))) {
		w->lines++;
		from++;
	}
	w->counted = offset;
}

/* Moves the window so that it has [offset - 1, until), as far as there are bytes. */
static void move_to(struct window_of *w, uint64_t offset, uint64_t until)
{
	uint64_t keep = offset ? offset - 1 : 0;
	while (w->at + w->len < until && !w->ended && w->at + w->len < w->end) {
		uint64_t drop = keep > w->at ? keep - w->at : 0;
		if (drop > w->len)
			drop = w->len;
		if (drop && w->len + LIMIT_CHUNK_BYTES > WINDOW / 2) {
			if (w->counted < w->at + drop)
				count_to(w, w->at + drop);
			memmove(w->bytes, w->bytes + drop, w->len - (size_t)drop);
			w->at += drop;
			w->len -= (size_t)drop;
		}
		refill(w);
	}
}

static char byte_at(const struct window_of *w, uint64_t offset)
{
	return offset >= w->at && offset < w->at + w->len ? w->bytes[offset - w->at] : '\0';
}

/* Up to the next line end behind the offset, without it; 0: it is not in the window. */
static uint64_t length_here(const struct window_of *w, uint64_t offset)
{
	const char *from = w->bytes + (offset - w->at), *hit = memchr(from, '\n', w->len - (size_t)(offset - w->at));
	uint64_t length = hit ? (uint64_t)(hit - from) : w->at + w->len == w->end ? w->end - offset : 0;
	return hit && length && hit[-1] == '\r' ? length - 1 : length;
}

static bool ends_line(const struct window_of *w, uint64_t offset, uint64_t end)
{
	if (byte_at(w, end) == '\n' && end > offset && byte_at(w, end - 1) == '\r')
		return false; /* that belongs to the line end */
	return end == w->end || byte_at(w, end) == '\n' || (byte_at(w, end) == '\r' && byte_at(w, end + 1) == '\n');
}

static struct reread_outcome check(struct window_of *w, const struct claim_line *c, struct excerpt *e)
{
	struct reread_outcome out = {REREAD_BEYOND, 0, 0};
	uint64_t want = !c->has_length || c->length > MOST_RECORD ? MOST_RECORD : c->length;
	if (c->offset >= w->end || (c->has_length && c->length > w->end - c->offset))
		return out;
	move_to(w, c->offset, want > w->end - c->offset ? w->end : c->offset + want + 2);
	if (c->offset >= w->at + w->len)
		return out;
	count_to(w, c->offset);
	out.line = w->lines + 1;
	out.length = length_here(w, c->offset);
	if (!c->is_event && c->offset && byte_at(w, c->offset - 1) != '\n')
		out.word = REREAD_AMID;
	else if (out.line != c->line)
		out.word = REREAD_LINE;
	else if (!c->is_event && c->has_length && c->length <= MOST_RECORD && !ends_line(w, c->offset, c->offset + c->length))
		out.word = REREAD_LENGTH;
	else {
		struct span record = {w->bytes + (c->offset - w->at), w->len - (size_t)(c->offset - w->at)}, told = value_text(c->excerpt);
		record.len = c->has_length && c->length < record.len ? (size_t)c->length : c->has_length ? record.len : (size_t)out.length;
		bool agrees = value_kind(c->excerpt) != VALUE_STRING || excerpt_agrees(e, record, told);
		/* A sample was cut before it was masked. */
		agrees = agrees || (!c->has_length && excerpt_agrees(e, span_head(record, LIMIT_EXCERPT_BYTES), told));
		out.word = agrees ? REREAD_HOLDS : REREAD_EXCERPT;
	}
	return out;
}

static void check_all(struct inflate *inflate, uint64_t start, uint64_t bytes, const struct claim_line *lines, size_t n, struct excerpt *e,
		      struct reread_outcome *outcomes)
{
	struct window_of w = {.inflate = inflate, .bytes = memory_unset(WINDOW), .skip = start, .end = bytes};
	for (size_t i = 0; i < n; i++)
		outcomes[i] = check(&w, &lines[i], e);
	memory_free(w.bytes);
}

static bool all_hold(const struct reread_outcome *outcomes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (outcomes[i].word != REREAD_HOLDS)
			return false;
	return true;
}

bool reread_lines(struct input *in, uint64_t start, uint64_t bytes, const struct claim_line *lines, size_t n, struct excerpt *e,
		  struct reread_outcome *outcomes)
{
	struct inflate *inflate = inflate_new_fast(in);
	check_all(inflate, start, bytes, lines, n, e, outcomes);
	/* It is not read to its end, where inflate_doubts() would tell: what differs has zlib's word. */
	if (!all_hold(outcomes, n) && input_rewind(in, 0)) {
		inflate_free(inflate);
		inflate = inflate_new(in);
		check_all(inflate, start, bytes, lines, n, e, outcomes);
	}
	inflate_free(inflate);
	return !(in->stop && *in->stop);
}
