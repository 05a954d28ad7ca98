#include "line/bare.h"

enum { LEVEL_BYTES = 32 /* longer words are no levels: PostgreSQL's longest is of 27 bytes */ };

static struct span past_blanks(struct span s)
{
	size_t i = 0;
	while (i < s.len && (s.at[i] == ' ' || s.at[i] == '\t'))
		i++;
	return span_from(s, i);
}

/* "[25360]" or "(301)", and what of ": " follows. False when it is none; `*rest` is then as it was. */
static bool pass_number(struct span *rest, char open, char close)
{
	struct span s = past_blanks(*rest);
	size_t i = 1;
	if (!s.len || s.at[0] != open)
		return false;
	while (i < s.len && is_digit(s.at[i]))
		i++;
	if (i == 1 || i == s.len || s.at[i] != close)
		return false;
	s = past_blanks(span_from(s, i + 1));
	span_take_byte(&s, ':');
	*rest = past_blanks(s);
	return true;
}

/* What may be a level: letters, and digits behind them (DEBUG1). */
static struct span word_of(struct span s)
{
	size_t i = 0;
	while (i < s.len && i <= LEVEL_BYTES) {
		unsigned char c = (unsigned char)s.at[i];
		if (!(c >= 0x80 || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (i && is_digit(s.at[i]))))
			break;
		i++;
	}
	return span_head(s, i <= LEVEL_BYTES ? i : 0);
}

/* Of letters that have a case: all of them upper. */
static bool is_upper(struct span word)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.at[i] >= 'a' && word.at[i] <= 'z')
			return false;
	return true;
}

static void set_level(struct record *r, enum severity severity, struct span word)
{
	r->severity = severity;
	record_set(r, FIELD_SEVERITY, word);
}

/* Sets the level; what is left is the message. A single letter says too little without a format around it. */
static struct span take_level(struct span text, struct record *r)
{
	struct span s = text, open = s;
	bool bracket = span_take_byte(&open, '[');
	struct span word = word_of(bracket ? open : s);
	enum severity severity = word.len > 1 ? severity_of(word) : SEVERITY_UNKNOWN;
	if (severity == SEVERITY_UNKNOWN)
		return text;
	struct span rest = span_from(bracket ? open : s, word.len);
	if (bracket) {
		if (!span_take_byte(&rest, ']'))
			return text;
		set_level(r, severity, word);
		span_take_byte(&rest, ':');
		pass_number(&rest, '(', ')');
		return past_blanks(rest);
	}
	if (span_take_byte(&rest, ':')) {
		/* "Error::Foo", "error:0A00018E:SSL" go on; a level ends there. */
		if (rest.len && rest.at[0] != ' ' && rest.at[0] != '\t')
			return text;
		set_level(r, severity, word);
		return is_upper(word) ? past_blanks(rest) : text;
	}
	if (is_upper(word) && rest.len && (rest.at[0] == ' ' || rest.at[0] == '\t') && word.len > 2)
		set_level(r, severity, word);
	return text;
}

void bare_read(struct record *r)
{
	struct span behind = record_get(r, FIELD_MESSAGE);
	if (r->severity != SEVERITY_UNKNOWN)
		return;
	if (span_starts(behind, SPAN("==> ")))
		behind = span_from(behind, 4);
	pass_number(&behind, '[', ']');
	struct span message = take_level(behind, r);
	if (r->severity != SEVERITY_UNKNOWN)
		record_set(r, FIELD_MESSAGE, message);
}
