#include "parse/signal_file.h"

#include "base/memory.h"

void signal_file_free(struct signal_file *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->n; i++)
		rule_release(&l->rules[i]);
	memory_free(l->rules);
	memory_free(l->signal.name);
	memory_free(l->signal.title);
	memory_free(l->signal.sentence);
	memory_free(l->signal.measure);
	pattern_file_release(&l->signal.file);
	memory_free(l);
}

struct word {
	const char *text;
	int value;
};
static const struct word roles[] = {
	{"symptom", ROLE_SYMPTOM}, {"change", ROLE_CHANGE}, {"context", ROLE_CONTEXT},
	{"session_received", ROLE_SESSION_RECEIVED}, {"session_authorized", ROLE_SESSION_AUTHORIZED},
	{"session_closed", ROLE_SESSION_CLOSED}, {NULL, 0},
};
static const struct word strengths[] = {
	{"states", STRENGTH_STATES}, {"implies", STRENGTH_IMPLIES}, {"circumstantial", STRENGTH_CIRCUMSTANTIAL}, {NULL, 0},
};
static const struct word healths[] = {{"any", HEALTH_ANY}, {"few", HEALTH_FEW}, {"zero", HEALTH_ZERO}, {NULL, 0}};
static const struct word answers[] = {{"no", 0}, {"yes", 1}, {NULL, 0}};

static bool read_word(const struct pattern_file *file, const struct pattern_entry *entry, const struct word *words,
		      int *value, struct diag *d)
{
	struct text hint = {0};
	text_append_string(&hint, "One of: ");
	for (const struct word *w = words; w->text; w++) {
		if (span_equal(span_trim(entry->value), span_of(w->text))) {
			*value = w->value;
			text_release(&hint);
			return true;
		}
		text_append_string(&hint, w == words ? "" : ", ");
		text_append_string(&hint, w->text);
	}
	text_append_byte(&hint, '.');
	pattern_error(file, entry, 0, d, "this word is not known here", hint.at);
	text_release(&hint);
	return false;
}

static bool read_text(char **text, const struct pattern_entry *entry)
{
	memory_free(*text);
	*text = span_copy(span_trim(entry->value));
	/* Joined lines: a sentence is one line. */
	for (char *c = *text; *c; c++) {
		if (*c == '\n')
			*c = ' ';
	}
	return true;
}

static bool read_key(struct signal_file *l, const struct pattern_file *file, const struct pattern_entry *e, struct diag *d)
{
	struct signal *s = &l->signal;
	int value = 0;
	bool ok = true;
	if (!pattern_key_once(file, e, d))
		return false;
	if (span_equal(e->key, SPAN("signal")))
		ok = read_text(&s->name, e);
	else if (span_equal(e->key, SPAN("title")))
		ok = read_text(&s->title, e);
	else if (span_equal(e->key, SPAN("sentence")))
		ok = read_text(&s->sentence, e);
	else if (span_equal(e->key, SPAN("measure")))
		ok = read_text(&s->measure, e);
	else if (span_equal(e->key, SPAN("role"))) {
		ok = read_word(file, e, roles, &value, d);
		s->role = (enum signal_role)value;
	} else if (span_equal(e->key, SPAN("strength"))) {
		ok = read_word(file, e, strengths, &value, d);
		s->strength = (enum signal_strength)value;
	} else if (span_equal(e->key, SPAN("health"))) {
		ok = read_word(file, e, healths, &value, d);
		s->health = (enum signal_health)value;
	} else if (span_equal(e->key, SPAN("visible"))) {
		ok = read_word(file, e, answers, &value, d);
		s->visible = value;
	} else {
		pattern_key_error(file, e, 0, d, "unknown key",
			      "A signal has signal, title, role, health, visible, strength, sentence, measure, then rules.");
		ok = false;
	}
	return ok;
}

static bool has_key(const struct pattern_file *file, struct span key)
{
	for (size_t i = 0; i < file->n; i++) {
		if (span_equal(file->entries[i].key, key))
			return true;
	}
	return false;
}

static bool check_loaded(const struct signal_file *l, const struct pattern_file *file, struct diag *d)
{
	static const char *const needed[] = {"signal", "title", "role", "health", "visible", "strength", "sentence", "rule"};
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		if (!has_key(file, span_of(needed[i]))) {
			diag_set(d, "%s: no \"%s = ...\"", file->path, needed[i]);
			diag_hint(d, "Every signal file says signal, title, role, health, visible, strength, sentence and has a rule.");
			return false;
		}
	}
	struct span name = span_of(l->signal.name);
	if (!span_equal(name, span_of(file->name))) {
		pattern_error(file, &file->entries[0], 0, d, "the signal's name is not the file's",
			      "Name the file after its signal: NAME.signal.");
		return false;
	}
	if (span_equal(name, SPAN("http.requests")) || span_equal(name, SPAN("http.failed")) || span_equal(name, SPAN("records"))) {
		pattern_error(file, &file->entries[0], 0, d, "this name is taken by a series that is always counted",
			      "Choose another name than http.requests, http.failed and records.");
		return false;
	}
	return true;
}

static bool read_signal(struct signal_file *l, const struct pattern_file *file, struct diag *d)
{
	size_t i = 0;
	for (; i < file->n && !span_equal(file->entries[i].key, SPAN("rule")); i++) {
		if (!read_key(l, file, &file->entries[i], d))
			return false;
	}
	while (i < file->n) {
		l->rules = memory_grow(l->rules, &l->cap, l->n + 1, sizeof *l->rules);
		if (!rule_read(&l->rules[l->n], file, i, d))
			return false;
		i = l->rules[l->n++].entries;
	}
	return check_loaded(l, file, d);
}

struct signal_file *signal_file_read(struct pattern_file *file, struct diag *d)
{
	struct signal_file *l = memory_new(1, sizeof *l);
	if (!read_signal(l, file, d)) {
		signal_file_free(l);
		return NULL;
	}
	if (!l->signal.measure)
		l->signal.measure = span_copy(SPAN_NONE);
	l->signal.file = *file;
	*file = (struct pattern_file){0};
	return l;
}
