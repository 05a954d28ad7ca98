#include "cause/statedchange.h"

#include <string.h>

#include "base/memory.h"
#include "cause/component.h"
#include "fold/sentence.h"

static bool says(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (span_find_nocase(span_of(text), span_of(*words)) >= 0)
			return true;
	return false;
}

bool statedchange_takes_back(const char *text)
{
	static const char *const words[] = {"rollback", "roll back", "rolled back", "rolling back", "revert", NULL};
	return says(text, words);
}

static bool is_end(const char *text)
{
	static const char *const words[] = {"finish", "complete", "succe", "done", "deployed", "rolled out", "released", "has been", NULL};
	return says(text, words);
}

/* NULL: people state it, but it is no change. */
static const char *kind_of(const struct stated_event *e)
{
	switch (e->kind) {
	case EVENT_DEPLOY:
		return statedchange_takes_back(e->text) ? "rollback" : "deploy";
	case EVENT_RESTART:
		return "restart";
	case EVENT_CONFIG:
		return "config";
	case EVENT_MITIGATION:
		return statedchange_takes_back(e->text) ? "rollback" : "mitigation";
	default:
		return NULL;
	}
}

/* The change that a log shows of the same; NULL: none. */
static const struct change *logged(const struct change_list *list, size_t n, const struct change *c)
{
	for (size_t i = 0; i < n; i++) {
		const struct change *x = &list->items[i];
		int64_t apart_us = x->at.at_us > c->at.at_us ? x->at.at_us - c->at.at_us : c->at.at_us - x->at.at_us;
		if (x->instances_n && c->service && x->service && !strcmp(x->service, c->service) && apart_us <= STATED_TWIN_US)
			return x;
	}
	return NULL;
}

static enum tier tier_of_service(const struct fold *f, const char *service)
{
	struct component component = {.tier = TIER_UNKNOWN};
	if (*service)
		component_find(f, service, SIZE_MAX, &component);
	enum tier tier = component.tier == TIER_UNKNOWN ? TIER_CHANGE : component.tier;
	component_release(&component);
	return tier;
}

static void add(const struct fold *f, const struct event_file *file, const struct stated_event *e, const char *kind, size_t logged_n,
		struct change_list *out)
{
	out->items = memory_grow(out->items, &out->cap, out->n + 1, sizeof *out->items);
	struct change *c = &out->items[out->n++];
	struct text t = {0};
	char id[13];
	stated_id(file, id);
	text_format(&t, "stated.%s.%llu", kind, (unsigned long long)e->line);
	c->id = sentence_id("change", t.at, file->path, e->at_us);
	text_clear(&t);
	c->kind = sentence_copy(kind);
	c->at = (struct moment){e->at_us, e->at_us, e->at_us + e->resolution_us, NULL};
	c->begun_us = is_end(e->text) ? e->at_us - STATED_END_US : e->at_us;
	c->source = sentence_copy(id);
	c->source_index = SIZE_MAX;
	c->service = stated_text(e->service);
	c->version = stated_text(e->version);
	char *words = stated_text(e->text);
	text_format(&t, "%s as stated: %s", kind, words);
	memory_free(words);
	c->summary = sentence_take(&t);
	c->verdict = sentence_copy("undetermined");
	c->after_onset_us = c->end_us = INSTANT_NONE;
	c->stated = e;
	stated_evidence(file, e, &c->evidence);
	c->tier = tier_of_service(f, e->service);
	const struct change *twin = logged(out, logged_n, c);
	if (!twin)
		return;
	c->instances = memory_new(twin->instances_n, sizeof *c->instances);
	memcpy(c->instances, twin->instances, twin->instances_n * sizeof *c->instances);
	c->instances_n = twin->instances_n;
	c->from_version = sentence_copy(twin->from_version);
}

void statedchange_find(const struct fold *f, struct change_list *out)
{
	size_t logged_n = out->n;
	for (size_t i = 0; f->options && i < f->options->events_n; i++) {
		const struct event_file *file = &f->options->events[i];
		for (size_t k = 0; k < file->n; k++) {
			const char *kind = kind_of(&file->items[k]);
			if (kind)
				add(f, file, &file->items[k], kind, logged_n, out);
		}
	}
}
