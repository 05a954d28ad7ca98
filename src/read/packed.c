#include "read/packed.h"

#include "read/zstdframe.h"

#define MAGIC(text) text, sizeof text - 1

/* As each format's own documentation gives them. bzip2's goes on with the block size and the first bytes of pi, or of its root
 * for an empty file: "BZh" alone may begin a line. */
static const struct packed table[] = {
	{CONTAINER_ZSTD, MAGIC("\x28\xB5\x2F\xFD"), "zstd", "zstd -dc"},
	{CONTAINER_OTHER, MAGIC("\xFD""7zXZ\0"), "xz", "xz -dc"},
	{CONTAINER_OTHER, MAGIC("BZh?\x31\x41\x59\x26\x53\x59"), "bzip2", "bzip2 -dc"},
	{CONTAINER_OTHER, MAGIC("BZh?\x17\x72\x45\x38\x50\x90"), "bzip2", "bzip2 -dc"},
	{CONTAINER_OTHER, MAGIC("\x04\x22\x4D\x18"), "lz4", "lz4 -dc"},
	{CONTAINER_OTHER, MAGIC("\x02\x21\x4C\x18"), "lz4", "lz4 -dc"},
	{CONTAINER_OTHER, MAGIC("\x1F\x9D"), "compress", "gzip -dc"},
	{CONTAINER_OTHER, MAGIC("PK\x03\x04"), "zip", "unzip -p"},
	{CONTAINER_OTHER, MAGIC("7z\xBC\xAF\x27\x1C"), "7-Zip", "7z x -so"},
	{CONTAINER_OTHER, MAGIC("LZIP\x01"), "lzip", "lzip -dc"},
};

const char *container_name(enum container container)
{
	return container == CONTAINER_GZIP ? "gzip" : container == CONTAINER_ZSTD ? "zstd" : "";
}

static bool begins(struct span head, const struct packed *p)
{
	if (head.len < p->magic_len)
		return false;
	for (size_t i = 0; i < p->magic_len; i++) {
		if (head.at[i] != p->magic[i] && !(p->magic[i] == '?' && (unsigned char)(head.at[i] - '1') < 9))
			return false;
	}
	return true;
}

const struct packed *packed_of(struct span head)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (begins(head, &table[i]))
			return &table[i];
	}
	/* zstd's skippable frames may come first (pzstd writes them). */
	bool skippable = head.len >= ZSTDFRAME_MAGIC_BYTES && zstdframe_starts((const unsigned char *)head.at, head.len);
	return skippable ? &table[0] : NULL;
}

bool packed_may_start(unsigned char byte)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if ((unsigned char)table[i].magic[0] == byte)
			return true;
	}
	return zstdframe_starts(&byte, 1);
}

bool packed_is_read(struct span head, const char *path, struct diag *d)
{
	const struct packed *p = packed_of(head);
	if (!p || (p->container == CONTAINER_ZSTD && zstdframe_built()))
		return true;
	bool zstd = p->container == CONTAINER_ZSTD;
	diag_set(d, zstd ? "cannot read \"%s\": it is compressed with %s, and onset was built without libzstd" :
			   "cannot read \"%s\": it is compressed with %s",
		 path, p->name);
	diag_hint(d, "%s%s FILE | onset draft -", zstd ? "Install libzstd-dev and build again; or: " : "Unpack it first: ", p->command);
	return false;
}
