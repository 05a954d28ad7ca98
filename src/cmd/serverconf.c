#include "cmd/serverconf.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "read/inflate.h"
#include "tally/tally.h"
#include "cmd/conffiles.h"
#include "cmd/smallfile.h"

/* ---- nginx ---- */

static void keep_made(struct serverconf *c, struct format *format)
{
	c->made = memory_grow(c->made, &c->made_cap, c->made_n + 1, sizeof *c->made);
	c->made[c->made_n++] = format;
}

static struct format *make_format(struct serverconf *c, const struct format_set *formats, const char *language,
				  const char *text, struct diag *d)
{
	struct text stated = {0};
	text_format(&stated, "%s:%s", language, text);
	struct format *format = format_stated(formats, text_span(&stated), d);
	text_release(&stated);
	if (format)
		keep_made(c, format);
	return format;
}

/* The hash that --format GLOB='nginx:...' would give, so that both ways of saying it give the same part. */
static uint64_t hash_of(const char *language, const char *text)
{
	struct text stated = {0};
	text_format(&stated, "%s:%s", language, text);
	uint64_t hash = hash_bytes(text_span(&stated));
	text_release(&stated);
	return hash ? hash : 1;
}

static const char *language_of(enum nginxconf_kind kind)
{
	return kind == NGINXCONF_STREAM ? "nginx-stream" : "nginx";
}

static void add_log(struct serverconf *c, const struct nginxconf_log *log, const struct option_value *conf,
		    const struct format_set *formats, struct diag_list *trouble)
{
	struct diag d = {0};
	const struct format *format = NULL;
	uint64_t hash = hash_of(language_of(log->kind), log->format);
	for (size_t i = 0; i < c->logs_n && !format; i++)
		format = c->logs[i].hash == hash ? c->logs[i].format : NULL;
	if (!format)
		format = make_format(c, formats, language_of(log->kind), log->format, &d);
	if (!format) {
		diag_add(trouble, DIAG_WARNING, d.hint[0] ? d.hint : NULL, "%s:%u: log_format \"%s\" cannot be read: %s",
			 log->file, log->line, log->name, d.what);
		return;
	}
	c->logs = memory_grow(c->logs, &c->logs_cap, c->logs_n + 1, sizeof *c->logs);
	c->logs[c->logs_n++] = (struct serverconf_log){
		span_copy(span_of(log->path)), span_copy(span_of(log->name)), conf->text, conf->within, format, hash};
}

static bool knows_layout(const struct format *f, struct span text)
{
	for (size_t i = 0; i < f->layouts_n; i++)
		if (span_equal(span_of(f->layouts[i].text), text))
			return true;
	return false;
}

static void add_layout(struct serverconf *c, const struct format *base, const char *language, const char *text)
{
	if (!base || knows_layout(base, span_of(text)) || serverconf_layout_hash(c, text))
		return;
	c->layouts = memory_grow(c->layouts, &c->layouts_cap, c->layouts_n + 1, sizeof *c->layouts);
	c->layouts[c->layouts_n++] = (struct serverconf_layout){span_copy(span_of(text)), base, hash_of(language, text)};
}

/* The format of the patterns that is written in a server's language; NULL: there is none. */
static const struct format *base_of(const struct format_set *formats, enum format_kind kind, bool stream)
{
	for (size_t i = 0; i < formats->n; i++)
		if (formats->formats[i]->kind == kind && formats->formats[i]->stream == stream)
			return formats->formats[i];
	return NULL;
}

static bool read_nginx(struct serverconf *c, struct options *o, const struct option_value *value,
		       const struct format_set *formats, struct diag_list *trouble, struct diag *d)
{
	struct conffiles files = {o, conffiles_folder(value->text), value->within, trouble};
	const struct nginxconf_source source = {conffiles_include, &files};
	struct text bytes = {0};
	struct nginxconf conf = {0};
	c->folders = memory_grow(c->folders, &c->folders_cap, c->folders_n + 1, sizeof *c->folders);
	c->folders[c->folders_n++] = value->within;
	bool fine = conffiles_read(&files, value->text, &bytes, d) &&
		    nginxconf_read(&conf, value->text, text_span(&bytes), &source, trouble, d);
	for (size_t i = 0; i < conf.n && fine; i++)
		if (conf.logs[i].kind != NGINXCONF_ERROR && conf.logs[i].sink == NGINXCONF_FILE)
			add_log(c, &conf.logs[i], value, formats, trouble);
	for (size_t i = 0; i < conf.formats_n && fine; i++)
		/* Predefined ones are known, and better than by their text alone. */
		if (conf.formats[i].line)
			add_layout(c, base_of(formats, FORMAT_NGINX, conf.formats[i].kind == NGINXCONF_STREAM),
				   language_of(conf.formats[i].kind), conf.formats[i].format);
	nginxconf_release(&conf);
	text_release(&bytes);
	return fine;
}

