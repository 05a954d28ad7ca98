/* jsonline: the keys that matter out of one line of JSON, without a tree.
 *
 * Takes  one line that should be a JSON object (RFC 8259); the paths of jsonkeys.
 * Gives  the values of those paths as record fields; strings unescaped into a caller's scratch text only when they
 *        contain a backslash (else borrowed from the line); numbers, true, false as printed; null as absent; an object or array
 *        under a chosen path as its raw text.
 * Holds  per thread: the shapes of the lines before (jsonshape.h), and the unescaped strings of the last line.
 * Never  builds a tree, allocates per line once the scratch has grown, accepts text after the object, or recurses deeper than
 *        LIMIT_JSON_DEPTH.
 */
#ifndef ONSET_JSONLINE_H
#define ONSET_JSONLINE_H

#include "line/jsonkeys.h"

struct json_scratch; /* per thread */
struct json_scratch *json_scratch_new(void);
void json_scratch_free(struct json_scratch *s);

enum json_result { JSON_OK, JSON_NOT_OBJECT, JSON_BAD, JSON_MISSING /* a required path is absent */ };
/* Sets fields of `r` (not time, severity, status: format.c derives them from the fields). */
enum json_result jsonline_scan(const struct jsonkeys *keys, struct span line, struct json_scratch *s, struct record *r);

/* For people: where the line stops being JSON, or which path that the format requires it does not have. Returns what
 * jsonline_scan() does; `*at` is the byte where it stopped, `wanted` (appended) says what had to be there. */
enum json_result jsonline_reach(const struct jsonkeys *keys, struct span line, size_t *at, struct text *wanted);

#endif
