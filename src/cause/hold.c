#include "cause/hold.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cause/growth.h"
#include "cause/newcomer.h"
#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/refusal.h"
#include "incident/symptom.h"

#define CRON_SLACK_US (2 * SECOND_US)
/* A restart that mends is followed by no more than this of the incident. */
#define MENDED_US (30 * SECOND_US)

/* What is known of the connections around one onset. */
struct held {
	bool known;            /* the database's log shows sessions */
	int64_t from_us, onset_us; /* as printed by the database */
	struct growth all;
	struct growth *names;  /* of roles and applications; owned */
	size_t n;
};

static bool is_unnamed(const char *key)
{
	return !*key || !strcmp(key, "other");
}

static void names_fill(const struct scene *s, struct held *h)
{
	static const enum holder dimensions[] = {HOLDER_USER, HOLDER_APPLICATION};
	size_t cap = 0;
	for (size_t d = 0; d < sizeof dimensions / sizeof *dimensions; d++) {
		size_t n;
		const char **keys = holders_keys(s->f, s->database, dimensions[d], &n);
		for (size_t i = 0; i < n; i++) {
			h->names = memory_grow(h->names, &cap, h->n + 1, sizeof *h->names);
			if (!is_unnamed(keys[i]) &&
			    growth_measure(s->f, s->database, dimensions[d], keys[i], h->from_us, h->onset_us, &h->names[h->n]))
				h->n++;
		}
		memory_free(keys);
	}
}

static void held_fill(const struct scene *s, struct held *h)
{
	*h = (struct held){0};
	if (s->database == SIZE_MAX)
		return;
	const struct fold_source *from = &s->f->sources[s->database];
	h->onset_us = moment_printed(from, hypothesis_onset(s, s->database).at_us);
	int64_t before_us = moment_printed(from, s->before_from_us);
	h->from_us = h->onset_us - HOLD_BEFORE_US > before_us ? h->onset_us - HOLD_BEFORE_US : before_us;
	h->from_us = from->first_us != INSTANT_NONE && from->first_us > h->from_us ? from->first_us : h->from_us;
	h->from_us = h->from_us / SECOND_US * SECOND_US;
	if (h->onset_us - h->from_us < HOLD_STEADY_US ||
	    !growth_measure(s->f, s->database, HOLDER_USER, NULL, h->from_us, h->onset_us, &h->all))
		return;
	h->known = true;
	names_fill(s, h);
}

static void held_release(struct held *h)
{
	growth_release(&h->all);
	for (size_t i = 0; i < h->n; i++)
		growth_release(&h->names[i]);
	memory_free(h->names);
}

/* ---- words and tests that several share ---- */

static const char *dimension_noun(const struct growth *g)
{
	return g->dimension == HOLDER_APPLICATION ? "application" : "role";
}

/* "from 4 to 17 open connections between 13:39:00 and 13:40:04" */
static void append_growth(const struct scene *s, struct text *t, const struct growth *g)
{
	const struct fold_source *from = &s->f->sources[s->database];
	text_format(t, "from %lld to %lld open connections between ", (long long)g->usual, (long long)g->top);
	sentence_time(t, fold_utc(from, g->begin_us));
	text_append_string(t, " and ");
	sentence_time(t, fold_utc(from, g->reached_us));
}

static bool load_rose_before(const struct scene *s)
{
	return !s->load->unknown && s->load->rose && !moment_before(&s->load->onset, &s->load->rise);
}

/* More requests and slower answers take connections too. */
static void other_takers(const struct scene *s, struct hypothesis *h)
{
	const struct load_view *v = s->load;
	struct text t = {0};
	if (load_rose_before(s)) {
		text_append_string(&t, "requests rose ");
		load_fold_text(&t, v->risen_ppm, v->before_ppm);
		text_append_string(&t, " at ");
		sentence_time(&t, v->rise.at_us);
		text_append_string(&t, ": that takes connections too");
		hypothesis_test(h, TEST_LOAD_ROSE, sentence_take(&t));
	} else if (!v->unknown) {
		text_append_string(&t, "requests did not rise before (");
		sentence_rate(&t, v->before_ppm);
		text_append_string(&t, " is usual)");
		hypothesis_test(h, TEST_WITHOUT_LOAD, sentence_take(&t));
	}
	if (!v->no_flight && v->grew && v->duration_share_ppm >= LOAD_DECIDES_PPM && v->window_from_us < v->onset.at_us) {
		text_append_string(&t, "requests took ");
		sentence_duration(&t, v->duration_us);
		text_append_string(&t, " in the mean before the onset (usual: ");
		sentence_duration(&t, v->duration_before_us);
		text_append_string(&t, "): that keeps connections too");
		hypothesis_test(h, TEST_SLOWER, sentence_take(&t));
	}
}

