#include "report/contract.h"

#include "report/when.h"

/* What a place may hold. A member that is not there is fine unless it is asked for. */
enum shape {
	SHAPE_TEXT = 1,
	SHAPE_INT = 2,
	SHAPE_BOOL = 4,
	SHAPE_ARRAY = 8,
	SHAPE_OBJECT = 16,
	SHAPE_INSTANT = 32,
	SHAPE_NULL = 64,
	SHAPE_NEEDED = 128,
};

/* The draft's versions that are known here: within one there are only additions. */
static const char known_schema[] = "urn:onset:timeline:1";

enum { MOMENT = SHAPE_OBJECT | SHAPE_NULL, MAYBE_INSTANT = SHAPE_INSTANT | SHAPE_NULL, MAYBE_INT = SHAPE_INT | SHAPE_NULL,
       MAYBE_TEXT = SHAPE_TEXT | SHAPE_NULL };

/* A path of members, `[]` for each element of an array. A row stands behind those of what holds it. */
static const struct rule {
	const char *path;
	unsigned shapes;
} rules[] = {
	{"generator", SHAPE_OBJECT | SHAPE_NEEDED},
	{"generator.version", SHAPE_TEXT},
	{"window", SHAPE_OBJECT | SHAPE_NEEDED},
	{"window.start", MAYBE_INSTANT},
	{"window.end", MAYBE_INSTANT},
	{"asked", SHAPE_OBJECT | SHAPE_NULL},
	{"summary", SHAPE_OBJECT | SHAPE_NEEDED},
	{"summary.incident", MAYBE_TEXT},
	{"summary.title", MAYBE_TEXT},
	{"summary.reason", MAYBE_TEXT},
	{"incidents", SHAPE_ARRAY | SHAPE_NEEDED},
	{"incidents[]", SHAPE_OBJECT},
	{"incidents[].id", SHAPE_TEXT | SHAPE_NEEDED},
	{"incidents[].title", SHAPE_TEXT | SHAPE_NEEDED},
	{"incidents[].onset", SHAPE_OBJECT | SHAPE_NEEDED},
	{"incidents[].onset.at", MAYBE_INSTANT},
	{"incidents[].onset.lower", MAYBE_INSTANT},
	{"incidents[].onset.upper", MAYBE_INSTANT},
	{"incidents[].end", SHAPE_OBJECT | SHAPE_NEEDED},
	{"incidents[].end.at", MAYBE_INSTANT},
	{"incidents[].peak", MOMENT},
	{"incidents[].ongoing", SHAPE_BOOL},
	{"incidents[].refusals", SHAPE_ARRAY},
	{"incidents[].refusals[]", SHAPE_OBJECT},
	{"incidents[].refused", MAYBE_INT},
	{"incidents[].impact", SHAPE_OBJECT},
	{"incidents[].impact.requests", MAYBE_INT},
	{"incidents[].impact.failed", MAYBE_INT},
	{"incidents[].impact.endpoints", SHAPE_ARRAY},
	{"incidents[].impact.endpoints[]", SHAPE_OBJECT},
	{"incidents[].holders", SHAPE_OBJECT},
	{"incidents[].holders.items", SHAPE_ARRAY},
	{"incidents[].propagation", SHAPE_ARRAY},
	{"incidents[].propagation[]", SHAPE_OBJECT},
	{"incidents[].propagation[].tier", SHAPE_TEXT | SHAPE_NEEDED},
	{"incidents[].propagation[].onset", MOMENT},
	{"incidents[].causes", SHAPE_ARRAY},
	{"incidents[].causes[]", SHAPE_OBJECT},
	{"incidents[].causes[].cause", SHAPE_TEXT | SHAPE_NEEDED},
	{"incidents[].causes[].score", SHAPE_INT},
	{"incidents[].causes[].terms", SHAPE_ARRAY},
	{"incidents[].causes[].terms[]", SHAPE_OBJECT},
	{"incidents[].causes[].for", SHAPE_ARRAY},
	{"incidents[].causes[].for[]", SHAPE_TEXT},
	{"incidents[].causes[].against", SHAPE_ARRAY},
	{"incidents[].causes[].against[]", SHAPE_TEXT},
	{"incidents[].considered", SHAPE_ARRAY},
	{"incidents[].considered[]", SHAPE_OBJECT},
	{"incidents[].changes", SHAPE_ARRAY},
	{"incidents[].changes[]", SHAPE_OBJECT},
	{"incidents[].changes[].summary", SHAPE_TEXT | SHAPE_NEEDED},
	{"incidents[].changes[].at", MOMENT},
	{"incidents[].changes[].tests", SHAPE_ARRAY},
	{"incidents[].changes[].tests[]", SHAPE_OBJECT},
	{"incidents[].measures", SHAPE_ARRAY},
	{"incidents[].measures[]", SHAPE_OBJECT},
	{"incidents[].findings", SHAPE_ARRAY},
	{"incidents[].findings[]", SHAPE_OBJECT},
	{"bursts", SHAPE_ARRAY | SHAPE_NEEDED},
	{"bursts[]", SHAPE_OBJECT},
	{"bursts[].id", SHAPE_TEXT | SHAPE_NEEDED},
	{"bursts[].count", SHAPE_INT},
	{"timeline", SHAPE_ARRAY | SHAPE_NEEDED},
	{"timeline[]", SHAPE_OBJECT},
	{"timeline[].id", SHAPE_TEXT | SHAPE_NEEDED},
	{"timeline[].at", SHAPE_INSTANT | SHAPE_NEEDED},
	{"timeline[].end", MAYBE_INSTANT},
	{"timeline[].uncertainty_us", SHAPE_INT},
	{"timeline[].tier", SHAPE_TEXT},
	{"timeline[].kind", SHAPE_TEXT},
	{"timeline[].severity", SHAPE_TEXT},
	{"timeline[].summary", SHAPE_TEXT | SHAPE_NEEDED},
	{"timeline[].evidence", SHAPE_ARRAY},
	{"timeline[].evidence[]", SHAPE_OBJECT},
	{"timeline[].links", SHAPE_ARRAY},
	{"timeline[].links[]", SHAPE_OBJECT},
	{"findings", SHAPE_ARRAY},
	{"findings[]", SHAPE_OBJECT},
	{"sources", SHAPE_ARRAY | SHAPE_NEEDED},
	{"sources[]", SHAPE_OBJECT},
	{"sources[].id", SHAPE_TEXT | SHAPE_NEEDED},
	{"sources[].key", SHAPE_TEXT | SHAPE_NEEDED},
	{"sources[].tier", SHAPE_TEXT | SHAPE_NEEDED},
	{"sources[].lines", SHAPE_INT},
	{"sources[].first", MAYBE_INSTANT},
	{"sources[].last", MAYBE_INSTANT},
	{"sources[].gaps", SHAPE_ARRAY},
	{"sources[].gaps[]", SHAPE_OBJECT},
	{"sources[].gaps[].start", SHAPE_INSTANT | SHAPE_NEEDED},
	{"sources[].gaps[].end", SHAPE_INSTANT | SHAPE_NEEDED},
	{"topology", SHAPE_OBJECT},
	{"topology.calls", SHAPE_ARRAY},
	{"topology.calls[]", SHAPE_OBJECT},
	{"topology.upstreams", SHAPE_ARRAY},
	{"topology.upstreams[]", SHAPE_OBJECT},
	{"series", SHAPE_ARRAY | SHAPE_NEEDED},
	{"series[]", SHAPE_OBJECT},
	{"series[].name", SHAPE_TEXT | SHAPE_NEEDED},
	{"series[].width_us", SHAPE_INT | SHAPE_NEEDED},
	{"series[].points", SHAPE_ARRAY | SHAPE_NEEDED},
	{"series[].points[]", SHAPE_OBJECT},
	{"series[].points[].at", SHAPE_INSTANT | SHAPE_NEEDED},
	{"series[].points[].value", SHAPE_INT | SHAPE_NEEDED},
	{"unknowns", SHAPE_ARRAY},
	{"unknowns[]", SHAPE_OBJECT},
};

