#include "unit.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/memory.h"
#include "tell/json.h"

/* A draft with one of everything; strings are literals, so it is never given to draft_free(). */
struct sample {
	struct evidence evidence[2];
	struct scope_count scopes[1];
	struct burst burst;
	struct refusal refusal;
	struct endpoint endpoint;
	struct holder_count holder;
	struct propagation propagation;
	struct cause cause;
	struct change change;
	struct change_test test;
	struct measure measure;
	struct incident incident;
	struct link link;
	struct entry entry;
	struct source source;
	struct gap gap;
	struct source_sample source_sample;
	struct source_truncated truncated;
	struct fingerprint fingerprint;
	struct point points[2];
	struct plot plot;
	struct unknown unknown;
	struct option_text option;
	char *ids[1], *paths[1], *texts[1];
	struct draft draft;
};

#define ONSET_US INT64_C(1795346126510000) /* date -u -d '2026-11-22T11:15:26.51Z' +%s.%N */

static struct moment moment_at(int64_t us)
{
	return (struct moment){.at_us = us, .lower_us = us - 1, .upper_us = us + 1};
}

static void sample_incident(struct sample *s)
{
	s->incident = (struct incident){
		.id = "0123456789ab", .title = "refused", .onset = moment_at(ONSET_US), .peak = moment_at(ONSET_US),
		.end = {INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, NULL}, .bursts = s->ids, .bursts_n = 1,
		.refusals = &s->refusal, .refusals_n = 1, .refused = {true, 6857, NULL}, .propagation = &s->propagation,
		.propagation_n = 1, .causes = &s->cause, .causes_n = 1, .changes = &s->change, .changes_n = 1,
		.measures = &s->measure, .measures_n = 1};
	s->incident.impact = (struct impact){.requests = {true, 10, NULL}, .endpoints = &s->endpoint, .endpoints_n = 1,
		.failed = {false, 0, "no access log"}, .evidence = {s->evidence, 2, 2}};
	s->incident.holders = (struct holders){.items = &s->holder, .n = 1};
	s->refusal = (struct refusal){.tier = TIER_DB,
				      .source = "0123456789ab",
				      .class = "db.max_connections",
				      .count = 6857,
				      .onset = moment_at(ONSET_US),
				      .end = moment_at(ONSET_US + 1)};
	s->endpoint = (struct endpoint){"/a/N", 3, 2, 1};
	s->holder = (struct holder_count){"role", "shop", 40, 2};
	s->propagation = (struct propagation){TIER_WEB, "0123456789ab", moment_at(ONSET_US), INSTANT_NONE, false,
		"order not provable", NULL, "http.server_error", "0123456789ab"};
	s->cause = (struct cause){.cause = "none",
				  .word = "undetermined",
				  .for_text = s->texts,
				  .for_n = 1};
	s->cause.at = (struct moment){INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, "not derived yet"};
	s->change = (struct change){.id = "0123456789ab",
				    .kind = "deploy",
				    .at = moment_at(ONSET_US),
				    .source = "0123456789ab",
				    .summary = "deploy",
				    .after_onset_us = -1,
				    .verdict = "refuted",
				    .tests = &s->test,
				    .tests_n = 1,
				    .mitigation = {"no", "it goes on"}};
	s->test = (struct change_test){"R1", "temporality", "refutes", "before it", "nothing before it"};
	s->measure = (struct measure){"raise it", "db.connections.exhausted"};
}

static void sample_source(struct sample *s)
{
	s->source = (struct source){.id = "0123456789ab",
				    .key = "pg.log",
				    .paths = s->paths,
				    .paths_n = 1,
				    .tier = TIER_DB,
				    .tier_how = "format",
				    .zone_how = "assumed",
				    .first_us = ONSET_US,
				    .last_us = INSTANT_NONE,
				    .gaps = &s->gap,
				    .gaps_n = 1,
				    .samples = &s->source_sample,
				    .samples_n = 1,
				    .truncated = &s->truncated,
				    .truncated_n = 1,
				    .fingerprints = &s->fingerprint,
				    .fingerprints_n = 1,
				    .lines = UINT64_MAX};
	s->gap = (struct gap){ONSET_US, ONSET_US + 1};
	s->source_sample = (struct source_sample){"pg.log", NULL, 1, 0};
	s->truncated = (struct source_truncated){"pg.log", "truncated", 10, 20, ONSET_US, INSTANT_NONE};
	s->fingerprint = (struct fingerprint){18204112, 0xBEEF};
}

