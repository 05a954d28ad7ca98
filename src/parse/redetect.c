#include "parse/redetect.h"

#include "base/limits.h"

enum {
	/* Bytes from one look for a format to the next. A look takes some 200 lines, which are about as many bytes: with
	 * longer steps a log behind a page of chatter could end unseen. A look takes a millisecond: a file that keeps
	 * missing gets longer steps. */
	DETECT_STEP = 32 << 10,
	DETECT_LOOKS = 64,
};

static void use_format(struct redetect *d, const struct detection *found)
{
	d->n = 0;
	if (!found->format)
		return;
	d->found[0] = *found;
	d->list[d->n++] = found->format;
}

void redetect_init(struct redetect *d, const struct format_set *set, const struct format *stated, struct span head,
		   struct format_scratch *s)
{
	*d = (struct redetect){.set = set, .stated = stated};
	if (stated)
		format_detect_layout(stated, head, s, &d->detection);
	else
		format_detect(set, head, s, &d->detection);
	if (d->detection.own)
		d->owned[d->owned_n++] = d->detection.own;
	use_format(d, &d->detection);
}

void redetect_miss(struct redetect *d, uint64_t offset)
{
	d->misses++;
	/* Where no format is known, nothing is lost by looking again as soon as there are bytes that were not looked at. */
	bool missed = d->misses >= LIMIT_DETECT_AGAIN || (!d->n && offset >= DETECT_STEP);
	if (missed && !d->stated && d->changes < REDETECT_FORMATS - 1 && offset >= d->from)
		d->due = true;
}

static bool same_format(const struct format *a, const struct format *b)
{
	return a == b || (a && b && !strcmp(a->name, b->name) && a->layout && b->layout && !strcmp(a->layout, b->layout));
}

bool redetect_look(struct redetect *d, struct span head, uint64_t offset, struct format_scratch *s)
{
	struct detection found = {0};
	d->due = false;
	d->misses = 0;
	d->from = offset + (d->looks++ < DETECT_LOOKS ? DETECT_STEP : LIMIT_DETECT_BYTES);
	format_detect(d->set, head, s, &found);
	if (!found.format || same_format(found.format, redetect_format(d))) {
		format_free(found.own);
		return false;
	}
	if (found.own)
		d->owned[d->owned_n++] = found.own;
	/* What stood before the first known format is no log (the NULs of a log that was truncated while it was written,
	 * an installer's chatter): the file is what follows. */
	if (!d->detection.format)
		d->detection = found;
	else
		d->again++;
	d->changes++;
	d->from = 0; /* a new format gets its own chance to miss */
	use_format(d, &found);
	return true;
}

void redetect_release(struct redetect *d)
{
	for (size_t i = 0; i < d->owned_n; i++)
		format_free(d->owned[i]);
}
