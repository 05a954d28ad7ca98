#include "fold/fold.h"

#include "handmade.h"
#include "unit.h"

static const struct story_options nothing_stated;

static const struct fold_source *source_of(const struct fold *f, const char *key)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->sources[i].key, key))
			return &f->sources[i];
	return NULL;
}

static bool warned(const struct diag_list *trouble, const char *text)
{
	for (size_t i = 0; i < trouble->n; i++)
		if (strstr(trouble->items[i].what, text))
			return true;
	return false;
}

static void keys(void)
{
	struct tally t = {0};
	struct diag_list trouble = {0};
	struct part *both = handmade_part("nginx", TIER_WEB, 100, T0, T0 + 10);
	handmade_add(&t, both, "a", "a.log");
	handmade_add(&t, both, "b", "b.log");
	handmade_add(&t, handmade_part("nginx", TIER_WEB, 1000, T0 + 20, T0 + 30), "b", "b.log.1");
	struct part *tie = handmade_part("nginx", TIER_WEB, 70, T0, T0 + 10);
	handmade_add(&t, tie, "x", "x.log");
	handmade_add(&t, tie, "y", "y.log");
	struct part *empty = handmade_part("", TIER_UNKNOWN, 0, INSTANT_NONE, INSTANT_NONE);
	handmade_add(&t, empty, "e", "e.log");
	handmade_add(&t, empty, "f", "f.log");
	struct fold *f = fold_new(&t, NULL, &nothing_stated, &trouble);
	FACT(!source_of(f, "a") && source_of(f, "b")->entries_n == 2, "a part with two keys belongs to the one that holds most bytes");
	FACT(source_of(f, "x") && !source_of(f, "y"), "or to the smaller one");
	FACT(source_of(f, "e") && source_of(f, "f"), "an empty file belongs to all of its keys");
	FACT(source_of(f, "e")->tier == TIER_UNKNOWN && !strcmp(source_of(f, "e")->tier_how, "unknown") &&
		     source_of(f, "e")->first_us == INSTANT_NONE,
	     "it has no tier and no time");
	FACT(source_of(f, "b")->first_us == T0 * SECOND_US && source_of(f, "b")->last_us == (T0 + 30) * SECOND_US,
	     "a source covers what its files cover");
	FACT(f->sources[0].key[0] == 'b' && f->sources[3].key[0] == 'x' && f->n == 4, "sources stand in the order of their keys");
	FACT(t.entries[source_of(f, "b")->entries[0]].part == both, "files stand in the order of time");
	FACT(strlen(f->sources[0].id) == 12 && strcmp(f->sources[0].id, f->sources[1].id), "each has an id of 12 digits");
	FACT(!trouble.n, "and nothing to warn of");
	fold_free(f);
	diag_release(&trouble);
	handmade_release(&t);
	f = fold_new(&t, NULL, &nothing_stated, &trouble);
	FACT(f->n == 0 && f->reference == -1, "an empty tally folds to nothing");
	fold_free(f);
	fold_free(NULL);
}

