#include "cause/score.h"

#include <stdlib.h>

#include "cause/phase.h"
#include "cause/statistic.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/deviance.h"

#define DOSE_LAG_US MINUTE_US

static void give(struct hypothesis *h, enum cause_part part, int64_t points, struct text *t)
{
	h->parts[part].points = points;
	h->parts[part].text = sentence_take(t);
}

/* points * share / whole, rounded to the nearest. whole > 0. */
static int64_t part_of(int64_t points, int64_t share, int64_t whole)
{
	int64_t twice = 2 * points * share;
	return (twice + (twice < 0 ? -whole : whole)) / (2 * whole);
}

static void mechanism(struct hypothesis *h)
{
	struct text t = {0};
	int64_t strength = h->strength < 0 ? 0 : h->strength > 1000 ? 1000 : h->strength;
	sentence_counted(&t, h->for_n, "test");
	text_append_string(&t, h->for_n == 1 ? " speaks for it, " : " speak for it, ");
	sentence_count(&t, h->against_n);
	text_format(&t, " against: strength %lld of 1000", (long long)strength);
	give(h, PART_MECHANISM, part_of(SCORE_MECHANISM, strength, 1000), &t);
}

/* What was to be expected of its events, thousandths: (before + 1/2) as often as its own input came, else as long as it lasted. */
static uint64_t expected_milli(const struct excess *v)
{
	uint64_t now = v->input_what ? v->input : (uint64_t)(v->during_us > SECOND_US ? v->during_us : SECOND_US);
	uint64_t then = v->input_what ? v->input_before : (uint64_t)(v->before_us > SECOND_US ? v->before_us : SECOND_US);
	return deviance_expected(v->before, now ? now : 1, then);
}

static void severity(struct hypothesis *h)
{
	const struct excess *v = &h->excess;
	struct text t = {0};
	if (!v->what) {
		text_append_string(&t, "it has no events to count");
		give(h, PART_SEVERITY, 0, &t);
		return;
	}
	uint64_t expected = expected_milli(v);
	int64_t z = deviance_milli(v->count, expected);
	sentence_count(&t, v->count);
	text_format(&t, " %s, ", v->what);
	sentence_count(&t, v->before);
	text_append_string(&t, " before; ");
	if (v->input_what)
		text_format(&t, "by %s, ", v->input_what);
	else
		text_append_string(&t, "by time alone (no own input is counted), ");
	if (expected < 10000)
		text_format(&t, "%llu.%llu", (unsigned long long)expected / 1000, (unsigned long long)expected / 100 % 10);
	else
		sentence_count(&t, expected / 1000);
	text_format(&t, " would be expected: %s%lld.%lld standard deviations", z < 0 ? "-" : "", (long long)(z < 0 ? -z : z) / 1000,
		    (long long)(z < 0 ? -z : z) / 100 % 10);
	int64_t most = z > 10000 ? 10000 : z < 0 ? 0 : z;
	give(h, PART_SEVERITY, part_of(SCORE_SEVERITY, most, 10000), &t);
}

/* P(it began before the onset), millionths. The width of a uniform interval is its standard deviation times sqrt 12; of two clocks the
 * variances add; within one log only the stamps' resolution is uncertain. */
static int64_t before_ppm(const struct hypothesis *h, const struct moment *b)
{
	const struct moment *a = &h->at;
	uint64_t wide_a = (uint64_t)(a->upper_us - a->lower_us), wide_b = (uint64_t)(b->upper_us - b->lower_us);
	uint64_t spread = statistic_hypotenuse(wide_a, wide_b);
	int64_t apart = b->at_us - a->at_us;
	const int64_t limit = 100 * DAY_US, root_12_milli = 3464;
	apart = apart > limit ? limit : apart < -limit ? -limit : apart;
	int64_t x = apart * root_12_milli / (int64_t)(spread ? spread : 1);
	return statistic_normal(x > 10000 ? 10000 : x < -10000 ? -10000 : x);
}

