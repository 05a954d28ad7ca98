#include "incident/incident.h"

#include "fold/moment.h"
#include "made.h"
#include "random.h"

/* Bursts by hand: a fold of one source per tier, no series; the linking looks at nothing else. */
enum { SOURCES = TIER_COUNT + 1, UNZONED = TIER_COUNT };
static struct fold_source sources[SOURCES];
static struct fold fold;
static struct signal_set *signals;
static char keys[SOURCES][16];

static void world(unsigned present)
{
	fold = (struct fold){.signals = signals, .sources = sources};
	for (size_t i = 0; i < TIER_COUNT; i++) {
		if (!(present >> i & 1))
			continue;
		snprintf(keys[fold.n], sizeof keys[0], "%s.log", tier_name((enum tier)i));
		sources[fold.n] = (struct fold_source){.key = keys[fold.n], .tier = (enum tier)i, .zone_printed = true,
						       .resolution_us = 1000, .twin_of = -1, .first_us = made_us(0, 0),
						       .last_us = made_us(100000, 0)};
		fold.n++;
	}
}

static size_t source_of(enum tier tier)
{
	for (size_t i = 0; i < fold.n; i++)
		if (sources[i].tier == tier)
			return i;
	return SIZE_MAX;
}

static void burst(struct draft *d, size_t source, const char *signal, int64_t from_s, int64_t to_s, uint64_t count)
{
	size_t cap = d->bursts_n;
	d->bursts = memory_grow(d->bursts, &cap, d->bursts_n + 1, sizeof *d->bursts);
	struct burst *b = &d->bursts[d->bursts_n++];
	const struct fold_source *s = &sources[source];
	char id[32];
	snprintf(id, sizeof id, "%012zu", d->bursts_n);
	*b = (struct burst){.id = made_string(id), .signal = made_string(signal), .class = made_string(""), .tier = s->tier,
			    .source = made_string("s"), .source_index = source, .count = count, .width_s = 1,
			    .uncertainty_us = s->uncertainty_us, .first_us = made_us(from_s, 0), .last_us = made_us(to_s, 0)};
	b->onset = moment_of(s, b->first_us);
	b->end = moment_of(s, b->last_us);
	b->peak_at_us = b->first_us;
}

static int burst_order(const void *a, const void *b)
{
	const struct burst *x = a, *y = b;
	return x->onset.at_us < y->onset.at_us ? -1 : x->onset.at_us > y->onset.at_us ? 1 : strcmp(x->id, y->id);
}

static struct draft *find(struct draft *d)
{
	struct front front = {0};
	d->numbers.link_us = 120 * SECOND_US;
	if (d->bursts_n)
		qsort(d->bursts, d->bursts_n, sizeof *d->bursts, burst_order);
	incident_find(&fold, &front, d);
	return d;
}

static struct draft *empty(void)
{
	return memory_new(1, sizeof(struct draft));
}

#define REFUSED "db.connections.exhausted"
#define ALL_FIVE (1u << TIER_LB | 1u << TIER_WEB | 1u << TIER_APP | 1u << TIER_POOL | 1u << TIER_DB)

static size_t two(enum tier a, enum tier b, int64_t apart_s)
{
	struct draft *d = empty();
	burst(d, source_of(a), REFUSED, 1000, 1010, 100);
	burst(d, source_of(b), REFUSED, 1010 + apart_s, 1020 + apart_s, 100);
	size_t n = find(d)->incidents_n;
	draft_free(d);
	return n;
}

