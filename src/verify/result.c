#include "verify/result.h"

#include "base/memory.h"

static const char *const kind_names[RESULT_KINDS] = {[RESULT_FILES] = "files", [RESULT_LINES] = "evidence", [RESULT_VALUES] = "recount"};
static const char *const word_names[RESULT_WORDS] = {[RESULT_HOLDS] = "holds", [RESULT_MISSING] = "missing", [RESULT_DIFFERS] = "differs"};

void result_hold(struct result *r, enum result_kind kind, uint64_t n)
{
	r->n[kind][RESULT_HOLDS] += n;
}

bool result_wants(const struct result *r, enum result_kind kind, enum result_word word)
{
	return r->n[kind][word] < RESULT_MOST;
}

void result_trouble(struct result *r, enum result_kind kind, enum result_word word, const char *hint, const char *text)
{
	if (result_wants(r, kind, word)) {
		r->notes = memory_grow(r->notes, &r->notes_cap, r->notes_n + 1, sizeof *r->notes);
		r->notes[r->notes_n++] = (struct result_note){kind, word, span_copy(span_of(text)), hint ? span_copy(span_of(hint)) : NULL};
	}
	r->n[kind][word]++;
}

void result_aside(struct result *r, enum result_kind kind, const char *why)
{
	if (!r->aside[kind])
		r->aside[kind] = span_copy(span_of(why));
}

void result_moved(struct result *r, const char *text)
{
	r->moved = memory_grow(r->moved, &r->moved_cap, r->moved_n + 1, sizeof *r->moved);
	r->moved[r->moved_n++] = span_copy(span_of(text));
}

static uint64_t all_of(const struct result *r, enum result_word word)
{
	uint64_t n = 0;
	for (enum result_kind k = 0; k < RESULT_KINDS; k++)
		n += r->n[k][word];
	return n;
}

bool result_is_whole(const struct result *r)
{
	bool whole = !all_of(r, RESULT_MISSING) && !all_of(r, RESULT_DIFFERS);
	for (enum result_kind k = 0; k < RESULT_KINDS; k++)
		whole = whole && !r->aside[k];
	return whole;
}

bool result_is_none(const struct result *r)
{
	return !r->n[RESULT_FILES][RESULT_HOLDS] && !r->n[RESULT_LINES][RESULT_HOLDS] && !r->n[RESULT_LINES][RESULT_DIFFERS];
}

static void append_table(const struct result *r, struct text *out)
{
	text_format(out, "  %-10s%10s%10s%10s\n", "", word_names[0], word_names[1], word_names[2]);
	for (enum result_kind k = 0; k < RESULT_KINDS; k++)
		text_format(out, "  %-10s%10llu%10llu%10llu\n", kind_names[k], (unsigned long long)r->n[k][RESULT_HOLDS],
			    (unsigned long long)r->n[k][RESULT_MISSING], (unsigned long long)r->n[k][RESULT_DIFFERS]);
}

static void append_line(struct text *out, const char *head, const char *text, const char *hint)
{
	text_format(out, "  %-10s", head);
	text_append_printable(out, span_of(text));
	if (hint) {
		text_append_string(out, ". ");
		text_append_printable(out, span_of(hint));
	}
	text_append_byte(out, '\n');
}

/* What was found elsewhere is no trouble: the first few show that it was meant. */
static void append_moved(const struct result *r, struct text *out)
{
	for (size_t i = 0; i < r->moved_n && i < RESULT_MOST; i++)
		append_line(out, i ? "" : "found", r->moved[i], NULL);
	if (r->moved_n > RESULT_MOST)
		text_format(out, "  %-10sand %zu more\n", "", r->moved_n - RESULT_MOST);
}

/* A hint is said once: it is the same for all that are missing. */
static const char *hint_of(const struct result *r, size_t note)
{
	const char *hint = r->notes[note].hint;
	for (size_t i = 0; hint && i < note; i++)
		if (r->notes[i].hint && !strcmp(r->notes[i].hint, hint))
			return NULL;
	return hint;
}

static void append_count(struct text *out, uint64_t n, enum result_kind kind)
{
	static const char *const ones[RESULT_KINDS] = {"file", "piece of evidence", "value"};
	static const char *const many[RESULT_KINDS] = {"files", "pieces of evidence", "values"};
	text_format(out, "%llu %s", (unsigned long long)n, n == 1 ? ones[kind] : many[kind]);
}

static void append_notes(const struct result *r, enum result_kind kind, enum result_word word, struct text *out)
{
	uint64_t shown = 0;
	for (size_t i = 0; i < r->notes_n; i++)
		if (r->notes[i].kind == kind && r->notes[i].word == word) {
			append_line(out, word_names[word], r->notes[i].text, hint_of(r, i));
			shown++;
		}
	if (r->n[kind][word] == shown)
		return;
	text_format(out, "  %-10s%s", word_names[word], shown ? "and " : "");
	append_count(out, r->n[kind][word] - shown, kind);
	text_append_string(out, kind == RESULT_LINES && word == RESULT_MISSING ? " in files that are missing\n" : " more\n");
}

/* "2 files and 10 pieces of evidence" */
static void append_counts(const struct result *r, enum result_word word, struct text *out)
{
	bool any = false;
	for (enum result_kind k = 0; k < RESULT_KINDS; k++) {
		if (!r->n[k][word])
			continue;
		text_append_string(out, any ? ", " : "");
		append_count(out, r->n[k][word], k);
		any = true;
	}
}

static void append_verdict(const struct result *r, struct text *out)
{
	const char *before = "not everything holds: ";
	if (result_is_none(r)) {
		text_append_string(out, "nothing could be checked: no file of the draft was found\n");
		return;
	}
	if (result_is_whole(r)) {
		text_append_string(out, "everything holds: ");
		append_counts(r, RESULT_HOLDS, out);
		text_append_byte(out, '\n');
		return;
	}
	for (enum result_word w = RESULT_MISSING; w < RESULT_WORDS; w++)
		if (all_of(r, w)) {
			text_append_string(out, before);
			text_append_string(out, w == RESULT_MISSING ? "missing " : "different ");
			append_counts(r, w, out);
			before = "; ";
		}
	for (enum result_kind k = 0; k < RESULT_KINDS; k++)
		if (r->aside[k]) {
			text_append_string(out, *before == ';' ? "; not all was checked" : "what was checked holds; not all was checked");
			break;
		}
	text_append_byte(out, '\n');
}

void result_append(const struct result *r, struct text *out)
{
	append_table(r, out);
	append_moved(r, out);
	for (enum result_kind k = 0; k < RESULT_KINDS; k++) {
		for (enum result_word w = RESULT_MISSING; w < RESULT_WORDS; w++)
			append_notes(r, k, w, out);
		if (r->aside[k])
			append_line(out, "unchecked", r->aside[k], NULL);
	}
	append_verdict(r, out);
}

void result_release(struct result *r)
{
	for (size_t i = 0; i < r->notes_n; i++) {
		memory_free(r->notes[i].text);
		memory_free(r->notes[i].hint);
	}
	for (size_t i = 0; i < r->moved_n; i++)
		memory_free(r->moved[i]);
	for (enum result_kind k = 0; k < RESULT_KINDS; k++)
		memory_free(r->aside[k]);
	memory_free(r->notes);
	memory_free(r->moved);
	*r = (struct result){0};
}