static bool is_load(const char *cause)
{
	return !strcmp(cause, "traffic_surge") || !strcmp(cause, "retry_storm");
}

/* What it should come before: the first symptom in its own log, where it has some; else the incident's onset. */
static struct moment reference(const struct scene *s, const struct hypothesis *h)
{
	if (h->phase.at_us != INSTANT_NONE)
		return h->phase;
	if (is_load(h->cause))
		return s->load->onset;
	const struct burst *failed = h->waits_first ? hypothesis_failed(s, h->source) : NULL;
	if (failed && failed->source_index != h->source)
		return failed->onset;
	struct moment onset = failed ? failed->onset : hypothesis_onset(s, h->source);
	if (onset.at_us == s->in->onset.at_us || h->source == SIZE_MAX)
		return s->in->onset;
	/* One clock: only the stamps' resolution is uncertain. */
	int64_t resolution_us = s->f->sources[h->source].resolution_us > 0 ? s->f->sources[h->source].resolution_us : 1;
	return (struct moment){onset.at_us, onset.at_us, onset.at_us + resolution_us, NULL};
}

static void order(const struct scene *s, const struct phases *p, struct hypothesis *h)
{
	struct text t = {0};
	h->in_order = h->is_symptom;
	if (h->is_symptom) {
		text_append_string(&t, "its own messages are the first symptom, at ");
		sentence_time(&t, h->at.at_us);
		give(h, PART_ORDER, SCORE_ORDER, &t);
		return;
	}
	struct moment onset = reference(s, h);
	h->in_order = moment_before(&h->at, &onset);
	int64_t ppm = before_ppm(h, &onset), after_us = h->at.at_us - onset.at_us;
	text_append_string(&t, "it began at ");
	sentence_time(&t, h->at.at_us);
	text_append_string(&t, ", ");
	sentence_duration(&t, after_us);
	text_append_string(&t, after_us > 0 ? " after the " : " before the ");
	text_append_string(&t, onset.at_us == s->in->onset.at_us ? "onset" : h->phase.at_us != INSTANT_NONE ? "first symptom of its phase" : h->waits_first ? "first failure" : "first burst in the same log");
	text_append_string(&t, ", certain to ");
	sentence_duration(&t, moment_uncertainty(&h->at) + moment_uncertainty(&onset));
	if (p->first && !h->later) {
		text_append_string(&t, "; what failed before, to ");
		sentence_time(&t, p->items[p->first - 1].last.at_us);
		text_format(&t, ", lies within a %s", p->items[p->first - 1].deploy->kind);
	}
	give(h, PART_ORDER, part_of(SCORE_ORDER, 2 * ppm - 1000000, 1000000), &t);
}

/* When a phase with a cause of its own begins behind that of the hypothesis; INT64_MAX: none does. */
static int64_t next_phase_us(const struct phases *p, const struct hypothesis_list *list, const struct hypothesis *h)
{
	int64_t next_us = INT64_MAX;
	for (size_t i = 0; i < list->n; i++) {
		const struct hypothesis *x = &list->items[i];
		if (!x->ruled_out && x->later > h->later && x->strength >= SCORE_KNOWN_STRENGTH && p->items[p->first + x->later].first.at_us < next_us)
			next_us = p->items[p->first + x->later].first.at_us;
	}
	return next_us;
}