/* One file of three streams under two names, and what rotation took off it. */
static void streams(void)
{
	static const struct {
		const char *stream, *key, *other, *format;
		enum tier tier;
	} of[] = {{"", "logs/c.log", "old/c.log", "syslog", TIER_UNKNOWN},
		  {"db1/postgres", "logs/c.log#db1/postgres", "old/c.log#db1/postgres", "postgresql", TIER_DB},
		  {"web-1", "logs/c.log#web-1", "old/c.log#web-1", "nginx", TIER_WEB}};
	struct tally t = {0};
	struct diag_list trouble = {0};
	for (size_t i = 0; i < 3; i++) {
		for (uint64_t file = 0; file < 2; file++) {
			struct part *p = handmade_part(of[i].format, of[i].tier, 100 + file, T0 + (int64_t)file * 20, T0 + (int64_t)file * 20 + 10);
			memory_free(p->stream);
			p->stream = span_copy(span_of(of[i].stream));
			p->zone = STAMP_NONE;
			handmade_add(&t, p, of[i].key, file ? "logs/c.log" : "logs/c.log.1");
			if (!file)
				handmade_add(&t, p, of[i].other, "old/c.log");
		}
	}
	struct zone *rome = zone_fixed(SPAN("+01:00"));
	char of_db[] = "c.log#postgres", of_web[] = "logs/c.log#web-*";
	struct story_zone zones[] = {{of_db, rome}};
	struct story_tier tiers[] = {{of_web, TIER_APP}};
	struct story_options stated = {.zones = zones, .zones_n = 1, .tiers = tiers, .tiers_n = 1};
	struct fold *f = fold_new(&t, NULL, &stated, &trouble);
	FACT(f->n == 3 && source_of(f, of[0].key) && source_of(f, of[1].key) && source_of(f, of[2].key),
	     "each stream of a file is a source, under the key that holds most of the file");
	const struct fold_source *rest = source_of(f, of[0].key), *db = source_of(f, of[1].key), *web = source_of(f, of[2].key);
	FACT(rest->entries_n == 2 && db->entries_n == 2 && web->entries_n == 2, "it goes on in the next file");
	FACT(!strcmp(rest->stream, "") && !strcmp(db->stream, "db1/postgres"), "and has its name");
	FACT(rest->tier == TIER_UNKNOWN && db->tier == TIER_DB, "its tier is its own");
	FACT(web->tier == TIER_APP && !strcmp(web->tier_how, "option"), "a tier can be stated of one writer");
	FACT(db->zone == rome && !web->zone && !rest->zone, "and so can a zone");
	FACT(!trouble.n, "two streams of one file do not run side by side as two hosts do");
	fold_free(f);
	zone_free(rome);
	diag_release(&trouble);
	handmade_release(&t);
}

static void series(void)
{
	struct tally t = {0};
	struct diag_list trouble = {0};
	struct part *a = handmade_part("nginx", TIER_WEB, 100, T0, T0 + 30), *b = handmade_part("nginx", TIER_WEB, 200, T0 + 30, T0 + 99);
	struct series *s = handmade_series(a, "http.requests", "", FACET_NONE, "", 1);
	handmade_bin(s, T0, 2, 10, 20);
	handmade_bin(s, T0 + 30, 5, 1000, 2000);
	s = handmade_series(b, "http.requests", "", FACET_NONE, "", 1);
	handmade_bin(s, T0 + 30, 7, 500000, 900000);
	handmade_bin(s, T0 + 99, 1, 0, 0);
	s = handmade_series(a, "http.server_error", "http.500", FACET_NONE, "", 1);
	handmade_bin(s, T0 + 9, 1, 123, 456);
	s = handmade_series(b, "http.server_error", "http.500", FACET_NONE, "", 10);
	handmade_bin(s, T0 + 30, UINT32_MAX, 0, 9999999);
	s = handmade_series(b, "http.server_error", "http.502", FACET_NONE, "", 1);
	handmade_bin(s, T0 + 35, 4, 7, 8);
	s = handmade_series(b, "http.server_error", "http.502", FACET_USER, "bob", 1);
	handmade_bin(s, T0 + 35, 4, 7, 8);
	handmade_add(&t, a, "w", "w.log.1");
	handmade_add(&t, b, "w", "w.log");
	struct fold *f = fold_new(&t, NULL, &nothing_stated, &trouble);
	const struct fold_source *w = source_of(f, "w");
	const struct fold_series *r = fold_series_find(w, "http.requests", "", FACET_NONE, "");
	FACT(r && r->n == 3 && r->total == 15 && r->width_s == 1, "series of two files become one");
	FACT(r->bins[1].bin.n == 12 && r->bins[1].bin.first_us == 1000 && r->bins[1].bin.last_us == 900000 &&
		     t.entries[r->bins[1].first_part].part == a && t.entries[r->bins[1].last_part].part == b,
	     "counts of a shared second add, first and last are the extremes and know their files");
	r = fold_series_find(w, "http.server_error", "http.500", FACET_NONE, "");
	FACT(r->width_s == 10 && r->n == 2 && r->bins[0].bin.start_s == T0 && r->bins[0].bin.first_us == 9000123 &&
		     r->bins[0].bin.last_us == 9000456,
	     "the coarsest width holds, stamps stay to the microsecond");
	struct fold_series all = fold_signal(w, "http.server_error");
	FACT(all.n == 2 && all.width_s == 10 && all.bins[1].bin.n == UINT32_MAX && all.bins[1].bin.start_s == T0 + 30,
	     "all classes of a signal add up, without overflow, without facets");
	memory_free(all.bins);
	all = fold_signal(w, "nothing");
	FACT(!all.n && !all.total, "a signal that never came is empty");
	memory_free(all.bins);
	FACT(!fold_series_find(w, "http.server_error", "http.502", FACET_USER, "eve"), "a facet value that never came is NULL");
	FACT(fold_series_find(w, "http.server_error", "http.502", FACET_USER, "bob")->total == 4, "one that came is found");
	fold_free(f);
	handmade_release(&t);
	diag_release(&trouble);
}

