#include "cause/cause.h"

#include "base/memory.h"
#include "fold/evidence.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"
#include "incident/refusal.h"
#include "incident/symptom.h"

const char *cause_words(const char *cause)
{
	static const char *const words[][2] = {
		{"database_crash", "the database crashed"},
		{"database_restart", "the database was stopped or restarted"},
		{"os_limit", "the operating system refused the database a new process"},
		{"pooler_limit", "the connection pooler's own client limit was reached"},
		{"lock_contention", "sessions piled up behind a lock"},
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(cause, words[i][0]))
			return words[i][1];
	return cause;
}

static bool has_cause(const struct incident *in, const char *cause)
{
	for (size_t i = 0; i < in->causes_n; i++)
		if (!strcmp(in->causes[i].cause, cause))
			return true;
	return false;
}

/* Appends a stated cause; takes `sentence`. */
static struct cause *add(struct incident *in, size_t *cap, const char *cause, const struct moment *at, char *sentence)
{
	in->causes = memory_grow(in->causes, cap, in->causes_n + 1, sizeof *in->causes);
	struct cause *c = &in->causes[in->causes_n++];
	c->tier = TIER_UNKNOWN;
	c->cause = sentence_copy(cause);
	c->score = CAUSE_STATED;
	c->word = sentence_copy("probable");
	c->at = moment_copy(at);
	c->for_text = memory_new(1, sizeof *c->for_text);
	c->for_text[c->for_n++] = sentence;
	return c;
}

static bool was_over(const struct incident *in, const struct change *c)
{
	bool ready = c->end_us != INSTANT_NONE && c->end_us >= c->at.at_us;
	return ready && c->end_us < in->onset.lower_us - CAUSE_READY_US;
}

/* True when a burst of the incident began before it in the same log: one clock, so that what is not known of it does not matter. */
static bool is_later(const struct draft *d, const struct incident *in, const struct change *c)
{
	for (size_t i = 0; c->source && i < d->bursts_n; i++)
		if (incident_has(in, &d->bursts[i]) && !strcmp(d->bursts[i].source, c->source) && d->bursts[i].onset.at_us < c->at.at_us)
			return true;
	return false;
}

static void from_changes(const struct draft *d, struct incident *in, size_t *cap)
{
	for (size_t i = 0; i < in->changes_n; i++) {
		const struct change *c = &in->changes[i];
		bool crash = !strcmp(c->kind, "crash");
		const char *cause = crash ? "database_crash" : "database_restart";
		if (c->tier != TIER_DB || (!crash && strcmp(c->kind, "restart") && strcmp(c->kind, "stop")) ||
		    moment_before(&in->onset, &c->at) || is_later(d, in, c) || c->at.at_us < in->onset.at_us - CAUSE_BEFORE_US || was_over(in, c) ||
		    has_cause(in, cause))
			continue;
		struct text t = {0};
		text_format(&t, "the database's own log says so: %s", c->summary);
		evidence_copy(&c->evidence, SIZE_MAX, &add(in, cap, cause, &c->at, sentence_take(&t))->evidence_for);
	}
}

/* The first event of the class in the source and interval of a refusal. */
static void refusal_evidence(const struct fold *f, const struct refusal *r, struct evidence_list *out)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		if (strcmp(s->id, r->source))
			continue;
		int64_t from = moment_printed(s, r->onset.at_us), to = moment_printed(s, r->end.at_us);
		for (size_t k = 0; k < s->series_n; k++) {
			const struct fold_bin *first, *last;
			if (s->series[k].facet == FACET_NONE && !strcmp(s->series[k].class, r->class) &&
			    symptom_refuses(s->series[k].signal) && symptom_span(&s->series[k], from, to, &first, &last)) {
				evidence_bin(f, i, first, false, out);
				return;
			}
		}
	}
}

