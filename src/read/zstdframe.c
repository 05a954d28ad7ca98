#include "read/zstdframe.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"

bool zstdframe_starts(const unsigned char *bytes, size_t n)
{
	static const unsigned char frame[] = {ZSTDFRAME_FIRST, 0xB5, 0x2F, 0xFD}, skippable[] = {0x50, 0x2A, 0x4D, 0x18};
	if (!n)
		return false;
	n = n < sizeof frame ? n : sizeof frame;
	return !memcmp(bytes, frame, n) || ((bytes[0] & 0xF0) == skippable[0] && !memcmp(bytes + 1, skippable + 1, n - 1));
}

#ifdef ONSET_ZSTD
#include <zstd.h>
#include <zstd_errors.h>

enum { BLOCK_HEADER_BYTES = 3 };

struct zstdframe {
	ZSTD_DCtx *context;
	size_t hint; /* what libzstd wants next: as a rule the rest of a block, and the next one's header */
	bool full;   /* the last call may have left output behind */
};

bool zstdframe_built(void)
{
	return true;
}

const char *zstdframe_library_version(void)
{
	return ZSTD_versionString();
}

struct zstdframe *zstdframe_new(void)
{
	struct zstdframe *z = memory_new(1, sizeof *z);
	/* libzstd's way to take an allocator is not of its stable interface. */
	z->context = ZSTD_createDCtx();
	if (!z->context)
		memory_exhausted();
	size_t set = ZSTD_DCtx_setParameter(z->context, ZSTD_d_windowLogMax, ZSTDFRAME_WINDOW_LOG);
	assert(!ZSTD_isError(set));
	(void)set;
	return z;
}

void zstdframe_free(struct zstdframe *z)
{
	if (!z)
		return;
	ZSTD_freeDCtx(z->context);
	memory_free(z);
}

void zstdframe_begin(struct zstdframe *z)
{
	ZSTD_DCtx_reset(z->context, ZSTD_reset_session_only);
	z->hint = ZSTDFRAME_MAGIC_BYTES + BLOCK_HEADER_BYTES;
	z->full = false;
}

enum zstdframe_result zstdframe_read(struct zstdframe *z, const unsigned char *in, size_t n, size_t *at, unsigned char *out,
				     size_t cap, size_t *given)
{
	/* A call that meets damage says nothing of what it gave before it. So that what is given does not depend on how the file is
	 * read, a call decodes one block or looks at one header, and has given all before. (A frame that lies whole before libzstd
	 * would be decoded in one go; not when its magic came alone.) */
	size_t most = z->full ? 0 : z->hint > BLOCK_HEADER_BYTES ? z->hint - BLOCK_HEADER_BYTES : z->hint;
	ZSTD_inBuffer from = {in, n - *at < most ? n : *at + most, *at};
	ZSTD_outBuffer to = {out, cap, 0};
	size_t left = ZSTD_decompressStream(z->context, &to, &from);
	*at = ZSTD_isError(left) ? from.size : from.pos;
	*given = to.pos;
	z->hint = left;
	z->full = to.pos == cap;
	if (!ZSTD_isError(left))
		return left ? ZSTDFRAME_GOES_ON : ZSTDFRAME_END;
	ZSTD_ErrorCode error = ZSTD_getErrorCode(left);
	if (error == ZSTD_error_memory_allocation)
		memory_exhausted();
	return error == ZSTD_error_frameParameter_windowTooLarge ? ZSTDFRAME_WIDE : ZSTDFRAME_BROKEN;
}

#else

bool zstdframe_built(void)
{
	return false;
}

const char *zstdframe_library_version(void)
{
	return "";
}

struct zstdframe *zstdframe_new(void)
{
	return NULL;
}

void zstdframe_free(struct zstdframe *z)
{
	(void)z;
}

void zstdframe_begin(struct zstdframe *z)
{
	(void)z;
}

enum zstdframe_result zstdframe_read(struct zstdframe *z, const unsigned char *in, size_t n, size_t *at, unsigned char *out,
				     size_t cap, size_t *given)
{
	(void)z, (void)in, (void)out, (void)cap;
	*at = n;
	*given = 0;
	return ZSTDFRAME_BROKEN;
}
#endif