/* False: there are no failures in its phase. */
static bool coverage(const struct scene *s, const struct phases *p, const struct hypothesis_list *list, struct hypothesis *h)
{
	struct text t = {0};
	int64_t step = s->impact->step_us, next_us = next_phase_us(p, list, h);
	bool parted = h->later || next_us != INT64_MAX;
	/* Failures in its time: from its step on, to the end of it. */
	int64_t first_us = parted ? p->items[p->first + h->later].first.at_us : s->in->onset.at_us;
	int64_t last_us = next_us != INT64_MAX ? next_us / step * step - 1 : s->in->end.at_us;
	uint64_t all = track_sum(s->impact, first_us / step * step, last_us + 1);
	int64_t from = h->at.lower_us > first_us ? h->at.lower_us : first_us;
	int64_t to = h->until_us < last_us ? h->until_us : last_us;
	uint64_t here = to >= from ? track_sum(s->impact, from / step * step, to + 1) : 0;
	if (!s->impact_what || !all) {
		text_append_string(&t, parted && s->impact_what ? "no failure of a request is known in its phase" : "no failure of a request is known");
		give(h, PART_COVERAGE, 0, &t);
		return false;
	}
	sentence_count(&t, here);
	text_append_string(&t, " of ");
	sentence_count(&t, all);
	text_format(&t, " %s%s fall in its time", s->impact_what, parted ? " of its phase" : "");
	give(h, PART_COVERAGE, part_of(SCORE_COVERAGE, (int64_t)(here < INT32_MAX ? here : INT32_MAX), (int64_t)(all < INT32_MAX ? all : INT32_MAX)), &t);
	return true;
}

static void dose(const struct scene *s, bool failures, struct hypothesis *h)
{
	struct text t = {0};
	const struct track *impact = s->impact;
	size_t lags = (size_t)(DOSE_LAG_US / impact->step_us) + 1, best_lag = 0;
	int64_t best = INT64_MIN;
	for (size_t lag = 0; failures && h->rate.n == impact->n && lag < lags && lag + 3 < impact->n; lag++) {
		int64_t r = statistic_spearman(h->rate.counts, impact->counts + lag, impact->n - lag);
		if (r > best) {
			best = r;
			best_lag = lag;
		}
	}
	if (best == INT64_MIN) {
		text_append_string(&t, failures ? "it has no events to compare with the failures" : h->parts[PART_COVERAGE].text);
		give(h, PART_DOSE, 0, &t);
		return;
	}
	text_format(&t, "rank correlation with the %s %s0.%03lld", s->impact_what, best < 0 ? "-" : "", (long long)(best < 0 ? -best : best) % 1000);
	if (best >= 1000) {
		text_clear(&t);
		text_format(&t, "rank correlation with the %s 1.000", s->impact_what);
	}
	text_append_string(&t, best_lag ? ", which follow by " : ", in steps of ");
	sentence_duration(&t, best_lag ? (int64_t)best_lag * impact->step_us : impact->step_us);
	give(h, PART_DOSE, part_of(SCORE_DOSE, best > 0 ? best : 0, 1000), &t);
}

/* Of two on one tier, which explains the other: X(cause, symptom). */
#define SAME_TIER(X) \
	X("lock_contention", "slow_queries") \
	X("lock_contention", "connection_leak") \
	X("slow_queries", "connection_leak") \
	X("batch_job", "connection_leak") \
	X("connection_leak", "batch_job") \
	X("batch_job", "slow_queries") \
	X("pool_misconfiguration", "connection_leak") \
	X("database_crash", "database_restart") \
	X("database_crash", "slow_queries") \
	X("database_crash", "os_limit") \
	X("database_restart", "slow_queries") \
	X("os_limit", "slow_queries")

/* A limit that a message states is what the load ran into: that it is too low for the load is no mere symptom of it. */
static bool is_stated(const struct hypothesis *h)
{
	return h->strength >= hypothesis_strength(TEST_STATED) || h->is_symptom;
}

/* No load stops a database. */
static bool is_halt(const char *cause)
{
	return !strcmp(cause, "database_crash") || !strcmp(cause, "database_restart");
}

static bool may_explain(const struct topology *t, const struct hypothesis *cause, const struct hypothesis *symptom)
{
	static const char *const same[][2] = {
#define X(cause, symptom) {cause, symptom},
		SAME_TIER(X)
#undef X
	};
	/* What is itself undetermined takes nothing away from others. */
	if (cause->far || cause->strength < SCORE_KNOWN_STRENGTH)
		return false;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		if (!strcmp(cause->cause, same[i][0]) && !strcmp(symptom->cause, same[i][1]))
			return true;
	if (is_load(symptom->cause))
		return false;
	struct topology_end to = {cause->tier, cause->source}, from = {symptom->tier, symptom->source};
	return is_load(cause->cause) ? !is_stated(symptom) && !is_halt(symptom->cause) && topology_calls(t, to, from)
				     : topology_calls(t, from, to);
}

