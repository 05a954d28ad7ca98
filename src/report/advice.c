#include "report/advice.h"

#include "fold/sentence.h"

/* What would have been seen early, by the signal that was seen. The draft's own measures (patterns/signals) say what to
 * mend; these say what to watch. */
static const struct alert {
	const char *signal, *text;
} alerts[] = {
	{"db.connections.exhausted", "Alert on open database connections as a share of the limit, before it is reached (80 % is usual)."},
	{"pool.connections.exhausted", "Alert on clients that wait for a pooled connection, and for how long (PgBouncer: cl_waiting, maxwait)."},
	{"app.pool.exhausted", "Alert on the time that requests wait for a connection of the application's own pool."},
	{"http.server_error", "Alert on the share of requests that fail, not on their number."},
	{"http.server.slow", "Alert on the 95th percentile of the response time, against its usual value of the hour."},
	{"db.lock_wait", "Alert on sessions that wait for a lock longer than a statement may take (pg_stat_activity.wait_event_type)."},
	{"db.crashed", "Alert on restarts of the database that nobody asked for."},
	{"lb.no_backend", "Alert on the number of healthy servers behind the load balancer, before it is none."},
	{"backend.down", "Alert on health checks that fail, by server."},
	{"process.stop", "Alert on stops of the application that no deploy explains."},
};

static struct advice_item *add(struct advice *a, enum advice_kind kind)
{
	if (a->n == ADVICE_MOST)
		return NULL;
	struct advice_item *item = &a->items[a->n++];
	*item = (struct advice_item){.kind = kind};
	return item;
}

/* The first burst of the incident with this signal: they stand by onset. */
static const struct json_t *burst_of(const struct document *doc, const struct json_t *incident, struct span signal)
{
	const struct json_t *bursts = value_get(incident, "bursts");
	for (size_t i = 0; i < value_count(bursts) && i < DOCUMENT_MOST_ROWS; i++) {
		const struct json_t *burst = document_burst(doc, value_text(value_at(bursts, i)));
		if (burst && span_equal(value_member_text(burst, "signal"), signal))
			return burst;
	}
	return NULL;
}

static void consider(struct advice *a, const struct document *doc, const struct json_t *incident)
{
	const struct json_t *measures = value_get(incident, "measures");
	for (size_t i = 0; i < value_count(measures); i++) {
		struct advice_item *item = add(a, ADVICE_CONSIDER);
		if (!item)
			return;
		struct span because = value_member_text(value_at(measures, i), "because");
		text_append(&item->text, value_member_text(value_at(measures, i), "text"));
		text_append(&item->because, because);
		item->burst = burst_of(doc, incident, because);
	}
}

/* "734 records in postgresql.log" */
static void append_count(struct text *out, const struct document *doc, const struct json_t *burst)
{
	int64_t n = value_member_int(burst, "count");
	sentence_counted(out, n < 0 ? 0 : (uint64_t)n, "record");
	text_append_string(out, " in ");
	text_append(out, span_head(document_source_name(doc, value_member_text(burst, "source")), 120));
}

static void append_limit(struct text *out, const struct json_t *incident)
{
	int64_t limit = value_member_int(value_get(incident, "holders"), "limit");
	if (limit > 0 && limit < INT32_MAX)
		text_format(out, " The limit met here was %d: 80 %% of it are %d.", (int)limit, (int)(limit * 8 / 10));
}

static void alert(struct advice *a, const struct document *doc, const struct json_t *incident)
{
	for (size_t i = 0; i < sizeof alerts / sizeof *alerts; i++) {
		const struct json_t *burst = burst_of(doc, incident, span_of(alerts[i].signal));
		struct advice_item *item = burst ? add(a, ADVICE_ALERT) : NULL;
		if (!item)
			continue;
		text_append_string(&item->text, alerts[i].text);
		if (!i)
			append_limit(&item->text, incident);
		text_format(&item->because, "%s: ", alerts[i].signal);
		append_count(&item->because, doc, burst);
		item->burst = burst;
	}
}

/* An alert that came late is an alert that could come earlier. */
static void notice(struct advice *a, const struct json_t *incident)
{
	enum { LATE_US = 300000000 };
	const struct json_t *step = value_get(value_get(incident, "detection"), "alert");
	int64_t gap_us;
	if (!value_int(value_get(step, "after_onset_us"), &gap_us) || gap_us < LATE_US)
		return;
	struct advice_item *item = add(a, ADVICE_ALERT);
	if (!item)
		return;
	text_append_string(&item->text, "See which of the signals above would have told earlier than the first alert did.");
	text_append_string(&item->because, "the first alert came ");
	sentence_duration(&item->because, gap_us);
	text_append_string(&item->because, " after the onset");
}

static void log_more(struct advice *a, const struct document *doc)
{
	const struct json_t *unknowns = value_get(doc->root, "unknowns");
	for (size_t i = 0; i < value_count(unknowns); i++) {
		struct span setting = value_member_text(value_at(unknowns, i), "setting");
		struct advice_item *item = NULL;
		/* One setting may answer several questions. */
		for (size_t k = 0; k < a->n && setting.len; k++)
			if (a->items[k].kind == ADVICE_LOG && span_equal(text_span(&a->items[k].text), setting))
				item = &a->items[k];
		bool again = item;
		if (!item && setting.len)
			item = add(a, ADVICE_LOG);
		if (!item)
			continue;
		if (!again)
			text_append(&item->text, setting);
		text_append_string(&item->because, again ? "; " : "not known: ");
		text_append(&item->because, value_member_text(value_at(unknowns, i), "what"));
	}
}

void advice_give(struct advice *a, const struct document *doc, const struct json_t *incident, bool settings)
{
	*a = (struct advice){0};
	if (incident) {
		consider(a, doc, incident);
		alert(a, doc, incident);
		notice(a, incident);
	}
	if (settings)
		log_more(a, doc);
}

void advice_release(struct advice *a)
{
	for (size_t i = 0; i < a->n; i++) {
		text_release(&a->items[i].text);
		text_release(&a->items[i].because);
	}
	a->n = 0;
}

const char *advice_kind_title(enum advice_kind kind)
{
	static const char *const titles[] = {
		[ADVICE_CONSIDER] = "To consider", [ADVICE_ALERT] = "To alert on", [ADVICE_LOG] = "To log"};
	return titles[kind];
}
