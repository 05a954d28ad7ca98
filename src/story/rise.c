#include "story/rise.h"

#include <string.h>

#include "base/memory.h"
#include "fold/evidence.h"
#include "fold/sentence.h"

static bool told_by_change(const struct incident *in, const struct cause *c)
{
	for (size_t i = 0; i < in->changes_n; i++) {
		int64_t apart_us = in->changes[i].at.at_us - c->at.at_us;
		if (!strcmp(in->changes[i].kind, "traffic_surge") && apart_us >= -RISE_NEAR_US && apart_us <= RISE_NEAR_US)
			return true;
	}
	return false;
}

static size_t source_of(const struct fold *f, const struct cause *c)
{
	for (size_t i = 0; c->source && i < f->n; i++)
		if (!strcmp(f->sources[i].id, c->source))
			return i;
	return SIZE_MAX;
}

void rise_find(const struct fold *f, const struct draft *d, struct note_list *notes)
{
	for (size_t i = 0; i < d->incidents_n; i++) {
		const struct cause *c = d->incidents[i].causes_n ? &d->incidents[i].causes[0] : NULL;
		if (!c || strcmp(c->cause, "traffic_surge") || !strcmp(c->word, "undetermined") || !c->for_n || told_by_change(&d->incidents[i], c))
			continue;
		struct note *n = note_add(notes, RANK_TIER, i, source_of(f, c), "traffic_surge", "info");
		struct text t = {0};
		text_format(&t, "%s.", c->for_text[0]);
		if (t.at[0] >= 'a' && t.at[0] <= 'z')
			t.at[0] = (char)(t.at[0] - 'a' + 'A');
		n->sentence = sentence_take(&t);
		n->tier = c->tier;
		n->at = (struct moment){c->at.at_us, c->at.lower_us, c->at.upper_us, NULL};
		n->count.reason = sentence_copy("a rate that rises is no record");
		evidence_copy(&c->evidence_for, 1, &n->evidence);
	}
}
