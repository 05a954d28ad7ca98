#include "parse/compile.h"

#include "base/memory.h"
#include "base/nearest.h"
#include "line/access.h"
#include "line/csvline.h"
#include "line/jsonkeys.h"
#include "split/logformat.h"
#include "split/prefix.h"
#include "split/scanners.h"
#include "split/template.h"
#include "split/w3c.h"

/* One pattern file on its way to a format. */
struct compiler {
	const struct pattern_file *file;
	struct format *format;
	struct diag *d;
	bool has_kind, has_tier, has_timestamp;
};

static bool fail(struct compiler *c, const struct pattern_entry *e, size_t column, const char *what, const char *hint)
{
	pattern_error(c->file, e, column, c->d, what, hint);
	return false;
}

static size_t column_of(const struct pattern_entry *e, struct span part)
{
	return (size_t)(part.at - e->value.at);
}

/* The next word of `*rest`; empty at the end. */
static struct span next_word(struct span *rest)
{
	while (rest->len && (rest->at[0] == ' ' || rest->at[0] == '\n' || rest->at[0] == '\t'))
		*rest = span_from(*rest, 1);
	size_t n = 0;
	while (n < rest->len && rest->at[n] != ' ' && rest->at[n] != '\n' && rest->at[n] != '\t')
		n++;
	struct span word = span_head(*rest, n);
	*rest = span_from(*rest, n);
	return word;
}

/* '_' counts as a slip for '.': one of the two that are allowed is then left for the hand. */
static struct span meant_field(struct span name)
{
	struct nearest n = nearest_to(name);
	for (int i = 0; i < FIELD_IGNORED; i++)
		nearest_try(&n, span_of(field_name((enum field)i)));
	return n.best;
}

static void append_meant(struct text *hint, struct span meant)
{
	if (meant.len)
		text_format(hint, "Did you mean %.*s? ", (int)meant.len, meant.at);
}

static bool read_field(struct compiler *c, const struct pattern_entry *e, struct span name, size_t column,
		       enum field *field)
{
	if (field_named(name, field))
		return true;
	struct text what = {0}, hint = {0};
	text_format(&what, "there is no field \"%.*s\"", (int)(name.len < 60 ? name.len : 60), name.at);
	append_meant(&hint, meant_field(name));
	text_append_string(&hint, "patterns/README.md lists the fields; in a regex group write '_' for '.'.");
	fail(c, e, column, what.at, hint.at);
	text_release(&what);
	text_release(&hint);
	return false;
}

static bool set_kind(struct compiler *c, const struct pattern_entry *e, enum format_kind kind)
{
	if (c->has_kind && c->format->kind != kind)
		return fail(c, e, 0, "a format has one way to split lines",
			    "Keep one of template (all of one language), json, csv and regex.");
	c->has_kind = true;
	c->format->kind = kind;
	return true;
}

/* ---- one function a key ---- */

static bool key_format(struct compiler *c, const struct pattern_entry *e)
{
	if (!span_equal(e->value, span_of(c->file->name)))
		return fail(c, e, 0, "the format's name is not the file's", "Name the file NAME.pattern.");
	memory_free(c->format->name);
	c->format->name = span_copy(e->value);
	return true;
}

static bool key_title(struct compiler *c, const struct pattern_entry *e)
{
	memory_free(c->format->title);
	c->format->title = span_copy(e->value);
	return true;
}

static bool key_tier(struct compiler *c, const struct pattern_entry *e)
{
	c->has_tier = true;
	return tier_of(e->value, &c->format->tier) || span_equal(e->value, SPAN("unknown")) ||
	       fail(c, e, 0, "there is no such tier", "One of lb, web, app, pool, db, change, human, unknown.");
}

static bool key_stamp(struct compiler *c, const struct pattern_entry *e)
{
	c->format->stamp_is_start = span_equal(e->value, SPAN("start"));
	return c->format->stamp_is_start || span_equal(e->value, SPAN("end")) ||
	       fail(c, e, 0, "a stamp is \"start\" or \"end\"",
		    "Of what the line tells: when it began, or when it was written.");
}

bool format_language(struct span word, enum format_kind *kind)
{
	static const struct {
		const char *word;
		enum format_kind kind;
	} languages[] = {{"nginx", FORMAT_NGINX}, {"nginx-stream", FORMAT_NGINX}, {"apache", FORMAT_APACHE}, {"w3c", FORMAT_W3C}, {"postgresql", FORMAT_POSTGRESQL},
		       {"haproxy", FORMAT_HAPROXY}};
	for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
		if (span_equal(word, span_of(languages[i].word))) {
			*kind = languages[i].kind;
			return true;
		}
	}
	return false;
}

