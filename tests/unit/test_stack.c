#include "unit.h"

#include "report/stack.h"
#include "report/when.h"

/* Two tiers more than the incident touches, a twin, a call that addresses tell. Times are those of one minute. */
#define AT(second) "{\"at\": \"2026-11-22T13:40:" second "Z\", \"lower\": \"2026-11-22T13:40:" second "Z\", \"upper\": \"2026-11-22T13:40:" second "Z\"}"
#define SOURCE(id, key, tier, twin) "{\"id\": \"" id "\", \"key\": \"" key "\", \"tier\": \"" tier "\", \"twin_of\": " twin "}"
static const char draft[] =
	"{\"schema\": \"urn:onset:timeline:1\", \"generator\": {}, \"window\": {}, \"summary\": {\"incident\": \"i1\"}, \"timeline\": [], \"series\": [],"
	"\"sources\": [" SOURCE("s1", "logs/pg.log", "db", "null") "," SOURCE("s2", "logs/pg.csv", "db", "\"s1\"") "," SOURCE("s3", "logs/app.log", "app", "null") ","
	SOURCE("s4", "logs/access.log", "web", "null") "," SOURCE("s5", "deploys.log", "change", "null") "," SOURCE("s6", "logs/ha.log", "lb", "null") "],"
	"\"bursts\": [{\"id\": \"b1\", \"tier\": \"db\", \"incident\": \"i1\", \"end\": " AT("50") "}, {\"id\": \"b2\", \"tier\": \"app\", \"incident\": null, \"end\": " AT("59") "}],"
	"\"incidents\": [{\"id\": \"i1\", \"title\": \"t\", \"onset\": " AT("04") ", \"end\": " AT("50") ", \"propagation\": ["
	"{\"tier\": \"db\", \"onset\": " AT("04") ", \"lag_us\": 0, \"order\": \"first\"},"
	"{\"tier\": \"app\", \"onset\": " AT("06") ", \"lag_us\": 2000000, \"order\": \"after db\"},"
	"{\"tier\": \"app\", \"onset\": " AT("09") ", \"lag_us\": 5000000, \"order\": \"after db\"},"
	"{\"tier\": \"web\", \"onset\": {\"at\": \"2026-11-22T13:40:05Z\", \"lower\": \"2026-11-22T13:40:03Z\", \"upper\": \"2026-11-22T13:40:07Z\"}, \"lag_us\": 1000000, "
	"\"order\": \"order not provable\"}]}]";

static void states(const struct stack *s, struct text *out)
{
	text_clear(out);
	for (size_t i = 0; i < s->n; i++) {
		text_format(out, "%s%s: ", i ? "; " : "", document_tier_title(s->tiers[i].tier));
		stack_append_state(out, &s->tiers[i]);
	}
}

static void calls(const struct stack *s, struct text *out)
{
	text_clear(out);
	for (size_t i = 0; i < s->calls_n; i++)
		text_format(out, "%s%zu%s%zu", i ? " " : "", s->calls[i].caller, s->calls[i].known ? ">" : "?", s->calls[i].called);
}

static void with(const char *more, void (*test)(const struct document *doc))
{
	struct text json = {0};
	struct diag d = {0};
	struct document doc;
	text_format(&json, "%s%s}", draft, more);
	struct json_t *root = value_read(text_span(&json), "t", &d);
	FACT(root, d.what);
	document_init(&doc, root, NULL, NULL);
	test(&doc);
	document_release(&doc);
	value_free(root);
	text_release(&json);
}

static void without_topology(const struct document *doc)
{
	struct stack s;
	struct text out = {0};
	stack_build(&s, doc, doc->told[0].incident);
	states(&s, &out);
	TEXT_IS(out.at, "Load balancer: No symptom; Web server: Hit; order not proved; Application: Hit 2.0 s later; Database: Began here",
		"each tier with a log has its state; changes are no tier of a request's way");
	calls(&s, &out);
	TEXT_IS(out.at, "0?1 1?2 2?3", "without a topology each tier is taken to call the next");
	FACT(s.tiers[3].files_n == 1 && span_equal(s.tiers[3].files[0], SPAN("pg.log")), "a twin is left out; a file is named by its last part");
	FACT(s.tiers[3].to_us - s.tiers[3].from_us == 46 * SECOND_US, "a tier's symptoms end with its last burst of the incident");
	FACT(s.tiers[2].to_us == s.tiers[2].from_us, "a burst of no incident counts for none");
	stack_build(&s, doc, NULL);
	states(&s, &out);
	TEXT_IS(out.at, "Load balancer: No symptom; Web server: No symptom; Application: No symptom; Database: No symptom", "without an incident all are quiet");
	text_release(&out);
}

static void with_topology(const struct document *doc)
{
	struct stack s;
	struct text out = {0};
	stack_build(&s, doc, NULL);
	calls(&s, &out);
	TEXT_IS(out.at, "1>2 2?3", "calls are the draft's; those of tiers without a log, of itself or told twice are left out");
	text_release(&out);
}

static void names(const struct document *doc)
{
	TEXT_IS(document_source_name(doc, SPAN("s3")).at, "app.log", "a source is named by its file");
	TEXT_IS(document_source_name(doc, SPAN("zz")).at, "zz", "one that is not there by its id");
	FACT(doc->told_n == 1 && doc->told[0].from_us == doc->told[0].onset_us - 30 * SECOND_US && doc->told[0].to_us == doc->told[0].end_us + 30 * SECOND_US,
	     "half a minute is shown before and after a short incident");
}

int main(void)
{
	with("", without_topology);
	with(", \"topology\": {\"calls\": [{\"caller\": \"web\", \"called\": \"app\", \"how\": \"addresses\"}, {\"caller\": \"app\", \"called\": \"db\", \"how\": \"usual\"},"
	     "{\"caller\": \"app\", \"called\": \"db\", \"how\": \"stated\"}, {\"caller\": \"app\", \"called\": \"pool\", \"how\": \"usual\"},"
	     "{\"caller\": \"db\", \"called\": \"db\", \"how\": \"usual\"}]}",
	     with_topology);
	with("", names);
	return unit_done();
}
