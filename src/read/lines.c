#include "read/lines.h"

#include "base/limits.h"
#include "base/memory.h"

enum {
	BUFFER = LIMIT_LINE_BYTES + LIMIT_CHUNK_BYTES,
	PADDING = 64, /* the widest load of any CPU we know */
	READS_ALONE = 4, /* of a chunk: a file that is shorter is read before a thread has begun */
};

void lines_init(struct lines *l, struct inflate *from)
{
	*l = (struct lines){.from = from};
	l->buffer = l->own[0] = memory_new(BUFFER + PADDING, 1);
}

void lines_share(struct lines *l, atomic_size_t *idle)
{
	l->idle = idle;
}

void lines_release(struct lines *l)
{
	if (l->ahead) {
		ahead_free(l->ahead);
		atomic_fetch_add(l->idle, 1);
	}
	memory_free(l->own[0]);
	memory_free(l->own[1]);
	*l = (struct lines){0};
}

/* A long file, and a thread that has nothing to do: from here on that one inflates. */
static void look_for_help(struct lines *l)
{
	size_t n = l->idle && l->reads >= READS_ALONE ? atomic_load(l->idle) : 0;
	while (n && !atomic_compare_exchange_weak(l->idle, &n, n - 1))
		;
	if (!n)
		return;
	l->ahead = ahead_new(l->from);
	if (l->ahead)
		return;
	atomic_fetch_add(l->idle, 1);
	l->idle = NULL;
}

static void leave(struct lines *l, char *buffer)
{
	if (l->ahead && buffer != l->own[0] && buffer != l->own[1])
		ahead_give_back(l->ahead, buffer);
}

/* The unread bytes go on in another buffer, at `start`: the last line given stays where it is. */
static void turn(struct lines *l, char *to, size_t start)
{
	char *from = l->buffer;
	size_t rest = l->end - l->start;
	memcpy(to + start, from + l->start, rest);
	if (l->start == l->fresh) { /* none was given from here */
		leave(l, from);
	} else {
		leave(l, l->before);
		l->before = from;
	}
	l->buffer = to;
	l->start = l->fresh = start;
	l->end = start + rest;
}

/* One of our own, in which neither the last line lies nor what is not read yet. */
static char *own_buffer(struct lines *l)
{
	size_t i = l->buffer == l->own[0] || (l->buffer != l->own[1] && l->before == l->own[0]);
	if (!l->own[i])
		l->own[i] = memory_new(BUFFER + PADDING, 1);
	return l->own[i];
}

static bool next_block(struct lines *l)
{
	size_t n;
	char *block = ahead_next(l->ahead, &n);
	l->ended = !block;
	if (!block)
		return false;
	turn(l, block, AHEAD_ROOM - (l->end - l->start));
	l->end += n;
	return true;
}

/* Reads behind the unread bytes, at most a chunk: what is parsed next is still in the cache. They may move to another buffer.
 * False when nothing came, or when the unread bytes are more than a line of the limit and its "\r": then the line at hand is
 * too long, if its end has not been seen; it lies at the front of one of our own buffers. */
static bool refill(struct lines *l)
{
	if (l->ended)
		return false;
	size_t rest = l->end - l->start;
	bool too_long = rest > LIMIT_LINE_BYTES + 1;
	if (!l->ahead)
		look_for_help(l);
	if (l->ahead && !too_long)
		return next_block(l);
	if (l->start)
		turn(l, own_buffer(l), 0);
	if (too_long)
		return false;
	size_t room = BUFFER - rest < LIMIT_CHUNK_BYTES ? BUFFER - rest : LIMIT_CHUNK_BYTES;
	size_t n = inflate_read(l->from, l->buffer + l->end, room);
	l->reads++;
	l->ended = !n;
	l->end += n;
	return n;
}

struct span lines_peek(struct lines *l)
{
	while (l->end - l->start < LIMIT_DETECT_BYTES && refill(l))
		;
	return (struct span){l->buffer + l->start, l->end - l->start};
}

/* Gives the line buffer[start..start+len), followed by `line_end` bytes ("\n", "\r\n" or nothing). */
static void give(struct lines *l, struct line *line, size_t len, size_t line_end)
{
	line->text = (struct span){l->buffer + l->start, len};
	line->number = ++l->number;
	line->offset = l->offset;
	line->length = len;
	line->cut = false;
	line->unterminated = !line_end;
	if (len > LIMIT_LINE_BYTES) {
		line->text.len = LIMIT_LINE_BYTES;
		line->cut = true;
		l->cut++;
	}
	l->start += len + line_end;
	l->offset += len + line_end;
}

/* At most a chunk to `at`: copied, of a block. */
static size_t read_on(struct lines *l, char *at)
{
	size_t n;
	if (!l->ahead)
		return inflate_read(l->from, at, LIMIT_CHUNK_BYTES);
	char *block = ahead_next(l->ahead, &n);
	if (block)
		memcpy(at, block + AHEAD_ROOM, n);
	ahead_give_back(l->ahead, block);
	return n;
}

/* A line that is too long and has not ended yet: its head stays at the front, the rest is read over until its end. */
static void skip_rest(struct lines *l, struct line *line)
{
	char *rest = l->buffer + LIMIT_LINE_BYTES;
	uint64_t length = l->end;
	bool after_return = l->buffer[l->end - 1] == '\r';
	size_t n, line_end = 0;
	for (;;) {
		n = read_on(l, rest);
		if (!n)
			break;
		const char *hit = memchr(rest, '\n', n);
		size_t len = hit ? (size_t)(hit - rest) : n;
		length += len;
		if (len)
			after_return = rest[len - 1] == '\r';
		if (hit) {
			line_end = 1 + (size_t)after_return;
			l->start = LIMIT_LINE_BYTES + len + 1;
			break;
		}
	}
	if (!n) {
		l->ended = true;
		l->start = LIMIT_LINE_BYTES;
	}
	l->end = LIMIT_LINE_BYTES + n;
	if (line_end == 2)
		length--;
	*line = (struct line){{l->buffer, LIMIT_LINE_BYTES}, ++l->number, l->offset, length, true, !line_end};
	l->offset += length + line_end;
	l->cut++;
}

/* The line that goes on behind the bytes at hand. */
static bool next_over_refill(struct lines *l, struct line *line)
{
	size_t scanned = l->end - l->start;
	while (refill(l)) {
		const char *at = l->buffer + l->start, *hit = memchr(at + scanned, '\n', l->end - l->start - scanned);
		if (hit) {
			size_t len = (size_t)(hit - at);
			bool after_return = len && at[len - 1] == '\r';
			give(l, line, len - after_return, 1 + (size_t)after_return);
			return true;
		}
		scanned = l->end - l->start;
	}
	if (!l->ended) {
		skip_rest(l, line);
		return true;
	}
	if (l->start == l->end)
		return false;
	give(l, line, l->end - l->start, 0);
	return true;
}

bool lines_next(struct lines *l, struct line *line)
{
	const char *at = l->buffer + l->start;
	const char *hit = l->start < l->end ? memchr(at, '\n', l->end - l->start) : NULL;
	if (!hit)
		return next_over_refill(l, line);
	size_t len = (size_t)(hit - at);
	bool after_return = len && at[len - 1] == '\r';
	give(l, line, len - after_return, 1 + (size_t)after_return);
	return true;
}

int lines_next_byte(struct lines *l)
{
	if (l->start == l->end && !refill(l))
		return -1;
	return (unsigned char)l->buffer[l->start];
}