static bool is_start(const struct change *c)
{
	static const char *const kinds[] = {"start", "restart", "deploy", "rollback"};
	bool starts = false;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		starts |= !strcmp(c->kind, kinds[i]);
	return c->tier == TIER_APP && starts;
}

/* The last start of an application between two instants; NULL: none. */
static const struct change *start_between(const struct scene *s, int64_t from_us, int64_t to_us)
{
	const struct change *last = NULL;
	for (size_t i = 0; i < s->in->changes_n; i++)
		if (is_start(&s->in->changes[i]) && s->in->changes[i].at.at_us >= from_us && s->in->changes[i].at.at_us <= to_us)
			last = &s->in->changes[i];
	return last;
}

/* A change has a name here only when the tests of its own speak for it: else it is a start at a time. */
static void append_start(struct text *t, const struct change *c)
{
	if (c->verdict && !strcmp(c->verdict, "supported")) {
		text_append_string(t, c->summary);
		return;
	}
	text_append_string(t, "a start of an application at ");
	sentence_time(t, c->at.at_us);
}

static void change_support(const struct change *c, struct hypothesis *h)
{
	if (!c->verdict || strcmp(c->verdict, "supported"))
		return;
	struct text t = {0};
	text_format(&t, "the tests speak for a change: %s", c->summary);
	hypothesis_test(h, TEST_CHANGE_SUPPORTED, sentence_take(&t));
}

/* Levels as counts of steps: what the failures are compared with. */
static void rate_levels(const struct scene *s, const struct growth *g, struct hypothesis *h)
{
	const struct fold_source *from = &s->f->sources[s->database];
	track_init(&h->rate, s->impact->from_us, s->impact->from_us + (int64_t)s->impact->n * s->impact->step_us, s->impact->step_us);
	for (size_t i = 0; i < h->rate.n; i++) {
		int64_t level = growth_level(g, moment_printed(from, h->rate.from_us + (int64_t)i * h->rate.step_us + h->rate.step_us / 2));
		h->rate.counts[i] = (uint64_t)(level > 0 ? level : 0);
	}
	h->excess = (struct excess){.what = "connections open at the onset",
					.count = (uint64_t)(g->top > 0 ? g->top : 0),
					.before = (uint64_t)(g->usual > 0 ? g->usual : 0),
					.during_us = SECOND_US,
					.before_us = SECOND_US};
	if (!s->load->no_flight && s->load->arrivals_before_ppm > 0) {
		h->excess.input = (uint64_t)s->load->arrivals_ppm;
		h->excess.input_before = (uint64_t)s->load->arrivals_before_ppm;
		h->excess.input_what = "requests a second";
	}
}

static bool grew_enough(const struct growth *g, const struct growth *all)
{
	int64_t grew = g->top - g->usual;
	return grew >= HOLD_LEAST && grew * 100 >= HOLD_SHARE * all->top;
}

static bool server_full(const struct scene *s)
{
	for (size_t i = 0; i < s->in->refusals_n; i++)
		if (!s->in->refusals[i].echo && !strcmp(s->in->refusals[i].class, "db.max_connections"))
			return true;
	return false;
}

/* ---- a leak ---- */

static void mended(const struct scene *s, struct hypothesis *h)
{
	const struct change *c = start_between(s, s->in->onset.at_us + SECOND_US, s->in->end.at_us + MENDED_US);
	int64_t done_us = c ? (c->end_us != INSTANT_NONE ? c->end_us : c->at.at_us) : 0;
	if (!c || s->in->end.at_us > done_us + MENDED_US)
		return;
	struct text t = {0};
	text_append_string(&t, "it was over with ");
	append_start(&t, c);
	hypothesis_test(h, TEST_MENDED_BY_RESTART, sentence_take(&t));
}

