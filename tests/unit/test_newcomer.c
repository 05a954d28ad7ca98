/* newcomer: instances that joined others and were refused at once. The incident lasts from 1000 to 1060 seconds. */
#include "cause/newcomer.h"

#include "stage.h"

/* An instance: its log's first second, a start in it (0: none), records a second before and behind that start, its first refusal. */
struct instance {
	const char *key;
	int64_t first_s, start_s;
	uint32_t before, behind;
	int64_t refused_s;
	bool tied; /* its clock was compared with the database's */
};

static const struct {
	const char *fact;
	struct instance instances[3];
	size_t n;
	bool only_they, apart;
} cases[] = {
	{"two that had been there, and a third whose log begins ten seconds before it is refused",
	 {{"a", 0, 0, 0, 0, 0, true}, {"b", 0, 0, 0, 0, 0, true}, {"c", 995, 0, 0, 0, 1005, true}},
	 1,
	 true,
	 false},
	{"others are refused as well", {{"a", 0, 0, 0, 0, 1010, true}, {"c", 995, 0, 0, 0, 1005, true}}, 1, false, false},
	{"refused a minute behind its start it is none", {{"a", 0, 0, 0, 0, 0, true}, {"c", 960, 0, 0, 0, 1020, true}}, 0, false, false},
	{"where all begin together none is new", {{"a", 990, 0, 0, 0, 1005, true}, {"c", 995, 0, 0, 0, 1005, true}}, 0, false, false},
	{"one that is started again had much to say before", {{"a", 0, 0, 0, 0, 0, true}, {"c", 0, 995, 4, 4, 1005, true}}, 0, false, false},
	{"one that had next to nothing to say before its start is new", {{"a", 0, 0, 0, 0, 0, true}, {"c", 0, 995, 0, 4, 1005, true}}, 1, true, false},
	{"by a tied clock ten minutes away it is of another time", {{"a", 0, 0, 0, 0, 0, true}, {"c", 1650, 0, 0, 0, 1660, true}}, 0, false, false},
	{"by a clock that nothing ties it may be of this one", {{"a", 0, 0, 0, 0, 0, true}, {"c", 1650, 0, 0, 0, 1660, false}}, 1, true, true},
};

int main(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct stage x = {0};
		made_init(&x.m);
		made_log(&x.m, "pg.log", TIER_DB, "postgresql", 1000, 0, 3000);
		for (size_t k = 0; k < 3 && cases[i].instances[k].key; k++) {
			const struct instance *in = &cases[i].instances[k];
			struct part *p = made_log(&x.m, in->key, TIER_APP, "app_json", 1000, in->first_s, 3000);
			for (int64_t s = in->first_s; s < 3000; s += 10) {
				uint32_t n = in->start_s && s < in->start_s ? in->before : in->behind;
				if (in->start_s && n)
					made_second(p, "records", "", FACET_NONE, "", s / 10 * 10, n * 10, 0, 9000000);
			}
			if (in->start_s) {
				p->series[0].width_s = 10;
				made_event(p, "process.start", "process.start", in->start_s * SECOND_US, "shop", "");
			}
			if (in->refused_s)
				made_run(p, "db.connections.exhausted", "db.max_connections", in->refused_s, in->refused_s + 20, 2, 0, 500000);
		}
		stage_set(&x, 1000, 1060);
		for (size_t k = 0; k < 3 && cases[i].instances[k].key; k++) {
			const struct instance *in = &cases[i].instances[k];
			if (in->refused_s && in->refused_s < 1060)
				stage_refusal(&x, in->key, "db.max_connections", in->refused_s, in->refused_s + 19, 40, true);
			if (in->tied) {
				struct clock_estimate *c = &x.m.fold->sources[stage_source(&x, in->key)].clock;
				c->method = "request ids";
				c->root = (ptrdiff_t)x.s.database;
			}
		}
		struct newcomers new = newcomers_find(&x.s);
		FACT(new.n == cases[i].n, cases[i].fact);
		FACT(!new.n || (new.only_they == cases[i].only_they && new.apart == cases[i].apart), "who else was refused, and by what clock");
		FACT(!new.n || new.first == stage_source(&x, "c"), "it is that one");
		stage_release(&x);
	}
	return unit_done();
}
