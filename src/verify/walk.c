#include "verify/walk.h"

#include "base/memory.h"

static void enter(struct walk *w, const struct json_t *container)
{
	w->steps = memory_grow(w->steps, &w->cap, w->n + 1, sizeof *w->steps);
	w->steps[w->n++] = (struct walk_step){.container = container};
}

void walk_begin(struct walk *w, const struct json_t *root)
{
	*w = (struct walk){0};
	enter(w, root);
}

static const struct json_t *step_next(struct walk_step *s)
{
	if (value_kind(s->container) == VALUE_ARRAY) {
		s->index += s->given != NULL;
		s->given = value_at(s->container, s->index);
	} else {
		s->given = value_next(s->container, &s->member, &s->key);
	}
	return s->given;
}

const struct json_t *walk_next(struct walk *w)
{
	const struct json_t *last = w->n ? w->steps[w->n - 1].given : NULL;
	enum value_kind kind = w->skip ? VALUE_NONE : value_kind(last);
	w->skip = false;
	if (kind == VALUE_ARRAY || kind == VALUE_OBJECT)
		enter(w, last);
	for (; w->n; w->n--) {
		const struct json_t *next = step_next(&w->steps[w->n - 1]);
		if (next)
			return next;
	}
	return NULL;
}

void walk_skip(struct walk *w)
{
	w->skip = true;
}

struct span walk_key(const struct walk *w)
{
	return span_of(w->n ? w->steps[w->n - 1].key : NULL);
}

/* ".key", "[id]" or "[7]", as much of it as one step may say. */
static void step_name(const struct walk_step *s, bool first, struct text *out)
{
	enum { MOST = 60 };
	struct span id = value_member_text(s->given, "id");
	text_clear(out);
	if (value_kind(s->container) != VALUE_ARRAY) {
		text_append_string(out, first ? "" : ".");
		text_append_printable(out, span_head(span_of(s->key), MOST));
	} else if (id.len && id.len <= MOST) {
		text_append_byte(out, '[');
		text_append_printable(out, id);
		text_append_byte(out, ']');
	} else {
		text_format(out, "[%zu]", s->index);
	}
}

void walk_place(const struct walk *w, struct text *out)
{
	struct text name = {0};
	size_t from = w->n, len = 0;
	while (from) {
		step_name(&w->steps[from - 1], from == 1, &name);
		if (len + name.len > WALK_PLACE_BYTES && from < w->n)
			break;
		len += name.len;
		from--;
	}
	text_append_string(out, from ? "..." : "");
	for (; from < w->n; from++) {
		step_name(&w->steps[from], !from, &name);
		text_append(out, text_span(&name));
	}
	text_release(&name);
}

void walk_release(struct walk *w)
{
	memory_free(w->steps);
	*w = (struct walk){0};
}
