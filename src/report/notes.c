#include "report/notes.h"

#include <stdlib.h>

#include "base/memory.h"

static void add_note(struct notes *notes, const struct json_t *object)
{
	static const char *const abouts[] = {"title", "summary", "text", "key", "signal"};
	struct note note = {.id = value_member_text(object, "id"), .text = value_member_text(object, "note")};
	if (!span_trim(note.text).len || !note.id.len)
		return;
	for (size_t i = 0; i < sizeof abouts / sizeof *abouts && !note.about.len; i++)
		note.about = value_member_text(object, abouts[i]);
	notes->items = memory_grow(notes->items, &notes->cap, notes->n + 1, sizeof *notes->items);
	notes->items[notes->n++] = note;
}

static void add_array(struct notes *notes, const struct json_t *array)
{
	for (size_t i = 0; i < value_count(array); i++)
		add_note(notes, value_at(array, i));
}

static void add_draft(struct notes *notes, const struct json_t *root)
{
	static const char *const arrays[] = {"incidents", "timeline", "findings", "bursts", "sources"};
	const struct json_t *incidents = value_get(root, "incidents");
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		add_array(notes, value_get(root, arrays[i]));
	for (size_t i = 0; i < value_count(incidents); i++) {
		add_array(notes, value_get(value_at(incidents, i), "changes"));
		add_array(notes, value_get(value_at(incidents, i), "findings"));
	}
}

static int by_id(const void *a, const void *b)
{
	const struct note *x = a, *y = b;
	int ids = span_compare(x->id, y->id);
	return ids ? ids : span_compare(x->text, y->text);
}

void notes_init(struct notes *notes, const struct json_t *root, const struct json_t *kept)
{
	size_t once = 0;
	*notes = (struct notes){0};
	add_draft(notes, root);
	if (kept)
		add_draft(notes, kept);
	if (notes->n)
		qsort(notes->items, notes->n, sizeof *notes->items, by_id);
	for (size_t i = 0; i < notes->n; i++)
		if (!once || by_id(&notes->items[once - 1], &notes->items[i]))
			notes->items[once++] = notes->items[i];
	notes->n = once;
}

void notes_release(struct notes *notes)
{
	memory_free(notes->items);
	*notes = (struct notes){0};
}

size_t notes_take(struct notes *notes, struct span id, size_t *first)
{
	size_t low = 0, high = notes->n, n = 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (span_compare(notes->items[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*first = low;
	while (low + n < notes->n && span_equal(notes->items[low + n].id, id))
		notes->items[low + n++].told = true;
	return n;
}
