#include "cause/trial.h"

#include "base/memory.h"
#include "cause/clockroot.h"
#include "cause/mitigation.h"
#include "cause/ratio.h"
#include "cause/roll.h"
#include "cause/rollout.h"
#include "cause/slope.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/holders.h"
#include "incident/incident.h"

#define LONG_LAG_US HOUR_US
#define RECOVERY_US (30 * MINUTE_US)
#define RECOVERY_LEAST_US MINUTE_US
/* With this chance or more of a change in as short a time before any instant, its nearness says nothing. */
enum { COINCIDENCE_PPM = 200000 };
/* So often, and in at least so long, a log must say it before the change. */
#define BEFORE_LEAST_US (2 * MINUTE_US)
enum { SAID_LEAST = 3 };

static const char *mine(const struct trial *t)
{
	return !strcmp(t->c->kind, "deploy") ? "the deploy" : "it";
}

static void append_moment(struct text *t, const struct moment *m)
{
	sentence_time(t, m->at_us);
	text_append_string(t, " (known to ");
	sentence_duration(t, moment_uncertainty(m));
	text_append_byte(t, ')');
}

/* ---- R1: did it begin before the onset? ---- */

/* The first symptom of the incident in a log by whose clock, or by one compared with it, the change is told. */
struct beside {
	bool any;
	size_t source;
	int64_t before_us; /* so long before the change; negative: after it */
	int64_t uncertainty_us;
	int64_t root_us, root_uncertainty_us; /* by the clock that its log was compared with */
};

/* `own`: in the change's own log only. */
static struct beside symptom_beside(const struct trial *t, bool own)
{
	struct beside first = {0};
	if (t->c->stated)
		return first;
	const struct fold_source *mine_of = &t->f->sources[t->c->source_index];
	int64_t mine_u, mine_us = rollout_root_us(mine_of, moment_printed(mine_of, t->c->begun_us), &mine_u);
	for (size_t i = 0; i < t->d->bursts_n; i++) {
		const struct burst *b = &t->d->bursts[i];
		bool same = b->source_index == t->c->source_index;
		if (!incident_has(t->in, b) || (own ? !same : !clockroot_shared(t->f, b->source_index, t->c->source_index)))
			continue;
		int64_t u, us = rollout_root_us(&t->f->sources[b->source_index], b->first_us, &u), own_u = u;
		/* One clock is not off against itself. */
		u = same ? mine_of->resolution_us : u + mine_u;
		if (!first.any || mine_us - us - u > first.before_us - first.uncertainty_us)
			first = (struct beside){true, b->source_index, mine_us - us, u, us, own_u};
	}
	return first;
}

/* Another instance that it reached, in whose log it began before that symptom, or may have: a rollout began with its first instance,
 * which is not the one that its own clock puts first. SIZE_MAX: none. */
static size_t began_elsewhere(const struct trial *t, const struct beside *symptom)
{
	size_t n, found = SIZE_MAX;
	struct change_instance *reached = rollout_instances(t->f, t->all, t->c, &n);
	for (size_t i = 0; i < n; i++) {
		const struct fold_source *s = &t->f->sources[reached[i].source];
		if (reached[i].source == t->c->source_index || !clockroot_shared(t->f, reached[i].source, symptom->source))
			continue;
		int64_t u, us = rollout_root_us(s, moment_printed(s, reached[i].begun_us), &u);
		u = reached[i].source == symptom->source ? s->resolution_us : u + symptom->root_uncertainty_us;
		if (us - symptom->root_us <= u)
			found = reached[i].source;
	}
	memory_free(reached);
	return found;
}

/* The clock of the change's log was compared with no other one: it prints its zone, and that is all that is known. */
static bool is_assumed(const struct trial *t)
{
	return !t->c->stated && !t->f->sources[t->c->source_index].clock.method &&
	       t->f->reference != (ptrdiff_t)t->c->source_index;
}

