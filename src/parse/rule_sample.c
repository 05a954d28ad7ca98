#include "parse/rule_sample.h"

static bool bad(const struct pattern_file *file, const struct pattern_entry *entry, struct span where, struct diag *d,
		const char *what)
{
	size_t column = where.at && where.at >= entry->value.at ? (size_t)(where.at - entry->value.at) : 0;
	pattern_error(file, entry, column, d, what,
		      "Write TIER SEVERITY [CODE] [status=N] [duration=SECONDS] [server=NAME] | MESSAGE, for instance: db FATAL 53300 | sorry.");
	return false;
}

static bool read_word(struct rule_sample *sample, struct span word)
{
	struct record *r = &sample->record;
	int64_t status;
	if (span_starts(word, SPAN("status="))) {
		if (!span_to_int(span_from(word, 7), &status) || status < 100 || status > 999)
			return false;
		r->status = (int)status;
		record_set(r, FIELD_STATUS, span_from(word, 7));
		return true;
	}
	if (span_starts(word, SPAN("server="))) {
		record_set(r, FIELD_BACKEND_SERVER, span_from(word, 7));
		return true;
	}
	if (span_starts(word, SPAN("duration=")))
		return span_to_duration(span_from(word, 9), 1000000, &r->duration_us);
	if (record_has(r, FIELD_SQLSTATE) || record_has(r, FIELD_ERROR_CODE))
		return false;
	record_set(r, sample->tier == TIER_DB ? FIELD_SQLSTATE : FIELD_ERROR_CODE, word);
	return true;
}

bool rule_sample_read(struct rule_sample *sample, const struct pattern_file *file, const struct pattern_entry *entry,
		      struct diag *d)
{
	*sample = (struct rule_sample){0};
	struct record *r = &sample->record;
	record_clear(r);
	struct span value = entry->value;
	ptrdiff_t bar = span_find(value, SPAN(" |"));
	if (bar < 0)
		return bad(file, entry, value, d, "this sample has no \" | \" before its message");
	struct span head = span_head(value, (size_t)bar), message = span_from(value, (size_t)bar + 2);
	if (message.len && message.at[0] == ' ')
		message = span_from(message, 1);

	struct span word = span_cut(&head, ' ');
	if (!tier_of(word, &sample->tier))
		return bad(file, entry, word, d, "no such tier");
	word = span_cut(&head, ' ');
	r->severity = severity_of(word);
	if (r->severity == SEVERITY_UNKNOWN && !span_equal(word, SPAN("-")))
		return bad(file, entry, word, d, "no such severity");
	while (head.len) {
		word = span_cut(&head, ' ');
		if (word.len && !read_word(sample, word))
			return bad(file, entry, word, d, "this word is not understood");
	}
	struct span stack = message;
	struct span first = span_cut(&stack, '\n');
	if (first.len)
		record_set(r, FIELD_MESSAGE, first);
	if (stack.len)
		record_set(r, FIELD_STACK, stack);
	r->raw = message;
	return true;
}
