#include "parse/detect.h"

#include "base/memory.h"
#include "parse/share.h"

/* The better evidence of two: that a layout made of the lines takes them says less than that a known one does; then the one whose
 * program could have written them, then the one that reads more of them. */
static bool stronger(struct share a, struct share b)
{
	if (!share_is_equal(a, b) || a.learned != b.learned)
		return share_is_better(a, b) || (share_is_equal(a, b) && b.learned);
	return a.odd != b.odd ? a.odd < b.odd : a.read > b.read;
}

/* Neither is stronger, and the lines do not tell: one of them gives way. */
static bool yields(const struct format *f, const struct format *to)
{
	return f->yields_to && !strcmp(f->yields_to, to->name);
}

/* What is looked for, and what was found so far. */
struct search {
	const struct candidates *lines;
	struct format_scratch *scratch;
	struct detection *found;
	const struct format *chosen; /* of the set */
	struct share best;
	struct share least; /* less than this is chance, not a format */
	const struct format *const *but; /* formats that it is none of */
	size_t but_n;
};

static bool is_named(const struct format *f, const struct format *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(list[i]->name, f->name))
			return true;
	}
	return false;
}

static void try_format(struct search *search, const struct format *known)
{
	struct detection *d = search->found;
	const struct format *f = known;
	struct format *own = NULL;
	struct share share, floor = search->best.taken ? search->best : search->least;
	if (share_has_layouts(f)) {
		own = share_layout(f, search->lines, search->scratch, floor, &share);
		f = own ? own : f;
	} else {
		share = share_of(f, search->lines, search->scratch, floor);
	}
	bool tie = d->format && share_is_equal(share, search->best) && !stronger(share, search->best) && !stronger(search->best, share);
	if (share.taken && !share_is_better(search->least, share) &&
	    (stronger(share, search->best) || (tie && yields(search->chosen, known)))) {
		format_free(d->own);
		d->own = own;
		d->format = f;
		d->also = NULL;
		search->chosen = known;
		search->best = share;
		return;
	}
	if (tie && !d->also && !yields(known, search->chosen))
		d->also = known;
	format_free(own);
}

/* Of one rank: the format that takes the largest share, and one of another name that takes as many. */
static void search_rank(struct search *search, const struct format_set *set, enum format_rank rank, struct share least)
{
	search->best = (struct share){0};
	search->least = least;
	*search->found = (struct detection){0};
	for (size_t i = 0; i < set->n; i++)
		if (set->formats[i]->rank == rank && !is_named(set->formats[i], search->but, search->but_n))
			try_format(search, set->formats[i]);
	search->found->taken = search->best.taken;
	search->found->lines = search->found->format ? search->best.lines : (unsigned)search->lines->n;
}

static const struct share half = {.taken = 1, .lines = 2}, quarter = {.taken = 1, .lines = 4}, few = {.taken = 1, .lines = 25};
/* Of so many formats that write all of the lines the one that writes most has no less, and so of what is left. */
static const struct share eighth = {.taken = 1, .lines = DETECT_FORMATS};

/* Keeps the lines that the format does not take. */
static void keep_missed(struct candidates *c, const struct format *f, struct format_scratch *s)
{
	bool missed[CANDIDATES];
	size_t n = 0;
	share_missed(f, c, s, missed);
	for (size_t i = 0; i < c->n; i++) {
		if (!missed[i])
			continue;
		c->lines[n] = c->lines[i];
		c->headed[n++] = c->headed[i];
	}
	c->n = n;
}

static bool search_another(struct search *search, const struct format_set *set, struct share share, unsigned least,
			   struct detection *found)
{
	search->found = found;
	if (search->lines->n >= least)
		search_rank(search, set, RANK_KNOWN, share);
	else
		*found = (struct detection){0};
	if (!found->format || found->taken >= least)
		return found->format;
	format_free(found->own);
	return false;
}

/* found[0] is there: what it does not take, by formats that take `share` of what is left. Returns how many there are then; `*taken`: lines
 * that they take. */
static size_t search_rest(struct search *search, const struct format_set *set, struct share share, struct detection found[DETECT_FORMATS],
			  unsigned *taken)
{
	const struct candidates *lines = search->lines;
	const struct format *list[DETECT_FORMATS] = {found[0].format};
	struct candidates *rest = memory_new(1, sizeof *rest);
	size_t n = 1;
	*rest = *search->lines;
	search->lines = rest;
	search->but = list;
	*taken = found[0].taken;
	for (bool more = true; more && n < DETECT_FORMATS; n += more) {
		keep_missed(rest, list[n - 1], search->scratch);
		search->but_n = n;
		more = search_another(search, set, share, DETECT_FEW, &found[n]);
		list[n < DETECT_FORMATS ? n : 0] = more ? found[n].format : list[0];
		*taken += more ? found[n].taken : 0;
	}
	memory_free(rest);
	search->lines = lines;
	return n;
}

