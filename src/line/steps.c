#include "line/steps.h"

#include "base/memory.h"

void steps_free(struct steps *p)
{
	if (!p)
		return;
	memory_free(p->steps);
	memory_free(p->first);
	memory_free(p->choices);
	memory_free(p->by);
	memory_free(p->only);
	memory_free(p->sets);
	memory_free(p->places);
	memory_free(p->low);
	memory_free(p->width);
	memory_free(p->odds);
	memory_free(p->ranges);
	memory_free(p);
}

static const struct step_first anything = {{{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}}, true};

static void join(struct step_first *to, const struct step_first *from)
{
	byteset_join(&to->bytes, &from->bytes);
	to->end |= from->end;
}

/* What a step can begin with, as far as is known of those that follow. A superset is always right: an assertion only makes it smaller, and
 * what ends a lookahead or an atomic group may be followed by anything, because whether it matches must not hang on that. */
static struct step_first first_of(const struct steps *p, size_t i)
{
	const struct step *s = &p->steps[i];
	struct step_first first = {{{0}}, false};
	switch ((enum step_kind)s->kind) {
	case STEP_PLACES:
	case STEP_LANE:
	case STEP_BYTE:
	case STEP_ONE:
		first.bytes = p->sets[p->places[s->at]];
		break;
	case STEP_RUN:
	case STEP_KEEP:
	case STEP_SKIP:
	case STEP_REST:
	case STEP_LAZY:
		first.bytes = p->sets[s->set];
		if (!s->min)
			join(&first, &p->first[i + 1]);
		break;
	case STEP_OPEN:
	case STEP_CLOSE:
	case STEP_ATOMIC:
	case STEP_PEEK:
	case STEP_NOT_PEEK:
	case STEP_WORD_EDGE:
	case STEP_BEGIN:
		first = p->first[i + 1];
		break;
	case STEP_CHOICE:
		for (unsigned k = 0; k < p->choices[s->at].n; k++)
			join(&first, &p->first[(ptrdiff_t)i + p->choices[s->at].to[k]]);
		break;
	case STEP_JUMP:
	case STEP_AHEAD:
	case STEP_NOT_AHEAD:
		first = p->first[(ptrdiff_t)i + s->to];
		break;
	case STEP_END:
		first.end = true;
		break;
	case STEP_ATOMIC_END:
	case STEP_AHEAD_END:
	case STEP_NOT_AHEAD_END:
	case STEP_MATCH:
		first = anything;
	}
	return first;
}

/* Sets only grow, so this ends; from the last step backwards it is done in two rounds, and one more for each loop in a loop. */
static void find_first(struct steps *p)
{
	bool grew = true;
	p->first = memory_new(p->n, sizeof *p->first);
	while (grew) {
		grew = false;
		for (size_t i = p->n; i-- > 0;) {
			struct step_first first = first_of(p, i);
			grew |= !byteset_equal(&first.bytes, &p->first[i].bytes) || first.end != p->first[i].end;
			p->first[i] = first;
		}
	}
}

/* How many steps from `i` on are one: a group that is one step, a lookahead at one byte. */
static size_t fused(const struct steps *p, size_t i)
{
	const struct step *s = &p->steps[i];
	if (i + 2 >= p->n)
		return 1;
	bool reads = s[1].kind == STEP_PLACES || s[1].kind == STEP_RUN;
	bool looks = (s->kind == STEP_AHEAD || s->kind == STEP_NOT_AHEAD) && s[2].kind == s->kind + 1;
	if (s->kind == STEP_OPEN && reads && s[2].kind == STEP_CLOSE)
		return 3;
	return looks && s[1].kind == STEP_PLACES && s[1].n == 1 ? 3 : 1;
}

static void fuse(struct step *to, const struct step *s)
{
	struct step one = s[1];
	one.group = s->group;
	if (s->kind != STEP_OPEN)
		one.kind = s->kind == STEP_AHEAD ? STEP_PEEK : STEP_NOT_PEEK;
	*to = one;
}

/* Joins steps that can be one. Nothing jumps between those. */
static void fuse_all(struct steps *p)
{
	uint16_t moved[STEPS_MAX + 2];
	size_t n = 0;
	for (size_t i = 0; i < p->n; n++) {
		size_t len = fused(p, i);
		for (size_t k = 0; k < len; k++)
			moved[i + k] = (uint16_t)n;
		i += len;
	}
	for (size_t i = 0, len; i < p->n; i += len) {
		struct step *s = &p->steps[moved[i]];
		ptrdiff_t from = moved[i];
		len = fused(p, i);
		if (len > 1) {
			fuse(s, &p->steps[i]);
			continue;
		}
		*s = p->steps[i];
		if (s->kind == STEP_CHOICE) {
			struct step_choice *c = &p->choices[s->at];
			for (unsigned k = 0; k < c->n; k++)
				c->to[k] = (int16_t)(moved[(ptrdiff_t)i + c->to[k]] - from);
		} else if (s->to) {
			s->to = (int16_t)(moved[(ptrdiff_t)i + s->to] - from);
		}
	}
	p->n = n;
}

