#include "parse/parts.h"

static bool is_white(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* The part before was left in the middle of a word, and this is the rest of it: its first character did not fit there any more. */
static bool goes_on_with_word(const struct parts *last, struct span text)
{
	if (!last->cut || !text.len || is_white(text.at[0]))
		return false;
	return last->len == CARRIED_PART_BYTES || (unsigned char)text.at[0] >= 0x80;
}

/* With the part whose number is one less. Carriage returns and the like begin a part only where a line is cut: behind a newline
 * stands a tab. */
static enum parts_how goes_on(const struct parts *last, const struct carried *c)
{
	char first = c->text.len ? c->text.at[0] : '\t';
	bool blank = c->continues_word || (is_white(first) && first != ' ' && first != '\t');
	return blank || goes_on_with_word(last, c->text) ? PARTS_WORD : PARTS_LINE;
}

/* "[3-2]": the message's number says whether it is the same. */
static enum parts_how numbered(const struct parts *last, const struct carried *c)
{
	if (!last->part || last->message != c->message)
		return PARTS_STRAY;
	return c->part == last->part + 1 ? goes_on(last, c) : PARTS_LINE;
}

/* "[2]": the second part of some message; or, when it does not look like one, the second message, in one piece
 * (syslog_split_messages = off). */
static enum parts_how unnumbered(const struct parts *last, const struct carried *c)
{
	bool behind = last->part && !last->message && c->part > last->part;
	if (behind && c->part == last->part + 1 && goes_on_with_word(last, c->text))
		return PARTS_WORD;
	if (!c->continues)
		return PARTS_NONE;
	if (!behind)
		return PARTS_STRAY;
	return c->part == last->part + 1 ? goes_on(last, c) : PARTS_LINE;
}

enum parts_how parts_next(struct parts *last, const struct carried *c)
{
	enum parts_how how = PARTS_NONE;
	if (!c->part)
		return how;
	if (c->part > 1)
		how = c->message ? numbered(last, c) : unnumbered(last, c);
	*last = (struct parts){.message = c->message, .part = c->part, .len = (uint32_t)c->text.len, .cut = c->cut};
	return how;
}