static void sample_fill(struct sample *s)
{
	*s = (struct sample){.ids = {"0123456789ab"}, .paths = {"pg.log"}, .texts = {"because"}};
	s->evidence[0] = (struct evidence){"0123456789ab",	    "pg.log", 18204112, 0xBEEF, 12, 345, 67,
					   "FATAL \xFF\x1B[0m\"\\", NULL};
	s->evidence[1] = (struct evidence){"0123456789ab", "pg.log", 1, 2, 3, 4, 5, NULL, "not kept"};
	s->scopes[0] = (struct scope_count){"shop", 3};
	sample_incident(s);
	sample_source(s);
	s->burst = (struct burst){.id = "0123456789ab",
				  .signal = "db.connections.exhausted",
				  .class = "db.max_connections",
				  .tier = TIER_DB,
				  .source = "0123456789ab",
				  .users = {s->scopes, 1, 1},
				  .onset = moment_at(ONSET_US),
				  .end = moment_at(ONSET_US),
				  .onset_at_source = moment_at(ONSET_US),
				  .peak_at_us = ONSET_US,
				  .width_s = 10,
				  .why = "6857 in 74 s",
				  .evidence = {s->evidence, 1, 1}};
	s->link = (struct link){"incident", "0123456789ab"};
	s->entry = (struct entry){.id = "0123456789ab",
				  .at_us = ONSET_US,
				  .at_source_us = ONSET_US,
				  .end_us = INSTANT_NONE,
				  .tier = TIER_DB,
				  .kind = "symptom",
				  .severity = "critical",
				  .summary = "one line",
				  .count = {true, 3, NULL},
				  .evidence = {s->evidence, 2, 2},
				  .links = &s->link,
				  .links_n = 1};
	s->points[1] = (struct point){-1, -5};
	s->plot = (struct plot){"http.requests", NULL, NULL, "requests", TIER_WEB, 1000000, 0, s->points, 2};
	s->unknown = (struct unknown){"who held them", "no connection lines", "log_connections = on"};
	s->option = (struct option_text){"--zone", "*=UTC"};
	s->draft = (struct draft){.patterns = "00ff",
				  .options = &s->option,
				  .options_n = 1,
				  .window_start_us = INSTANT_NONE,
				  .window_end_us = INSTANT_NONE,
				  .incidents = &s->incident,
				  .incidents_n = 1,
				  .bursts = &s->burst,
				  .bursts_n = 1,
				  .timeline = &s->entry,
				  .timeline_n = 1,
				  .sources = &s->source,
				  .sources_n = 1,
				  .series = &s->plot,
				  .series_n = 1,
				  .unknowns = &s->unknown,
				  .unknowns_n = 1};
	s->draft.summary.onset = s->draft.summary.end =
		(struct moment){INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, "no incident"};
}

/* Outside of strings only structure, true, false, null and integers: no '.', 'e', 'E', NaN. */
static bool only_integers(struct span json)
{
	bool quoted = false;
	for (size_t i = 0; i < json.len; i++) {
		char c = json.at[i];
		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && i && isdigit((unsigned char)json.at[i - 1]) && (c == '.' || c == 'e' || c == 'E'))
			return false;
	}
	return !quoted;
}

static bool has(struct span json, const char *text)
{
	return span_find(json, span_of(text)) >= 0;
}

/* The keys occur in `json` one behind the other, each at the start of a line with this indent. */
static bool in_order(struct span json, size_t indent, const char *keys)
{
	struct span names = span_of(keys);
	while (names.len) {
		struct span name = span_cut(&names, ' ');
		struct text line = {0};
		text_format(&line, "\n%*s\"%.*s\": ", (int)indent, "", (int)name.len, name.at);
		ptrdiff_t at = span_find(json, text_span(&line));
		text_release(&line);
		if (at < 0) {
			printf("missing or out of order: %.*s\n", (int)name.len, name.at);
			return false;
		}
		json = span_from(json, (size_t)at + 1);
	}
	return true;
}

