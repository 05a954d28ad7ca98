#include "config/eventfile.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"
#include "config/eventexport.h"
#include "config/jsoncut.h"
#include "line/jsonline.h"

/* The keys borrow fields of records to be found under: `kind` has none of its own among those of logs. */
enum { FIELD_KIND = FIELD_COMMAND_TAG, FIELD_BY = FIELD_USER, SHOWN_BYTES = 80 };

/* What is being read, and where it stands. */
struct place {
	const char *path;
	struct span bytes;  /* of the file */
	struct span object; /* of which the messages are */
	struct span counted; /* from the file's start up to where `line` counts */
	uint64_t line;
	struct diag *d;
};

/* The line, from 1, in which `at` stands: objects come in the order of the file. */
static uint64_t line_of(struct place *p, const char *at)
{
	if (at < p->counted.at + p->counted.len) {
		p->counted.len = 0;
		p->line = 1;
	}
	const char *from = p->counted.at + p->counted.len;
	for (const char *end; (end = memchr(from, '\n', (size_t)(at - from))); from = end + 1)
		p->line++;
	p->counted.len = (size_t)(at - p->counted.at);
	return p->line;
}

/* `at` stands in the file. The path's tail says more than its start. */
static bool fail_at(struct place *p, const char *at, const char *what, struct span quoted, const char *hint)
{
	struct span path = span_of(p->path);
	struct text shown = {0};
	const char *line = at;
	while (line > p->bytes.at && line[-1] != '\n')
		line--;
	path = path.len > SHOWN_BYTES ? span_from(path, path.len - SHOWN_BYTES) : path;
	text_append_printable(&shown, span_head(quoted, SHOWN_BYTES));
	diag_set(p->d, "%.*s:%llu:%zu: %s%s%s%s", (int)path.len, path.at, (unsigned long long)line_of(p, at), (size_t)(at - line) + 1, what,
		 quoted.len ? " \"" : "", shown.at ? shown.at : "", quoted.len ? "\"" : "");
	diag_hint(p->d, "%s", hint);
	text_release(&shown);
	return false;
}

/* Where the value of `key` stands: an unescaped one lies in the scanner's scratch, then it is its key that is shown. */
static const char *place_of(const struct place *p, struct span value, struct span quoted_key)
{
	if ((uintptr_t)value.at - (uintptr_t)p->object.at <= p->object.len)
		return value.at;
	ptrdiff_t at = span_find(p->object, quoted_key);
	return p->object.at + (at < 0 ? 0 : at);
}

static bool take_kind(struct place *p, const struct record *r, enum event_kind *kind)
{
	struct span name = record_get(r, (enum field)FIELD_KIND);
	if (statedevent_kind_find(name, kind))
		return true;
	struct text list = {0};
	for (size_t i = 0; i < EVENT_KIND_COUNT; i++) {
		text_append_string(&list, i ? ", " : "One of ");
		text_append_string(&list, statedevent_kind_name((enum event_kind)i));
	}
	text_append_byte(&list, '.');
	fail_at(p, place_of(p, name, SPAN("\"kind\"")), name.len ? "unknown kind" : "the kind is empty", name, list.at);
	text_release(&list);
	return false;
}

/* The record's fields as an event. */
static bool take_fields(struct place *p, const struct record *r, struct stated_event *e)
{
	const char *hint;
	struct span at = record_get(r, FIELD_TIMESTAMP), text = span_trim(record_get(r, FIELD_MESSAGE));
	if (!instant_parse_stated(at, &e->at_us, &e->resolution_us, &hint))
		return fail_at(p, place_of(p, at, SPAN("\"at\"")), at.len ? "not a time:" : "the time is empty", at, hint);
	if (!take_kind(p, r, &e->kind))
		return false;
	if (!text.len)
		return fail_at(p, place_of(p, text, SPAN("\"text\"")), "the text is empty", SPAN_NONE,
			       "Say in one sentence what happened.");
	e->text = statedevent_text(text);
	e->service = statedevent_text(record_get(r, FIELD_SERVICE));
	e->version = statedevent_text(record_get(r, FIELD_VERSION));
	e->by = statedevent_text(record_get(r, (enum field)FIELD_BY));
	return true;
}

