#include "redact/redact.h"

#include "base/memory.h"
#include "redact/find.h"
#include "redact/places.h"
#include "tell/value.h"

enum { PATH_KINDS = 1u << REDACT_ADDRESS | 1u << REDACT_EMAIL };

struct redact {
	struct aliases aliases;
	unsigned kinds;
	struct text out;
	uint64_t places[REDACT_KIND_COUNT];
};

/* ---- through the tree ---- */

/* Where a walk stands: in an object or an array, at a member. */
struct level {
	struct json_t *value;
	void *place;	    /* of an object's member */
	size_t next;	    /* of an array's element */
	const char *around; /* key of what has one around this */
	const char *key;    /* of this */
};
struct walk {
	struct level *levels;
	size_t n, cap;
};

static void enter(struct walk *w, struct json_t *value, const char *around, const char *key)
{
	w->levels = memory_grow(w->levels, &w->cap, w->n + 1, sizeof *w->levels);
	w->levels[w->n++] = (struct level){value, NULL, 0, around, key};
}

/* The next string, in the order of the document; NULL: no more. `place`: what it is. */
static struct json_t *next_string(struct walk *w, enum place *place)
{
	while (w->n) {
		struct level *l = &w->levels[w->n - 1];
		bool array = value_kind(l->value) == VALUE_ARRAY;
		const char *key = l->key;
		struct json_t *v = array ? value_at(l->value, l->next++) : value_next(l->value, &l->place, &key);
		if (!v) {
			w->n--;
			continue;
		}
		enum value_kind kind = value_kind(v);
		if (kind == VALUE_ARRAY || kind == VALUE_OBJECT) {
			enter(w, v, array ? l->around : l->key, key);
			continue;
		}
		if (kind != VALUE_STRING)
			continue;
		/* A string of an array is called as the array; a member stands in the object, which is called as the array that it is in. */
		*place = array ? place_of(NULL, l->around, key) : place_of(l->value, l->key, key);
		return v;
	}
	return NULL;
}

/* ---- learning ---- */

/* Host and port of "10.0.0.5:5432", "[::1]:80", "db1:5432", "unix:/path". */
static struct span host_of(struct span value)
{
	struct redact_address a;
	size_t from = value.len && value.at[0] == '[';
	if (redact_address_at(value, from, &a))
		return (struct span){value.at + from, a.len};
	if (span_starts(value, SPAN("unix:")) || span_starts(value, SPAN("/")))
		return SPAN_NONE;
	ptrdiff_t colon = span_find_byte(value, ':');
	return colon < 0 ? value : span_head(value, (size_t)colon);
}

static bool is_local(struct span host)
{
	return !host.len || span_equal_nocase(host, SPAN("localhost")) || host.at[0] == '[' || host.at[0] == '/' || said_is_nobody(host);
}

/* What a field names as a whole. */
static void learn_field(struct redact *r, enum place place, struct span value)
{
	struct redact_placeholder p;
	struct redact_address a;
	struct found found;
	struct finder f;
	struct span host = place == PLACE_USER ? value : host_of(value);
	if (said_is_nobody(value) || is_local(host) || (redact_placeholder_at(host, 0, &p) && p.len == host.len) || (redact_address_at(host, 0, &a) && a.nobody))
		return;
	/* A name that is an address, or an e-mail address, is that. */
	find_begin(&f, host, REDACT_ALL & ~(1u << REDACT_USER), NULL);
	bool whole = find_next(&f, &found) && found.at == 0 && found.len == host.len;
	if (place == PLACE_SERVER && !whole)
		return; /* names of servers are those of our own machines, as in the paths of their logs */
	enum redact_kind kind = whole ? found.kind : place == PLACE_USER ? REDACT_USER : REDACT_ADDRESS;
	struct alias *e = aliases_learn(&r->aliases, kind, whole ? found.value : host);
	e->server |= place == PLACE_SERVER && e->kind == REDACT_ADDRESS;
	if (!whole)
		aliases_spread(&r->aliases, host, find_word(host));
}

static void learn_text(struct redact *r, struct span value)
{
	struct found found;
	struct finder f;
	find_begin(&f, value, r->kinds, NULL);
	while (find_next(&f, &found))
		if (found.sure && found.kind == REDACT_USER) {
			aliases_learn(&r->aliases, found.kind, found.value);
			aliases_spread(&r->aliases, found.value, find_word(found.value));
		}
}

/* Placeholders that are there already stay what they are. */
static void reserve(struct redact *r, struct span value)
{
	struct redact_placeholder p;
	for (size_t i = 0; i < value.len; i++)
		if (redact_placeholder_at(value, i, &p))
			aliases_reserve(&r->aliases, (struct span){value.at + i, p.len});
}

static void learn(struct redact *r, struct json_t *root)
{
	struct walk w = {0};
	enum place place;
	enter(&w, root, "", "");
	for (struct json_t *v; (v = next_string(&w, &place));) {
		struct span value = value_text(v);
		reserve(r, value);
		if (place == PLACE_USER || place == PLACE_HOST || place == PLACE_SERVER)
			learn_field(r, place, value);
		else if (place == PLACE_TEXT)
			learn_text(r, value);
	}
	memory_free(w.levels);
}

/* A role that is called as a program is no person: the program's name stays, and so does the role's. */
static void forgive_programs(struct redact *r, struct json_t *root)
{
	struct walk w = {0};
	enum place place;
	enter(&w, root, "", "");
	for (struct json_t *v; (v = next_string(&w, &place));) {
		struct alias *e = place == PLACE_PROGRAM ? aliases_find(&r->aliases, value_text(v)) : NULL;
		if (e && e->kind == REDACT_USER)
			e->forgiven = true;
	}
	memory_free(w.levels);
}