/* ---- PostgreSQL ---- */

static bool read_postgresql(struct serverconf *c, struct options *o, const struct glob_rule *rule,
			    struct diag_list *trouble, struct diag *d)
{
	/* The value ends the option's text: it has its NUL. */
	struct conffiles files = {o, conffiles_folder(rule->value.at), rule->from.within, trouble};
	const struct postgresqlconf_files with = {&files, conffiles_read, conffiles_list};
	c->postgresql = memory_grow(c->postgresql, &c->postgresql_cap, c->postgresql_n + 1, sizeof *c->postgresql);
	struct serverconf_postgresql *p = &c->postgresql[c->postgresql_n++];
	p->rule = rule;
	return postgresqlconf_read(&p->conf, rule->value.at, &with, d);
}

/* ---- sets of formats ---- */

/* A format with more layouts: those of the configurations are tried first, so that of layouts that fit equally well theirs
 * are taken. NULL: there are none, or none can be read. `trouble`: NULL where nobody need know of one that cannot. */
static struct format *with_layouts(const struct format *base, const struct serverconf_layout *more, size_t n,
				   struct diag_list *trouble)
{
	struct format *f = NULL;
	for (size_t i = 0; i < n + base->layouts_n; i++) {
		struct diag d = {0};
		size_t column;
		struct span text = span_of(i < n ? more[i].text : base->layouts[i - n].text);
		bool fine = true;
		if (i < n ? more[i].base != base : !f)
			continue;
		if (f)
			fine = format_add_layout(f, text, &d, &column);
		else
			fine = (f = format_of_layout(base, text, &d, &column));
		if (!fine && trouble)
			diag_add(trouble, DIAG_WARNING, d.hint[0] ? d.hint : NULL, "\"%.*s\" cannot be looked for: %s",
				 (int)(text.len < 60 ? text.len : 60), text.at, d.what);
	}
	return f;
}

static void replace(struct format_set *set, const struct format *base, struct format *made)
{
	for (size_t i = 0; made && i < set->n; i++)
		if (set->formats[i] == base)
			set->formats[i] = made;
}

static void make_sets(struct serverconf *c, const struct format_set *formats, struct diag_list *trouble)
{
	const struct format *postgresql = base_of(formats, FORMAT_POSTGRESQL, false);
	size_t rules = c->postgresql_n, nginx_n = c->layouts_n;
	c->sets = memory_new(rules + 1, sizeof *c->sets);
	for (size_t i = 0; i <= rules; i++)
		for (int k = 0; k < 2; k++) {
			struct format_set *set = &c->sets[i][k];
			set->formats = memory_new(formats->n, sizeof *set->formats);
			set->n = set->cap = formats->n;
			memcpy(set->formats, formats->formats, formats->n * sizeof *set->formats);
		}
	for (int stream = 0; stream < 2; stream++) {
		const struct format *base = base_of(formats, FORMAT_NGINX, stream);
		struct format *made = base ? with_layouts(base, c->layouts, nginx_n, NULL) : NULL;
		for (size_t i = 0; i <= rules; i++)
			replace(&c->sets[i][1], base, made);
		if (made)
			keep_made(c, made);
	}
	for (size_t i = 0; i < rules && postgresql; i++) {
		const struct postgresqlconf *conf = &c->postgresql[i].conf;
		const struct postgresqlconf_value *prefix = &conf->values[POSTGRESQLCONF_LOG_LINE_PREFIX];
		struct serverconf_layout one = {prefix->text.at, postgresql, 0};
		if (!prefix->stated || !prefix->text.len || knows_layout(postgresql, text_span(&prefix->text)))
			continue;
		struct format *made = with_layouts(postgresql, &one, 1, trouble);
		for (int k = 0; k < 2; k++)
			replace(&c->sets[i + 1][k], postgresql, made);
		if (made)
			keep_made(c, made);
		add_layout(c, postgresql, "postgresql", prefix->text.at);
	}
}