static void from_refusals(const struct fold *f, struct incident *in, size_t *cap)
{
	enum tier deepest = refusal_tier(in);
	for (size_t i = 0; i < in->refusals_n; i++) {
		const struct refusal *r = &in->refusals[i];
		bool fork = !strcmp(r->class, "db.fork_failed") || !strcmp(r->class, "os.limit");
		bool pooler = !strcmp(r->class, "pooler.client_limit") && deepest == TIER_POOL;
		const char *cause = fork ? "os_limit" : "pooler_limit";
		if (r->echo || (!fork && !pooler) || has_cause(in, cause))
			continue;
		struct text t = {0};
		sentence_counted(&t, r->count, "message");
		text_append_string(&t, fork ? " of the database: it could not fork a process for a connection"
					    : " of the pooler: no more client connections allowed");
		refusal_evidence(f, r, &add(in, cap, cause, &r->onset, sentence_take(&t))->evidence_for);
	}
}

/* A pile of lock waits that began before the onset: a fact, not a proof. */
static void from_locks(struct incident *in, size_t *cap)
{
	const struct locks *l = &in->locks;
	if (!l->known || !l->queue_peak.known || l->queue_peak.value < CAUSE_QUEUE || l->longest_us < CAUSE_WAIT_US ||
	    !moment_before(&l->onset, &in->onset))
		return;
	struct text t = {0};
	sentence_counted(&t, l->waits, "session");
	text_append_string(&t, " waited for locks, the longest ");
	sentence_duration(&t, l->longest_us);
	text_append_string(&t, ", up to ");
	sentence_count(&t, (uint64_t)l->queue_peak.value);
	text_append_string(&t, " for one; the first began ");
	sentence_duration(&t, in->onset.at_us - l->onset.at_us);
	text_append_string(&t, " before the onset");
	const struct lock_holder *h = l->objects_n && l->objects[0].holders_n ? &l->objects[0].holders[0] : NULL;
	if (h) {
		text_format(&t, "; most wait for %s, held by ", l->objects[0].object);
		if (h->user)
			text_format(&t, "%s (%s%s", h->user, h->application ? h->application : "", h->application ? ", " : "");
		text_format(&t, "process %lld%s", (long long)h->pid, h->user ? ")" : "");
	}
	struct cause *c = add(in, cap, "lock_contention", &l->onset, sentence_take(&t));
	c->score = CAUSE_SEEN;
	memory_free(c->word);
	c->word = sentence_copy("possible");
	evidence_copy(&l->evidence, SIZE_MAX, &c->evidence_for);
}

static void measures(const struct fold *f, const struct draft *d, struct incident *in)
{
	const struct burst *primary = incident_primary(f, d, in);
	size_t cap = 0;
	/* The primary burst's signal first, then the others in the order of their bursts; each signal once. */
	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < d->bursts_n; i++) {
			const struct burst *b = &d->bursts[i];
			const struct signal *s = signal_find(f->signals, span_of(b->signal));
			bool known = !incident_has(in, b) || !s || !s->measure || !*s->measure || (!round && b != primary);
			for (size_t k = 0; k < in->measures_n && !known; k++)
				known = !strcmp(in->measures[k].because, b->signal);
			if (known)
				continue;
			in->measures = memory_grow(in->measures, &cap, in->measures_n + 1, sizeof *in->measures);
			in->measures[in->measures_n++] =
				(struct measure){sentence_copy(s->measure), sentence_copy(b->signal)};
		}
}

void cause_find(const struct fold *f, struct draft *d)
{
	for (size_t i = 0; i < d->incidents_n; i++) {
		struct incident *in = &d->incidents[i];
		size_t cap = 0;
		from_changes(d, in, &cap);
		from_refusals(f, in, &cap);
		size_t stated = in->causes_n;
		from_locks(in, &cap);
		measures(f, d, in);
		if (in->causes_n > stated)
			in->causes_reason = sentence_copy("no message states that lock waits were the cause; that they began before the onset "
							  "is a fact, what followed from it is not tested");
		else if (in->causes_n > 1)
			in->causes_reason = sentence_copy("each is stated by a message; they are not ranked against each other");
		else if (!in->causes_n)
			in->causes_reason = sentence_copy(
				in->refusals_n ? "the messages state that connections ran out, not why; causes that no message "
						 "states are not inferred"
					       : "no message states a cause; causes that no message states are not inferred");
	}
}
