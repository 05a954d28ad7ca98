#include "split/origin.h"

static bool is_word(char c)
{
	return is_digit(c) || is_letter(c) || c == '_';
}

/* "lib/runner.go": a letter or digit before the last dot, 1 to 5 letters or digits, not all of them digits, behind it. */
static bool is_file(struct span s)
{
	size_t dot = s.len;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '.')
			dot = i;
		else if (!is_word(s.at[i]) && s.at[i] != '/' && s.at[i] != '\\' && s.at[i] != '-' && s.at[i] != '+')
			return false;
	}
	bool letter = false;
	for (size_t i = dot + 1; i < s.len; i++)
		letter |= !is_digit(s.at[i]);
	return dot && dot < s.len && is_word(s.at[dot - 1]) && s.len - dot - 1 >= 1 && s.len - dot - 1 <= 5 && letter;
}

static void place(struct span message, struct extras *extras)
{
	struct span s = message, function = SPAN_NONE;
	bool round = span_take_byte(&s, '('), square = !round && span_take_byte(&s, '[');
	ptrdiff_t colon = span_find_byte(span_head(s, 256), ':');
	if (colon <= 0)
		return;
	size_t n = (size_t)colon + 1, from = n;
	while (n < s.len && n < from + 7 && is_digit(s.at[n]))
		n++;
	struct span file = span_head(s, (size_t)colon), line = {s.at + from, n - from};
	if (!line.len || !is_file(file) || n >= s.len)
		return;
	if (round && span_starts(span_from(s, n), SPAN(" in "))) {
		size_t at = n + 4;
		for (n = at; n < s.len && n < at + 128 && s.at[n] != ')' && s.at[n] > ' ';)
			n++;
		function = (struct span){s.at + at, n - at};
	}
	char end = n < s.len ? s.at[n] : 0;
	if (round ? end != ')' : square ? end != ']' : end != ':' && end != ' ')
		return;
	extras_add(extras, SPAN("code.file.path"), file);
	extras_add(extras, SPAN("code.line.number"), line);
	if (function.len)
		extras_add(extras, SPAN("code.function"), function);
}

/* An address with or without a port; false when the word is none. */
static bool address(struct span word, struct span *host, struct span *port)
{
	size_t dots = 0, colons = 0, last = 0;
	*port = SPAN_NONE;
	*host = word;
	if (word.len && word.at[0] == '[') {
		ptrdiff_t close = span_find_byte(word, ']');
		if (close < 3)
			return false;
		*host = (struct span){word.at + 1, (size_t)close - 1};
		if ((size_t)close + 2 < word.len && word.at[close + 1] == ':')
			*port = span_from(word, (size_t)close + 2);
	}
	for (size_t i = 0; i < host->len; i++) {
		char c = host->at[i];
		dots += c == '.';
		if (c == ':') {
			colons++;
			last = i;
		} else if (c != '.' && !is_digit(c) && (unsigned char)((c | 0x20) - 'a') >= 6) {
			return false;
		}
	}
	if (dots == 3 && colons == 1) {
		*port = span_from(*host, last + 1);
		host->len = last;
		colons = 0;
	}
	for (size_t i = 0; i < port->len; i++) {
		if (!is_digit(port->at[i]))
			return false;
	}
	return (dots == 3 && !colons) || (colons >= 2 && (!dots || dots == 3));
}

/* The word that ends before s[to], or begins at s[from]. */
static struct span word_before(struct span s, size_t to)
{
	size_t n = to;
	while (n && s.at[n - 1] > ' ')
		n--;
	return (struct span){s.at + n, to - n};
}
static struct span word_at(struct span s, size_t from)
{
	size_t n = from;
	while (n < s.len && s.at[n] > ' ' && s.at[n] != ',' && s.at[n] != ';')
		n++;
	return (struct span){s.at + from, n - from};
}

static void way(struct span message, struct extras *extras)
{
	struct span host, port;
	ptrdiff_t arrow = span_find(message, SPAN(" -> "));
	if (arrow <= 0 || !address(word_before(message, (size_t)arrow), &host, &port))
		return;
	struct span to_host, to_port;
	if (!address(word_at(message, (size_t)arrow + 4), &to_host, &to_port))
		return;
	extras_add(extras, SPAN("source.address"), host);
	if (port.len)
		extras_add(extras, SPAN("source.port"), port);
	extras_add(extras, SPAN("destination.address"), to_host);
	if (to_port.len)
		extras_add(extras, SPAN("destination.port"), to_port);
}

void origin_extras(struct span message, struct extras *extras)
{
	if (!extras)
		return;
	place(message, extras);
	way(message, extras);
}
