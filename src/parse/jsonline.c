#include "parse/jsonline.h"

#include <assert.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "parse/jsonescape.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* RFC 8259 is followed in structure. Inside strings a parser may accept more (section 9), and this one does, because
 * real loggers write it and quotes pair the same way: raw control characters, bytes that are not UTF-8, unknown escapes
 * (kept as they stand) and nginx's \xHH (escape=default in a JSON log_format). NaN and Infinity (Python's json) count
 * as null. */

enum {
	NODE_NONE = 0xFFFF,
	NODE_ROOT = 0,
	NODES_MAX = 4096,       /* of a pattern file: far more than keys that mean something */
	KNOWN_MAX = 512,        /* keys remembered of the lines before; more are looked up the slow way */
	KNOWN_SLOTS = 2048,     /* of their hash table, a power of two */
	KNOWN_TEXT = 52,        /* key, closing quote and colon of a remembered key */
	KNOWN_NONE = 0xFFFF,
};

/* What a path means: a list per node. */
struct use {
	enum field field;
	unsigned rank; /* the smaller wins */
	int next;      /* index of the node's next use, -1 at the end */
};

/* A path or the start of one ("err" of "err.code"), keyed by its text with dots: so {"a":{"b":1}} and {"a.b":1} meet
 * in one node without being told apart. */
struct node {
	struct text path;
	int uses;      /* index of the first use, -1 when none */
	bool deeper;   /* longer paths start here */
	bool required;
};

struct jsonkeys {
	struct node *nodes;
	struct use *uses;
	size_t nodes_n, nodes_cap, uses_n, uses_cap;
	size_t longest;    /* bytes of the longest path */
	size_t required_n;
	uint64_t print;    /* a hash of all that was added: equal keys have equal nodes */
};

/* A key as it came in an object of node `parent`, with the two keys that came after it last. Lines of one logger have a
 * few shapes; following the shape costs one compare a key. */
struct known {
	uint16_t next[2];
	uint16_t parent, node;
	unsigned char len;
	char text[KNOWN_TEXT + 1]; /* `key":`: a match of it is a match of the whole key */
};

struct json_scratch {
	uint64_t print; /* of the keys that `known` was learned with */
	struct known known[KNOWN_MAX];
	uint16_t slots[KNOWN_SLOTS];
	uint16_t known_n;
	uint16_t first[2];  /* guesses for the first key of a line */
	char *text;         /* unescaped strings of the last line; never moved within a line, because spans point into it */
	size_t text_len, text_cap;
	uint64_t *seen;     /* per node: the line in which it was last present */
	size_t seen_cap;
	uint64_t line;
};

struct level {
	const char *start; /* of the opening bracket */
	uint16_t node;     /* of this object, NODE_NONE when nothing below is asked for */
	uint16_t given;    /* the node under which its raw text is given, NODE_NONE for none */
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
};

/* ---- keys ---- */

struct jsonkeys *jsonkeys_new(void)
{
	struct jsonkeys *keys = memory_new(1, sizeof(*keys));
	keys->nodes = memory_grow(keys->nodes, &keys->nodes_cap, 16, sizeof(*keys->nodes));
	keys->nodes[NODE_ROOT].uses = -1;
	keys->nodes[NODE_ROOT].deeper = true;
	keys->nodes_n = 1;
	keys->print = 1;
	return keys;
}

static uint16_t node_find(const struct jsonkeys *keys, struct span path)
{
	for (size_t i = 1; i < keys->nodes_n; i++) {
		if (span_equal(text_span(&keys->nodes[i].path), path))
			return (uint16_t)i;
	}
	return NODE_NONE;
}

static struct node *node_of(struct jsonkeys *keys, struct span path)
{
	uint16_t found = node_find(keys, path);
	if (found != NODE_NONE)
		return &keys->nodes[found];
	keys->nodes = memory_grow(keys->nodes, &keys->nodes_cap, keys->nodes_n + 1, sizeof(*keys->nodes));
	struct node *node = &keys->nodes[keys->nodes_n++];
	text_append(&node->path, path);
	node->uses = -1;
	if (path.len > keys->longest)
		keys->longest = path.len;
	return node;
}

