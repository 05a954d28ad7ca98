#include "cause/topology.h"

#include "base/memory.h"

static void close_over(struct topology *t)
{
	memcpy(t->direct, t->calls, sizeof t->direct);
	for (size_t by = 0; by < TIER_COUNT; by++)
		for (size_t from = 0; from < TIER_COUNT; from++)
			for (size_t to = 0; to < TIER_COUNT; to++)
				t->calls[from][to] |= t->calls[from][by] && t->calls[by][to];
}

void topology_usual(struct topology *t)
{
	*t = (struct topology){.how = "usual"};
	t->calls[TIER_LB][TIER_WEB] = t->calls[TIER_WEB][TIER_APP] = t->calls[TIER_APP][TIER_POOL] = t->calls[TIER_POOL][TIER_DB] = true;
	close_over(t);
}

bool topology_read(struct topology *t, struct span words, struct diag *d)
{
	*t = (struct topology){.how = "stated"};
	for (bool more = true; more;) {
		more = span_find_byte(words, ',') >= 0;
		struct span chain = span_cut(&words, ',');
		enum tier caller = TIER_UNKNOWN, tier = TIER_UNKNOWN;
		size_t links = 0;
		for (bool on = true; on; links++, caller = tier) {
			on = span_find_byte(chain, '>') >= 0;
			struct span word = span_trim(span_cut(&chain, '>'));
			if (!tier_of(word, &tier) || tier == TIER_UNKNOWN || tier == TIER_CHANGE || tier == TIER_HUMAN) {
				diag_set(d, "\"%.*s\" is no tier of a topology", (int)(word.len < 40 ? word.len : 40), word.len ? word.at : "");
				diag_hint(d, "Tiers are lb, web, app, pool and db, as in \"lb > web > app > pool > db\".");
				return false;
			}
			if (links)
				t->calls[caller][tier] = true;
		}
		if (links < 2) {
			diag_set(d, "a topology needs two tiers or more, as in \"app > db\"");
			return false;
		}
	}
	close_over(t);
	for (size_t i = 0; i < TIER_COUNT; i++)
		if (t->calls[i][i]) {
			diag_set(d, "tier %s calls itself in this topology", tier_name((enum tier)i));
			return false;
		}
	return true;
}

/* ---- what addresses tell ---- */

/* What is known of the calls of a source, or of all that are instances of one thing. */
struct caller {
	bool named;      /* some address is that of a log, or of a tier without one */
	bool open;       /* some address could be anybody's */
	bool some[TIER_COUNT];   /* it calls one of this tier, and it is not known which */
	bool absent[TIER_COUNT]; /* or one whose log is not here */
};
struct inference {
	const struct fold *f;
	struct topology *t;
	struct caller *callers; /* n by source, n by the first source of instances of one thing */
	size_t *group;          /* by source: the first of its instances */
	uint64_t *linked;       /* as many rows: whom they call */
	bool *called;           /* by source: somebody is known to call it */
	bool used[TIER_COUNT];  /* tiers that have a node */
};

static void set_bit(uint64_t *row, size_t i)
{
	row[i / 64] |= UINT64_C(1) << i % 64;
}
static bool has_bit(const uint64_t *row, size_t i)
{
	return row[i / 64] >> i % 64 & 1;
}

/* "shop-api-1.log" and "shop-api-12.log": names that differ in digits only. */
static bool same_thing(const char *a, const char *b)
{
	for (;;) {
		while (is_digit(*a))
			a++;
		while (is_digit(*b))
			b++;
		if (*a != *b)
			return false;
		if (!*a++)
			return true;
		b++;
	}
}

static void group_sources(struct inference *x)
{
	for (size_t i = 0; i < x->t->n; i++) {
		x->group[i] = i;
		x->used[x->t->tier[i]] = true;
		for (size_t k = 0; k < i && x->t->tier[i] && x->group[i] == i; k++)
			if (x->t->tier[k] == x->t->tier[i] && x->group[k] == k && same_thing(x->f->sources[k].key, x->f->sources[i].key))
				x->group[i] = k;
	}
}

static void take_callee(struct inference *x, const struct callee *l, size_t caller)
{
	struct caller *c = &x->callers[caller];
	if (l->called >= 0) {
		set_bit(x->linked + caller * x->t->words, (size_t)l->called);
		/* Calls between applications do not tell where an application's data lies. */
		c->named |= x->f->sources[l->called].tier != x->f->sources[l->caller].tier;
	} else if (l->tier != TIER_UNKNOWN) {
		(l->absent ? c->absent : c->some)[l->tier] = c->named = true;
	} else {
		c->open |= !l->absent;
	}
}