/* Puts in the place of an alternative that is a choice itself what that has: the order is the same. Behind a jump, too. */
static void flatten(struct steps *p, size_t i)
{
	struct step_choice *c = &p->choices[p->steps[i].at], flat = {0};
	for (unsigned k = 0; k < c->n; k++) {
		ptrdiff_t to = (ptrdiff_t)i + c->to[k];
		while (p->steps[to].kind == STEP_JUMP)
			to += p->steps[to].to;
		const struct step_choice *inner = p->steps[to].kind == STEP_CHOICE && (size_t)to != i ? &p->choices[p->steps[to].at] : NULL;
		if (inner && flat.n + inner->n + c->n - k > STEPS_ALTERNATIVES)
			return;
		for (unsigned m = 0; inner && m < inner->n; m++)
			flat.to[flat.n++] = (int16_t)(to + inner->to[m] - (ptrdiff_t)i);
		if (!inner)
			flat.to[flat.n++] = (int16_t)(to - (ptrdiff_t)i);
	}
	*c = flat;
}

/* `to`, counted from step `i`; where jumps lead when they stand there. */
static int16_t past_jumps(const struct steps *p, size_t i, int16_t to)
{
	const struct step *s = &p->steps[(ptrdiff_t)i + to];
	for (unsigned n = 0; s->kind == STEP_JUMP && s->to > 0 && n < STEPS_MAX; n++)
		s += s->to;
	return (int16_t)(s - &p->steps[i]);
}

static void fill_choice(struct steps *p, size_t i)
{
	const struct step_choice *c = &p->choices[p->steps[i].at];
	uint32_t *by = p->by + (size_t)p->steps[i].at * STEPS_BYTES, always = 0;
	for (unsigned k = 0; k < c->n; k++) {
		const struct step_first *first = &p->first[(ptrdiff_t)i + c->to[k]];
		by[256] |= (uint32_t)first->end << k;
		if (byteset_equal(&first->bytes, &anything.bytes)) {
			always |= UINT32_C(1) << k;
			continue;
		}
		for (unsigned byte = byteset_next(&first->bytes, 0); byte < 256; byte = byteset_next(&first->bytes, byte + 1))
			by[byte] |= UINT32_C(1) << k;
	}
	for (unsigned byte = 0; always && byte < 256; byte++)
		by[byte] |= always;
	int16_t *only = p->only + (size_t)p->steps[i].at * STEPS_BYTES;
	for (unsigned byte = 0; byte < STEPS_BYTES; byte++)
		only[byte] = by[byte] && !(by[byte] & (by[byte] - 1)) ? past_jumps(p, i, c->to[__builtin_ctz(by[byte])]) : 0;
}

static void fill_column(struct steps *p, const struct byteset *set, unsigned column)
{
	for (unsigned byte = byteset_next(set, 0); byte < 256; byte = byteset_next(set, byte + 1))
		p->table[byte] |= UINT64_C(1) << column;
}

/* The column of a set in the table; STEPS_TABLE_SETS when there is none left. */
static unsigned column_of(struct steps *p, unsigned set, uint8_t columns[STEPS_SETS], unsigned *used)
{
	if (columns[set] < STEPS_TABLE_SETS || *used == STEPS_TABLE_SETS)
		return columns[set];
	columns[set] = (uint8_t)(*used)++;
	fill_column(p, &p->sets[set], columns[set]);
	return columns[set];
}

/* The ranges of which a set is the union: as many as there are, `ranges` of them are set. */
static unsigned ranges_of(const struct byteset *set, uint8_t low[STEPS_RANGES], uint8_t width[STEPS_RANGES])
{
	struct byteset others = *set;
	unsigned n = 0;
	byteset_turn(&others);
	for (unsigned from = byteset_next(set, 0), behind; from < 256; from = byteset_next(set, behind), n++) {
		behind = byteset_next(&others, from);
		if (n < STEPS_RANGES) {
			low[n] = (uint8_t)from;
			width[n] = (uint8_t)(behind - 1 - from);
		}
	}
	return n;
}

/* By ranges where the set or what is not in it are few. */
static void fill_ranges(struct steps *p, struct step *s, const struct byteset *set)
{
	uint8_t low[STEPS_RANGES], width[STEPS_RANGES], others_low[STEPS_RANGES], others_width[STEPS_RANGES];
	struct byteset others = *set;
	byteset_turn(&others);
	unsigned n = ranges_of(set, low, width), others_n = ranges_of(&others, others_low, others_width);
	bool turned = others_n && others_n < n; /* by what is not in it */
	s->n = (uint16_t)(turned ? others_n : n);
	s->turned = turned ? 0 : 0xFFFF;
	s->at = (uint16_t)p->ranges_n;
	if (s->n > STEPS_RANGES)
		s->n = 0;
	p->ranges = memory_grow(p->ranges, &p->ranges_cap, p->ranges_n + 2 * STEPS_LANE * s->n, 1);
	for (unsigned i = 0; i < s->n; i++, p->ranges_n += 2 * STEPS_LANE) {
		memset(p->ranges + p->ranges_n, turned ? others_low[i] : low[i], STEPS_LANE);
		memset(p->ranges + p->ranges_n + STEPS_LANE, turned ? others_width[i] : width[i], STEPS_LANE);
	}
}

