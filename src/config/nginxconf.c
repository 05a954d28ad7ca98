#include "config/nginxconf.h"

#include <stdlib.h>

#include "base/memory.h"
#include "config/lua.h"
#include "config/nginxtoken.h"

enum {
	MOST_BLOCKS = 256,
	WARNINGS_MOST = 100, /* then one that says so: a file of 64 MiB could give millions */
};

/* Which directives count: those of http and stream log; words in a block of data are none. MAIN is outside of all: a
 * file of conf.d may be given without its http { }. */
enum part { PART_MAIN, PART_HTTP, PART_STREAM, PART_OTHER, PART_DATA };

struct block {
	enum part part;
	unsigned line; /* where it begins */
};

/* A list of files that an include named; files[next] is being read. */
struct frame {
	struct nginxconf_files list;
	size_t next;
	struct nginxtoken_place place; /* in that file */
	size_t blocks_n;  /* open when the file began: it may not close them */
};

struct word {
	size_t start, len; /* in conf_reader.text */
};

struct conf_reader {
	struct nginxconf *conf;
	const struct nginxconf_source *source;
	struct diag_list *warnings;
	struct diag *d;
	struct frame frames[NGINXCONF_DEEPEST];
	size_t frames_n;
	struct block blocks[MOST_BLOCKS];
	size_t blocks_n;
	size_t files, bytes;
	size_t warned;
	/* The directive being read. */
	struct text text;
	struct word *words;
	size_t words_n, words_cap;
	unsigned line; /* of its first word */
};

/* ---- lists ---- */

void nginxconf_files_add(struct nginxconf_files *list, struct span path, struct span bytes)
{
	list->files = memory_grow(list->files, &list->cap, list->n + 1, sizeof *list->files);
	struct nginxconf_file *file = &list->files[list->n++];
	file->path = span_copy(path);
	file->bytes = memory_new(bytes.len ? bytes.len : 1, 1);
	if (bytes.len)
		memcpy(file->bytes, bytes.at, bytes.len);
	file->len = bytes.len;
}

static void release_files(struct nginxconf_files *list)
{
	for (size_t i = 0; i < list->n; i++) {
		memory_free(list->files[i].path);
		memory_free(list->files[i].bytes);
	}
	memory_free(list->files);
	*list = (struct nginxconf_files){0};
}

static void release_log(struct nginxconf_log *log)
{
	memory_free(log->path);
	memory_free(log->glob);
	memory_free(log->name);
	memory_free(log->format);
	memory_free(log->file);
}

void nginxconf_release(struct nginxconf *conf)
{
	for (size_t i = 0; i < conf->n; i++)
		release_log(&conf->logs[i]);
	for (size_t i = 0; i < conf->formats_n; i++) {
		memory_free(conf->formats[i].name);
		memory_free(conf->formats[i].format);
		memory_free(conf->formats[i].file);
	}
	memory_free(conf->logs);
	memory_free(conf->formats);
	*conf = (struct nginxconf){0};
}

/* ---- where we are, and what is wrong there ---- */

static struct frame *frame_of(struct conf_reader *c)
{
	return &c->frames[c->frames_n - 1];
}

static struct nginxconf_file *file_of(struct conf_reader *c)
{
	struct frame *f = frame_of(c);
	return &f->list.files[f->next];
}

static bool fail(struct conf_reader *c, unsigned line, const char *what, const char *hint)
{
	diag_set(c->d, "%s:%u: %s", file_of(c)->path, line, what);
	if (hint)
		diag_hint(c->d, "%s", hint);
	return false;
}

static struct span word(const struct conf_reader *c, size_t index)
{
	if (index >= c->words_n)
		return SPAN_NONE;
	return (struct span){c->text.at + c->words[index].start, c->words[index].len};
}

static int shown(struct span s)
{
	return (int)(s.len < 60 ? s.len : 60);
}

