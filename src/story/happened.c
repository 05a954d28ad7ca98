#include "story/happened.h"

#include <stdio.h>

#include "base/hash.h"
#include "base/memory.h"
#include "fold/sentence.h"
#include "story/window.h"
#include "tally/mask.h"

struct moment happened_at(const struct stated_event *e)
{
	return (struct moment){e->at_us, e->at_us, e->at_us + e->resolution_us, NULL};
}

static char *masked(const char *string)
{
	struct text t = {0};
	mask_text(span_of(string), &t);
	for (size_t i = 0; i < t.len; i++)
		if (t.at[i] == '\n' || t.at[i] == '\r' || t.at[i] == '\t')
			t.at[i] = ' ';
	return sentence_take(&t);
}

static void append_masked(struct text *t, const char *before, const char *string)
{
	char *clean = masked(string);
	text_append_string(t, before);
	text_append_string(t, clean);
	memory_free(clean);
}

char *happened_sentence(const struct stated_event *e)
{
	struct text t = {0};
	text_append_string(&t, eventfile_kind_name(e->kind));
	t.at[0] = (char)(t.at[0] - 'a' + 'A');
	append_masked(&t, ": ", e->text);
	return sentence_take(&t);
}

char *happened_body(const struct happened *h)
{
	struct text t = {0};
	const struct stated_event *e = h->event;
	text_append_string(&t, "stated in ");
	text_append_string(&t, h->file->path);
	text_append_string(&t, ", line ");
	text_append_int(&t, (int64_t)e->line);
	if (*e->by)
		append_masked(&t, ", by ", e->by);
	if (*e->service)
		append_masked(&t, "; ", e->service);
	if (*e->version)
		append_masked(&t, *e->service ? " " : "; version ", e->version);
	return sentence_take(&t);
}

void happened_evidence(const struct happened *h, struct evidence_list *out)
{
	struct text excerpt = {0};
	mask_excerpt((struct span){h->event->raw, h->event->length}, &excerpt);
	out->items = memory_grow(out->items, &out->cap, out->n + 1, sizeof *out->items);
	out->items[out->n++] = (struct evidence){
		.source = sentence_copy(h->source->id),
		.path = sentence_copy(h->file->path),
		.bytes = h->file->bytes,
		.crc = h->file->crc,
		.line = h->event->line,
		.offset = h->event->offset,
		.length = h->event->length,
		.excerpt = sentence_take(&excerpt),
	};
}

/* ---- which incident ---- */

static size_t incident_of(const struct draft *d, const struct moment *at)
{
	size_t before = SIZE_MAX, after = SIZE_MAX;
	for (size_t i = 0; i < d->incidents_n; i++) {
		const struct incident *in = &d->incidents[i]; /* by onset */
		if (at->upper_us <= in->onset.lower_us) {
			if (after == SIZE_MAX && in->onset.lower_us - at->upper_us <= HAPPENED_NEAR_US)
				after = i;
		} else if (at->lower_us <= in->end.upper_us) {
			return i;
		} else if (at->lower_us - in->end.upper_us <= HAPPENED_NEAR_US) {
			before = i;
		}
	}
	return before != SIZE_MAX ? before : after;
}

static bool detects(const struct draft *d, size_t incident, const struct moment *at)
{
	const struct incident *in = &d->incidents[incident];
	if (at->upper_us <= in->onset.lower_us || at->at_us > in->end.upper_us + HAPPENED_NEAR_US)
		return false;
	/* Behind the end it may be the next one's: that one's own logs say when it begins. */
	return at->at_us <= in->end.upper_us || incident + 1 == d->incidents_n || at->upper_us <= d->incidents[incident + 1].onset.lower_us;
}

static const struct stated_event *first_alert(const struct story_options *options, const struct draft *d, size_t incident)
{
	const struct stated_event *first = NULL;
	for (size_t i = 0; i < options->events_n; i++)
		for (size_t k = 0; k < options->events[i].n; k++) {
			const struct stated_event *e = &options->events[i].items[k];
			struct moment at = happened_at(e);
			if (e->kind == EVENT_ALERT && (!first || e->at_us < first->at_us) && detects(d, incident, &at))
				first = e;
		}
	return first;
}

static void detect(const struct story_options *options, struct draft *d, const struct stated_event **alerts)
{
	for (size_t i = 0; i < d->incidents_n; i++) {
		struct moment *at = &d->incidents[i].detected;
		alerts[i] = options ? first_alert(options, d, i) : NULL;
		*at = (struct moment){INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, NULL};
		if (alerts[i])
			*at = happened_at(alerts[i]);
		else if (options && options->events_n)
			at->reason = sentence_copy("no alert is stated from the onset to an hour after the end");
		else
			at->reason = sentence_copy("no log of alerts or of people was given");
	}
}

/* ---- what is told ---- */

static bool is_told(const struct draft *d, const struct moment *at, size_t incident)
{
	if (incident != SIZE_MAX && d->incidents[incident].told)
		return true;
	if (d->asked.any)
		return window_meets(d, at->lower_us, at->upper_us - 1);
	return d->window_start_us == INSTANT_NONE || (at->upper_us > d->window_start_us - HAPPENED_NEAR_US &&
						      at->lower_us <= d->window_end_us + HAPPENED_NEAR_US);
}

static enum rank rank_of(const struct stated_event *e, bool detected_by)
{
	if (e->kind == EVENT_NOTE || (e->kind == EVENT_ALERT && !detected_by))
		return RANK_SIGNAL;
	return detected_by ? RANK_TIER : RANK_CHANGE;
}

static void find_in(const struct event_file *file, const struct event_source *source, const struct draft *d,
		    const struct stated_event *const *alerts, struct happened_list *list, uint64_t *outside)
{
	for (size_t i = 0; i < file->n; i++) {
		const struct stated_event *e = &file->items[i];
		struct moment at = happened_at(e);
		size_t incident = incident_of(d, &at);
		bool detected_by = false;
		for (size_t k = 0; k < d->incidents_n && !detected_by; k++)
			if (alerts[k] == e) {
				detected_by = true;
				incident = k;
			}
		if (!is_told(d, &at, incident)) {
			++*outside;
			continue;
		}
		list->items = memory_grow(list->items, &list->cap, list->n + 1, sizeof *list->items);
		list->items[list->n++] = (struct happened){e, file, source, incident, rank_of(e, detected_by)};
	}
}

void happened_find(const struct fold *f, struct draft *d, struct happened_list *list)
{
	size_t n = f->options ? f->options->events_n : 0;
	const struct stated_event **alerts = memory_new(d->incidents_n, sizeof *alerts);
	detect(f->options, d, alerts);
	d->events = memory_new(n, sizeof *d->events);
	for (size_t i = 0; i < n; i++) {
		const struct event_file *file = &f->options->events[i];
		struct event_source *source = &d->events[d->events_n++];
		char id[13];
		snprintf(id, sizeof id, "%012llx",
			 (unsigned long long)(hash_pair(hash_bytes(SPAN("events")), hash_bytes(span_of(file->path))) >> 16));
		*source = (struct event_source){sentence_copy(id), sentence_copy(file->path), file->bytes, file->crc, file->n, 0};
		find_in(file, source, d, alerts, list, &source->outside);
	}
	memory_free(alerts);
}
