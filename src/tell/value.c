#include "tell/value.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>

#include "base/memory.h"
#include "fold/draft.h"

/* jansson copies what it is given and answers NULL when out of memory. With our allocator it cannot: so no call below
 * is checked but for a key or string that is not UTF-8, which string_of() excludes. */
static void *allocate(size_t size)
{
	return memory_new(size, 1);
}

struct json_t *value_new(void)
{
	json_set_alloc_funcs(allocate, memory_free);
	return json_object();
}

void value_free(struct json_t *root)
{
	json_decref(root);
}

static int append_bytes(const char *bytes, size_t len, void *out)
{
	text_append(out, (struct span){bytes, len});
	return 0;
}

void value_append(const struct json_t *root, struct text *out)
{
	struct text raw = {0};
	int failed = json_dump_callback(root, append_bytes, &raw, JSON_INDENT(2));
	assert(!failed);
	(void)failed;
	text_append_json(out, text_span(&raw));
	text_append_byte(out, '\n');
	text_release(&raw);
}

static void put(json_t *object, const char *key, json_t *value)
{
	int failed = json_object_set_new_nocheck(object, key, value);
	assert(!failed);
	(void)failed;
}

static void add(json_t *array, json_t *value)
{
	int failed = json_array_append_new(array, value);
	assert(!failed);
	(void)failed;
}

struct json_t *value_put_object(struct json_t *object, const char *key)
{
	json_t *inner = json_object();
	put(object, key, inner);
	return inner;
}

struct json_t *value_put_array(struct json_t *object, const char *key)
{
	json_t *array = json_array();
	put(object, key, array);
	return array;
}

struct json_t *value_add_object(struct json_t *array)
{
	json_t *inner = json_object();
	add(array, inner);
	return inner;
}

void value_put_list(struct json_t *object, const char *key, const void *items, size_t size, size_t n,
		    void (*members)(struct json_t *object, const void *item))
{
	struct json_t *array = value_put_array(object, key);
	for (size_t i = 0; i < n; i++)
		members(value_add_object(array), (const char *)items + i * size);
}

void value_put_null(struct json_t *object, const char *key)
{
	put(object, key, json_null());
}

void value_put_bool(struct json_t *object, const char *key, bool yes)
{
	put(object, key, json_boolean(yes));
}

void value_put_int(struct json_t *object, const char *key, int64_t n)
{
	put(object, key, json_integer(n));
}

void value_put_count(struct json_t *object, const char *key, uint64_t n)
{
	put(object, key, json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n));
}

static json_t *string_of(const char *string)
{
	if (!string)
		return json_null();
	struct text valid = {0};
	text_append_utf8(&valid, span_of(string));
	json_t *value = json_stringn_nocheck(valid.at ? valid.at : "", valid.len);
	text_release(&valid);
	return value;
}

void value_put_string(struct json_t *object, const char *key, const char *string)
{
	put(object, key, string_of(string));
}

void value_put_strings(struct json_t *object, const char *key, char *const *strings, size_t n)
{
	json_t *array = value_put_array(object, key);
	for (size_t i = 0; i < n; i++)
		add(array, string_of(strings[i]));
}

void value_put_instant(struct json_t *object, const char *key, int64_t us)
{
	char text[32];
	put(object, key, us == INSTANT_NONE ? json_null() : json_string(instant_format(us, text)));
}

void value_put_duration(struct json_t *object, const char *key, int64_t us)
{
	put(object, key, us == INSTANT_NONE ? json_null() : json_integer(us));
}

const char *value_reason(const char *reason)
{
	return reason ? reason : "not determined";
}

void value_put_known(struct json_t *object, const char *key, const struct known *k)
{
	put(object, key, k->known ? json_integer(k->value) : json_null());
	if (k->known)
		return;
	char name[80];
	int len = snprintf(name, sizeof name, "%s_reason", key);
	assert(len > 0 && (size_t)len < sizeof name);
	(void)len;
	value_put_string(object, name, value_reason(k->reason));
}

void value_put_moment(struct json_t *object, const char *key, const struct moment *m)
{
	json_t *o = value_put_object(object, key);
	value_put_instant(o, "at", m->at_us);
	value_put_instant(o, "lower", m->lower_us);
	value_put_instant(o, "upper", m->upper_us);
	if (m->reason || m->at_us == INSTANT_NONE)
		value_put_string(o, "reason", value_reason(m->reason));
}

