#include "cause/topology.h"

#include "unit.h"

static const struct {
	const char *words;
	bool valid;
	enum tier caller, called;
	bool calls;
} stated[] = {
	{"lb > web > app > pool > db", true, TIER_LB, TIER_DB, true},
	{"lb > web > app > pool > db", true, TIER_DB, TIER_APP, false},
	{"web>app", true, TIER_WEB, TIER_APP, true},
	{"web > app > db", true, TIER_APP, TIER_POOL, false},
	{"web > app > db, app > pool > db", true, TIER_WEB, TIER_POOL, true},
	{"web > lb > app", true, TIER_WEB, TIER_LB, true},
	{"", false, TIER_LB, TIER_LB, false},
	{"db", false, TIER_LB, TIER_LB, false},
	{"app > ", false, TIER_LB, TIER_LB, false},
	{"app > database", false, TIER_LB, TIER_LB, false},
	{"app > db, db > app", false, TIER_LB, TIER_LB, false},
	{"app > app", false, TIER_LB, TIER_LB, false},
	{"human > db", false, TIER_LB, TIER_LB, false},
	{"app > db,", false, TIER_LB, TIER_LB, false},
};

int main(void)
{
	struct topology t;
	topology_usual(&t);
	FACT(t.calls[TIER_LB][TIER_DB] && t.calls[TIER_APP][TIER_POOL] && !t.calls[TIER_POOL][TIER_APP] && !t.calls[TIER_DB][TIER_DB],
	     "usually each tier calls those behind it");
	FACT(!t.calls[TIER_UNKNOWN][TIER_DB] && !t.calls[TIER_LB][TIER_UNKNOWN], "nobody knows whom an unknown tier calls");
	for (size_t i = 0; i < sizeof stated / sizeof *stated; i++) {
		struct diag d = {0};
		bool valid = topology_read(&t, span_of(stated[i].words), &d);
		FACT(valid == stated[i].valid, stated[i].words);
		FACT(!valid || t.calls[stated[i].caller][stated[i].called] == stated[i].calls, stated[i].words);
		FACT(valid || d.what[0], "what is wrong is said");
	}
	static const struct {
		const char *words;
		enum tier from, to;
		const char *path; /* NULL: none */
	} paths[] = {
		{NULL, TIER_APP, TIER_DB, "app > pool > db"},
		{NULL, TIER_DB, TIER_WEB, "web > app > pool > db"},
		{NULL, TIER_DB, TIER_DB, "db"},
		{"web > lb > app > db", TIER_WEB, TIER_DB, "web > lb > app > db"},
		{"web > app, pool > db", TIER_APP, TIER_DB, NULL},
	};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct text path = {0};
		struct diag d = {0};
		topology_usual(&t);
		FACT(!paths[i].words || topology_read(&t, span_of(paths[i].words), &d), "the words are read");
		bool is = topology_path(&t, paths[i].from, paths[i].to, &path);
		FACT(is == !!paths[i].path && (!is || !strcmp(path.at, paths[i].path)), paths[i].path ? paths[i].path : "no path");
		text_release(&path);
	}
	FACT(topology_has(&t, TIER_POOL) && !topology_has(&t, TIER_LB), "a topology has the tiers that it names");
	return unit_done();
}
