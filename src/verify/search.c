#include "verify/search.h"

#include "base/limits.h"
#include "base/memory.h"

enum {
	MOST_STARTS = 256,       /* contents in one file: months of rotated logs */
	MOST_LOOKS = 1 << 20,    /* comparisons in one file: a made-up draft of many lengths must not cost more than the reading */
};

/* A place where a content may begin: the file's own beginning, and the end of each that was found. */
struct start {
	uint64_t at;
	uint32_t crc; /* of all before it */
	size_t next;  /* of the contents, by length: the shortest that could still end */
};
struct search {
	const struct claims *claims;
	const bool *wanted;
	struct search_hits *hits;
	struct start starts[MOST_STARTS];
	size_t starts_n, looks, first_hit;
	uint64_t at;
	uint32_t crc;
};

static void skip_unwanted(const struct search *s, struct start *start)
{
	const struct claims *c = s->claims;
	while (start->next < c->contents_n && (!s->wanted[start->next] || !c->contents[start->next].bytes))
		start->next++;
}

static void add_start(struct search *s)
{
	for (size_t i = 0; i < s->starts_n; i++)
		if (s->starts[i].at == s->at)
			return;
	if (s->starts_n == MOST_STARTS)
		return;
	s->starts[s->starts_n] = (struct start){s->at, s->crc, 0};
	skip_unwanted(s, &s->starts[s->starts_n++]);
}

/* The next offset at which something may end; UINT64_MAX: none. */
static uint64_t next_end(const struct search *s)
{
	uint64_t end = UINT64_MAX;
	for (size_t i = 0; i < s->starts_n && s->looks < MOST_LOOKS; i++) {
		const struct start *start = &s->starts[i];
		if (start->next == s->claims->contents_n)
			continue;
		uint64_t this = start->at + s->claims->contents[start->next].bytes;
		end = this < end ? this : end;
	}
	return end;
}

/* What ends here, from each beginning. */
static void look(struct search *s)
{
	const struct claims *c = s->claims;
	bool hit = false;
	for (size_t i = 0; i < s->starts_n; i++) {
		struct start *start = &s->starts[i];
		for (; start->next < c->contents_n && start->at + c->contents[start->next].bytes == s->at; skip_unwanted(s, start)) {
			size_t content = start->next++;
			s->looks++;
			if (inflate_crc_behind(start->crc, s->crc, c->contents[content].bytes) != c->contents[content].crc)
				continue;
			s->hits->items = memory_grow(s->hits->items, &s->hits->cap, s->hits->n + 1, sizeof *s->hits->items);
			s->hits->items[s->hits->n++] = (struct search_hit){content, start->at, false};
			hit = true;
		}
	}
	if (hit)
		add_start(s);
}

static void take(struct search *s, const char *bytes, size_t n)
{
	while (n) {
		for (size_t i = s->first_hit; i < s->hits->n; i++)
			s->hits->items[i].more = true;
		s->first_hit = s->hits->n;
		uint64_t end = next_end(s), left = end - s->at;
		size_t now = left < n ? (size_t)left : n;
		s->crc = inflate_crc_of(s->crc, bytes, now);
		s->at += now;
		bytes += now;
		n -= now;
		if (s->at == end)
			look(s);
	}
}

/* Whether another byte could tell anything. */
static bool goes_on(const struct search *s)
{
	return next_end(s) != UINT64_MAX || s->first_hit < s->hits->n;
}

static void search_with(struct inflate *inflate, struct search *s, char *buffer)
{
	size_t n;
	add_start(s);
	while (goes_on(s) && (n = inflate_read(inflate, buffer, LIMIT_CHUNK_BYTES)))
		take(s, buffer, n);
}

bool search_file(struct input *in, const struct claims *c, const bool *wanted, struct search_hits *hits)
{
	char *buffer = memory_unset(LIMIT_CHUNK_BYTES);
	struct search *s = memory_new(1, sizeof *s);
	struct inflate *inflate = inflate_new_fast(in);
	size_t before = hits->n;
	*s = (struct search){.claims = c, .wanted = wanted, .hits = hits, .first_hit = before};
	search_with(inflate, s, buffer);
	if (inflate_doubts(inflate) && input_rewind(in, 0)) {
		inflate_free(inflate);
		inflate = inflate_new(in);
		hits->n = before;
		*s = (struct search){.claims = c, .wanted = wanted, .hits = hits, .first_hit = before};
		search_with(inflate, s, buffer);
	}
	inflate_free(inflate);
	memory_free(s);
	memory_free(buffer);
	return !(in->stop && *in->stop);
}
