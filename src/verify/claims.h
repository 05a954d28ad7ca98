/* claims: what a draft says of files and of lines in them, out of its JSON.
 *
 * Takes  the tree of a draft that contract_is_draft() took.
 * Gives  the contents that its files had, each once; which path had which; each place that is called evidence; what the draft
 *        says of itself that cannot be.
 * Holds  spans of the tree: it must outlive the claims.
 * Never  opens a file; believes a number: what cannot be read as a claim is a trouble of the result.
 */
#ifndef ONSET_CLAIMS_H
#define ONSET_CLAIMS_H

#include "verify/result.h"
#include "tell/value.h"

/* Uncompressed bytes that a file had: "BYTES-CRC32". */
struct claim_content {
	uint64_t bytes;
	uint32_t crc;
	const char *path; /* the first that the draft names for it; NULL: none */
};
struct claim_file {
	size_t content;
	const char *path, *key; /* key: of its source, without the stream's name; NULL: a file of --events */
	int64_t mtime_us;       /* INSTANT_NONE: none */
};
struct claim_line {
	size_t content;
	uint64_t line, offset, length;
	bool has_length, is_event; /* a sample of lines that did not parse has no length; an event may be a part of a line */
	const struct json_t *excerpt;
	char *place; /* owned */
	const char *path;
};
struct claims {
	const struct json_t *root;
	struct claim_content *contents; /* by bytes, crc */
	size_t contents_n, contents_cap;
	struct claim_file *files; /* by content, path, key; each once */
	size_t files_n, files_cap;
	bool files_known; /* false: a draft of before `sources[].files`: paths were dealt out in their order */
	struct claim_line *lines; /* by content, offset, line */
	size_t lines_n, lines_cap;
	char **keys; /* of the sources, in their order; owned */
	size_t keys_n, keys_cap;
	uint64_t *pairs; /* hashes of (id of a source, one of its contents), ascending */
	size_t pairs_n, pairs_cap;
};

/* Troubles go to `r`. */
void claims_read(struct claims *c, const struct json_t *root, struct result *r);
/* Leaves only the lines that stand in one item of the draft; of a source the lines that it shows, and the first of each file. */
void claims_keep(struct claims *c, const struct json_t *item);
void claims_release(struct claims *c);

/* "18204112-0000beef"; false: it is none. */
bool claims_fingerprint(struct span text, uint64_t *bytes, uint32_t *crc);
/* The content; contents_n: it is none of them. */
size_t claims_content(const struct claims *c, uint64_t bytes, uint32_t crc);

#endif
