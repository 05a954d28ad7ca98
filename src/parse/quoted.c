#include "parse/quoted.h"

#include "base/limits.h"

/* Bytes that joins which came to nothing may look at, per byte of the stream (and LIMIT_JOIN_BYTES times as many at its start): a
 * real csvlog has none, a hostile one would make each line look at LIMIT_JOIN_BYTES. */
enum { WASTE_PER_BYTE = 4 };

static size_t count_quotes(struct span s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += s.at[i] == '"';
	return n;
}

enum quoted_result quoted_begin(struct quoted *q, const struct pushed *first, uint64_t before, struct entry *e)
{
	if (q->wasted / WASTE_PER_BYTE > before + LIMIT_JOIN_BYTES)
		return QUOTED_NOT;
	replay_clear(&q->tried);
	replay_push(&q->tried, first);
	text_clear(&e->joined);
	text_append(&e->joined, e->text);
	entry_keep(e);
	q->first_len = e->joined.len;
	q->open = true;
	return QUOTED_OPEN;
}

static enum quoted_result closed(struct quoted *q, struct entry *e)
{
	const struct replay *tried = &q->tried;
	const struct line *last = &tried->lines[tried->n - 1].line;
	q->wasted -= e->joined.len < q->wasted ? e->joined.len : q->wasted;
	e->lines = 0;
	for (size_t i = 0; i < tried->n; i++)
		e->lines += tried->lines[i].lines;
	e->end = last->offset + last->length;
	entry_joined(e);
	q->open = false;
	replay_clear(&q->tried);
	return QUOTED_CLOSED;
}

enum quoted_result quoted_add(struct quoted *q, const struct pushed *p, struct entry *e, struct record *r)
{
	replay_push(&q->tried, p);
	if (e->joined.len + 1 + p->line.text.len > LIMIT_JOIN_BYTES)
		return QUOTED_NOT;
	text_append_byte(&e->joined, '\n');
	text_append(&e->joined, p->line.text);
	/* Inside quotes an even number of them ("" is one that is meant) leaves the field open. */
	if (e->format->kind == FORMAT_CSV && count_quotes(p->line.text) % 2 == 0)
		return QUOTED_OPEN;
	enum parse_result result = entry_parse(e, text_span(&e->joined), r);
	q->wasted += e->joined.len;
	if (result == PARSE_PARTIAL)
		return QUOTED_OPEN;
	return result == PARSE_OK ? closed(q, e) : QUOTED_NOT;
}

/* The entry is the last record, unless a line of it would be a record by itself: then the quote is a stray one. */
enum quoted_result quoted_end(struct quoted *q, struct entry *e, struct record *r)
{
	size_t at = q->first_len;
	for (size_t i = 1; i < q->tried.n; i++) {
		struct span line = span_head(span_from(text_span(&e->joined), at + 1), q->tried.lines[i].line.text.len);
		at += 1 + line.len;
		if (line.len && entry_parse(e, line, r) == PARSE_OK)
			return QUOTED_NOT;
	}
	text_append_byte(&e->joined, '"');
	bool found = format_parse_cut(e->format, text_span(&e->joined), e->scratch, r) == PARSE_OK;
	e->joined.len--; /* the byte stays: spans end before it */
	return found ? closed(q, e) : QUOTED_NOT;
}

void quoted_give_back(struct quoted *q, struct replay *lines, struct entry *e, struct pushed *first)
{
	const struct replay_line *l = &q->tried.lines[0];
	*first = (struct pushed){.line = l->line, .lines = l->lines, .carried = e->carried};
	first->line.text = span_head(text_span(&e->joined), q->first_len);
	replay_put_back(lines, &q->tried);
	q->wasted += e->joined.len + lines->text.len + lines->n;
	q->open = false;
}

void quoted_release(struct quoted *q)
{
	replay_release(&q->tried);
}