static void without_flight(const struct scene *s, struct hypothesis *h)
{
	const struct load_view *v = s->load;
	if (v->no_flight || (v->grew && v->window_from_us < v->onset.at_us))
		return;
	struct text t = {0};
	text_append_string(&t, "connections were gone while requests in flight were as many as usual");
	hypothesis_test(h, TEST_WITHOUT_FLIGHT, sentence_take(&t));
}

static const struct growth *largest(const struct held *held, enum holder dimension)
{
	const struct growth *best = NULL;
	for (size_t i = 0; i < held->n; i++) {
		const struct growth *g = &held->names[i];
		if (g->dimension == dimension && (!best || g->top - g->usual > best->top - best->usual))
			best = g;
	}
	return best;
}

/* No log shows who held the connections: what remains is that nothing else took them. */
static void leak_unseen(const struct scene *s, struct hypothesis_list *out)
{
	const struct load_view *v = s->load;
	struct text t = {0};
	if (v->unknown || load_rose_before(s)) {
		hypothesis_rule_out(out, "connection_leak",
				    sentence_copy(v->unknown ? "not known: no database log shows sessions before the onset, and whether more requests came is not known"
							     : "not known: no database log shows sessions before the onset, and more requests may have taken the connections"));
		return;
	}
	struct hypothesis *h = hypothesis_add(out, "connection_leak", TIER_DB, s->database, &s->in->onset);
	bool slower = !v->no_flight && v->grew && v->window_from_us < v->onset.at_us;
	if (slower && v->window_from_us + HOLD_STEADY_US > v->onset.at_us) {
		text_append_string(&t, "requests did not rise before (");
		sentence_rate(&t, v->before_ppm);
		text_append_string(&t, " is usual)");
		hypothesis_test(h, TEST_WITHOUT_LOAD, sentence_take(&t));
		text_append_string(&t, "requests in flight grew in the seconds before the first symptom: who waits for a connection is in flight, too");
		hypothesis_test(h, TEST_SLOWER_AROUND, sentence_take(&t));
	} else {
		other_takers(s, h);
	}
	without_flight(s, h);
	mended(s, h);
	/* Refusals are all that is seen of it: they are events of its own only where nothing else in sight grew. */
	if (s->database != SIZE_MAX && !v->no_flight && !slower) {
		hypothesis_count(h, s, "db.connections.exhausted", "db.max_connections", "refusals of the database");
		hypothesis_input(h, s);
	}
}

static void leak(const struct scene *s, const struct held *held, struct hypothesis_list *out)
{
	struct text t = {0};
	if (!server_full(s)) {
		hypothesis_rule_out(out, "connection_leak", sentence_copy("the server's connection slots were not gone"));
		return;
	}
	if (!held->known) {
		leak_unseen(s, out);
		return;
	}
	const struct growth *g = &held->all;
	if (!grew_enough(g, &held->all) || g->reached_us - g->begin_us < HOLD_STEADY_US || g->steady_milli < HOLD_STEADY_MILLI) {
		text_append_string(&t, "open connections did not grow steadily for ");
		sentence_duration(&t, HOLD_STEADY_US);
		text_format(&t, " or more: %lld usual, %lld at the onset", (long long)g->usual, (long long)g->top);
		if (g->begin_us != INSTANT_NONE) {
			text_append_string(&t, ", reached within ");
			sentence_duration(&t, g->reached_us - g->begin_us);
		}
		hypothesis_rule_out(out, "connection_leak", sentence_take(&t));
		return;
	}
	const struct fold_source *from = &s->f->sources[s->database];
	struct moment at = moment_of(from, g->begin_us);
	struct hypothesis *h = hypothesis_add(out, "connection_leak", TIER_DB, s->database, &at);
	text_append_string(&t, "open connections grew steadily ");
	append_growth(s, &t, g);
	const struct growth *role = largest(held, HOLDER_USER), *app = largest(held, HOLDER_APPLICATION);
	const struct growth *most = app && role && app->top - app->usual >= role->top - role->usual ? app : role;
	if (most && most->top > most->usual)
		text_format(&t, "; %s %s went from %lld to %lld", dimension_noun(most), most->name, (long long)most->usual, (long long)most->top);
	hypothesis_test(h, TEST_GREW_STEADILY, sentence_take(&t));
	other_takers(s, h);
	without_flight(s, h);
	const struct change *c = start_between(s, at.at_us - 4 * HOLD_START_US, at.at_us + HOLD_START_US);
	/* When the logs have only begun, everything is started. */
	if (c && c->at.at_us <= s->in->onset.at_us && c->at.at_us >= s->before_from_us + MINUTE_US / 2) {
		text_append_string(&t, "it began ");
		sentence_duration(&t, at.at_us - c->at.at_us);
		text_append_string(&t, at.at_us < c->at.at_us ? " before " : " after ");
		append_start(&t, c);
		hypothesis_test(h, TEST_SINCE_START, sentence_take(&t));
		change_support(c, h);
	}
	mended(s, h);
	rate_levels(s, g, h);
}