static void links(void)
{
	world(ALL_FIVE);
	FACT(two(TIER_DB, TIER_DB, 239) == 1, "bursts 239 s apart touch when each is widened by 120 s");
	FACT(two(TIER_DB, TIER_DB, 241) == 2, "bursts 241 s apart do not");
	FACT(two(TIER_POOL, TIER_DB, 10) == 1, "neighbouring tiers are linked");
	FACT(two(TIER_APP, TIER_DB, 10) == 1, "a tier without a burst is no barrier");
	world(ALL_FIVE | 1u << TIER_UNKNOWN);
	FACT(two(TIER_UNKNOWN, TIER_DB, 10) == 1 && two(TIER_UNKNOWN, TIER_LB, 10) == 1, "an unknown tier is everybody's neighbour");
	world(ALL_FIVE);
	struct draft *d = empty();
	burst(d, source_of(TIER_APP), REFUSED, 1000, 1010, 100);
	burst(d, source_of(TIER_DB), REFUSED, 1000, 1010, 100);
	burst(d, source_of(TIER_POOL), REFUSED, 5000, 5010, 100);
	FACT(find(d)->incidents_n == 2, "a tier between them that fell at another time does not part what fell together");
	draft_free(d);
	d = empty();
	burst(d, source_of(TIER_APP), REFUSED, 1000, 1010, 100);
	burst(d, source_of(TIER_DB), REFUSED, 1000, 1010, 100);
	burst(d, source_of(TIER_POOL), REFUSED, 1200, 1210, 100);
	FACT(find(d)->incidents_n == 1 && d->incidents[0].bursts_n == 3, "links are transitive");
	draft_free(d);
	d = empty();
	burst(d, source_of(TIER_DB), REFUSED, 1000, 5000, 100);
	for (int64_t at_s = 1000; at_s < 5000; at_s += 3900) {
		burst(d, source_of(TIER_APP), REFUSED, at_s, at_s + 100, 100);
		burst(d, source_of(TIER_WEB), "http.server_error", at_s, at_s + 100, 100);
	}
	burst(d, source_of(TIER_WEB), "http.server_error", 3000, 3060, 100);
	burst(d, source_of(TIER_WEB), "http.server_error", 6000, 6060, 100);
	FACT(find(d)->incidents_n == 2 && d->incidents[0].bursts_n == 6, "what a log says before, between and behind is one, although the tier between was quiet; later it is another");
	draft_free(d);
}

/* Refusals from 1,000 to 1,060 s, then something else from_s to to_s while a restart goes on from 1,400 to 1,410 s. How many incidents. */
static size_t beside_restart(const char *signal, int64_t from_s, int64_t to_s)
{
	const struct incident_tail restart = {made_us(1400, 0), made_us(1410, 0)};
	struct front front = {0};
	struct draft *d = empty();
	d->numbers.link_us = 120 * SECOND_US;
	burst(d, source_of(TIER_DB), REFUSED, 1000, 1060, 100);
	burst(d, source_of(TIER_WEB), signal, from_s, to_s, 100);
	incident_find_all(&fold, &front, &restart, 1, d);
	size_t n = d->incidents_n;
	if (n == 1)
		FACT(d->incidents[0].bursts_n == 2 && d->incidents[0].end.at_us == made_us(to_s, 0), "the tail ends it");
	draft_free(d);
	return n;
}

static void tails(void)
{
	world(ALL_FIVE);
	FACT(beside_restart("http.server_error", 1399, 1450) == 1, "what fails within a restart five minutes later is the incident's tail");
	FACT(beside_restart("http.server_error", 1400, 1471) == 2, "what goes on for longer than a minute after it is not");
	FACT(beside_restart("http.server_error", 1394, 1450) == 2, "nor what begins well before it");
	FACT(beside_restart(REFUSED, 1401, 1450) == 2, "refusals are an incident of their own");
}

static bool touch(const struct draft *d, const struct burst *a, const struct burst *b)
{
	return a->onset.lower_us - d->numbers.link_us <= b->end.upper_us + d->numbers.link_us &&
	       b->onset.lower_us - d->numbers.link_us <= a->end.upper_us + d->numbers.link_us;
}

/* How many tiers between those of a and b have a burst in the stretch of a. */
static int tiers_between(const struct draft *d, const size_t *stretch, size_t a, size_t b)
{
	int low = (int)d->bursts[a].tier, high = (int)d->bursts[b].tier, n = 0;
	if (low > high) {
		int swap = low;
		low = high;
		high = swap;
	}
	for (int t = low + 1; t < high; t++) {
		bool present = false;
		for (size_t i = 0; i < d->bursts_n; i++)
			present |= stretch[i] == stretch[a] && d->bursts[i].tier == (enum tier)t;
		n += present;
	}
	return n;
}

