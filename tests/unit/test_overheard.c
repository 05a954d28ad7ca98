#include "fold/overheard.h"

#include "fold/coverage.h"
#include "made.h"

/* A database that is silent from second 200 on, and application logs that were refused meanwhile; half of the expectations are the rule's
 * edges, counted by hand. */
struct world {
	const char *fact;
	int64_t silent_s;             /* so long */
	int64_t refused_s, refused_n; /* the application's refusals, one a second from there */
	int64_t uncertainty_us;       /* of the application's clock */
	int64_t behind_s;             /* so long behind the silence the database tells of refusals; -1: never */
	int64_t before_s;             /* so long before the silence it told of one, too; 0: no */
	enum tier other;              /* a second log that tells of such refusals is of this tier; TIER_UNKNOWN: there is none */
	bool twin;                    /* and is the first one's twin */
	bool gap;
};

static const struct world worlds[] = {
	{"three refusals that only the application tells of: the database's log has a gap", 90, 280, 3, 0, 0, 0, 0, false, true},
	{"two may be anything", 90, 280, 2, 0, 0, 0, 0, false, false},
	{"a minute is the least", 60, 240, 5, 0, 0, 0, 0, false, true},
	{"59 s are not", 59, 240, 5, 0, 0, 0, 0, false, false},
	{"half a minute into the silence they may be late echoes", 90, 201, 25, 0, 0, 0, 0, false, false},
	{"clocks: they lie 10 s from the end, and may be 6 s off", 90, 277, 4, 6000000, 0, 0, 0, false, true},
	{"or 11", 90, 277, 4, 11000000, 0, 0, 0, false, false},
	{"a database that tells of none behind it never does", 90, 280, 5, 0, -1, 0, 0, false, false},
	{"nor does one that begins a minute later", 90, 280, 5, 0, 60, 0, 0, false, false},
	{"half a minute is soon", 90, 280, 5, 0, 30, 0, 0, false, true},
	{"it told of some a minute before: they may be of these", 90, 280, 5, 0, 0, 60, 0, false, false},
	{"three minutes before they are another matter", 90, 280, 5, 0, 0, 180, 0, false, true},
	{"two databases refuse: nobody knows whose these were", 90, 280, 5, 0, 0, 0, TIER_DB, false, false},
	{"a second log of the same database is no other one", 90, 280, 5, 0, 0, 0, TIER_DB, true, true},
	{"a pooler that passes them on is no database", 90, 280, 5, 0, 0, 0, TIER_POOL, false, true},
};

static struct fold_bin second(int64_t at_s)
{
	return (struct fold_bin){.bin = {.start_s = (uint32_t)(MADE_T0 + at_s), .n = 1}};
}

static struct fold_series refusals(struct fold_bin *bins, size_t n)
{
	return (struct fold_series){"db.connections.exhausted", "db.max_connections", "", FACET_NONE, 1, bins, n, n};
}

int main(void)
{
	for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
		const struct world *w = &worlds[i];
		const int64_t end_s = 200 + w->silent_s;
		struct fold_bin said[2], theirs[32], records[] = {second(0), second(100), second(200), second(end_s), second(end_s + 50)};
		size_t said_n = 0, theirs_n = 0;
		if (w->before_s)
			said[said_n++] = second(200 - w->before_s);
		if (w->behind_s >= 0)
			said[said_n++] = second(end_s + w->behind_s);
		for (int64_t k = 0; k < w->refused_n; k++)
			theirs[theirs_n++] = second(w->refused_s + k);
		struct fold_series db[] = {refusals(said, said_n), {"records", "", "", FACET_NONE, 10, records, 5, 5}};
		struct fold_series app = refusals(theirs, theirs_n), more = refusals(said, said_n);
		struct fold_source sources[] = {
			{.tier = TIER_DB, .series = db, .series_n = 2, .twin_of = -1},
			{.tier = TIER_APP, .series = &app, .series_n = 1, .twin_of = -1, .uncertainty_us = w->uncertainty_us},
			{.tier = w->other, .series = &more, .series_n = 1, .twin_of = w->twin ? 0 : -1},
		};
		overheard_find(sources, w->other ? 3 : 2);
		const struct fold_gap *g = sources[0].gaps;
		bool right = w->gap ? sources[0].gaps_n == 1 && g->start_us == made_us(200, 0) && g->end_us == made_us(end_s, 0)
				    : !sources[0].gaps_n;
		if (!FACT(right && !sources[1].gaps_n && !sources[2].gaps_n, w->fact))
			printf("%zu gaps\n", sources[0].gaps_n);
		overheard_find(sources, w->other ? 3 : 2);
		FACT(sources[0].gaps_n == w->gap, "a gap that is known is not told again");
		memory_free(sources[0].gaps);
	}
	return unit_done();
}
