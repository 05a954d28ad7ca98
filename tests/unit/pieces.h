/* pieces: bytes handed out in pieces of a chosen size stand in for inflate.c. */
#ifndef ONSET_PIECES_H
#define ONSET_PIECES_H

#include <string.h>

#include "base/text.h"
#include "read/inflate.h"

struct inflate {
	struct span bytes;
	size_t step;
};

size_t inflate_read(struct inflate *z, void *buffer, size_t cap)
{
	size_t n = z->step < cap ? z->step : cap;
	n = n < z->bytes.len ? n : z->bytes.len;
	if (n)
		memcpy(buffer, z->bytes.at, n);
	z->bytes = span_from(z->bytes, n);
	return n;
}

#endif