static void explained(const struct scene *s, struct hypothesis_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		struct hypothesis *h = &list->items[i];
		const struct hypothesis *by = NULL;
		for (size_t k = 0; k < list->n && !h->ruled_out; k++) {
			const struct hypothesis *other = &list->items[k];
			if (other == h || other->ruled_out || other->later != h->later || !may_explain(s->topology, other, h) || other->before_explaining < h->before_explaining ||
			    other->at.at_us > h->at.upper_us || (by && by->before_explaining >= other->before_explaining))
				continue;
			by = other;
		}
		if (h->ruled_out)
			continue;
		struct text t = {0};
		if (by) {
			text_format(&t, "%s (%lld points without this term) is not later and lies on the way to it", by->cause,
				    (long long)by->before_explaining);
			give(h, PART_EXPLAINED, -SCORE_EXPLAINED, &t);
		} else {
			text_append_string(&t, "nothing that speaks at least as much for itself explains it");
			give(h, PART_EXPLAINED, 0, &t);
		}
	}
}

/* What is told first: of these the causes of the first phase, whatever speaks for those of later ones; then what was ruled out last. */
static int by_score(const void *a, const void *b)
{
	const struct hypothesis *x = a, *y = b;
	if (x->told != y->told)
		return x->told ? -1 : 1;
	if (x->told && !x->later != !y->later)
		return x->later ? 1 : -1;
	if (!x->ruled_out != !y->ruled_out)
		return x->ruled_out ? 1 : -1;
	if (!x->ruled_out && x->score != y->score)
		return x->score < y->score ? 1 : -1;
	int order = strcmp(x->cause, y->cause);
	return order ? order : x->source < y->source ? -1 : x->source > y->source;
}

/* What is proved to come after the onset cannot have caused it. */
static void rule_out_later(const struct scene *s, struct hypothesis *h)
{
	struct moment onset = reference(s, h);
	/* A storm of repeated requests is what makes a short failure long: it has to come later, and has no points for order. */
	if (h->ruled_out || h->is_symptom || !strcmp(h->cause, "retry_storm") || !moment_before(&onset, &h->at))
		return;
	struct text t = {0};
	text_append_string(&t, "it began ");
	sentence_duration(&t, h->at.at_us - onset.at_us);
	text_append_string(&t, " after the onset (");
	sentence_time(&t, h->at.at_us);
	text_append_string(&t, "): what comes later is no cause of it");
	h->ruled_out = sentence_take(&t);
}

/* Another one of the same phase and cause that has more points, or as many and stands before it. */
static bool is_again(const struct hypothesis_list *list, size_t i)
{
	for (size_t k = 0; k < list->n; k++) {
		const struct hypothesis *x = &list->items[i], *y = &list->items[k];
		if (k != i && !y->ruled_out && x->later == y->later && !strcmp(x->cause, y->cause) && (y->score > x->score || (y->score == x->score && k < i)))
			return true;
	}
	return false;
}

/* Of each cause of a phase once. */
static int64_t all_points(const struct hypothesis_list *list, size_t later)
{
	int64_t sum = 0;
	for (size_t i = 0; i < list->n; i++)
		if (list->items[i].later == later && !list->items[i].ruled_out && list->items[i].score > 0 && !is_again(list, i))
			sum += list->items[i].score;
	return sum;
}