/* What follows cannot fail. */
static bool ends_here(const struct step *s)
{
	while (s->kind == STEP_CLOSE || (s->kind == STEP_JUMP && s->to > 0))
		s += s->kind == STEP_CLOSE ? 1 : s->to;
	return s->kind == STEP_MATCH;
}

static bool fill_run(struct steps *p, size_t i, uint8_t columns[STEPS_SETS], unsigned *used)
{
	struct step *s = &p->steps[i];
	const struct byteset *set = &p->sets[s->set];
	unsigned column = column_of(p, s->set, columns, used), bytes = byteset_count(set);
	s->column = (uint8_t)column;
	s->stop = (char)byteset_next(set, 0);
	/* A shorter run would have to go on with a byte of its own. */
	s->keeps |= s->kind == STEP_RUN && (ends_here(s + 1) || !byteset_meets(set, &p->first[i + 1].bytes));
	if (s->kind == STEP_LAZY) {
		const struct step_first *next = &p->first[i + 1];
		s->keeps = byteset_count(&next->bytes) == 1 && !next->end;
		s->stop = (char)byteset_next(&next->bytes, 0);
	} else if (s->keeps && s->max == STEP_UNLIMITED)
		s->kind = bytes == 256 ? STEP_REST : bytes == 1 ? STEP_SKIP : STEP_KEEP;
	fill_ranges(p, s, set);
	return column < STEPS_TABLE_SETS && p->ranges_n < UINT16_MAX;
}

static bool fill_peek(struct steps *p, struct step *s, uint8_t columns[STEPS_SETS], unsigned *used)
{
	unsigned column = column_of(p, p->places[s->at], columns, used);
	s->column = (uint8_t)column;
	return column < STEPS_TABLE_SETS;
}

static bool fill_places(struct steps *p, size_t i, uint8_t columns[STEPS_SETS], unsigned *used)
{
	struct step *s = &p->steps[i];
	s->odd = (uint16_t)p->odds_n;
	for (unsigned k = 0; k < s->n; k++) {
		const struct byteset *set = &p->sets[p->places[s->at + k]];
		unsigned low = byteset_next(set, 0), high = byteset_last(set);
		if (low == 256)
			return false; /* no byte at all */
		p->low[s->at + k] = (uint8_t)low;
		p->width[s->at + k] = (uint8_t)(high - low);
		if (byteset_count(set) == high - low + 1)
			continue;
		unsigned column = column_of(p, p->places[s->at + k], columns, used);
		if (column == STEPS_TABLE_SETS)
			return false;
		p->odds = memory_grow(p->odds, &p->odds_cap, p->odds_n + 1, sizeof *p->odds);
		p->odds[p->odds_n++] = (struct step_odd){(uint8_t)k, (uint8_t)column};
		s->odd_n++;
	}
	s->stop = (char)p->low[s->at];
	if (s->n == 1 && s->odd_n) {
		s->kind = STEP_ONE;
		s->column = p->odds[s->odd].column;
	} else if (s->n <= STEPS_LANE && !s->odd_n)
		s->kind = s->n == 1 && !p->width[s->at] && !s->group ? STEP_BYTE : STEP_LANE;
	return true;
}

/* What a search passes over. */
static void fill_skipped(struct steps *p, unsigned column)
{
	struct byteset others = p->first[0].bytes;
	byteset_turn(&others);
	p->skipped.column = (uint8_t)column;
	fill_column(p, &others, column);
	fill_ranges(p, &p->skipped, &others);
}

bool steps_ready(struct steps *p)
{
	uint8_t columns[STEPS_SETS];
	unsigned used = 1; /* column 0 is that of the bytes that are skipped */
	bool fits = true;
	memset(columns, STEPS_TABLE_SETS, sizeof columns);
	fuse_all(p);
	find_first(p);
	for (size_t i = p->n; i-- > 0;) /* the inner ones first */
		if (p->steps[i].kind == STEP_CHOICE)
			flatten(p, i);
	p->low = memory_new(p->places_n + STEPS_LANE, 1);
	p->width = memory_new(p->places_n + STEPS_LANE, 1);
	p->by = memory_new(p->choices_n * STEPS_BYTES, sizeof *p->by);
	p->only = memory_new(p->choices_n * STEPS_BYTES, sizeof *p->only);
	p->anchored = p->steps[0].kind == STEP_BEGIN;
	fill_skipped(p, 0);
	for (size_t i = 0; i < p->n && fits; i++) {
		struct step *s = &p->steps[i];
		s->took = UINT64_C(1) << s->group;
		if (s->kind == STEP_CHOICE)
			fill_choice(p, i);
		else if (s->kind == STEP_RUN || s->kind == STEP_LAZY)
			fits = fill_run(p, i, columns, &used);
		else if (s->kind == STEP_PLACES)
			fits = fill_places(p, i, columns, &used);
		else if (s->kind == STEP_PEEK || s->kind == STEP_NOT_PEEK)
			fits = fill_peek(p, s, columns, &used);
	}
	return fits;
}
