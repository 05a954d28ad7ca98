#include "parse/replay.h"

#include "base/memory.h"

void replay_take(struct replay *r, struct pushed *p)
{
	const struct replay_line *l = &r->lines[r->next++];
	*p = (struct pushed){.line = l->line, .lines = l->lines, .how = l->how, .carried = l->kept ? &l->kept->carried : NULL};
	p->line.text.at = r->text.at + r->start;
	r->start += l->line.text.len;
	if (l->headed_len)
		p->headed = (struct span){r->text.at + r->start, l->headed_len};
	r->start += l->headed_len;
}

void replay_untake(struct replay *r)
{
	const struct replay_line *l = &r->lines[--r->next];
	r->start -= l->line.text.len + l->headed_len;
}

int replay_next_byte(const struct replay *r)
{
	return r->lines[r->next].line.text.len ? (unsigned char)r->text.at[r->start] : '\n';
}

void replay_push(struct replay *r, const struct pushed *p)
{
	r->lines = memory_grow(r->lines, &r->cap, r->n + 1, sizeof(*r->lines));
	struct replay_line *l = &r->lines[r->n++];
	*l = (struct replay_line){.line = p->line, .lines = p->lines, .headed_len = p->headed.len, .how = p->how};
	text_append(&r->text, p->line.text);
	text_append(&r->text, p->headed);
	if (p->carried) {
		l->kept = memory_new(1, sizeof(*l->kept));
		keep(l->kept, p->carried);
	}
}

void replay_only(struct replay *r, const struct pushed *p)
{
	replay_clear(r);
	replay_push(r, p);
}

void replay_put_back(struct replay *r, struct replay *tried)
{
	struct pushed p;
	while (replay_has(r)) {
		replay_take(r, &p);
		replay_push(tried, &p);
	}
	replay_release(r);
	*r = *tried;
	replay_take(r, &p);
	*tried = (struct replay){0};
}

void replay_clear(struct replay *r)
{
	for (size_t i = 0; i < r->n; i++) {
		if (r->lines[i].kept)
			keep_release(r->lines[i].kept);
		memory_free(r->lines[i].kept);
	}
	text_clear(&r->text);
	r->n = r->next = r->start = 0;
}

void replay_release(struct replay *r)
{
	replay_clear(r);
	text_release(&r->text);
	memory_free(r->lines);
	*r = (struct replay){0};
}