/* The next token; a word joins those of the directive. */
static enum nginxtoken read_token(struct conf_reader *c)
{
	struct frame *f = frame_of(c);
	const struct nginxconf_file *file = file_of(c);
	struct nginxtoken_found found;
	enum nginxtoken token = nginxtoken_next((struct span){file->bytes, file->len}, &f->place, &found);
	if (token != NGINXTOKEN_WORD && token != NGINXTOKEN_BAD)
		return token;
	if (!c->words_n)
		c->line = found.line;
	if (token == NGINXTOKEN_BAD) {
		fail(c, found.bad_line, found.bad, found.hint);
		return token;
	}
	c->words = memory_grow(c->words, &c->words_cap, c->words_n + 1, sizeof *c->words);
	struct word *w = &c->words[c->words_n++];
	w->start = c->text.len;
	nginxtoken_unescape(found.raw, &c->text);
	w->len = c->text.len - w->start;
	return token;
}

/* Moves behind the '}' that closes the block of Lua; false when there is none. */
static bool skip_lua(struct conf_reader *c)
{
	struct frame *f = frame_of(c);
	const struct nginxconf_file *file = file_of(c);
	bool closed;
	size_t end = lua_block_end((struct span){file->bytes, file->len}, f->place.at, &closed);
	for (; f->place.at < end; f->place.at++)
		f->place.line += file->bytes[f->place.at] == '\n';
	return closed;
}

/* ---- what logs ---- */

/* "$name" at the end of a piece goes on when the next begins with a letter: nginx compiles each piece alone. */
static void append_piece(struct text *t, struct span piece, struct span next)
{
	size_t name = piece.len;
	while (name && nginxtoken_is_name(piece.at[name - 1]))
		name--;
	bool bare = name && name < piece.len && piece.at[name - 1] == '$' && next.len && nginxtoken_is_name(next.at[0]);
	text_append(t, span_head(piece, bare ? name : piece.len));
	if (bare) {
		text_append_byte(t, '{');
		text_append(t, span_from(piece, name));
		text_append_byte(t, '}');
	}
}

static const struct nginxconf_format *format_find(const struct nginxconf *conf, struct span name,
						  enum nginxconf_kind kind)
{
	for (size_t i = 0; i < conf->formats_n; i++) {
		if (conf->formats[i].kind == kind && span_equal(span_of(conf->formats[i].name), name))
			return &conf->formats[i];
	}
	return NULL;
}

static void add_format(struct nginxconf *conf, struct span name, struct span format, enum nginxconf_kind kind,
		       const char *file, unsigned line)
{
	conf->formats = memory_grow(conf->formats, &conf->formats_cap, conf->formats_n + 1, sizeof *conf->formats);
	conf->formats[conf->formats_n++] = (struct nginxconf_format){
		span_copy(name), span_copy(format), kind, span_copy(span_of(file)), line};
}

static void warn(struct conf_reader *c, unsigned line, const char *what, struct span subject, const char *hint)
{
	if (c->warned > WARNINGS_MOST)
		return;
	if (c->warned++ == WARNINGS_MOST) {
		diag_add(c->warnings, DIAG_WARNING, NULL, "%s:%u: more like these from here on", file_of(c)->path, line);
		return;
	}
	diag_add(c->warnings, DIAG_WARNING, hint, "%s:%u: %s \"%.*s\"", file_of(c)->path, line, what, shown(subject),
		 subject.at ? subject.at : "");
}

static void read_log_format(struct conf_reader *c, enum nginxconf_kind kind)
{
	struct span name = word(c, 1), escape = word(c, 2);
	size_t first = span_starts(escape, SPAN("escape=")) ? 3 : 2;
	if (c->words_n <= first) {
		warn(c, c->line, "log_format without a text:", name, NULL);
		return;
	}
	if (format_find(c->conf, name, kind)) {
		warn(c, c->line, "log_format is defined twice:", name, "The first one is used; nginx refuses both.");
		return;
	}
	if (c->conf->formats_n == NGINXCONF_MOST_FORMATS) {
		warn(c, c->line, "too many log_formats: left out", name, NULL);
		return;
	}
	struct text text = {0};
	if (first == 3 && !span_equal(escape, SPAN("escape=default"))) {
		text_append(&text, escape);
		text_append_byte(&text, ' ');
	}
	for (size_t i = first; i < c->words_n; i++)
		append_piece(&text, word(c, i), word(c, i + 1));
	add_format(c->conf, name, text_span(&text), kind, file_of(c)->path, c->line);
	text_release(&text);
}

