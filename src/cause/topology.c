#include "cause/topology.h"

#include <stddef.h>

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
