#include "verify/excerpt.h"

#include "tally/mask.h"

/* What stands between the beginning of a long record and the place that says most (mask_essence). */
static const char joint[] = " ... ";

/* A line end is one byte in what the draft was made of, whatever the file has. */
static void unify(struct excerpt *e, struct span record)
{
	text_clear(&e->bytes);
	while (record.len) {
		struct span line = span_cut(&record, '\n');
		bool ended = record.at > line.at + line.len;
		if (ended && line.len && line.at[line.len - 1] == '\r')
			line.len--;
		text_append(&e->bytes, line);
		if (ended)
			text_append_byte(&e->bytes, '\n');
	}
}

static bool begins_message(char before)
{
	return is_letter(before) || is_digit(before) ? false : before != '.' && before != '-' && before != '_';
}

/* The first bytes behind the joint, as far as they are the file's own: up to what was masked, taken out or escaped. */
static struct span known_head(struct span told)
{
	size_t len = 0;
	struct redact_placeholder p;
	while (len < told.len && len < 16 && !strchr("*\\ ", told.at[len]) && (unsigned char)told.at[len] < 0x80 && !redact_placeholder_at(told, len, &p))
		len++;
	return span_head(told, len);
}

static bool agrees_at(struct excerpt *e, struct span raw, size_t focus, struct span told)
{
	char essence[MASK_RAW_BYTES];
	size_t len = mask_essence(raw, (struct span){raw.at + focus, 1}, essence);
	mask_excerpt((struct span){essence, len}, &e->made);
	return standins_agree(&e->standins, text_span(&e->made), told);
}

bool excerpt_agrees(struct excerpt *e, struct span record, struct span told)
{
	unify(e, record);
	struct span raw = text_span(&e->bytes);
	mask_excerpt(raw, &e->made);
	if (standins_agree(&e->standins, text_span(&e->made), told))
		return true;
	ptrdiff_t at = span_find(told, span_of(joint));
	if (at < 0)
		return false;
	struct span head = known_head(span_from(told, (size_t)at + sizeof joint - 1));
	for (size_t i = 1; i < raw.len && e->tries < EXCERPT_MOST_TRIES; i++) {
		if (!begins_message(raw.at[i - 1]) || !span_starts(span_from(raw, i), head))
			continue;
		e->tries++;
		if (agrees_at(e, raw, i, told))
			return true;
	}
	return false;
}

void excerpt_release(struct excerpt *e)
{
	text_release(&e->bytes);
	text_release(&e->made);
	standins_release(&e->standins);
}
