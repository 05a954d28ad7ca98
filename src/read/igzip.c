#include "read/igzip.h"

#include <stdint.h>

#include "base/memory.h"

#ifdef ONSET_ISAL
#include <isa-l.h>

enum { MOST_BYTES = 1 << 30 }; /* of one call: ISA-L counts in 32 bits */

struct igzip {
	struct inflate_state state;
};

bool igzip_built(void)
{
	return true;
}

const char *igzip_library_version(void)
{
#define TEXT(x) #x
#define VERSION(a, b, c) TEXT(a) "." TEXT(b) "." TEXT(c)
	return VERSION(ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION);
#undef VERSION
#undef TEXT
}

struct igzip *igzip_new(void)
{
	return memory_new(1, sizeof(struct igzip));
}

void igzip_free(struct igzip *z)
{
	memory_free(z);
}

void igzip_begin(struct igzip *z)
{
	isal_inflate_init(&z->state); /* crc_flag: ISAL_DEFLATE, no header and no sum */
}

enum igzip_result igzip_read(struct igzip *z, const unsigned char *in, size_t n, ptrdiff_t *used, unsigned char *out, size_t cap,
			     size_t *given)
{
	struct inflate_state *s = &z->state;
	n = n < MOST_BYTES ? n : MOST_BYTES;
	cap = cap < MOST_BYTES ? cap : MOST_BYTES;
	s->next_in = (uint8_t *)(uintptr_t)in; /* it is only read */
	s->avail_in = (uint32_t)n;
	s->next_out = out;
	s->avail_out = (uint32_t)cap;
	int status = isal_inflate(s);
	*given = cap - s->avail_out;
	*used = (ptrdiff_t)(n - s->avail_in);
	if (status != ISAL_DECOMP_OK)
		return IGZIP_BROKEN;
	if (s->block_state != ISAL_BLOCK_FINISH)
		return IGZIP_GOES_ON;
	*used -= s->read_in_length / 8; /* whole bytes that it read ahead */
	return IGZIP_END;
}

#else

bool igzip_built(void)
{
	return false;
}

const char *igzip_library_version(void)
{
	return "";
}

struct igzip *igzip_new(void)
{
	return NULL;
}

void igzip_free(struct igzip *z)
{
	(void)z;
}

void igzip_begin(struct igzip *z)
{
	(void)z;
}

enum igzip_result igzip_read(struct igzip *z, const unsigned char *in, size_t n, ptrdiff_t *used, unsigned char *out, size_t cap,
			     size_t *given)
{
	(void)z, (void)in, (void)n, (void)out, (void)cap;
	*used = 0;
	*given = 0;
	return IGZIP_BROKEN;
}

#endif