/* What the incident says of itself in a changed log before the change, by that log's own stamps. */
struct said_before {
	const char *class; /* borrowed; NULL: nothing */
	uint64_t n;
	int64_t before_us; /* the first of them: so long before the change */
};

/* An earlier incident had that symptom, too: where the clock is not known, what is said before the change may be of that one. */
static bool had_earlier(const struct trial *t, const struct burst *of)
{
	for (size_t i = 0; i < t->d->bursts_n; i++) {
		const struct burst *b = &t->d->bursts[i];
		if (!incident_has(t->in, b) && b->onset.at_us < t->in->onset.at_us && !strcmp(b->signal, of->signal) && !strcmp(b->class, of->class))
			return true;
	}
	return false;
}

/* A symptom of the incident that names what fails (a status of HTTP does not), some times as long before the change as the incident
 * lasted, and never earlier in that log. */
static struct said_before said_before(const struct trial *t, size_t source, int64_t begun_us)
{
	const struct fold_source *s = &t->f->sources[source];
	int64_t lasted_us = t->in->end.at_us - t->in->onset.at_us, at_us = moment_printed(s, begun_us);
	int64_t from_us = at_us - (lasted_us > BEFORE_LEAST_US ? lasted_us : BEFORE_LEAST_US);
	for (size_t i = 0; i < t->d->bursts_n; i++) {
		const struct burst *b = &t->d->bursts[i];
		if (!incident_has(t->in, b) || !strncmp(b->signal, "http.", 5) || had_earlier(t, b))
			continue;
		const struct fold_series *series = fold_series_find(s, b->signal, b->class, FACET_NONE, "");
		struct said_before said = {b->class, 0, 0};
		bool earlier = false;
		for (size_t k = 0; series && k < series->n; k++) {
			const struct bin *bin = &series->bins[k].bin;
			int64_t start_us = (int64_t)bin->start_s * SECOND_US;
			if (start_us + bin->last_us + s->resolution_us > at_us)
				break;
			earlier |= start_us + bin->first_us < from_us;
			said.before_us = said.n ? said.before_us : at_us - start_us - bin->first_us;
			said.n += bin->n;
		}
		if (!earlier && said.n >= SAID_LEAST)
			return said;
	}
	return (struct said_before){NULL, 0, 0};
}

/* Which instance was changed first is not known where their clocks are not: then each of their logs must say so. */
static bool said_everywhere(const struct trial *t)
{
	for (size_t i = 0; i < t->c->instances_n; i++) {
		const struct change_instance *x = &t->c->instances[i];
		if (!clockroot_shared(t->f, x->source, t->c->source_index) && !said_before(t, x->source, x->begun_us).class)
			return false;
	}
	return true;
}

