#include "line/translate.h"

#include "base/memory.h"

enum {
	MAX_DEPTH = 16,  /* groups in groups: bounds the recursion */
	MAX_COUNT = 9999,
	NO_PLACES = -1,
};
struct translator {
	struct span source;
	size_t at;
	struct steps *p;
	unsigned group;    /* highest number yet */
	unsigned depth;
	ptrdiff_t places;  /* the last step, if it may take one place more; else NO_PLACES: something can jump behind it */
	bool any_case, dot_all;
	bool refused;
};

struct quantifier {
	uint16_t min, max;
	enum { GREEDY, LAZY, POSSESSIVE } way;
	bool stands;
};

/* ---- bytes of the source ---- */

static int peek(const struct translator *t)
{
	return t->at < t->source.len ? (unsigned char)t->source.at[t->at] : -1;
}

static inline bool take(struct translator *t, char byte)
{
	bool is_next = t->at < t->source.len && t->source.at[t->at] == byte;
	t->at += is_next;
	return is_next;
}

static size_t refuse(struct translator *t)
{
	t->refused = true;
	return 0;
}

static bool is_blank(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Comments too. */
static void skip_blanks(struct translator *t)
{
	bool comment = false;
	for (int c = peek(t); c >= 0 && (comment || c == '#' || is_blank(c)); c = peek(t)) {
		comment = comment ? c != '\n' : c == '#';
		t->at++;
	}
}

/* ---- steps ---- */

static struct step *add_step(struct translator *t, enum step_kind kind)
{
	struct steps *p = t->p;
	if (p->n >= STEPS_MAX)
		t->refused = true;
	p->steps = memory_grow(p->steps, &p->cap, p->n + 1, sizeof *p->steps);
	struct step *s = &p->steps[p->n++];
	*s = (struct step){.kind = (uint8_t)kind};
	t->places = NO_PLACES;
	return s;
}

/* What stands from `i` on moves one step back: its jumps are counted from where they stand. */
static struct step *insert_step(struct translator *t, size_t i, enum step_kind kind)
{
	add_step(t, kind);
	struct step *steps = t->p->steps;
	struct step last = steps[t->p->n - 1];
	memmove(steps + i + 1, steps + i, (t->p->n - 1 - i) * sizeof *steps);
	steps[i] = last;
	return steps + i;
}

static uint8_t set_number(struct translator *t, const struct byteset *set)
{
	struct steps *p = t->p;
	unsigned byte = byteset_next(set, 0);
	uint8_t *alone = byte == byteset_last(set) ? &p->byte_sets[byte] : NULL;
	if (alone && *alone)
		return (uint8_t)(*alone - 1);
	for (size_t i = 0; i < p->sets_n && !alone; i++)
		if (byteset_equal(&p->sets[i], set))
			return (uint8_t)i;
	if (p->sets_n == STEPS_SETS)
		return (uint8_t)refuse(t);
	p->sets = memory_grow(p->sets, &p->sets_cap, p->sets_n + 1, sizeof *p->sets);
	p->sets[p->sets_n++] = *set;
	if (alone)
		*alone = (uint8_t)p->sets_n;
	return (uint8_t)(p->sets_n - 1);
}

static void add_place(struct translator *t, uint8_t set)
{
	struct steps *p = t->p;
	struct step *s = t->places == NO_PLACES ? NULL : &p->steps[t->places];
	if (!s || s->n == STEPS_PLACES) {
		s = add_step(t, STEP_PLACES);
		s->at = (uint16_t)p->places_n;
		t->places = s - p->steps;
	}
	if (p->places_n >= UINT16_MAX) {
		t->refused = true;
		return;
	}
	p->places = memory_grow(p->places, &p->places_cap, p->places_n + 1, 1);
	p->places[p->places_n++] = set;
	s->n++;
}

static struct step_choice *add_choice(struct translator *t, size_t i)
{
	struct steps *p = t->p;
	struct step *s = insert_step(t, i, STEP_CHOICE);
	if (p->choices_n == STEPS_CHOICES)
		t->refused = true;
	s->at = (uint16_t)p->choices_n;
	p->choices = memory_grow(p->choices, &p->choices_cap, p->choices_n + 1, sizeof *p->choices);
	return &p->choices[p->choices_n++];
}

static void add_fence(struct translator *t, size_t i, enum step_kind begin, enum step_kind end)
{
	unsigned fence = t->p->fences++;
	if (fence >= STEPS_FENCES)
		t->refused = true;
	insert_step(t, i, begin)->fence = (uint8_t)fence;
	add_step(t, end)->fence = (uint8_t)fence;
	t->p->steps[i].to = (int16_t)(t->p->n - i);
}

/* ---- sets of bytes ---- */

static bool letter_set(int letter, struct byteset *set)
{
	switch (letter | 0x20) {
	case 'd':
		byteset_add(set, '0', '9');
		break;
	case 'w':
		byteset_add(set, '0', '9');
		byteset_add(set, 'A', 'Z');
		byteset_add(set, 'a', 'z');
		byteset_add(set, '_', '_');
		break;
	case 's':
		byteset_add(set, '\t', '\r');
		byteset_add(set, ' ', ' ');
		break;
	default:
		return false;
	}
	if (!(letter & 0x20))
		byteset_turn(set);
	return true;
}

static int hex_digit(int c)
{
	return is_digit((char)c) && c >= 0 ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* Behind a backslash: the byte that is meant, or -1: a letter that stands for something else. */
static int escaped_byte(struct translator *t)
{
	int c = peek(t);
	if (c < 0)
		return -1;
	bool letter = (unsigned)((c | 0x20) - 'a') < 26;
	if (!letter && !is_digit((char)c) && c < 0x80 && c >= ' ') {
		t->at++;
		return c;
	}
	static const char names[] = "tnrfea", bytes[] = "\t\n\r\f\033\a";
	const char *name = letter ? strchr(names, c) : NULL;
	if (name) {
		t->at++;
		return bytes[name - names];
	}
	struct span rest = span_from(t->source, t->at);
	if (c != 'x' || rest.len < 3 || hex_digit(rest.at[1]) < 0 || hex_digit(rest.at[2]) < 0)
		return -1;
	t->at += 3;
	return hex_digit(rest.at[1]) * 16 + hex_digit(rest.at[2]);
}

static void fold_case(struct byteset *set)
{
	for (unsigned c = 'a'; c <= 'z'; c++) {
		if (byteset_has(set, c) || byteset_has(set, c ^ 0x20)) {
			byteset_add(set, c, c);
			byteset_add(set, c ^ 0x20, c ^ 0x20);
		}
	}
}

/* One byte of a class, or the last of a range; -1: none, `set` has got a class of its own or the translator has refused. */
static int class_byte(struct translator *t, struct byteset *set)
{
	int c = peek(t);
	if (c < 0 || (c == '[' && t->at + 1 < t->source.len && strchr(":.=", t->source.at[t->at + 1]))) {
		t->refused = true;
		return -1;
	}
	t->at++;
	if (c != '\\')
		return c;
	struct byteset named = {{0}};
	if (peek(t) >= 0 && letter_set(peek(t), &named)) {
		t->at++;
		byteset_join(set, &named);
		return -1;
	}
	c = escaped_byte(t);
	t->refused |= c < 0;
	return c;
}

/* Behind "[". */
static void class_set(struct translator *t, struct byteset *set)
{
	bool turned = take(t, '^');
	if (peek(t) == ']')
		t->refused = true; /* a bracket that is meant so */
	while (!t->refused && !take(t, ']')) {
		int first = class_byte(t, set);
		bool ranges = peek(t) == '-' && t->at + 1 < t->source.len && t->source.at[t->at + 1] != ']';
		if (t->refused || (ranges && first < 0)) {
			t->refused = true;
			return;
		}
		int last = first;
		if (ranges) {
			t->at++;
			last = class_byte(t, set);
			t->refused |= last < first;
		}
		if (first >= 0 && !t->refused)
			byteset_add(set, (unsigned)first, (unsigned)last);
	}
	if (t->any_case)
		fold_case(set);
	if (turned)
		byteset_turn(set);
}

/* ---- quantifiers ---- */

static uint16_t number(struct translator *t)
{
	unsigned n = 0;
	size_t digits = 0;
	for (; peek(t) >= '0' && peek(t) <= '9'; t->at++, digits++) {
		n = n * 10 + (unsigned)(peek(t) - '0');
		if (n > MAX_COUNT)
			return (uint16_t)refuse(t);
	}
	t->refused |= !digits;
	return (uint16_t)n;
}

static struct quantifier quantifier_of(struct translator *t)
{
	struct quantifier q = {1, 1, GREEDY, true};
	if (take(t, '*')) {
		q.min = 0;
		q.max = STEP_UNLIMITED;
	} else if (take(t, '+')) {
		q.max = STEP_UNLIMITED;
	} else if (take(t, '?')) {
		q.min = 0;
	} else if (take(t, '{')) {
		q.min = q.max = number(t);
		if (take(t, ','))
			q.max = peek(t) == '}' ? STEP_UNLIMITED : number(t);
		t->refused |= !take(t, '}') || !q.max || q.max < q.min;
	} else {
		q.stands = false;
		return q;
	}
	q.way = take(t, '+') ? POSSESSIVE : take(t, '?') ? LAZY : GREEDY;
	return q;
}

/* Returns the fewest bytes that it takes. */
static size_t add_bytes(struct translator *t, const struct byteset *set)
{
	struct quantifier q = quantifier_of(t);
	uint8_t kind = set_number(t, set);
	if (q.min == q.max && q.max <= STEPS_PLACES) {
		for (uint32_t i = 0; i < q.min; i++)
			add_place(t, kind);
		return q.min;
	}
	struct step *s = add_step(t, q.way == LAZY ? STEP_LAZY : STEP_RUN);
	s->set = kind;
	s->min = q.min;
	s->max = q.max;
	s->keeps = q.way == POSSESSIVE;
	return q.min;
}

/* The same for a group, whose steps stand from `start` on. */
static size_t quantify(struct translator *t, size_t start, size_t least, bool captures)
{
	struct quantifier q = quantifier_of(t);
	bool loops = q.max == STEP_UNLIMITED;
	if (!q.stands)
		return least;
	if (q.way == LAZY || q.min > 1 || (!loops && (q.min || q.max > 1)) || (loops && (captures || !least)))
		return refuse(t);
	int16_t len = (int16_t)(t->p->n - start);
	if (q.min) { /* once more, from behind it */
		struct step_choice *c = add_choice(t, t->p->n);
		c->n = 2;
		c->to[0] = (int16_t)-len;
		c->to[1] = 1;
	} else {
		struct step_choice *c = add_choice(t, start);
		c->n = 2;
		c->to[0] = 1;
		c->to[1] = (int16_t)(len + (loops ? 2 : 1));
		if (loops)
			add_step(t, STEP_JUMP)->to = (int16_t)-(len + 1);
	}
	if (q.way == POSSESSIVE)
		add_fence(t, start, STEP_ATOMIC, STEP_ATOMIC_END);
	t->places = NO_PLACES;
	return q.min ? least : 0;
}

/* ---- groups ---- */

static size_t sequence(struct translator *t);

/* Up to the bracket that closes it. Returns the fewest bytes that it takes. */
static size_t alternatives(struct translator *t, bool resets)
{
	size_t start = t->p->n, starts[STEPS_ALTERNATIVES], least = SIZE_MAX;
	unsigned n = 0, before = t->group, highest = before;
	do {
		if (n == STEPS_ALTERNATIVES)
			return refuse(t);
		if (resets)
			t->group = before;
		starts[n++] = t->p->n;
		t->places = NO_PLACES;
		size_t bytes = sequence(t);
		least = bytes < least ? bytes : least;
		highest = t->group > highest ? t->group : highest;
		if (peek(t) == '|')
			add_step(t, STEP_JUMP);
	} while (!t->refused && take(t, '|'));
	t->group = highest;
	if (n == 1 || t->refused)
		return least;
	struct step_choice *c = add_choice(t, start);
	for (c->n = 0; c->n < n; c->n++) {
		size_t begin = starts[c->n] + 1; /* the choice stands before it now */
		c->to[c->n] = (int16_t)(begin - start);
		if (c->n)
			t->p->steps[begin - 1].to = (int16_t)(t->p->n - (begin - 1));
	}
	return least;
}

static bool is_name_byte(int c)
{
	return c == '_' || is_digit((char)c) || (unsigned)((c | 0x20) - 'a') < 26;
}

/* Behind "(?<". */
static void name_of(struct translator *t, unsigned group)
{
	size_t start = t->at;
	while (is_name_byte(peek(t)))
		t->at++;
	struct span name = {t->source.at + start, t->at - start};
	/* Groups of one number have one name (PCRE2 asks for that too). */
	t->refused |= !name.len || !take(t, '>') || (t->p->names[group].len && !span_equal(t->p->names[group], name));
	if (!t->refused)
		t->p->names[group] = name;
}

/* Behind "(?", up to ":", for flags; false: something else. */
static bool flags_of(struct translator *t)
{
	while (peek(t) == 'i' || peek(t) == 's') {
		t->any_case |= peek(t) == 'i';
		t->dot_all |= peek(t) == 's';
		t->at++;
	}
	return take(t, ':');
}

/* Behind "(". Returns the fewest bytes that it takes. */
static size_t group(struct translator *t)
{
	size_t start = t->p->n, least;
	bool any_case = t->any_case, dot_all = t->dot_all, looks = false;
	unsigned before = t->group;
	enum step_kind fence = STEP_MATCH;
	t->places = NO_PLACES;
	if (peek(t) == '*' || ++t->depth > MAX_DEPTH)
		return refuse(t);
	if (!take(t, '?') || take(t, '<')) {
		bool named = t->source.at[t->at - 1] == '<';
		unsigned number = ++t->group;
		if (number >= STEPS_GROUPS)
			return refuse(t);
		if (named)
			name_of(t, number);
		t->p->groups = number > t->p->groups ? number : t->p->groups;
		add_step(t, STEP_OPEN)->group = (uint8_t)number;
		least = alternatives(t, false);
		add_step(t, STEP_CLOSE)->group = (uint8_t)number;
	} else if (take(t, '|')) {
		least = alternatives(t, true);
	} else {
		if (take(t, '>'))
			fence = STEP_ATOMIC;
		else if (take(t, '='))
			fence = STEP_AHEAD;
		else if (take(t, '!'))
			fence = STEP_NOT_AHEAD;
		else if (!flags_of(t))
			return refuse(t);
		least = alternatives(t, false);
	}
	if (fence != STEP_MATCH)
		add_fence(t, start, fence, fence + 1);
	looks = fence == STEP_AHEAD || fence == STEP_NOT_AHEAD;
	t->any_case = any_case;
	t->dot_all = dot_all;
	t->places = NO_PLACES;
	t->depth--;
	if (!take(t, ')') || (looks && peek(t) >= 0 && strchr("*+?{", peek(t))))
		return refuse(t);
	return looks ? 0 : quantify(t, start, least, t->group != before);
}

static size_t escape(struct translator *t)
{
	struct byteset set = {{0}};
	int c = peek(t);
	if (c >= 0 && letter_set(c, &set)) {
		t->at++;
		return add_bytes(t, &set);
	}
	if (take(t, 'b')) {
		add_step(t, STEP_WORD_EDGE);
		return peek(t) >= 0 && strchr("*+?{", peek(t)) ? refuse(t) : 0;
	}
	c = escaped_byte(t);
	if (c < 0)
		return refuse(t);
	byteset_add(&set, (unsigned)c & 0xFF, (unsigned)c & 0xFF);
	if (t->any_case)
		fold_case(&set);
	return add_bytes(t, &set);
}

/* One literal, class, group or assertion with its quantifier. Returns the fewest bytes that it takes. */
static size_t item(struct translator *t)
{
	struct byteset set = {{0}};
	int c = peek(t);
	t->at++;
	switch (c) {
	case '(':
		return group(t);
	case '\\':
		return escape(t);
	case '[':
		class_set(t, &set);
		return t->refused ? 0 : add_bytes(t, &set);
	case '.':
		byteset_add(&set, 0, 255);
		if (!t->dot_all)
			set.bits[0] &= ~(UINT64_C(1) << '\n');
		return add_bytes(t, &set);
	case '^':
	case '$':
		add_step(t, c == '^' ? STEP_BEGIN : STEP_END);
		return peek(t) >= 0 && strchr("*+?{", peek(t)) ? refuse(t) : 0;
	case '*':
	case '+':
	case '?':
	case '{':
	case '\0':
		return refuse(t);
	default:
		byteset_add(&set, (unsigned)c, (unsigned)c);
		if (t->any_case)
			fold_case(&set);
		return add_bytes(t, &set);
	}
}

static size_t sequence(struct translator *t)
{
	size_t least = 0;
	for (skip_blanks(t); !t->refused && peek(t) >= 0 && peek(t) != '|' && peek(t) != ')'; skip_blanks(t))
		least += item(t);
	return least;
}

struct steps *translate(struct span source)
{
	struct translator t = {.source = source, .p = memory_new(1, sizeof *t.p), .places = NO_PLACES};
	alternatives(&t, false);
	add_step(&t, STEP_MATCH);
	if (!t.refused && t.at == source.len && steps_ready(t.p))
		return t.p;
	steps_free(t.p);
	return NULL;
}
