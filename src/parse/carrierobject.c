#include "parse/carrierobject.h"

#include "base/limits.h"

static inline size_t white(struct span s, size_t at)
{
	while (at < s.len && (s.at[at] == ' ' || s.at[at] == '\t' || s.at[at] == '\n' || s.at[at] == '\r'))
		at++;
	return at;
}

/* The string whose opening quote is at s[*at]; *at behind its closing one. */
static bool string_at(struct span s, size_t *at, struct carrier_value *v)
{
	size_t from = *at + 1, n = from;
	v->kind = CARRIER_STRING;
	v->escaped = false;
	while (n < s.len && s.at[n] != '"') {
		if (s.at[n] == '\\') {
			v->escaped = true;
			n++;
		}
		n++;
	}
	if (n >= s.len)
		return false;
	v->text = (struct span){s.at + from, n - from};
	*at = n + 1;
	return true;
}

/* The object or array whose opening bracket is at s[*at], by its brackets: their kinds are kept in bits, for they must pair. */
static bool nested_at(struct span s, size_t *at, struct carrier_value *v)
{
	_Static_assert(LIMIT_JSON_DEPTH <= 64, "one bit a level");
	uint64_t arrays = 0;
	size_t depth = 0, n = *at;
	struct carrier_value skipped;
	v->kind = s.at[n] == '[' ? CARRIER_ARRAY : CARRIER_OBJECT;
	v->escaped = false;
	while (n < s.len) {
		char c = s.at[n];
		if (c == '"') {
			if (!string_at(s, &n, &skipped))
				return false;
			continue;
		}
		n++;
		if (c == '[' || c == '{') {
			if (depth == LIMIT_JSON_DEPTH)
				return false;
			arrays = arrays << 1 | (c == '[');
			depth++;
		} else if (c == ']' || c == '}') {
			if ((arrays & 1) != (c == ']'))
				return false;
			arrays >>= 1;
			if (!--depth) {
				v->text = (struct span){s.at + *at, n - *at};
				*at = n;
				return true;
			}
		}
	}
	return false;
}

static bool literal_at(struct span s, size_t *at, struct carrier_value *v)
{
	size_t n = *at;
	while (n < s.len && s.at[n] > ' ' && s.at[n] != ',' && s.at[n] != '}' && s.at[n] != ']' && s.at[n] != '"' && s.at[n] != ':')
		n++;
	v->kind = CARRIER_LITERAL;
	v->escaped = false;
	v->text = (struct span){s.at + *at, n - *at};
	*at = n;
	return v->text.len > 0;
}

static bool value_at(struct span s, size_t *at, struct carrier_value *v)
{
	if (*at >= s.len)
		return false;
	char c = s.at[*at];
	if (c == '"')
		return string_at(s, at, v);
	return c == '{' || c == '[' ? nested_at(s, at, v) : literal_at(s, at, v);
}

bool carrier_object_scan(struct span s, struct carrier_object *o)
{
	o->n = o->more = 0;
	if (!s.len || s.at[0] != '{')
		return false;
	size_t at = white(s, 1);
	bool first = true;
	while (at < s.len && s.at[at] != '}') {
		struct carrier_value key, value;
		if (!first) {
			if (s.at[at] != ',')
				return false;
			at = white(s, at + 1);
		}
		first = false;
		if (at >= s.len || s.at[at] != '"' || !string_at(s, &at, &key))
			return false;
		at = white(s, at);
		if (at >= s.len || s.at[at] != ':')
			return false;
		at = white(s, at + 1);
		if (!value_at(s, &at, &value))
			return false;
		at = white(s, at);
		if (o->n == CARRIER_MEMBERS) {
			o->more++;
			continue;
		}
		o->key[o->n] = key.text;
		o->value[o->n++] = value;
	}
	return at < s.len && white(s, at + 1) == s.len;
}

struct carrier_value carrier_object_get(const struct carrier_object *o, struct span key)
{
	for (size_t i = 0; i < o->n; i++) {
		if (span_equal(o->key[i], key))
			return o->value[i];
	}
	return (struct carrier_value){CARRIER_ABSENT, false, SPAN_NONE};
}

bool carrier_array_next(struct span array, size_t *at, struct carrier_value *v)
{
	size_t n = white(array, *at + 1); /* behind the bracket, or the comma */
	if (n >= array.len || array.at[n] == ']' || !value_at(array, &n, v))
		return false;
	*at = white(array, n);
	return *at < array.len && (array.at[*at] == ',' || array.at[*at] == ']');
}