/* ---- a job ---- */

/* Whether a name is the one that usually holds most of its kind. */
static bool is_main(const struct held *held, const struct growth *g)
{
	for (size_t i = 0; i < held->n; i++)
		if (held->names[i].dimension == g->dimension && held->names[i].usual > g->usual)
			return false;
	return true;
}

static const struct growth *intruder(const struct held *held)
{
	const struct growth *best = NULL;
	int64_t grew = held->all.top - held->all.usual;
	for (size_t i = 0; held->known && i < held->n; i++) {
		const struct growth *g = &held->names[i];
		int64_t mine = g->top - g->usual;
		if (is_main(held, g) || !grew_enough(g, &held->all) || mine * 100 < HOLD_ONE_SHARE * grew ||
		    g->usual * 100 > HOLD_UNUSUAL_SHARE * g->top)
			continue;
		if (!best || mine > best->top - best->usual)
			best = g;
	}
	return best;
}

static void cron(struct hypothesis *h)
{
	int64_t past_us = h->at.at_us % MINUTE_US, apart = past_us < MINUTE_US - past_us ? past_us : MINUTE_US - past_us;
	if (apart > CRON_SLACK_US)
		return;
	struct text t = {0};
	text_append_string(&t, "it began at a full minute, ");
	sentence_time(&t, h->at.at_us);
	text_append_string(&t, ", as jobs do");
	hypothesis_test(h, TEST_CRON_PHASE, sentence_take(&t));
}

/* No user's request failed, though requests are known, and no other log repeats a refusal. */
static bool serves_nobody(const struct scene *s)
{
	const struct impact *i = &s->in->impact;
	for (size_t k = 0; k < s->in->refusals_n; k++)
		if (s->in->refusals[k].echo)
			return false;
	return i->requests.known && i->requests.value && i->failed.known && !i->failed.value;
}

static void nobody_failed(const struct scene *s, struct hypothesis *h)
{
	const struct impact *i = &s->in->impact;
	if (!serves_nobody(s))
		return;
	struct text t = {0};
	text_append_string(&t, "none of ");
	sentence_counted(&t, (uint64_t)i->requests.value, "request");
	text_append_string(&t, " of users failed");
	hypothesis_test(h, TEST_SERVES_NOBODY, sentence_take(&t));
}

/* The role that most refusals of the database were of, and how many of all; 0: no role is printed. */
struct refused_role {
	const char *name; /* borrowed */
	uint64_t count, all;
};

static struct refused_role refused_role(const struct scene *s)
{
	struct refused_role best = {0};
	if (s->database == SIZE_MAX)
		return best;
	const struct fold_source *from = &s->f->sources[s->database];
	int64_t first_us = moment_printed(from, hypothesis_onset(s, s->database).at_us), last_us = INT64_MIN;
	for (size_t i = 0; i < s->in->refusals_n; i++)
		if (!strcmp(s->in->refusals[i].source, from->id) && s->in->refusals[i].end.at_us > last_us)
			last_us = s->in->refusals[i].end.at_us;
	if (last_us == INT64_MIN)
		return best;
	last_us = moment_printed(from, last_us);
	for (size_t i = 0; i < from->series_n; i++) {
		const struct fold_series *series = &from->series[i];
		if (!symptom_refuses(series->signal))
			continue;
		uint64_t n = symptom_count(series, first_us, last_us);
		if (series->facet == FACET_NONE)
			best.all += n;
		else if (series->facet == FACET_USER && !is_unnamed(series->facet_value) && n > best.count) {
			best.count = n;
			best.name = series->facet_value;
		}
	}
	return best;
}

