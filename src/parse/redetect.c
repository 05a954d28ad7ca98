#include "parse/redetect.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "parse/share.h"

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
	ASK_FREE = 16,
	ASK_STEP = 64 << 10,
	ASK_STEP_AMONG = 1 << 20,   /* there may be hundreds of them */
	AHEAD_STEP = 2 << 20,
	SHAPE_BYTES = 24,           /* a stamp and a bit more */
};

void redetect_init(struct redetect *d, const struct format_set *set, const struct format *stated, unsigned ranks)
{
	*d = (struct redetect){.set = set, .stated = stated, .ranks = ranks, .patience = LIMIT_DETECT_AGAIN, .doubts_at = DETECT_FEW};
}

/* Another format is in force: what was refused before says nothing. */
static void forget_doubts(struct redetect *d)
{
	d->doubts = 0;
	d->doubts_at = DETECT_FEW;
	d->kept_n = 0;
	text_clear(&d->kept);
	d->asked = 0;
	d->ask_from = 0;
	d->shapes_n = 0;
	memset(d->shapes, 0, sizeof d->shapes);
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
	forget_doubts(d);
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

/* There may be one more format, and the line may be of it. */
static bool is_doubtful(const struct redetect *d, struct span line)
{
	return d->n && d->n < DETECT_FORMATS && !d->stated && d->list[0]->rank == RANK_KNOWN &&
	       d->owned_n + DETECT_FORMATS <= REDETECT_FORMATS && line.len <= DOUBT_LINE_BYTES;
}

void redetect_doubt(struct redetect *d, struct span line)
{
	if (!is_doubtful(d, line))
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

static void add_format(struct redetect *d, const struct detection *found)
{
	d->found[d->n] = *found;
	d->list[d->n++] = found->format;
	if (found->own)
		d->owned[d->owned_n++] = found->own;
	d->again++;
	forget_doubts(d);
}

bool redetect_look_back(struct redetect *d, const struct carried *carried, struct format_scratch *s)
{
	struct candidates *c = memory_new(1, sizeof *c);
	struct detection found;
	d->doubtful = false;
	d->doubts_at *= PATIENCE_GROWS;
	candidates_of(c, text_span(&d->kept));
	c->carried = carried;
	bool another = detect_another(d->set, c, d->list, d->n, DETECT_FEW, s, &found);
	memory_free(c);
	if (another)
		add_format(d, &found);
	return another;
}

/* ---- ahead ---- */

/* How the line begins: digits are one, words are as long as they like. Never 0. */
static uint64_t shape_of(struct span line)
{
	char shape[SHAPE_BYTES];
	size_t n = 0;
	for (size_t i = 0; i < line.len && n < SHAPE_BYTES; i++) {
		char byte = line.at[i], lower = (char)(byte | 0x20);
		if (byte >= '0' && byte <= '9')
			byte = '0';
		else if (lower >= 'a' && lower <= 'z')
			byte = 'a';
		if (byte != 'a' || !n || shape[n - 1] != 'a')
			shape[n++] = byte;
	}
	return hash_bytes((struct span){shape, n}) | 1;
}

bool redetect_holds(struct redetect *d, struct span line, uint64_t offset, bool joins)
{
	if (!is_doubtful(d, line) || (d->asked >= ASK_FREE && offset < d->ask_from))
		return false;
	uint64_t shape = shape_of(line);
	for (size_t i = 0; i < REDETECT_SHAPES; i++) {
		if (d->shapes[i] == shape)
			return false;
	}
	d->shape = shape;
	d->asked++;
	d->ask_from = offset + (d->among ? ASK_STEP_AMONG : ASK_STEP);
	d->joins = joins;
	d->ahead = true;
	return true;
}

bool redetect_ask(struct redetect *d, const struct candidates *c, struct format_scratch *s)
{
	d->ahead = false;
	bool is = c->n == 1 && detect_another(d->set, c, d->list, d->n, 1, s, &d->guess);
	if (!is)
		d->shapes[d->shapes_n++ % REDETECT_SHAPES] = d->shape;
	return is;
}

static bool takes(const struct format *f, struct span line, struct span headed, struct format_scratch *s)
{
	struct record r;
	struct span text = f->headed && headed.len ? headed : line;
	if (!text.len || (f->starts_known && !f->starts[(unsigned char)text.at[0]]))
		return false;
	enum parse_result result = format_parse(f, text, s, &r);
	return result == PARSE_OK || result == PARSE_PARTIAL;
}

bool redetect_takes(const struct redetect *d, struct span line, struct span headed, const struct carried *carried, struct format_scratch *s)
{
	bool is = false;
	format_scratch_carried(s, carried);
	for (size_t i = 0; i < d->n && !is; i++)
		is = takes(d->list[i], line, headed, s);
	format_scratch_carried(s, NULL);
	return is;
}

/* Keeps the lines that the format takes. */
static void keep_taken(struct candidates *c, const struct format *f, struct format_scratch *s)
{
	size_t n = 0;
	format_scratch_carried(s, c->carried);
	for (size_t i = 0; i < c->n; i++) {
		if (!takes(f, c->lines[i], c->headed[i], s))
			continue;
		c->lines[n] = c->lines[i];
		c->headed[n++] = c->headed[i];
	}
	format_scratch_carried(s, NULL);
	c->n = n;
}

static bool takes_first(const struct format *f, const struct candidates *c, struct format_scratch *s)
{
	format_scratch_carried(s, c->carried);
	bool is = takes(f, c->lines[0], c->headed[0], s);
	format_scratch_carried(s, NULL);
	return is;
}

static bool is_of_a_tier_in_force(const struct redetect *d, const struct format *f)
{
	for (size_t i = 0; i < d->n; i++) {
		if (d->list[i]->tier == f->tier)
			return true;
	}
	return false;
}

/* Fewer than DETECT_FEW lines: they are the guess's beyond doubt. */
static bool is_plain(const struct redetect *d, struct candidates *c, struct format_scratch *s)
{
	const struct detection *g = &d->guess;
	size_t n = c->n;
	keep_taken(c, g->format, s);
	return c->n == n && !g->also && !d->joins && !share_has_layouts(g->format) && is_of_a_tier_in_force(d, g->format);
}

static bool bears_out(struct redetect *d, struct candidates *c, struct format_scratch *s, struct detection *found)
{
	if (c->n < DETECT_FEW) {
		if (!is_plain(d, c, s))
			return false;
		*found = d->guess;
		d->guess = (struct detection){0};
		return true;
	}
	if (detect_another(d->set, c, d->list, d->n, DETECT_FEW, s, found)) {
		if (takes_first(found->format, c, s))
			return true;
		format_free(found->own);
	}
	keep_taken(c, d->guess.format, s);
	return detect_another(d->set, c, d->list, d->n, DETECT_FEW, s, found);
}

bool redetect_look_ahead(struct redetect *d, struct candidates *c, uint64_t offset, struct format_scratch *s)
{
	struct detection found;
	bool is = bears_out(d, c, s, &found);
	format_free(d->guess.own);
	d->guess = (struct detection){0};
	if (is) {
		add_format(d, &found);
	} else {
		d->asked = ASK_FREE;
		d->ask_from = offset + AHEAD_STEP;
	}
	return is;
}

void redetect_forget(struct redetect *d)
{
	use_formats(d, NULL, 0);
	d->ranks = DETECT_KNOWN;
	d->among = true;
	d->due = d->doubtful = d->ahead = false;
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
