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
	return unit_done();
}
