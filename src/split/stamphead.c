#include "split/stamphead.h"

enum { BRACKET_BYTES = 200 };

static inline bool is_lower(char c)
{
	return (unsigned char)(c - 'a') < 26;
}
static inline bool is_upper(char c)
{
	return (unsigned char)(c - 'A') < 26;
}

struct token {
	struct span text;   /* without brackets and the colon behind it */
	char bracket;       /* that opened it; 0 */
	bool colon, parted; /* ":" or "/" behind it; "|", ";", "," a tab or two blanks */
	const char *end;    /* behind all of it */
};

static char closing(char open)
{
	return open == '[' ? ']' : open == '(' ? ')' : open == '<' ? '>' : open == '{' ? '}' : 0;
}

static struct span trim(struct span s)
{
	while (s.len && (s.at[0] == ' ' || s.at[0] == '\t'))
		s = span_from(s, 1);
	while (s.len && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
		s.len--;
	return s;
}

static bool parts(char c)
{
	return c == '|' || c == ';' || c == ',' || c == '\t';
}

/* The next token of `rest`; false at its end. */
static bool next_token(struct span *rest, struct token *t)
{
	ptrdiff_t close = -1;
	/* A bracket that is not closed opens nothing: "[DEBUG " before a stamp. */
	while (rest->len && (rest->at[0] == ' ' || parts(rest->at[0]) || rest->at[0] == ':' ||
			     (closing(rest->at[0]) && (close = span_find_byte(span_head(*rest, BRACKET_BYTES), closing(rest->at[0]))) < 0)))
		*rest = span_from(*rest, 1);
	if (!rest->len)
		return false;
	*t = (struct token){.bracket = closing(rest->at[0]) ? rest->at[0] : '\0'};
	size_t n = 0;
	if (t->bracket) {
		t->text = trim(span_head(span_from(*rest, 1), (size_t)close - 1));
		n = (size_t)close + 1;
	} else {
		while (n < rest->len && rest->at[n] != ' ' && !parts(rest->at[n]) && (!n || !closing(rest->at[n])))
			n++;
		t->text = span_head(*rest, n);
		/* "debug/GraphiteWriter:", "ERROR:" */
		while (t->text.len && t->text.at[t->text.len - 1] == ':') {
			t->text.len--;
			t->colon = true;
		}
	}
	t->end = rest->at + n;
	struct span behind = span_from(*rest, n);
	t->colon |= span_starts(behind, SPAN(":")) || span_starts(behind, SPAN(" :"));
	t->parted = !behind.len || parts(behind.at[0]) || span_starts(behind, SPAN("  ")) || span_starts(behind, SPAN(" |"));
	*rest = behind;
	return true;
}

static bool is_number(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_digit(s.at[i]))
			return false;
	return s.len > 0 && s.len <= 10;
}

static bool is_all(struct span s, bool (*is)(char c))
{
	for (size_t i = 0; i < s.len; i++)
		if (!is(s.at[i]))
			return false;
	return s.len > 0;
}

static bool is_upper_byte(char c)
{
	return is_upper(c) || is_digit(c);
}
static bool is_word_byte(char c)
{
	return is_upper(c) || is_lower(c);
}

/* A level as levels are written. `first`: the first token behind the stamp, or of the line. */
static bool is_level(const struct token *t, bool first, struct span *level)
{
	struct span word = t->text;
	/* "mpm_event:notice", "debug/Writer" */
	for (size_t i = 0; i < word.len; i++) {
		if (word.at[i] == '/' && first && severity_of(span_head(word, i)) && i > 1) {
			*level = span_head(word, i);
			return true;
		}
		if (word.at[i] == ':' && t->bracket)
			word = span_from(word, i + 1);
	}
	if (!word.len || word.len > 13 || is_number(word) || !severity_of(word))
		return false;
	*level = word;
	if (word.len == 1) /* one that is alone: "A" and "a" also begin sentences */
		return is_upper(word.at[0]) && (t->bracket || (first && word.at[0] != 'A'));
	if (t->bracket || t->colon || t->parted)
		return true;
	return is_all(word, is_upper_byte);
}

/* "level=error", `level="info"`, "severity=WARN", "lvl=info"; "LEVEL: Error" is two tokens: *named. */
static bool is_named_level(const struct token *t, struct span *level, bool *named)
{
	static const char *const names[] = {"level", "severity", "lvl", "loglevel", "levelname"};
	struct span value = t->text, name = span_cut(&value, '=');
	*named = false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (!span_equal_nocase(name, span_of(names[i])))
			continue;
		*named = name.len == t->text.len && t->colon;
		if (value.len > 1 && value.at[0] == '"')
			value = span_head(span_from(value, 1), value.len - 2);
		*level = value;
		return value.len && severity_of(value) != SEVERITY_UNKNOWN;
	}
	return false;
}