/* The last part of a path as a glob: a variable may be anything, also nothing. */
static char *glob_of(struct span path, bool *has_variables)
{
	struct text glob = {0};
	*has_variables = false;
	for (size_t i = 0; i < path.len; i++) {
		char c = path.at[i];
		if (c == '$') {
			bool braced = i + 1 < path.len && path.at[i + 1] == '{';
			size_t end = i + 1 + braced;
			while (end < path.len && nginxtoken_is_name(path.at[end]))
				end++;
			i = end - 1 + (braced && end < path.len && path.at[end] == '}');
			*has_variables = true;
			if (!glob.len || glob.at[glob.len - 1] != '*')
				text_append_byte(&glob, '*');
		} else if (c == '/') {
			text_clear(&glob);
		} else {
			text_append_byte(&glob, c == '*' || c == '?' || c == '[' ? '?' : c);
		}
	}
	char *owned = span_copy(text_span(&glob));
	text_release(&glob);
	return owned;
}

static enum nginxconf_sink sink_of(struct span path)
{
	if (span_starts(path, SPAN("syslog:")))
		return NGINXCONF_SYSLOG;
	bool device = span_equal(path, SPAN("stderr")) || span_starts(path, SPAN("/dev/")) ||
		      span_starts(path, SPAN("/proc/self/fd/"));
	return device ? NGINXCONF_DEVICE : NGINXCONF_FILE;
}

static struct nginxconf_log *add_log(struct conf_reader *c, enum nginxconf_kind kind, struct span path)
{
	if (!path.len || span_equal(path, SPAN("/dev/null")) || span_starts(path, SPAN("memory:")))
		return NULL;
	if (c->conf->n == NGINXCONF_MOST_LOGS) {
		warn(c, c->line, "too many logs: left out", path, NULL);
		return NULL;
	}
	c->conf->logs = memory_grow(c->conf->logs, &c->conf->cap, c->conf->n + 1, sizeof *c->conf->logs);
	struct nginxconf_log *log = &c->conf->logs[c->conf->n++];
	*log = (struct nginxconf_log){.kind = kind, .sink = sink_of(path), .line = c->line};
	log->path = span_copy(path);
	log->file = span_copy(span_of(file_of(c)->path));
	if (log->sink == NGINXCONF_FILE)
		log->glob = glob_of(path, &log->has_variables);
	return log;
}

static void read_access_log(struct conf_reader *c, enum nginxconf_kind kind)
{
	struct span path = word(c, 1), name = word(c, 2);
	if (span_equal(path, SPAN("off")))
		return;
	if (kind == NGINXCONF_STREAM && !name.len) {
		warn(c, c->line, "a stream's access_log has no format:", path, NULL);
		return;
	}
	struct nginxconf_log *log = add_log(c, kind, path);
	if (!log)
		return;
	log->name = span_copy(name.len ? name : SPAN("combined"));
	for (size_t i = 3; i < c->words_n; i++) {
		struct span option = word(c, i);
		log->conditional |= span_starts(option, SPAN("if="));
		log->compressed |= span_equal(option, SPAN("gzip")) || span_starts(option, SPAN("gzip="));
	}
}

