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

/* So many roles are named. */
enum { HOLDERS_TOLD = 5 };

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

/* "3,355 records in postgresql.log": of the incident's bursts of this signal in the log that showed it first. */
static void append_count(struct text *out, const struct document *doc, const struct json_t *incident, const struct json_t *first)
{
	const struct json_t *bursts = value_get(incident, "bursts");
	uint64_t sum = 0;
	for (size_t i = 0; i < value_count(bursts) && i < DOCUMENT_MOST_ROWS; i++) {
		const struct json_t *burst = document_burst(doc, value_text(value_at(bursts, i)));
		int64_t n = value_member_int(burst, "count");
		if (burst && n > 0 && span_equal(value_member_text(burst, "signal"), value_member_text(first, "signal")) &&
		    span_equal(value_member_text(burst, "source"), value_member_text(first, "source")))
			sum += (uint64_t)n;
	}
	sentence_counted(out, sum, "record");
	text_append_string(out, " in ");
	text_append(out, span_head(document_source_name(doc, value_member_text(first, "source")), 120));
}

/* The first thing that speaks for a cause of this name; empty: none does. */
static struct span cause_reason(const struct json_t *incident, struct span name)
{
	const struct json_t *causes = value_get(incident, "causes");
	for (size_t i = 0; i < value_count(causes) && i < DOCUMENT_MOST_ROWS; i++)
		if (span_equal(value_member_text(value_at(causes, i), "cause"), name))
			return value_text(value_at(value_get(value_at(causes, i), "for"), 0));
	return SPAN("");
}

/* Where deeper tiers refuse, errors of HTTP are their echo: what to do about an echo need not be said. */
static bool is_echo(const struct json_t *incident, struct span because)
{
	return span_starts(because, SPAN("http.")) && value_count(value_get(incident, "refusals"));
}

static void consider(struct advice *a, const struct document *doc, const struct json_t *incident)
{
	const struct json_t *measures = value_get(incident, "measures");
	for (size_t i = 0; i < value_count(measures); i++) {
		struct span because = value_member_text(value_at(measures, i), "because");
		struct advice_item *item = is_echo(incident, because) ? NULL : add(a, ADVICE_CONSIDER);
		if (!item)
			continue;
		text_append(&item->text, value_member_text(value_at(measures, i), "text"));
		text_append(&item->because, because);
		item->burst = burst_of(doc, incident, because);
		struct span reason = cause_reason(incident, because);
		if (item->burst || reason.len)
			text_append_string(&item->because, ": ");
		if (item->burst)
			append_count(&item->because, doc, incident, item->burst);
		else
			text_append(&item->because, reason);
	}
}

/* 0: not known. */
static int limit_of(const struct json_t *incident)
{
	int64_t n = value_member_int(value_get(incident, "holders"), "limit");
	return n > 0 && n < INT32_MAX / 4 ? (int)n : 0;
}

static void append_limit(struct text *out, const struct json_t *incident)
{
	int limit = limit_of(incident);
	bool least = span_starts(value_member_text(value_get(incident, "holders"), "limit_how"), SPAN("at least"));
	if (limit)
		text_format(out, " The limit met here was %s%d: 80 %% of it are %d.", least ? "at least " : "", limit, limit * 4 / 5);
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
		append_count(&item->because, doc, incident, burst);
		item->burst = burst;
	}
}

/* "search 6, shop_app 6": the roles that held most connections. Returns how many are named. */
static size_t append_roles(struct text *out, const struct json_t *items)
{
	size_t n = 0;
	for (size_t i = 0; i < value_count(items) && n < HOLDERS_TOLD; i++) {
		const struct json_t *x = value_at(items, i);
		int64_t count = value_member_int(x, "count");
		if (!span_equal(value_member_text(x, "dimension"), SPAN("role")) || count <= 0)
			continue;
		text_append_string(out, n++ ? ", " : "");
		text_append(out, span_head(value_member_text(x, "name"), 60));
		text_append_byte(out, ' ');
		sentence_count(out, (uint64_t)count);
	}
	return n;
}

/* Who held the connections: so that somebody sees it coming the next time. */
static void monitor(struct advice *a, const struct document *doc, const struct json_t *incident)
{
	const struct json_t *holders = value_get(incident, "holders");
	int64_t open = value_member_int(holders, "open");
	struct text roles = {0};
	size_t n = open > 0 ? append_roles(&roles, value_get(holders, "items")) : 0;
	struct advice_item *item = n ? add(a, ADVICE_ALERT) : NULL;
	if (item) {
		text_append_string(&item->text, "Monitor the database's connections by role, application and state, beside the limit (PostgreSQL: pg_stat_activity, max_connections), "
						"and reserve some for those who look (superuser_reserved_connections; reserved_connections from 16 on).");
		text_append_string(&item->because, "at the onset ");
		sentence_count(&item->because, (uint64_t)open);
		if (limit_of(incident))
			text_format(&item->because, " of %d", limit_of(incident));
		text_append_string(&item->because, " connections were open, by role: ");
		text_append(&item->because, text_span(&roles));
		item->burst = burst_of(doc, incident, SPAN("db.connections.exhausted"));
	}
	text_release(&roles);
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
		monitor(a, doc, incident);
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
		[ADVICE_CONSIDER] = "Corrective", [ADVICE_ALERT] = "Preventive: to watch", [ADVICE_LOG] = "Preventive: to log"};
	return titles[kind];
}
