#include "line/walk.h"

#include "line/hop.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* A step that may have another way on. */
struct mark {
	const struct step *step;
	const char *at;    /* where it was come to; STEP_RUN: the end of the run that was taken */
	const char *bound; /* STEP_RUN: the end of the shortest run; STEP_LAZY: of the longest */
	uint64_t took;
	uint32_t rest;     /* STEP_CHOICE: alternatives that were not tried */
};

struct walk {
	const struct steps *p;
	const char *begin, *end;
	unsigned n, turns;
	uint64_t took;
	unsigned fences[STEPS_FENCES];
	struct mark marks[WALK_MARKS];
};

static inline bool in_column(const struct steps *p, char c, unsigned column)
{
	return p->table[(unsigned char)c] >> column & 1;
}

#ifdef __SSE2__
static inline __m128i lane_at(const void *at)
{
	return _mm_loadu_si128((const __m128i *)at);
}

/* 0xFF where a byte lies in its range. */
static inline __m128i in_ranges(__m128i bytes, const uint8_t *low, const uint8_t *width)
{
	const __m128i above = _mm_sub_epi8(bytes, lane_at(low));
	return _mm_cmpeq_epi8(_mm_min_epu8(above, lane_at(width)), above);
}
#endif

/* At most STEPS_LANE bytes. */
static inline bool lane_fits(const uint8_t *low, const uint8_t *width, unsigned n, const char *at, const char *end)
{
#ifdef __SSE2__
	if (end - at >= STEPS_LANE) /* what stands behind the last place is another step's */
		return !(~(unsigned)_mm_movemask_epi8(in_ranges(lane_at(at), low, width)) & ((1u << n) - 1));
#endif
	if ((size_t)(end - at) < n)
		return false;
	for (unsigned i = 0; i < n; i++) {
		if ((unsigned char)((unsigned char)at[i] - low[i]) > width[i])
			return false;
	}
	return true;
}

static inline bool places_fit(const struct steps *p, const struct step *s, const char *at, const char *end)
{
	for (unsigned i = 0; i < s->n; i += STEPS_LANE) {
		unsigned n = s->n - i < STEPS_LANE ? s->n - i : STEPS_LANE;
		if (!lane_fits(p->low + s->at + i, p->width + s->at + i, n, at + i, end))
			return false;
	}
	for (unsigned i = 0; i < s->odd_n; i++) {
		const struct step_odd *odd = &p->odds[s->odd + i];
		if (!in_column(p, at[odd->place], odd->column))
			return false;
	}
	return true;
}

/* The end of the longest run. */
static inline const char *run_end(const struct steps *p, const struct step *s, const char *at, const char *end)
{
#ifdef __SSE2__
	const uint8_t *range = p->ranges + s->at;
	for (; s->n && end - at >= STEPS_LANE; at += STEPS_LANE) {
		const __m128i bytes = lane_at(at);
		__m128i in = in_ranges(bytes, range, range + STEPS_LANE);
		for (unsigned i = 1; i < s->n; i++)
			in = _mm_or_si128(in, in_ranges(bytes, range + i * 2 * STEPS_LANE, range + i * 2 * STEPS_LANE + STEPS_LANE));
		unsigned outside = (unsigned)_mm_movemask_epi8(in) ^ s->turned;
		if (outside)
			return at + __builtin_ctz(outside);
	}
#endif
	const uint64_t bit = UINT64_C(1) << s->column;
	while (at < end && p->table[(unsigned char)*at] & bit)
		at++;
	return at;
}

static inline const char *bound_of(const struct step *s, const char *at, const char *end)
{
	return s->max != STEP_UNLIMITED && end - at > s->max ? at + s->max : end;
}

static inline bool begins(const struct step_first *first, const char *at, const char *end)
{
	return at < end ? byteset_has(&first->bytes, (unsigned char)*at) : first->end;
}

static inline const char *hop_or_end(const char *at, const char *end, char c)
{
	at = at < end ? hop_to(at, end, c) : end;
	return at ? at : end;
}

