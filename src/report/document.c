#include "report/document.h"

#include <stdlib.h>

#include "base/memory.h"
#include "report/when.h"

static int by_id(const void *a, const void *b)
{
	return span_compare(((const struct document_id *)a)->id, ((const struct document_id *)b)->id);
}

static void index_by_id(struct document_index *index, const struct json_t *array)
{
	size_t n = value_count(array);
	for (size_t i = 0; i < n; i++) {
		const struct json_t *value = value_at(array, i);
		index->items = memory_grow(index->items, &index->cap, index->n + 1, sizeof *index->items);
		index->items[index->n++] = (struct document_id){value_member_text(value, "id"), value};
	}
	if (index->n)
		qsort(index->items, index->n, sizeof *index->items, by_id);
}

static const struct json_t *look_up(const struct document_index *index, struct span id)
{
	struct document_id key = {id, NULL};
	struct document_id *found = index->n ? bsearch(&key, index->items, index->n, sizeof *index->items, by_id) : NULL;
	return found ? found->value : NULL;
}

/* As the draft's summary orders them: failed requests, then refusals. */
static bool is_larger(const struct json_t *a, const struct json_t *b)
{
	int64_t failed_a = value_member_int(value_get(a, "impact"), "failed"), failed_b = value_member_int(value_get(b, "impact"), "failed");
	if (failed_a != failed_b)
		return failed_a > failed_b;
	return value_member_int(a, "refused") > value_member_int(b, "refused");
}

/* A picture shows a quarter of the incident's length on both sides, half a minute at least and the ten minutes that the
 * draft's series hold at most; and nothing that no log covers. */
static void set_range(struct told *t, const struct document *doc)
{
	const struct json_t *window = value_get(doc->root, "window");
	int64_t start_us = when_member(window, "start"), stop_us = when_member(window, "end");
	int64_t length_us = t->end_us - t->onset_us, around_us = length_us / 4;
	around_us = around_us < 30 * SECOND_US ? 30 * SECOND_US : around_us > 10 * MINUTE_US ? 10 * MINUTE_US : around_us;
	t->from_us = t->onset_us - around_us;
	t->to_us = t->end_us + around_us;
	if (start_us != INSTANT_NONE && start_us > t->from_us && start_us <= t->onset_us)
		t->from_us = start_us;
	if (stop_us != INSTANT_NONE && stop_us < t->to_us && stop_us >= t->end_us)
		t->to_us = stop_us;
	if (t->to_us - t->from_us < SECOND_US)
		t->to_us = t->from_us + SECOND_US;
}

static void tell(struct document *doc, size_t i)
{
	const struct json_t *incident = value_at(value_get(doc->root, "incidents"), i);
	struct told *t = &doc->told[doc->told_n++];
	*t = (struct told){.incident = incident, .number = i + 1};
	t->onset_us = when_moment(incident, "onset");
	t->end_us = when_moment(incident, "end");
	if (t->onset_us == INSTANT_NONE)
		t->onset_us = t->end_us == INSTANT_NONE ? 0 : t->end_us;
	if (t->end_us == INSTANT_NONE || t->end_us < t->onset_us)
		t->end_us = t->onset_us;
	set_range(t, doc);
}

/* The largest ones, in the draft's order. */
static void choose(struct document *doc)
{
	const struct json_t *incidents = value_get(doc->root, "incidents");
	struct span first = value_member_text(value_get(doc->root, "summary"), "incident");
	size_t n = value_count(incidents), chosen[DOCUMENT_MOST_INCIDENTS], chosen_n = 0;
	doc->incidents_n = n;
	for (size_t i = 0; i < n; i++) {
		const struct json_t *incident = value_at(incidents, i);
		bool is_main = span_equal(value_member_text(incident, "id"), first);
		size_t at = chosen_n;
		while (at && (is_main || is_larger(incident, value_at(incidents, chosen[at - 1]))))
			at--;
		if (at == 0 && chosen_n && !is_main && span_equal(value_member_text(value_at(incidents, chosen[0]), "id"), first))
			at = 1;
		if (at == DOCUMENT_MOST_INCIDENTS)
			continue;
		chosen_n += chosen_n < DOCUMENT_MOST_INCIDENTS;
		for (size_t k = chosen_n - 1; k > at; k--)
			chosen[k] = chosen[k - 1];
		chosen[at] = i;
	}
	size_t main = chosen_n ? chosen[0] : 0;
	for (size_t i = 0; i < n && doc->told_n < chosen_n; i++)
		for (size_t k = 0; k < chosen_n; k++)
			if (chosen[k] == i) {
				doc->main = i == main ? doc->told_n : doc->main;
				tell(doc, i);
				break;
			}
}

