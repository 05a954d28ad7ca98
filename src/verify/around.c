#include "verify/around.h"

#include "read/lines.h"

/* The lines before the one at hand. */
struct before {
	struct text texts[AROUND_LINES]; /* line i stands in texts[i % AROUND_LINES] */
};
struct around {
	struct text *out;
	uint64_t shown; /* the number of the line that was shown last; 0: none */
	uint64_t until; /* lines up to this one are shown as neighbours */
};

static void show(struct around *a, char mark, uint64_t number, struct span text)
{
	if (a->shown && number > a->shown + 1)
		text_append_string(a->out, "        ...\n");
	text_format(a->out, "%c %8llu  ", mark, (unsigned long long)number);
	text_append_printable(a->out, span_head(text, AROUND_LINE_BYTES));
	text_append_string(a->out, text.len > AROUND_LINE_BYTES ? "...\n" : "\n");
	a->shown = number;
}

static void show_before(struct around *a, const struct before *b, uint64_t number)
{
	uint64_t first = number > AROUND_LINES ? number - AROUND_LINES : 1;
	for (uint64_t i = first; i < number; i++)
		if (i > a->shown)
			show(a, ' ', i, text_span(&b->texts[i % AROUND_LINES]));
}

static void keep(struct before *b, const struct line *line)
{
	struct text *t = &b->texts[line->number % AROUND_LINES];
	text_clear(t);
	text_append(t, span_head(line->text, AROUND_LINE_BYTES + 1));
}

static uint64_t end_of(const struct claim_line *c)
{
	return c->offset + (c->length ? c->length : 1);
}

/* Whether the line is one of a place's. Passes over the places that end before it. */
static bool is_marked(const struct claim_line *const *lines, size_t n, size_t *next, const struct line *line)
{
	while (*next < n && end_of(lines[*next]) <= line->offset)
		++*next;
	for (size_t i = *next; i < n && lines[i]->offset <= line->offset + line->length; i++)
		if (end_of(lines[i]) > line->offset && line->number < lines[i]->line + AROUND_RECORD_LINES)
			return true;
	return false;
}

void around_append(struct input *in, uint64_t start, uint64_t bytes, const struct claim_line *const *lines, size_t n, struct text *out)
{
	struct inflate *inflate = inflate_new(in);
	struct lines reader;
	struct line line;
	struct before before = {0};
	struct around a = {.out = out};
	size_t next = 0;
	inflate_confine(inflate, start, bytes);
	lines_init(&reader, inflate);
	while ((next < n || a.until) && lines_next(&reader, &line)) {
		if (is_marked(lines, n, &next, &line)) {
			show_before(&a, &before, line.number);
			show(&a, '>', line.number, line.text);
			a.until = line.number + AROUND_LINES;
		} else if (line.number <= a.until) {
			show(&a, ' ', line.number, line.text);
		} else {
			a.until = 0;
		}
		keep(&before, &line);
	}
	lines_release(&reader);
	inflate_free(inflate);
	for (size_t i = 0; i < AROUND_LINES; i++)
		text_release(&before.texts[i]);
}