/* A log with a record at each of these seconds after T0, ascending; each 10 s have one bin. */
static struct part *log_at(struct tally *t, const char *key, const char *format, enum tier tier, const int64_t *at_s, size_t n)
{
	struct part *p = handmade_part(format, tier, 1000 + t->n, T0 + at_s[0], T0 + at_s[n - 1]);
	struct series *s = handmade_series(p, "records", "", FACET_NONE, "", 10);
	for (size_t i = 0; i < n; i++) {
		int64_t start_s = (T0 + at_s[i]) / 10 * 10;
		uint32_t us = (uint32_t)(T0 + at_s[i] - start_s) * 1000000;
		if (s->n && s->bins[s->n - 1].start_s == start_s) {
			s->bins[s->n - 1].n++;
			s->bins[s->n - 1].last_us = us;
		} else {
			handmade_bin(s, start_s, 1, us, us);
		}
	}
	handmade_add(t, p, key, key);
	return p;
}

/* Appends a record each `step_s` of [from, until). */
static size_t beat(int64_t *at_s, size_t n, int64_t from, int64_t until, int64_t step_s)
{
	for (; from < until; from += step_s)
		at_s[n++] = from;
	return n;
}

static bool one_gap(const struct fold *f, const char *key, int64_t from, int64_t until)
{
	const struct fold_source *s = source_of(f, key);
	return s->gaps_n == 1 && s->gaps[0].start_us == (T0 + from) * SECOND_US && s->gaps[0].end_us == (T0 + until) * SECOND_US;
}

static struct signal_set *refusals(void)
{
	static const char text[] = "signal = db.connections.exhausted\ntitle = t\nrole = symptom\nhealth = zero\nvisible = no\n"
				   "strength = states\nsentence = s\nmeasure = m\nrule = db.max_connections\n"
				   "class = db.max_connections\ncode = 53300\nsample = db FATAL 53300 | sorry\n";
	struct signal_set *set = signal_set_new();
	struct pattern_file file = {0};
	struct diag d = {0};
	if (!pattern_file_parse(&file, "signals/db.connections.exhausted.signal", span_of(text), &d) ||
	    !signal_set_add(set, &file, &d) || !signal_set_finish(set, &d))
		printf("%s\n", d.what);
	return set;
}

static void coverage(void)
{
	static int64_t at[20000];
	struct tally t = {0};
	struct diag_list trouble = {0};
	size_t n = beat(at, beat(at, 0, 0, 300, 1), 390, 1000, 1);
	log_at(&t, "busy", "nginx", TIER_WEB, at, n);
	n = beat(at, beat(at, beat(at, 0, 0, 600, 1), 7200, 7800, 1), 14400, 15000, 1);
	log_at(&t, "files missing", "nginx", TIER_WEB, at, n);
	n = beat(at, beat(at, 0, 0, 2000, 100), 3000, 9000, 100);
	log_at(&t, "slow pulse", "postgresql", TIER_DB, at, n);
	/* A database's log: ready, a checkpoint each five minutes, and refusals for a minute and a quarter. */
	n = beat(at, beat(at, beat(at, 0, 0, 1500, 300), 1600, 1675, 1), 1800, 3600, 300);
	struct part *db = log_at(&t, "refusals and checkpoints", "postgresql", TIER_DB, at, n);
	struct part *few = log_at(&t, "refusals in four minutes", "postgresql", TIER_DB, at, beat(at, beat(at, beat(at, 0, 0, 2, 1), 80, 155, 1), 260, 262, 1));
	struct series *s = handmade_series(db, "db.connections.exhausted", "db.max_connections", FACET_NONE, "", 1);
	for (int64_t i = 1600; i < 1675; i++)
		handmade_bin(s, T0 + i, 1, 0, 0);
	s = handmade_series(few, "db.connections.exhausted", "db.max_connections", FACET_NONE, "", 1);
	for (int64_t i = 80; i < 155; i++)
		handmade_bin(s, T0 + i, 1, 0, 0);
	struct signal_set *set = refusals();
	struct fold *f = fold_new(&t, set, &nothing_stated, &trouble);
	FACT(one_gap(f, "busy", 299, 390), "a minute and a half of silence in a busy log is a gap, from record to record");
	FACT(source_of(f, "files missing")->gaps_n == 2, "two rotated files of an hour and more that are missing are two gaps");
	FACT(!source_of(f, "slow pulse")->gaps_n, "a thousand seconds in a log with a line each hundred are none");
	FACT(!source_of(f, "refusals and checkpoints")->gaps_n, "a database that says little has no gaps around its refusals");
	FACT(!source_of(f, "refusals in four minutes")->gaps_n, "nor when the capture is short");
	fold_free(f);
	signal_set_free(set);
	handmade_release(&t);
	diag_release(&trouble);
}

