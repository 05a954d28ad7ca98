#include "cause/verdict.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cause/mitigation.h"
#include "cause/trial.h"
#include "fold/moment.h"
#include "fold/sentence.h"

static const char refutes[] = "refutes", supports[] = "supports", no_evidence[] = "no_evidence", not_applicable[] = "not_applicable";

static const struct {
	const char *name, *title;
	trial_test *test;
} tests[VERDICT_TESTS] = {
	{"R1", "temporality", trial_temporality},
	{"R2", "changed against unchanged instances", trial_instances},
	{"R3", "response to taking it back", trial_rollback},
	{"R4", "recovery without taking it back", trial_recovery},
	{"R5", "new messages", trial_novelty},
	{"R6", "coincidence", trial_coincidence},
	{"R7", "lag", trial_lag},
	{"R8", "path to what failed first", trial_path},
};
enum { R1, R2, R3, R4, R5, R6, R7, R8 };

/* ---- the rule ---- */

static bool says(const struct change_test *t, const char *result)
{
	return t->result && !strcmp(t->result, result);
}

static size_t count_of(const struct change_test *all, size_t from, const char *result)
{
	size_t n = 0;
	for (size_t i = from; i < VERDICT_TESTS; i++)
		n += says(&all[i], result);
	return n;
}

const char *verdict_of(const struct change_test all[VERDICT_TESTS])
{
	if (says(&all[R1], refutes))
		return "refuted";
	size_t against = count_of(all, R3, refutes);
	const char *verdict = against > 1 ? "weakened" : "undetermined";
	if (says(&all[R2], refutes) || (says(&all[R3], refutes) && against > 1) || (says(&all[R8], refutes) && says(&all[R4], refutes)))
		verdict = "refuted";
	if (count_of(all, R1, supports))
		return strcmp(verdict, "undetermined") ? "undetermined" : "supported";
	return verdict;
}

/* ---- in words ---- */

/* The first test that decided it; NULL: none did. */
static const struct change_test *deciding(const struct change *c)
{
	bool for_it = !strcmp(c->verdict, "supported");
	for (size_t i = 0; i < c->tests_n && strcmp(c->verdict, "undetermined") != 0; i++)
		if (says(&c->tests[i], for_it ? supports : refutes))
			return &c->tests[i];
	return NULL;
}

static void append_names(struct text *t, const struct change *c, const char *result)
{
	size_t n = 0;
	for (size_t i = 0; i < c->tests_n; i++)
		if (says(&c->tests[i], result))
			text_format(t, "%s%s (%s)", n++ ? ", " : "", c->tests[i].name, c->tests[i].title);
}

static char *reason_of(const struct change *c)
{
	struct text t = {0};
	text_format(&t, "%s; %s: ", c->reason, c->verdict);
	size_t for_it = count_of(c->tests, R1, supports), against = count_of(c->tests, R1, refutes);
	if (strcmp(c->verdict, "undetermined") != 0)
		append_names(&t, c, strcmp(c->verdict, "supported") ? refutes : supports);
	else if (for_it && against) {
		append_names(&t, c, supports);
		text_append_string(&t, " speaks for it, ");
		append_names(&t, c, refutes);
		text_append_string(&t, " against it");
	} else if (against) {
		append_names(&t, c, refutes);
		text_append_string(&t, " alone speaks against it, which is not enough");
	} else {
		text_append_string(&t, "no test speaks for it or against it");
	}
	const struct change_test *best = deciding(c);
	if (best)
		text_format(&t, ": %s", best->text);
	return sentence_take(&t);
}

void verdict_words(struct text *t, const struct change *c)
{
	if (c->after_onset_us == INSTANT_NONE || !c->tests_n)
		return;
	sentence_duration(t, c->after_onset_us);
	text_format(t, " %s the onset%s: %s", c->after_onset_us < 0 ? "before" : "after", c->ordered ? "" : ", as the clocks have it", c->verdict);
	const struct change_test *best = deciding(c);
	/* That it came later has just been said. */
	if (best && best != &c->tests[R1]) {
		text_append_string(t, ": ");
		append_names(t, c, best->result);
	}
}

/* ---- each change ---- */

static const struct change *original(const struct change_list *all, const char *id)
{
	for (size_t i = 0; i < all->n; i++)
		if (!strcmp(all->items[i].id, id))
			return &all->items[i];
	return NULL;
}

