#include "tally/shape.h"

#include "base/hash.h"
#include "base/memory.h"

/* The first `n` of eight bytes that may be read, 1 to 8. */
static inline uint64_t first_bytes(const char *at, size_t n)
{
	return hash_load8(at) << (64 - 8 * n);
}

/* By the first word, when it is not masked: which bucket it is decides how soon a shape is found, not which. */
static struct shape *bucket_of(const struct shapes *s, struct marks *m, unsigned *number)
{
	size_t start = 0;
	struct marks_token has = marks_token(m, 0);
	while (has.end == start && start < 8)
		has = marks_token(m, ++start);
	size_t n = has.varied ? 0 : has.end - start;
	uint64_t word = n && start + 8 <= m->text.len ? first_bytes(m->text.at + start, n < 8 ? n : 8) : 0;
	*number = (unsigned)(hash_mix(word, UINT64_C(0x9E3779B97F4A7C15)) % SHAPE_BUCKETS);
	return s->items + (size_t)*number * SHAPE_WAYS;
}

/* As memcmp(): most runs are short. Of `a` `room` bytes may be read, of `b` eight more than these. */
static inline bool is_same(const char *a, size_t room, const char *b, size_t n)
{
	if (n > 16 || room < 8)
		return !memcmp(a, b, n);
	if (n > 8)
		return !((hash_load8(a) ^ hash_load8(b)) | (hash_load8(a + n - 8) ^ hash_load8(b + n - 8)));
	return !n || first_bytes(a, n) == first_bytes(b, n);
}

static bool fits(const struct shape *shape, struct marks *m)
{
	const struct span message = m->text;
	const char *text = shape->text;
	size_t at = 0;
	for (unsigned i = 0;; i++) {
		size_t run = shape->runs[i];
		if (message.len - at < run || !is_same(message.at + at, message.len - at, text, run))
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
	const struct shape *shape = bucket_of(s, m, &bucket);
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

void shapes_learn(struct shapes *s, struct marks *m, const struct message_holes *holes, uint32_t slot)
{
	const struct span message = m->text; /* whole, else not all holes are known */
	if (!holes->known || s->skips)
		return;
	struct shape made = {.slot = slot, .holes = (unsigned char)holes->n, .full = 1};
	size_t from = 0, to = 0;
	for (unsigned i = 0; i <= holes->n; i++) {
		size_t run = (i < holes->n ? holes->start[i] : message.len) - from;
		if (run > SHAPE_BYTES - to)
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
	struct shape *bucket = bucket_of(s, m, &number);
	bucket[s->oldest[number]] = made;
	s->oldest[number] = (unsigned char)((s->oldest[number] + 1) % SHAPE_WAYS);
}

void shapes_release(struct shapes *s)
{
	memory_free(s->items);
	*s = (struct shapes){0};
}
