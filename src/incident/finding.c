#include "incident/finding.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"

/* How a kind is told in the timeline: `most` of it in an incident. */
static const struct {
	const char *name;
	enum rank rank;
	unsigned most;
	const char *severity;
} kinds[FINDING_KINDS] = {
	[FINDING_REQUESTS_LOST] = {"requests_lost", RANK_SIGNAL, 2, "warning"},
	[FINDING_TIER_SILENT] = {"tier_silent", RANK_SIGNAL, 3, "warning"},
	[FINDING_USER_VISIBLE] = {"refusals_user_visible", RANK_DETAIL, 0, "warning"},
	[FINDING_BATCH_ONLY] = {"refusals_batch_only", RANK_CHANGE, 1, "info"},
	[FINDING_LIMIT_SCOPED] = {"limit_scoped", RANK_CHANGE, 4, "info"},
	[FINDING_TRICKLE] = {"trickle", RANK_SIGNAL, 3, "info"},
	[FINDING_NEAR_MISS] = {"near_miss", RANK_SIGNAL, 3, "info"},
	[FINDING_MESSAGE_NEW] = {"message_new", RANK_DETAIL, 2, "warning"},
	[FINDING_MESSAGE_SURGE] = {"message_surge", RANK_MINOR, 1, "warning"},
	[FINDING_MESSAGE_VANISHED] = {"message_vanished", RANK_MINOR, 1, "info"},
	[FINDING_SESSIONS_OLDER] = {"sessions_older", RANK_DETAIL, 1, "info"},
	[FINDING_SLOW_STATEMENT] = {"slow_statement", RANK_DETAIL, 1, "info"},
	[FINDING_VACUUM_OVERLAP] = {"vacuum_overlap", RANK_MINOR, 1, "info"},
	[FINDING_CHECKPOINT_OVERLAP] = {"checkpoint_overlap", RANK_MINOR, 0, "info"},
};

const char *finding_name(enum finding_kind kind)
{
	return kinds[kind].name;
}

static int rank_of(const struct finding *f)
{
	int rank = 0;
	while (rank < FINDING_KINDS && strcmp(kinds[rank].name, f->kind))
		rank++;
	return rank;
}

struct finding *finding_add(struct finding_list *list, const struct fold *f, enum finding_kind kind, enum tier tier, size_t source,
			    const struct moment *at, const char *what, struct text *text)
{
	const struct fold_source *s = source == SIZE_MAX ? NULL : &f->sources[source];
	struct text line = {0}, id = {0};
	list->items = memory_grow(list->items, &list->cap, list->n + 1, sizeof *list->items);
	struct finding *made = &list->items[list->n++];
	text_append_printable(&line, span_head(text_span(text), FINDING_BYTES));
	text_release(text);
	text_format(&id, "finding.%s", kinds[kind].name);
	*made = (struct finding){
		.id = sentence_id(id.at, what, s ? s->key : NULL, at->at_us),
		.kind = sentence_copy(kinds[kind].name),
		.tier = tier,
		.source = s ? sentence_copy(s->id) : NULL,
		.text = sentence_take(&line),
		.count = {true, 0, NULL},
		.before = {true, 0, NULL},
		.at = moment_copy(at),
		.end_us = INSTANT_NONE,
		.source_index = source,
	};
	text_release(&id);
	return made;
}

static int finding_order(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int order = rank_of(x) - rank_of(y);
	if (order)
		return order;
	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	if (x->at.at_us != y->at.at_us)
		return x->at.at_us < y->at.at_us ? -1 : 1;
	order = strcmp(x->id, y->id);
	return order ? order : strcmp(x->text, y->text);
}

static void list_sort(struct finding_list *list)
{
	if (list->n)
		qsort(list->items, list->n, sizeof *list->items, finding_order);
}

static void list_note(const struct finding_list *list, size_t incident, struct note_list *notes)
{
	unsigned told = 0;
	for (size_t i = 0; i < list->n; i++) {
		const struct finding *x = &list->items[i];
		int kind = rank_of(x);
		told = i && !strcmp(x->kind, list->items[i - 1].kind) ? told + 1 : 1;
		if (told > kinds[kind].most)
			continue;
		struct note *n = note_add(notes, kinds[kind].rank, incident, x->source_index, "finding", kinds[kind].severity);
		n->tier = x->tier;
		n->at = moment_copy(&x->at);
		n->end_us = x->end_us;
		n->sentence = sentence_copy(x->text);
		n->count = (struct known){x->count.known, x->count.value, sentence_copy(x->count.reason)};
		evidence_copy(&x->evidence, SIZE_MAX, &n->evidence);
	}
}

void finding_settle(struct draft *d, struct note_list *notes)
{
	list_sort(&d->findings);
	list_note(&d->findings, SIZE_MAX, notes);
	for (size_t i = 0; i < d->incidents_n; i++) {
		list_sort(&d->incidents[i].findings);
		list_note(&d->incidents[i].findings, i, notes);
	}
}

/* True when bursts of the source say where in its clock incidents lie. */
static bool has_bursts(const struct draft *d, size_t source)
{
	for (size_t i = 0; i < d->bursts_n; i++)
		if (d->bursts[i].source_index == source && d->bursts[i].incident)
			return true;
	return false;
}

bool finding_span(const struct fold *f, const struct draft *d, const struct incident *in, size_t source, int64_t *from_us,
		  int64_t *to_us)
{
	const struct fold_source *s = &f->sources[source];
	if (s->first_us == INSTANT_NONE)
		return false;
	if (s->uncertainty_us <= FINDING_CLOCK_US) {
		*from_us = moment_printed(s, in->onset.at_us);
		*to_us = moment_printed(s, in->end.at_us);
		return true;
	}
	bool found = false, any = has_bursts(d, source);
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		if (b->source_index != source || !incident_has(in, b))
			continue;
		*from_us = !found || b->first_us < *from_us ? b->first_us : *from_us;
		*to_us = !found || b->last_us > *to_us ? b->last_us : *to_us;
		found = true;
	}
	if (!any) {
		*from_us = moment_printed(s, in->onset.at_us);
		*to_us = moment_printed(s, in->end.at_us);
	}
	return found || !any;
}

bool finding_timed(const struct fold *f, const struct draft *d, size_t source)
{
	return f->sources[source].uncertainty_us <= FINDING_CLOCK_US || !has_bursts(d, source);
}

void finding_clock(struct text *t, const struct fold *f, const struct draft *d, size_t source)
{
	const struct fold_source *s = &f->sources[source];
	if (s->uncertainty_us <= FINDING_CLOCK_US || has_bursts(d, source))
		return;
	text_format(t, " (%s prints no zone: its stamps are taken as ", label_of(f, source));
	sentence_offset(t, s->first_us - fold_utc(s, s->first_us));
	text_append_byte(t, ')');
}

void finding_quote(struct text *t, struct span log_text, size_t most)
{
	struct span head = span_head(log_text, most);
	/* A character is not cut in two. */
	while (head.len < log_text.len && head.len && ((unsigned char)log_text.at[head.len] & 0xC0) == 0x80)
		head.len--;
	text_append_byte(t, '"');
	text_append_printable(t, head);
	text_append_string(t, head.len < log_text.len ? " ...\"" : "\"");
}