static unsigned shape_of(const struct json_t *value)
{
	switch (value_kind(value)) {
	case VALUE_NULL:
		return SHAPE_NULL;
	case VALUE_BOOL:
		return SHAPE_BOOL;
	case VALUE_INT:
		return SHAPE_INT;
	case VALUE_STRING:
		return SHAPE_TEXT | (when_read(value) == INSTANT_NONE ? 0u : (unsigned)SHAPE_INSTANT);
	case VALUE_ARRAY:
		return SHAPE_ARRAY;
	case VALUE_OBJECT:
		return SHAPE_OBJECT;
	case VALUE_NONE:
	case VALUE_REAL:
	case VALUE_KINDS:
		break;
	}
	return 0;
}

static void append_shapes(struct text *out, unsigned shapes)
{
	static const char *const names[] = {"a string", "an integer", "true or false", "an array", "an object", "an instant (RFC 3339)", "null"};
	bool any = false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (shapes >> i & 1) {
			text_append_string(out, any ? " or " : "");
			text_append_string(out, names[i]);
			any = true;
		}
}

/* A place in the tree while a rule's path is walked: the arrays on the way, and the element of each. */
enum { MOST_ARRAYS = 4 };
struct walk {
	const struct json_t *arrays[MOST_ARRAYS];
	size_t at[MOST_ARRAYS], n;
};

