#include "incident/propagation.h"

#include "base/memory.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/aftermath.h"
#include "incident/incident.h"
#include "incident/symptom.h"

/* The burst of a source in an incident whose first event is earliest; of several in the same instant the refusal, which says
 * most. Bursts are sorted by onset. NULL: none. */
static const struct burst *earliest(const struct draft *d, const struct incident *in, size_t source)
{
	const struct burst *first = NULL;
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		if (b->source_index != source || !incident_has(in, b))
			continue;
		if (first && b->onset.at_us != first->onset.at_us)
			break;
		if (!first || (symptom_refuses(b->signal) && !symptom_refuses(first->signal)))
			first = b;
	}
	return first;
}

/* When a source fell: its burst's first event, or one before that. A few failures between the onset and the burst are too few
 * for a burst of their own, but enough to make it false that the source was well until then. */
struct fall {
	const struct burst *burst;
	struct moment onset;
};

/* The first event of a signal in a source from the incident's onset on and before an instant, as printed; INSTANT_NONE: none. */
static int64_t first_event(const struct fold *f, const struct incident *in, size_t source, const char *signal, int64_t before_us)
{
	const struct fold_source *s = &f->sources[source];
	struct fold_series series = symptom_series(f, source, signal);
	const struct fold_bin *first, *last;
	int64_t from_us = moment_printed(s, in->onset.lower_us), to_us = moment_printed(s, before_us) - 1, us = INSTANT_NONE;
	if (to_us >= from_us && symptom_span(&series, from_us, to_us, &first, &last)) {
		/* The bin that holds the start may have begun before it. */
		us = symptom_first_us(first) >= from_us ? symptom_first_us(first) : symptom_last_us(first);
		us = us <= to_us ? us : INSTANT_NONE;
	}
	memory_free(series.bins);
	return us;
}

/* The same of a signal and of refusals of any kind: a pooler that passes on two refusals of the database before its own burst of
 * something else was not well until then. */
static int64_t first_sign(const struct fold *f, const struct incident *in, size_t source, const char *signal, int64_t before_us)
{
	int64_t first = first_event(f, in, source, signal, before_us);
	for (size_t i = 0; i < signal_count(f->signals); i++) {
		const char *name = signal_at(f->signals, i)->name;
		int64_t us = symptom_refuses(name) && strcmp(name, signal) ? first_event(f, in, source, name, before_us) : INSTANT_NONE;
		first = us != INSTANT_NONE && (first == INSTANT_NONE || us < first) ? us : first;
	}
	return first;
}

static struct fall fall_of(const struct fold *f, const struct incident *in, const struct burst *b)
{
	int64_t us = first_sign(f, in, b->source_index, b->signal, b->onset.at_us);
	return (struct fall){b, us == INSTANT_NONE ? b->onset : moment_of(&f->sources[b->source_index], us)};
}

/* A database's refusal is repeated by those who were refused, never foretold by them: when their clocks say so, it is the clocks
 * that differ. */
static bool foretold(const struct propagation *first, const struct propagation *p)
{
	return symptom_refuses(p->signal) && !strcmp(p->signal, first->signal) && incident_depth(p->tier) > incident_depth(first->tier);
}

/* True when another source of the tier, one without a burst, told of the same before what is proved to follow the first. */
static bool told_before(const struct fold *f, const struct incident *in, const struct propagation *p)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		if (s->tier != p->tier || !source_counts(s) || !strcmp(s->id, p->source))
			continue;
		int64_t us = first_sign(f, in, i, p->signal, p->onset.at_us);
		if (us == INSTANT_NONE)
			continue;
		struct moment m = moment_of(s, us);
		if (!moment_before(&in->propagation[0].onset, &m))
			return true;
	}
	return false;
}

/* Among those that nothing is proved to precede: the deepest tier, then the earliest, then the smaller id. */
static bool stands_before(const struct fall *a, const struct fall *b)
{
	int deeper = incident_depth(a->burst->tier) - incident_depth(b->burst->tier);
	if (deeper)
		return deeper > 0;
	if (a->onset.at_us != b->onset.at_us)
		return a->onset.at_us < b->onset.at_us;
	return strcmp(a->burst->id, b->burst->id) < 0;
}

/* Takes the next out of the list: one that no other one left is proved to precede. There always is one: that with the
 * smallest upper bound. */
static struct fall take_next(struct fall *left, size_t n)
{
	size_t best = SIZE_MAX;
	int64_t least_upper_us = INT64_MAX;
	for (size_t i = 0; i < n; i++)
		if (left[i].onset.upper_us < least_upper_us)
			least_upper_us = left[i].onset.upper_us;
	for (size_t i = 0; i < n; i++)
		if (left[i].onset.lower_us < least_upper_us && (best == SIZE_MAX || stands_before(&left[i], &left[best])))
			best = i;
	struct fall taken = left[best];
	left[best] = left[n - 1];
	return taken;
}

