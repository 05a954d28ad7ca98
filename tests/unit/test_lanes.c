#include "unit.h"

#include "base/memory.h"
#include "report/lanes.h"
#include "report/notes.h"
#include "report/when.h"

#define POINT(second, value) "{\"at\": \"2026-11-22T13:40:" second "Z\", \"value\": " value "}"
static const char head[] = "{\"sources\": [{\"id\": \"s1\", \"key\": \"a/app-1.log\", \"tier\": \"app\", \"gaps\": [{\"start\": \"2026-11-22T13:40:05Z\", "
			   "\"end\": \"2026-11-22T13:40:09Z\"}]}, {\"id\": \"s2\", \"key\": \"a/app-2.log\", \"tier\": \"app\"}, "
			   "{\"id\": \"s3\", \"key\": \"pg.log\", \"tier\": \"db\"}], \"timeline\": [], \"series\": [";

static int64_t from_us, to_us;

/* The panels of these series as "tier title unit [at=milli ...]; ...". */
static const char *built(const char *series)
{
	static struct text out;
	struct text json = {0};
	struct diag d = {0};
	struct document doc;
	struct lanes *l = memory_new(1, sizeof *l);
	text_clear(&out);
	text_format(&json, "%s%s]}", head, series);
	struct json_t *root = value_read(text_span(&json), "t", &d);
	document_init(&doc, root, NULL, NULL);
	lanes_build(l, &doc, NULL, from_us, to_us);
	for (size_t i = 0; i < l->panels_n; i++) {
		text_format(&out, "%s%s, %s %s", i ? "; " : "", document_tier_title(l->panels[i].tier), l->panels[i].title, l->panels[i].unit ? l->panels[i].unit : "-");
		text_append_string(&out, l->panels[i].is_logarithmic ? " logarithmic:" : ":");
		for (size_t k = 0; k < l->panels[i].curves_n; k++) {
			text_format(&out, " %s", l->panels[i].curves[k].title);
			for (size_t n = 0; n < l->panels[i].curves[k].n; n++)
				text_format(&out, " %lld=%lld", (long long)((l->panels[i].curves[k].points[n].from_us - from_us) / SECOND_US),
					    (long long)l->panels[i].curves[k].points[n].milli);
		}
		if (l->panels[i].gaps_n)
			text_format(&out, " (%zu gap)", l->panels[i].gaps_n);
	}
	lanes_release(l);
	memory_free(l);
	document_release(&doc);
	value_free(root);
	text_release(&json);
	return out.at ? out.at : "";
}