static struct jsonkeys *keys_new(void)
{
	static const struct {
		const char *key;
		int field;
		bool required;
	} map[] = {{"at", FIELD_TIMESTAMP, true}, {"kind", FIELD_KIND, true},       {"text", FIELD_MESSAGE, true},
		   {"by", FIELD_BY, false},       {"service", FIELD_SERVICE, false}, {"version", FIELD_VERSION, false}};
	struct jsonkeys *keys = jsonkeys_new();
	for (size_t i = 0; i < sizeof map / sizeof *map; i++) {
		jsonkeys_add(keys, (enum field)map[i].field, span_of(map[i].key));
		if (map[i].required)
			jsonkeys_require(keys, span_of(map[i].key));
	}
	return keys;
}

static bool fail_json(struct place *p, const struct jsonkeys *keys)
{
	static const char shape[] = "A line is one object: {\"at\": \"2026-11-22T11:20:00Z\", \"kind\": \"note\", \"text\": \"...\"}";
	struct text wanted = {0};
	size_t at = 0;
	jsonline_reach(keys, p->object, &at, &wanted);
	struct text what = {0};
	text_format(&what, "expected %s", wanted.at ? wanted.at : "an object");
	fail_at(p, p->object.at + at, what.at, SPAN_NONE, shape);
	text_release(&what);
	text_release(&wanted);
	return false;
}

/* Reading of one file. */
struct reading {
	struct place place;
	struct jsonkeys *keys;
	struct json_scratch *scratch;
	struct eventexport *exports;
	struct event_file *file;
	bool exported; /* some object was an export's */
};

/* Takes the event's texts; it is of the object that is being read. */
static bool keep(struct reading *r, struct stated_event *e)
{
	struct place *p = &r->place;
	struct event_file *file = r->file;
	if (file->n == LIMIT_STATED_EVENTS) {
		statedevent_release(e);
		return fail_at(p, p->object.at, "more than 65,536 events", SPAN_NONE, "Give those of the days that the logs are of.");
	}
	e->raw = span_copy(p->object);
	e->length = p->object.len;
	e->offset = (uint64_t)(p->object.at - p->bytes.at);
	e->line = line_of(p, p->object.at);
	file->items = memory_grow(file->items, &file->cap, file->n + 1, sizeof *file->items);
	file->items[file->n++] = *e;
	return true;
}

static bool take_own(struct reading *r)
{
	struct record record;
	record_clear(&record);
	if (jsonline_scan(r->keys, r->place.object, r->scratch, &record) != JSON_OK)
		return fail_json(&r->place, r->keys);
	struct stated_event e = {.at_us = 0};
	return take_fields(&r->place, &record, &e) && keep(r, &e);
}

static bool take_export(struct reading *r, const struct eventexport_result *result)
{
	bool fine = true;
	r->exported = true;
	r->file->passed += !result->n;
	for (size_t i = 0; i < result->n; i++) {
		struct stated_event e = result->events[i];
		if (fine)
			fine = keep(r, &e);
		else
			statedevent_release(&e);
	}
	return fine;
}

/* One object that holds events, or is one. */
static bool take_object(struct reading *r, struct span object)
{
	struct place *p = &r->place;
	struct eventexport_result result;
	p->object = object;
	if (object.len > LIMIT_LINE_BYTES)
		return fail_at(p, object.at, "an object longer than 1 MiB", SPAN_NONE, "Is this the right file?");
	/* The object is kept as a string, and its excerpt must be what is in the file. */
	const char *nul = memchr(object.at, '\0', object.len);
	if (nul)
		return fail_at(p, nul, "a NUL byte", SPAN_NONE, "The file must be UTF-8 text.");
	switch (eventexport_read(r->exports, object, &result)) {
	case EVENTEXPORT_READ:
		return take_export(r, &result);
	case EVENTEXPORT_BAD:
		return fail_at(p, place_of(p, result.at, SPAN_NONE), result.what, result.at.at == object.at ? SPAN_NONE : result.at, result.hint);
	case EVENTEXPORT_NONE:
		break;
	}
	return take_own(r);
}