void document_init(struct document *doc, const struct json_t *root, const struct json_t *kept, const struct zone *zone)
{
	*doc = (struct document){.root = root, .kept = kept, .zone = zone, .zone_name = zone ? zone_name(zone) : NULL};
	index_by_id(&doc->sources, value_get(root, "sources"));
	index_by_id(&doc->bursts, value_get(root, "bursts"));
	choose(doc);
}

void document_release(struct document *doc)
{
	memory_free(doc->sources.items);
	memory_free(doc->bursts.items);
	memory_free(doc->cited.items);
	*doc = (struct document){0};
}

const struct json_t *document_source(const struct document *doc, struct span id)
{
	return look_up(&doc->sources, id);
}

const struct json_t *document_burst(const struct document *doc, struct span id)
{
	return look_up(&doc->bursts, id);
}

static struct span last_part(struct span path)
{
	for (size_t i = path.len; i--;)
		if (path.at[i] == '/' && i + 1 < path.len)
			return span_from(path, i + 1);
	return path;
}

struct span document_source_name(const struct document *doc, struct span id)
{
	const struct json_t *source = document_source(doc, id), *events = value_get(doc->root, "events");
	if (source)
		return last_part(value_member_text(source, "key"));
	for (size_t i = 0; i < value_count(events) && i < DOCUMENT_MOST_ROWS; i++)
		if (span_equal(value_member_text(value_at(events, i), "id"), id))
			return last_part(value_member_text(value_at(events, i), "path"));
	return id;
}

bool document_belongs(const struct json_t *entry, const struct json_t *incident)
{
	const struct json_t *links = value_get(entry, "links");
	for (size_t i = 0; i < value_count(links) && i < DOCUMENT_MOST_ROWS; i++) {
		const struct json_t *link = value_at(links, i);
		if (span_equal(value_member_text(link, "rel"), SPAN("incident")) &&
		    span_equal(value_member_text(link, "id"), value_member_text(incident, "id")))
			return true;
	}
	return false;
}

/* The same place of the same content. */
static bool is_same(const struct json_t *a, const struct json_t *b)
{
	return value_member_int(a, "line") == value_member_int(b, "line") &&
	       value_member_int(a, "offset") == value_member_int(b, "offset") &&
	       span_equal(value_member_text(a, "fingerprint"), value_member_text(b, "fingerprint")) &&
	       span_equal(value_member_text(a, "path"), value_member_text(b, "path"));
}

size_t document_cite(struct document *doc, const struct json_t *evidence)
{
	/* Few enough to be looked through. */
	for (size_t i = 0; i < doc->cited.n; i++)
		if (doc->cited.items[i].value == evidence || is_same(doc->cited.items[i].value, evidence))
			return i + 1;
	if (doc->cited.n == DOCUMENT_MOST_EVIDENCE)
		return 0;
	doc->cited.items = memory_grow(doc->cited.items, &doc->cited.cap, doc->cited.n + 1, sizeof *doc->cited.items);
	doc->cited.items[doc->cited.n++] = (struct document_id){SPAN_NONE, evidence};
	return doc->cited.n;
}

static const struct {
	const char *name, *title;
} tiers[DOCUMENT_TIERS] = {
	[DOCUMENT_LB] = {"lb", "Load balancer"},   [DOCUMENT_WEB] = {"web", "Web server"}, [DOCUMENT_APP] = {"app", "Application"},
	[DOCUMENT_POOL] = {"pool", "Pooler"},	   [DOCUMENT_DB] = {"db", "Database"},	   [DOCUMENT_CHANGE] = {"change", "Change"},
	[DOCUMENT_HUMAN] = {"human", "People"}, [DOCUMENT_UNKNOWN] = {"unknown", "Unknown tier"},
};

enum document_tier document_tier(struct span name)
{
	enum document_tier t = DOCUMENT_LB;
	while (t < DOCUMENT_UNKNOWN && !span_equal(name, span_of(tiers[t].name)))
		t++;
	return t;
}

const char *document_tier_title(enum document_tier tier)
{
	return tiers[tier].title;
}