bool serverconf_read(struct serverconf *c, struct options *o, const struct format_set *formats, struct diag_list *trouble,
		     struct diag *d)
{
	bool fine = true, any = o->nginx_confs.n;
	for (size_t i = 0; i < o->nginx_confs.n && fine; i++)
		fine = read_nginx(c, o, &o->nginx_confs.items[i], formats, trouble, d);
	for (size_t i = 0; i < o->rules_n && fine; i++)
		if (o->rules[i].kind == GLOB_POSTGRESQL_CONF) {
			any = true;
			fine = read_postgresql(c, o, &o->rules[i], trouble, d);
		}
	if (fine && any)
		make_sets(c, formats, trouble);
	return fine;
}

void serverconf_release(struct serverconf *c)
{
	for (size_t i = 0; i < c->logs_n; i++) {
		memory_free(c->logs[i].path);
		memory_free(c->logs[i].name);
	}
	for (size_t i = 0; c->sets && i <= c->postgresql_n; i++) {
		memory_free(c->sets[i][0].formats);
		memory_free(c->sets[i][1].formats);
	}
	for (size_t i = 0; i < c->postgresql_n; i++)
		postgresqlconf_release(&c->postgresql[i].conf);
	for (size_t i = 0; i < c->made_n; i++)
		format_free(c->made[i]);
	for (size_t i = 0; i < c->layouts_n; i++)
		memory_free(c->layouts[i].text);
	memory_free(c->logs);
	memory_free(c->folders);
	memory_free(c->sets);
	memory_free(c->postgresql);
	memory_free(c->made);
	memory_free(c->layouts);
	*c = (struct serverconf){0};
}

/* ---- which log is whose ---- */

/* The last part of a path, which is then without it. */
static struct span cut_last(struct span *path)
{
	while (path->len && path->at[path->len - 1] == '/')
		path->len--;
	size_t i = path->len;
	while (i && path->at[i - 1] != '/')
		i--;
	struct span last = span_from(*path, i);
	path->len = i;
	return last;
}

/* A part of an access_log's path as a glob: "$host.log" is any name with that end. */
static bool part_matches(struct span written, struct span name)
{
	if (span_find_byte(written, '$') < 0)
		return span_equal(written, name);
	struct text glob = {0};
	for (size_t i = 0; i < written.len; i++) {
		char c = written.at[i];
		if (c != '$') {
			text_append_byte(&glob, strchr("*?[", c) ? '?' : c);
			continue;
		}
		text_append_byte(&glob, '*');
		bool braced = i + 1 < written.len && written.at[i + 1] == '{';
		i += braced;
		while (i + 1 < written.len && ((written.at[i + 1] | 32) >= 'a' ? (written.at[i + 1] | 32) <= 'z' :
					       (written.at[i + 1] >= '0' && written.at[i + 1] <= '9')))
			i++;
		while (i + 1 < written.len && (written.at[i + 1] == '_' || (braced && written.at[i + 1] != '}')))
			i++;
		i += braced && i + 1 < written.len;
	}
	bool matches = glob_match(text_span(&glob), name);
	text_release(&glob);
	return matches;
}

/* How much of its end a path has in common with an access_log's: parts, and of them those without variables. */
static unsigned common_end(const char *log, struct span key)
{
	struct span a = span_of(log);
	unsigned parts = 0, literal = 0;
	while (a.len && key.len && parts < 1000) {
		struct span x = cut_last(&a), y = cut_last(&key);
		if (!x.len || !y.len || !part_matches(x, y))
			break;
		parts++;
		literal += span_find_byte(x, '$') < 0;
	}
	return parts * 1024 + literal;
}

/* The first lines of a log. False when it cannot be read twice. */
static bool read_head(const char *path, struct text *head)
{
	struct input in;
	struct diag ignored = {0};
	if (!strcmp(path, "-") || !input_open(&in, path, &ignored))
		return false;
	bool regular = in.size >= 0;
	if (regular) {
		struct inflate *z = inflate_new(&in);
		char *buffer = memory_new(LIMIT_DETECT_BYTES, 1);
		size_t n;
		while (head->len < LIMIT_DETECT_BYTES && (n = inflate_read(z, buffer, LIMIT_DETECT_BYTES - head->len)))
			text_append(head, (struct span){buffer, n});
		memory_free(buffer);
		inflate_free(z);
	}
	input_close(&in);
	return regular;
}