/* The node of `path`, with nodes for each start of it; NULL for an empty path or when there are too many. */
static struct node *path_node(struct jsonkeys *keys, struct span path)
{
	if (!path.len || keys->nodes_n + path.len > NODES_MAX)
		return NULL;
	for (size_t i = 1; i < path.len; i++) {
		if (path.at[i] == '.')
			node_of(keys, span_head(path, i))->deeper = true;
	}
	return node_of(keys, path);
}

void jsonkeys_add(struct jsonkeys *keys, enum field field, struct span path)
{
	struct node *node = path_node(keys, path);
	if (!node)
		return;
	keys->uses = memory_grow(keys->uses, &keys->uses_cap, keys->uses_n + 1, sizeof(*keys->uses));
	keys->uses[keys->uses_n] = (struct use){field, (unsigned)keys->uses_n, node->uses};
	node->uses = (int)keys->uses_n++;
	keys->print = hash_pair(keys->print, hash_pair((uint64_t)field, hash_bytes(path)));
}

void jsonkeys_require(struct jsonkeys *keys, struct span path)
{
	struct node *node = path_node(keys, path);
	if (!node || node->required)
		return;
	node->required = true;
	keys->required_n++;
	keys->print = hash_pair(keys->print, hash_pair(FIELD_COUNT, hash_bytes(path)));
}

void jsonkeys_free(struct jsonkeys *keys)
{
	if (!keys)
		return;
	for (size_t i = 0; i < keys->nodes_n; i++)
		text_release(&keys->nodes[i].path);
	memory_free(keys->nodes);
	memory_free(keys->uses);
	memory_free(keys);
}

/* ---- scratch ---- */

static void forget(struct json_scratch *s, uint64_t print)
{
	s->print = print;
	s->known_n = 0;
	memset(s->slots, 0xFF, sizeof(s->slots));
	s->first[0] = s->first[1] = KNOWN_NONE;
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

/* ---- what a key means ---- */

/* The node of `key` in the object of `parent`. */
static uint16_t child_find(const struct jsonkeys *keys, uint16_t parent, struct span key)
{
	char joined[256];
	struct span path = text_span(&keys->nodes[parent].path);
	if (parent == NODE_ROOT)
		return key.len ? node_find(keys, key) : NODE_NONE;
	size_t len = path.len + 1 + key.len;
	if (len > keys->longest || len > sizeof(joined))
		return NODE_NONE;
	memcpy(joined, path.at, path.len);
	joined[path.len] = '.';
	memcpy(joined + path.len + 1, key.at, key.len);
	return node_find(keys, (struct span){joined, len});
}

/* The bytes at c->at begin with the key. Nearly all keys are shorter than one wide load. */
static inline bool known_here(const struct scan *c, const struct known *k)
{
	size_t room = (size_t)(c->end - c->at);
#ifdef __SSE2__
	if (k->len <= 16 && room >= 16) {
		__m128i line = _mm_loadu_si128((const __m128i *)(const void *)c->at);
		__m128i text = _mm_loadu_si128((const __m128i *)(const void *)k->text);
		unsigned differ = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(line, text)) ^ 0xFFFFu;
		return !(differ & ((1u << k->len) - 1));
	}
#endif
	return room >= k->len && !memcmp(c->at, k->text, k->len);
}

/* The remembered key that starts at c->at in an object of `parent`, guessed from what came after the key before. */
static inline uint16_t known_guess(const struct scan *c, uint16_t parent)
{
	const struct json_scratch *s = c->scratch;
	for (int i = 0; i < 2; i++) {
		uint16_t guess = c->guess[i];
		if (guess == KNOWN_NONE)
			break;
		const struct known *k = &s->known[guess];
		if (k->parent == parent && known_here(c, k))
			return guess;
	}
	return KNOWN_NONE;
}

/* The remembered key of this text, remembered now when it was not; KNOWN_NONE when the memory is full or the key too long. */
static uint16_t known_of(struct scan *c, uint16_t parent, struct span key)
{
	struct json_scratch *s = c->scratch;
	if (key.len + 2 > KNOWN_TEXT)
		return KNOWN_NONE;
	size_t slot = hash_pair(parent, hash_bytes(key)) & (KNOWN_SLOTS - 1);
	for (; s->slots[slot] != KNOWN_NONE; slot = (slot + 1) & (KNOWN_SLOTS - 1)) {
		const struct known *k = &s->known[s->slots[slot]];
		if (k->parent == parent && k->len == key.len + 2 && !memcmp(k->text, key.at, key.len))
			return s->slots[slot];
	}
	if (s->known_n == KNOWN_MAX)
		return KNOWN_NONE;
	struct known *k = &s->known[s->known_n];
	k->next[0] = k->next[1] = KNOWN_NONE;
	k->parent = parent;
	k->node = child_find(c->keys, parent, key);
	k->len = (unsigned char)(key.len + 2);
	memcpy(k->text, key.at, key.len);
	memcpy(k->text + key.len, "\":", 2);
	s->slots[slot] = s->known_n;
	return s->known_n++;
}