/* Groups by looking at every pair: of what touches, whatever its tier (no stretch given), or of neighbouring tiers in a stretch. */
static size_t group_pairs(const struct draft *d, const size_t *stretch, size_t *group)
{
	size_t n = 0;
	for (size_t i = 0; i < d->bursts_n; i++)
		group[i] = i;
	for (bool changed = true; changed;) {
		changed = false;
		for (size_t i = 0; i < d->bursts_n; i++)
			for (size_t k = 0; k < d->bursts_n; k++) {
				if (group[i] == group[k] || !touch(d, &d->bursts[i], &d->bursts[k]) ||
				    (stretch && tiers_between(d, stretch, i, k)))
					continue;
				group[i] = group[k] = group[i] < group[k] ? group[i] : group[k];
				changed = true;
			}
	}
	for (size_t i = 0; i < d->bursts_n; i++)
		n += group[i] == i;
	return n;
}

/* The same question answered by looking at every pair. */
static size_t groups_naively(const struct draft *d)
{
	size_t *stretch = memory_new(d->bursts_n, sizeof *stretch), *group = memory_new(d->bursts_n, sizeof *group);
	group_pairs(d, NULL, stretch);
	size_t n = group_pairs(d, stretch, group);
	memory_free(stretch);
	memory_free(group);
	return n;
}

static void links_at_random(void)
{
	static const enum tier tiers[] = {TIER_LB, TIER_WEB, TIER_APP, TIER_POOL, TIER_DB};
	size_t wrong = 0;
	world(ALL_FIVE);
	for (int round = 0; round < 200; round++) {
		struct draft *d = empty();
		for (int i = 0; i < 25; i++) {
			uint64_t state = random_next();
			int64_t from = (int64_t)(state % 12000), length = (int64_t)(state >> 20) % 300;
			burst(d, source_of(tiers[(state >> 40) % 5]), REFUSED, from, from + length, 100);
		}
		wrong += find(d)->incidents_n != groups_naively(d);
		draft_free(d);
	}
	FACT(!wrong, "200 random sets of bursts fall into the same groups as by looking at every pair");
}

static void unzoned(void)
{
	world(ALL_FIVE);
	size_t blind = fold.n++;
	sources[blind] = sources[source_of(TIER_WEB)];
	sources[blind].key = "error.log";
	sources[blind].zone_printed = false;
	sources[blind].uncertainty_us = 900 * SECOND_US;
	struct draft *d = empty();
	burst(d, source_of(TIER_APP), REFUSED, 1000, 1060, 100);
	burst(d, source_of(TIER_APP), REFUSED, 2000, 2060, 100);
	burst(d, blind, "http.server_error", 1900, 2100, 100);
	FACT(find(d)->incidents_n == 2, "a clock without a zone never joins two groups, although it may reach both");
	FACT(d->incidents_n == 2 && d->incidents[1].bursts_n == 2, "it joins the one that is nearest when taken at its word");
	FACT(d->incidents_n == 2 && d->incidents[1].onset.at_us == made_us(2000, 0) &&
		     d->incidents[1].onset.lower_us == made_us(2000, 0),
	     "and does not move its onset");
	FACT(d->incidents_n == 2 && d->incidents[1].onset.reason && strstr(d->incidents[1].onset.reason, "no zone"),
	     "and the draft says that it did not count");
	FACT(d->incidents_n == 2 && d->incidents[1].end.at_us == made_us(2060, 0), "nor its end");
	FACT(d->incidents_n == 2 && d->incidents[1].end.upper_us == made_us(2100, 500000) + sources[blind].resolution_us && d->incidents[1].end.reason &&
		     strstr(d->incidents[1].end.reason, "error.log, which prints no zone"),
	     "which may be as late as that clock says, its stamps whole and half a second off, with the reason");
	draft_free(d);
	d = empty();
	burst(d, blind, "lb.no_backend", 1900, 2100, 100);
	FACT(find(d)->incidents_n == 1 && d->incidents[0].onset.at_us == made_us(1900, 0), "alone it makes an incident of its own");
	draft_free(d);
}

static size_t alone(const char *signal, int64_t seconds)
{
	struct draft *d = empty();
	burst(d, source_of(TIER_DB), signal, 1000, 1000 + seconds, 20);
	size_t n = find(d)->incidents_n;
	draft_free(d);
	return n;
}

static void blips(void)
{
	world(ALL_FIVE);
	FACT(alone(REFUSED, 3) == 1, "refusals always make an incident");
	FACT(alone("db.replication.exhausted", 29) == 0, "a short burst that users do not see makes none");
	FACT(alone("db.replication.exhausted", 30) == 1, "one of 30 s does");
	FACT(alone("db.starting_up", 3) == 1, "a short one that users see does when nobody counted requests");
}

