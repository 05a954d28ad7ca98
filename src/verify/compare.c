#include "verify/compare.h"

#include <stdlib.h>

#include "base/memory.h"

enum { MOST_DEPTH = 64, PLACE_BYTES = 120, SHOWN_BYTES = 60 };

/* A list's element by its id. */
struct item {
	struct span id;
	const struct json_t *value;
	size_t index;
	bool taken;
};
/* A pair of containers on the way down: first what was told, then what was only recounted. */
struct level {
	const struct json_t *told, *again;
	bool behind;   /* what was told was looked at */
	void *member;  /* of objects: value_next() */
	size_t index;  /* of lists: the next element */
	struct item *items; /* of `again`, by id; NULL: they have none */
	size_t items_n, place_len;
};
struct pair {
	const struct json_t *told, *again; /* NULL: it is not there */
};
struct comparison {
	struct level levels[MOST_DEPTH];
	size_t n;
	struct text place; /* of the pair at hand */
	struct result *result;
};

static int item_order(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = span_compare(x->id, y->id);
	return order ? order : x->index < y->index ? -1 : x->index > y->index;
}

static struct span id_of(const struct json_t *value)
{
	return value_member_text(value, "id");
}

static bool have_ids(const struct json_t *array)
{
	size_t n = value_kind(array) == VALUE_ARRAY ? value_count(array) : 0;
	for (size_t i = 0; i < n; i++)
		if (!id_of(value_at(array, i)).len)
			return false;
	return n;
}

static void enter(struct comparison *c, const struct json_t *told, const struct json_t *again)
{
	struct level *l = &c->levels[c->n++];
	*l = (struct level){.told = told, .again = again, .place_len = c->place.len};
	if (!have_ids(told) || !have_ids(again))
		return;
	l->items_n = value_count(again);
	l->items = memory_new(l->items_n, sizeof *l->items);
	for (size_t i = 0; i < l->items_n; i++)
		l->items[i] = (struct item){id_of(value_at(again, i)), value_at(again, i), i, false};
	qsort(l->items, l->items_n, sizeof *l->items, item_order);
}