static bool read_include(struct conf_reader *c)
{
	struct span pattern = word(c, 1);
	if (!c->source || !c->source->include) {
		warn(c, c->line, "include is passed over:", pattern, NULL);
		return true;
	}
	if (c->frames_n == NGINXCONF_DEEPEST)
		return fail(c, c->line, "includes are nested too deeply", "Does a file include itself?");
	struct frame *next = &c->frames[c->frames_n];
	*next = (struct frame){.place = NGINXTOKEN_START, .blocks_n = c->blocks_n};
	if (!c->source->include(c->source->self, pattern, &next->list, c->d)) {
		release_files(&next->list);
		diag_set(c->d, "%s:%u: could not include \"%.*s\"", file_of(c)->path, c->line, shown(pattern), pattern.at);
		diag_hint(c->d, "It is included by %s:%u.", file_of(c)->path, c->line);
		return false;
	}
	c->files += next->list.n;
	for (size_t i = 0; i < next->list.n; i++)
		c->bytes += next->list.files[i].len;
	bool fits = c->files <= NGINXCONF_MOST_FILES && c->bytes <= NGINXCONF_MOST_BYTES;
	if (!fits) {
		release_files(&next->list);
		return fail(c, c->line, "includes name too many files",
			    "At most 4,096 files, 64 MiB in all. Does one include itself?");
	}
	if (next->list.n)
		c->frames_n++;
	else
		release_files(&next->list);
	return true;
}

static enum part part_of(const struct conf_reader *c)
{
	return c->blocks_n ? c->blocks[c->blocks_n - 1].part : PART_MAIN;
}

static bool simple_directive(struct conf_reader *c)
{
	const enum part part = part_of(c);
	const struct span name = word(c, 0);
	const enum nginxconf_kind kind = part == PART_STREAM ? NGINXCONF_STREAM : NGINXCONF_ACCESS;
	if (part == PART_DATA)
		return true;
	if (span_equal(name, SPAN("include")) && c->words_n == 2)
		return read_include(c);
	if (span_equal(name, SPAN("error_log")) && c->words_n >= 2)
		add_log(c, NGINXCONF_ERROR, word(c, 1));
	else if (part != PART_OTHER && span_equal(name, SPAN("log_format")))
		read_log_format(c, kind);
	else if (part != PART_OTHER && span_equal(name, SPAN("access_log")) && c->words_n >= 2)
		read_access_log(c, kind);
	return true;
}

static enum part part_of_block(const struct conf_reader *c, struct span name)
{
	static const struct {
		const char *name;
		enum part part;
	} known[] = {
		{"http", PART_HTTP}, {"stream", PART_STREAM}, {"mail", PART_OTHER}, {"events", PART_OTHER}, {"map", PART_DATA},
		{"geo", PART_DATA}, {"types", PART_DATA}, {"split_clients", PART_DATA}, {"match", PART_DATA},
		{"charset_map", PART_DATA},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (span_equal(name, span_of(known[i].name)))
			return known[i].part;
	}
	return part_of(c);
}

static bool open_block(struct conf_reader *c)
{
	struct span name = word(c, 0);
	if (span_ends(name, SPAN("_by_lua_block")))
		return skip_lua(c) || fail(c, c->line, "this block does not close", NULL);
	if (c->blocks_n == MOST_BLOCKS)
		return fail(c, c->line, "blocks are nested too deeply", NULL);
	enum part part = part_of(c) == PART_DATA ? PART_DATA : part_of_block(c, name);
	c->blocks[c->blocks_n++] = (struct block){part, c->line};
	return true;
}

static bool end_of_file(struct conf_reader *c)
{
	struct frame *f = frame_of(c);
	if (c->words_n)
		return fail(c, c->line, "this directive has no end", "It lacks a \";\".");
	if (c->blocks_n > f->blocks_n)
		return fail(c, c->blocks[c->blocks_n - 1].line, "this block does not close", "It lacks a \"}\".");
	f->place = NGINXTOKEN_START;
	if (++f->next == f->list.n) {
		release_files(&f->list);
		c->frames_n--;
	}
	return true;
}

