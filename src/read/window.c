#include "read/window.h"

#include <string.h>

#include "base/memory.h"

void window_init(struct window *w, struct input *in)
{
	*w = (struct window){.in = in, .bytes = memory_new(WINDOW_BYTES, 1)};
}

void window_release(struct window *w)
{
	memory_free(w->bytes);
	*w = (struct window){0};
}

bool window_refill(struct window *w)
{
	if (w->dry)
		return false;
	if (WINDOW_BYTES - w->end < WINDOW_READ_BYTES) {
		size_t from = w->at > WINDOW_BACK_BYTES ? w->at - WINDOW_BACK_BYTES : 0;
		memmove(w->bytes, w->bytes + from, w->end - from);
		w->base += (int64_t)from;
		w->at -= from;
		w->end -= from;
	}
	size_t n = input_read(w->in, w->bytes + w->end, WINDOW_READ_BYTES);
	w->dry = !n;
	w->end += n;
	return n;
}

bool window_rewind(struct window *w, int64_t offset)
{
	if (offset >= w->base) {
		w->at = (size_t)(offset - w->base);
		return true;
	}
	if (!input_rewind(w->in, offset))
		return false;
	w->base = offset;
	w->at = w->end = 0;
	w->dry = false;
	return true;
}

void window_want(struct window *w, size_t need)
{
	while (window_left(w) < need && window_refill(w))
		;
}