static bool add_layout(struct format *f, struct span text, struct diag *d, size_t *column)
{
	struct format_layout layout = {0};
	if (f->kind == FORMAT_NGINX)
		layout.template = template_new(text, f->stream, d, column);
	else if (f->kind == FORMAT_APACHE)
		layout.template = template_new_apache(text, d, column);
	else if (f->kind == FORMAT_W3C)
		layout.w3c = w3c_new(text, d, column);
	else if (f->kind == FORMAT_HAPROXY)
		layout.logformat = logformat_new(text, d, column);
	else
		layout.prefix = prefix_new(text, d, column);
	if (!layout.template && !layout.prefix && !layout.logformat && !layout.w3c)
		return false;
	layout.text = span_copy(text);
	f->layouts = memory_grow(f->layouts, &f->layouts_cap, f->layouts_n + 1, sizeof *f->layouts);
	f->layouts[f->layouts_n++] = layout;
	/* Of HAProxy's each line may be another's: no one is the file's. */
	f->layout = f->kind == FORMAT_HAPROXY && f->layouts_n > 1 ? NULL : f->layouts[0].text;
	return true;
}

static bool key_template(struct compiler *c, const struct pattern_entry *e)
{
	struct span text = e->value;
	struct span language = span_cut(&text, ':');
	bool stream = span_equal(language, SPAN("nginx-stream"));
	enum format_kind kind;
	if (!format_language(language, &kind))
		return fail(c, e, 0, "a template begins with \"nginx:\", \"nginx-stream:\", \"apache:\", \"w3c:\", \"postgresql:\" or \"haproxy:\"",
			    "Then the server's own text.");
	if (!set_kind(c, e, kind))
		return false;
	c->format->stream |= stream;
	/* "nginx: $remote_addr" reads better; a log_line_prefix that begins with a blank, as Heroku's does, is written with two. */
	if (text.len && text.at[0] == ' ')
		text = span_from(text, 1);
	if (span_find_byte(text, '\n') >= 0)
		return fail(c, e, (size_t)span_find_byte(e->value, '\n'), "a template is one line", "Join its lines.");
	struct diag inner = {0};
	size_t column = 0;
	c->has_timestamp = true; /* checked there */
	if (add_layout(c->format, text, &inner, &column))
		return true;
	return fail(c, e, column_of(e, text) + column, inner.what, inner.hint);
}

static struct jsonkeys *json_keys(struct format *f)
{
	if (!f->keys)
		f->keys = jsonkeys_new();
	return f->keys;
}

static bool key_json(struct compiler *c, const struct pattern_entry *e)
{
	enum field field;
	if (!set_kind(c, e, FORMAT_JSON) || !read_field(c, e, span_from(e->key, 5), 0, &field))
		return false;
	c->has_timestamp |= field == FIELD_TIMESTAMP;
	struct span rest = e->value, word;
	while ((word = next_word(&rest)).len)
		jsonkeys_add(json_keys(c->format), field, word);
	return true;
}

static bool key_json_requires(struct compiler *c, const struct pattern_entry *e)
{
	struct span rest = e->value, word;
	while ((word = next_word(&rest)).len)
		jsonkeys_require(json_keys(c->format), word);
	return set_kind(c, e, FORMAT_JSON);
}

static bool key_json_without(struct compiler *c, const struct pattern_entry *e)
{
	struct span rest = e->value, word;
	while ((word = next_word(&rest)).len)
		jsonkeys_add(json_keys(c->format), FIELD_IGNORED, word);
	return set_kind(c, e, FORMAT_JSON);
}

static bool key_json_scale(struct compiler *c, const struct pattern_entry *e)
{
	c->format->meaning.scale = span_equal(e->value, SPAN("pino")) ? SCALE_PINO : SCALE_SYSLOG;
	return c->format->meaning.scale == SCALE_PINO || span_equal(e->value, SPAN("syslog")) ||
	       fail(c, e, 0, "a number scale is \"pino\" or \"syslog\"",
		    "pino and bunyan: 30 is info; syslog: 6 is info.");
}

static bool key_csv(struct compiler *c, const struct pattern_entry *e)
{
	struct format *f = c->format;
	if (!set_kind(c, e, FORMAT_CSV))
		return false;
	struct span rest = e->value;
	while (rest.len) {
		if (f->csv_columns == CSVLINE_COLUMNS)
			return fail(c, e, column_of(e, rest), "more than 64 columns", NULL);
		struct span name = span_trim(span_cut(&rest, ','));
		enum field field;
		if (!read_field(c, e, name, column_of(e, name), &field))
			return false;
		c->has_timestamp |= field == FIELD_TIMESTAMP;
		f->csv_field[f->csv_columns++] = (unsigned char)field;
	}
	if (!f->csv_at_least)
		f->csv_at_least = f->csv_columns;
	return true;
}