static bool fail(const char *path, const struct walk *w, const struct json_t *value, unsigned shapes, const char *name, struct diag *d)
{
	struct text place = {0}, wanted = {0};
	size_t array = 0;
	for (const char *c = path; *c; c++)
		if (*c == '[')
			text_format(&place, "[%zu", w->at[array++]);
		else
			text_append_byte(&place, *c);
	append_shapes(&wanted, shapes);
	diag_set(d, "\"%s\" is no draft: %s is %s%s, not %s", name, place.at, value_kind_name(value_kind(value)),
		 value_kind(value) == VALUE_STRING ? " of another form" : "", wanted.at);
	diag_hint(d, "What is asked for is the JSON that `onset draft` writes.");
	text_release(&place);
	text_release(&wanted);
	return false;
}

/* The value at the path under the elements that the walk stands at; pushes an array of which it stands at none yet. */
static const struct json_t *follow(const struct json_t *root, const char *path, struct walk *w)
{
	const struct json_t *value = root;
	size_t array = 0;
	while (*path && value) {
		if (*path == '[') {
			if (array == w->n) {
				w->arrays[w->n] = value;
				w->at[w->n++] = 0;
			}
			value = value_at(value, w->at[array++]);
			path += 2;
			continue;
		}
		path += *path == '.';
		size_t len = strcspn(path, ".[");
		char key[40] = {0};
		memcpy(key, path, len < sizeof key - 1 ? len : sizeof key - 1);
		value = value_get(value, key);
		path += len;
	}
	return value;
}

/* Moves to the next element of the innermost array that has one. */
static bool next(struct walk *w)
{
	while (w->n) {
		if (++w->at[w->n - 1] < value_count(w->arrays[w->n - 1]))
			return true;
		w->n--;
	}
	return false;
}

static bool keeps(const struct json_t *root, const struct rule *rule, const char *name, struct diag *d)
{
	struct walk w = {0};
	/* The object that has the member: where there is none, nothing is missing in it. */
	char holder[80] = {0};
	const char *dot = strrchr(rule->path, '.');
	memcpy(holder, rule->path, dot ? (size_t)(dot - rule->path) : 0);
	do {
		struct walk inside = w;
		const struct json_t *in = follow(root, holder, &inside);
		const struct json_t *value = follow(root, rule->path, &w);
		bool element = rule->path[strlen(rule->path) - 1] == ']';
		if (value ? !(shape_of(value) & rule->shapes) : (rule->shapes & SHAPE_NEEDED) && !element && value_kind(in) == VALUE_OBJECT)
			return fail(rule->path, &w, value, rule->shapes, name, d);
	} while (next(&w));
	return true;
}

bool contract_is_draft(const struct json_t *root, const char *name, struct diag *d)
{
	struct span schema = value_member_text(root, "schema");
	if (value_kind(root) != VALUE_OBJECT || !span_equal(schema, span_of(known_schema))) {
		if (schema.len && schema.len < 100)
			diag_set(d, "\"%s\" is no draft that is known here: its schema is \"%.*s\", not \"%s\"", name, (int)schema.len,
				 schema.at, known_schema);
		else
			diag_set(d, "\"%s\" is no draft: its `schema` is not \"%s\"", name, known_schema);
		diag_hint(d, "What is asked for is the JSON that `onset draft` writes.");
		return false;
	}
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (!keeps(root, &rules[i], name, d))
			return false;
	return true;
}
