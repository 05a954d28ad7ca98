/* value: JSON values, one member at a time: built, or read.
 *
 * Takes  objects and arrays that are being built, keys (ASCII, of ours), and what stands in a struct of fold/draft.h; or
 *        the text of a JSON value from anywhere.
 * Gives  the text of a whole value: integers, strings, true, false, null; keys in the order in which they were put; of a
 *        text that was read, its members.
 * Holds  the tree between value_new() or value_read() and value_free() (the only module that knows jansson).
 * Never  writes a real number or invalid UTF-8: bytes that are not UTF-8 become U+FFFD here; takes of a text more memory
 *        than its length and VALUE_MOST allow.
 *
 * `struct json_t` is jansson's own and opaque to all others. What is put or added belongs to the tree; the objects and
 * arrays that are returned are borrowed from it.
 */
#ifndef ONSET_VALUE_H
#define ONSET_VALUE_H

#include "base/diag.h"
#include "base/text.h"

struct json_t;
struct known;
struct moment;

/* An empty object, the root of a tree. */
struct json_t *value_new(void);
void value_free(struct json_t *root);
/* Appends the tree's text, indented by 2, with a final newline. */
void value_append(const struct json_t *root, struct text *out);

struct json_t *value_put_object(struct json_t *object, const char *key);
struct json_t *value_put_array(struct json_t *object, const char *key);
struct json_t *value_add_object(struct json_t *array);
/* An array of objects, one for each of `n` items of `size` bytes; `members` puts those of one. */
void value_put_list(struct json_t *object, const char *key, const void *items, size_t size, size_t n,
		    void (*members)(struct json_t *object, const void *item));

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

/* Values in one text: a tree of them takes at most some 300 bytes each. The drafts of a day of logs have some ten thousand. */
enum { VALUE_MOST = 2 << 20 };
/* The tree of a JSON text (value_free()); NULL with `d`: what is wrong, with line and column. `name` is the file's. */
struct json_t *value_read(struct span text, const char *name, struct diag *d);

enum value_kind { VALUE_NONE, VALUE_NULL, VALUE_BOOL, VALUE_INT, VALUE_REAL, VALUE_STRING, VALUE_ARRAY, VALUE_OBJECT, VALUE_KINDS };
/* VALUE_NONE: NULL, what a member that is not there is. */
enum value_kind value_kind(const struct json_t *value);
/* "a string", "an object", ... */
const char *value_kind_name(enum value_kind kind);
/* A member; NULL when there is none, or `object` is none. Borrowed, as all below. */
struct json_t *value_get(const struct json_t *object, const char *key);
/* Elements of an array, 0 of anything else; and one of them, NULL when there is none. */
size_t value_count(const struct json_t *array);
struct json_t *value_at(const struct json_t *array, size_t i);
/* A string, valid UTF-8 without NUL; empty for anything else. Lives as long as the tree. */
struct span value_text(const struct json_t *string);
/* False, and `*n` is 0, for anything that is no integer. */
bool value_int(const struct json_t *integer, int64_t *n);
bool value_is_true(const struct json_t *value);
/* The same of an object's member. */
struct span value_member_text(const struct json_t *object, const char *key);
int64_t value_member_int(const struct json_t *object, const char *key);

/* An object's members, in their order: the first when `*place` is NULL, then the next; NULL: no more. The object must not gain or lose
 * members meanwhile. */
struct json_t *value_next(const struct json_t *object, void **place, const char **key);
/* Writes a string anew: valid UTF-8 without NUL. */
void value_set_text(struct json_t *string, struct span text);

/* jansson's version, for --version. */
const char *value_library_version(void);

#endif
