#include "line/jsonline.h"

#include <assert.h>

#include "base/limits.h"
#include "base/memory.h"
#include "line/jsonescape.h"
#include "line/jsonshape.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* RFC 8259 is followed in structure. Inside strings a parser may accept more (section 9), and this one does, because
 * real loggers write it and quotes pair the same way: raw control characters, bytes that are not UTF-8, unknown escapes
 * (kept as they stand) and nginx's \xHH (escape=default in a JSON log_format). NaN and Infinity (Python's json) count
 * as null. */

struct json_scratch {
	uint64_t print; /* of the keys that the shape was learned with */
	struct jsonshape shape;
	char *text;         /* unescaped strings of the last line; never moved within a line, because spans point into it */
	size_t text_len, text_cap;
	uint64_t *seen;     /* per node: the line in which it was last present */
	size_t seen_cap;
	uint64_t line;
};

/* An open object or array. */
struct level {
	const char *start; /* of the opening bracket */
	uint16_t node;     /* of this object, JSONKEYS_NONE when nothing below is asked for */
	uint16_t given;    /* the node under which its raw text is given, JSONKEYS_NONE for none */
	bool array;
};

struct scan {
	const char *at, *end;
	struct span line;
	const struct jsonkeys *keys;
	struct json_scratch *scratch;
	struct record *record;
	uint64_t set;                /* fields set by this line */
	unsigned rank[FIELD_COUNT];  /* of the path that set them; undefined elsewhere */
	size_t required_seen;
	uint16_t *guess;             /* two guesses for the next key */
	struct level *level;         /* the innermost one that is open; levels[0] is none */
	struct level levels[1 + LIMIT_JSON_DEPTH];
};

/* ---- scratch ---- */

static void forget(struct json_scratch *s, uint64_t print)
{
	s->print = print;
	jsonshape_clear(&s->shape);
	if (s->seen)
		memset(s->seen, 0, s->seen_cap * sizeof(*s->seen));
	s->line = 0;
}

struct json_scratch *json_scratch_new(void)
{
	struct json_scratch *s = memory_new(1, sizeof(*s));
	forget(s, 0);
	return s;
}

void json_scratch_free(struct json_scratch *s)
{
	if (!s)
		return;
	memory_free(s->text);
	memory_free(s->seen);
	memory_free(s);
}

/* ---- bytes ---- */

static inline void skip_blanks(struct scan *c)
{
	/* one compare where there is none, as in what machines write */
	while (c->at < c->end && (unsigned char)*c->at <= ' ' &&
	       (*c->at == ' ' || *c->at == '\t' || *c->at == '\r' || *c->at == '\n'))
		c->at++;
}

/* The first '"' or '\\' in [at, end), or end. */
static inline const char *quote_or_escape(const char *at, const char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), escape = _mm_set1_epi8('\\');
	for (; end - at >= 16; at += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
		int hits = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, escape)));
		if (hits)
			return at + __builtin_ctz((unsigned)hits);
	}
#endif
	while (at < end && *at != '"' && *at != '\\')
		at++;
	return at;
}

/* A string whose opening quote was passed: its bytes without quotes, still escaped. False when it does not close. */
static inline bool string_take(struct scan *c, struct span *raw, bool *escaped)
{
	const char *start = c->at, *at = start;
	*escaped = false;
	for (;;) {
		at = quote_or_escape(at, c->end);
		if (at == c->end)
			return false;
		if (*at == '"')
			break;
		*escaped = true;
		if (c->end - at < 2)
			return false;
		at += 2;
	}
	*raw = (struct span){start, (size_t)(at - start)};
	c->at = at + 1;
	return true;
}

/* What an escaped string means, in the scratch. No escape means more bytes than it has, and each string of a line is
 * unescaped once, so one reservation of the line's length lasts for the line and spans into it stay valid. */
static struct span unescape(struct scan *c, struct span raw)
{
	struct json_scratch *s = c->scratch;
	if (s->text_cap < c->line.len)
		s->text = memory_grow(s->text, &s->text_cap, c->line.len, 1);
	assert(s->text_cap - s->text_len >= raw.len);
	struct span meant = {s->text + s->text_len, jsonescape_undo(raw, s->text + s->text_len)};
	s->text_len += meant.len;
	return meant;
}

/* ---- keys ---- */