/* Refusals that those who serve users repeat. */
static uint64_t repeated(const struct scene *s)
{
	uint64_t n = 0;
	for (size_t i = 0; i < s->in->refusals_n; i++)
		n += s->in->refusals[i].echo ? s->in->refusals[i].count : 0;
	return n;
}

/* True when another role has more records in the database's log, refusals left out. */
static bool is_unusual_role(const struct scene *s, const struct refused_role *role)
{
	const struct fold_source *from = &s->f->sources[s->database];
	uint64_t mine = 0, others = 0;
	for (size_t e = 0; e < from->entries_n; e++) {
		const struct part *p = s->f->tally->entries[from->entries[e]].part;
		for (size_t i = 0; i < p->users_n; i++) {
			if (!strcmp(p->users[i].key, role->name))
				mine += p->users[i].n;
			else if (p->users[i].n - p->users[i].error > others)
				others = p->users[i].n - p->users[i].error;
		}
	}
	return others >= HOLD_REFUSED_LEAST && others > (mine > role->count ? mine - role->count : 0);
}

static void batch(const struct scene *s, const struct held *held, struct hypothesis_list *out)
{
	const struct growth *g = intruder(held);
	struct refused_role role = refused_role(s);
	bool of_one = role.name && role.count >= HOLD_REFUSED_LEAST && role.count * 100 >= HOLD_REFUSED_SHARE * role.all &&
		      2 * repeated(s) < role.count && (is_unusual_role(s, &role) || serves_nobody(s));
	struct text t = {0};
	if (!g && !of_one) {
		text_append_string(&t, held->known ? "no role or application that is not the usual one took most of the connections that were opened"
						   : "no database log shows sessions before the onset");
		if (role.name && role.all) {
			text_append_string(&t, "; of ");
			sentence_counted(&t, role.all, "refusal");
			text_append_string(&t, " ");
			sentence_count(&t, role.count);
			text_format(&t, " are of role %s", role.name);
		} else if (refusal_tier(s->in) != TIER_DB) {
			text_append_string(&t, ", and the database refused nobody");
		}
		hypothesis_rule_out(out, "batch_job", sentence_take(&t));
		return;
	}
	struct moment at = g ? moment_of(&s->f->sources[s->database], g->begin_us) : hypothesis_onset(s, s->database);
	struct hypothesis *h = hypothesis_add(out, "batch_job", TIER_DB, s->database, &at);
	h->is_symptom = !g;
	if (g) {
		text_format(&t, "%s %s went ", dimension_noun(g), g->name);
		append_growth(s, &t, g);
		text_format(&t, ": %lld of %lld more", (long long)(g->top - g->usual), (long long)(held->all.top - held->all.usual));
		hypothesis_test(h, TEST_HELD_BY_ONE, sentence_take(&t));
		text_format(&t, "it is not the one who usually holds most, and had %lld", (long long)g->usual);
		hypothesis_test(h, TEST_HELD_UNUSUAL, sentence_take(&t));
		if (g->reached_us - g->begin_us >= HOLD_STEADY_US && g->steady_milli >= HOLD_STEADY_MILLI) {
			text_append_string(&t, "it took them one by one, for ");
			sentence_duration(&t, g->reached_us - g->begin_us);
			text_append_string(&t, ": as one who does not give them back");
			hypothesis_test(h, TEST_HELD_ONE_BY_ONE, sentence_take(&t));
		}
		rate_levels(s, g, h);
		h->excess.input_what = NULL; /* requests do not make a job */
	}
	if (of_one) {
		sentence_count(&t, role.count);
		text_append_string(&t, " of ");
		sentence_counted(&t, role.all, "refusal");
		text_format(&t, is_unusual_role(s, &role) ? " are of role %s, which is not the one that the log mostly tells of"
							  : " are of role %s, and no user met one of them", role.name);
		hypothesis_test(h, is_unusual_role(s, &role) ? TEST_REFUSED_ONE : TEST_REFUSED_ONE_UNMET, sentence_take(&t));
		if (!g) {
			hypothesis_count(h, s, "db.connections.exhausted", NULL, "refusals of the database");
			hypothesis_input(h, s);
		}
		if (!server_full(s)) {
			text_format(&t, "at a limit of its own (%s)", s->in->refusals[0].class);
			hypothesis_test(h, TEST_REFUSED_ITSELF, sentence_take(&t));
		}
	}
	cron(h);
	nobody_failed(s, h);
}