static void test_lanes(void)
{
	instant_parse(SPAN("2026-11-22T13:40:00Z"), &from_us);
	instant_parse(SPAN("2026-11-22T13:41:00Z"), &to_us);
	TEXT_IS(built("{\"name\": \"http.requests\", \"source\": null, \"unit\": \"requests\", \"width_us\": 10000000, \"points\": [" POINT("00", "25") "," POINT("10", "3") "]},"
		      "{\"name\": \"http.failed\", \"source\": null, \"unit\": \"requests\", \"width_us\": 10000000, \"points\": [" POINT("10", "1") "]}"),
		"Web server, Requests a second: requests 0=2500 10=300 of these failed 10=100", "requests and those that failed share a panel, by the second");
	TEXT_IS(built("{\"name\": \"db.connections.exhausted\", \"source\": \"s1\", \"unit\": \"refusals\", \"width_us\": 1000000, \"points\": [" POINT("04", "2") "," POINT("05", "1") "]},"
		      "{\"name\": \"db.connections.exhausted\", \"source\": \"s2\", \"unit\": \"refusals\", \"width_us\": 1000000, \"points\": [" POINT("03", "4") "," POINT("05", "1") "]}"),
		"Application, Refused connections a second: refused 3=4000 4=2000 5=2000 (1 gap)", "refusals of two logs of a tier are added, step by step");
	TEXT_IS(built("{\"name\": \"open_connections\", \"source\": \"s3\", \"unit\": \"connections\", \"width_us\": 1000000, \"points\": [" POINT("04", "17") "]},"
		      "{\"name\": \"connections_limit\", \"source\": \"s3\", \"unit\": \"connections\", \"width_us\": 1000000, \"points\": [" POINT("04", "20") "]},"
		      "{\"name\": \"open_connections.role\", \"key\": \"app\", \"source\": \"s3\", \"unit\": \"connections\", \"width_us\": 1000000, \"points\": [" POINT("04", "17") "]}"),
		"Database, Open connections at once: open 4=17000 limit 4=20000", "connections stand beside their limit; those of one role are not drawn");
	TEXT_IS(built("{\"name\": \"http.server.request.duration.p50\", \"source\": null, \"tier\": \"app\", \"unit\": \"us\", \"width_us\": 10000000, \"points\": [" POINT("00", "40000") "]},"
		      "{\"name\": \"http.server.request.duration.p95\", \"source\": null, \"tier\": \"app\", \"unit\": \"us\", \"width_us\": 10000000, \"points\": [" POINT("00", "790000") "]},"
		      "{\"name\": \"http.server.request.duration.p95\", \"source\": \"s3\", \"tier\": \"db\", \"unit\": \"us\", \"width_us\": 10000000, \"points\": [" POINT("00", "2000") "," POINT("20", "40000") "]}"),
		"Application, Time to answer -: half within 0=40000 95 % within 0=790000; Database, Time to answer - logarithmic: 95 % within 0=2000 20=40000",
		"percentiles of a tier share a panel, those of another tier do not; a step without one is left out; of twenty times and more the axis is logarithmic");
	TEXT_IS(built("{\"name\": \"haproxy.queue.backend\", \"key\": \"be\", \"source\": \"s1\", \"tier\": \"lb\", \"unit\": \"1\", \"width_us\": 1000000, \"points\": [" POINT("04", "17") "]},"
		      "{\"name\": \"haproxy.connections.process\", \"source\": \"s1\", \"tier\": \"lb\", \"unit\": \"1\", \"width_us\": 1000000, \"points\": [" POINT("04", "17") "]}"),
		"Load balancer, Requests in the queue of at once: waiting 4=17000 (1 gap)", "queues are drawn; what is another curve once more is not");
	TEXT_IS(built("{\"name\": \"http.requests\", \"source\": null, \"unit\": \"requests\", \"width_us\": 60000000, \"points\": [" POINT("00", "7") "]}"),
		"Web server, Requests a minute: requests 0=7000", "steps of a minute are told by the minute");
	TEXT_IS(built("{\"name\": \"inflight_milli\", \"source\": \"s1\", \"unit\": \"x\", \"width_us\": 10000000, \"points\": [" POINT("20", "5") "," POINT("10", "4") "," POINT("10", "3") "]},"
		      "{\"name\": \"what\", \"source\": null, \"unit\": \"parsecs\", \"width_us\": 1000000, \"points\": [" POINT("00", "7") "]}"),
		"Application, Requests in flight at once, on average: in flight 10=7 20=5 (1 gap)", "points are put in order; a unit that is not known is not drawn");
	TEXT_IS(built("{\"name\": \"http.requests\", \"source\": null, \"unit\": \"requests\", \"width_us\": 0, \"points\": [" POINT("00", "7") "]}"), "",
		"steps of no length are not drawn");
	TEXT_IS(built("{\"name\": \"http.requests\", \"source\": null, \"unit\": \"requests\", \"width_us\": 1000000, \"points\": [{\"at\": \"2020-01-01T00:00:00Z\", \"value\": 1}]}"), "",
		"what lies outside of the picture is not in it");
}

static void test_notes(void)
{
	struct diag d = {0};
	struct notes notes;
	size_t first;
	struct json_t *root = value_read(SPAN("{\"timeline\": [{\"id\": \"a\", \"summary\": \"x\", \"note\": \"one\"}, {\"id\": \"b\", \"note\": \" \"}, {\"note\": \"no id\"}]}"), "t", &d);
	struct json_t *kept = value_read(SPAN("{\"timeline\": [{\"id\": \"a\", \"note\": \"one\"}, {\"id\": \"c\", \"summary\": \"gone\", \"note\": \"three\"}], "
					      "\"incidents\": [{\"id\": \"i\", \"changes\": [{\"id\": \"a\", \"note\": \"two\"}]}]}"), "t", &d);
	notes_init(&notes, root, kept);
	FACT(notes.n == 3, "a note that stands twice is one; an empty one, and one of nothing, are none");
	FACT(notes_take(&notes, SPAN("a"), &first) == 2 && span_equal(notes.items[first].text, SPAN("one")) && span_equal(notes.items[first + 1].text, SPAN("two")),
	     "the notes of an id, of both drafts");
	FACT(notes_take(&notes, SPAN("b"), &first) == 0, "an id without a note has none");
	FACT(!notes.items[2].told && span_equal(notes.items[2].about, SPAN("gone")), "what was not taken is known, and what it was about");
	notes_release(&notes);
	value_free(root);
	value_free(kept);
}

int main(void)
{
	test_lanes();
	test_notes();
	return unit_done();
}