/* One word, or what ends a directive. */
static bool step(struct conf_reader *c)
{
	struct frame *f = frame_of(c);
	enum nginxtoken token = read_token(c);
	if (token == NGINXTOKEN_WORD)
		return true;
	if (token == NGINXTOKEN_BAD)
		return false;
	if (token == NGINXTOKEN_END)
		return end_of_file(c);
	if (token == NGINXTOKEN_CLOSE) {
		if (c->words_n || c->blocks_n == f->blocks_n)
			return fail(c, f->place.line, "unexpected \"}\"",
				    c->words_n ? "The directive before it lacks a \";\"." : "No block is open here.");
		c->blocks_n--;
		return true;
	}
	if (!c->words_n)
		return fail(c, f->place.line, token == NGINXTOKEN_OPEN ? "unexpected \"{\"" : "unexpected \";\"",
			    "A directive begins with its name.");
	bool fine = token == NGINXTOKEN_OPEN ? open_block(c) : simple_directive(c);
	c->words_n = 0;
	text_clear(&c->text);
	return fine;
}

/* ---- after all is read ---- */

static int compare_logs(const void *left, const void *right)
{
	const struct nginxconf_log *a = *(const struct nginxconf_log *const *)left,
				   *b = *(const struct nginxconf_log *const *)right;
	int order = strcmp(a->path, b->path);
	if (!order)
		order = (int)a->kind - (int)b->kind;
	if (!order)
		order = strcmp(a->name ? a->name : "", b->name ? b->name : "");
	return order ? order : a < b ? -1 : a > b;
}

/* Of logs written the same way the first is kept; of the others nothing (path is NULL), but what they add to it. */
static void drop_repeats(struct nginxconf *conf)
{
	struct nginxconf_log **sorted = memory_new(conf->n, sizeof *sorted);
	for (size_t i = 0; i < conf->n; i++)
		sorted[i] = &conf->logs[i];
	qsort(sorted, conf->n, sizeof *sorted, compare_logs);
	struct nginxconf_log *first = NULL;
	for (size_t i = 0; i < conf->n; i++) {
		struct nginxconf_log *log = sorted[i];
		bool same = first && !strcmp(first->path, log->path) && first->kind == log->kind &&
			    !strcmp(first->name ? first->name : "", log->name ? log->name : "");
		if (!same) {
			first = log;
			continue;
		}
		first->conditional &= log->conditional;
		first->compressed |= log->compressed;
		release_log(log);
		log->path = NULL;
	}
	memory_free(sorted);
}

/* Gives each access log its format's text; those without one are left out. */
static void resolve(struct nginxconf *conf, struct diag_list *warnings)
{
	size_t kept = 0;
	for (size_t i = 0; i < conf->n; i++) {
		struct nginxconf_log log = conf->logs[i];
		if (!log.path)
			continue;
		if (log.name) {
			const struct nginxconf_format *format = format_find(conf, span_of(log.name), log.kind);
			if (!format) {
				diag_add(warnings, DIAG_WARNING, "Give the nginx.conf that defines it, with its includes.",
					 "%s:%u: there is no log_format \"%s\" for %s", log.file, log.line, log.name, log.path);
				release_log(&log);
				continue;
			}
			log.format = span_copy(span_of(format->format));
		}
		conf->logs[kept++] = log;
	}
	conf->n = kept;
}

bool nginxconf_read(struct nginxconf *conf, const char *path, struct span bytes, const struct nginxconf_source *source,
		    struct diag_list *warnings, struct diag *d)
{
	*conf = (struct nginxconf){0};
	struct conf_reader *c = memory_new(1, sizeof *c);
	c->conf = conf;
	c->source = source;
	c->warnings = warnings;
	c->d = d;
	add_format(conf, SPAN("combined"), SPAN("combined"), NGINXCONF_ACCESS, "", 0);
	c->frames[0].place = NGINXTOKEN_START;
	nginxconf_files_add(&c->frames[0].list, span_of(path), bytes);
	c->frames_n = 1;
	c->files = 1;
	bool fine = true;
	while (fine && c->frames_n)
		fine = step(c);
	while (c->frames_n)
		release_files(&c->frames[--c->frames_n].list);
	text_release(&c->text);
	memory_free(c->words);
	memory_free(c);
	drop_repeats(conf);
	resolve(conf, warnings);
	return fine;
}
