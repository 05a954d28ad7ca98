#include "fold/draft.h"

#include "base/memory.h"
#include "unit.h"

/* Every pointer of the model is filled once: the leak checker of the sanitizer run says whether draft_free() knows them all. */

static char *word(void)
{
	return span_copy(SPAN("word"));
}

static struct known known(void)
{
	return (struct known){.reason = word()};
}

static struct moment moment(void)
{
	return (struct moment){.reason = word()};
}

static struct evidence_list evidence(void)
{
	struct evidence_list list = {memory_new(1, sizeof *list.items), 1, 1};
	list.items[0] = (struct evidence){.source = word(), .path = word(), .excerpt = word(), .reason = word()};
	return list;
}

static struct scope_list scopes(void)
{
	struct scope_list list = {memory_new(1, sizeof *list.items), 1, 1};
	list.items[0].name = word();
	return list;
}

static char **words(void)
{
	char **list = memory_new(1, sizeof *list);
	list[0] = word();
	return list;
}

static struct latency latency(void)
{
	return (struct latency){known(), known(), known(), known()};
}

static void fill_burst(struct burst *b)
{
	*b = (struct burst){.id = word(), .signal = word(), .class = word(), .source = word(), .classes = scopes(),
			    .users = scopes(), .databases = scopes(), .onset = moment(), .end = moment(),
			    .onset_at_source = moment(), .why = word(), .evidence = evidence(), .incident = word()};
}

static void fill_impact(struct impact *i)
{
	*i = (struct impact){.requests = known(), .failed = known(), .failed_ppm = known(), .baseline_failed_ppm = known(),
			     .clients = known(), .clients_error_ppm = known(), .clients_scope = word(),
			     .endpoints = memory_new(1, sizeof(struct endpoint)), .endpoints_n = 1, .before = latency(),
			     .during = latency(), .inflight_before_milli = known(), .inflight_peak_milli = known(),
			     .measured_at = word(), .reason = word(), .evidence = evidence()};
	i->endpoints[0].path = word();
}

static void fill_incident(struct incident *i)
{
	*i = (struct incident){.id = word(), .title = word(), .onset = moment(), .peak = moment(), .end = moment(),
			       .bursts = words(), .bursts_n = 1, .refusals = memory_new(1, sizeof(struct refusal)), .refusals_n = 1,
			       .refused = known(), .propagation = memory_new(1, sizeof(struct propagation)), .propagation_n = 1,
			       .causes = memory_new(1, sizeof(struct cause)), .causes_n = 1, .causes_reason = word(),
			       .changes = memory_new(1, sizeof(struct change)), .changes_n = 1,
			       .measures = memory_new(1, sizeof(struct measure)), .measures_n = 1};
	fill_impact(&i->impact);
	i->refusals[0] = (struct refusal){.source = word(), .class = word(), .user = word(), .database = word(),
					  .onset = moment(), .end = moment()};
	i->holders = (struct holders){.items = memory_new(1, sizeof(struct holder_count)), .n = 1, .open = known(), .limit = known(),
				      .limit_how = word(), .reason = word()};
	i->holders.items[0] = (struct holder_count){.dimension = word(), .name = word()};
	i->propagation[0] = (struct propagation){.source = word(), .onset = moment(), .order = word(), .reason = word(), .signal = word(), .burst = word()};
	i->causes[0] = (struct cause){.cause = word(), .word = word(), .at = moment(), .evidence_for = evidence(),
				      .for_text = words(), .against_text = words(), .for_n = 1, .against_n = 1};
	i->changes[0] = (struct change){.id = word(), .kind = word(), .at = moment(), .source = word(), .service = word(),
					.version = word(), .from_version = word(), .summary = word(), .verdict = word(),
					.reason = word(), .tests = memory_new(1, sizeof(struct change_test)), .tests_n = 1,
					.mitigation = {"yes", word()}, .evidence = evidence(),
					.instances = memory_new(1, sizeof(struct change_instance)), .instances_n = 1};
	i->changes[0].tests[0] = (struct change_test){"R1", "temporality", "refutes", word(), word()};
	i->measures[0] = (struct measure){word(), word()};
}

static void fill_entry(struct entry *e)
{
	*e = (struct entry){.id = word(), .source = word(), .kind = word(), .severity = word(), .summary = word(), .body = word(),
			    .count = known(), .evidence = evidence(), .links = memory_new(1, sizeof(struct link)), .links_n = 1};
	e->links[0] = (struct link){word(), word()};
}

static void fill_source(struct source *s)
{
	*s = (struct source){.id = word(), .key = word(), .paths = words(), .paths_n = 1, .tier_how = word(), .format = word(),
			     .layout = word(), .also = word(), .stream = word(), .zone = word(), .zone_how = word(), .twin_of = word(),
			     .samples = memory_new(1, sizeof(struct source_sample)), .samples_n = 1,
			     .gaps = memory_new(1, sizeof(struct gap)), .gaps_n = 1,
			     .truncated = memory_new(1, sizeof(struct source_truncated)), .truncated_n = 1,
			     .fingerprints = memory_new(1, sizeof(struct fingerprint)), .fingerprints_n = 1,
			     .files = memory_new(1, sizeof(struct source_file)), .files_n = 1};
	s->files[0] = (struct source_file){.path = word()};
	s->clock.offset_us = known();
	s->clock.uncertainty_us = known();
	s->clock.method = word();
	s->clock.confidence = word();
	s->samples[0] = (struct source_sample){.path = word(), .excerpt = word()};
	s->truncated[0] = (struct source_truncated){.path = word(), .kind = word()};
}

static void fill(struct draft *d)
{
	d->patterns = word();
	d->reference_clock = word();
	d->reference_how = word();
	d->options = memory_new(1, sizeof *d->options);
	d->options[0] = (struct option_text){word(), word()};
	d->incidents = memory_new(1, sizeof *d->incidents);
	fill_incident(&d->incidents[0]);
	d->bursts = memory_new(1, sizeof *d->bursts);
	fill_burst(&d->bursts[0]);
	d->timeline = memory_new(1, sizeof *d->timeline);
	fill_entry(&d->timeline[0]);
	d->sources = memory_new(1, sizeof *d->sources);
	fill_source(&d->sources[0]);
	d->series = memory_new(1, sizeof *d->series);
	d->series[0] = (struct plot){.name = word(), .source = word(), .unit = word(), .points = memory_new(1, sizeof(struct point)), .n = 1};
	d->unknowns = memory_new(1, sizeof *d->unknowns);
	d->unknowns[0] = (struct unknown){word(), word(), word()};
	d->options_n = d->incidents_n = d->bursts_n = d->timeline_n = d->sources_n = d->series_n = d->unknowns_n = 1;
	d->summary.incident = word();
	d->summary.title = word();
	d->summary.began = word();
	d->summary.spread = word();
	d->summary.impact = word();
	d->summary.cause = word();
	d->summary.measure = word();
	d->summary.reason = word();
	d->summary.onset = moment();
	d->summary.end = moment();
	d->summary.duration_us = known();
	d->summary.detection_gap_us = known();
}

int main(void)
{
	draft_free(NULL);
	draft_free(memory_new(1, sizeof(struct draft)));
	FACT(1, "nothing and an empty draft are given back");
	struct draft *d = memory_new(1, sizeof *d);
	fill(d);
	draft_free(d);
	FACT(1, "a full draft is given back whole");
	return unit_done();
}
