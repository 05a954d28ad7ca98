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

static const struct {
	enum tier tier;
	const char *name;
} chain[] = {{TIER_LB, "lb"}, {TIER_WEB, "web"}, {TIER_APP, "app"}, {TIER_POOL, "pool"}, {TIER_DB, "db"}};
enum { CHAIN = sizeof chain / sizeof *chain };

static size_t place_of(enum tier tier)
{
	size_t at = 0;
	while (at < CHAIN && chain[at].tier != tier)
		at++;
	return at;
}

bool topology_path(enum tier from, enum tier to, struct text *path)
{
	size_t a = place_of(from), b = place_of(to);
	if (a == CHAIN || b == CHAIN)
		return false;
	for (size_t i = a < b ? a : b; i <= (a < b ? b : a); i++)
		text_format(path, "%s%s", i > (a < b ? a : b) ? " > " : "", chain[i].name);
	return true;
}