/* ---- telling ---- */

static void append_value(struct redact *r, enum redact_kind kind, struct span value, struct span shown)
{
	struct alias *e = aliases_learn(&r->aliases, kind, value);
	if (e->forgiven) {
		text_append(&r->out, shown);
		return;
	}
	aliases_append(&r->aliases, e, &r->out);
	r->places[e->kind]++;
}

/* Into r->out; false: nothing was found. */
static bool rewrite(struct redact *r, struct span in, unsigned kinds, bool names)
{
	struct found found;
	struct finder f;
	size_t done = 0;
	text_clear(&r->out);
	find_begin(&f, in, kinds, names ? &r->aliases : NULL);
	while (find_next(&f, &found)) {
		text_append(&r->out, (struct span){in.at + done, found.at - done});
		append_value(r, found.kind, found.value, (struct span){in.at + found.at, found.len});
		done = found.at + found.len;
	}
	text_append(&r->out, span_from(in, done));
	return done > 0;
}

/* A field that is one name, or an address with its port. */
static bool rewrite_field(struct redact *r, enum place place, struct span in)
{
	struct span host = place == PLACE_USER ? in : host_of(in);
	struct alias *e = host.len ? aliases_find(&r->aliases, host) : NULL;
	if (!e || !e->structured || e->forgiven || !(r->kinds >> e->kind & 1))
		return rewrite(r, in, r->kinds, true);
	text_clear(&r->out);
	text_append(&r->out, (struct span){in.at, (size_t)(host.at - in.at)});
	append_value(r, e->kind, host, host);
	text_append(&r->out, span_from(in, (size_t)(host.at - in.at) + host.len));
	return true;
}

static void tell(struct redact *r, struct json_t *root)
{
	struct walk w = {0};
	enum place place;
	enter(&w, root, "", "");
	for (struct json_t *v; (v = next_string(&w, &place));) {
		struct span value = value_text(v);
		bool changed = place == PLACE_TEXT   ? rewrite(r, value, r->kinds, true) :
			       place == PLACE_PATH   ? rewrite(r, value, r->kinds & PATH_KINDS, false) :
			       place == PLACE_PROGRAM ? rewrite(r, value, r->kinds, false) :
			       place == PLACE_USER || place == PLACE_HOST || place == PLACE_SERVER ? rewrite_field(r, place, value) :
												     false;
		if (changed)
			value_set_text(v, text_span(&r->out));
	}
	memory_free(w.levels);
}

/* ---- the summary ---- */

static bool was_done(const struct json_t *old, const char *name)
{
	const struct json_t *kinds = value_get(old, "kinds");
	for (size_t i = 0; i < value_count(kinds); i++)
		if (span_equal(value_text(value_at(kinds, i)), span_of(name)))
			return true;
	return false;
}

static int64_t count_before(const struct json_t *old, const char *kind, const char *member)
{
	const struct json_t *counts = value_get(old, "counts");
	for (size_t i = 0; i < value_count(counts); i++)
		if (span_equal(value_member_text(value_at(counts, i), "kind"), span_of(kind)))
			return value_member_int(value_at(counts, i), member);
	return 0;
}

static void summarize(const struct redact *r, struct json_t *root)
{
	char *names[REDACT_KIND_COUNT];
	size_t n = 0;
	int64_t values[REDACT_KIND_COUNT], places[REDACT_KIND_COUNT];
	const struct json_t *old = value_get(root, "redaction");
	for (enum redact_kind k = 0; k < REDACT_KIND_COUNT; k++) {
		const char *name = redact_kind_name(k);
		values[k] = count_before(old, name, "values");
		places[k] = count_before(old, name, "places") + (int64_t)r->places[k];
		if (r->kinds >> k & 1 || was_done(old, name))
			names[n++] = (char *)name;
	}
	for (size_t i = 0; i < r->aliases.n; i++)
		if (!r->aliases.entries[i].reserved && r->aliases.entries[i].number)
			values[r->aliases.entries[i].kind]++;
	struct json_t *o = value_put_object(root, "redaction");
	value_put_strings(o, "kinds", names, n);
	struct json_t *counts = value_put_array(o, "counts");
	for (enum redact_kind k = 0; k < REDACT_KIND_COUNT; k++)
		if (places[k]) {
			struct json_t *c = value_add_object(counts);
			value_put_string(c, "kind", redact_kind_name(k));
			value_put_int(c, "values", values[k]);
			value_put_int(c, "places", places[k]);
		}
}

/* ---- from outside ---- */

bool redact_read_kinds(struct span list, unsigned *kinds, struct span *wrong)
{
	*kinds = 0;
	do {
		enum redact_kind kind;
		*wrong = span_trim(span_cut(&list, ','));
		if (!redact_kind_named(*wrong, &kind))
			return false;
		*kinds |= 1u << kind;
	} while (list.len);
	return true;
}

struct redact *redact_document(struct json_t *root, unsigned kinds)
{
	struct redact *r = memory_new(1, sizeof *r);
	r->kinds = kinds;
	redact_also(r, root);
	summarize(r, root);
	return r;
}

void redact_also(struct redact *r, struct json_t *root)
{
	if (!r->kinds || !root)
		return;
	learn(r, root);
	forgive_programs(r, root);
	tell(r, root);
}

void redact_text(struct redact *r, struct span in, struct text *out)
{
	rewrite(r, in, r->kinds, true);
	text_append(out, text_span(&r->out));
}

void redact_free(struct redact *r)
{
	if (!r)
		return;
	aliases_release(&r->aliases);
	text_release(&r->out);
	memory_free(r);
}