static void hosts(void)
{
	struct tally t = {0};
	struct diag_list trouble = {0};
	handmade_add(&t, handmade_part("nginx", TIER_WEB, 100, T0, T0 + 1000), "w", "one/w.log");
	handmade_add(&t, handmade_part("nginx", TIER_WEB, 101, T0 + 1000, T0 + 2000), "w", "w.log");
	struct fold *f = fold_new(&t, NULL, &nothing_stated, &trouble);
	FACT(!trouble.n, "files that follow each other are one host's");
	fold_free(f);
	handmade_add(&t, handmade_part("nginx", TIER_WEB, 102, T0 + 1500, T0 + 2500), "w", "two/w.log");
	f = fold_new(&t, NULL, &nothing_stated, &trouble);
	FACT(trouble.n == 1 && warned(&trouble, "two hosts") && strstr(trouble.items[0].hint, "--source"),
	     "files that run side by side are two hosts'");
	fold_free(f);
	handmade_release(&t);
	diag_release(&trouble);
}

static void clocks(void)
{
	struct tally t = {0};
	struct diag_list trouble = {0};
	struct part *db = handmade_part("postgresql", TIER_DB, 100, T0, T0 + 1000);
	handmade_bin(handmade_series(db, "db.connections.exhausted", "db.max_connections", FACET_NONE, "", 1), T0 + 5, 3, 0, 1);
	struct part *quiet = handmade_part("postgresql", TIER_DB, 101, T0, T0 + 1000);
	struct part *web = handmade_part("nginx", TIER_WEB, 102, T0, T0 + 1000);
	struct part *python = handmade_part("python", TIER_APP, 103, T0, T0 + 1000);
	struct part *error = handmade_part("nginx_error", TIER_WEB, 104, T0, T0 + 1000);
	struct part *syslog = handmade_part("haproxy", TIER_LB, 105, 0, 0); /* 1970: set below */
	python->zone = error->zone = syslog->zone = STAMP_NONE;
	syslog->yearless = true;
	instant_parse(SPAN("2000-11-14T22:13:20Z"), &syslog->first_us);
	instant_parse(SPAN("2000-11-14T22:33:20Z"), &syslog->last_us);
	handmade_add(&t, db, "db", "db1/db.log");
	handmade_add(&t, quiet, "db2", "db2/db.log");
	handmade_add(&t, web, "web", "web.log");
	handmade_add(&t, python, "py", "berlin/py.log");
	handmade_add(&t, error, "err", "error.log");
	handmade_add(&t, syslog, "lb", "haproxy.log");
	struct zone *berlin = zone_fixed(SPAN("+01:00")), *tokyo = zone_fixed(SPAN("+09:00"));
	struct story_zone zones[] = {{"*.log", tokyo}, {"berlin/*", berlin}, {"web.log", tokyo}, {"error.log", NULL}};
	struct story_tier tiers[] = {{"*.log", TIER_LB}, {"py.log", TIER_HUMAN}};
	struct story_options stated = {.zones = zones + 1, .zones_n = 2, .tiers = tiers, .tiers_n = 2};
	struct fold *f = fold_new(&t, NULL, &stated, &trouble);
	const struct fold_source *s = source_of(f, "py");
	FACT(fold_utc(s, T0 * SECOND_US) == (T0 - 3600) * SECOND_US && !strcmp(s->zone_how, "option") &&
		     s->uncertainty_us == CLOCK_ASSUMED_SKEW_US,
	     "a stated zone moves stamps without one to UTC");
	s = source_of(f, "web");
	FACT(fold_utc(s, T0 * SECOND_US) == T0 * SECOND_US && s->zone_printed && !s->zone && warned(&trouble, "is not used"),
	     "a printed zone wins over a stated one, and that is said");
	s = source_of(f, "err");
	FACT(fold_utc(s, 5) == 5 && !s->zone_printed && !strcmp(s->zone_how, "assumed") && s->uncertainty_us == CLOCK_UNZONED_US,
	     "no zone at all is taken for UTC, within 15 min");
	FACT(fold_utc(s, INSTANT_NONE) == INSTANT_NONE, "no instant stays no instant");
	s = source_of(f, "lb");
	FACT(fold_utc(s, s->first_us) == T0 * SECOND_US, "a log without years takes the year of the others");
	FACT(source_of(f, "py")->tier == TIER_HUMAN && source_of(f, "db")->tier == TIER_LB &&
		     !strcmp(source_of(f, "db")->tier_how, "option"),
	     "the last stated tier that matches wins over the format's");
	fold_free(f);
	stated.tiers_n = 0;
	f = fold_new(&t, NULL, &stated, &trouble);
	FACT(f->reference >= 0 && !strcmp(f->sources[f->reference].key, "db") && f->sources[f->reference].uncertainty_us == 0 &&
		     source_of(f, "db2")->uncertainty_us == CLOCK_ASSUMED_SKEW_US,
	     "the database that refused has the reference clock");
	fold_free(f);
	db->zone = STAMP_NONE;
	f = fold_new(&t, NULL, &stated, &trouble);
	FACT(f->reference >= 0 && !strcmp(f->sources[f->reference].key, "db2"), "unless nobody knows its zone: then the deepest that prints one");
	fold_free(f);
	quiet->zone = web->zone = STAMP_NONE;
	f = fold_new(&t, NULL, &nothing_stated, &trouble);
	FACT(f->reference == -1 && strstr(f->reference_how, "UTC as printed"), "or nobody");
	fold_free(f);
	zone_free(berlin);
	zone_free(tokyo);
	handmade_release(&t);
	diag_release(&trouble);
}

