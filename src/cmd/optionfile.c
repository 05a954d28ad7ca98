#include "cmd/optionfile.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "cmd/conffiles.h"
#include "cmd/smallfile.h"

enum { MOST_BYTES = 1 << 20 }; /* a line an option: thousands */

/* Where an options file lies, and how far it is believed. */
struct place {
	const char *path;
	struct span folder; /* as in the paths of logs: "logs/", "" for the working folder */
	bool found;         /* beside the logs: it may have come with them */
	bool scoped;        /* there are logs outside of its folder */
};

/* ---- names ---- */

/* Whether the name leads out of where it starts, as it is written. */
static bool leads_out(struct span name)
{
	if (name.len && name.at[0] == '/')
		return true;
	while (name.len)
		if (span_equal(span_cut(&name, '/'), SPAN("..")))
			return true;
	return false;
}

/* The file that an options file names. False with `d`. */
static bool resolve(const struct place *place, struct span name, const struct option_value *value, struct text *out,
		    struct diag *d)
{
	bool absolute = name.len && name.at[0] == '/';
	if (!absolute)
		text_append(out, place->folder);
	text_append(out, name);
	if (!place->found || (!leads_out(name) && conffiles_inside(out->at, value->within)))
		return true;
	options_fail(value, value->entry->value.len - name.len, d,
		     "a file outside of this folder is named by options that were found beside the logs",
		     "Name it on the command line, or state the options file: --config FILE");
	return false;
}

/* ---- globs ---- */

/* What stands for itself in a glob. */
static void append_literal(struct text *out, struct span path)
{
	for (size_t i = 0; i < path.len; i++) {
		bool special = strchr("*?[", path.at[i]) && path.at[i];
		text_append_string(out, special ? "[" : "");
		text_append_byte(out, path.at[i]);
		text_append_string(out, special ? "]" : "");
	}
}

/* The glob that means the same to paths as this one means below the place's folder. */
static void append_glob(const struct place *place, struct span glob, struct text *out)
{
	bool bare = span_find_byte(glob, '/') < 0;
	if (!place->found || (bare && !place->scoped)) {
		text_append(out, glob);
		return;
	}
	append_literal(out, place->folder);
	/* A relative path: the working folder and all below. */
	if (!place->folder.len)
		text_append_string(out, "./");
	if (bare)
		text_append_string(out, "**/");
	text_append(out, glob);
}

/* ---- one file ---- */

static bool names_file(struct span key)
{
	return span_equal(key, SPAN("patterns")) || span_equal(key, SPAN("events")) || span_equal(key, SPAN("nginx-conf"));
}

/* The value as it would be given on the command line. False with `d`. */
static bool translate(const struct place *place, struct span key, const struct option_value *value, struct text *out,
		      struct diag *d)
{
	struct span rest = value->entry->value, glob = SPAN_NONE;
	bool conf = span_equal(key, SPAN("postgresql-conf")), source = span_equal(key, SPAN("source"));
	bool ruled = conf || source || span_equal(key, SPAN("format")) || span_equal(key, SPAN("zone")) ||
		     span_equal(key, SPAN("year")) || span_equal(key, SPAN("tier"));
	if (names_file(key))
		return resolve(place, rest, value, out, d);
	if (!ruled) {
		text_append(out, rest);
		return true;
	}
	bool parted = span_find_byte(rest, '=') >= 0;
	if (parted) {
		glob = span_cut(&rest, '=');
		/* An empty glob is told by who takes the option. */
		if (glob.len)
			append_glob(place, glob, out);
		text_append_byte(out, '=');
	} else if ((conf || source || span_equal(key, SPAN("year"))) && place->scoped) {
		append_glob(place, SPAN("*"), out);
		text_append_byte(out, '=');
	}
	if (conf)
		return resolve(place, rest, value, out, d);
	text_append(out, rest);
	return true;
}

static bool take_entry(struct options *o, struct options *from_file, const struct place *place,
		       const struct pattern_file *file, const struct pattern_entry *entry, struct diag *d)
{
	struct option_value value = {"", file, entry, NULL};
	if (place->found)
		value.within = options_keep(o, place->folder);
	struct text text = {0};
	bool unknown, fine;
	if (span_find_byte(entry->value, '\n') >= 0) {
		pattern_error(file, entry, (size_t)span_find_byte(entry->value, '\n') + 1, d,
			      "the value of an option is one line", "Remove the blanks at the start of this line.");
		return false;
	}
	fine = translate(place, entry->key, &value, &text, d);
	if (fine) {
		value.text = options_keep(o, text_span(&text));
		fine = options_set(from_file, entry->key, value, &unknown, d);
	}
	text_release(&text);
	return fine;
}

static bool read_options(struct options *o, struct options *from_file, const struct place *place, struct diag *d)
{
	struct text bytes = {0};
	struct pattern_file *file = memory_new(1, sizeof *file);
	char *folder = span_copy(place->folder);
	bool fine = !place->found || conffiles_inside(place->path, folder);
	memory_free(folder);
	if (!fine)
		diag_set(d, "\"%s\" is a link that leads out of the folder of the logs", place->path);
	fine = fine && smallfile_read(place->path, place->found ? SMALLFILE_REGULAR : SMALLFILE_ANY, &bytes, d);
	if (fine && bytes.len > MOST_BYTES) {
		diag_set(d, "\"%s\" is too long: over %d MiB", place->path, MOST_BYTES >> 20);
		fine = false;
	}
	fine = fine && pattern_file_parse(file, place->path, text_span(&bytes), d);
	text_release(&bytes);
	if (!fine) {
		memory_free(file);
		return false;
	}
	o->files = memory_grow(o->files, &o->files_cap, o->files_n + 1, sizeof *o->files);
	o->files[o->files_n++] = file;
	options_use(o, place->path);
	for (size_t i = 0; i < file->n && fine; i++)
		fine = take_entry(o, from_file, place, file, &file->entries[i], d);
	return fine;
}

