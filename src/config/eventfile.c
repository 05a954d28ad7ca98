#include "config/eventfile.h"

#include "base/limits.h"
#include "base/memory.h"
#include "line/jsonline.h"

/* The keys borrow fields of records to be found under: `kind` has none of its own among those of logs. */
enum { FIELD_KIND = FIELD_COMMAND_TAG, FIELD_BY = FIELD_USER, SHOWN_BYTES = 80 };

static const struct {
	const char *name;
	enum tier tier;
} kinds[EVENT_KIND_COUNT] = {
#define X(suffix, name, tier) [EVENT_##suffix] = {name, tier},
	EVENTFILE_KINDS(X)
#undef X
};

const char *eventfile_kind_name(enum event_kind kind)
{
	return kinds[kind].name;
}

enum tier eventfile_kind_tier(enum event_kind kind)
{
	return kinds[kind].tier;
}

/* Where reading is, for messages. */
struct place {
	const char *path;
	struct span line;
	uint64_t number;
	struct diag *d;
};

/* `column` from 0. The path's tail says more than its start. */
static bool fail_at(const struct place *p, size_t column, const char *what, struct span quoted, const char *hint)
{
	struct span path = span_of(p->path);
	struct text shown = {0};
	path = path.len > SHOWN_BYTES ? span_from(path, path.len - SHOWN_BYTES) : path;
	text_append_printable(&shown, span_head(quoted, SHOWN_BYTES));
	diag_set(p->d, "%.*s:%llu:%zu: %s%s%s%s", (int)path.len, path.at, (unsigned long long)p->number, column + 1, what,
		 quoted.len ? " \"" : "", shown.at ? shown.at : "", quoted.len ? "\"" : "");
	diag_hint(p->d, "%s", hint);
	text_release(&shown);
	return false;
}

/* Where the value of `key` stands: an unescaped one lies in the scanner's scratch, then it is its key that is shown. */
static size_t column_of(const struct place *p, struct span value, struct span quoted_key)
{
	if ((uintptr_t)value.at - (uintptr_t)p->line.at <= p->line.len)
		return (size_t)(value.at - p->line.at);
	ptrdiff_t at = span_find(p->line, quoted_key);
	return at < 0 ? 0 : (size_t)at;
}

static char *clean_copy(struct span s)
{
	struct text t = {0};
	text_append_utf8(&t, span_trim(s));
	return t.at ? t.at : span_copy(SPAN(""));
}

static bool take_kind(const struct place *p, const struct record *r, enum event_kind *kind)
{
	struct span name = record_get(r, (enum field)FIELD_KIND);
	struct text list = {0};
	for (size_t i = 0; i < EVENT_KIND_COUNT; i++) {
		if (span_equal(name, span_of(kinds[i].name))) {
			*kind = (enum event_kind)i;
			text_release(&list);
			return true;
		}
		text_append_string(&list, i ? ", " : "One of ");
		text_append_string(&list, kinds[i].name);
	}
	text_append_byte(&list, '.');
	fail_at(p, column_of(p, name, SPAN("\"kind\"")), name.len ? "unknown kind" : "the kind is empty", name, list.at);
	text_release(&list);
	return false;
}

/* The record's fields as an event. */
static bool take_event(const struct place *p, const struct record *r, struct stated_event *e)
{
	const char *hint;
	struct span at = record_get(r, FIELD_TIMESTAMP), text = span_trim(record_get(r, FIELD_MESSAGE));
	if (!instant_parse_stated(at, &e->at_us, &e->resolution_us, &hint))
		return fail_at(p, column_of(p, at, SPAN("\"at\"")), at.len ? "not a time:" : "the time is empty", at, hint);
	if (!take_kind(p, r, &e->kind))
		return false;
	if (!text.len)
		return fail_at(p, column_of(p, text, SPAN("\"text\"")), "the text is empty", SPAN_NONE, "Say in one sentence what happened.");
	e->text = clean_copy(text);
	e->service = clean_copy(record_get(r, FIELD_SERVICE));
	e->version = clean_copy(record_get(r, FIELD_VERSION));
	e->by = clean_copy(record_get(r, (enum field)FIELD_BY));
	e->raw = span_copy(p->line);
	e->length = p->line.len;
	e->line = p->number;
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

static bool fail_json(const struct place *p, const struct jsonkeys *keys)
{
	static const char shape[] = "A line is one object: {\"at\": \"2026-11-22T11:20:00Z\", \"kind\": \"note\", \"text\": \"...\"}";
	struct text wanted = {0};
	size_t at = 0;
	jsonline_reach(keys, p->line, &at, &wanted);
	struct text what = {0};
	text_format(&what, "expected %s", wanted.at ? wanted.at : "an object");
	fail_at(p, at, what.at, SPAN_NONE, shape);
	text_release(&what);
	text_release(&wanted);
	return false;
}

static bool take_line(const struct place *p, const struct jsonkeys *keys, struct json_scratch *scratch, uint64_t offset,
		      struct event_file *file)
{
	struct record r;
	record_clear(&r);
	if (p->line.len > LIMIT_LINE_BYTES)
		return fail_at(p, 0, "the line is longer than 1 MiB", SPAN_NONE, "Is this the right file?");
	if (file->n == LIMIT_STATED_EVENTS)
		return fail_at(p, 0, "more than 65,536 events", SPAN_NONE, "Give those of the days that the logs are of.");
	/* The line is kept as a string, and its excerpt must be what is in the file. */
	const char *nul = memchr(p->line.at, '\0', p->line.len);
	if (nul)
		return fail_at(p, (size_t)(nul - p->line.at), "a NUL byte", SPAN_NONE, "The file must be UTF-8 text.");
	if (jsonline_scan(keys, p->line, scratch, &r) != JSON_OK)
		return fail_json(p, keys);
	struct stated_event e = {.offset = offset};
	if (!take_event(p, &r, &e))
		return false;
	file->items = memory_grow(file->items, &file->cap, file->n + 1, sizeof *file->items);
	file->items[file->n++] = e;
	return true;
}

bool eventfile_read(struct span bytes, uint32_t crc, const char *path, struct event_file *file, struct diag *d)
{
	struct jsonkeys *keys = keys_new();
	struct json_scratch *scratch = json_scratch_new();
	struct span rest = bytes;
	bool fine = true;
	*file = (struct event_file){.path = span_copy(span_of(path)), .bytes = bytes.len, .crc = crc};
	if (span_starts(rest, SPAN("\xEF\xBB\xBF"))) /* a byte order mark, which editors write */
		rest = span_from(rest, 3);
	for (uint64_t number = 1; fine && rest.len; number++) {
		uint64_t offset = (uint64_t)(rest.at - bytes.at);
		struct span line = span_cut(&rest, '\n');
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		struct place p = {path, line, number, d};
		if (span_trim(line).len)
			fine = take_line(&p, keys, scratch, offset, file);
	}
	json_scratch_free(scratch);
	jsonkeys_free(keys);
	if (!fine)
		eventfile_release(file);
	return fine;
}

void eventfile_release(struct event_file *file)
{
	for (size_t i = 0; i < file->n; i++) {
		char *strings[] = {file->items[i].text, file->items[i].service, file->items[i].version, file->items[i].by,
				   file->items[i].raw};
		for (size_t k = 0; k < sizeof strings / sizeof *strings; k++)
			memory_free(strings[k]);
	}
	memory_free(file->items);
	memory_free(file->path);
	*file = (struct event_file){0};
}