/* The recounted element of an id; the second time there is none. */
static const struct json_t *take(struct level *l, struct span id)
{
	size_t low = 0, high = l->items_n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (span_compare(l->items[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == l->items_n || l->items[low].taken || !span_equal(l->items[low].id, id))
		return NULL;
	l->items[low].taken = true;
	return l->items[low].value;
}

/* Longer names than ours are a stranger's. */
static void name(struct comparison *c, const char *before, struct span what, const char *behind)
{
	if (c->place.len > PLACE_BYTES)
		return;
	text_append_string(&c->place, c->place.len || *before != '.' ? before : "");
	text_append_printable(&c->place, span_head(what, 40));
	text_append_string(&c->place, behind);
}

static bool is_aside(const struct comparison *c, struct span key)
{
	return span_equal(key, SPAN("note")) || (c->n == 1 && span_equal(key, SPAN("generator")));
}

static bool next_member(struct comparison *c, struct level *l, struct pair *pair)
{
	for (;;) {
		const char *key = NULL;
		const struct json_t *value = value_next(l->behind ? l->again : l->told, &l->member, &key);
		if (!value && l->behind)
			return false;
		if (!value) {
			l->behind = true;
			l->member = NULL;
		} else if (!is_aside(c, span_of(key)) && !(l->behind && value_get(l->told, key))) {
			*pair = l->behind ? (struct pair){NULL, value} : (struct pair){value, value_get(l->again, key)};
			name(c, ".", span_of(key), "");
			return true;
		}
	}
}

static void name_element(struct comparison *c, const struct json_t *value, size_t index)
{
	struct text number = {0};
	struct span id = id_of(value);
	text_append_int(&number, (int64_t)index);
	name(c, "[", id.len ? id : text_span(&number), "]");
	text_release(&number);
}

static bool next_element(struct comparison *c, struct level *l, struct pair *pair)
{
	size_t told_n = value_count(l->told);
	if (!l->behind && l->index == told_n) {
		l->behind = true;
		l->index = l->items ? 0 : told_n;
	}
	while (l->behind && l->items && l->index < l->items_n && l->items[l->index].taken)
		l->index++;
	if (!l->behind) {
		pair->told = value_at(l->told, l->index);
		pair->again = l->items ? take(l, id_of(pair->told)) : value_at(l->again, l->index);
	} else if (l->index < value_count(l->again)) {
		*pair = (struct pair){NULL, l->items ? l->items[l->index].value : value_at(l->again, l->index)};
	} else {
		return false;
	}
	name_element(c, pair->told ? pair->told : pair->again, l->index++);
	return true;
}

/* The next pair of the innermost level that has one; false at the end. */
static bool next(struct comparison *c, struct pair *pair)
{
	for (; c->n; c->n--) {
		struct level *l = &c->levels[c->n - 1];
		c->place.len = l->place_len;
		if (value_kind(l->told) == VALUE_ARRAY ? next_element(c, l, pair) : next_member(c, l, pair))
			return true;
		memory_free(l->items);
	}
	return false;
}

/* Enough of a value to see how it differs: from a little before the first byte that does. */
static void show(struct text *out, const struct json_t *value, size_t from)
{
	int64_t n;
	struct span text = value_text(value);
	if (value_kind(value) == VALUE_STRING) {
		while (from && ((unsigned char)text.at[from] & 0xC0) == 0x80)
			from--;
		text_append_string(out, from ? "\"..." : "\"");
		size_t len = SHOWN_BYTES;
		text = span_from(text, from);
		while (len < text.len && len && ((unsigned char)text.at[len] & 0xC0) == 0x80)
			len--;
		text_append(out, span_head(text, len));
		text_append_string(out, len < text.len ? "...\"" : "\"");
	} else if (value_int(value, &n)) {
		text_append_int(out, n);
	} else if (value_kind(value) == VALUE_BOOL) {
		text_append_string(out, value_is_true(value) ? "true" : "false");
	} else if (value_kind(value) == VALUE_ARRAY) {
		text_format(out, "a list of %zu", value_count(value));
	} else {
		text_append_string(out, value_kind_name(value_kind(value)));
	}
}

static bool equal(const struct json_t *told, const struct json_t *again)
{
	int64_t x, y;
	enum value_kind kind = value_kind(told);
	if (kind != value_kind(again))
		return false;
	if (kind == VALUE_STRING)
		return span_equal(value_text(told), value_text(again));
	if (kind == VALUE_INT)
		return value_int(told, &x) && value_int(again, &y) && x == y;
	return kind == VALUE_NULL || (kind == VALUE_BOOL && value_is_true(told) == value_is_true(again));
}

static void differ(struct comparison *c, const struct pair *pair)
{
	struct text t = {0};
	enum result_word word = pair->again ? RESULT_DIFFERS : RESULT_MISSING;
	if (result_wants(c->result, RESULT_VALUES, word)) {
		struct span x = value_text(pair->told), y = value_text(pair->again);
		size_t same = 0;
		while (same < x.len && same < y.len && x.at[same] == y.at[same])
			same++;
		same = same > SHOWN_BYTES / 2 ? same - SHOWN_BYTES / 4 : 0;
		text_append(&t, text_span(&c->place));
		if (pair->told) {
			text_append_string(&t, ": told ");
			show(&t, pair->told, same);
			text_append_string(&t, pair->again ? ", recounted " : ", not found when recounted");
		} else {
			text_append_string(&t, ": recounted, not told: ");
		}
		if (pair->again)
			show(&t, pair->again, same);
	}
	result_trouble(c->result, RESULT_VALUES, word, NULL, t.at ? t.at : "");
	text_release(&t);
}

static bool is_container(const struct json_t *value)
{
	return value_kind(value) == VALUE_OBJECT || value_kind(value) == VALUE_ARRAY;
}

static void compare(struct comparison *c)
{
	struct pair pair;
	while (next(c, &pair)) {
		/* As deep as what we made ourselves: a told value is entered only where that has one of its kind. */
		if (is_container(pair.told) && value_kind(pair.told) == value_kind(pair.again) && c->n < MOST_DEPTH)
			enter(c, pair.told, pair.again);
		else if (equal(pair.told, pair.again))
			result_hold(c->result, RESULT_VALUES, 1);
		else
			differ(c, &pair);
	}
	text_release(&c->place);
}

void compare_drafts(const struct json_t *told, const struct json_t *recounted, struct result *r)
{
	struct comparison c = {.result = r};
	enter(&c, told, recounted);
	compare(&c);
}

/* What a source says that follows from its own files alone. */
static const char *const own_members[] = {"lines", "records", "joined", "attached", "unparsed", "blank", "cut", "format", "layout", "stream",
					  "format_known", "certainty_ppm", "samples"};

static const struct json_t *source_of(const struct json_t *draft, struct span id)
{
	const struct json_t *sources = value_get(draft, "sources");
	for (size_t i = 0; i < value_count(sources); i++)
		if (span_equal(id_of(value_at(sources, i)), id))
			return value_at(sources, i);
	return NULL;
}

void compare_sources(const struct json_t *told, const struct json_t *recounted, const bool *whole, struct result *r)
{
	const struct json_t *sources = value_get(told, "sources");
	for (size_t i = 0; i < value_count(sources); i++) {
		const struct json_t *source = value_at(sources, i), *again = source_of(recounted, id_of(source));
		for (size_t k = 0; whole[i] && k < sizeof own_members / sizeof *own_members; k++) {
			struct comparison c = {.result = r};
			struct pair pair = {value_get(source, own_members[k]), value_get(again, own_members[k])};
			text_append_string(&c.place, "sources");
			name_element(&c, source, i);
			name(&c, ".", span_of(own_members[k]), "");
			if (is_container(pair.told) && value_kind(pair.told) == value_kind(pair.again)) {
				enter(&c, pair.told, pair.again);
				compare(&c);
			} else if (equal(pair.told, pair.again)) {
				result_hold(r, RESULT_VALUES, 1);
			} else {
				differ(&c, &pair);
			}
			text_release(&c.place);
		}
	}
}
