#include "fold/echo.h"

#include "made.h"
#include "random.h"

/* A database that refuses in bursts, and an application that says so by its own clock, some milliseconds later. */
struct burst_of {
	int64_t from_s, to_s;
	uint32_t a_second;
	unsigned own_percent; /* of its refusals are of this application; the others are logged nowhere */
};
struct world {
	const char *fact;
	int64_t offset_us;
	struct burst_of bursts[2];
	unsigned quotes;  /* pool timeouts: so many a second, of which each quotes a refusal */
	unsigned more;    /* lines of it that repeat another database's refusals, in each second of the bursts */
	bool repeated;
	int64_t width_us; /* of the bound, at most */
};

static const char refused[] = "db.connections.exhausted";

static const struct world worlds[] = {
	{"two refusals a second, all its own", 2300000, {{100, 160, 2, 100}}, 0, 0, true, 160000},
	{"of three a half", -1700000, {{100, 160, 3, 50}}, 0, 0, true, 160000},
	{"a hundred a second: none before the first", 2300000, {{100, 160, 100, 50}}, 0, 0, true, SECOND_US},
	{"and with clocks that agree", 0, {{100, 160, 100, 100}}, 0, 0, true, SECOND_US},
	{"of two bursts that are alike others had one", 0, {{100, 160, 100, 0}, {400, 460, 100, 100}}, 0, 0, false, 0},
	{"both of two bursts are its own", 300000, {{100, 160, 100, 50}, {400, 440, 100, 50}}, 0, 0, true, SECOND_US},
	{"pool timeouts that quote a refusal come late", 0, {{100, 160, 10, 100}}, 10, 0, false, 0},
	{"more than were refused", 0, {{100, 160, 10, 100}}, 0, 2, false, 0},
};

/* What is known of the events of one second: how many, the first and the last. */
struct second {
	uint32_t n, first_us, last_us;
};
enum { SECONDS = 700 };

static void add(struct second *seconds, int64_t us)
{
	struct second *s = &seconds[us / SECOND_US];
	uint32_t at_us = (uint32_t)(us % SECOND_US / 1000 * 1000);
	s->first_us = !s->n || at_us < s->first_us ? at_us : s->first_us;
	s->last_us = !s->n || at_us > s->last_us ? at_us : s->last_us;
	s->n++;
}

static void log_seconds(struct part *p, const char *signal, const struct second *seconds)
{
	for (int64_t s = 0; s < SECONDS; s++)
		if (seconds[s].n)
			made_second(p, signal, "", FACET_NONE, "", s, seconds[s].n, seconds[s].first_us, seconds[s].last_us);
}

int main(void)
{
	for (size_t w = 0; w < sizeof worlds / sizeof *worlds; w++) {
		const struct world *t = &worlds[w];
		struct second of_db[SECONDS] = {{0}}, of_app[SECONDS] = {{0}}, of_pool[SECONDS] = {{0}};
		for (size_t b = 0; b < 2; b++)
			for (int64_t s = t->bursts[b].from_s; s < t->bursts[b].to_s; s++) {
				for (uint32_t i = 0; i < t->bursts[b].a_second; i++) {
					int64_t us = s * SECOND_US + (int64_t)(random_next() % SECOND_US);
					add(of_db, us);
					if (random_next() % 100 < t->bursts[b].own_percent)
						add(of_app, us + t->offset_us + 500 + (int64_t)(random_next() % 8000));
				}
				for (unsigned i = 0; i < t->more; i++)
					add(of_app, s * SECOND_US + t->offset_us + (int64_t)(random_next() % SECOND_US));
				for (unsigned i = 0; i < t->quotes; i++)
					add(of_pool, s * SECOND_US + t->offset_us + (int64_t)(random_next() % SECOND_US));
			}
		struct made m;
		made_init(&m);
		struct part *db = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, SECONDS),
			    *app = made_log(&m, "app.log", TIER_APP, "app_json", 1000, 0, SECONDS);
		log_seconds(db, refused, of_db);
		log_seconds(app, refused, of_app);
		log_seconds(app, "app.pool.exhausted", of_pool);
		made_fold(&m);
		const struct fold_source *sources = m.fold->sources;
		size_t at_db = strcmp(sources[0].key, "pg.log") ? 1 : 0;
		struct echo e;
		bool found = echo_find(&sources[at_db], &sources[1 - at_db], 900, &e);
		FACT((found && e.repeated) == t->repeated, t->fact);
		size_t outside = 0, wide = 0;
		for (size_t i = 0; i < e.samples_n && e.repeated; i++) {
			outside += e.samples[i].low_us > t->offset_us || e.samples[i].high_us < t->offset_us;
			wide += e.samples[i].high_us - e.samples[i].low_us > t->width_us;
		}
		FACT(!t->repeated || (e.samples_n >= ECHO_EVENTS && outside * 20 <= e.samples_n && !wide), t->fact);
		echo_release(&e);
		/* Either way round it is the same. */
		found = echo_find(&sources[1 - at_db], &sources[at_db], 900, &e);
		outside = 0;
		for (size_t i = 0; i < e.samples_n && e.repeated; i++)
			outside += e.samples[i].low_us > -t->offset_us || e.samples[i].high_us < -t->offset_us;
		FACT((found && e.repeated) == t->repeated && outside * 20 <= e.samples_n, t->fact);
		echo_release(&e);
		made_release(&m);
	}
	return unit_done();
}
