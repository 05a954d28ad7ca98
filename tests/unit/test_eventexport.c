#include "config/eventexport.h"

#include "unit.h"

/* 2026-11-22T11:21:10Z: `date -u -d 2026-11-22T11:21:10Z +%s`. */
#define AT INT64_C(1795346470)

/* The shapes are those of the programs' documents (eventexport.h names them). */
static const struct {
	const char *object, *text, *service, *by;
	enum event_kind kind;
	int64_t at_us, resolution_us;
	const char *second; /* the text of a second event; NULL: none */
	int64_t second_us;
} cases[] = {
	{"{\"status\":\"firing\",\"labels\":{\"alertname\":\"HighErrorRate\",\"job\":\"shop\"},\"annotations\":{\"summary\":\"5xx over 5 %\"},"
	 "\"startsAt\":\"2026-11-22T11:21:10.123456789Z\",\"endsAt\":\"0001-01-01T00:00:00Z\",\"generatorURL\":\"http://p:9090\","
	 "\"fingerprint\":\"c4\"}",
	 "HighErrorRate: 5xx over 5 %", "shop", "Alertmanager", EVENT_ALERT, AT *SECOND_US + 123456, 1, NULL, 0},
	{"{\"status\":\"resolved\",\"labels\":{\"alertname\":\"HighErrorRate\"},\"annotations\":{},\"startsAt\":\"2026-11-22T12:21:10+01:00\","
	 "\"endsAt\":\"2026-11-22T11:31:10Z\"}",
	 "HighErrorRate", "", "Alertmanager", EVENT_ALERT, AT *SECOND_US, SECOND_US, "HighErrorRate: no longer firing",
	 (AT + 600) * SECOND_US},
	/* the API's: "active", endsAt is a time to come */
	{"{\"annotations\":{\"description\":\"d\"},\"endsAt\":\"2026-11-22T11:25:10Z\",\"startsAt\":\"2026-11-22T11:21:10.5Z\",\"status\":"
	 "{\"inhibitedBy\":[],\"silencedBy\":[],\"state\":\"active\"},\"labels\":{\"alertname\":\"A\",\"service\":\"api\",\"job\":\"x\"}}",
	 "A: d", "api", "Alertmanager", EVENT_ALERT, AT *SECOND_US + 500000, 100000, NULL, 0},
	{"{\"id\":\"R1\",\"type\":\"trigger_log_entry\",\"summary\":\"Triggered through the API.\",\"created_at\":\"2026-11-22T11:21:10Z\","
	 "\"agent\":{\"type\":\"service_reference\",\"summary\":\"Shop\"},\"service\":{\"summary\":\"Shop\"},"
	 "\"incident\":{\"type\":\"incident_reference\",\"summary\":\"[#12] checkout fails\"},"
	 "\"event_details\":{\"description\":\"checkout fails\"}}",
	 "checkout fails", "Shop", "Shop", EVENT_ALERT, AT *SECOND_US, SECOND_US, NULL, 0},
	{"{\"type\":\"acknowledge_log_entry\",\"summary\":\"Acknowledged by Anna Novak.\",\"created_at\":\"2026-11-22T06:21:10-05:00\","
	 "\"agent\":{\"summary\":\"Anna Novak\"},\"incident\":{\"summary\":\"[#12] checkout fails\"}}",
	 "Acknowledged by Anna Novak: [#12] checkout fails", "", "Anna Novak", EVENT_ACKNOWLEDGE, AT *SECOND_US, SECOND_US, NULL, 0},
	{"{\"type\":\"resolve_log_entry\",\"summary\":\"Resolved by Anna.\",\"created_at\":\"2026-11-22T11:21:10Z\"}", "Resolved by Anna.", "", "",
	 EVENT_RESOLVE, AT *SECOND_US, SECOND_US, NULL, 0},
	{"{\"type\":\"annotate_log_entry\",\"summary\":\"Note added.\",\"created_at\":\"2026-11-22T11:21:10Z\",\"channel\":{\"type\":\"note\","
	 "\"summary\":\"rolling back\"}}",
	 "rolling back", "", "", EVENT_NOTE, AT *SECOND_US, SECOND_US, NULL, 0},
	{"{\"client_msg_id\":\"a\",\"type\":\"message\",\"text\":\"db &gt; 100 connections &amp; rising, &lt;@U1&gt;\",\"user\":\"U024\","
	 "\"ts\":\"1795346470.000200\",\"user_profile\":{\"real_name\":\"Anna Novak\",\"display_name\":\"\"}}",
	 "db > 100 connections & rising, <@U1>", "", "Anna Novak", EVENT_CHAT, AT *SECOND_US, SECOND_US, NULL, 0},
	{"{\"type\":\"message\",\"subtype\":\"bot_message\",\"text\":\"deploying\",\"username\":\"deploybot\",\"bot_id\":\"B1\",\"ts\":\"1795346470\"}",
	 "deploying", "", "deploybot", EVENT_CHAT, AT *SECOND_US, SECOND_US, NULL, 0},
};

