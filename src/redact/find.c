#include "redact/find.h"

#include "redact/token.h"
#include "redact/vocabulary.h"
#include "tally/sqlverb.h"

static char byte_at(struct span s, size_t i)
{
	return i < s.len ? s.at[i] : 0;
}

static bool is_word_byte(char c)
{
	return is_digit(c) || is_letter(c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool asked(const struct finder *f, enum redact_kind kind)
{
	return f->kinds >> kind & 1;
}

void find_begin(struct finder *f, struct span text, unsigned kinds, const struct aliases *known)
{
	*f = (struct finder){.kinds = kinds, .known = known, .text = text};
}

/* Ends the search at the place; what is not asked for stays, and is not looked into. */
static bool give(struct finder *f, struct found *out, size_t at, size_t len, enum redact_kind kind, struct span value, bool sure)
{
	f->at = at + len;
	*out = (struct found){at, len, kind, value, sure};
	return asked(f, kind);
}

/* ---- query strings ---- */

/* Is what ends before the "?" a URL or a path? A statement's "= ?" and a question in a sentence are not. */
static bool is_url(struct span text, size_t mark)
{
	size_t i = mark, least = mark > 512 ? mark - 512 : 0;
	for (; i > least && (unsigned char)text.at[i - 1] > ' ' && !strchr("\"'<>`(=,{", text.at[i - 1]); i--)
		if (text.at[i - 1] == '/')
			return true;
	return false;
}

static size_t query_length(struct span text, size_t mark)
{
	size_t end = mark + 1;
	if (!is_url(text, mark))
		return 0;
	while (end < text.len && (unsigned char)text.at[end] > ' ' && !strchr("\"'<>`#\\)}|", text.at[end]))
		end++;
	while (end > mark + 1 && strchr(",.;:]", text.at[end - 1]))
		end--;
	struct redact_placeholder p;
	if (end == mark + 1 || (redact_placeholder_at(text, mark + 1, &p) && p.len == end - mark - 1))
		return 0;
	return end - mark - 1;
}

/* ---- literals in statements ---- */

enum { STATEMENT_BYTES = 4096 }; /* a literal stands at most so far behind a verb */

/* Notes that a statement's word begins here. */
static void see_verb(struct finder *f)
{
	if (sqlverb_begins(f->text, f->at))
		f->statement = f->at + 1;
}

static bool in_statement(const struct finder *f)
{
	return f->statement && f->at - f->statement < STATEMENT_BYTES;
}

/* 'text' (with doubled quotes) in a statement; the length between the quotes. */
static size_t literal_length(const struct finder *f)
{
	struct span text = f->text;
	size_t at = f->at;
	char before = at ? text.at[at - 1] : ' ';
	if (!in_statement(f) || is_word_byte(before) || !before || !strchr(" =(,<>|~", before))
		return 0;
	size_t end = at + 1;
	while (end < text.len && (text.at[end] != '\'' || byte_at(text, end + 1) == '\''))
		end += text.at[end] == '\'' ? 2 : 1;
	if (end >= text.len || end == at + 1)
		return 0;
	struct span value = {text.at + at + 1, end - at - 1};
	struct redact_placeholder p;
	bool done = span_equal(value, SPAN("***")) || (redact_placeholder_at(text, at + 1, &p) && p.len == value.len);
	return done ? 0 : value.len;
}

/* Does a value stand behind this, whatever it is? "$1 = ", "Duplicate entry ", "invalid input syntax for type uuid: ". */
static bool introduces_value(struct span before)
{
	static const char *const ends[] = {"Duplicate entry ", "Incorrect integer value: ", "Incorrect decimal value: ", "Incorrect datetime value: ",
					   "Incorrect string value: ", "with base 10: ", "could not convert string to float: ", "malformed array literal: ",
					   "field value out of range: ", "For input string: "};
	static const char *const types[] = {"for type ", "for enum ", ", column "};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (span_ends(before, span_of(ends[i])))
			return true;
	size_t i = before.len;
	if (span_ends(before, SPAN(" = "))) {
		for (i -= 3; i && is_digit(before.at[i - 1]);)
			i--;
		return i && before.at[i - 1] == '$' && i + 3 < before.len;
	}
	if (!span_ends(before, SPAN(": ")))
		return false;
	for (i -= 2; i && before.len - i < 48 && (is_word_byte(before.at[i - 1]) || before.at[i - 1] == ' ');)
		i--;
	i -= i && before.at[i - 1] == ',';
	for (size_t k = 0; k < sizeof types / sizeof *types; k++)
		if (span_find((struct span){before.at + i, before.len - i}, span_of(types[k])) >= 0)
			return true;
	return false;
}

/* A quoted value whose place says that it is one; the length between the quotes. */
static size_t value_length(struct span text, size_t at)
{
	char quote = text.at[at];
	size_t end = at + 1;
	if (!introduces_value(span_head(text, at)))
		return 0;
	while (end < text.len && (text.at[end] != quote || byte_at(text, end + 1) == quote))
		end += text.at[end] == quote ? 2 : 1;
	if (end >= text.len || end == at + 1)
		return 0;
	struct span value = {text.at + at + 1, end - at - 1};
	struct redact_placeholder p;
	return span_starts(value, SPAN("***")) || (redact_placeholder_at(text, at + 1, &p) && p.len == value.len) ? 0 : value.len;
}

/* PostgreSQL's "Failing row contains (1, Weber, null)." at the "(": all between, which may be cut at the end. */
static size_t row_length(struct span text, size_t at)
{
	size_t end = text.len;
	if (!span_ends(span_head(text, at), SPAN("row contains ")))
		return 0;
	while (end > at + 1 && text.at[end - 1] != ')')
		end--;
	end = end > at + 1 ? end - 1 : text.len;
	struct span value = {text.at + at + 1, end - at - 1};
	struct redact_placeholder p;
	return span_equal(value, SPAN("***")) || (redact_placeholder_at(text, at + 1, &p) && p.len == value.len) ? 0 : value.len;
}

/* A number behind an operator in a statement. */
static size_t number_length(const struct finder *f)
{
	struct span text = f->text;
	size_t at = f->at, i = at;
	while (i && text.at[i - 1] == ' ' && at - i < 2)
		i--;
	if (!i || !strchr("=<>", text.at[i - 1]) || !is_digit(text.at[at]))
		return 0;
	size_t end = at;
	while (end < text.len && (is_digit(text.at[end]) || text.at[end] == '.'))
		end++;
	while (end > at && text.at[end - 1] == '.')
		end--;
	return is_word_byte(byte_at(text, end)) || !in_statement(f) ? 0 : end - at;
}

/* ---- names that fields told ---- */

static bool is_part(char c)
{
	return is_word_byte(c) || c == '-';
}

/* In a sentence of ours an ordinary word is a role's name only where the sentence names one. */
static bool names_a_role(struct span text, size_t at, size_t len)
{
	static const char *const before[] = {"role ", "user ", "held by ", "lock wait: ", "the onset, "};
	static const char *const after[] = {" waits for ", " for Access", " for Row", " for Share", " for Exclusive"};
	char quote = at ? text.at[at - 1] : ' ';
	if (quote == '"' && byte_at(text, at + len) == '"') {
		struct span head = {text.at, at - 1};
		return !span_ends(head, SPAN("database ")) && !span_ends(head, SPAN("application "));
	}
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		if (span_ends((struct span){text.at, at}, span_of(before[i])))
			return true;
	for (size_t i = 0; i < sizeof after / sizeof *after; i++)
		if (span_starts(span_from(text, at + len), span_of(after[i])))
			return true;
	return false;
}

size_t find_word(struct span text)
{
	size_t end = 0;
	while (end < text.len && end <= SAID_NAME_BYTES && (is_part(text.at[end]) || (text.at[end] && strchr(".\\$", text.at[end]))))
		end++;
	while (end && !is_word_byte(text.at[end - 1]) && text.at[end - 1] != '$')
		end--;
	return end;
}

/* The longest name of several words that begins at the place, of which `first` is the first; NULL: none. */
static const struct alias *longer_name(const struct finder *f, const struct alias *first)
{
	enum { MOST_ALIKE = 64 }; /* so many who have one first name; of a hostile document no more are looked at */
	const struct alias *best = NULL;
	struct span rest = span_from(f->text, f->at);
	uint32_t next = first->longer;
	for (size_t i = 0; next && i < MOST_ALIKE; i++) {
		const struct alias *e = &f->known->entries[next - 1];
		bool here = span_starts(rest, (struct span){e->value, e->len}) && !is_word_byte(byte_at(rest, e->len));
		if (here && (!best || e->len > best->len))
			best = e;
		next = e->before;
	}
	return best;
}

static bool known_at(struct finder *f, struct found *out)
{
	struct span text = f->text;
	size_t at = f->at;
	char before = at ? text.at[at - 1] : ' ';
	if (!f->known || is_part(before) || (before == '.' && at > 1 && is_word_byte(text.at[at - 2])))
		return false;
	struct span word = {text.at + at, find_word(span_from(text, at))};
	const struct alias *e = word.len ? aliases_find(f->known, word) : NULL;
	const struct alias *longer = e && e->longer ? longer_name(f, e) : NULL;
	if (longer)
		return give(f, out, at, longer->len, longer->kind, (struct span){longer->value, longer->len}, true);
	if (!e || !e->structured || (vocabulary_has(word) && !names_a_role(text, at, word.len)))
		return false;
	return give(f, out, at, word.len, e->kind, word, true);
}

/* ---- all ---- */

static bool next_said(struct finder *f, struct found *out)
{
	while (f->said_next < f->said.n) {
		size_t i = f->said_next++;
		struct span value = {f->text.at + f->said.values[i].at, f->said.values[i].len};
		if (f->said.values[i].at < f->at)
			continue;
		/* What a field names is that, wherever a sentence puts it. */
		if (give(f, out, f->said.values[i].at, value.len, f->said.values[i].kind, value, f->said.values[i].sure))
			return true;
	}
	return false;
}

static bool found_address(struct finder *f, struct found *out, size_t at, size_t *skip)
{
	struct redact_address a;
	*skip = 0;
	if (!redact_address_at(f->text, at, &a))
		return false;
	*skip = a.len;
	if (a.nobody)
		return false;
	memcpy(f->spelling, a.spelling, sizeof f->spelling);
	return give(f, out, at, a.len, REDACT_ADDRESS, span_of(f->spelling), false);
}

/* What begins at f->at; moves on when there is nothing. */
static bool step(struct finder *f, struct found *out)
{
	struct span text = f->text;
	size_t at = f->at, skip;
	char c = text.at[at], before = at ? text.at[at - 1] : ' ';
	struct redact_placeholder p;
	struct token t;
	if (redact_placeholder_at(text, at, &p)) {
		f->at += p.len;
		return false;
	}
	if (c == '?' && asked(f, REDACT_QUERY)) {
		size_t len = query_length(text, at);
		if (len)
			return give(f, out, at + 1, len, REDACT_QUERY, (struct span){text.at + at + 1, len}, false);
	}
	/* "%3F" in a URL that was escaped once more. */
	if (c == '%' && asked(f, REDACT_QUERY) && byte_at(text, at + 1) == '3' && (byte_at(text, at + 2) | 0x20) == 'f') {
		size_t len = query_length(text, at);
		if (len > 2 && !(redact_placeholder_at(span_from(text, at + 3), 0, &p) && p.len == len - 2))
			return give(f, out, at + 3, len - 2, REDACT_QUERY, (struct span){text.at + at + 3, len - 2}, false);
	}
	if (c == '(' && asked(f, REDACT_SQL)) {
		size_t len = row_length(text, at);
		if (len)
			return give(f, out, at + 1, len, REDACT_SQL, (struct span){text.at + at + 1, len}, false);
	}
	if ((c == '\'' || c == '"') && asked(f, REDACT_SQL)) {
		size_t len = value_length(text, at);
		if (len)
			return give(f, out, at + 1, len, REDACT_SQL, (struct span){text.at + at + 1, len}, false);
	}
	if (c == '\'' && asked(f, REDACT_SQL)) {
		size_t len = literal_length(f);
		if (len)
			return give(f, out, at + 1, len, REDACT_SQL, (struct span){text.at + at + 1, len}, false);
	}
	if (c == ':' && said_at(text, at, &f->said)) {
		f->said_next = 0;
		return next_said(f, out);
	}
	bool begins = !is_word_byte(before) && (is_word_byte(c) || (c && strchr("+:._%-", c)));
	if (!begins) {
		f->at++;
		/* "access_203.0.113.7.log" */
		return before == '_' && is_digit(c) && found_address(f, out, at, &skip);
	}
	if (is_letter(c) && asked(f, REDACT_SQL))
		see_verb(f);
	if (found_address(f, out, at, &skip))
		return true;
	if (skip) {
		f->at = at + skip > f->at ? at + skip : f->at;
		return false;
	}
	if (token_at(text, at, &t)) {
		struct span value = {text.at + at, t.len};
		return give(f, out, at, t.len, t.kind, value, false);
	}
	if (is_digit(c) && asked(f, REDACT_SQL)) {
		size_t len = number_length(f);
		if (len)
			return give(f, out, at, len, REDACT_SQL, (struct span){text.at + at, len}, false);
	}
	f->said_next = 0;
	bool introduced = said_at(text, at, &f->said);
	/* A value that begins here comes before one that the word here introduces: "user=x". */
	if (introduced && f->said.values[0].at == at)
		return next_said(f, out);
	if (known_at(f, out))
		return true;
	if (introduced) {
		/* What stands between is looked at for what else it holds: nothing but names and signs. */
		return next_said(f, out);
	}
	/* Within a word nothing begins. */
	f->at = at + 1;
	while (f->at < text.len && is_word_byte(text.at[f->at]) && is_word_byte(text.at[f->at - 1]) &&
	       !(text.at[f->at - 1] == '_' && is_digit(text.at[f->at])))
		f->at++;
	return false;
}

bool find_next(struct finder *f, struct found *out)
{
	if (next_said(f, out))
		return true;
	while (f->at < f->text.len) {
		size_t at = f->at;
		if (step(f, out))
			return true;
		if (f->at == at)
			f->at++;
	}
	return false;
}