/* Which tests are asked of a change: R1 alone of those that are many or no change at all. */
static const char *not_asked(const struct change *c, bool near)
{
	if (!strcmp(c->kind, "crash"))
		return "a crash is what happened, not what somebody changed";
	return near ? NULL : "too many changes lie nearer to the onset";
}

/* Behind R1 all tests count what lies before and after: on clocks that may be off by more they count nothing. */
static bool clocks_known(const struct trial *t)
{
	return moment_uncertainty(&t->in->onset) <= VERDICT_CLOCK_US && moment_uncertainty(&t->c->at) <= VERDICT_CLOCK_US;
}

static void try_all(const struct trial *t, bool near, struct change *c)
{
	static const char *const words[] = {not_applicable, no_evidence, refutes, supports};
	const char *why = not_asked(c, near);
	c->tests = memory_new(VERDICT_TESTS, sizeof *c->tests);
	for (; c->tests_n < VERDICT_TESTS; c->tests_n++) {
		struct text text = {0}, expected = {0};
		size_t i = c->tests_n;
		enum trial_result result = TRIAL_NOT_APPLICABLE;
		if (why && i != R1) {
			text_append_string(&text, why);
		} else if (i != R1 && i != R8 && !clocks_known(t)) {
			text_append_string(&text, "when it was, beside the onset, is known to more than a minute only");
			result = TRIAL_NO_EVIDENCE;
		} else {
			result = tests[i].test(t, &text, &expected);
		}
		struct change_test *one = &c->tests[i];
		*one = (struct change_test){tests[i].name, tests[i].title, words[result], sentence_take(&text), NULL};
		if (result != TRIAL_NOT_APPLICABLE && expected.len)
			one->expected = sentence_take(&expected);
		text_release(&expected);
	}
}

static void judge(const struct trial *t, bool near, struct change *c)
{
	if (!strcmp(c->kind, "traffic_surge")) {
		struct text reason = {0};
		text_format(&reason, "%s; a rise of traffic is what users did, not what somebody changed: nothing is tested", c->reason);
		memory_free(c->reason);
		c->reason = sentence_take(&reason);
		return;
	}
	try_all(t, near, c);
	memory_free(c->verdict);
	c->verdict = sentence_copy(verdict_of(c->tests));
	char *reason = reason_of(c);
	memory_free(c->reason);
	c->reason = reason;
	mitigation_judge(t->curves, t->in, c);
}

static int distance_order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

/* So far from the onset are the nearest VERDICT_MOST changes. */
static int64_t nearest_us(const struct incident *in)
{
	if (in->changes_n <= VERDICT_MOST)
		return INT64_MAX;
	int64_t *all = memory_new(in->changes_n, sizeof *all);
	for (size_t i = 0; i < in->changes_n; i++)
		all[i] = change_distance_us(&in->changes[i]);
	qsort(all, in->changes_n, sizeof *all, distance_order);
	int64_t most = all[VERDICT_MOST - 1];
	memory_free(all);
	return most;
}

/* The log that showed the incident first; SIZE_MAX. */
static size_t first_of(const struct fold *f, const struct incident *in)
{
	for (size_t i = 0; i < f->n && in->propagation_n && in->propagation[0].source; i++)
		if (!strcmp(f->sources[i].id, in->propagation[0].source))
			return i;
	return SIZE_MAX;
}

void verdict_judge(const struct fold *f, const struct front *front, const struct topology *topology, const struct change_list *all, struct draft *d)
{
	for (size_t i = 0; i < d->incidents_n; i++) {
		struct incident *in = &d->incidents[i];
		struct curves curves = {.n = 0};
		size_t left = VERDICT_MOST;
		int64_t nearest = nearest_us(in);
		if (in->changes_n)
			curves_init(&curves, f, front, d, in);
		for (size_t k = 0; k < in->changes_n; k++) {
			struct change *c = &in->changes[k];
			const struct change *o = original(all, c->id);
			if (!o)
				continue;
			bool near = left && change_distance_us(c) <= nearest;
			left -= near;
			struct component component = {0};
			if (near)
				component_find(f, o->service, o->source_index, &component);
			struct trial t = {f, front, d, in, all, o, c->ordered, c->after_onset_us > 0, &component, &curves,
					  topology, first_of(f, in), in->propagation_n ? in->propagation[0].tier : TIER_UNKNOWN};
			judge(&t, near, c);
			component_release(&component);
		}
		curves_release(&curves);
	}
}
