#include "report/escape.h"

#include <stdlib.h>

/* What GitHub and GitLab make references of when a name or a number follows: people, issues, merge requests, labels,
 * milestones, snippets, epics, emoji, mathematics. They look at the text after it was rendered, where an escape is seen no
 * more: only an element of its own keeps the mark apart from what follows. */
static const char references[] = "@#!~%$&:";
/* What Markdown takes for its own wherever it stands; and what it does so at the beginning of a line: headings, lists, quotes,
 * rules. GFM 0.29 section 2.4, and braces for templates that a site may run before. */
static const char specials[] = "\\`*[]{}|~";
static const char beginnings[] = "#+-=";

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

static void append_html(struct text *out, char c)
{
	switch (c) {
	case '&':
		text_append_string(out, "&amp;");
		return;
	case '<':
		text_append_string(out, "&lt;");
		return;
	case '>':
		text_append_string(out, "&gt;");
		return;
	case '"':
		text_append_string(out, "&quot;");
		return;
	case '\'':
		text_append_string(out, "&#39;");
		return;
	default:
		text_append_byte(out, c);
	}
}

/* The digits of "1." or "1)" make a list of a line that begins with them. */
static bool ends_number(struct span s, size_t i)
{
	size_t digits = 0;
	while (digits < i && is_digit(s.at[digits]))
		digits++;
	return digits && digits == i && (s.at[i] == '.' || s.at[i] == ')') && (i + 1 == s.len || s.at[i + 1] == ' ');
}

static void append_markdown(struct text *out, struct span s, size_t i)
{
	char c = s.at[i], before = i ? s.at[i - 1] : 0, after = i + 1 < s.len ? s.at[i + 1] : 0;
	bool refers = strchr(references, c) && (is_word(after) || after == '"' || after == '/');
	/* GitHub's "GH-26" is an issue. */
	refers |= c == '-' && i >= 2 && (s.at[i - 2] | 32) == 'g' && (s.at[i - 1] | 32) == 'h' && is_digit(after);
	/* "12:40:05" is a time; "log_lock_waits" has no emphasis in it; "www." makes a link. */
	bool time = c == ':' && is_digit(before) && is_digit(after);
	bool escaped = strchr(specials, c) || (!i && strchr(beginnings, c)) || ends_number(s, i) || (c == '$' || c == '^') ||
		       (c == '_' && !(is_word(before) && is_word(after))) || (c == '.' && (before == 'w' || before == 'W'));
	if (refers && !time) {
		text_append_string(out, "<span>");
		/* A dollar begins a formula even there, two tildes strike out what lies between. */
		text_append_string(out, c == '$' || c == '~' ? "\\" : "");
		append_html(out, c);
		text_append_string(out, "</span>");
	} else if (c == '<' || c == '>' || c == '&') {
		append_html(out, c);
	} else {
		if (escaped)
			text_append_byte(out, '\\');
		text_append_byte(out, c);
	}
}

/* Entities differ from version to version of Mermaid; a blank does not. */
static void append_mermaid(struct text *out, char c)
{
	bool plain = is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr(" .-/", c) || (c & 0x80);
	text_append_byte(out, plain ? c : ' ');
}

/* The longest head of at most `most` bytes that ends with a character. */
static struct span cut(struct span s, size_t most)
{
	if (s.len <= most)
		return s;
	while (most && ((unsigned char)s.at[most] & 0xC0) == 0x80)
		most--;
	return span_head(s, most);
}

/* What was left out, in words of our own. */
static void append_cut(struct text *out, size_t all)
{
	text_format(out, " ... (cut, %zu bytes in all)", all);
}

void escape_append(struct text *out, enum escape_place place, struct span s, size_t most)
{
	struct text seen = {0};
	struct span kept = cut(s, most);
	/* Blanks at the beginning of a line of Markdown make a block of code. */
	text_append_printable(&seen, place == ESCAPE_MARKDOWN ? span_trim(kept) : kept);
	for (size_t i = 0; i < seen.len; i++) {
		char c = seen.at[i];
		switch (place) {
		case ESCAPE_HTML:
			append_html(out, c);
			break;
		case ESCAPE_MARKDOWN:
			append_markdown(out, text_span(&seen), i);
			break;
		case ESCAPE_MERMAID:
			append_mermaid(out, c);
			break;
		}
	}
	if (kept.len < s.len && place == ESCAPE_MERMAID)
		text_append_string(out, " ...");
	else if (kept.len < s.len)
		append_cut(out, s.len);
	text_release(&seen);
}

/* CommonMark 0.31, 6.1: a code span ends at a run of backticks as long as the one that began it; one blank at both ends is
 * taken off. */
void escape_code(struct text *out, struct span s, size_t most)
{
	struct text seen = {0};
	struct span kept = cut(s, most);
	text_append_printable(&seen, kept);
	size_t run = 0, longest = 0;
	bool blank = true; /* only blanks: such a span keeps them all */
	for (size_t i = 0; i < seen.len; i++) {
		run = seen.at[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
		blank &= seen.at[i] == ' ';
	}
	if (seen.len) {
		for (size_t i = 0; i <= longest; i++)
			text_append_byte(out, '`');
		text_append_string(out, blank ? "" : " ");
		text_append(out, text_span(&seen));
		text_append_string(out, blank ? "" : " ");
		for (size_t i = 0; i <= longest; i++)
			text_append_byte(out, '`');
	}
	if (kept.len < s.len)
		append_cut(out, s.len);
	text_release(&seen);
}