/* To which phase each belongs: what began when a phase was over is no cause of it. */
static void part_phases(const struct scene *s, const struct phases *p, struct hypothesis_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		struct hypothesis *h = &list->items[i];
		bool own = h->phase.at_us != INSTANT_NONE;
		size_t k = h->ruled_out ? p->first : own ? phase_at(p, h->phase.at_us) : phase_of(s, p, &h->at, h->source);
		h->later = k > p->first && k < p->n ? k - p->first : 0;
		if (!h->ruled_out && !own && (h->later || p->first))
			h->phase = p->items[p->first + h->later].first;
	}
}

/* A later phase has a cause, and the first has none: that is said in its place, or the later one would be taken for what began it. */
static void none_first(const struct phases *p, struct hypothesis_list *list)
{
	bool first = false, later = false;
	for (size_t i = 0; i < list->n; i++) {
		first |= list->items[i].told && !list->items[i].later;
		later |= list->items[i].told && list->items[i].later;
	}
	if (first || !later)
		return;
	struct hypothesis *h = hypothesis_add(list, "none", TIER_UNKNOWN, SIZE_MAX, &p->items[p->first].first);
	h->told = true;
	for (size_t k = 0; k < PART_COUNT; k++) {
		struct text t = {0};
		text_append_string(&t, "no cause of the first phase is known");
		give(h, (enum cause_part)k, 0, &t);
	}
}

void score_all(const struct scene *s, struct hypothesis_list *list)
{
	struct phases p = phase_find(s);
	part_phases(s, &p, list);
	for (size_t i = 0; i < list->n; i++)
		rule_out_later(s, &list->items[i]);
	for (size_t i = 0; i < list->n; i++) {
		struct hypothesis *h = &list->items[i];
		if (h->ruled_out)
			continue;
		mechanism(h);
		severity(h);
		order(s, &p, h);
		dose(s, coverage(s, &p, list, h), h);
		for (size_t k = 0; k < PART_EXPLAINED; k++)
			h->before_explaining += h->parts[k].points;
	}
	explained(s, list);
	for (size_t i = 0; i < list->n; i++)
		list->items[i].score = list->items[i].before_explaining + list->items[i].parts[PART_EXPLAINED].points;
	for (size_t i = 0; i < list->n; i++) {
		struct hypothesis *h = &list->items[i];
		h->told = !h->ruled_out && h->score >= SCORE_LEAST && h->score * 100 >= all_points(list, h->later) * SCORE_LEAST_SHARE;
	}
	none_first(&p, list);
	if (list->n)
		qsort(list->items, list->n, sizeof *list->items, by_score);
}

size_t score_told(const struct hypothesis_list *list)
{
	size_t n = 0;
	while (n < list->n && n < SCORE_MOST && list->items[n].told)
		n++;
	return n;
}

const char *score_word(const struct hypothesis_list *list, size_t i)
{
	const struct hypothesis *h = &list->items[i];
	/* Of its phase: the best, and the next that is another cause. */
	int64_t next = 0;
	bool best = true;
	for (size_t k = 0; k < list->n; k++) {
		const struct hypothesis *x = &list->items[k];
		if (k == i || x->ruled_out || x->later != h->later)
			continue;
		best &= k > i;
		next = strcmp(x->cause, h->cause) && x->score > next ? x->score : next;
	}
	if (h->strength < SCORE_KNOWN_STRENGTH)
		return "undetermined";
	/* What nobody knows the first cause of has no probable one. */
	best &= !h->later || (!list->items[0].later && list->items[0].strength >= SCORE_KNOWN_STRENGTH);
	if (best && h->score * 100 >= all_points(list, h->later) * SCORE_PROBABLE_SHARE && h->score - next >= SCORE_PROBABLE_MARGIN && h->in_order)
		return "probable";
	return "possible";
}

const char *score_part_name(enum cause_part part)
{
	static const char *const names[PART_COUNT] = {[PART_MECHANISM] = "mechanism", [PART_SEVERITY] = "severity",
						      [PART_ORDER] = "order",	      [PART_COVERAGE] = "coverage",
						      [PART_DOSE] = "dose",	      [PART_EXPLAINED] = "explained_away"};
	return names[part];
}
