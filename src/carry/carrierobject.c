#include "carry/carrierobject.h"

#include "base/limits.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static inline size_t white(struct span s, size_t at)
{
	while (at < s.len && (s.at[at] == ' ' || s.at[at] == '\t' || s.at[at] == '\n' || s.at[at] == '\r'))
		at++;
	return at;
}

/* Where the next '"' or '\' is at or behind s[n]; s.len for nowhere. */
static inline size_t string_stop(struct span s, size_t n)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
	for (; n + 16 <= s.len; n += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(s.at + n));
		int stops = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, slash)));
		if (stops)
			return n + (size_t)__builtin_ctz((unsigned)stops);
	}
#endif
	while (n < s.len && s.at[n] != '"' && s.at[n] != '\\')
		n++;
	return n;
}

/* The string whose opening quote is at s[*at]; *at behind its closing one. */
static bool string_at(struct span s, size_t *at, struct carrier_value *v)
{
	size_t from = *at + 1, n = string_stop(s, from);
	v->kind = CARRIER_STRING;
	v->escaped = false;
	while (n < s.len && s.at[n] != '"') {
		v->escaped = true;
		n = string_stop(s, n + 2 < s.len ? n + 2 : s.len);
	}
	if (n >= s.len)
		return false;
	v->text = (struct span){s.at + from, n - from};
	*at = n + 1;
	return true;
}

/* The object or array whose opening bracket is at s[*at], by its brackets: their kinds are kept in bits, for they must pair.
 * */
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
	while (n < s.len && s.at[n] > ' ' && !memchr(",}]\":", s.at[n], 5))
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

/* User fields of the journal are in capitals. */
static bool is_journal_key(struct span key)
{
	for (size_t i = 0; i < key.len; i++) {
		char c = key.at[i];
		if ((unsigned char)(c - 'A') >= 26 && c != '_' && (unsigned char)(c - '0') >= 10)
			return false;
	}
	return key.len > 0;
}

bool carrier_object_scan(struct span s, bool whole, struct carrier_object *o)
{
	if (!s.len || s.at[0] != '{')
		return false;
	o->n = o->unknown = 0;
	memset(o->has, 0, sizeof(o->has));
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
		enum carrier_key known = carrier_key_of(key.text);
		if (!whole && o->n < 2 && known == CARRIER_KEY_UNKNOWN && !is_journal_key(key.text))
			return false;
		at = white(s, at + 1);
		if (!value_at(s, &at, &value))
			return false;
		at = white(s, at);
		o->unknown += known == CARRIER_KEY_UNKNOWN;
		o->has[known] = true;
		o->known[known] = value;
		if (o->n < CARRIER_MEMBERS) {
			o->key[o->n] = key.text;
			o->value[o->n++] = value;
		}
	}
	return at < s.len && white(s, at + 1) == s.len;
}

bool carrier_array_next(struct span array, size_t *at, struct carrier_value *v)
{
	size_t n = white(array, *at + 1); /* behind the bracket, or the comma */
	if (n >= array.len || array.at[n] == ']' || !value_at(array, &n, v))
		return false;
	*at = white(array, n);
	return *at < array.len && (array.at[*at] == ',' || array.at[*at] == ']');
}