static bool key_csv_at_least(struct compiler *c, const struct pattern_entry *e)
{
	int64_t n;
	if (!span_to_int(e->value, &n) || n < 1 || n > CSVLINE_COLUMNS)
		return fail(c, e, 0, "not a number of columns", "1 to 64.");
	c->format->csv_at_least = (unsigned)n;
	return true;
}

static bool key_regex(struct compiler *c, const struct pattern_entry *e)
{
	struct format *f = c->format;
	if (!set_kind(c, e, FORMAT_REGEX))
		return false;
	if (f->regex)
		return fail(c, e, 0, "a format has one regex",
			    "Join them as alternatives: (?: ... | ... ). Names may repeat.");
	f->regex = pattern_regex(c->file, e, e->value, c->d);
	if (!f->regex)
		return false;
	f->groups = group_fields_new();
	if (c->file->built_in) { /* tests have read its names */
		c->has_timestamp |= span_find(e->value, SPAN("(?<timestamp>")) >= 0;
		return true;
	}
	for (unsigned i = 0; i <= regex_groups(f->regex); i++) {
		struct span name = regex_group_name(f->regex, i);
		enum field field = FIELD_IGNORED;
		ptrdiff_t at = name.len ? span_find(e->value, name) : 0;
		if (name.len && !read_field(c, e, name, (size_t)at, &field))
			return false;
		c->has_timestamp |= field == FIELD_TIMESTAMP;
	}
	return true;
}

static bool key_scanner(struct compiler *c, const struct pattern_entry *e)
{
	if (!set_kind(c, e, FORMAT_SCANNER))
		return false;
	c->format->scanner = scanner_find(e->value);
	c->has_timestamp = true;
	return c->format->scanner ||
	       fail(c, e, 0, "there is no scanner of that name", "A format that is not built in needs a template, json, csv or regex.");
}

static bool key_carrier(struct compiler *c, const struct pattern_entry *e)
{
	if (!set_kind(c, e, FORMAT_CARRIED))
		return false;
	c->has_timestamp = true;
	c->format->rank = RANK_CARRIED;
	return carrier_of(e->value, &c->format->carrier) ||
	       fail(c, e, 0, "there is no carrier of that name", "compose, docker, cri, syslog, journal or export.");
}

static bool key_syslog_header(struct compiler *c, const struct pattern_entry *e)
{
	c->format->headed = span_equal(e->value, SPAN("yes"));
	return c->format->headed || fail(c, e, 0, "syslog-header is \"yes\"", "Leave the key out otherwise.");
}

static bool key_rank(struct compiler *c, const struct pattern_entry *e)
{
	static const char *const names[] = {[RANK_KNOWN] = "known", [RANK_CARRIED] = "carried", [RANK_STAMPED] = "stamped"};
	for (int i = 0; i < 3; i++) {
		if (span_equal(e->value, span_of(names[i]))) {
			c->format->rank = (enum format_rank)i;
			return true;
		}
	}
	return fail(c, e, 0, "a rank is \"known\", \"carried\" or \"stamped\"", "Formats of a later rank are taken where no other fits.");
}

static bool key_multiline(struct compiler *c, const struct pattern_entry *e)
{
	static const char *const names[] = {
		[MULTILINE_NO] = "no", [MULTILINE_INDENT] = "indent", [MULTILINE_ANY] = "any"};
	for (int i = 0; i < 3; i++) {
		if (span_equal(e->value, span_of(names[i]))) {
			c->format->multiline = (enum format_multiline)i;
			return true;
		}
	}
	return fail(c, e, 0, "multiline is \"no\", \"indent\" or \"any\"",
		    "Which lines go on with the record before them.");
}

static bool key_duration_unit(struct compiler *c, const struct pattern_entry *e)
{
	int64_t *unit_us = &c->format->meaning.duration_unit_us;
	*unit_us = span_equal(e->value, SPAN("s")) ? SECOND_US : span_equal(e->value, SPAN("ms")) ? 1000 : 1;
	c->format->meaning.duration_ns = span_equal(e->value, SPAN("ns"));
	return *unit_us > 1 || span_equal(e->value, SPAN("us")) || c->format->meaning.duration_ns ||
	       fail(c, e, 0, "a duration unit is \"s\", \"ms\", \"us\" or \"ns\"",
		    "Of numbers that are printed without a unit.");
}