static void test_values(struct span json)
{
	FACT(has(json, "\"onset_at_source\": \"2026-11-22T11:15:26.510000Z\""),
	     "an instant is RFC 3339 with six decimals");
	FACT(has(json, "\"at\": \"1969-12-31T23:59:59.999999Z\""), "an instant before 1970 is written");
	FACT(has(json, "\"fingerprint\": \"18204112-0000beef\""),
	     "a fingerprint is bytes and eight hex digits of the CRC");
	FACT(has(json, "\"excerpt\": \"FATAL \xEF\xBF\xBD\\u001B[0m\\\"\\\\\""),
	     "log bytes become valid UTF-8 and are escaped");
	FACT(has(json, "\"excerpt\": null,\n            \"reason\": \"not kept\""),
	     "an excerpt that was not kept has a reason");
	FACT(has(json, "\"failed\": null,\n        \"failed_reason\": \"no access log\""),
	     "an unknown integer is null beside its reason");
	FACT(has(json, "\"refused\": 6857,\n      \"impact\""), "a known integer has no reason");
	FACT(has(json, "\"clients\": null,\n        \"clients_reason\": \"not determined\""),
	     "an unknown without a reason still says so");
	FACT(has(json, "\"lag_us\": null"), "an unknown duration is null");
	FACT(has(json, "\"width_us\": 10000000"), "a width is in microseconds");
	FACT(has(json, "\"lines\": 9223372036854775807"), "a count over 2^63 is held at the largest integer");
	FACT(has(json, "\"start\": null,\n    \"end\": null,\n    \"reason\": "), "an empty window has a reason");
	FACT(has(json, "\"tier\": \"db\""), "a tier is its name");
	FACT(!has(json, "-9223372036854775808"), "no sentinel is printed");
}

int main(void)
{
	struct sample s;
	sample_fill(&s);
	struct text first = {0}, second = {0}, valid = {0};
	json_from_draft(&s.draft, "0.1.0", &first);
	json_from_draft(&s.draft, "0.1.0", &second);
	struct span json = text_span(&first);
	FACT(span_equal(json, text_span(&second)), "the same draft gives the same bytes");
	FACT(only_integers(json), "there is no real number");
	text_append_utf8(&valid, json);
	FACT(span_equal(json, text_span(&valid)), "the text is valid UTF-8");
	FACT(span_ends(json, SPAN("}\n")), "the text ends in a newline");
	FACT(in_order(json, 2,
		      "schema generator window reference_clock reference_how summary numbers incidents bursts timeline "
		      "left_out sources series unknowns"),
	     "the parts stand in the order of the design");
	FACT(in_order(json, 4,
		      "incident title began spread impact cause measure reason onset end duration_us detection_gap_us"),
	     "the summary is in order");
	FACT(in_order(json, 6,
		      "id title onset peak end ongoing bursts refusals refused impact holders propagation load causes "
		      "causes_reason considered changes measures"),
	     "an incident is in order");
	FACT(in_order(json, 10, "source path fingerprint line offset length excerpt"), "evidence is in order");
	FACT(in_order(json, 6,
		      "id at at_source end uncertainty_us tier source kind severity summary body count evidence links"),
	     "a timeline entry is in order");
	FACT(in_order(json, 6,
		      "id key paths tier tier_how format layout also stream format_known certainty_ppm zone zone_how clock twin_of "
		      "twin_agreement_ppm lines records joined attached unparsed blank head cut implausible samples "
		      "first last resolution_us gaps truncated fingerprints"),
	     "a source is in order");
	test_values(json);
	struct draft empty = {.window_start_us = INSTANT_NONE, .window_end_us = INSTANT_NONE};
	text_clear(&second);
	json_from_draft(&empty, "0.1.0", &second);
	FACT(has(text_span(&second), "\"incidents\": []"), "an empty draft has empty lists");
	text_release(&first);
	text_release(&second);
	text_release(&valid);
	return unit_done();
}
