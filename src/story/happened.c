#include "story/happened.h"

#include <string.h>

#include "base/memory.h"
#include "fold/sentence.h"
#include "story/detection.h"
#include "story/window.h"
#include "tally/mask.h"

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
	text_append_string(&t, statedevent_kind_name(e->kind));
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
	stated_evidence(h->file, h->event, out);
}

const struct change *happened_change(const struct draft *d, const struct happened *h)
{
	for (size_t i = 0; h->incident != SIZE_MAX && i < d->incidents[h->incident].changes_n; i++)
		if (d->incidents[h->incident].changes[i].stated == h->event)
			return &d->incidents[h->incident].changes[i];
	return NULL;
}

const struct change *happened_names(const struct draft *d, const struct happened *h)
{
	const struct stated_event *e = h->event;
	for (size_t i = 0; h->incident != SIZE_MAX && *e->version && i < d->incidents[h->incident].changes_n; i++) {
		const struct change *c = &d->incidents[h->incident].changes[i];
		bool same = !strcmp(c->kind, "deploy") && c->version && !strcmp(c->version, e->version);
		if (same && c->at.at_us <= e->at_us && (!*e->service || (c->service && !strcmp(c->service, e->service))))
			return c;
	}
	return NULL;
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

/* `first`: it is one of the steps of its incident's detection. */
static enum rank rank_of(const struct stated_event *e, bool first)
{
	switch (e->kind) {
	case EVENT_CHAT:
		return RANK_MINOR;
	case EVENT_NOTE:
		return RANK_SIGNAL;
	case EVENT_ALERT:
	case EVENT_RESOLVE:
		return first ? RANK_TIER : RANK_SIGNAL;
	default:
		return RANK_CHANGE;
	}
}

static void find_in(const struct event_file *file, const struct event_source *source, const struct draft *d,
		    const struct stated_event *const *steps, struct happened_list *list, uint64_t *outside)
{
	for (size_t i = 0; i < file->n; i++) {
		const struct stated_event *e = &file->items[i];
		struct moment at = detection_at(e);
		size_t incident = incident_of(d, &at);
		bool first = false;
		for (size_t k = 0; k < d->incidents_n * STEP_COUNT && !first; k++)
			if (steps[k] == e) {
				first = true;
				incident = k / STEP_COUNT;
			}
		if (!is_told(d, &at, incident)) {
			++*outside;
			continue;
		}
		list->items = memory_grow(list->items, &list->cap, list->n + 1, sizeof *list->items);
		list->items[list->n++] = (struct happened){e, file, source, incident, rank_of(e, first)};
	}
}

void happened_find(const struct fold *f, struct draft *d, struct happened_list *list)
{
	size_t n = f->options ? f->options->events_n : 0;
	const struct stated_event **steps = detection_find(f->options, d);
	d->events = memory_new(n, sizeof *d->events);
	for (size_t i = 0; i < n; i++) {
		const struct event_file *file = &f->options->events[i];
		struct event_source *source = &d->events[d->events_n++];
		char id[13];
		stated_id(file, id);
		*source = (struct event_source){sentence_copy(id), sentence_copy(file->path), file->bytes, file->crc, file->n, 0,
						file->repeated, file->passed};
		find_in(file, source, d, steps, list, &source->outside);
	}
	memory_free(steps);
}
