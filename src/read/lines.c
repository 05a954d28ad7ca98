#include "read/lines.h"

#include "base/limits.h"
#include "base/memory.h"

enum {
	BUFFER = LIMIT_LINE_BYTES + LIMIT_CHUNK_BYTES,
	PADDING = 64, /* the widest load of any CPU we know */
};

void lines_init(struct lines *l, struct inflate *from)
{
	*l = (struct lines){.from = from, .buffer = memory_new(BUFFER + PADDING, 1)};
}

void lines_release(struct lines *l)
{
	memory_free(l->buffer);
	memory_free(l->other);
	*l = (struct lines){0};
}

/* The unread bytes go on at the front of the other buffer: the last line given stays where it is. */
static void turn(struct lines *l, size_t rest)
{
	char *from = l->buffer;
	l->buffer = l->other ? l->other : memory_new(BUFFER + PADDING, 1);
	l->other = from;
	memcpy(l->buffer, from + l->start, rest);
	l->start = 0;
}

/* Moves the unread bytes to the front and reads behind them, at most a chunk: what is parsed next is still in the cache.
 * False when nothing came, or when the unread bytes are more than a line of the limit and its "\r": then the line at hand is
 * too long, if its end has not been seen. */
static bool refill(struct lines *l)
{
	if (l->ended)
		return false;
	size_t rest = l->end - l->start;
	if (l->start)
		turn(l, rest);
	l->end = rest;
	if (rest > LIMIT_LINE_BYTES + 1)
		return false;
	size_t room = BUFFER - rest < LIMIT_CHUNK_BYTES ? BUFFER - rest : LIMIT_CHUNK_BYTES;
	size_t n = inflate_read(l->from, l->buffer + l->end, room);
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

/* A line that is too long and has not ended yet: its head stays at the front, the rest is read over until its end. */
static void skip_rest(struct lines *l, struct line *line)
{
	char *rest = l->buffer + LIMIT_LINE_BYTES;
	uint64_t length = l->end;
	bool after_return = l->buffer[l->end - 1] == '\r';
	size_t n, line_end = 0;
	for (;;) {
		n = inflate_read(l->from, rest, LIMIT_CHUNK_BYTES);
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
		const char *hit = memchr(l->buffer + scanned, '\n', l->end - scanned);
		if (hit) {
			size_t len = (size_t)(hit - l->buffer);
			bool after_return = len && l->buffer[len - 1] == '\r';
			give(l, line, len - after_return, 1 + (size_t)after_return);
			return true;
		}
		scanned = l->end;
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
