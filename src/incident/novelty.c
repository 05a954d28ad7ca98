#include "incident/novelty.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/deviance.h"
#include "incident/finding.h"
#include "incident/starmerge.h"
#include "incident/symptom.h"

/* A message of one part. */
struct piece {
	const struct keyed *of; /* borrowed */
	size_t source, template; /* template: of pool.templates */
	uint32_t part;
};

/* What the sources of a tier log. */
struct pool {
	enum tier tier;
	bool requests;         /* its input: requests; else records */
	struct piece *pieces;  /* by (key, source, part) */
	size_t n, cap;
	struct span *signatures; /* distinct keys */
	size_t signatures_n;
	struct starmerge merged;
	struct template *templates; /* by text */
	size_t templates_n;
	uint32_t *width_s;     /* of each source of the fold */
};

struct template {
	struct span text;
	uint8_t severity;
	bool known;            /* a signal knows it */
	/* of the incident that is looked at */
	uint64_t count, inner, before;
	uint32_t before_cells; /* in how many intervals */
	bool ever;             /* seen at any time before */
	bool late;             /* of a log that begins in the incident */
	bool untimed;          /* of a log whose times cannot be told */
	size_t source;         /* of the first in the incident; several: SIZE_MAX */
	int64_t first_us;      /* start of the first interval of the incident with it, UTC */
	const struct piece *evidence;
	bool evidence_inside;
};

/* Intervals of an incident in one source, seconds as printed; multiples of the width. */
enum { CELLS_BEFORE = 60 };
struct stretch {
	bool known, timed;
	bool late;                        /* the log begins in it, or so little before that there is nothing to compare */
	uint32_t width_s;
	int64_t from_s, to_s;             /* that touch the incident */
	int64_t inner_from_s, inner_to_s; /* that lie inside it and are covered */
	int64_t before_s;                 /* start of CELLS_BEFORE intervals before it */
	uint32_t before[CELLS_BEFORE];    /* how many seconds of these are covered and count */
};
/* Sums over the sources of a pool. */
struct intake {
	uint64_t now, now_s, inner, inner_s, before, before_s;
};

/* ---- templates ---- */

static int piece_order(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;
	int order = span_compare(span_of(x->of->key), span_of(y->of->key));
	if (order)
		return order;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return x->part < y->part ? -1 : x->part > y->part;
}

static int severity_order(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;
	return x->of->severity != y->of->severity ? (x->of->severity < y->of->severity ? 1 : -1) : piece_order(a, b);
}

static void collect(const struct fold *f, struct pool *p)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		if (s->tier != p->tier || !source_counts(s))
			continue;
		p->requests |= fold_series_find(s, "http.requests", "", FACET_NONE, "") != NULL;
		for (size_t e = 0; e < s->entries_n; e++) {
			const struct part *part = f->tally->entries[s->entries[e]].part;
			if (part->messages_n && part->messages_width_s > p->width_s[i])
				p->width_s[i] = part->messages_width_s;
			for (size_t k = 0; k < part->messages_n; k++) {
				if (!part->messages[k].n || !strcmp(part->messages[k].key, "other"))
					continue;
				p->pieces = memory_grow(p->pieces, &p->cap, p->n + 1, sizeof *p->pieces);
				p->pieces[p->n++] = (struct piece){&part->messages[k], i, 0, s->entries[e]};
			}
		}
	}
}

static bool same_key(const struct piece *a, const struct piece *b)
{
	return !strcmp(a->of->key, b->of->key);
}

/* Leaves the messages of the NOVELTY_SIGNATURES most severe signatures (a signature is as severe as its most severe piece). */
static void bound(struct pool *p)
{
	qsort(p->pieces, p->n, sizeof *p->pieces, piece_order);
	size_t distinct = 0;
	for (size_t i = 0; i < p->n; i++)
		distinct += !i || !same_key(&p->pieces[i - 1], &p->pieces[i]);
	if (distinct <= NOVELTY_SIGNATURES)
		return;
	/* Pieces, not signatures, are cut: each signature keeps one piece at least when it is that severe. */
	qsort(p->pieces, p->n, sizeof *p->pieces, severity_order);
	p->n = NOVELTY_SIGNATURES;
	qsort(p->pieces, p->n, sizeof *p->pieces, piece_order);
}

