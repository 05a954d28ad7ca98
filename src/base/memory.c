#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void memory_exhausted(void)
{
	fputs("onset: error: out of memory\n", stderr);
	abort();
}

static void *or_abort(void *memory)
{
	if (!memory)
		memory_exhausted();
	return memory;
}

void *memory_new(size_t count, size_t size)
{
	return or_abort(calloc(count ? count : 1, size ? size : 1));
}

void *memory_unset(size_t bytes)
{
	return or_abort(malloc(bytes ? bytes : 1));
}

void *memory_grow(void *items, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap)
		return items;
	size_t to = *cap < 8 ? 8 : *cap * 2;
	if (to < need)
		to = need;
	if (to > SIZE_MAX / size)
		memory_exhausted();
	char *grown = or_abort(realloc(items, to * size));
	memset(grown + *cap * size, 0, (to - *cap) * size);
	*cap = to;
	return grown;
}

void memory_free(void *memory)
{
	free(memory);
}