static json_t *fingerprint_of(uint64_t bytes, uint32_t crc)
{
	char text[48];
	snprintf(text, sizeof text, "%llu-%08lx", (unsigned long long)bytes, (unsigned long)crc);
	return json_string(text);
}

void value_put_fingerprint(struct json_t *object, const char *key, uint64_t bytes, uint32_t crc)
{
	put(object, key, fingerprint_of(bytes, crc));
}

void value_add_fingerprint(struct json_t *array, uint64_t bytes, uint32_t crc)
{
	add(array, fingerprint_of(bytes, crc));
}

/* A comma, a bracket or a brace outside of strings for each value but the first. */
static bool has_too_many(struct span text)
{
	size_t n = 0;
	bool quoted = false;
	for (size_t i = 0; i < text.len && n <= VALUE_MOST; i++) {
		char c = text.at[i];
		if (c == '"')
			quoted = !quoted;
		else if (quoted && c == '\\')
			i++;
		else if (!quoted)
			n += c == ',' || c == '[' || c == '{';
	}
	return n > VALUE_MOST;
}

struct json_t *value_read(struct span text, const char *name, struct diag *d)
{
	json_error_t error;
	if (has_too_many(text)) {
		diag_set(d, "\"%s\" has more than %d values", name, VALUE_MOST);
		return NULL;
	}
	json_set_alloc_funcs(allocate, memory_free);
	json_t *root = json_loadb(text.len ? text.at : "", text.len, JSON_REJECT_DUPLICATES, &error);
	/* jansson quotes the text in its message: as much of it as fits. */
	if (!root)
		diag_set(d, "\"%s\" is no JSON: line %d, column %d: %s", name, error.line, error.column, error.text);
	return root;
}

enum value_kind value_kind(const struct json_t *value)
{
	if (!value)
		return VALUE_NONE;
	switch (json_typeof(value)) {
	case JSON_NULL:
		return VALUE_NULL;
	case JSON_TRUE:
	case JSON_FALSE:
		return VALUE_BOOL;
	case JSON_INTEGER:
		return VALUE_INT;
	case JSON_REAL:
		return VALUE_REAL;
	case JSON_STRING:
		return VALUE_STRING;
	case JSON_ARRAY:
		return VALUE_ARRAY;
	case JSON_OBJECT:
		break;
	}
	return VALUE_OBJECT;
}

const char *value_kind_name(enum value_kind kind)
{
	static const char *const names[VALUE_KINDS] = {
		[VALUE_NONE] = "missing",	  [VALUE_NULL] = "null",	 [VALUE_BOOL] = "true or false",
		[VALUE_INT] = "an integer", [VALUE_REAL] = "a real number", [VALUE_STRING] = "a string",
		[VALUE_ARRAY] = "an array", [VALUE_OBJECT] = "an object"};
	return names[kind];
}

struct json_t *value_get(const struct json_t *object, const char *key)
{
	return json_object_get(object, key);
}

size_t value_count(const struct json_t *array)
{
	return json_array_size(array);
}

struct json_t *value_at(const struct json_t *array, size_t i)
{
	return json_array_get(array, i);
}

struct span value_text(const struct json_t *string)
{
	return (struct span){json_string_value(string), json_string_length(string)};
}

bool value_int(const struct json_t *integer, int64_t *n)
{
	*n = json_integer_value(integer);
	return json_is_integer(integer);
}

bool value_is_true(const struct json_t *value)
{
	return json_is_true(value);
}

struct span value_member_text(const struct json_t *object, const char *key)
{
	return value_text(value_get(object, key));
}

int64_t value_member_int(const struct json_t *object, const char *key)
{
	int64_t n;
	value_int(value_get(object, key), &n);
	return n;
}

struct json_t *value_next(const struct json_t *object, void **place, const char **key)
{
	json_t *o = (json_t *)(uintptr_t)object; /* jansson asks for more than it needs */
	*place = *place ? json_object_iter_next(o, *place) : json_object_iter(o);
	*key = *place ? json_object_iter_key(*place) : NULL;
	return *place ? json_object_iter_value(*place) : NULL;
}

void value_set_text(struct json_t *string, struct span text)
{
	int failed = json_string_setn_nocheck(string, text.at ? text.at : "", text.len);
	assert(!failed);
	(void)failed;
}

const char *value_library_version(void)
{
	return jansson_version_str();
}