static void test_events(struct eventexport *x)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct eventexport_result r;
		if (!FACT(eventexport_read(x, span_of(cases[i].object), &r) == EVENTEXPORT_READ && r.n == (cases[i].second ? 2 : 1), cases[i].object))
			continue;
		const struct stated_event *e = r.events;
		FACT(e->kind == cases[i].kind && e->at_us == cases[i].at_us && e->resolution_us == cases[i].resolution_us, cases[i].object);
		TEXT_IS(e->text, cases[i].text, "text");
		TEXT_IS(e->service, cases[i].service, "service");
		TEXT_IS(e->by, cases[i].by, "by");
		if (cases[i].second) {
			TEXT_IS(e[1].text, cases[i].second, "the second event");
			FACT(e[1].kind == EVENT_RESOLVE && e[1].at_us == cases[i].second_us, "is the end of the alert");
		}
		for (size_t k = 0; k < r.n; k++)
			statedevent_release(&r.events[k]);
	}
}

static void test_others(struct eventexport *x)
{
	static const char *const passed[] = {
		"{\"type\":\"notify_log_entry\",\"created_at\":\"2026-11-22T11:21:10Z\",\"summary\":\"Notified Anna by SMS\"}",
		"{\"type\":\"message\",\"subtype\":\"channel_join\",\"text\":\"<@U1> has joined the channel\",\"ts\":\"1795346470.1\"}",
		"{\"type\":\"message\",\"text\":\"\",\"ts\":\"1795346470.1\",\"files\":[]}",
	};
	static const char *const none[] = {
		"{\"at\":\"2026-11-22\",\"kind\":\"note\",\"text\":\"x\"}", "{\"ts\":\"1795346470.1\",\"text\":\"no type\"}", "[1]", "{\"type\":\"message\"", "",
	};
	static const struct {
		const char *object, *what, *at;
	} bad[] = {
		{"{\"startsAt\":\"11:20\",\"labels\":{\"alertname\":\"A\"}}", "startsAt is not a time:", "11:20"},
		{"{\"startsAt\":\"2026-11-22T11:21:10Z\",\"labels\":{}}", "an alert without labels.alertname and without a summary", "{"},
		{"{\"type\":\"resolve_log_entry\",\"summary\":\"x\"}", "created_at is not a time:", "{"},
		{"{\"type\":\"resolve_log_entry\",\"created_at\":\"2026-11-22T11:21:10Z\"}", "a log entry that does not say what happened", "{"},
		{"{\"type\":\"message\",\"text\":\"x\",\"ts\":\"soon\"}", "ts is not a time:", "soon"},
		{"{\"type\":\"message\",\"text\":\"x\",\"ts\":\"99999999999999\"}", "ts is not a time:", "9999"},
	};
	struct eventexport_result r;
	for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
		FACT(eventexport_read(x, span_of(passed[i]), &r) == EVENTEXPORT_READ && !r.n, passed[i]);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		FACT(eventexport_read(x, span_of(none[i]), &r) == EVENTEXPORT_NONE, none[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		FACT(eventexport_read(x, span_of(bad[i].object), &r) == EVENTEXPORT_BAD && !r.n && !strcmp(r.what, bad[i].what) && r.hint &&
			     span_starts(r.at, span_of(bad[i].at)),
		     bad[i].object);
	FACT(span_equal(eventexport_list(x, SPAN("{\"version\":\"4\",\"alerts\":[ {\"a\":1} ]}")), SPAN("[ {\"a\":1} ]")), "a delivery's alerts");
	FACT(span_equal(eventexport_list(x, SPAN("{\"limit\":25,\"log_entries\":[]}")), SPAN("[]")), "a page's log entries");
	FACT(!eventexport_list(x, SPAN("{\"alerts\":\"none\"}")).len && !eventexport_list(x, SPAN("{}")).len, "no list");
}

int main(void)
{
	struct eventexport *x = eventexport_new();
	test_events(x);
	test_others(x);
	eventexport_free(x);
	return unit_done();
}