static char *order_text(const struct propagation *first, const struct propagation *p)
{
	struct text t = {0};
	if (p->provable)
		text_format(&t, "after %s%s%s", tier_name(first->tier), p->reason ? ": " : "", p->reason ? p->reason : "");
	else
		text_append_string(&t, "order not provable");
	return sentence_take(&t);
}

/* The places in the fold of those that are proved to be the first one's, which is one of them. */
struct proved {
	size_t *behind, n;
};

/* What shows, beside clocks, that it fell because of one that is known to belong to the first. */
static void find_reason(const struct fold *f, const struct incident *in, struct propagation *p, size_t source, const struct proved *known)
{
	const struct propagation *first = &in->propagation[0];
	struct text t = {0};
	size_t failed;
	uint64_t said, repeated = aftermath_repeats(in, first, p, &said);
	if (repeated) {
		text_append_string(&t, "it repeats the database's refusals, ");
		sentence_count(&t, repeated);
		text_append_string(&t, " of ");
		sentence_count(&t, said);
	} else if (!strcmp(p->signal, "http.server_error")) {
		size_t n = aftermath_requests(f, source, moment_printed(&f->sources[source], p->onset.at_us), known->behind, known->n, &failed);
		if (n < AFTERMATH_LEAST || failed * 1000000u < n * (size_t)AFTERMATH_SHARE_PPM)
			return;
		text_format(&t, "%zu of its first %zu sampled failures had failed behind it", failed, n);
	}
	p->reason = t.len ? sentence_take(&t) : NULL;
	p->provable |= p->reason != NULL;
}

/* Reasons lead from one to the next: a web server's failed requests to an application, its refusals to the database. */
static void find_reasons(const struct fold *f, struct incident *in, const size_t *places)
{
	struct proved known = {memory_new(in->propagation_n, sizeof *known.behind), 1};
	known.behind[0] = places[0];
	for (size_t before = 0; before < known.n;) {
		before = known.n;
		for (size_t i = 1; i < in->propagation_n; i++) {
			struct propagation *p = &in->propagation[i];
			if (p->reason || incident_depth(p->tier) > incident_depth(in->propagation[0].tier))
				continue;
			find_reason(f, in, p, places[i], &known);
			if (p->reason)
				known.behind[known.n++] = places[i];
		}
	}
	memory_free(known.behind);
}

/* What is proved to come later does not say that the incident may have begun earlier. */
static void narrow_onset(struct incident *in)
{
	const struct moment *first = &in->propagation[0].onset;
	if (in->onset.at_us == first->at_us && first->lower_us > in->onset.lower_us && !in->censored_start && !in->gap_before)
		in->onset.lower_us = first->lower_us;
}

static void find_one(const struct fold *f, const struct draft *d, struct incident *in)
{
	struct fall *left = memory_new(f->n, sizeof *left);
	size_t *places = memory_new(f->n, sizeof *places), n = 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct burst *b = earliest(d, in, i);
		if (b)
			left[n++] = fall_of(f, in, b);
	}
	in->propagation = memory_new(n, sizeof *in->propagation);
	for (; n; n--) {
		struct fall fall = take_next(left, n);
		const struct burst *b = fall.burst;
		const struct propagation *first = &in->propagation[0];
		places[in->propagation_n] = b->source_index;
		struct propagation *p = &in->propagation[in->propagation_n++];
		p->tier = b->tier;
		p->source = sentence_copy(b->source);
		p->onset = moment_copy(&fall.onset);
		p->lag_us = p->onset.at_us - first->onset.at_us;
		p->signal = sentence_copy(b->signal);
		p->provable = p != first && moment_before(&first->onset, &p->onset) && !told_before(f, in, p) && !foretold(first, p);
		p->burst = sentence_copy(b->id);
	}
	if (in->propagation_n)
		find_reasons(f, in, places);
	bool proved = true;
	for (size_t i = 1; i < in->propagation_n; i++) {
		in->propagation[i].order = order_text(&in->propagation[0], &in->propagation[i]);
		proved &= in->propagation[i].provable;
	}
	if (in->propagation_n)
		in->propagation[0].order = sentence_copy(proved ? "first" : "none is proved to be earlier");
	if (in->propagation_n && proved)
		narrow_onset(in);
	memory_free(places);
	memory_free(left);
}

void propagation_find(const struct fold *f, struct draft *d)
{
	for (size_t i = 0; i < d->incidents_n; i++)
		find_one(f, d, &d->incidents[i]);
}