enum trial_result trial_temporality(const struct trial *t, struct text *text, struct text *expected)
{
	const struct moment *onset = &t->in->onset;
	const struct change *c = t->c;
	int64_t early_us = c->at.at_us - c->begun_us;
	struct moment begun = {c->begun_us, c->at.lower_us - early_us, c->at.upper_us, NULL};
	text_append_string(text, "onset ");
	append_moment(text, onset);
	text_format(text, ", %s began ", mine(t));
	append_moment(text, &c->at);
	if (early_us >= SECOND_US) {
		text_append_string(text, "; its first steps are not logged: it may have begun ");
		sentence_duration(text, early_us);
		text_append_string(text, " before that");
	}
	text_append_string(expected, "no symptom before ");
	sentence_time(expected, begun.lower_us);
	struct beside own = symptom_beside(t, true), near = symptom_beside(t, false);
	bool later = t->ordered && t->after && (moment_before(onset, &begun) || begun.at_us - onset->at_us >= begun.upper_us - c->at.at_us);
	/* Where nothing but one clock tells of both, order is proved although the clock may be off by more. */
	if (later && !moment_before(onset, &begun) && early_us > 0)
		later = c->begun_us > onset->upper_us;
	size_t elsewhere = near.any && near.before_us > near.uncertainty_us ? began_elsewhere(t, &near) : SIZE_MAX;
	if (elsewhere != SIZE_MAX) {
		later = false;
		text_format(text, "; by clocks that were compared it began in %s, before the first symptom or about then", label_of(t->f, elsewhere));
	} else if (near.any && near.before_us > near.uncertainty_us) {
		later = true;
		text_format(text, near.source == c->source_index ? "; the same log has the first symptom "
								 : "; by clocks that were compared the first symptom in %s came ",
			    label_of(t->f, near.source));
		sentence_duration(text, near.before_us);
		text_append_string(text, " before it");
	} else if (later && own.any && is_assumed(t)) {
		later = false;
		text_append_string(text, "; but the same log, whose clock nothing proves right, has the first symptom ");
		sentence_duration(text, own.before_us);
		text_append_string(text, " after it");
	} else if (!later && is_assumed(t)) {
		struct said_before said = said_before(t, t->c->source_index, c->begun_us);
		if (said.class && said_everywhere(t)) {
			later = true;
			text_format(text, "; but its own log, whose clock nothing proves right, says %s ", said.class);
			sentence_counted(text, said.n, "time");
			text_append_string(text, " before it, the first ");
			sentence_duration(text, said.before_us);
			text_append_string(text, " before it, and never earlier");
		}
	}
	if (later) {
		if (t->ordered && t->after) {
			text_append_string(text, ": the onset came ");
			sentence_duration(text, begun.at_us - onset->at_us);
			text_append_string(text, " before it");
		}
		return TRIAL_REFUTES;
	}
	text_append_string(text, !t->ordered || t->after ? ": which was first is not proved" : ": it came first, as a cause does, and as most changes do that are none");
	return TRIAL_NO_EVIDENCE;
}

/* ---- R3: did the failures end when it was taken back? ---- */

static const struct change *taken_back_by(const struct trial *t)
{
	for (size_t i = 0; i < t->all->n; i++) {
		const struct change *c = &t->all->items[i];
		if (c != t->c && c->at.at_us > t->in->onset.at_us && c->at.at_us <= t->in->end.at_us && mitigation_takes_back(c, t->c))
			return c;
	}
	return NULL;
}

/* Something else that was done near it, which the failures may have answered; NULL: nothing. */
static const struct change *done_beside(const struct trial *t, const struct change *back)
{
	for (size_t i = 0; i < t->all->n; i++) {
		const struct change *c = &t->all->items[i];
		bool near = c->at.at_us >= back->at.at_us - CURVE_ANSWER_US && c->at.at_us <= back->at.at_us + CURVE_ANSWER_US;
		bool same = c == back || c == t->c || (c->service && back->service && !strcmp(c->service, back->service));
		bool doing = mitigation_is(c) || !strcmp(c->kind, "deploy") || !strcmp(c->kind, "crash");
		/* People state what logs show, too. */
		same |= (!c->stated != !back->stated) && mitigation_takes_back(c, t->c);
		if (near && !same && doing && c->at.at_us > t->in->onset.at_us)
			return c;
	}
	return NULL;
}

