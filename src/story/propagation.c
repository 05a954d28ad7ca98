#include "story/propagation.h"

#include "base/memory.h"
#include "story/incident.h"
#include "story/moment.h"
#include "story/sentence.h"
#include "story/symptom.h"

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

/* Among the bursts that nothing is proved to precede: the deepest tier, then the earliest, then the smaller id. */
static bool stands_before(const struct burst *a, const struct burst *b)
{
	int deeper = incident_depth(a->tier) - incident_depth(b->tier);
	if (deeper)
		return deeper > 0;
	if (a->onset.at_us != b->onset.at_us)
		return a->onset.at_us < b->onset.at_us;
	return strcmp(a->id, b->id) < 0;
}

/* Takes the next burst out of the list: one that no other one left is proved to precede. There always is one: that with the
 * smallest upper bound. */
static const struct burst *take_next(const struct burst **left, size_t n)
{
	size_t best = SIZE_MAX;
	int64_t least_upper_us = INT64_MAX;
	for (size_t i = 0; i < n; i++)
		if (left[i]->onset.upper_us < least_upper_us)
			least_upper_us = left[i]->onset.upper_us;
	for (size_t i = 0; i < n; i++)
		if (left[i]->onset.lower_us < least_upper_us && (best == SIZE_MAX || stands_before(left[i], left[best])))
			best = i;
	const struct burst *taken = left[best];
	left[best] = left[n - 1];
	return taken;
}

static char *order_text(const struct propagation *first, const struct propagation *p)
{
	struct text t = {0};
	if (p == first)
		text_append_string(&t, "first");
	else if (p->provable)
		text_format(&t, "after %s", tier_name(first->tier));
	else
		text_append_string(&t, "order not provable");
	return sentence_take(&t);
}

static void find_one(const struct fold *f, const struct draft *d, struct incident *in)
{
	const struct burst **left = memory_new(f->n, sizeof *left);
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct burst *b = earliest(d, in, i);
		if (b)
			left[n++] = b;
	}
	in->propagation = memory_new(n, sizeof *in->propagation);
	for (; n; n--) {
		const struct burst *b = take_next(left, n);
		const struct propagation *first = &in->propagation[0];
		struct propagation *p = &in->propagation[in->propagation_n++];
		p->tier = b->tier;
		p->source = sentence_copy(b->source);
		p->onset = moment_copy(&b->onset);
		p->lag_us = b->onset.at_us - first->onset.at_us;
		p->provable = p != first && moment_before(&first->onset, &p->onset);
		p->order = order_text(first, p);
		p->signal = sentence_copy(b->signal);
		p->burst = sentence_copy(b->id);
	}
	memory_free(left);
}

void propagation_find(const struct fold *f, struct draft *d)
{
	for (size_t i = 0; i < d->incidents_n; i++)
		find_one(f, d, &d->incidents[i]);
}
