#include "parse/quoted.h"

#include "base/limits.h"

/* Bytes that joins which came to nothing may look at, per byte of the file (and LIMIT_JOIN_BYTES times as many at its start): a
 * real csvlog has none, a hostile one would make each line look at LIMIT_JOIN_BYTES. */
enum { WASTE_PER_BYTE = 4 };

static size_t count_quotes(struct span s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += s.at[i] == '"';
	return n;
}

/* The file ends inside a quote. The entry is its last record, unless a line of it would be a record by itself: then the quote is
 * a stray one. */
static bool cut_by_end(struct entry *e, const struct replay *tried, struct record *r)
{
	size_t at = tried->lines[0].text.len;
	for (size_t i = 1; i < tried->n; i++) {
		struct span line = {tried->text.at + at, tried->lines[i].text.len};
		at += line.len;
		if (line.len && entry_parse(e, line, r) == PARSE_OK)
			return false;
	}
	text_append_byte(&e->joined, '"');
	bool found = format_parse_cut(e->format, text_span(&e->joined), e->scratch, r) == PARSE_OK;
	e->joined.len--; /* the byte stays: spans end before it */
	return found;
}

/* Adds lines up to the one that closes the quote, or to the bounds; `tried` has them all, the first one too. */
static bool join(struct quoted *q, struct replay *lines, struct replay *tried, struct entry *e, struct record *r)
{
	struct line next;
	while (replay_line(lines, &next)) {
		replay_push(tried, &next);
		if (e->joined.len + 1 + next.text.len > LIMIT_JOIN_BYTES)
			return false;
		text_append_byte(&e->joined, '\n');
		text_append(&e->joined, next.text);
		/* Inside quotes an even number of them ("" is one that is meant) leaves the field open. */
		if (count_quotes(next.text) % 2 == 0)
			continue;
		enum parse_result result = entry_parse(e, text_span(&e->joined), r);
		q->wasted += e->joined.len;
		if (result != PARSE_PARTIAL)
			return result == PARSE_OK;
	}
	return cut_by_end(e, tried, r);
}

bool quoted_join(struct quoted *q, struct replay *lines, struct line *line, struct entry *e, struct record *r)
{
	struct replay tried = {0};
	text_clear(&e->joined);
	text_append(&e->joined, line->text);
	line->text = text_span(&e->joined);
	replay_push(&tried, line);
	bool within = q->wasted / WASTE_PER_BYTE <= line->offset + LIMIT_JOIN_BYTES;
	bool found = within && join(q, lines, &tried, e, r);
	line->text = span_head(text_span(&e->joined), line->text.len); /* joining may have moved it */
	if (found) {
		const struct line *last = &tried.lines[tried.n - 1];
		q->wasted -= e->joined.len < q->wasted ? e->joined.len : q->wasted;
		e->lines = tried.n;
		e->end = last->offset + last->length;
		entry_joined(e);
		replay_release(&tried);
		return true;
	}
	replay_put_back(lines, &tried);
	q->wasted += e->joined.len + lines->text.len + lines->n;
	return false;
}