static int span_order(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* Does a signal know this wording, or is it told otherwise? Most of what is masked in it are numbers: one stands in its place. */
static bool is_known(const struct fold *f, enum tier tier, struct span signature, uint8_t severity, struct regex_scratch *scratch)
{
	uint16_t kinds[SIGNAL_MAX];
	struct record r = {0};
	struct text message = {0};
	struct span rest = signature;
	for (ptrdiff_t at; (at = span_find(rest, SPAN("<*>"))) >= 0; rest = span_from(rest, (size_t)at + 3)) {
		text_append(&message, span_head(rest, (size_t)at));
		text_append_byte(&message, '1');
	}
	text_append(&message, rest);
	record_clear(&r);
	record_set(&r, FIELD_MESSAGE, text_span(&message));
	r.severity = severity;
	/* incident/statements.h tells of what took long. */
	bool known = (tier == TIER_DB && span_starts(text_span(&message), SPAN("duration: "))) ||
		     signal_match(f->signals, tier, &r, scratch, kinds) > 0;
	text_release(&message);
	return known;
}

static size_t template_find(const struct pool *p, struct span text)
{
	size_t low = 0, high = p->templates_n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (span_compare(p->templates[middle].text, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void templates_make(const struct fold *f, struct pool *p)
{
	p->signatures = memory_new(p->n, sizeof *p->signatures);
	for (size_t i = 0; i < p->n; i++)
		if (!i || !same_key(&p->pieces[i - 1], &p->pieces[i]))
			p->signatures[p->signatures_n++] = span_of(p->pieces[i].of->key);
	starmerge_find(p->signatures, p->signatures_n, &p->merged);
	struct span *sorted = memory_new(p->signatures_n, sizeof *sorted);
	memcpy(sorted, p->merged.templates, p->signatures_n * sizeof *sorted);
	qsort(sorted, p->signatures_n, sizeof *sorted, span_order);
	p->templates = memory_new(p->signatures_n, sizeof *p->templates);
	for (size_t i = 0; i < p->signatures_n; i++)
		if (!i || !span_equal(sorted[i - 1], sorted[i]))
			p->templates[p->templates_n++].text = sorted[i];
	memory_free(sorted);
	struct regex_scratch *scratch = regex_scratch_new();
	size_t signature = 0;
	for (size_t i = 0; i < p->n; i++) {
		bool first = !i || !same_key(&p->pieces[i - 1], &p->pieces[i]);
		signature += i && first;
		size_t at = p->pieces[i].template = template_find(p, p->merged.templates[signature]);
		struct template *t = &p->templates[at];
		t->severity = p->pieces[i].of->severity > t->severity ? p->pieces[i].of->severity : t->severity;
		if (first && !t->known)
			t->known = is_known(f, p->tier, p->signatures[signature], p->pieces[i].of->severity, scratch);
	}
	regex_scratch_free(scratch);
}

static void pool_release(struct pool *p)
{
	starmerge_release(&p->merged);
	memory_free(p->pieces);
	memory_free(p->signatures);
	memory_free(p->templates);
	memory_free(p->width_s);
}

/* ---- intervals ---- */

static int64_t floor_to(int64_t us, uint32_t width_s)
{
	int64_t s = us < 0 ? 0 : us / SECOND_US;
	return s - s % width_s;
}

/* True when nothing in [from, to), as printed, keeps it from being compared: no gap, and no other incident is near. */
static bool is_plain(const struct fold_source *s, const struct draft *d, const struct incident *in, int64_t from_us, int64_t to_us)
{
	for (size_t i = 0; i < s->gaps_n; i++)
		if (s->gaps[i].start_us < to_us && s->gaps[i].end_us > from_us)
			return false;
	for (size_t i = 0; i < d->incidents_n; i++) {
		const struct incident *other = &d->incidents[i];
		if (other != in && moment_printed(s, other->onset.at_us) - NOVELTY_BESIDE_US < to_us &&
		    moment_printed(s, other->end.at_us) + NOVELTY_BESIDE_US > from_us)
			return false;
	}
	return true;
}

static struct stretch stretch_of(const struct fold *f, const struct draft *d, const struct incident *in, size_t source, uint32_t width_s)
{
	const struct fold_source *s = &f->sources[source];
	struct stretch x = {.width_s = width_s, .timed = finding_timed(f, d, source)};
	int64_t from_us, to_us;
	if (!width_s || !finding_span(f, d, in, source, &from_us, &to_us))
		return x;
	x.from_s = floor_to(from_us, width_s);
	x.to_s = floor_to(to_us, width_s) + width_s;
	x.inner_from_s = x.from_s * SECOND_US < from_us ? x.from_s + width_s : x.from_s;
	x.inner_to_s = x.to_s - width_s;
	while (x.inner_from_s < x.inner_to_s && (x.inner_to_s * SECOND_US > s->last_us || x.inner_from_s * SECOND_US < s->first_us ||
						 !is_plain(s, d, in, x.inner_from_s * SECOND_US, x.inner_to_s * SECOND_US)))
		x.inner_to_s -= width_s;
	size_t cells = NOVELTY_BEFORE_US / SECOND_US / width_s;
	cells = cells > CELLS_BEFORE ? CELLS_BEFORE : cells ? cells : 1;
	x.before_s = x.from_s - (int64_t)CELLS_BEFORE * width_s;
	for (size_t i = CELLS_BEFORE - cells; i < CELLS_BEFORE; i++) {
		/* The log may begin inside of one, or end in one long before the incident. */
		int64_t at_s = x.before_s + (int64_t)i * width_s, end_s = at_s + width_s;
		int64_t first_s = s->first_us / SECOND_US, last_s = s->last_us / SECOND_US;
		int64_t covered_s = (end_s < last_s ? end_s : last_s) - (at_s > first_s ? at_s : first_s);
		if (covered_s < NOVELTY_COVERED_S || !is_plain(s, d, in, at_s * SECOND_US, end_s * SECOND_US))
			continue;
		x.before[i] = (uint32_t)covered_s;
		x.known = true;
	}
	return x;
}

static uint64_t input_between(const struct fold_series *series, int64_t from_s, int64_t to_s)
{
	return series && from_s < to_s ? symptom_count(series, from_s * SECOND_US, to_s * SECOND_US - 1) : 0;
}

static void intake_add(const struct fold_source *s, const struct stretch *x, bool requests, struct intake *sum)
{
	const struct fold_series *series = fold_series_find(s, requests ? "http.requests" : "records", "", FACET_NONE, "");
	sum->now += input_between(series, x->from_s, x->to_s);
	sum->now_s += (uint64_t)(x->to_s - x->from_s);
	sum->inner += input_between(series, x->inner_from_s, x->inner_to_s);
	sum->inner_s += x->inner_from_s < x->inner_to_s ? (uint64_t)(x->inner_to_s - x->inner_from_s) : 0;
	for (size_t i = 0; i < CELLS_BEFORE; i++) {
		int64_t at_s = x->before_s + (int64_t)i * x->width_s;
		if (!x->before[i])
			continue;
		sum->before += input_between(series, at_s, at_s + x->width_s);
		sum->before_s += x->before[i];
	}
}

/* ---- counting ---- */

/* Where its first record was: the earliest one of the incident, else the earliest of all. */
static void evidence_choose(struct template *t, const struct piece *p, const struct stretch *x)
{
	int64_t first_s = p->of->cells[0].start_s;
	bool inside = first_s >= x->from_s && first_s < x->to_s;
	if (t->evidence && (t->evidence_inside != inside ? t->evidence_inside : t->evidence->of->cells[0].start_s <= p->of->cells[0].start_s))
		return;
	t->evidence = p;
	t->evidence_inside = inside;
}

static void count_piece(const struct fold_source *s, const struct piece *p, const struct stretch *x, struct template *t)
{
	bool seen[CELLS_BEFORE] = {false};
	t->ever |= p->of->cells[0].start_s < x->from_s;
	t->late |= x->late;
	t->untimed |= !x->timed;
	evidence_choose(t, p, x);
	size_t low = 0, high = p->of->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (p->of->cells[middle].start_s < x->before_s)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < p->of->n && p->of->cells[low].start_s < x->to_s; low++) {
		const struct keyed_cell *c = &p->of->cells[low];
		if (c->start_s < x->from_s) {
			size_t cell = (size_t)(c->start_s - x->before_s) / x->width_s;
			t->before += x->before[cell] ? c->n : 0;
			t->before_cells += x->before[cell] && !seen[cell];
			seen[cell] = true;
			continue;
		}
		int64_t first_us = fold_utc(s, c->start_s * SECOND_US);
		t->source = !t->count || t->source == p->source ? p->source : SIZE_MAX;
		t->first_us = !t->count || first_us < t->first_us ? first_us : t->first_us;
		t->count += c->n;
		t->inner += c->start_s >= x->inner_from_s && c->start_s < x->inner_to_s ? c->n : 0;
	}
}

static void count_all(const struct fold *f, struct pool *p, const struct stretch *stretches)
{
	for (size_t i = 0; i < p->templates_n; i++) {
		struct template *t = &p->templates[i];
		*t = (struct template){.text = t->text, .severity = t->severity, .known = t->known};
	}
	for (size_t i = 0; i < p->n; i++)
		if (stretches[p->pieces[i].source].known)
			count_piece(&f->sources[p->pieces[i].source], &p->pieces[i], &stretches[p->pieces[i].source],
				    &p->templates[p->pieces[i].template]);
}

/* Good and Turing: as many records as templates came just once before are to be expected of templates never seen, in as much input. */
static uint64_t seen_once(const struct pool *p)
{
	uint64_t once = 0;
	for (size_t i = 0; i < p->templates_n; i++)
		once += !p->templates[i].known && p->templates[i].before == 1;
	return once;
}

/* ---- what is told ---- */

struct judged {
	enum finding_kind kind;
	const struct template *template;
	uint64_t expected_milli;
	int64_t score;
};

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* `once`: seen_once(). */
static bool judge(const struct template *t, const struct intake *in, uint64_t once, struct judged *out)
{
	*out = (struct judged){.template = t};
	int64_t z;
	if (t->count) {
		uint64_t before = t->ever ? t->before : once;
		uint64_t expected = larger(deviance_expected(before, in->now, in->before), deviance_expected(before, in->now_s, in->before_s));
		z = deviance_milli(t->count, expected);
		out->kind = t->ever ? FINDING_MESSAGE_SURGE : FINDING_MESSAGE_NEW;
		out->expected_milli = expected;
		if (t->late && (t->ever || t->severity < SEVERITY_ERROR))
			return false; /* how often it was logged before, nobody knows */
		if (t->ever ? z < NOVELTY_SURGE_MILLI || t->count < NOVELTY_SURGE_LEAST || t->count * 1000 < NOVELTY_SURGE_TIMES * expected
			    : z < NOVELTY_NEW_MILLI || t->count < NOVELTY_NEW_LEAST)
			return false;
	} else {
		/* Half an event less than was counted: what is missing should not be due to one that came by chance. */
		uint64_t least = t->before ? t->before - 1 : 0;
		uint64_t by_input = deviance_expected(least, in->inner, in->before), by_time = deviance_expected(least, in->inner_s, in->before_s);
		out->expected_milli = by_input < by_time ? by_input : by_time;
		z = deviance_milli(0, out->expected_milli);
		out->kind = FINDING_MESSAGE_VANISHED;
		if (t->late || z > NOVELTY_VANISHED_MILLI || t->before_cells < NOVELTY_VANISHED_CELLS)
			return false;
		z = -z;
	}
	out->score = (int64_t)t->severity * 100000000 + (z < 99999999 ? z : 99999999);
	return true;
}

static int judged_order(const void *a, const void *b)
{
	const struct judged *x = a, *y = b;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return span_compare(x->template->text, y->template->text);
}

static void where(struct text *t, const struct fold *f, const struct draft *d, const struct pool *p, const struct template *x)
{
	if (x->source != SIZE_MAX)
		text_format(t, " in %s", label_of(f, x->source));
	else
		text_format(t, " in several logs of the %s", sentence_tier(p->tier));
	if (x->source != SIZE_MAX)
		finding_clock(t, f, d, x->source);
}

static void before_text(struct text *t, const struct template *x, const struct intake *in)
{
	text_append_string(t, " (before: ");
	sentence_count(t, x->before);
	text_append_string(t, " in ");
	sentence_duration(t, (int64_t)in->before_s * SECOND_US);
	text_append_string(t, " of these logs)");
}

static void about(struct text *t, uint64_t milli)
{
	sentence_count(t, (milli + 500) / 1000);
}

enum { QUOTE_BYTES = 240 };
static void tell(const struct fold *f, const struct draft *d, const struct pool *p, const struct judged *j, const struct intake *in, uint32_t width_s,
		 struct incident *incident)
{
	const struct template *x = j->template;
	struct text t = {0};
	struct moment at = {x->first_us, x->first_us, x->first_us + (int64_t)width_s * SECOND_US, NULL};
	const char *input = p->requests ? "requests" : "records";
	bool timed = !x->untimed;
	if (!timed)
		at = (struct moment){incident->onset.at_us, incident->onset.lower_us, incident->end.upper_us, NULL};
	if (j->kind == FINDING_MESSAGE_NEW) {
		text_append_string(&t, "New in the incident: ");
		finding_quote(&t, x->text, QUOTE_BYTES);
		text_append_string(&t, ", ");
		sentence_counted(&t, x->count, "time");
		where(&t, f, d, p, x);
		if (timed) {
			text_append_string(&t, ", first in the ");
			if (width_s == 60)
				text_append_string(&t, "minute");
			else
				sentence_duration(&t, (int64_t)width_s * SECOND_US);
			text_append_string(&t, " from ");
			sentence_time(&t, x->first_us);
		}
		text_append_string(&t, "; never before in the logs of this tier");
		if (x->late && x->source != SIZE_MAX && timed) {
			text_format(&t, ", of which %s begins at ", label_of(f, x->source));
			sentence_time(&t, fold_utc(&f->sources[x->source], f->sources[x->source].first_us));
		}
		text_append_byte(&t, '.');
	} else if (j->kind == FINDING_MESSAGE_SURGE) {
		text_append_string(&t, "Far above its rate: ");
		finding_quote(&t, x->text, QUOTE_BYTES);
		text_append_string(&t, ", ");
		sentence_counted(&t, x->count, "time");
		where(&t, f, d, p, x);
		text_append_string(&t, " where at most about ");
		about(&t, j->expected_milli);
		text_format(&t, " would be usual for its %s and its time", input);
		before_text(&t, x, in);
		text_append_byte(&t, '.');
	} else {
		at = (struct moment){incident->onset.at_us, incident->onset.lower_us, incident->onset.upper_us + (int64_t)width_s * SECOND_US, NULL};
		text_append_string(&t, "Not logged any more: ");
		finding_quote(&t, x->text, QUOTE_BYTES);
		text_append_string(&t, ", not once in ");
		sentence_duration(&t, (int64_t)in->inner_s * SECOND_US);
		text_append_string(&t, " of the incident where about ");
		about(&t, j->expected_milli);
		text_append_string(&t, " would be usual");
		before_text(&t, x, in);
		text_append_byte(&t, '.');
	}
	size_t source = j->kind == FINDING_MESSAGE_VANISHED ? x->evidence->source : x->source;
	struct text what = {0};
	text_append(&what, x->text);
	struct finding *made = finding_add(&incident->findings, f, j->kind, p->tier, source, &at, what.at, &t);
	text_release(&what);
	made->count.value = (int64_t)x->count;
	made->before.value = (int64_t)x->before;
	made->score = j->score;
	if (j->kind != FINDING_MESSAGE_VANISHED)
		made->end_us = INSTANT_NONE;
	const struct keyed *k = x->evidence->of;
	fold_evidence(f, x->evidence->source, x->evidence->part, k->first_line, k->first_offset, k->first_length, &made->evidence);
}

static void find_one(const struct fold *f, struct draft *d, struct pool *p, struct incident *in)
{
	struct stretch *stretches = memory_new(f->n, sizeof *stretches);
	struct intake input = {0};
	uint32_t width_s = 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		if (s->tier != p->tier || !source_counts(s))
			continue;
		/* An access log logs no messages, but the requests beside them. */
		stretches[i] = stretch_of(f, d, in, i, p->width_s[i] ? p->width_s[i] : 60);
		bool requests = fold_series_find(s, "http.requests", "", FACET_NONE, "") != NULL;
		/* An error log may begin with the incident: then the requests beside it tell that there was a time before. */
		if (!stretches[i].known && stretches[i].to_s && p->requests && !requests)
			stretches[i].known = stretches[i].late = s->first_us >= (stretches[i].from_s - (int64_t)stretches[i].width_s) * SECOND_US;
		if (!stretches[i].known)
			continue;
		if (!p->requests || requests)
			intake_add(s, &stretches[i], p->requests, &input);
		width_s = stretches[i].width_s > width_s ? stretches[i].width_s : width_s;
	}
	count_all(f, p, stretches);
	uint64_t once = seen_once(p);
	struct judged *judged = memory_new(p->templates_n, sizeof *judged);
	size_t n = 0;
	for (size_t i = 0; input.before && i < p->templates_n; i++)
		n += !p->templates[i].known && (p->templates[i].count || p->templates[i].before) &&
		     judge(&p->templates[i], &input, once, &judged[n]);
	if (n)
		qsort(judged, n, sizeof *judged, judged_order);
	size_t told = 0;
	for (size_t i = 0; i < n; i++) {
		told = i && judged[i].kind == judged[i - 1].kind ? told + 1 : 1;
		if (told <= NOVELTY_MOST)
			tell(f, d, p, &judged[i], &input, width_s, in);
		else
			in->findings.more++;
	}
	memory_free(judged);
	memory_free(stretches);
}

void novelty_find(const struct fold *f, struct draft *d)
{
	for (int tier = TIER_UNKNOWN; d->incidents_n && tier < TIER_COUNT; tier++) {
		struct pool p = {.tier = (enum tier)tier, .width_s = memory_new(f->n, sizeof *p.width_s)};
		collect(f, &p);
		if (p.n) {
			bound(&p);
			templates_make(f, &p);
			for (size_t i = 0; i < d->incidents_n; i++)
				find_one(f, d, &p, &d->incidents[i]);
		}
		pool_release(&p);
	}
}