enum trial_result trial_rollback(const struct trial *t, struct text *text, struct text *expected)
{
	const struct change *back = taken_back_by(t);
	if (!back || t->after) {
		text_append_string(text, t->after ? "it began after the onset" : "no log says that it was taken back during the incident");
		return TRIAL_NOT_APPLICABLE;
	}
	int64_t to_us = back->end_us != INSTANT_NONE && back->end_us > back->at.at_us ? back->end_us : back->at.at_us;
	char *numbers;
	int64_t fell_us;
	enum curve_answer answer = curves_answer(t->curves, t->in, back->at.at_us, to_us, &numbers, &fell_us);
	text_append_string(text, "taken back at ");
	sentence_time(text, back->at.at_us);
	text_format(text, ": %s", numbers);
	memory_free(numbers);
	text_append_string(expected, "failures below 10 % of their peak within 5 min of ");
	sentence_time(expected, back->at.at_us);
	if (answer == CURVE_NO)
		return TRIAL_REFUTES;
	if (answer == CURVE_UNDETERMINED)
		return TRIAL_NO_EVIDENCE;
	const struct change *other = done_beside(t, back);
	if (other) {
		text_format(text, "; but within 5 min of it came, too: %s", other->summary);
		return TRIAL_NO_EVIDENCE;
	}
	uint64_t before = front_count(t->f, t->front, "http.requests", back->at.at_us - MINUTE_US, back->at.at_us, FRONT_BEFORE);
	uint64_t after = front_count(t->f, t->front, "http.requests", to_us, to_us + MINUTE_US, FRONT_BEFORE);
	if (after < before - before / 2) {
		text_append_string(text, "; but so did the requests, from ");
		sentence_count(text, before);
		text_append_string(text, " to ");
		sentence_count(text, after);
		text_append_string(text, " a minute");
		return TRIAL_NO_EVIDENCE;
	}
	return TRIAL_SUPPORTS;
}

/* ---- R4: did the failures end although it stayed? ---- */

/* Requests of the component between two instants; of the front where its own logs have none. */
static uint64_t requests_of(const struct trial *t, int64_t from_us, int64_t to_us)
{
	struct front own = {TIER_UNKNOWN, t->component->sources, t->component->n};
	uint64_t n = front_count(t->f, &own, "http.requests", from_us, to_us, FRONT_BEFORE);
	return n ? n : front_count(t->f, t->front, "http.requests", from_us, to_us, FRONT_BEFORE);
}

static const struct change *ended_by(const struct trial *t, int64_t until_us)
{
	for (size_t i = 0; i < t->all->n; i++) {
		const struct change *c = &t->all->items[i];
		if (c == t->c || c->at.at_us <= t->in->onset.at_us || c->at.at_us > until_us)
			continue;
		bool own = c->service && t->c->service && !strcmp(c->service, t->c->service);
		if (mitigation_is(c) || !strcmp(c->kind, "crash") || (own && (!strcmp(c->kind, "deploy") || !strcmp(c->kind, "stop"))))
			return c;
	}
	return NULL;
}

enum trial_result trial_recovery(const struct trial *t, struct text *text, struct text *expected)
{
	const struct incident *in = t->in;
	int64_t lasted_us = in->end.at_us - in->onset.at_us, watch_us = lasted_us < RECOVERY_US ? lasted_us : RECOVERY_US;
	watch_us = watch_us > RECOVERY_LEAST_US ? watch_us : RECOVERY_LEAST_US;
	if (t->after || in->ongoing) {
		text_append_string(text, t->after ? "it began after the onset" : "the logs end before the incident does");
		return TRIAL_NOT_APPLICABLE;
	}
	const struct change *other = ended_by(t, in->end.at_us + watch_us);
	if (other) {
		text_append_string(text, "something was done that may have ended it: ");
		text_append_string(text, other->summary);
		return TRIAL_NO_EVIDENCE;
	}
	text_append_string(expected, "failures for as long as it ran");
	if (t->d->window_end_us < in->end.at_us + watch_us) {
		text_append_string(text, "the logs end ");
		sentence_duration(text, t->d->window_end_us - in->end.at_us);
		text_append_string(text, " after the end: too soon to tell");
		return TRIAL_NO_EVIDENCE;
	}
	int64_t usual_us = in->onset.at_us - watch_us;
	uint64_t usual = requests_of(t, usual_us, in->onset.at_us), since = requests_of(t, in->end.at_us, in->end.at_us + watch_us);
	text_append_string(text, "in the ");
	sentence_duration(text, watch_us);
	text_append_string(text, " after the end it ran on and ");
	sentence_counted(text, since, "request");
	text_append_string(text, " came (as long before the onset: ");
	sentence_count(text, usual);
	text_append_byte(text, ')');
	if (!usual || usual_us < t->d->window_start_us) {
		text_append_string(text, ": what is usual is not known");
		return TRIAL_NO_EVIDENCE;
	}
	return since >= usual - usual / 2 ? TRIAL_REFUTES : TRIAL_NO_EVIDENCE;
}

