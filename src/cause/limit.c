#include "cause/limit.h"

#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/refusal.h"
#include "incident/symptom.h"

/* A log covers an onset when it begins and ends at most this much beside it: logs are silent for a while. */
#define COVER_SLACK_US MINUTE_US

bool limit_deeper_covered(const struct scene *s, enum tier tier, size_t source)
{
	for (size_t i = 0; i < s->f->n; i++) {
		const struct fold_source *from = &s->f->sources[i];
		if (source_counts(from) && topology_calls(s->topology, (struct topology_end){tier, source}, (struct topology_end){from->tier, i}) && from->first_us != INSTANT_NONE &&
		    fold_utc(from, from->first_us) <= s->in->onset.at_us + COVER_SLACK_US &&
		    fold_utc(from, from->last_us) >= s->in->end.at_us - COVER_SLACK_US)
			return true;
	}
	return false;
}

static size_t source_of(const struct scene *s, const char *id)
{
	for (size_t i = 0; i < s->f->n; i++)
		if (!strcmp(s->f->sources[i].id, id))
			return i;
	return SIZE_MAX;
}

/* The first event of the class in the source and interval of a refusal. */
static void evidence_of(const struct scene *s, size_t source, const struct refusal *r, struct evidence_list *out)
{
	const struct fold_source *from = &s->f->sources[source];
	int64_t first_us = moment_printed(from, r->onset.at_us), last_us = moment_printed(from, r->end.at_us);
	for (size_t k = 0; k < from->series_n; k++) {
		const struct fold_bin *first, *last;
		if (from->series[k].facet == FACET_NONE && !strcmp(from->series[k].class, r->class) &&
		    symptom_refuses(from->series[k].signal) && symptom_span(&from->series[k], first_us, last_us, &first, &last)) {
			evidence_bin(s->f, source, first, false, out);
			return;
		}
	}
}

/* Counts the class under every signal that refuses. */
static void count(const struct scene *s, struct hypothesis *h, const char *class, const char *what)
{
	const struct fold_source *from = &s->f->sources[h->source];
	const char *counted = NULL;
	for (size_t k = 0; k < from->series_n; k++) {
		const struct fold_series *series = &from->series[k];
		if (series->facet != FACET_NONE || strcmp(series->class, class) || !symptom_refuses(series->signal) ||
		    (counted && !strcmp(counted, series->signal)))
			continue;
		counted = series->signal;
		hypothesis_count(h, s, series->signal, class, what);
	}
	hypothesis_input(h, s);
}

/* When the tier began to refuse, in any of its logs: what waited in vain had begun to wait before. */
static struct moment began(const struct scene *s, const struct refusal *r)
{
	struct moment first = r->onset;
	for (size_t i = 0; i < s->in->refusals_n; i++) {
		const struct refusal *other = &s->in->refusals[i];
		if (other->tier == r->tier && other->echo == r->echo && !strcmp(other->class, r->class) && other->onset.at_us < first.at_us)
			first = other->onset;
	}
	first.reason = NULL;
	if (!strcmp(r->class, "pool.wait_timeout"))
		first.lower_us -= LIMIT_WAIT_US;
	return first;
}

/* Nothing failed before it. */
static bool refuses_first(const struct scene *s, const struct refusal *r)
{
	struct moment at = began(s, r);
	const struct burst *failed = hypothesis_failed(s, SIZE_MAX);
	return !moment_before(failed ? &failed->onset : &s->in->onset, &at);
}

static void os_limit(const struct scene *s, const struct refusal *r, size_t source, struct hypothesis_list *out)
{
	struct hypothesis *h = hypothesis_add(out, "os_limit", TIER_DB, source, &r->onset);
	struct text t = {0};
	h->is_symptom = refuses_first(s, r);
	sentence_counted(&t, r->count, "message");
	text_append_string(&t, " of the database: it could not fork a process for a connection");
	hypothesis_test(h, TEST_STATED, sentence_take(&t));
	evidence_of(s, source, r, &h->evidence);
	count(s, h, r->class, "connections that the operating system refused");
}

static char *counted(uint64_t n, const char *noun, const char *rest)
{
	struct text t = {0};
	sentence_counted(&t, n, noun);
	text_append_string(&t, rest);
	return sentence_take(&t);
}

static void deeper_well(const struct scene *s, struct hypothesis *h, enum cause_test test)
{
	if (limit_deeper_covered(s, h->tier, h->source))
		hypothesis_test(h, test, sentence_copy(h->tier == TIER_APP
							       ? "the log of what the application calls covers the incident, and refuses nothing"
							       : "the database's log covers the incident, and refuses nothing"));
}