/* A key of an object of `parent`, its colon too, up to the value. False on bad JSON. */
static bool key_take(struct scan *c, uint16_t parent, uint16_t *node)
{
	if (c->at == c->end || *c->at != '"')
		return false;
	c->at++;
	*node = NODE_NONE;
	if (parent != NODE_NONE) {
		uint16_t guess = known_guess(c, parent);
		if (guess != KNOWN_NONE) {
			struct known *k = &c->scratch->known[guess];
			*node = k->node;
			c->at += k->len;
			c->guess = k->next;
			return true;
		}
	}
	struct span key;
	bool escaped;
	if (!string_take(c, &key, &escaped))
		return false;
	skip_blanks(c);
	if (c->at == c->end || *c->at++ != ':')
		return false;
	if (parent == NODE_NONE)
		return true;
	if (escaped) {
		*node = child_find(c->keys, parent, unescape(c, key));
		return true;
	}
	uint16_t known = known_of(c, parent, key);
	if (known == KNOWN_NONE) {
		*node = child_find(c->keys, parent, key);
		return true;
	}
	if (c->guess[0] != known) {
		c->guess[1] = c->guess[0];
		c->guess[0] = known;
	}
	*node = c->scratch->known[known].node;
	c->guess = c->scratch->known[known].next;
	return true;
}

/* ---- values ---- */

/* `node` is present; the first time in this line (of duplicate keys the first one counts). */
static inline bool first_time(struct scan *c, uint16_t node)
{
	struct json_scratch *s = c->scratch;
	if (node == NODE_NONE || s->seen[node] == s->line)
		return false;
	s->seen[node] = s->line;
	c->required_seen += c->keys->nodes[node].required;
	return true;
}

static void give(struct scan *c, uint16_t node, struct span value)
{
	for (int i = c->keys->nodes[node].uses; i >= 0; i = c->keys->uses[i].next) {
		const struct use *use = &c->keys->uses[i];
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
static bool open_value(struct scan *c, uint16_t node, struct level *levels, size_t *depth)
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
	if (*depth == LIMIT_JSON_DEPTH)
		return false;
	bool into = first && !array && c->keys->nodes[node].deeper;
	levels[(*depth)++] = (struct level){start, into ? node : NODE_NONE, first ? node : NODE_NONE, array};
	return true;
}

/* Behind a value: the comma, or the brackets that close here. *depth is 0 when the line's object is closed. */
static inline bool close_values(struct scan *c, struct level *levels, size_t *depth)
{
	while (*depth) {
		skip_blanks(c);
		if (c->at == c->end)
			return false;
		const struct level *level = &levels[*depth - 1];
		char byte = *c->at++;
		if (byte == ',')
			return true;
		if (byte != (level->array ? ']' : '}'))
			return false;
		if (level->given != NODE_NONE)
			give(c, level->given, (struct span){level->start, (size_t)(c->at - level->start)});
		(*depth)--;
	}
	return true;
}

static bool scan_object(struct scan *c)
{
	struct level levels[LIMIT_JSON_DEPTH];
	size_t depth = 0;
	/* The root is opened like any object, but under no path: NODE_ROOT has no uses. */
	if (!open_value(c, NODE_ROOT, levels, &depth))
		return false;
	while (depth) {
		const struct level *level = &levels[depth - 1];
		uint16_t node = NODE_NONE;
		size_t before = depth;
		skip_blanks(c);
		if (!level->array && !key_take(c, level->node, &node))
			return false;
		skip_blanks(c);
		if (c->at == c->end)
			return false;
		if (*c->at == '"') {
			if (!string_value(c, node))
				return false;
		} else if (*c->at == '{' || *c->at == '[') {
			if (!open_value(c, node, levels, &depth))
				return false;
			if (depth > before)
				continue;
		} else if (!plain_value(c, node)) {
			return false;
		}
		if (!close_values(c, levels, &depth))
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
	c.guess = s->first;
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