static bool key_message_fields(struct compiler *c, const struct pattern_entry *e)
{
	static const char *const names[] = {[MESSAGE_POSTGRESQL] = "postgresql", [MESSAGE_PAIRS] = "pairs",
					    [MESSAGE_PGBOUNCER] = "pgbouncer", [MESSAGE_NGINX] = "nginx", [MESSAGE_AUTH] = "auth"};
	for (int i = MESSAGE_POSTGRESQL; i <= MESSAGE_AUTH; i++) {
		if (span_equal(e->value, span_of(names[i]))) {
			c->format->meaning.message = (enum format_message)i;
			return true;
		}
	}
	return fail(c, e, 0, "message-fields is \"pairs\", \"postgresql\", \"pgbouncer\", \"nginx\" or \"auth\"",
		    "What a message holds besides its text.");
}

static bool key_requires_any(struct compiler *c, const struct pattern_entry *e)
{
	struct span rest = e->value, word;
	while ((word = next_word(&rest)).len) {
		enum field field;
		if (!read_field(c, e, word, column_of(e, word), &field))
			return false;
		c->format->meaning.requires_any |= UINT64_C(1) << field;
	}
	return true;
}

static bool key_yields_to(struct compiler *c, const struct pattern_entry *e)
{
	c->format->yields_to = span_copy(e->value);
	return e->value.len || fail(c, e, 0, "the name of a format is missing", NULL);
}

/* Samples are run by samples.c; here only that an expectation has a sample. */
static bool key_expect(struct compiler *c, const struct pattern_entry *e)
{
	enum field field;
	struct span name = span_from(e->key, 7);
	static const char *const derived[] = {"severity", "duration_us", "zone"};
	for (size_t i = 0; i < sizeof derived / sizeof *derived; i++) {
		if (span_equal(name, span_of(derived[i])))
			return true;
	}
	if (field_of(name, &field))
		return true;
	struct nearest n = nearest_to(name);
	nearest_try(&n, meant_field(name));
	for (size_t i = 0; i < sizeof derived / sizeof *derived; i++)
		nearest_try(&n, span_of(derived[i]));
	struct text hint = {0};
	append_meant(&hint, n.best);
	text_append_string(&hint, "patterns/README.md lists the fields.");
	pattern_key_error(c->file, e, sizeof "expect " - 1, c->d, "there is no such field to expect", hint.at);
	text_release(&hint);
	return false;
}

static bool key_text(struct compiler *c, const struct pattern_entry *e)
{
	return e->value.len || fail(c, e, 0, "this line is empty", "Write a line of the log.");
}

static const struct {
	const char *key;
	bool with_name; /* "json FIELD" */
	bool again;     /* may stand several times */
	bool (*read)(struct compiler *c, const struct pattern_entry *e);
} keys[] = {
	{"format", false, false, key_format},
	{"title", false, false, key_title},
	{"tier", false, false, key_tier},
	{"stamp", false, false, key_stamp},
	{"template", false, true, key_template},
	{"json", true, true, key_json},
	{"json-requires", false, false, key_json_requires},
	{"json-without", false, false, key_json_without},
	{"json-number-severity", false, false, key_json_scale},
	{"csv", false, false, key_csv},
	{"csv-at-least", false, false, key_csv_at_least},
	{"regex", false, true, key_regex}, /* its own words say more */
	{"scanner", false, false, key_scanner},
	{"carrier", false, false, key_carrier},
	{"syslog-header", false, false, key_syslog_header},
	{"rank", false, false, key_rank},
	{"multiline", false, false, key_multiline},
	{"duration-unit", false, false, key_duration_unit},
	{"message-fields", false, false, key_message_fields},
	{"requires-any", false, false, key_requires_any},
	{"yields-to", false, false, key_yields_to},
	{"sample", false, true, key_text},
	{"expect", true, true, key_expect},
	{"reject", false, true, key_text},
};

static bool read_entry(struct compiler *c, const struct pattern_entry *e)
{
	struct span word = e->key;
	bool with_name = span_find_byte(word, ' ') >= 0;
	word = span_cut(&word, ' ');
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (keys[i].with_name == with_name && span_equal(word, span_of(keys[i].key)))
			return (keys[i].again || pattern_key_once(c->file, e, c->d)) && keys[i].read(c, e);
	}
	struct nearest n = nearest_to(word);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		nearest_try(&n, span_of(keys[i].key));
	struct text hint = {0};
	append_meant(&hint, n.best);
	text_append_string(&hint, "patterns/README.md lists the keys of a format.");
	pattern_key_error(c->file, e, 0, c->d, "unknown key", hint.at);
	text_release(&hint);
	return false;
}