static void pooler_limit(const struct scene *s, const struct refusal *r, size_t source, struct hypothesis_list *out)
{
	struct moment at = began(s, r);
	struct hypothesis *h = hypothesis_add(out, "pooler_limit", TIER_POOL, source, &at);
	h->waits_first = true;
	h->is_symptom = refuses_first(s, r);
	if (!strcmp(r->class, "pooler.client_limit"))
		hypothesis_test(h, TEST_STATED, counted(r->count, "message", " of the pooler: no more client connections allowed"));
	else
		hypothesis_test(h, TEST_POOLER_WAIT,
				counted(r->count, "client", " waited too long for a server connection in the pooler (query_wait_timeout)"));
	deeper_well(s, h, TEST_DEEPER_WELL);
	evidence_of(s, source, r, &h->evidence);
	count(s, h, r->class, "refusals of the pooler");
}

static void app_pool(const struct scene *s, const struct refusal *r, size_t source, struct hypothesis_list *out)
{
	struct moment at = began(s, r);
	struct hypothesis *h = hypothesis_add(out, "app_pool_exhausted", TIER_APP, source, &at);
	h->waits_first = true;
	h->is_symptom = refuses_first(s, r);
	/* One instance's: others have pools of their own. */
	struct text t = {0};
	sentence_counted(&t, r->count, "request");
	text_format(&t, " for a connection failed in the application's own pool in %s, nothing deeper refused", label_of(s->f, source));
	hypothesis_test(h, TEST_OWN_POOL, sentence_take(&t));
	deeper_well(s, h, TEST_OWN_POOL_ALONE);
	evidence_of(s, source, r, &h->evidence);
	count(s, h, r->class, "requests that the application's own pool turned away");
}

struct family {
	const char *cause;
	enum tier tier; /* that states it; TIER_UNKNOWN: any */
	const char *const *classes;
	void (*add)(const struct scene *s, const struct refusal *r, size_t source, struct hypothesis_list *out);
};

static bool is_of(const struct family *x, const struct refusal *r)
{
	if (x->tier != TIER_UNKNOWN && r->tier != x->tier)
		return false;
	for (size_t i = 0; x->classes[i]; i++)
		if (!strcmp(x->classes[i], r->class))
			return true;
	return false;
}

/* A refusal of a database behind what an application's pool turned away, in the database's log or in the application's own words,
 * and no mere handful beside it; NULL: none. */
static const struct refusal *deeper(const struct scene *s, const struct refusal *r)
{
	for (size_t i = 0; r->tier == TIER_APP && i < s->in->refusals_n; i++) {
		const struct refusal *x = &s->in->refusals[i];
		if (!strncmp(x->class, "db.", 3) && x->count * LIMIT_DEEPER >= r->count)
			return x;
	}
	return NULL;
}

void limit_find(const struct scene *s, struct hypothesis_list *out)
{
	static const char *const os[] = {"db.fork_failed", "os.limit", NULL};
	static const char *const pooler[] = {"pooler.client_limit", "pool.wait_timeout", NULL};
	static const char *const app[] = {"pool.wait_timeout", "pool.reject", NULL};
	static const struct family families[] = {
		{"os_limit", TIER_UNKNOWN, os, os_limit},
		{"pooler_limit", TIER_POOL, pooler, pooler_limit},
		{"app_pool_exhausted", TIER_APP, app, app_pool},
	};
	for (size_t k = 0; k < sizeof families / sizeof *families; k++) {
		const struct refusal *best = NULL, *echo = NULL;
		/* Refusals that count come first, those with most events before others: of one tier's classes the largest is told. */
		for (size_t i = 0; i < s->in->refusals_n; i++) {
			const struct refusal *r = &s->in->refusals[i];
			if (is_of(&families[k], r) && !r->echo && !best)
				best = r;
			if (is_of(&families[k], r) && r->echo && !echo)
				echo = r;
		}
		size_t source = best ? source_of(s, best->source) : SIZE_MAX;
		const struct refusal *behind = best ? deeper(s, best) : NULL;
		if (source != SIZE_MAX && behind) {
			struct text t = {0};
			sentence_counted(&t, best->count, "refusal");
			text_append_string(&t, " of the application's own pool, but the database's limit was met too: ");
			sentence_counted(&t, behind->count, "refusal");
			text_format(&t, " (%s) in the %s's log", behind->class, sentence_tier(behind->tier));
			hypothesis_rule_out(out, families[k].cause, sentence_take(&t));
		} else if (source != SIZE_MAX) {
			families[k].add(s, best, source, out);
		} else if (echo) {
			struct text t = {0};
			sentence_counted(&t, echo->count, "refusal");
			text_format(&t, " of the %s, but the %s refused too: they pass that on, or follow from it", sentence_tier(echo->tier),
				    sentence_tier(refusal_tier(s->in)));
			hypothesis_rule_out(out, families[k].cause, sentence_take(&t));
		}
	}
}
