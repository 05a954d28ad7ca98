#include "cmd/library.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "cause/topology.h"
#include "line/yearof.h"
#include "cmd/conffiles.h"
#include "cmd/smallfile.h"
#include "cmd/zonefile.h"

/* ---- patterns ---- */

/* A pattern file before it is compiled. */
struct pattern_text {
	char *path;        /* owned */
	struct span name;  /* path's last part, suffix and all: "pgbouncer.pattern"; into `path` */
	struct span bytes; /* of a built-in one, or in `owned` */
	char *owned;       /* NULL: built in */
	size_t order;      /* a later one of the same name replaces an earlier one */
};
struct pattern_texts {
	struct pattern_text *items;
	size_t n, cap;
};

static void add_text(struct pattern_texts *texts, const char *folder, const char *path, struct span bytes)
{
	texts->items = memory_grow(texts->items, &texts->cap, texts->n + 1, sizeof *texts->items);
	struct pattern_text *item = &texts->items[texts->n];
	struct text whole = {0};
	text_append_string(&whole, folder);
	text_append_string(&whole, path);
	item->path = whole.at;
	item->name = text_span(&whole);
	for (size_t i = whole.len; i > 0; i--)
		if (whole.at[i - 1] == '/') {
			item->name = span_from(item->name, i);
			break;
		}
	item->bytes = bytes;
	item->owned = NULL;
	item->order = texts->n++;
}

static bool is_pattern(const char *path)
{
	return span_ends(span_of(path), SPAN(".pattern")) || span_ends(span_of(path), SPAN(".signal"));
}

static bool add_folder(struct pattern_texts *texts, const struct option_value *value, struct options *o,
		       struct diag_list *trouble)
{
	const char *folder = value->text;
	struct diag_list notes = {0};
	struct input_list list = {0};
	input_walk(folder, &list, &notes);
	size_t taken = 0;
	bool fine = !notes.incomplete;
	for (size_t i = 0; i < list.n; i++) {
		const char *path = list.files[i].path;
		if (!is_pattern(path))
			continue;
		struct text bytes = {0};
		struct diag d = {0};
		if (value->within && !conffiles_inside(path, value->within))
			diag_set(&d, "\"%s\" is a link that leads out of the folder of the logs", path);
		if (!d.set && smallfile_read(path, SMALLFILE_ANY, &bytes, &d)) {
			add_text(texts, "", path, text_span(&bytes));
			texts->items[texts->n - 1].owned = bytes.at;
			bytes = (struct text){0};
			options_use(o, path);
			taken++;
		} else {
			diag_add(trouble, DIAG_ERROR, d.hint[0] ? d.hint : NULL, "%s", d.what);
			fine = false;
		}
		text_release(&bytes);
	}
	if (!notes.incomplete)
		diag_release(&notes);
	diag_merge(trouble, &notes);
	if (fine && !taken) {
		diag_add(trouble, DIAG_ERROR, "Formats are *.pattern files, signals are *.signal files.",
			 "\"%s\" has no patterns", folder);
		fine = false;
	}
	input_list_release(&list);
	return fine;
}

static int compare_texts(const void *a, const void *b)
{
	const struct pattern_text *x = a, *y = b;
	int order = span_compare(x->name, y->name);
	return order ? order : x->order < y->order ? -1 : x->order > y->order;
}

static bool compile(struct patterns *patterns, const struct pattern_text *item, struct diag *d)
{
	struct pattern_file file = {0};
	bool fine = pattern_file_parse(&file, item->path, item->bytes, d);
	file.built_in = !item->owned;
	if (fine && span_ends(item->name, SPAN(".signal")))
		fine = signal_set_add(patterns->signals, &file, d);
	else if (fine)
		fine = format_set_add(&patterns->formats, &file, d);
	if (!fine)
		pattern_file_release(&file);
	return fine;
}

/* In the order of their names, the last of each name: so neither the order of folders' entries nor what was replaced
 * shows in the set or its hash. */
static bool compile_all(struct patterns *patterns, struct pattern_texts *texts, struct diag_list *trouble)
{
	bool fine = true;
	qsort(texts->items, texts->n, sizeof *texts->items, compare_texts);
	for (size_t i = 0; i < texts->n; i++) {
		const struct pattern_text *item = &texts->items[i];
		if (i + 1 < texts->n && span_equal(item->name, texts->items[i + 1].name))
			continue;
		struct diag d = {0};
		if (!compile(patterns, item, &d)) {
			diag_add(trouble, DIAG_ERROR, d.hint[0] ? d.hint : NULL, "%s", d.what);
			fine = false;
		}
		patterns->hash = hash_pair(patterns->hash, hash_bytes(item->name));
		patterns->hash = hash_pair(patterns->hash, hash_bytes(item->bytes));
	}
	return fine;
}

