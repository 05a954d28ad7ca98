#include "story/echo.h"

#include "fold/sentence.h"
#include "incident/incident.h"
#include "incident/refusal.h"
#include "incident/symptom.h"

static bool within(int64_t a_us, int64_t b_us)
{
	return a_us - b_us <= ECHO_WITHIN_US && b_us - a_us <= ECHO_WITHIN_US;
}

static bool are_one(const struct burst *refusals, const struct burst *errors)
{
	uint64_t less = refusals->count < errors->count ? refusals->count : errors->count;
	uint64_t more = refusals->count < errors->count ? errors->count : refusals->count;
	return symptom_refuses(refusals->signal) && !strcmp(errors->signal, "http.server_error") &&
	       refusals->source_index == errors->source_index && more - less <= more / ECHO_TENTH &&
	       within(refusals->first_us, errors->first_us) && within(refusals->last_us, errors->last_us);
}

const struct burst *echo_refusals(const struct draft *d, const struct incident *in, const struct burst *b)
{
	for (size_t i = 0; i < d->bursts_n; i++)
		if (incident_has(in, &d->bursts[i]) && are_one(&d->bursts[i], b))
			return &d->bursts[i];
	return NULL;
}

/* True when the refusals that the log tells of were counted at a deeper tier. */
static bool counted_elsewhere(const struct incident *in, const struct burst *b)
{
	for (size_t i = 0; symptom_refuses(b->signal) && i < in->refusals_n; i++)
		if (in->refusals[i].echo && !strcmp(in->refusals[i].source, b->source))
			return true;
	return false;
}

void echo_words(struct text *t, const struct draft *d, const struct incident *in, const struct burst *b)
{
	for (size_t i = 0; i < d->bursts_n; i++) {
		if (!incident_has(in, &d->bursts[i]) || !are_one(b, &d->bursts[i]))
			continue;
		text_append_byte(t, ' ');
		sentence_counted(t, d->bursts[i].count, "request");
		text_format(t, " failed with them (%s).", d->bursts[i].class);
		break;
	}
	if (counted_elsewhere(in, b))
		text_format(t, " They are counted at the %s already.", sentence_tier(refusal_tier(in)));
}