/* How many incidents one burst of the first log makes. */
static size_t incidents_of(struct made *m, const char *signal, int64_t from_s, int64_t to_s, uint64_t count)
{
	struct fold *f = made_fold(m);
	struct front front;
	front_init(&front, f);
	struct draft *d = empty();
	struct fold keep = fold;
	sources[0] = f->sources[0];
	fold = *f;
	burst(d, 0, signal, from_s, to_s, count);
	incident_find(f, &front, d);
	size_t n = d->incidents_n;
	fold = keep;
	front_release(&front);
	draft_free(d);
	made_release(m);
	return n;
}

/* Short and visible, with access records: 1 % of the requests decides. */
static size_t with_failures(uint32_t requests, uint32_t failed)
{
	struct made m;
	made_init(&m);
	struct part *web = made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 2000);
	made_run(web, "http.requests", "", 0, 2000, requests, 0, 0);
	made_run(web, "http.failed", "", 1000, 1010, failed, 0, 0);
	made_run(web, "http.server_error", "http.500", 1000, 1010, failed, 0, 0);
	return incidents_of(&m, "http.server_error", 1000, 1009, 10 * failed);
}

/* Slow requests for a minute, so many a second of 1,000. */
static size_t with_slow(uint32_t slow)
{
	struct made m;
	made_init(&m);
	struct part *web = made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 2000);
	made_run(web, "http.requests", "", 0, 2000, 1000, 0, 0);
	return incidents_of(&m, "http.server.slow", 1000, 1059, 60 * slow);
}

/* A web server's failed connects for 40 s, and what its users got of them: `failed` of 1,000 requests a second, for 40 s. */
static size_t with_connects(uint32_t failed, bool counted)
{
	struct made m;
	made_init(&m);
	struct part *web = made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 2000);
	if (counted)
		made_run(web, "http.requests", "", 0, 2000, 1000, 0, 0);
	if (failed)
		made_run(web, "http.failed", "", 1000, 1040, failed, 0, 0);
	return incidents_of(&m, "backend.down", 1000, 1039, 400);
}

static void retries(void)
{
	FACT(with_connects(0, true) == 0, "failed connects of 40 s that were retried elsewhere are no incident: no user met them");
	FACT(with_connects(10, true) == 1, "they are when users' requests failed");
	FACT(with_connects(0, false) == 1, "and when nobody counted what users got");
}

static void order_of_first(void)
{
	world(ALL_FIVE);
	sources[source_of(TIER_WEB)].resolution_us = SECOND_US;
	sources[source_of(TIER_WEB)].uncertainty_us = SECOND_US / 2;
	struct draft *d = empty();
	burst(d, source_of(TIER_WEB), "http.server_error", 1000, 1100, 100);
	burst(d, source_of(TIER_APP), REFUSED, 1000, 1050, 100);
	d->bursts[1].onset.at_us += 510000;
	d->bursts[1].onset.lower_us += 510000;
	d->bursts[1].onset.upper_us += 510000;
	find(d);
	FACT(d->incidents_n == 1 && d->incidents[0].onset.at_us == made_us(1000, 510000), "at is the first event of the burst that is known best");
	FACT(d->incidents_n == 1 && d->incidents[0].onset.lower_us == made_us(1000, -500000), "the lower bound is the lowest of all");
	FACT(d->incidents_n == 1 && d->incidents[0].onset.upper_us == made_us(1000, 511000), "the upper bound is the lowest upper bound");
	FACT(d->incidents_n == 1 && d->incidents[0].end.at_us == made_us(1100, 0), "the end is the last event that users saw");
	draft_free(d);
}

/* The database's log ends within its burst; the web server's burst ends at `web_s` and its log at `web_ends`. */
static struct draft *cut(int64_t web_s, int64_t web_ends, bool web_ongoing)
{
	struct draft *d = empty();
	world(1u << TIER_WEB | 1u << TIER_DB);
	sources[source_of(TIER_DB)].last_us = made_us(4000, 0);
	sources[source_of(TIER_WEB)].last_us = made_us(web_ends, 0);
	burst(d, source_of(TIER_DB), "db.connections.exhausted", 3600, 4000, 900);
	d->bursts[0].ongoing = d->bursts[0].censored_end = true;
	burst(d, source_of(TIER_WEB), "http.server_error", 3601, web_s, 800);
	d->bursts[1].ongoing = d->bursts[1].censored_end = web_ongoing;
	return find(d);
}

