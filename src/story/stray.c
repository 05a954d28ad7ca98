#include "story/stray.h"

#include "base/memory.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"
#include "incident/symptom.h"

/* The stretch beside the incident that no burst of the signal reaches into, as printed, both included. False: none. */
static bool stretch_of(const struct fold *f, const struct draft *d, const struct incident *in, const struct burst *of, bool after,
		       int64_t *from_us, int64_t *to_us)
{
	const struct fold_source *s = &f->sources[of->source_index];
	int64_t first_us = of->first_us, last_us = of->last_us;
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		if (b->source_index != of->source_index || strcmp(b->signal, of->signal) || !incident_has(in, b))
			continue;
		first_us = b->first_us < first_us ? b->first_us : first_us;
		last_us = b->last_us > last_us ? b->last_us : last_us;
	}
	int64_t onset_us = moment_printed(s, in->onset.at_us), end_us = moment_printed(s, in->end.at_us);
	*from_us = after ? (end_us > last_us ? end_us : last_us) + 1 : (onset_us < first_us ? onset_us : first_us) - STRAY_AROUND_US;
	*to_us = after ? *from_us + STRAY_AROUND_US : *from_us + STRAY_AROUND_US - 1;
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		if (b->source_index != of->source_index || strcmp(b->signal, of->signal) || incident_has(in, b))
			continue;
		if (after && b->first_us >= *from_us && b->first_us <= *to_us)
			*to_us = b->first_us - 1;
		if (!after && b->last_us >= *from_us && b->last_us <= *to_us)
			*from_us = b->last_us + 1;
	}
	return *from_us <= *to_us;
}

struct stray stray_find(const struct fold *f, const struct draft *d, const struct incident *in, bool after)
{
	struct stray found = {0};
	const struct burst *of = incident_primary(f, d, in);
	const struct signal *signal = of ? signal_find(f->signals, span_of(of->signal)) : NULL;
	int64_t from_us, to_us;
	if (!signal || signal->health != HEALTH_ZERO || !stretch_of(f, d, in, of, after, &from_us, &to_us))
		return found;
	struct fold_series series = symptom_series(f, of->source_index, of->signal);
	const struct fold_bin *first, *last;
	if (symptom_span(&series, from_us, to_us, &first, &last)) {
		/* A bin that reaches over the edge is the burst's, or nobody can say which of its events are not. */
		if (symptom_first_us(first) < from_us)
			first++;
		if (symptom_last_us(last) > to_us)
			last--;
		for (const struct fold_bin *b = first; b <= last; b++)
			found.count += b->bin.n;
		if (found.count) {
			found.source = of->source_index;
			found.signal = of->signal;
			found.first_us = symptom_first_us(first);
			found.last_us = symptom_last_us(last);
			found.edge = after ? *last : *first;
		}
	}
	memory_free(series.bins);
	return found;
}

static const char *stray_title(const struct fold *f, const char *name)
{
	const struct signal *signal = signal_find(f->signals, span_of(name));
	return signal && signal->title && *signal->title ? signal->title : name;
}

void stray_sentence(struct text *t, const struct fold *f, const struct stray *s, bool after)
{
	sentence_count(t, s->count);
	text_append_string(t, " more ");
	if (symptom_refuses(s->signal))
		text_append_string(t, s->count == 1 ? "refusal" : "refusals");
	else
		text_format(t, s->count == 1 ? "event of \"%s\"" : "events of \"%s\"", stray_title(f, s->signal));
	text_format(t, " in %s %s", label_of(f, s->source), after ? "after the end" : "before the onset");
	text_append_string(t, s->count == 1 ? ", at " : after ? ", the last at " : ", the first at ");
	sentence_time(t, fold_utc(&f->sources[s->source], after ? s->last_us : s->first_us));
	text_append_string(t, s->count == 1 ? ", too lone for a burst" : ", too few or too short for a burst");
}
