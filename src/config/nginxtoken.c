#include "config/nginxtoken.h"

static void skip_blanks(struct span file, struct nginxtoken_place *place)
{
	for (bool comment = false; place->at < file.len; place->at++) {
		char c = file.at[place->at];
		if (c == '\n') {
			place->line++;
			comment = false;
		} else if (c == '#') {
			comment = true;
		} else if (!comment && !nginxtoken_is_blank(c)) {
			return;
		}
	}
}

/* Where the word that begins at `at` ends; moves the line. `quote`: '"', '\'' or 0. */
static size_t word_end(struct span file, struct nginxtoken_place *place, size_t at, char quote)
{
	bool variable = false;
	for (; at < file.len; at++) {
		char c = file.at[at];
		place->line += c == '\n';
		if (c == '{' && variable)
			continue;
		variable = c == '$';
		if (c == '\\') {
			at++;
			place->line += at < file.len && file.at[at] == '\n';
		} else if (quote ? c == quote : nginxtoken_is_blank(c) || c == ';' || c == '{') {
			place->line -= !quote && c == '\n'; /* it is read again, as a blank */
			return at;
		}
	}
	return file.len;
}

static enum nginxtoken bad(struct nginxtoken_found *found, unsigned line, const char *what, const char *hint)
{
	found->bad = what;
	found->hint = hint;
	found->bad_line = line;
	return NGINXTOKEN_BAD;
}

enum nginxtoken nginxtoken_next(struct span file, struct nginxtoken_place *place, struct nginxtoken_found *found)
{
	skip_blanks(file, place);
	if (place->at >= file.len)
		return NGINXTOKEN_END;
	char first = file.at[place->at];
	if (first == ';' || first == '{' || first == '}') {
		place->at++;
		return first == ';' ? NGINXTOKEN_SEMICOLON : first == '{' ? NGINXTOKEN_OPEN : NGINXTOKEN_CLOSE;
	}
	*found = (struct nginxtoken_found){.line = place->line};
	char quote = first == '"' || first == '\'' ? first : 0;
	size_t start = place->at + (quote != 0), end = word_end(file, place, start, quote);
	if ((quote && end >= file.len) || end - start > NGINXTOKEN_WORD_BYTES)
		return bad(found, found->line, quote ? "this quote does not close" : "this word is too long",
			   "nginx -t says it too.");
	found->raw = (struct span){file.at + start, end - start};
	place->at = end + (quote != 0);
	if (!quote || place->at >= file.len)
		return NGINXTOKEN_WORD;
	char next = file.at[place->at];
	if (nginxtoken_is_blank(next) || next == ';' || next == '{' || next == ')')
		return NGINXTOKEN_WORD;
	return bad(found, place->line, "a closing quote must be followed by a blank or \";\"",
		   "To have a quote inside, write \\\" or the other kind around.");
}

void nginxtoken_unescape(struct span raw, struct text *out)
{
	static const char from[] = "\"'\\trn", means[] = "\"'\\\t\r\n";
	for (size_t i = 0; i < raw.len; i++) {
		char byte = raw.at[i];
		const char *known = byte == '\\' && i + 1 < raw.len && raw.at[i + 1] ? strchr(from, raw.at[i + 1]) : NULL;
		if (known) {
			byte = means[known - from];
			i++;
		} else if (byte == '\\' && i + 1 < raw.len) {
			text_append_byte(out, byte);
			byte = raw.at[++i];
		}
		text_append_byte(out, byte);
	}
}
