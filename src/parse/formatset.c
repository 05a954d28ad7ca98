#include "parse/format.h"

#include "base/memory.h"
#include "split/template.h"
#include "parse/compile.h"

static size_t place_of(const struct format_set *set, struct span name, bool *found)
{
	size_t low = 0, high = set->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = span_compare(span_of(set->formats[middle]->name), name);
		if (!order) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = false;
	return low;
}

bool format_set_add(struct format_set *set, struct pattern_file *file, struct diag *d)
{
	struct format *f = format_compile(file, d);
	if (!f)
		return false;
	f->file = *file;
	*file = (struct pattern_file){0};
	bool found;
	size_t at = place_of(set, span_of(f->name), &found);
	if (found) {
		format_free(set->formats[at]);
		set->formats[at] = f;
		return true;
	}
	set->formats = memory_grow(set->formats, &set->cap, set->n + 1, sizeof *set->formats);
	memmove(set->formats + at + 1, set->formats + at, (set->n - at) * sizeof *set->formats);
	set->formats[at] = f;
	set->n++;
	return true;
}

const struct format *format_set_find(const struct format_set *set, struct span name)
{
	bool found;
	size_t at = place_of(set, name, &found);
	return found ? set->formats[at] : NULL;
}

void format_set_release(struct format_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		format_free(set->formats[i]);
	memory_free(set->formats);
	*set = (struct format_set){0};
}

/* The first format of a kind that has layouts: nginx_access, nginx_stream, postgresql, haproxy, or what a user replaced them
 * with. */
static const struct format *base_of(const struct format_set *set, enum format_kind kind, bool stream)
{
	for (size_t i = 0; i < set->n; i++) {
		if (set->formats[i]->kind == kind && set->formats[i]->stream == stream)
			return set->formats[i];
	}
	return NULL;
}

static struct format *stated_layout(const struct format_set *set, enum format_kind kind, struct span language,
				    struct span layout, struct diag *d)
{
	const struct format *base = base_of(set, kind, span_equal(language, SPAN("nginx-stream")));
	if (!base) {
		diag_set(d, "no pattern file says what a %.*s format is", (int)language.len, language.at);
		return NULL;
	}
	size_t column = 0;
	struct diag inner = {0};
	struct format *f = format_of_layout(base, layout, &inner, &column);
	if (!f) {
		column = column < layout.len ? column : layout.len;
		struct span rest = span_head(span_from(layout, column), 60);
		diag_set(d, "--format %.*s: %s, at \"%.*s\"", (int)language.len, language.at, inner.what, (int)rest.len,
			 rest.at);
		diag_hint(d, "%s", inner.hint);
		return NULL;
	}
	/* A format that only the stream module can write says so itself. */
	base = base_of(set, kind, true);
	if (kind == FORMAT_NGINX && !f->stream && base && template_is_stream(f->layouts[0].template)) {
		format_free(f);
		f = format_of_layout(base, layout, &inner, &column);
	}
	return f;
}

struct format *format_stated(const struct format_set *set, struct span text, struct diag *d)
{
	struct span rest = text;
	struct span language = span_cut(&rest, ':');
	enum format_kind kind;
	if (format_language(language, &kind)) {
		if (rest.at != text.at + text.len || span_ends(text, SPAN(":")))
			return stated_layout(set, kind, language, rest, d);
	}
	bool found;
	size_t at = place_of(set, text, &found);
	if (found)
		return set->formats[at];
	diag_set(d, "there is no format \"%.*s\"", (int)(text.len < 80 ? text.len : 80), text.at);
	diag_hint(d, "\"onset check\" lists them; or nginx:LOG_FORMAT, postgresql:LOG_LINE_PREFIX, haproxy:LOG_FORMAT.");
	return NULL;
}

bool format_prefer_layout(struct format *f, struct span layout, struct diag *d, size_t *column)
{
	size_t at = 0;
	while (at < f->layouts_n && !span_equal(span_of(f->layouts[at].text), layout))
		at++;
	if (at == f->layouts_n && (at >= FORMAT_LAYOUTS || !format_add_layout(f, layout, d, column)))
		return false;
	struct format_layout first = f->layouts[at];
	memmove(f->layouts + 1, f->layouts, at * sizeof *f->layouts);
	f->layouts[0] = first;
	return true;
}