static bool takes(const struct format *format, const char *path, bool *readable)
{
	struct text head = {0};
	struct detection found = {0};
	*readable = read_head(path, &head);
	if (*readable) {
		struct format_scratch *scratch = format_scratch_new();
		format_detect_layout(format, text_span(&head), scratch, &found);
		format_free(found.own);
		format_scratch_free(scratch);
	}
	text_release(&head);
	return found.taken && found.taken * 2 >= found.lines;
}

static bool speaks_of(const char *within, const char *path)
{
	return !within || conffiles_below(path, within);
}

/* The rule that speaks of a log: its number + 1; 0: none. */
static size_t rule_for(const struct serverconf *c, const char *path)
{
	size_t rule = c->postgresql_n;
	while (rule && !options_rule_matches(c->postgresql[rule - 1].rule, path))
		rule--;
	return rule;
}

void serverconf_compare(const struct serverconf *c, const char *path, const char *format, const char *layout,
			struct diag_list *trouble)
{
	size_t rule = rule_for(c, path);
	if (!c->sets || !rule || strcmp(format, "postgresql"))
		return;
	const struct postgresqlconf_value *prefix = &c->postgresql[rule - 1].conf.values[POSTGRESQLCONF_LOG_LINE_PREFIX];
	if (!prefix->stated || !prefix->text.len || span_equal(text_span(&prefix->text), span_of(layout)))
		return;
	/* Another layout may fit as well and stand before it. */
	struct diag d = {0};
	size_t column;
	bool readable;
	const struct format *base = base_of(&c->sets[rule][0], FORMAT_POSTGRESQL, false);
	struct format *made = base ? format_of_layout(base, text_span(&prefix->text), &d, &column) : NULL;
	bool fits = !made || takes(made, path, &readable) || !readable;
	format_free(made);
	if (fits)
		return;
	struct span file = c->postgresql[rule - 1].rule->value;
	diag_add(trouble, DIAG_WARNING, "Is it the configuration of another server? Then its limits are not this one's.",
		 "\"%s\": its lines do not begin with the log_line_prefix of \"%.*s\", '%s', but with '%s'", path,
		 (int)file.len, file.at, prefix->text.at, layout);
}

struct serverconf_choice serverconf_choose(const struct serverconf *c, const char *path, struct diag_list *trouble)
{
	struct serverconf_choice choice = {0};
	if (!c->sets)
		return choice;
	size_t rule = rule_for(c, path);
	bool nginx = false;
	for (size_t i = 0; i < c->folders_n && !nginx; i++)
		nginx = speaks_of(c->folders[i], path);
	choice.set = &c->sets[rule][nginx];
	char *key = tally_source_key(NULL, path);
	const struct serverconf_log *best = NULL, *also = NULL;
	unsigned longest = 0;
	for (size_t i = 0; i < c->logs_n; i++) {
		unsigned common = common_end(c->logs[i].path, span_of(key));
		if (common < 1024 || common < longest || !speaks_of(c->logs[i].within, path))
			continue;
		if (common > longest)
			also = NULL;
		else if (best && best->hash != c->logs[i].hash && !also)
			also = &c->logs[i];
		if (common > longest)
			best = &c->logs[i];
		longest = common;
	}
	memory_free(key);
	bool readable = true;
	if (also)
		diag_add(trouble, DIAG_WARNING, "Its format is detected; to state it: --format GLOB='nginx:LOG_FORMAT'",
			 "\"%s\" may be \"%s\" in log_format \"%s\" or \"%s\" in log_format \"%s\"", path, best->path,
			 best->name, also->path, also->name);
	else if (best && takes(best->format, path, &readable)) {
		choice.stated = best->format;
		choice.hash = best->hash;
	} else if (best && readable) {
		diag_add(trouble, DIAG_NOTE, NULL, "\"%s\" is not written in log_format \"%s\", as \"%s\" says of \"%s\"",
			 path, best->name, best->conf, best->path);
	}
	return choice;
}

uint64_t serverconf_layout_hash(const struct serverconf *c, const char *layout)
{
	for (size_t i = 0; i < c->layouts_n; i++)
		if (!strcmp(c->layouts[i].text, layout))
			return c->layouts[i].hash;
	return 0;
}