static void take_links(struct inference *x)
{
	for (size_t i = 0; i < x->t->links.n; i++) {
		const struct callee *l = &x->t->links.items[i];
		take_callee(x, l, l->caller);
		take_callee(x, l, x->t->n + x->group[l->caller]);
		for (size_t k = 0; k < x->t->n; k++)
			x->called[k] |= l->called >= 0 ? k == (size_t)l->called : !l->absent && l->tier != TIER_UNKNOWN && x->t->tier[k] == l->tier;
	}
}

/* Who speaks for the source: itself, else those that are instances of the same thing. */
static size_t speaker(const struct inference *x, size_t source)
{
	const struct caller *c = &x->callers[source];
	return c->named || c->open ? source : x->t->n + x->group[source];
}

/* The next tier behind (or before) one that has a log; TIER_UNKNOWN. */
static enum tier next_used(const struct inference *x, enum tier tier, int step)
{
	for (int i = (int)tier + step; i >= TIER_LB && i <= TIER_DB; i += step)
		if (x->used[i])
			return (enum tier)i;
	return TIER_UNKNOWN;
}

static bool is_told(const struct inference *x, size_t source)
{
	const struct caller *c = &x->callers[speaker(x, source)];
	return c->named && !c->open;
}

/* Some source calls what is in this tier because nothing is known of its calls. */
static bool called_as_usual(const struct inference *x, enum tier tier)
{
	for (size_t i = 0; i < x->t->n; i++)
		if (x->t->tier[i] && !is_told(x, i) && next_used(x, (enum tier)x->t->tier[i], 1) == tier)
			return true;
	return false;
}

/* `by_address`: an address says so. `lonely`: by tier, nobody is known to call its sources, and nobody would as usual. */
static bool calls_directly(const struct inference *x, const bool *lonely, size_t from, size_t to, bool *by_address)
{
	enum tier caller = (enum tier)x->t->tier[from], called = (enum tier)x->t->tier[to];
	size_t by = speaker(x, from);
	*by_address = true;
	if (has_bit(x->linked + by * x->t->words, to) || (called > caller && x->callers[by].some[called]))
		return true;
	*by_address = false;
	if (called <= caller)
		return false;
	if (!is_told(x, from))
		return next_used(x, caller, 1) == called;
	return !x->called[to] && lonely[called] && next_used(x, called, -1) == caller;
}

/* Rows of the deepest tiers first; applications call each other, until nothing is added. */
static void close_sources(struct inference *x, const bool *lonely)
{
	struct topology *t = x->t;
	for (int tier = TIER_DB; tier >= TIER_LB; tier--)
		for (int added = 1, pass = 0; added && pass < TOPOLOGY_CHAIN; pass++) {
			added = 0;
			for (size_t i = 0; i < t->n; i++) {
				uint64_t *row = t->reach + i * t->words;
				for (size_t k = 0; t->tier[i] == (enum tier)tier && k < t->n; k++) {
					enum tier called = (enum tier)t->tier[k];
					bool by_address;
					if (!called || i == k || !calls_directly(x, lonely, i, k, &by_address))
						continue;
					/* What is as usual is so over the tiers that have no log, too. */
					t->calls[tier][called] |= called != (enum tier)tier && (by_address || is_told(x, i));
					t->by_address[tier][called] |= called != (enum tier)tier && by_address;
					if (!has_bit(row, k))
						set_bit(row, k);
					for (size_t w = 0; w < t->words; w++) {
						uint64_t more = t->reach[k * t->words + w] & ~row[w];
						row[w] |= more;
						added |= more && called == (enum tier)tier;
					}
				}
			}
		}
}

/* Tiers without a log call, and are called, as usual; and so is what is not known. */
static void fill_tiers(struct inference *x)
{
	struct topology *t = x->t;
	for (int tier = TIER_LB; tier < TIER_DB; tier++) {
		bool told = x->used[tier];
		for (size_t i = 0; i < t->n; i++)
			if (t->tier[i] == (enum tier)tier)
				told &= is_told(x, i);
		if (!told)
			t->calls[tier][tier + 1] = true;
	}
	for (size_t i = 0; i < t->n; i++)
		for (int tier = TIER_LB; tier <= TIER_DB; tier++)
			if (tier > (int)t->tier[i] && (x->callers[i].some[tier] || x->callers[i].absent[tier]))
				t->calls[t->tier[i]][tier] = t->by_address[t->tier[i]][tier] = t->tier[i] != TIER_UNKNOWN;
}

static bool anything_told(const struct inference *x)
{
	for (size_t i = 0; i < x->t->n; i++)
		if (x->callers[i].named)
			return true;
	return false;
}

