#include "parse/redetect.h"

#include "base/limits.h"
#include "base/memory.h"

enum {
	/* Bytes from one look for a format to the next. A look takes some 200 lines, which are about as many bytes: with
	 * longer steps a log behind a page of chatter could end unseen. A look takes a millisecond: a file that keeps
	 * missing gets longer steps. */
	DETECT_STEP = 32 << 10,
	DETECT_LOOKS = 64,
	/* The same for a writer among others: lines that are missed before the next look, and by how much more each time. There may be
	 * hundreds of writers whose formats nobody knows. */
	PATIENCE_GROWS = 4,
	DOUBT_LINE_BYTES = 8 << 10, /* of a line that is kept: a longer one says nothing */
};

void redetect_init(struct redetect *d, const struct format_set *set, const struct format *stated, unsigned ranks)
{
	*d = (struct redetect){.set = set, .stated = stated, .ranks = ranks, .patience = LIMIT_DETECT_AGAIN, .doubts_at = DETECT_FEW};
}

static void use_formats(struct redetect *d, const struct detection *found, size_t n)
{
	d->n = 0;
	for (size_t i = 0; i < n; i++) {
		d->found[d->n] = found[i];
		d->list[d->n++] = found[i].format;
		if (found[i].own)
			d->owned[d->owned_n++] = found[i].own;
	}
	d->doubts = 0;
	d->doubts_at = DETECT_FEW;
	d->kept_n = 0;
	text_clear(&d->kept);
}

static void note_best(struct redetect *d, const struct detection *found)
{
	d->best.taken = found->taken;
	d->best.known = found->format && found->format->rank == RANK_KNOWN;
	d->best.headed = found->format && found->format->headed;
}

void redetect_first(struct redetect *d, const struct candidates *c, struct format_scratch *s)
{
	struct detection found[DETECT_FORMATS];
	size_t n = 1;
	if (d->stated)
		detect_layout(d->stated, c, s, &found[0]);
	else
		n = detect(d->set, c, d->ranks, s, found);
	d->detection = found[0];
	note_best(d, &found[0]);
	use_formats(d, found, n);
	d->from = d->n && d->list[0]->rank == RANK_STAMPED ? DETECT_STEP : 0;
}

void redetect_miss(struct redetect *d, uint64_t offset)
{
	d->misses++;
	bool missed;
	/* Where no format is known, nothing is lost by looking again as soon as there are bytes that were not looked at. */
	if (d->among)
		missed = d->misses >= d->patience;
	else
		missed = (d->misses >= LIMIT_DETECT_AGAIN || (!d->n && offset >= DETECT_STEP)) && offset >= d->from;
	if (missed && !d->stated && d->changes < REDETECT_FORMATS - 1)
		d->due = true;
}

void redetect_doubt(struct redetect *d, struct span line)
{
	if (!d->n || d->n == DETECT_FORMATS || d->stated || d->list[0]->rank != RANK_KNOWN || d->owned_n + DETECT_FORMATS > REDETECT_FORMATS ||
	    line.len > DOUBT_LINE_BYTES)
		return;
	if (d->kept_n == REDETECT_DOUBTS) {
		d->kept_n = 0;
		text_clear(&d->kept);
	}
	text_append(&d->kept, line);
	text_append_byte(&d->kept, '\n');
	d->kept_n++;
	if (++d->doubts == d->doubts_at)
		d->doubtful = true;
}

static bool same_format(const struct format *a, const struct format *b)
{
	return a == b || (a && b && !strcmp(a->name, b->name) && a->layout && b->layout && !strcmp(a->layout, b->layout));
}

static bool same_formats(const struct redetect *d, const struct detection *found, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool known = false;
		for (size_t k = 0; k < d->n && !known; k++)
			known = same_format(found[i].format, d->list[k]);
		if (!known)
			return false;
	}
	return true;
}

bool redetect_look(struct redetect *d, const struct candidates *c, uint64_t offset, struct format_scratch *s)
{
	struct detection found[DETECT_FORMATS];
	d->due = false;
	d->misses = 0;
	d->from = offset + (d->looks++ < DETECT_LOOKS ? DETECT_STEP : LIMIT_DETECT_BYTES);
	if (d->n && d->list[0]->rank == RANK_STAMPED)
		d->from = 2 * offset + DETECT_STEP;
	if (d->patience < UINT32_MAX / PATIENCE_GROWS)
		d->patience *= PATIENCE_GROWS;
	size_t n = detect(d->set, c, d->ranks, s, found);
	note_best(d, &found[0]);
	if (!n || same_formats(d, found, n) || d->owned_n + n > REDETECT_FORMATS) {
		while (n)
			format_free(found[--n].own);
		return false;
	}
	/* What stood before the first known format is no log (the NULs of a log that was truncated while it was written,
	 * an installer's chatter): the file is what follows. */
	if (!d->detection.format)
		d->detection = found[0];
	else
		d->again++;
	d->changes++;
	if (found[0].format->rank != RANK_STAMPED)
		d->from = 0; /* a new format gets its own chance to miss */
	d->patience = LIMIT_DETECT_AGAIN;
	use_formats(d, found, n);
	return true;
}

bool redetect_look_back(struct redetect *d, const struct carried *carried, struct format_scratch *s)
{
	struct candidates *c = memory_new(1, sizeof *c);
	struct detection found;
	d->doubtful = false;
	d->doubts_at *= PATIENCE_GROWS;
	candidates_of(c, text_span(&d->kept));
	c->carried = carried;
	bool another = detect_another(d->set, c, d->list, d->n, s, &found);
	memory_free(c);
	if (!another)
		return false;
	d->found[d->n] = found;
	d->list[d->n++] = found.format;
	if (found.own)
		d->owned[d->owned_n++] = found.own;
	d->again++;
	d->doubts = 0;
	d->doubts_at = DETECT_FEW;
	d->kept_n = 0;
	text_clear(&d->kept);
	return true;
}

void redetect_forget(struct redetect *d)
{
	use_formats(d, NULL, 0);
	d->ranks = DETECT_KNOWN;
	d->among = true;
	d->due = d->doubtful = false;
	d->misses = 0;
}

void redetect_columns(struct redetect *d, struct span names)
{
	struct diag unread = {0};
	size_t column;
	for (size_t i = 0; i < d->n && !d->stated; i++) {
		struct format *own = NULL;
		if (d->list[i]->kind != FORMAT_W3C)
			continue;
		for (size_t k = 0; k < d->owned_n; k++)
			own = d->owned[k] == d->list[i] ? d->owned[k] : own;
		if (own) {
			format_prefer_layout(own, names, &unread, &column);
		} else if (d->owned_n < REDETECT_FORMATS && (own = format_of_layout(d->list[i], names, &unread, &column))) {
			d->owned[d->owned_n++] = own;
			d->list[i] = own;
		}
		return;
	}
}

void redetect_release(struct redetect *d)
{
	for (size_t i = 0; i < d->owned_n; i++)
		format_free(d->owned[i]);
	text_release(&d->kept);
}