static inline bool is_word(char c)
{
	return is_digit(c) || c == '_' || (unsigned char)((c | 0x20) - 'a') < 26;
}

static inline bool at_word_edge(const struct walk *w, const char *at)
{
	return (at > w->begin && is_word(at[-1])) != (at < w->end && is_word(*at));
}

/* False: too many ways are open. */
static inline bool mark(struct walk *w, const struct step *s, const char *at, const char *bound, uint32_t rest)
{
	if (w->n == WALK_MARKS)
		return false;
	w->marks[w->n++] = (struct mark){s, at, bound, w->took, rest};
	return true;
}

/* Back to the last mark that has another way on, and a step along it: where to go on from. NULL: there is none, or it took too long. */
static const struct step *turn(struct walk *w, const char **at, size_t *ends)
{
	while (w->n && ++w->turns <= WALK_TURNS) {
		struct mark *m = &w->marks[w->n - 1];
		const struct step *s = m->step;
		const struct step_first *next = w->p->first + (s + 1 - w->p->steps);
		w->took = m->took;
		switch ((enum step_kind)s->kind) {
		case STEP_CHOICE: {
			int to = w->p->choices[s->at].to[__builtin_ctz(m->rest)];
			*at = m->at;
			m->rest &= m->rest - 1;
			w->n -= !m->rest;
			return s + to;
		}
		case STEP_RUN:
			do
				m->at--;
			while (m->at != m->bound && !begins(next, m->at, w->end));
			break;
		case STEP_LAZY:
			m->at++;
			if (s->keeps)
				m->at = hop_or_end(m->at, m->bound, s->stop);
			else
				while (m->at != m->bound && !begins(next, m->at, w->end))
					m->at++;
			break;
		case STEP_NOT_AHEAD:
			*at = m->at;
			w->n--;
			return s + s->to;
		default: /* a lookahead in vain */
			w->n--;
			continue;
		}
		/* Of a run: what follows may begin here. */
		*at = m->at;
		w->n -= m->at == m->bound;
		w->took |= s->took;
		ends[2 * s->group + 1] = (size_t)(*at - w->begin); /* group 0 gets its end at the match */
		if (begins(next, *at, w->end))
			return s + 1;
	}
	return NULL;
}