static bool is_prose(const struct token *t)
{
	return !t->bracket && !t->colon && t->text.len > 1 && is_all(t->text, is_word_byte);
}

/* What closes the stamp, and separators. */
static struct span behind_stamp(struct span rest)
{
	while (rest.len && strchr("])}>\"'", rest.at[0]))
		rest = span_from(rest, 1);
	return trim(rest);
}

static struct span message_from(struct span line, const char *at)
{
	struct span rest = span_from(line, (size_t)(at - line.at));
	for (;;) {
		rest = trim(rest);
		if (span_starts(rest, SPAN("- ")) || span_starts(rest, SPAN(": ")) || span_starts(rest, SPAN("| ")) ||
		    span_starts(rest, SPAN("-- ")) || span_starts(rest, SPAN(", ")))
			rest = span_from(rest, 1);
		else if (rest.len && (rest.at[0] == '|' || rest.at[0] == ':' || rest.at[0] == '\t'))
			rest = span_from(rest, 1);
		else
			return rest;
	}
}

/* "info", the first word behind the stamp. */
static bool is_plain_level(const struct token *t)
{
	static const char *const words[] = {"trace", "debug", "info", "notice", "warn", "warning", "error", "fatal", "critical"};
	for (size_t i = 0; i < sizeof words / sizeof *words && !t->bracket && !t->colon && !t->parted; i++)
		if (span_equal(t->text, span_of(words[i])))
			return true;
	return false;
}

/* A level before the stamp. */
static void scan_before(struct span before, struct record *r)
{
	struct token t;
	struct span level;
	bool named, first = true;
	while (next_token(&before, &t)) {
		if (is_level(&t, first, &level) || is_named_level(&t, &level, &named) ||
		    (first && !before.len && is_all(t.text, is_word_byte) && severity_of(t.text) && (level = t.text, true))) {
			record_set(r, FIELD_SEVERITY, level);
			return;
		}
		first = false;
	}
}

/* From the stamp's end to the message. */
static void scan_behind(struct span line, struct span rest, struct record *r)
{
	const char *message = rest.at;
	unsigned prose = 0;
	bool named = false, leading = true;
	struct token t;
	struct span level, pid = SPAN_NONE, thread = SPAN_NONE;
	bool found = record_has(r, FIELD_SEVERITY);
	for (int i = 0; i < STAMPHEAD_TOKENS && prose < 2 && !found && next_token(&rest, &t); i++) {
		bool was_named = named;
		if (i == 0 && is_plain_level(&t)) {
			record_set(r, FIELD_SEVERITY, t.text);
			/* "error reading the queue" is the message's own word. */
			message = severity_of(t.text) < SEVERITY_WARN ? t.end : t.text.at;
			break;
		}
		if (is_level(&t, i == 0, &level) || (leading && pid.len && is_level(&t, true, &level)) || is_named_level(&t, &level, &named) ||
		    (was_named && severity_of(t.text) && (level = t.text, true))) {
			found = true;
			record_set(r, FIELD_SEVERITY, level);
			/* "debug/Writer: text" keeps where it comes from. */
			message = level.at == t.text.at && level.len < t.text.len && !t.bracket ? level.at + level.len + 1 : t.end;
			if (thread.len)
				record_set(r, FIELD_THREAD, thread);
			break;
		}
		if (is_number(t.text) && leading && !pid.len) {
			pid = t.text;
			message = t.end;
		} else {
			if (t.bracket && !thread.len && leading)
				thread = t.text;
			leading = false;
		}
		prose += is_prose(&t);
	}
	if (pid.len)
		record_set(r, FIELD_PID, pid);
	record_set(r, FIELD_MESSAGE, message_from(line, message));
}

void stamphead_scan(struct span line, size_t at, size_t len, struct record *r)
{
	struct span rest = behind_stamp(span_from(line, at + len));
	if (!rest.at || !rest.len)
		rest = span_from(line, line.len);
	if (at == 1) { /* glog's letter */
		struct span letter = span_head(line, 1);
		if (severity_of(letter))
			record_set(r, FIELD_SEVERITY, letter);
	} else if (at) {
		scan_before(span_head(line, at), r);
	}
	scan_behind(line, rest, r);
}
