#include "cause/taken.h"

#include "cause/clockroot.h"
#include "cause/held.h"
#include "cause/leak.h"
#include "cause/newcomer.h"
#include "cause/phase.h"
#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/refusal.h"
#include "incident/symptom.h"

#define CRON_SLACK_US (2 * SECOND_US)

/* ---- a job ---- */

static const struct growth *intruder(const struct held *held)
{
	const struct growth *best = NULL;
	int64_t grew = held->all.top - held->all.usual;
	for (size_t i = 0; held->known && i < held->n; i++) {
		const struct growth *g = &held->names[i];
		int64_t mine = g->top - g->usual;
		if (held_is_main(held, g) || !held_grew(g, &held->all) || mine * 100 < TAKEN_ONE_SHARE * grew ||
		    g->usual * 100 > TAKEN_UNUSUAL_SHARE * g->top)
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
	text_append_string(&t, "it began within two seconds of a full minute, ");
	sentence_time(&t, h->at.at_us);
	text_append_string(&t, ", as jobs do");
	hypothesis_test(h, TEST_CRON_PHASE, sentence_take(&t));
}

/* Refusals that who serves users tells of at some time, by clocks that were not compared with the database's: perhaps of these. */
static uint64_t met_elsewhen(const struct scene *s)
{
	uint64_t n = 0;
	for (size_t i = 0; s->database != SIZE_MAX && i < s->f->n; i++) {
		const struct fold_source *from = &s->f->sources[i];
		bool serves = from->tier == TIER_APP || from->tier == TIER_POOL;
		if (!serves || !source_counts(from) || clockroot_shared(s->f, i, s->database))
			continue;
		uint64_t most = 0; /* one refusal may have two signals */
		for (size_t k = 0; k < from->series_n; k++)
			if (from->series[k].facet == FACET_NONE && symptom_refuses(from->series[k].signal) && from->series[k].total > most)
				most = from->series[k].total;
		n += most;
	}
	return n;
}

/* Whom the database refused in a phase: the role that most refusals were of. */
struct refused_role {
	const char *name;  /* borrowed; NULL: no role is printed */
	uint64_t count, all;
	const char *class; /* that most refusals are of; borrowed; NULL: none */
	bool full;         /* the server's own limit was among them */
	bool unmet;        /* no request of a user failed in the phase, as far as is known */
	uint64_t requests; /* of users in the phase, 0: not known for it alone */
	uint64_t met;      /* failed requests of these; when that is not known, refusals that those who serve users repeat */
	bool others_met;   /* users met refusals, as many as the other roles had */
	uint64_t met_all;  /* what users met: failed requests, or refusals that are repeated; UINT64_MAX: it is not known */
};

/* From its first symptom to that of the next phase; of the only one, the whole incident. UTC. */
static void window_of(const struct scene *s, const struct phases *p, size_t k, int64_t *from_us, int64_t *to_us)
{
	*from_us = k > p->first ? p->items[k].first.at_us : s->in->onset.at_us;
	*to_us = k + 1 < p->n ? p->items[k + 1].first.at_us - 1 : s->in->end.at_us;
}

/* No user's request failed, though requests are known, and no other log repeats a refusal. */
static bool serves_nobody(const struct scene *s)
{
	const struct impact *i = &s->in->impact;
	for (size_t k = 0; k < s->in->refusals_n; k++)
		if (s->in->refusals[k].echo)
			return false;
	return i->requests.known && i->requests.value && i->failed.known && !i->failed.value &&
	       2 * met_elsewhen(s) < (s->in->refused.known ? (uint64_t)s->in->refused.value : 1);
}

/* Requests of users in a phase of several, and how many of them failed; 0: it is not known. */
static uint64_t requests_in(const struct scene *s, const struct phases *p, int64_t from_us, int64_t to_us, uint64_t *failed)
{
	uint64_t came = 0;
	*failed = 0;
	if (p->n == 1 || !s->in->impact.failed.known)
		return 0;
	for (size_t i = 0; i < s->front->n; i++) {
		const struct fold_source *from = &s->f->sources[s->front->sources[i]];
		const struct fold_series *requests = fold_series_find(from, "http.requests", "", FACET_NONE, "");
		const struct fold_series *failures = fold_series_find(from, "http.failed", "", FACET_NONE, "");
		int64_t ahead_us, slack_us;
		if (!phase_ahead(s, p, s->front->sources[i], &ahead_us, &slack_us))
			return 0;
		int64_t first_us = moment_printed(from, from_us + ahead_us - slack_us), last_us = moment_printed(from, to_us + ahead_us + slack_us);
		came += requests ? symptom_count(requests, first_us, last_us) : 0;
		*failed += failures ? symptom_count(failures, first_us, last_us) : 0;
	}
	return came;
}

/* Failed requests of users, or the refusals that those who serve them repeat, in the incident or by a clock that nothing ties: whichever
 * are most. UINT64_MAX: it is not known. */
static uint64_t met_by_users(const struct scene *s, const struct phases *p, const struct refused_role *role)
{
	const struct impact *i = &s->in->impact;
	if (p->n > 1 || !i->requests.known || !i->requests.value || !i->failed.known)
		return UINT64_MAX;
	uint64_t elsewhen = met_elsewhen(s), failed = (uint64_t)i->failed.value, met = role->met > failed ? role->met : failed;
	return met > elsewhen ? met : elsewhen;
}

static struct refused_role refused_role(const struct scene *s, const struct phases *p, size_t k)
{
	struct refused_role best = {0};
	int64_t from_us, to_us;
	if (s->database == SIZE_MAX)
		return best;
	const struct fold_source *from = &s->f->sources[s->database];
	window_of(s, p, k, &from_us, &to_us);
	int64_t first_us = moment_printed(from, from_us), last_us = INT64_MIN;
	if (k == p->first && !p->first)
		first_us = moment_printed(from, hypothesis_onset(s, s->database).at_us);
	for (size_t i = 0; i < s->in->refusals_n; i++) {
		const struct refusal *r = &s->in->refusals[i];
		if (!strcmp(r->source, from->id) && r->end.at_us > last_us)
			last_us = r->end.at_us;
		best.met += r->echo && r->onset.at_us <= to_us && r->end.at_us >= from_us ? r->count : 0;
	}
	if (last_us == INT64_MIN)
		return best;
	last_us = moment_printed(from, last_us < to_us || p->n == 1 ? last_us : to_us);
	uint64_t most = 0;
	for (size_t i = 0; i < from->series_n; i++) {
		const struct fold_series *series = &from->series[i];
		if (!symptom_refuses(series->signal))
			continue;
		uint64_t n = symptom_count(series, first_us, last_us);
		if (series->facet == FACET_NONE) {
			best.all += n;
			best.full |= n && !strcmp(series->class, "db.max_connections");
			best.class = n > most ? series->class : best.class;
			most = n > most ? n : most;
		} else if (series->facet == FACET_USER && !held_unnamed(series->facet_value) && n > best.count) {
			best.count = n;
			best.name = series->facet_value;
		}
	}
	uint64_t failed;
	best.requests = requests_in(s, p, from_us, p->items[k].last.at_us, &failed);
	best.met = best.requests ? failed : best.met;
	best.unmet = best.requests ? !failed : serves_nobody(s);
	best.met_all = met_by_users(s, p, &best);
	uint64_t others = best.all > best.count ? best.all - best.count : 0;
	best.others_met = best.name && best.met_all && others >= TAKEN_OTHERS_LEAST && best.met_all <= others + others / 4;
	return best;
}

static void nobody_failed(const struct scene *s, const struct refused_role *role, struct hypothesis *h)
{
	if (!role->unmet)
		return;
	struct text t = {0};
	text_append_string(&t, "none of ");
	sentence_counted(&t, role->requests ? role->requests : (uint64_t)s->in->impact.requests.value, "request");
	text_append_string(&t, role->requests ? " of users failed meanwhile" : " of users failed");
	hypothesis_test(h, TEST_SERVES_NOBODY, sentence_take(&t));
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
	/* Who meets a limit of its own has been authorized, and that may be logged too. */
	uint64_t lines = !role->full && mine >= 2 * role->count ? 2 * role->count : role->count;
	return others >= TAKEN_REFUSED_LEAST && others > (mine > lines ? mine - lines : 0);
}

/* Nearly all that were refused are of one role that serves no users. */
static bool is_of_one(const struct scene *s, const struct refused_role *role)
{
	return role->name && role->count >= TAKEN_REFUSED_LEAST && role->count * 100 >= TAKEN_REFUSED_SHARE * role->all &&
	       2 * role->met < role->count && (is_unusual_role(s, role) || role->unmet || role->others_met);
}

/* Nothing tells whom the database refused, but those who serve users met few of the refusals. */
static bool is_of_nobody(const struct scene *s, const struct refused_role *role)
{
	return !role->name && role->full && role->all >= TAKEN_REFUSED_LEAST && role->met_all != UINT64_MAX &&
	       role->met_all * 100 <= TAKEN_MET_SHARE * role->all && !held_load_rose(s);
}

static void refused_test(const struct scene *s, const struct refused_role *role, struct hypothesis *h)
{
	struct text t = {0};
	sentence_count(&t, role->count);
	text_append_string(&t, " of ");
	sentence_counted(&t, role->all, "refusal");
	text_format(&t, " are of role %s", role->name);
	enum cause_test test = is_unusual_role(s, role) ? TEST_REFUSED_ONE : role->others_met ? TEST_REFUSED_OTHERS_MET : TEST_REFUSED_ONE_UNMET;
	if (test == TEST_REFUSED_OTHERS_MET) {
		text_append_string(&t, ", which serves no users: they met ");
		sentence_count(&t, role->met_all);
		text_append_string(&t, ", and the other roles were refused ");
		sentence_counted(&t, role->all - role->count, "time");
	} else {
		text_append_string(&t, test == TEST_REFUSED_ONE ? ", which is not the one that the log mostly tells of" : ", and no user met one of them");
	}
	hypothesis_test(h, test, sentence_take(&t));
	if (role->full)
		return;
	text_format(&t, "at a limit of its own (%s)", role->class);
	hypothesis_test(h, TEST_REFUSED_ITSELF, sentence_take(&t));
}

/* Refusals of the database in the phase are its events. */
static void refused_count(const struct scene *s, const struct phases *p, size_t k, const struct refused_role *role, struct hypothesis *h)
{
	hypothesis_count(h, s, "db.connections.exhausted", NULL, "refusals of the database");
	hypothesis_input(h, s);
	if (p->n == 1)
		return;
	int64_t from_us, to_us;
	window_of(s, p, k, &from_us, &to_us);
	h->excess.count = role->all;
	h->excess.during_us = p->items[k].last.at_us - from_us;
	h->excess.input_what = NULL; /* that is of the whole incident */
}

static void batch(const struct scene *s, const struct held *held, struct hypothesis_list *out)
{
	const struct growth *g = intruder(held);
	struct phases p = phase_find(s);
	size_t phase = p.first;
	struct refused_role role = refused_role(s, &p, phase), first = role;
	bool of_one = is_of_one(s, &role);
	while (!g && !of_one && phase + 1 < p.n) {
		role = refused_role(s, &p, ++phase);
		of_one = is_of_one(s, &role);
	}
	phase = g || of_one ? phase : p.first;
	role = g || of_one ? role : first;
	bool of_nobody = !g && !of_one && is_of_nobody(s, &first);
	struct text t = {0};
	if (!g && !of_one && !of_nobody) {
		text_append_string(&t, held->known ? "no role or application that is not the usual one took most of the connections that were opened"
						   : "no database log shows sessions before the onset");
		if (first.name && first.all) {
			text_append_string(&t, "; of ");
			sentence_counted(&t, first.all, "refusal");
			text_append_string(&t, " ");
			sentence_count(&t, first.count);
			text_format(&t, " are of role %s", first.name);
		} else if (refusal_tier(s->in) != TIER_DB) {
			text_append_string(&t, ", and the database refused nobody");
		}
		hypothesis_rule_out(out, "batch_job", sentence_take(&t));
		return;
	}
	struct moment at = g ? moment_of(&s->f->sources[s->database], g->begin_us) : phase > p.first ? p.items[phase].first : hypothesis_onset(s, s->database);
	struct hypothesis *h = hypothesis_add(out, "batch_job", TIER_DB, s->database, &at);
	h->is_symptom = !g;
	/* An application's own, by another name. */
	bool own = g && g->dimension == HOLDER_APPLICATION && held_since_start(s, held, g);
	if (phase > p.first)
		h->phase = p.items[phase].first;
	if (g) {
		text_format(&t, "%s %s went ", held_noun(g), g->name);
		held_append(s, &t, g);
		text_format(&t, ": %lld of %lld more", (long long)(g->top - g->usual), (long long)(held->all.top - held->all.usual));
		hypothesis_test(h, TEST_HELD_BY_ONE, sentence_take(&t));
		text_format(&t, "it is not the one who usually holds most, and had %lld", (long long)g->usual);
		hypothesis_test(h, TEST_HELD_UNUSUAL, sentence_take(&t));
		if (held_steady(g) || own) {
			text_append_string(&t, "it took them one by one, for ");
			sentence_duration(&t, g->reached_us - g->begin_us);
			text_append_string(&t, ": as one who does not give them back");
			hypothesis_test(h, TEST_HELD_ONE_BY_ONE, sentence_take(&t));
		}
		held_rate(s, g, h);
		h->excess.input_what = NULL; /* requests do not make a job */
	}
	if (of_one) {
		refused_test(s, &role, h);
		if (!g)
			refused_count(s, &p, phase, &role, h);
	}
	if (of_nobody) {
		text_append_string(&t, "users met ");
		sentence_count(&t, first.met_all);
		text_append_string(&t, " of ");
		sentence_counted(&t, first.all, "refusal");
		text_append_string(&t, ": the others were of what serves no users, or of who asks again and again; the log names no role");
		hypothesis_test(h, TEST_REFUSED_NOBODY, sentence_take(&t));
		refused_count(s, &p, p.first, &first, h);
	}
	if (!own)
		cron(h);
	nobody_failed(s, &role, h);
}

/* ---- pools that are too large together ---- */

static void pools(const struct scene *s, const struct held *held, struct hypothesis_list *out)
{
	struct text t = {0};
	const struct growth *g = &held->all;
	struct newcomers new = newcomers_find(s);
	int64_t begin_us = s->in->onset.at_us;
	if (held->known && g->begin_us != INSTANT_NONE && held_grew(g, g))
		begin_us = fold_utc(&s->f->sources[s->database], g->begin_us);
	const struct change *c = held_server_full(s) ? held_start_between(s, begin_us - TAKEN_START_US, begin_us + TAKEN_STEP_US) : NULL;
	/* When the logs have only begun, everything is started: that is no new instance. */
	c = c && c->at.at_us >= s->before_from_us + MINUTE_US && !moment_before(&s->in->onset, &c->at) ? c : NULL;
	bool step = held->known && held_grew(g, g) && g->reached_us - g->begin_us <= TAKEN_STEP_US;
	step = step && c;
	/* An instance that was stopped and started again opens no more than it had: it must have taken them in a step, or be new. */
	if (!held_server_full(s) || (!new.n && !(c && step))) {
		text_append_string(&t, !held_server_full(s) ? "the server's connection slots were not gone"
				       : !c	       ? "no instance of an application was started right before"
						       : "the instance that was started is not new, and connections did not rise in one step with it");
		hypothesis_rule_out(out, "pool_misconfiguration", sentence_take(&t));
		return;
	}
	struct moment at = new.n ? new.at : c->at;
	/* By its own clock it may have begun at any time. */
	if (new.n && new.apart)
		at = (struct moment){s->in->onset.at_us, s->in->onset.lower_us - LOAD_NEAR_US, s->in->onset.upper_us + LOAD_NEAR_US, NULL};
	struct hypothesis *h = hypothesis_add(out, "pool_misconfiguration", TIER_APP, new.n ? new.first : c->source_index, &at);
	h->is_symptom = !moment_before(&at, &s->in->onset);
	if (step) {
		text_append_string(&t, "open connections went ");
		held_append(s, &t, g);
		text_append_string(&t, ", right behind ");
		held_append_start(&t, c);
		hypothesis_test(h, TEST_STEP_AT_START, sentence_take(&t));
	} else {
		text_append_string(&t, "an instance was refused within seconds of its start, ");
		sentence_time(&t, new.n ? new.at.at_us : at.at_us);
		text_append_string(&t, new.n && new.apart ? " by a clock that nothing ties to the database's" : "");
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
	held_other_takers(s, out, h);
	if (c) {
		held_change_support(c, h);
		evidence_copy(&c->evidence, SIZE_MAX, &h->evidence);
	}
	if (s->database != SIZE_MAX) {
		size_t source = h->source;
		h->source = s->database;
		hypothesis_count(h, s, "db.connections.exhausted", "db.max_connections", "refusals of the database");
		h->source = source;
	}
}

void taken_find(const struct scene *s, struct hypothesis_list *out)
{
	struct held held;
	if (refusal_tier(s->in) == TIER_UNKNOWN) {
		static const char *const all[] = {"connection_leak", "batch_job", "pool_misconfiguration"};
		for (size_t i = 0; i < sizeof all / sizeof *all; i++)
			hypothesis_rule_out(out, all[i], sentence_copy("no log shows a connection refused"));
		return;
	}
	held_fill(s, &held);
	leak_find(s, &held, out);
	batch(s, &held, out);
	pools(s, &held, out);
	held_release(&held);
}
