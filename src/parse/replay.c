#include "parse/replay.h"

#include "base/memory.h"

void replay_take(struct replay *r, struct line *line)
{
	*line = r->lines[r->next++];
	line->text.at = r->text.at + r->start;
	r->start += line->text.len;
}

int replay_next_byte(const struct replay *r)
{
	if (!replay_has(r))
		return lines_next_byte(r->from);
	return r->lines[r->next].text.len ? (unsigned char)r->text.at[r->start] : '\n';
}

void replay_push(struct replay *r, const struct line *line)
{
	r->lines = memory_grow(r->lines, &r->cap, r->n + 1, sizeof(*r->lines));
	r->lines[r->n++] = *line;
	text_append(&r->text, line->text);
}

void replay_put_back(struct replay *r, struct replay *tried)
{
	struct line line;
	while (replay_has(r)) {
		replay_take(r, &line);
		replay_push(tried, &line);
	}
	replay_release(r);
	tried->from = r->from;
	*r = *tried;
	replay_take(r, &line);
	*tried = (struct replay){0};
}

void replay_release(struct replay *r)
{
	text_release(&r->text);
	memory_free(r->lines);
}