static void evidence(void)
{
	struct tally t = {0};
	struct diag_list trouble = {0};
	struct part *p = handmade_part("nginx", TIER_WEB, 100, T0, T0 + 1000);
	p->exemplars = memory_new(1, sizeof *p->exemplars);
	p->exemplars_n = 1;
	p->exemplars[0] = (struct exemplar){span_copy(SPAN("http.server_error")), span_copy(SPAN("http.500")), 0, 0, 7, 90, 4242,
					    span_copy(SPAN("GET /cart 500"))};
	handmade_add(&t, p, "a", "copy/a.log");
	handmade_add(&t, p, "a", "old/a.log.gz");
	struct fold *f = fold_new(&t, NULL, &nothing_stated, &trouble);
	struct evidence_list list = {0};
	fold_evidence(f, 0, 0, 7, 4242, 90, &list);
	fold_evidence(f, 0, 0, 8, 4243, 90, &list);
	fold_evidence(f, 1, 0, 8, 4243, 90, &list);
	fold_evidence(f, 0, 1, 8, 4243, 90, &list);
	FACT(list.n == 2, "evidence from nowhere is none");
	FACT(!strcmp(list.items[0].path, "copy/a.log") && !strcmp(list.items[0].excerpt, "GET /cart 500") && !list.items[0].reason &&
		     list.items[0].line == 7 && list.items[0].bytes == 100 && list.items[0].crc == p->crc &&
		     !strcmp(list.items[0].source, f->sources[0].id),
	     "evidence names the smallest path, the line and the text that was kept");
	FACT(!list.items[1].excerpt && list.items[1].reason, "or says why there is no text");
	for (size_t i = 0; i < list.n; i++) {
		memory_free(list.items[i].source);
		memory_free(list.items[i].path);
		memory_free(list.items[i].excerpt);
		memory_free(list.items[i].reason);
	}
	memory_free(list.items);
	fold_free(f);
	handmade_release(&t);
	diag_release(&trouble);
}

int main(void)
{
	keys();
	streams();
	series();
	coverage();
	hosts();
	clocks();
	evidence();
	return unit_done();
}