bool library_load(struct library *lib, struct options *o, struct diag_list *trouble)
{
	*lib = (struct library){.patterns = {.signals = signal_set_new()}};
	struct pattern_texts texts = {0};
	for (size_t i = 0; i < pattern_builtins_n; i++)
		add_text(&texts, "patterns/", pattern_builtins[i].path,
			 (struct span){pattern_builtins[i].bytes, pattern_builtins[i].len});
	bool fine = true;
	for (size_t i = 0; i < o->folders.n; i++)
		fine = add_folder(&texts, &o->folders.items[i], o, trouble) && fine;
	fine = compile_all(&lib->patterns, &texts, trouble) && fine;
	struct diag d = {0};
	if (!signal_set_finish(lib->patterns.signals, &d)) {
		diag_add(trouble, DIAG_ERROR, d.hint[0] ? d.hint : NULL, "%s", d.what);
		fine = false;
	}
	for (size_t i = 0; i < texts.n; i++) {
		memory_free(texts.items[i].path);
		memory_free(texts.items[i].owned);
	}
	memory_free(texts.items);
	return fine;
}

/* ---- what the options stated ---- */

static bool state_format(struct library *lib, const struct glob_rule *rule, struct diag *d)
{
	struct format *format = format_stated(&lib->patterns.formats, rule->value, d);
	if (!format) {
		diag_hint(d, "A NAME of a format, nginx:LOG_FORMAT or postgresql:LOG_LINE_PREFIX.");
		return false;
	}
	uint64_t hash = hash_bytes(rule->value);
	bool own = true;
	for (size_t i = 0; i < lib->patterns.formats.n; i++)
		own &= lib->patterns.formats.formats[i] != format;
	lib->formats = memory_grow(lib->formats, &lib->formats_cap, lib->formats_n + 1, sizeof *lib->formats);
	lib->formats[lib->formats_n++] = (struct library_format){rule->glob, format, hash ? hash : 1, own};
	return true;
}

static bool state_zone(struct library *lib, const struct glob_rule *rule, struct diag *d)
{
	struct zone *zone = zonefile_named(rule->value, d);
	if (!zone)
		return false;
	struct story_options *story = &lib->story;
	story->zones = memory_grow(story->zones, &lib->zones_cap, story->zones_n + 1, sizeof *story->zones);
	story->zones[story->zones_n++] = (struct story_zone){span_copy(rule->glob), zone};
	return true;
}

static bool state_year(struct library *lib, const struct glob_rule *rule, struct diag *d)
{
	int64_t year;
	if (!span_to_int(rule->value, &year) || year < 1 || year > 9999) {
		diag_set(d, "\"%.*s\" is no year", (int)rule->value.len, rule->value.at);
		diag_hint(d, "That of the file's first stamp, such as 2026.");
		return false;
	}
	struct story_options *story = &lib->story;
	story->years = memory_grow(story->years, &lib->years_cap, story->years_n + 1, sizeof *story->years);
	story->years[story->years_n++] = (struct story_year){span_copy(rule->glob.len ? rule->glob : SPAN("*")), (int)year};
	return true;
}

static bool state_tier(struct library *lib, const struct glob_rule *rule, struct diag *d)
{
	enum tier tier = TIER_UNKNOWN;
	if (!tier_of(rule->value, &tier) || tier == TIER_UNKNOWN) {
		diag_set(d, "unknown tier \"%.*s\"", (int)rule->value.len, rule->value.at);
		diag_hint(d, "One of lb, web, app, pool, db, change, human.");
		return false;
	}
	struct story_options *story = &lib->story;
	story->tiers = memory_grow(story->tiers, &lib->tiers_cap, story->tiers_n + 1, sizeof *story->tiers);
	story->tiers[story->tiers_n++] = (struct story_tier){span_copy(rule->glob), tier};
	return true;
}

static void add_option_text(struct library *lib, const char *name, const char *value)
{
	struct story_options *story = &lib->story;
	story->options = memory_grow(story->options, &lib->texts_cap, story->options_n + 1, sizeof *story->options);
	story->options[story->options_n++] = (struct option_text){span_copy(span_of(name)), span_copy(span_of(value))};
}

