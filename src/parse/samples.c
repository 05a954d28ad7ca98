#include "parse/format.h"

#include "base/memory.h"
#include "parse/explain.h"

/* One check run: where failures go. */
struct check {
	const struct format_set *set;
	const struct format *format;
	struct format_scratch *scratch;
	struct diag_list *failures;
};

static void failed(struct check *c, const struct pattern_entry *e, size_t column, const char *what, const char *hint)
{
	struct diag d = {0};
	pattern_error(&c->format->file, e, column, &d, what, hint);
	diag_add(c->failures, DIAG_ERROR, d.hint[0] ? d.hint : NULL, "%s", d.what);
}

/* What `expect NAME` compares with, as text. */
static void found_value(const struct record *r, struct span name, struct text *out)
{
	char stamp[32];
	enum field field;
	text_clear(out);
	if (span_equal(name, SPAN("timestamp"))) {
		text_append_string(out, instant_format(r->time_us, stamp));
	} else if (span_equal(name, SPAN("severity"))) {
		text_append_string(out, severity_name(r->severity));
	} else if (span_equal(name, SPAN("duration_us"))) {
		if (r->duration_us >= 0)
			text_append_int(out, r->duration_us);
	} else if (span_equal(name, SPAN("zone"))) {
		text_append_string(out, r->zone == STAMP_EXPLICIT ? "explicit" : "none");
	} else if (field_of(name, &field)) {
		text_append(out, record_get(r, field));
	}
}

static void check_expectation(struct check *c, const struct pattern_entry *e, const struct record *r)
{
	struct span name = span_from(e->key, 7);
	struct text found = {0};
	int64_t us;
	found_value(r, name, &found);
	bool same = span_equal(name, SPAN("timestamp")) && instant_parse(e->value, &us)
			    ? us == r->time_us
			    : span_equal(text_span(&found), e->value);
	if (!same) {
		struct text hint = {0};
		text_format(&hint, "The sample gives \"%.200s\".", found.at ? found.at : "");
		failed(c, e, 0, "expectation does not hold", hint.at);
		text_release(&hint);
	}
	text_release(&found);
}

/* The caret stands where the format stopped: of several layouts, where the one did that got furthest. */
static void failed_at_reach(struct check *c, const struct pattern_entry *e, enum parse_result result)
{
	struct explanations list = {.line = e->value};
	explain_format(c->format, &list);
	const struct explanation *best = &list.items[0];
	for (size_t i = 1; i < list.n; i++)
		if (list.items[i].how == EXPLAIN_STOPS && (best->how != EXPLAIN_STOPS || list.items[i].at > best->at))
			best = &list.items[i];
	struct text hint = {0};
	if (best->wanted.len) {
		text_append_string(&hint, best->how == EXPLAIN_STOPS ? "There it wants " : "Why: ");
		text_append(&hint, span_head(text_span(&best->wanted), 300));
		text_append_byte(&hint, '.');
	}
	failed(c, e, best->how == EXPLAIN_STOPS ? best->at : 0,
	       result == PARSE_NOT_TIME ? "sample has no readable time stamp" : "sample does not match", hint.at);
	text_release(&hint);
	explanations_release(&list);
}

static void check_sample(struct check *c, const struct pattern_entry *e, size_t index)
{
	struct detection d;
	struct record r;
	format_detect(c->set, e->value, c->scratch, &d);
	bool other = d.format && strcmp(d.format->name, c->format->name);
	const struct format *f = d.format && !other ? d.format : c->format;
	enum parse_result result = format_parse(f, e->value, c->scratch, &r);
	if (result != PARSE_OK) {
		failed_at_reach(c, e, result);
	} else if (c->format->kind != FORMAT_CARRIED && /* which the reader takes away before a format sees the line */
		   (other || (d.also && strcmp(d.also->name, c->format->name)))) {
		struct text hint = {0};
		text_format(&hint, "The format \"%s\" takes it too: make one of them narrower.",
			    other ? d.format->name : d.also->name);
		failed(c, e, 0, "sample is also of another format", hint.at);
		text_release(&hint);
	}
	const struct pattern_file *file = &c->format->file;
	for (size_t i = index + 1; result == PARSE_OK && i < file->n; i++) {
		if (!span_starts(file->entries[i].key, SPAN("expect ")))
			break;
		check_expectation(c, &file->entries[i], &r);
	}
	format_free(d.own);
}

static void check_reject(struct check *c, const struct pattern_entry *e)
{
	struct record r;
	if (format_parse(c->format, e->value, c->scratch, &r) == PARSE_OK)
		failed(c, e, 0, "this line must not match, but does", "Make the format narrower.");
}

size_t format_set_check(const struct format_set *set, struct diag_list *failures)
{
	struct format_scratch *scratch = format_scratch_new();
	size_t run = 0;
	for (size_t i = 0; i < set->n; i++) {
		struct check c = {set, set->formats[i], scratch, failures};
		const struct pattern_file *file = &set->formats[i]->file;
		size_t samples = 0, rejects = 0;
		for (size_t k = 0; k < file->n; k++) {
			const struct pattern_entry *e = &file->entries[k];
			if (span_equal(e->key, SPAN("sample"))) {
				check_sample(&c, e, k);
				samples++;
			} else if (span_equal(e->key, SPAN("reject"))) {
				check_reject(&c, e);
				rejects++;
			} else if (span_starts(e->key, SPAN("expect ")) &&
				   (!k || (!span_equal(file->entries[k - 1].key, SPAN("sample")) &&
					   !span_starts(file->entries[k - 1].key, SPAN("expect "))))) {
				failed(&c, e, 0, "an expectation without a sample above it",
				       "Write it right below its sample.");
			}
		}
		if (!samples)
			diag_add(failures, DIAG_ERROR, "Add lines of a real log, each as sample = LINE.",
				 "%s: the format has no sample", file->path);
		run += samples + rejects;
	}
	format_scratch_free(scratch);
	return run;
}
