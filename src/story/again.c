#include "story/again.h"

#include <string.h>

#include "fold/sentence.h"
#include "incident/incident.h"
#include "story/echo.h"

static bool is_alike(const struct draft *d, const struct incident *in, const struct burst *x, const struct burst *b)
{
	return x != b && incident_has(in, x) && x->tier == b->tier && !strcmp(x->signal, b->signal) && !echo_refusals(d, in, x);
}

const struct burst *again_first(const struct draft *d, const struct incident *in, const bool *told, const struct burst *b)
{
	for (size_t i = 0; i < d->bursts_n; i++)
		if (told[i] && is_alike(d, in, &d->bursts[i], b))
			return &d->bursts[i];
	return NULL;
}

struct again again_find(const struct draft *d, const struct incident *in, const struct burst *b)
{
	struct again a = {0, INSTANT_NONE};
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *x = &d->bursts[i];
		if (x->onset.at_us < b->onset.at_us || !is_alike(d, in, x, b))
			continue;
		a.n++;
		a.last_us = a.last_us == INSTANT_NONE || x->end.at_us > a.last_us ? x->end.at_us : a.last_us;
	}
	return a;
}

void again_words(struct text *t, const struct draft *d, const struct incident *in, const struct burst *b)
{
	struct again a = again_find(d, in, b);
	if (a.n <= AGAIN_TOLD)
		return;
	text_append_string(t, " Again ");
	sentence_counted(t, a.n, "time");
	text_append_string(t, " until ");
	sentence_time(t, a.last_us);
	text_append_byte(t, '.');
}