/* ---- pools that are too large together ---- */

static void pools(const struct scene *s, const struct held *held, struct hypothesis_list *out)
{
	struct text t = {0};
	const struct growth *g = &held->all;
	struct newcomers new = newcomers_find(s);
	int64_t begin_us = s->in->onset.at_us;
	if (held->known && g->begin_us != INSTANT_NONE && grew_enough(g, g))
		begin_us = fold_utc(&s->f->sources[s->database], g->begin_us);
	const struct change *c = server_full(s) ? start_between(s, begin_us - HOLD_START_US, begin_us + HOLD_STEP_US) : NULL;
	/* When the logs have only begun, everything is started: that is no new instance. */
	c = c && c->at.at_us >= s->before_from_us + MINUTE_US && !moment_before(&s->in->onset, &c->at) ? c : NULL;
	bool step = held->known && grew_enough(g, g) && g->reached_us - g->begin_us <= HOLD_STEP_US;
	step = step && c;
	/* An instance that was stopped and started again opens no more than it had: it must have taken them in a step, or be new. */
	if (!server_full(s) || (!new.n && !(c && step))) {
		text_append_string(&t, !server_full(s) ? "the server's connection slots were not gone"
				       : !c	       ? "no instance of an application was started right before"
						       : "the instance that was started is not new, and connections did not rise in one step with it");
		hypothesis_rule_out(out, "pool_misconfiguration", sentence_take(&t));
		return;
	}
	struct moment at = new.n ? new.at : c->at;
	struct hypothesis *h = hypothesis_add(out, "pool_misconfiguration", TIER_APP, new.n ? new.first : c->source_index, &at);
	h->is_symptom = !moment_before(&at, &s->in->onset);
	if (step) {
		text_append_string(&t, "open connections went ");
		append_growth(s, &t, g);
		text_append_string(&t, ", right behind ");
		append_start(&t, c);
		hypothesis_test(h, TEST_STEP_AT_START, sentence_take(&t));
	} else {
		text_append_string(&t, "an instance was refused within seconds of its start, ");
		sentence_time(&t, at.at_us);
		hypothesis_test(h, TEST_REFUSED_AT_START, sentence_take(&t));
	}
	if (new.n) {
		text_format(&t, "%s begins to work right before its first refusal, and others of its tier had been there", label_of(s->f, new.first));
		if (new.n > 1)
			text_format(&t, "; so do %zu more", new.n - 1);
		hypothesis_test(h, TEST_NEW_INSTANCE, sentence_take(&t));
	}
	if (new.only_they)
		hypothesis_test(h, TEST_ONLY_NEW_REFUSED, sentence_copy("of the applications only the new ones were refused"));
	other_takers(s, h);
	if (c) {
		change_support(c, h);
		evidence_copy(&c->evidence, SIZE_MAX, &h->evidence);
	}
	if (s->database != SIZE_MAX) {
		size_t source = h->source;
		h->source = s->database;
		hypothesis_count(h, s, "db.connections.exhausted", "db.max_connections", "refusals of the database");
		h->source = source;
	}
}

void hold_find(const struct scene *s, struct hypothesis_list *out)
{
	struct held held;
	if (refusal_tier(s->in) == TIER_UNKNOWN) {
		static const char *const all[] = {"connection_leak", "batch_job", "pool_misconfiguration"};
		for (size_t i = 0; i < sizeof all / sizeof *all; i++)
			hypothesis_rule_out(out, all[i], sentence_copy("no log shows a connection refused"));
		return;
	}
	held_fill(s, &held);
	leak(s, &held, out);
	batch(s, &held, out);
	pools(s, &held, out);
	held_release(&held);
}