/* A match that begins at `start`. */
static enum walk_result walk_from(struct walk *w, const char *start, size_t *ends)
{
	const struct steps *p = w->p;
	const char *at = start, *end = w->end, *read = at;
	const struct step *s = p->steps;
	w->n = 0;
	w->took = 1;
	for (;;) {
		switch ((enum step_kind)s->kind) {
		case STEP_PLACES:
			if (!places_fit(p, s, at, end))
				goto back;
			read = at + s->n;
			break;
		case STEP_LANE:
			if (!lane_fits(p->low + s->at, p->width + s->at, s->n, at, end))
				goto back;
			read = at + s->n;
			break;
		case STEP_BYTE:
			if (at == end || *at != s->stop)
				goto back;
			at++;
			s++;
			continue;
		case STEP_ONE:
			if (at == end || !in_column(p, *at, s->column))
				goto back;
			read = at + 1;
			break;
		case STEP_RUN:
			read = run_end(p, s, at, bound_of(s, at, end));
			if (read - at < s->min)
				goto back;
			if (!s->keeps && read > at + s->min && !mark(w, s, read, at + s->min, 0))
				return WALK_GAVE_UP;
			break;
		case STEP_KEEP:
			read = run_end(p, s, at, end);
			if (read - at < s->min)
				goto back;
			break;
		case STEP_SKIP:
			for (read = at; read < end && *read == s->stop;)
				read++;
			if (read - at < s->min)
				goto back;
			break;
		case STEP_REST:
			read = end;
			if (read - at < s->min)
				goto back;
			break;
		case STEP_LAZY:
			read = run_end(p, s, at, bound_of(s, at, end));
			if (read - at < s->min)
				goto back;
			if (read > at + s->min && !mark(w, s, at + s->min, read, 0))
				return WALK_GAVE_UP;
			read = at + s->min;
			break;
		case STEP_OPEN:
			ends[2 * s->group] = (size_t)(at - w->begin);
			s++;
			continue;
		case STEP_CLOSE:
			ends[2 * s->group + 1] = (size_t)(at - w->begin);
			w->took |= s->took;
			s++;
			continue;
		case STEP_CHOICE: {
			size_t next = s->at * STEPS_BYTES + (at < end ? (unsigned char)*at : 256u);
			if (p->only[next]) {
				s += p->only[next];
				continue;
			}
			uint32_t rest = p->by[next];
			if (!rest)
				goto back;
			if (!mark(w, s, at, NULL, rest & (rest - 1)))
				return WALK_GAVE_UP;
			s += p->choices[s->at].to[__builtin_ctz(rest)];
			continue;
		}
		case STEP_JUMP:
			s += s->to;
			continue;
		case STEP_ATOMIC:
			w->fences[s->fence] = w->n;
			s++;
			continue;
		case STEP_ATOMIC_END:
			w->n = w->fences[s->fence];
			s++;
			continue;
		case STEP_AHEAD:
			if (!begins(p->first + (s + 1 - p->steps), at, end))
				goto back;
			w->fences[s->fence] = w->n;
			if (!mark(w, s, at, NULL, 0))
				return WALK_GAVE_UP;
			s++;
			continue;
		case STEP_AHEAD_END:
			w->n = w->fences[s->fence];
			at = w->marks[w->n].at;
			s++;
			continue;
		case STEP_NOT_AHEAD:
			if (!begins(p->first + (s + 1 - p->steps), at, end)) {
				s += s->to;
				continue;
			}
			w->fences[s->fence] = w->n;
			if (!mark(w, s, at, NULL, 0))
				return WALK_GAVE_UP;
			s++;
			continue;
		case STEP_NOT_AHEAD_END:
			w->n = w->fences[s->fence];
			goto back;
		case STEP_PEEK:
			if (at == end || !in_column(p, *at, s->column))
				goto back;
			s++;
			continue;
		case STEP_NOT_PEEK:
			if (at < end && in_column(p, *at, s->column))
				goto back;
			s++;
			continue;
		case STEP_WORD_EDGE:
			if (!at_word_edge(w, at))
				goto back;
			s++;
			continue;
		case STEP_BEGIN:
			if (at != w->begin)
				goto back;
			s++;
			continue;
		case STEP_END:
			if (at != end)
				goto back;
			s++;
			continue;
		case STEP_MATCH:
			ends[0] = (size_t)(start - w->begin);
			ends[1] = (size_t)(at - w->begin);
			return WALK_MATCH;
		default:
			__builtin_unreachable();
		}
		if (s->group) {
			ends[2 * s->group] = (size_t)(at - w->begin);
			ends[2 * s->group + 1] = (size_t)(read - w->begin);
			w->took |= s->took;
		}
		at = read;
		s++;
		continue;
back:
		s = turn(w, &at, ends);
		if (!s)
			return w->n ? WALK_GAVE_UP : WALK_MISS;
	}
}

enum walk_result walk(const struct steps *p, struct span subject, size_t ends[2 * STEPS_GROUPS], uint64_t *took)
{
	struct walk w;
	enum walk_result result;
	w.p = p;
	w.begin = subject.at ? subject.at : "";
	w.end = w.begin + subject.len;
	w.turns = 0;
	const char *start = w.begin;
	do {
		if (!p->anchored)
			start = run_end(p, &p->skipped, start, w.end);
		result = walk_from(&w, start, ends);
	} while (result == WALK_MISS && !p->anchored && ++start <= w.end && ++w.turns <= WALK_TURNS);
	if (w.turns > WALK_TURNS)
		result = WALK_GAVE_UP;
	*took = result == WALK_MATCH ? w.took : 0;
	return result;
}