/* ---- all of them ---- */

static void put_before(struct option_list *list, struct option_list *first)
{
	for (size_t i = 0; i < list->n; i++) {
		first->items = memory_grow(first->items, &first->cap, first->n + 1, sizeof *first->items);
		first->items[first->n++] = list->items[i];
	}
	memory_free(list->items);
	*list = *first;
	*first = (struct option_list){0};
}

static void take_default(struct option_value *value, const struct option_value *fallback)
{
	if (!value->text)
		*value = *fallback;
}

/* The file's options behind those of the command line: of rules the last one counts, so the file's stand first. */
static void merge(struct options *o, struct options *f)
{
	for (size_t i = 0; i < o->rules_n; i++) {
		f->rules = memory_grow(f->rules, &f->rules_cap, f->rules_n + 1, sizeof *f->rules);
		f->rules[f->rules_n++] = o->rules[i];
	}
	memory_free(o->rules);
	o->rules = f->rules;
	o->rules_n = f->rules_n;
	o->rules_cap = f->rules_cap;
	f->rules = NULL;
	put_before(&o->folders, &f->folders);
	put_before(&o->events, &f->events);
	put_before(&o->nginx_confs, &f->nginx_confs);
	/* One window is stated in one place. */
	if (!o->since.text && !o->until.text && !o->around.text) {
		o->since = f->since;
		o->until = f->until;
		o->around = f->around;
		take_default(&o->margin, &f->margin);
	} else if (o->around.text) {
		take_default(&o->margin, &f->margin);
	}
	take_default(&o->topology, &f->topology);
	take_default(&o->redact, &f->redact);
	take_default(&o->jobs_given, &f->jobs_given);
	o->jobs = o->jobs ? o->jobs : f->jobs;
	options_release(f);
}

/* The folders that the paths stand for, each once, in their order; owned, with a slash at the end unless empty. */
struct folders {
	char **items;
	size_t n, cap;
};

static void add_folder(struct folders *folders, const char *path)
{
	struct stat st;
	struct text folder = {0};
	if (!strcmp(path, "-"))
		return;
	if (!stat(path, &st) && S_ISDIR(st.st_mode)) {
		text_append_string(&folder, path);
		if (folder.at[folder.len - 1] != '/')
			text_append_byte(&folder, '/');
	} else {
		text_append(&folder, conffiles_folder(path));
	}
	bool known = false;
	for (size_t i = 0; i < folders->n; i++)
		known |= span_equal(span_of(folders->items[i]), text_span(&folder));
	if (!known) {
		folders->items = memory_grow(folders->items, &folders->cap, folders->n + 1, sizeof *folders->items);
		folders->items[folders->n++] = span_copy(text_span(&folder));
	}
	text_release(&folder);
}

static struct span without_dot(struct span folder)
{
	while (span_starts(folder, SPAN("./")))
		folder = span_from(folder, 2);
	return folder;
}

/* Whether all folders are this one or lie below it. */
static bool holds_all(const struct folders *folders, struct span root)
{
	root = without_dot(root);
	for (size_t i = 0; i < folders->n; i++) {
		struct span f = without_dot(span_of(folders->items[i]));
		bool relative = !span_starts(f, SPAN("/")) && !span_starts(f, SPAN("../"));
		if (root.len ? !span_starts(f, root) : !relative)
			return false;
	}
	return true;
}

/* By name, so that the order of the paths changes nothing; a folder before those below it, whose rules then count. */
static int compare_folders(const void *a, const void *b)
{
	struct span x = without_dot(span_of(*(char *const *)a)), y = without_dot(span_of(*(char *const *)b));
	int order = memcmp(x.at, y.at, x.len < y.len ? x.len : y.len);
	return order ? order : (x.len > y.len) - (x.len < y.len);
}

static bool find_all(struct options *o, struct options *from_files, struct diag_list *trouble, struct diag *d)
{
	struct folders folders = {0};
	bool fine = true;
	for (size_t i = 0; i < o->paths_n; i++)
		add_folder(&folders, o->paths[i]);
	if (o->explain.len)
		add_folder(&folders, options_keep(o, o->explain));
	if (folders.n)
		qsort(folders.items, folders.n, sizeof *folders.items, compare_folders);
	for (size_t i = 0; i < folders.n && fine; i++) {
		struct text path = {0};
		struct stat st;
		text_format(&path, "%s%s", folders.items[i], OPTIONFILE_NAME);
		if (lstat(path.at, &st)) {
			text_release(&path);
			continue;
		}
		const char *kept = options_keep(o, text_span(&path));
		text_release(&path);
		if (o->config.text || o->no_config) {
			options_use(o, kept);
			continue;
		}
		struct place place = {kept, conffiles_folder(kept), true, !holds_all(&folders, conffiles_folder(kept))};
		diag_add(trouble, DIAG_NOTICE, NULL, "options are taken from \"%s\"", kept);
		fine = read_options(o, from_files, &place, d);
		if (!fine)
			diag_hint(d, "To do without it: --no-config");
	}
	for (size_t i = 0; i < folders.n; i++)
		memory_free(folders.items[i]);
	memory_free(folders.items);
	return fine;
}

bool optionfile_apply(struct options *o, struct diag_list *trouble, struct diag *d)
{
	struct options from_files = {0};
	bool fine = true;
	if (o->config.text) {
		struct place place = {.path = o->config.text, .folder = conffiles_folder(o->config.text)};
		fine = read_options(o, &from_files, &place, d);
	}
	fine = fine && find_all(o, &from_files, trouble, d);
	merge(o, &from_files);
	return fine;
}