/* Several formats that take half of the lines together, of which one takes a quarter; or three quarters, of which each takes an eighth of
 * what the ones before it leave: the more there are, the less each of them says. */
static size_t search_together(struct search search, const struct format_set *set, struct detection found[DETECT_FORMATS])
{
	unsigned taken;
	size_t n = 1, lines = search.lines->n;
	search.found = &found[0];
	search_rank(&search, set, RANK_KNOWN, eighth);
	if (!found[0].format || found[0].taken < DETECT_FEW) {
		format_free(found[0].own);
		return 0;
	}
	if (!share_is_better(quarter, search.best)) {
		n = search_rest(&search, set, half, found, &taken);
		if (n > 1 && 2 * (size_t)taken >= lines)
			return n;
		while (n > 1)
			format_free(found[--n].own);
	}
	n = search_rest(&search, set, eighth, found, &taken);
	if (n > 1 && 4 * (size_t)taken >= 3 * lines)
		return n;
	while (n)
		format_free(found[--n].own);
	return 0;
}

/* A text of no known format may have many lines that go on with the one before: there one of 25 with a stamp is enough; but when a
 * known format takes all that have one, it is that. */
static void search_stamped(struct search *search, const struct format_set *set, struct detection *found)
{
	struct detection stamped;
	search->found = &stamped;
	search_rank(search, set, RANK_STAMPED, few);
	if (!stamped.format)
		return;
	search->found = found;
	search_rank(search, set, RANK_KNOWN, few);
	if (!found->format || found->taken < stamped.taken) {
		format_free(found->own);
		*found = stamped;
	}
}

size_t detect(const struct format_set *set, const struct candidates *c, unsigned ranks, struct format_scratch *s,
	      struct detection found[DETECT_FORMATS])
{
	struct search search = {.lines = c, .scratch = s, .found = &found[0]};
	unsigned taken;
	size_t n = 0;
	format_scratch_carried(s, c->carried);
	format_scratch_detects(s, true);
	search_rank(&search, set, RANK_KNOWN, half);
	if (found[0].format)
		n = search_rest(&search, set, half, found, &taken);
	else
		n = search_together(search, set, found);
	if (!n) {
		search = (struct search){.lines = c, .scratch = s, .found = &found[0]};
		if (ranks & DETECT_CARRIED)
			search_rank(&search, set, RANK_CARRIED, half);
		else
			found[0] = (struct detection){.lines = (unsigned)c->n};
		if (!found[0].format && ranks & DETECT_STAMPED)
			search_stamped(&search, set, &found[0]);
		n = found[0].format != NULL;
	}
	format_scratch_detects(s, false);
	format_scratch_carried(s, NULL);
	return n;
}

bool detect_another(const struct format_set *set, const struct candidates *c, const struct format *const *but, size_t n, unsigned least,
		    struct format_scratch *s, struct detection *found)
{
	struct search search = {.lines = c, .scratch = s, .but = but, .but_n = n};
	format_scratch_carried(s, c->carried);
	format_scratch_detects(s, true);
	bool is = search_another(&search, set, half, least, found);
	format_scratch_detects(s, false);
	format_scratch_carried(s, NULL);
	return is;
}

void format_detect(const struct format_set *set, struct span head, struct format_scratch *s, struct detection *d)
{
	struct detection found[DETECT_FORMATS];
	struct candidates *c = memory_new(1, sizeof *c);
	candidates_of(c, head);
	size_t n = detect(set, c, DETECT_KNOWN | DETECT_CARRIED | DETECT_STAMPED, s, found);
	*d = found[0];
	while (n > 1)
		format_free(found[--n].own);
	memory_free(c);
}

void detect_layout(const struct format *stated, const struct candidates *c, struct format_scratch *s, struct detection *d)
{
	struct share share, none = {0};
	*d = (struct detection){.format = stated};
	format_scratch_carried(s, c->carried);
	if (share_has_layouts(stated) && !format_is_own(stated)) {
		d->own = share_layout(stated, c, s, none, &share);
		d->format = d->own ? d->own : stated;
	} else {
		share = share_of(stated, c, s, none);
	}
	format_scratch_carried(s, NULL);
	d->taken = share.taken;
	d->lines = share.lines;
}

void format_detect_layout(const struct format *stated, struct span head, struct format_scratch *s, struct detection *d)
{
	struct candidates *c = memory_new(1, sizeof *c);
	candidates_of(c, head);
	detect_layout(stated, c, s, d);
	memory_free(c);
}