/* Which of the four words is wrong is not told apart: the caret is under the first that stands in a file. */
static bool state_window(struct library *lib, const struct options *o, struct diag *d)
{
	const struct option_value *const given[] = {&o->since, &o->until, &o->around, &o->margin};
	struct stated_words words = {o->since.text, o->until.text, o->around.text, o->margin.text};
	struct diag inner = {0};
	if (stated_window(&words, &lib->story.window, &inner))
		return true;
	for (size_t i = 0; i < 4; i++)
		if (given[i]->file)
			options_fail(given[i], 0, d, inner.what, inner.hint);
	*d = d->set ? *d : inner;
	return false;
}

static bool state_topology(struct library *lib, const struct options *o, struct diag *d)
{
	struct topology topology;
	struct diag inner = {0};
	if (!o->topology.text)
		return true;
	if (!topology_read(&topology, span_of(o->topology.text), &inner)) {
		options_fail(&o->topology, 0, d, inner.what, inner.hint);
		return false;
	}
	memory_free(lib->story.topology);
	lib->story.topology = span_copy(span_of(o->topology.text));
	return true;
}

static void state_postgresql(struct library *lib)
{
	struct story_options *story = &lib->story;
	for (size_t i = 0; i < lib->servers.postgresql_n; i++) {
		const struct serverconf_postgresql *p = &lib->servers.postgresql[i];
		const struct postgresqlconf_value *v = p->conf.values, *zone = &v[POSTGRESQLCONF_LOG_TIMEZONE];
		static const enum postgresqlconf_setting settings[] = {POSTGRESQLCONF_MAX_CONNECTIONS,
								       POSTGRESQLCONF_SUPERUSER_RESERVED_CONNECTIONS,
								       POSTGRESQLCONF_RESERVED_CONNECTIONS};
		int64_t numbers[3];
		for (size_t k = 0; k < 3; k++)
			numbers[k] = v[settings[k]].stated ? v[settings[k]].number : -1;
		struct diag ignored = {0}; /* a zone that the server knows and this host does not */
		story->postgresql = memory_grow(story->postgresql, &lib->postgresql_cap, story->postgresql_n + 1,
						sizeof *story->postgresql);
		story->postgresql[story->postgresql_n++] = (struct story_postgresql){
			.glob = span_copy(p->rule->glob.len ? p->rule->glob : SPAN("*")),
			.path = span_copy(p->rule->value),
			.max_connections = numbers[0],
			.superuser_reserved = numbers[1],
			.reserved = numbers[2],
			.log_timezone = zone->stated ? zonefile_named(text_span(&zone->text), &ignored) : NULL,
		};
	}
}

static bool read_events(struct library *lib, struct options *o, struct diag *d)
{
	struct story_options *story = &lib->story;
	for (size_t i = 0; i < o->events.n; i++) {
		struct text bytes = {0};
		const char *path = o->events.items[i].text;
		story->events = memory_grow(story->events, &lib->events_cap, story->events_n + 1, sizeof *story->events);
		bool found = o->events.items[i].within;
		bool fine = smallfile_read(path, found ? SMALLFILE_REGULAR : SMALLFILE_ANY, &bytes, d) &&
			    eventfile_read(text_span(&bytes), inflate_crc_of(0, bytes.at, bytes.len), path,
					   &story->events[story->events_n], d);
		text_release(&bytes);
		if (!fine)
			return false;
		story->events_n++;
		options_use(o, path);
	}
	return true;
}

bool library_read(struct library *lib, struct options *o, struct diag_list *trouble, struct diag *d)
{
	if (!serverconf_read(&lib->servers, o, &lib->patterns.formats, trouble, d) || !read_events(lib, o, d))
		return false;
	state_postgresql(lib);
	return true;
}

/* The place of what is wrong, when it stands in an options file. */
static bool fail_at(const struct glob_rule *rule, const struct diag *inner, struct diag *d)
{
	const struct option_value *from = &rule->from;
	options_fail(from, from->entry ? from->entry->value.len - rule->value.len : 0, d, inner->what, inner->hint);
	return false;
}

static void add_value(struct library *lib, const char *name, const struct option_value *value)
{
	if (value->text)
		add_option_text(lib, name, value->text);
}

static void add_values(struct library *lib, const char *name, const struct option_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		add_value(lib, name, &list->items[i]);
}

static void add_rules(struct library *lib, const struct options *o, enum glob_rule_kind kind)
{
	for (size_t i = 0; i < o->rules_n; i++)
		if (o->rules[i].kind == kind)
			add_value(lib, options_rule_name(kind), &o->rules[i].from);
}