/* What a key of an object of `parent` means that came as it is in no line before. */
static uint16_t new_key(struct scan *c, uint16_t parent, struct span key, bool escaped)
{
	if (parent == JSONKEYS_NONE)
		return JSONKEYS_NONE;
	if (escaped)
		return jsonkeys_child(c->keys, parent, unescape(c, key));
	struct jsonshape_key *known = jsonshape_learn(&c->scratch->shape, c->guess, c->keys, parent, key);
	if (!known)
		return jsonkeys_child(c->keys, parent, key);
	c->guess = known->next;
	return known->node;
}

/* A key of an object of `parent`, its colon too, up to the value. False on bad JSON. */
static inline bool key_take(struct scan *c, uint16_t parent, uint16_t *node)
{
	struct span key;
	bool escaped;
	if (c->at == c->end || *c->at != '"')
		return false;
	c->at++;
	struct jsonshape_key *known = NULL;
	if (parent != JSONKEYS_NONE)
		known = jsonshape_guess(&c->scratch->shape, c->guess, parent, c->at, c->end);
	if (known) {
		c->at += known->len;
		c->guess = known->next;
		*node = known->node;
		return true;
	}
	if (!string_take(c, &key, &escaped))
		return false;
	skip_blanks(c);
	if (c->at == c->end || *c->at++ != ':')
		return false;
	*node = new_key(c, parent, key, escaped);
	return true;
}

/* ---- values ---- */

/* `node` is present; the first time in this line (of duplicate keys the first one counts). */
static inline bool first_time(struct scan *c, uint16_t node)
{
	struct json_scratch *s = c->scratch;
	if (node == JSONKEYS_NONE || s->seen[node] == s->line)
		return false;
	s->seen[node] = s->line;
	c->required_seen += c->keys->nodes[node].required;
	return true;
}

static void give(struct scan *c, uint16_t node, struct span value)
{
	for (int i = c->keys->nodes[node].uses; i >= 0; i = c->keys->uses[i].next) {
		const struct jsonkeys_use *use = &c->keys->uses[i];
		uint64_t bit = UINT64_C(1) << use->field;
		if ((c->set & bit) && c->rank[use->field] <= use->rank)
			continue;
		c->set |= bit;
		c->rank[use->field] = use->rank;
		record_set(c->record, use->field, value);
	}
}

static inline bool string_value(struct scan *c, uint16_t node)
{
	struct span raw;
	bool escaped;
	c->at++;
	if (!string_take(c, &raw, &escaped))
		return false;
	if (first_time(c, node) && c->keys->nodes[node].uses >= 0)
		give(c, node, escaped ? unescape(c, raw) : raw);
	return true;
}

static inline const char *digits(const char *at, const char *end)
{
	while (at < end && (unsigned char)(*at - '0') < 10)
		at++;
	return at;
}

/* RFC 8259 section 6, but leading zeros pass. The end of the number, NULL when it is none. */
static const char *number_end(const char *at, const char *end)
{
	const char *start = at < end && *at == '-' ? at + 1 : at;
	at = digits(start, end);
	if (at == start)
		return NULL;
	if (at < end && *at == '.') {
		start = ++at;
		at = digits(at, end);
		if (at == start)
			return NULL;
	}
	if (at < end && (*at | 0x20) == 'e') {
		at++;
		if (at < end && (*at == '+' || *at == '-'))
			at++;
		start = at;
		at = digits(at, end);
		if (at == start)
			return NULL;
	}
	return at;
}

static bool plain_value(struct scan *c, uint16_t node)
{
	static const struct {
		struct span word;
		bool given;
	} words[] = {{{"true", 4}, true},      {{"false", 5}, true},   {{"null", 4}, false},
		     {{"NaN", 3}, false},      {{"Infinity", 8}, false}, {{"-Infinity", 9}, false}};
	struct span rest = {c->at, (size_t)(c->end - c->at)};
	const char *stop = number_end(c->at, c->end);
	bool given = true;
	for (size_t i = 0; !stop && i < sizeof(words) / sizeof(words[0]); i++) {
		if (span_starts(rest, words[i].word)) {
			stop = c->at + words[i].word.len;
			given = words[i].given;
		}
	}
	if (!stop)
		return false;
	if (first_time(c, node) && given)
		give(c, node, (struct span){c->at, (size_t)(stop - c->at)});
	c->at = stop;
	return true;
}

