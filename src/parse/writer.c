#include "parse/writer.h"

void writer_init(struct writer *w, struct span name, struct outlets *outlets)
{
	*w = (struct writer){.outlets = outlets, .ledger = &outlets->all[0]->ledger};
	text_append(&w->name, name);
}

static size_t place_of(struct writer *w, const struct format *format)
{
	enum tier tier = format->tier;
	if (w->has[tier])
		return w->outlet_of[tier];
	size_t i = outlet_for(w->outlets, text_span(&w->name), text_span(&w->carriers), tier, !w->has_first);
	w->has[tier] = w->has_first = true;
	w->outlet_of[tier] = i;
	return i;
}

/* What no format knows is of the carrier's: it goes where the writer's own format has a stream. */
void writer_turn(struct writer *w, const struct format *format)
{
	const struct format *known = format && format->rank == RANK_KNOWN ? format : redetect_format(&w->formats);
	bool own = known && (known->rank == RANK_KNOWN || !w->name.len);
	w->format = format;
	w->outlet = own ? place_of(w, known) : 0;
	struct outlet *to = w->outlets->all[w->outlet];
	if (own && !to->detection.format)
		to->detection = *redetect_detection(&w->formats, known);
	w->ledger = &to->ledger;
}

void writer_found(struct writer *w)
{
	writer_turn(w, redetect_format(&w->formats));
}

void writer_release(struct writer *w)
{
	text_release(&w->name);
	text_release(&w->carriers);
	redetect_release(&w->formats);
}
