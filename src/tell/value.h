/* value: JSON values, one member at a time.
 *
 * Takes  objects and arrays that are being built, keys (ASCII, of ours), and what stands in a struct of fold/draft.h.
 * Gives  the text of a whole value: integers, strings, true, false, null; keys in the order in which they were put.
 * Holds  the tree between value_new() and value_free() (the only module that knows jansson).
 * Never  writes a real number or invalid UTF-8: bytes that are not UTF-8 become U+FFFD here.
 *
 * `struct json_t` is jansson's own and opaque to all others. What is put or added belongs to the tree; the objects and
 * arrays that are returned are borrowed from it.
 */
#ifndef ONSET_VALUE_H
#define ONSET_VALUE_H

#include "fold/draft.h"

struct json_t;

/* An empty object, the root of a tree. */
struct json_t *value_new(void);
void value_free(struct json_t *root);
/* Appends the tree's text, indented by 2, with a final newline. */
void value_append(const struct json_t *root, struct text *out);

struct json_t *value_put_object(struct json_t *object, const char *key);
struct json_t *value_put_array(struct json_t *object, const char *key);
struct json_t *value_add_object(struct json_t *array);

void value_put_null(struct json_t *object, const char *key);
void value_put_bool(struct json_t *object, const char *key, bool yes);
void value_put_int(struct json_t *object, const char *key, int64_t n);
/* A count over 2^63 - 1 is held there: most readers know no larger integer. */
void value_put_count(struct json_t *object, const char *key, uint64_t n);
/* NULL is null. */
void value_put_string(struct json_t *object, const char *key, const char *string);
void value_put_strings(struct json_t *object, const char *key, char *const *strings, size_t n);

/* RFC 3339; null when INSTANT_NONE. */
void value_put_instant(struct json_t *object, const char *key, int64_t us);
/* Microseconds; null when INSTANT_NONE. For what has no reason of its own beside it. */
void value_put_duration(struct json_t *object, const char *key, int64_t us);
/* An integer; or null, and beside it KEY_reason. */
void value_put_known(struct json_t *object, const char *key, const struct known *k);
/* {at, lower, upper}, and `reason` when there is one; always when `at` is null. */
void value_put_moment(struct json_t *object, const char *key, const struct moment *m);
/* "BYTES-CRC32". */
void value_put_fingerprint(struct json_t *object, const char *key, uint64_t bytes, uint32_t crc);
void value_add_fingerprint(struct json_t *array, uint64_t bytes, uint32_t crc);

/* What stands beside a null that nobody gave a reason for. */
const char *value_reason(const char *reason);

/* jansson's version, for --version. */
const char *value_library_version(void);

#endif