/* ---- R6: may it be chance? ---- */

static bool is_delivery(const char *kind)
{
	return !strcmp(kind, "deploy") || !strcmp(kind, "rollback");
}

enum trial_result trial_coincidence(const struct trial *t, struct text *text, struct text *expected)
{
	int64_t lag_us = t->in->onset.at_us - t->c->at.at_us, window_us = t->d->window_end_us - t->d->window_start_us;
	if (t->after || lag_us < 0 || window_us <= 0) {
		text_append_string(text, "it began after the onset");
		return TRIAL_NOT_APPLICABLE;
	}
	uint64_t others = 0, earlier = 0, followed = 0;
	for (size_t i = 0; i < t->all->n; i++) {
		const struct change *c = &t->all->items[i];
		bool kin = !strcmp(c->kind, t->c->kind) || (is_delivery(c->kind) && is_delivery(t->c->kind));
		int64_t apart_us = c->at.at_us > t->c->at.at_us ? c->at.at_us - t->c->at.at_us : t->c->at.at_us - c->at.at_us;
		/* What is stated and what a log shows of it are one. */
		if (c == t->c || !kin || (!c->stated != !t->c->stated && apart_us <= ROLL_US))
			continue;
		others++;
		if (c->at.at_us >= t->c->at.at_us)
			continue;
		earlier++;
		for (size_t k = 0; k < t->d->incidents_n; k++)
			if (t->d->incidents[k].onset.at_us >= c->at.at_us && t->d->incidents[k].onset.at_us - c->at.at_us <= lag_us) {
				followed++;
				break;
			}
	}
	__extension__ typedef unsigned __int128 wide;
	wide micro = (wide)others * (uint64_t)lag_us * 1000000u / (uint64_t)window_us;
	int64_t chance = ratio_chance_ppm(micro > UINT32_MAX ? UINT32_MAX : (uint64_t)micro);
	sentence_counted(text, others, !strcmp(t->c->kind, "deploy") ? "other deploy" : "other change");
	text_append_string(text, others && strcmp(t->c->kind, "deploy") ? " of its kind in " : " in ");
	sentence_duration(text, window_us);
	text_append_string(text, " of logs");
	if (!others) {
		text_append_string(text, ": how often they come is not known");
		return TRIAL_NO_EVIDENCE;
	}
	text_append_string(text, ": within ");
	sentence_duration(text, lag_us);
	text_append_string(text, " before any instant one comes by chance in ");
	sentence_share(text, chance);
	if (earlier) {
		text_append_string(text, "; after ");
		sentence_count(text, followed);
		text_append_string(text, " of ");
		sentence_count(text, earlier);
		text_append_string(text, " earlier ones an incident began as soon");
	}
	text_append_string(expected, "a change so rare, or so soon before, that chance is under 20 %");
	/* Where earlier ones were followed by incidents, too, chance is no better an answer than a habit. */
	return chance >= COINCIDENCE_PPM && followed * 2 <= earlier ? TRIAL_REFUTES : TRIAL_NO_EVIDENCE;
}

/* ---- R7: so long before, and nothing grew meanwhile? ---- */

struct ramp {
	int64_t levels[SLOPE_MOST];
	size_t n;
	int64_t from_us, step_us; /* UTC */
	bool known;
};

static size_t ramp_step(const struct ramp *r, int64_t at_us)
{
	return at_us <= r->from_us ? 0 : (size_t)((at_us - r->from_us) / r->step_us);
}

