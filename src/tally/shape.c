#include "tally/shape.h"

#include "base/hash.h"
#include "base/memory.h"

/* By the letters of the first word, which no token that varies has changed: it ends where a digit stands. */
static struct shape *bucket_of(const struct shapes *s, struct span message, unsigned *number)
{
	size_t start = 0, n = 0;
	uint64_t word = 0;
	while (start < message.len && start < 8 && !((unsigned char)((message.at[start] | 0x20) - 'a') < 26))
		start++;
	for (; start + n < message.len && n < 8; n++) {
		unsigned char c = (unsigned char)message.at[start + n];
		if (!((unsigned char)((c | 0x20) - 'a') < 26))
			break;
		word = word << 8 | c;
	}
	*number = (unsigned)(hash_mix(word, UINT64_C(0x9E3779B97F4A7C15)) % SHAPE_BUCKETS);
	return s->items + (size_t)*number * SHAPE_WAYS;
}

static bool fits(const struct shape *shape, struct marks *m)
{
	const struct span message = m->text;
	const char *text = shape->text;
	size_t at = 0;
	for (unsigned i = 0;; i++) {
		size_t run = shape->runs[i];
		if (message.len - at < run || memcmp(message.at + at, text, run) != 0)
			return false;
		at += run;
		text += run;
		if (i == shape->holes)
			return at == message.len;
		struct marks_token has = marks_token(m, at);
		struct span token = {message.at + at, has.end - at};
		if (!token.len || !(message_token_varies(token, has) || shape->quoted >> i & 1))
			return false;
		at = has.end;
	}
}

/* Where most messages differ in words, to compare is in vain: then one in SKIPPED is. */
enum { MISSED_MOST = 32, SKIPPED = 32 };

static bool is_skipped(struct shapes *s, unsigned bucket)
{
	return s->missed[bucket] == MISSED_MOST && ++s->skipped % SKIPPED;
}

bool shapes_find(struct shapes *s, struct marks *m, size_t len, uint32_t *slot)
{
	unsigned bucket;
	if (!s->items || len > m->text.len)
		return false;
	const struct shape *shape = bucket_of(s, m->text, &bucket);
	s->skips = is_skipped(s, bucket);
	if (s->skips)
		return false;
	for (unsigned way = 0; way < SHAPE_WAYS && shape[way].full; way++) {
		if (fits(&shape[way], m)) {
			*slot = shape[way].slot;
			s->missed[bucket] = (unsigned char)(s->missed[bucket] - (s->missed[bucket] > 0));
			return true;
		}
	}
	s->missed[bucket] = (unsigned char)(s->missed[bucket] + (s->missed[bucket] < MISSED_MOST));
	return false;
}

void shapes_learn(struct shapes *s, struct span message, const struct message_holes *holes, uint32_t slot)
{
	if (!holes->known || s->skips)
		return;
	struct shape made = {.slot = slot, .holes = (unsigned char)holes->n, .full = 1};
	size_t from = 0, to = 0;
	for (unsigned i = 0; i <= holes->n; i++) {
		size_t run = (i < holes->n ? holes->start[i] : message.len) - from;
		if (run > sizeof made.text - to)
			return;
		memcpy(made.text + to, message.at + from, run);
		made.runs[i] = (unsigned char)run;
		to += run;
		if (i < holes->n) {
			made.quoted |= (uint32_t)holes->quoted[i] << i;
			from = holes->end[i];
		}
	}
	if (!s->items)
		s->items = memory_new((size_t)SHAPE_BUCKETS * SHAPE_WAYS, sizeof *s->items);
	unsigned number;
	struct shape *bucket = bucket_of(s, message, &number);
	bucket[s->oldest[number]] = made;
	s->oldest[number] = (unsigned char)((s->oldest[number] + 1) % SHAPE_WAYS);
}

void shapes_release(struct shapes *s)
{
	memory_free(s->items);
	*s = (struct shapes){0};
}