static void infer(struct topology *t, const struct fold *f)
{
	t->n = f->n;
	t->words = f->n / 64 + 1;
	t->tier = memory_new(t->n, sizeof *t->tier);
	struct inference x = {.f = f, .t = t, .callers = memory_new(2 * t->n, sizeof *x.callers), .group = memory_new(t->n, sizeof *x.group),
			      .linked = memory_new(2 * t->n * t->words, sizeof *x.linked), .called = memory_new(t->n, sizeof *x.called)};
	for (size_t i = 0; i < t->n; i++)
		t->tier[i] = callee_is_node(&f->sources[i]) ? (unsigned char)f->sources[i].tier : 0;
	group_sources(&x);
	take_links(&x);
	if (anything_told(&x)) {
		bool lonely[TIER_COUNT] = {false};
		for (int tier = TIER_LB; tier <= TIER_DB; tier++)
			lonely[tier] = !called_as_usual(&x, (enum tier)tier);
		t->how = "addresses";
		memset(t->calls, 0, sizeof t->calls);
		t->reach = memory_new(t->n * t->words, sizeof *t->reach);
		close_sources(&x, lonely);
		fill_tiers(&x);
		close_over(t);
	}
	memory_free(x.callers);
	memory_free(x.group);
	memory_free(x.linked);
	memory_free(x.called);
}

void topology_init(struct topology *t, const struct fold *f, const char *stated)
{
	struct diag unused = {0};
	if (!stated || !topology_read(t, span_of(stated), &unused))
		topology_usual(t);
	callee_find(f, &t->links);
	if (!stated && f->n <= TOPOLOGY_SOURCES)
		infer(t, f);
}

void topology_release(struct topology *t)
{
	callee_release(&t->links);
	memory_free(t->reach);
	memory_free(t->tier);
	*t = (struct topology){0};
}

/* ---- questions ---- */

bool topology_has(const struct topology *t, enum tier tier)
{
	for (size_t i = 0; i < TIER_COUNT; i++)
		if (t->calls[tier][i] || t->calls[i][tier])
			return true;
	return false;
}

/* How many of the tiers between `top` and `bottom` call this one. */
static size_t callers_between(const struct topology *t, enum tier top, enum tier bottom, size_t tier)
{
	size_t n = 0;
	for (size_t i = 0; i < TIER_COUNT; i++)
		n += t->calls[top][i] && t->calls[i][bottom] && t->calls[i][tier];
	return n;
}

bool topology_path(const struct topology *t, enum tier from, enum tier to, struct text *path)
{
	bool down = from == to || t->calls[from][to];
	enum tier top = down ? from : to, bottom = down ? to : from;
	if (!down && !t->calls[to][from])
		return false;
	text_append_string(path, tier_name(top));
	for (size_t callers = 0; callers < TIER_COUNT; callers++)
		for (size_t i = 0; i < TIER_COUNT; i++)
			if (t->calls[top][i] && t->calls[i][bottom] && callers_between(t, top, bottom, i) == callers)
				text_format(path, " > %s", tier_name((enum tier)i));
	if (top != bottom)
		text_format(path, " > %s", tier_name(bottom));
	return true;
}

static bool is_node(const struct topology *t, struct topology_end e)
{
	return t->reach && e.source < t->n && e.tier != TIER_UNKNOWN && t->tier[e.source] == e.tier;
}

bool topology_calls(const struct topology *t, struct topology_end caller, struct topology_end called)
{
	if (is_node(t, caller) && is_node(t, called))
		return has_bit(t->reach + caller.source * t->words, called.source);
	return t->calls[caller.tier][called.tier];
}

/* Some log of the tier lies between the two; of a tier without logs the usual answer holds. */
static bool lies_between(const struct topology *t, struct topology_end top, struct topology_end bottom, enum tier tier)
{
	bool any = false;
	for (size_t i = 0; i < t->n; i++) {
		struct topology_end it = {tier, i};
		if (t->tier[i] != tier)
			continue;
		any = true;
		if (topology_calls(t, top, it) && topology_calls(t, it, bottom))
			return true;
	}
	return !any && t->calls[top.tier][tier] && t->calls[tier][bottom.tier];
}

bool topology_route(const struct topology *t, struct topology_end from, struct topology_end to, struct text *path)
{
	if (!is_node(t, from) || !is_node(t, to))
		return topology_path(t, from.tier, to.tier, path);
	bool down = from.source == to.source || topology_calls(t, from, to);
	struct topology_end top = down ? from : to, bottom = down ? to : from;
	if (!down && !topology_calls(t, to, from))
		return false;
	text_append_string(path, tier_name(top.tier));
	for (int tier = (int)top.tier + 1; tier < (int)bottom.tier; tier++)
		if (lies_between(t, top, bottom, (enum tier)tier))
			text_format(path, " > %s", tier_name((enum tier)tier));
	if (top.source != bottom.source)
		text_format(path, " > %s", tier_name(bottom.tier));
	return true;
}