/* Which bytes a record's first line can have in front. */
static void find_starts(struct format *f)
{
	memset(f->starts, 0, sizeof f->starts);
	if (f->kind == FORMAT_JSON)
		f->starts['{'] = true;
	for (const char *c = f->kind == FORMAT_SCANNER ? f->scanner->starts : NULL; c && *c; c++)
		f->starts[(unsigned char)*c] = true;
	if (f->kind != FORMAT_POSTGRESQL)
		return;
	for (size_t i = 0; i < f->layouts_n; i++) {
		bool starts[256], any = false;
		prefix_starts(f->layouts[i].prefix, starts);
		for (int c = 0; c < 256; c++) {
			any |= starts[c];
			f->starts[c] |= starts[c];
		}
		if (!any) {
			memset(f->starts, 0, sizeof f->starts);
			return;
		}
	}
}

static void set_starts(struct format *f)
{
	find_starts(f);
	f->starts_known = false;
	for (size_t i = 0; i < sizeof f->starts; i++)
		f->starts_known |= f->starts[i];
}

static bool complete(struct compiler *c)
{
	const char *missing = !c->format->name ? "format = NAME" :
			      !c->has_tier ? "tier = ..." :
			      !c->has_kind ? "a template, json, csv or regex" :
			      !c->has_timestamp ? "a timestamp field" :
			      c->format->kind == FORMAT_CSV && !c->format->csv_columns ? "csv = ..." : NULL;
	if (!missing)
		return true;
	diag_set(c->d, "%s: the format lacks %s", c->file->path, missing);
	diag_hint(c->d, "patterns/README.md shows a whole format.");
	return false;
}

struct format *format_compile(const struct pattern_file *file, struct diag *d)
{
	struct format *f = memory_new(1, sizeof *f);
	struct compiler c = {.file = file, .format = f, .d = d};
	f->meaning.duration_unit_us = SECOND_US;
	memset(f->csv_field, FIELD_IGNORED, sizeof f->csv_field);
	bool fine = true;
	for (size_t i = 0; fine && i < file->n; i++)
		fine = read_entry(&c, &file->entries[i]);
	if (!fine || !complete(&c)) {
		format_free(f);
		return NULL;
	}
	if (f->kind == FORMAT_POSTGRESQL)
		f->meaning.message = MESSAGE_POSTGRESQL;
	/* Which of its stamps are starts the format knows itself. */
	if (f->kind == FORMAT_HAPROXY || (f->kind == FORMAT_APACHE && template_moves(f->layouts[0].template)))
		f->stamp_is_start = false;
	if (!f->title)
		f->title = span_copy(span_of(f->name));
	set_starts(f);
	return f;
}

struct format *format_of_layout(const struct format *base, struct span layout, struct diag *d, size_t *column)
{
	struct format *f = memory_new(1, sizeof *f);
	f->name = span_copy(span_of(base->name));
	f->title = span_copy(span_of(base->title));
	f->own = true;
	f->kind = base->kind;
	f->stream = base->stream;
	f->tier = base->tier;
	f->multiline = base->multiline;
	f->stamp_is_start = base->stamp_is_start;
	f->meaning.duration_unit_us = base->meaning.duration_unit_us;
	f->meaning.duration_ns = base->meaning.duration_ns;
	f->meaning.message = base->meaning.message;
	memset(f->csv_field, FIELD_IGNORED, sizeof f->csv_field);
	if (!format_add_layout(f, layout, d, column)) {
		format_free(f);
		return NULL;
	}
	return f;
}

bool format_add_layout(struct format *f, struct span layout, struct diag *d, size_t *column)
{
	if (!add_layout(f, layout, d, column))
		return false;
	set_starts(f);
	return true;
}

void format_free(struct format *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->layouts_n; i++) {
		memory_free(f->layouts[i].text);
		template_free(f->layouts[i].template);
		prefix_free(f->layouts[i].prefix);
		logformat_free(f->layouts[i].logformat);
		w3c_free(f->layouts[i].w3c);
	}
	memory_free(f->layouts);
	memory_free(f->name);
	memory_free(f->title);
	memory_free(f->yields_to);
	jsonkeys_free(f->keys);
	regex_free(f->regex);
	group_fields_free(f->groups);
	pattern_file_release(&f->file);
	memory_free(f);
}