static bool take_list(struct reading *r, struct span list)
{
	struct span element;
	while (jsoncut_element(&list, &element))
		if (!take_object(r, element))
			return false;
	return jsoncut_ended(list) ||
	       fail_at(&r->place, list.at, "expected an object, or the end of the list", SPAN_NONE, "The file must be JSON.");
}

/* What stands at the front of *rest, a line that is not blank: a line with one object, or a value over several lines. */
static bool take_front(struct reading *r, struct span *rest)
{
	struct span start = *rest, line = span_cut(rest, '\n'), behind = line, value;
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	bool list = span_trim(line).at[0] == '[';
	/* Of an object that does not end in its line and nowhere else, the line is shown. */
	if (list || !jsoncut_value(&behind, &value)) {
		behind = start;
		if (!jsoncut_value(&behind, &value))
			return list ? fail_at(&r->place, span_trim(line).at, "a list that does not end", SPAN_NONE, "Is the file whole?")
				    : take_object(r, line);
		*rest = behind;
		line = span_trim(span_cut(rest, '\n'));
		if (line.len)
			return fail_at(&r->place, line.at, "expected the line to end here", SPAN_NONE, "Each value begins a line of its own.");
		if (list)
			return take_list(r, value);
		line = value;
	}
	struct span inner = eventexport_list(r->exports, line);
	if (inner.len)
		return take_list(r, inner);
	return take_object(r, line);
}

/* ---- what an export says again ---- */

static int order(const void *a, const void *b)
{
	const struct stated_event *x = *(const struct stated_event *const *)a, *y = *(const struct stated_event *const *)b;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->at_us != y->at_us)
		return x->at_us < y->at_us ? -1 : 1;
	int c = strcmp(x->text, y->text);
	c = c ? c : strcmp(x->service, y->service);
	return c ? c : x->offset < y->offset ? -1 : x->offset > y->offset;
}

static bool says_again(const struct stated_event *a, const struct stated_event *b)
{
	return a->kind == b->kind && a->at_us == b->at_us && !strcmp(a->text, b->text) && !strcmp(a->service, b->service);
}

static void drop_repeated(struct event_file *file)
{
	const struct stated_event **sorted = memory_new(file->n, sizeof *sorted);
	bool *again = memory_new(file->n, sizeof *again);
	for (size_t i = 0; i < file->n; i++)
		sorted[i] = &file->items[i];
	qsort(sorted, file->n, sizeof *sorted, order);
	for (size_t i = 1; i < file->n; i++)
		again[sorted[i] - file->items] = says_again(sorted[i - 1], sorted[i]);
	size_t n = 0;
	for (size_t i = 0; i < file->n; i++) {
		if (again[i])
			statedevent_release(&file->items[i]);
		else
			file->items[n++] = file->items[i];
	}
	file->repeated = file->n - n;
	file->n = n;
	memory_free(again);
	memory_free(sorted);
}

bool eventfile_read(struct span bytes, uint32_t crc, const char *path, struct event_file *file, struct diag *d)
{
	struct reading r = {
		.place = {.path = path, .bytes = bytes, .counted = span_head(bytes, 0), .line = 1, .d = d},
		.keys = keys_new(),
		.scratch = json_scratch_new(),
		.exports = eventexport_new(),
		.file = file,
	};
	struct span rest = bytes;
	bool fine = true;
	*file = (struct event_file){.path = span_copy(span_of(path)), .bytes = bytes.len, .crc = crc};
	if (span_starts(rest, SPAN("\xEF\xBB\xBF"))) /* a byte order mark, which editors write */
		rest = span_from(rest, 3);
	while (fine && rest.len) {
		struct span after = rest;
		if (span_trim(span_cut(&after, '\n')).len)
			fine = take_front(&r, &rest);
		else
			rest = after;
	}
	if (fine && r.exported)
		drop_repeated(file);
	eventexport_free(r.exports);
	json_scratch_free(r.scratch);
	jsonkeys_free(r.keys);
	if (!fine)
		eventfile_release(file);
	return fine;
}

void eventfile_release(struct event_file *file)
{
	for (size_t i = 0; i < file->n; i++)
		statedevent_release(&file->items[i]);
	memory_free(file->items);
	memory_free(file->path);
	*file = (struct event_file){0};
}