/* After a bracket: the new level, or nothing to go into when it closes at once. */
static bool open_value(struct scan *c, uint16_t node)
{
	const char *start = c->at++;
	bool array = *start == '[';
	bool first = first_time(c, node);
	skip_blanks(c);
	if (c->at < c->end && *c->at == (array ? ']' : '}')) {
		c->at++;
		if (first)
			give(c, node, (struct span){start, (size_t)(c->at - start)});
		return true;
	}
	if (c->level == c->levels + LIMIT_JSON_DEPTH)
		return false;
	bool into = first && !array && c->keys->nodes[node].deeper;
	*++c->level = (struct level){start, into ? node : JSONKEYS_NONE, first ? node : JSONKEYS_NONE, array};
	return true;
}

/* Behind a value: the comma, or the brackets that close here. No level is left when the line's object is closed. */
static inline bool close_values(struct scan *c)
{
	while (c->level > c->levels) {
		skip_blanks(c);
		if (c->at == c->end)
			return false;
		char byte = *c->at++;
		if (byte == ',')
			return true;
		const struct level *level = c->level--;
		if (byte != (level->array ? ']' : '}'))
			return false;
		if (level->given != JSONKEYS_NONE)
			give(c, level->given, (struct span){level->start, (size_t)(c->at - level->start)});
	}
	return true;
}

/* Up to the next value of the innermost object or array. */
static inline bool reach_value(struct scan *c, uint16_t *node)
{
	*node = JSONKEYS_NONE;
	skip_blanks(c);
	if (!c->level->array && !key_take(c, c->level->node, node))
		return false;
	skip_blanks(c);
	return c->at < c->end;
}

static inline bool take_value(struct scan *c, uint16_t node)
{
	if (*c->at == '"')
		return string_value(c, node);
	return *c->at == '{' || *c->at == '[' ? open_value(c, node) : plain_value(c, node);
}

static bool scan_object(struct scan *c)
{
	uint16_t node;
	c->level = c->levels;
	/* The root is opened like any object, but under no path: JSONKEYS_ROOT has no uses. */
	if (!open_value(c, JSONKEYS_ROOT))
		return false;
	while (c->level > c->levels) {
		const struct level *level = c->level;
		if (!reach_value(c, &node) || !take_value(c, node))
			return false;
		/* A level that was opened goes on with its first value. */
		if (c->level == level && !close_values(c))
			return false;
	}
	skip_blanks(c);
	return c->at == c->end;
}

/* `stopped`, when not NULL: where reading ended of a line that is not of the format. */
static enum json_result scan_line(const struct jsonkeys *keys, struct span line, struct json_scratch *s,
				  struct record *r, const char **stopped)
{
	struct scan c;
	c.at = line.at;
	c.end = line.at + line.len;
	c.line = line;
	c.keys = keys;
	c.scratch = s;
	c.record = r;
	c.set = 0;
	c.required_seen = 0;
	c.guess = s->shape.first;
	skip_blanks(&c);
	if (c.at == c.end || *c.at != '{')
		return JSON_NOT_OBJECT;
	if (s->print != keys->print)
		forget(s, keys->print);
	if (s->seen_cap < keys->nodes_n)
		s->seen = memory_grow(s->seen, &s->seen_cap, keys->nodes_n, sizeof(*s->seen));
	s->line++;
	s->text_len = 0;
	uint64_t has = r->has;
	if (scan_object(&c))
		return c.required_seen == keys->required_n ? JSON_OK : JSON_MISSING;
	if (stopped)
		*stopped = c.at;
	r->has = has;
	return JSON_BAD;
}

enum json_result jsonline_scan(const struct jsonkeys *keys, struct span line, struct json_scratch *s, struct record *r)
{
	return scan_line(keys, line, s, r, NULL);
}

enum json_result jsonline_reach(const struct jsonkeys *keys, struct span line, size_t *at, struct text *wanted)
{
	struct json_scratch *s = json_scratch_new();
	struct record r;
	const char *stopped = line.at;
	record_clear(&r);
	enum json_result result = scan_line(keys, line, s, &r, &stopped);
	*at = line.len ? (size_t)(stopped - line.at) : 0;
	if (result == JSON_NOT_OBJECT)
		text_append_string(wanted, "\"{\", the start of an object");
	else if (result == JSON_BAD)
		text_append_string(wanted, *at < line.len ? "JSON to go on here" : "the object to end before the line does");
	for (size_t i = 1, n = 0; result == JSON_MISSING && i < keys->nodes_n; i++) {
		if (!keys->nodes[i].required || s->seen[i] == s->line)
			continue;
		text_append_string(wanted, n++ ? ", " : "in the object the key ");
		text_append(wanted, text_span(&keys->nodes[i].path));
	}
	json_scratch_free(s);
	return result;
}