bool library_state(struct library *lib, const struct options *o, struct diag *d)
{
	for (size_t i = 0; i < o->rules_n; i++) {
		const struct glob_rule *rule = &o->rules[i];
		struct diag inner = {0};
		bool fine = rule->kind == GLOB_FORMAT ? state_format(lib, rule, &inner) :
			    rule->kind == GLOB_ZONE   ? state_zone(lib, rule, &inner) :
			    rule->kind == GLOB_YEAR   ? state_year(lib, rule, &inner) :
			    rule->kind == GLOB_TIER   ? state_tier(lib, rule, &inner) :
							true;
		if (!fine)
			return fail_at(rule, &inner, d);
	}
	if (!state_window(lib, o, d) || !state_topology(lib, o, d))
		return false;
	/* The draft names the options that change it by name, rules of a name in their order: the last match counts. */
	add_value(lib, "--around", &o->around);
	add_values(lib, "--events", &o->events);
	add_rules(lib, o, GLOB_FORMAT);
	add_value(lib, "--margin", &o->margin);
	add_values(lib, "--nginx-conf", &o->nginx_confs);
	add_rules(lib, o, GLOB_POSTGRESQL_CONF);
	add_value(lib, "--since", &o->since);
	add_rules(lib, o, GLOB_SOURCE);
	add_rules(lib, o, GLOB_TIER);
	add_value(lib, "--topology", &o->topology);
	add_value(lib, "--until", &o->until);
	add_rules(lib, o, GLOB_YEAR);
	add_rules(lib, o, GLOB_ZONE);
	return true;
}

/* What the options say of a path; NULL: nothing. */
static const struct library_format *library_format_for(const struct library *lib, const char *path)
{
	for (size_t i = lib->formats_n; i > 0; i--)
		if (glob_match(lib->formats[i - 1].glob, span_of(path)))
			return &lib->formats[i - 1];
	return NULL;
}

struct library_choice library_choose(const struct library *lib, const char *path, struct diag_list *trouble)
{
	const struct library_format *stated = library_format_for(lib, path);
	struct library_choice choice = {.patterns = lib->patterns};
	if (stated) {
		choice.stated = stated->format;
		choice.hash = stated->hash;
		return choice;
	}
	struct serverconf_choice by_server = serverconf_choose(&lib->servers, path, trouble);
	choice.stated = by_server.stated;
	choice.hash = by_server.hash;
	if (by_server.set)
		choice.patterns.formats = *by_server.set;
	return choice;
}

struct dating library_dating(const struct library *lib, const char *path, int64_t mtime_s)
{
	struct dating dating = {.mtime_us = mtime_s * SECOND_US};
	if (!yearof_path(path, &dating.name_from_us, &dating.name_until_us))
		dating.name_from_us = dating.name_until_us = 0;
	const struct story_options *story = &lib->story;
	for (size_t i = story->zones_n; i > 0 && !dating.zone; i--)
		if (glob_match(span_of(story->zones[i - 1].glob), span_of(path)))
			dating.zone = story->zones[i - 1].zone;
	for (size_t i = story->years_n; i > 0 && !dating.year; i--)
		if (glob_match(span_of(story->years[i - 1].glob), span_of(path)))
			dating.year = story->years[i - 1].year;
	return dating;
}

void library_release(struct library *lib)
{
	for (size_t i = 0; i < lib->formats_n; i++)
		if (lib->formats[i].own)
			format_free(lib->formats[i].format);
	memory_free(lib->formats);
	serverconf_release(&lib->servers);
	format_set_release(&lib->patterns.formats);
	signal_set_free(lib->patterns.signals);
	struct story_options *story = &lib->story;
	for (size_t i = 0; i < story->zones_n; i++) {
		memory_free(story->zones[i].glob);
		zone_free(story->zones[i].zone);
	}
	for (size_t i = 0; i < story->years_n; i++)
		memory_free(story->years[i].glob);
	for (size_t i = 0; i < story->tiers_n; i++)
		memory_free(story->tiers[i].glob);
	for (size_t i = 0; i < story->postgresql_n; i++) {
		memory_free(story->postgresql[i].glob);
		memory_free(story->postgresql[i].path);
		zone_free(story->postgresql[i].log_timezone);
	}
	for (size_t i = 0; i < story->events_n; i++)
		eventfile_release(&story->events[i]);
	for (size_t i = 0; i < story->options_n; i++) {
		memory_free(story->options[i].name);
		memory_free(story->options[i].value);
	}
	memory_free(story->topology);
	memory_free(story->zones);
	memory_free(story->years);
	memory_free(story->tiers);
	memory_free(story->options);
	memory_free(story->postgresql);
	memory_free(story->events);
	*lib = (struct library){0};
}
