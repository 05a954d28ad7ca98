#include "cause/topology.h"

static void close_over(struct topology *t)
{
	for (size_t by = 0; by < TIER_COUNT; by++)
		for (size_t from = 0; from < TIER_COUNT; from++)
			for (size_t to = 0; to < TIER_COUNT; to++)
				t->calls[from][to] |= t->calls[from][by] && t->calls[by][to];
}

void topology_usual(struct topology *t)
{
	*t = (struct topology){0};
	t->calls[TIER_LB][TIER_WEB] = t->calls[TIER_WEB][TIER_APP] = t->calls[TIER_APP][TIER_POOL] = t->calls[TIER_POOL][TIER_DB] = true;
	close_over(t);
}

bool topology_read(struct topology *t, struct span words, struct diag *d)
{
	*t = (struct topology){0};
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

void topology_of(struct topology *t, const char *stated)
{
	struct diag unused = {0};
	if (!stated || !topology_read(t, span_of(stated), &unused))
		topology_usual(t);
}

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