/* Open connections of all databases, the largest of each step. */
static void sessions_ramp(const struct trial *t, struct ramp *r)
{
	for (size_t i = 0; i < t->f->n; i++) {
		const struct fold_source *s = &t->f->sources[i];
		struct session_cell *levels = NULL;
		size_t n = source_counts(s) && s->tier == TIER_DB ? holders_levels(t->f, i, HOLDER_USER, NULL, &levels) : 0, at = 0;
		int64_t level = 0;
		for (size_t k = 0; n && k < r->n; k++) {
			int64_t most = level, end_us = moment_printed(s, r->from_us + (int64_t)(k + 1) * r->step_us);
			for (; at < n && (int64_t)levels[at].start_s * SECOND_US < end_us; at++) {
				level = levels[at].delta;
				most = level > most ? level : most;
			}
			r->levels[k] += most;
		}
		r->known |= n > 0;
		memory_free(levels);
	}
}

/* Requests in flight: request-milliseconds per step. */
static void busy_ramp(const struct trial *t, struct ramp *r)
{
	for (size_t i = 0; i < t->front->n; i++) {
		const struct fold_source *s = &t->f->sources[t->front->sources[i]];
		for (size_t e = 0; e < s->entries_n; e++) {
			const struct part *p = t->f->tally->entries[s->entries[e]].part;
			r->known |= p->busy_known;
			for (size_t k = 0; k < p->busy_n; k++) {
				int64_t at = fold_utc(s, (int64_t)p->busy[k].start_s * SECOND_US);
				if (at >= r->from_us && ramp_step(r, at) < r->n)
					r->levels[ramp_step(r, at)] += (int64_t)(p->busy[k].us / 1000 < (UINT64_C(1) << 32) ? p->busy[k].us / 1000 : UINT64_C(1) << 32);
			}
		}
	}
}

static bool rises(const struct ramp *r, const char *what, struct text *text)
{
	struct slope s;
	if (!r->known || !slope_find(r->levels, r->n, &s))
		return false;
	text_format(text, "; %s: %s%lld to %lld (95 %%) a step of ", what, s.micro > 0 ? "" : "", (long long)(s.lower / 1000000),
		    (long long)(s.upper / 1000000));
	sentence_duration(text, r->step_us);
	return s.lower > 0;
}

enum trial_result trial_lag(const struct trial *t, struct text *text, struct text *expected)
{
	int64_t lag_us = t->in->onset.at_us - t->c->at.at_us;
	if (t->after || lag_us <= LONG_LAG_US) {
		text_append_string(text, t->after ? "it began after the onset" : "it began less than 60 min before the onset: ");
		if (!t->after)
			sentence_duration(text, lag_us);
		return TRIAL_NOT_APPLICABLE;
	}
	struct ramp sessions = {.from_us = t->c->at.at_us, .step_us = MINUTE_US};
	while (lag_us / sessions.step_us > SLOPE_MOST)
		sessions.step_us *= 2;
	sessions.n = (size_t)(lag_us / sessions.step_us);
	struct ramp busy = sessions;
	sessions_ramp(t, &sessions);
	busy_ramp(t, &busy);
	text_append_string(text, "it began ");
	sentence_duration(text, lag_us);
	text_append_string(text, " before the onset");
	text_append_string(expected, "open connections or requests in flight that grow from then on");
	if (!sessions.known && !busy.known) {
		text_append_string(text, "; neither open connections nor requests in flight are logged: a slow ramp would not be seen");
		return TRIAL_NO_EVIDENCE;
	}
	bool ramp = rises(&sessions, "open connections", text);
	ramp |= rises(&busy, "request-milliseconds in flight", text);
	/* A leak shows in the connections: without them a flat load alone excludes nothing. */
	return ramp || !sessions.known ? TRIAL_NO_EVIDENCE : TRIAL_REFUTES;
}