static void ongoing(void)
{
	static const struct {
		const char *name;
		int64_t web_s, web_ends;
		bool web_ongoing, ongoing;
	} cases[] = {
		{"both logs end within their bursts: it goes on", 3999, 4001, true, true},
		{"the other log ends a second later: it goes on", 3999, 4001, false, true},
		{"the other log goes on and shows no more: it ended", 3999, 9000, false, false},
		{"the other one's burst ended long before: what it no longer meets may go on", 3800, 9000, false, true},
		{"the other one's burst ends in a gap: nobody saw the end", 3999, 9000, true, true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct draft *d = cut(cases[i].web_s, cases[i].web_ends, cases[i].web_ongoing);
		FACT(d->incidents_n == 1 && d->incidents[0].ongoing == cases[i].ongoing, cases[i].name);
		if (d->incidents_n == 1 && !cases[i].ongoing)
			FACT(strstr(d->incidents[0].end.reason, "db.log ends with the burst; web.log, which met it too, goes on"), "and the end says who saw it");
		draft_free(d);
	}
}

/* Its log has a gap of 300 s before the burst, and one of 200 s behind it. */
static void in_gaps(struct burst *b)
{
	b->censored_start = b->censored_end = true;
	b->gap_before_us = 300 * SECOND_US;
	b->onset.lower_us -= b->gap_before_us;
	b->onset.reason = made_string("the log has a gap");
	b->gap_behind_us = 200 * SECOND_US;
	b->end.upper_us += b->gap_behind_us;
}

static void gaps(void)
{
	world(1u << TIER_DB | 1u << TIER_APP);
	struct draft *d = empty();
	burst(d, source_of(TIER_DB), REFUSED, 3600, 4000, 900);
	in_gaps(&d->bursts[0]);
	find(d);
	const struct incident *in = d->incidents;
	FACT(d->incidents_n == 1 && in->onset.at_us == made_us(3600, 0) && in->onset.lower_us == made_us(3300, 0) && in->censored_start && in->gap_before,
	     "an incident may have begun in a gap of the only log that shows it");
	FACT(d->incidents_n == 1 && strstr(in->onset.reason, "the log has a gap"), "its onset says so");
	FACT(d->incidents_n == 1 && in->end.at_us == made_us(4000, 0) && in->end.upper_us == made_us(4200, 1000), "and may have ended in one");
	draft_free(d);
	d = empty();
	burst(d, source_of(TIER_DB), REFUSED, 3600, 4000, 900);
	in_gaps(&d->bursts[0]);
	burst(d, source_of(TIER_APP), REFUSED, 3600, 3950, 900);
	find(d);
	in = d->incidents;
	FACT(d->incidents_n == 1 && in->onset.lower_us == made_us(3600, 0) && !in->censored_start && !in->gap_before,
	     "another log that was written then, and met it too, shows that it had not");
	FACT(d->incidents_n == 1 && strstr(in->onset.reason, "app.log, which met it too, was written then"), "the onset says which");
	FACT(d->incidents_n == 1 && in->end.upper_us == made_us(4000, 1000) && strstr(in->end.reason, "app.log, which met it too, goes on"), "so it does of the end");
	draft_free(d);
	d = empty();
	burst(d, source_of(TIER_DB), REFUSED, 3600, 4000, 900);
	burst(d, source_of(TIER_DB), REFUSED, 4500, 4600, 900);
	in_gaps(&d->bursts[1]);
	FACT(find(d)->incidents_n == 2, "a gap links nothing");
	draft_free(d);
}

int main(void)
{
	signals = builtin_signals();
	links();
	tails();
	links_at_random();
	unzoned();
	blips();
	retries();
	gaps();
	order_of_first();
	FACT(with_failures(1000, 9) == 0, "a blip that fails 0.9 % of the requests stays a burst");
	FACT(with_failures(1000, 10) == 1, "1 % makes it an incident");
	FACT(with_slow(9) == 0, "a minute in which 0.9 % of the requests are slow is no incident");
	FACT(with_slow(10) == 1, "1 % is one");
	struct draft *d = empty();
	world(ALL_FIVE);
	FACT(find(d)->incidents_n == 0, "no bursts, no incident");
	draft_free(d);
	ongoing();
	signal_set_free(signals);
	return unit_done();
}
