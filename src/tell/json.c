#include "tell/json.h"

#include "tell/numbers.h"

static void put_tier(struct json_t *object, const char *key, enum tier tier)
{
	value_put_string(object, key, tier_name(tier));
}

static void put_scopes(struct json_t *object, const char *key, const struct scope_list *list)
{
	struct json_t *array = value_put_array(object, key);
	for (size_t i = 0; i < list->n; i++) {
		struct json_t *o = value_add_object(array);
		value_put_string(o, "name", list->items[i].name);
		value_put_count(o, "count", list->items[i].count);
	}
}

static void put_summary(struct json_t *root, const struct draft *d)
{
	struct json_t *o = value_put_object(root, "summary");
	value_put_string(o, "incident", d->summary.incident);
	value_put_string(o, "title", d->summary.title);
	value_put_string(o, "began", d->summary.began);
	value_put_string(o, "spread", d->summary.spread);
	value_put_string(o, "impact", d->summary.impact);
	value_put_string(o, "cause", d->summary.cause);
	value_put_string(o, "measure", d->summary.measure);
	value_put_string(o, "reason", d->summary.incident ? d->summary.reason : value_reason(d->summary.reason));
	value_put_moment(o, "onset", &d->summary.onset);
	value_put_moment(o, "end", &d->summary.end);
	value_put_known(o, "duration_us", &d->summary.duration_us);
	value_put_known(o, "detection_gap_us", &d->summary.detection_gap_us);
	value_put_moment(o, "detected", &d->summary.detected);
}

static void put_refusals(struct json_t *incident, const struct incident *in)
{
	struct json_t *array = value_put_array(incident, "refusals");
	for (size_t i = 0; i < in->refusals_n; i++) {
		const struct refusal *r = &in->refusals[i];
		struct json_t *o = value_add_object(array);
		put_tier(o, "tier", r->tier);
		value_put_string(o, "source", r->source);
		value_put_string(o, "class", r->class);
		struct json_t *scope = value_put_object(o, "scope");
		value_put_string(scope, "user", r->user);
		value_put_string(scope, "database", r->database);
		value_put_count(o, "count", r->count);
		value_put_moment(o, "onset", &r->onset);
		value_put_moment(o, "end", &r->end);
		value_put_bool(o, "echo", r->echo);
	}
}

static void put_latency(struct json_t *object, const char *key, const struct latency *l)
{
	struct json_t *o = value_put_object(object, key);
	value_put_known(o, "p50_us", &l->p50_us);
	value_put_known(o, "p95_us", &l->p95_us);
	value_put_known(o, "p99_us", &l->p99_us);
	value_put_known(o, "requests", &l->requests);
}

static void put_impact(struct json_t *incident, const struct impact *im)
{
	struct json_t *o = value_put_object(incident, "impact");
	value_put_known(o, "requests", &im->requests);
	value_put_known(o, "failed", &im->failed);
	value_put_known(o, "failed_ppm", &im->failed_ppm);
	value_put_known(o, "baseline_failed_ppm", &im->baseline_failed_ppm);
	value_put_known(o, "clients", &im->clients);
	value_put_known(o, "clients_error_ppm", &im->clients_error_ppm);
	value_put_string(o, "clients_scope", im->clients_scope);
	struct json_t *endpoints = value_put_array(o, "endpoints");
	for (size_t i = 0; i < im->endpoints_n; i++) {
		struct json_t *e = value_add_object(endpoints);
		value_put_string(e, "path", im->endpoints[i].path);
		value_put_count(e, "requests", im->endpoints[i].requests);
		value_put_count(e, "failed", im->endpoints[i].failed);
		value_put_count(e, "slow", im->endpoints[i].slow);
	}
	put_latency(o, "before", &im->before);
	put_latency(o, "during", &im->during);
	value_put_known(o, "inflight_before_milli", &im->inflight_before_milli);
	value_put_known(o, "inflight_peak_milli", &im->inflight_peak_milli);
	value_put_instant(o, "inflight_peak_at", im->inflight_peak_milli.known ? im->inflight_peak_at_us : INSTANT_NONE);
	value_put_string(o, "measured_at", im->measured_at);
	value_put_string(o, "reason", im->measured_at ? im->reason : value_reason(im->reason));
	numbers_put_evidence(o, "evidence", &im->evidence);
}

static void put_holders(struct json_t *incident, const struct holders *h)
{
	struct json_t *o = value_put_object(incident, "holders");
	struct json_t *items = value_put_array(o, "items");
	for (size_t i = 0; i < h->n; i++) {
		struct json_t *item = value_add_object(items);
		value_put_string(item, "dimension", h->items[i].dimension);
		value_put_string(item, "name", h->items[i].name);
		value_put_int(item, "count", h->items[i].count);
		value_put_int(item, "at_least", h->items[i].at_least);
	}
	value_put_known(o, "open", &h->open);
	value_put_known(o, "limit", &h->limit);
	value_put_string(o, "limit_how", h->limit_how);
	value_put_string(o, "reason", h->n ? h->reason : value_reason(h->reason));
}

static void put_propagation(struct json_t *incident, const struct incident *in)
{
	struct json_t *array = value_put_array(incident, "propagation");
	for (size_t i = 0; i < in->propagation_n; i++) {
		const struct propagation *p = &in->propagation[i];
		struct json_t *o = value_add_object(array);
		put_tier(o, "tier", p->tier);
		value_put_string(o, "source", p->source);
		value_put_moment(o, "onset", &p->onset);
		value_put_duration(o, "lag_us", p->lag_us);
		value_put_bool(o, "provable", p->provable);
		value_put_string(o, "order", p->order);
		value_put_string(o, "reason", p->reason);
		value_put_string(o, "signal", p->signal);
		value_put_string(o, "burst", p->burst);
	}
}

static void put_causes(struct json_t *incident, const struct incident *in)
{
	struct json_t *array = value_put_array(incident, "causes");
	for (size_t i = 0; i < in->causes_n; i++) {
		const struct cause *c = &in->causes[i];
		struct json_t *o = value_add_object(array);
		value_put_string(o, "cause", c->cause);
		value_put_int(o, "score", c->score);
		value_put_string(o, "word", c->word);
		value_put_moment(o, "at", &c->at);
		put_tier(o, "tier", c->tier);
		value_put_string(o, "source", c->source);
		struct json_t *terms = value_put_array(o, "terms");
		for (size_t k = 0; k < c->terms_n; k++) {
			struct json_t *term = value_add_object(terms);
			value_put_string(term, "name", c->terms[k].name);
			value_put_int(term, "points", c->terms[k].points);
			value_put_string(term, "text", c->terms[k].text);
		}
		numbers_put_evidence(o, "evidence_for", &c->evidence_for);
		value_put_strings(o, "for", c->for_text, c->for_n);
		value_put_strings(o, "against", c->against_text, c->against_n);
	}
	value_put_string(incident, "causes_reason", in->causes_n ? in->causes_reason : value_reason(in->causes_reason));
	array = value_put_array(incident, "considered");
	for (size_t i = 0; i < in->considered_n; i++) {
		const struct considered *c = &in->considered[i];
		struct json_t *o = value_add_object(array);
		value_put_string(o, "cause", c->cause);
		value_put_known(o, "score", &c->score);
		value_put_string(o, "why", c->why);
	}
}

static void put_load(struct json_t *incident, const struct load *l)
{
	if (!l->known) {
		value_put_null(incident, "load");
		value_put_string(incident, "load_reason", value_reason(l->reason));
		return;
	}
	struct json_t *o = value_put_object(incident, "load");
	value_put_known(o, "requests_share_ppm", &l->requests_share_ppm);
	value_put_known(o, "duration_share_ppm", &l->duration_share_ppm);
	value_put_string(o, "text", l->text);
	value_put_null(incident, "load_reason");
}

static void put_tests(struct json_t *change, const struct change *c)
{
	struct json_t *tests = value_put_array(change, "tests");
	for (size_t i = 0; i < c->tests_n; i++) {
		struct json_t *o = value_add_object(tests);
		value_put_string(o, "name", c->tests[i].name);
		value_put_string(o, "title", c->tests[i].title);
		value_put_string(o, "result", c->tests[i].result);
		value_put_string(o, "text", c->tests[i].text);
		value_put_string(o, "expected", c->tests[i].expected);
	}
	if (!c->mitigation.answered) {
		value_put_null(change, "mitigation");
		return;
	}
	struct json_t *mitigation = value_put_object(change, "mitigation");
	value_put_string(mitigation, "answered", c->mitigation.answered);
	value_put_string(mitigation, "text", c->mitigation.text);
}

static void put_changes(struct json_t *incident, const struct incident *in)
{
	struct json_t *array = value_put_array(incident, "changes");
	for (size_t i = 0; i < in->changes_n; i++) {
		const struct change *c = &in->changes[i];
		struct json_t *o = value_add_object(array);
		value_put_string(o, "id", c->id);
		value_put_string(o, "kind", c->kind);
		value_put_moment(o, "at", &c->at);
		put_tier(o, "tier", c->tier);
		value_put_string(o, "source", c->source);
		value_put_string(o, "service", c->service);
		value_put_string(o, "version", c->version);
		value_put_string(o, "from_version", c->from_version);
		value_put_string(o, "summary", c->summary);
		value_put_duration(o, "after_onset_us", c->after_onset_us);
		value_put_string(o, "verdict", c->verdict);
		value_put_string(o, "reason", c->reason);
		put_tests(o, c);
		numbers_put_evidence(o, "evidence", &c->evidence);
	}
}

static void put_detection(struct json_t *incident, const struct incident *in)
{
	static const char *const names[STEP_COUNT] = {
#define X(suffix, name) [STEP_##suffix] = name,
		DETECTION_STEPS(X)
#undef X
	};
	struct json_t *o = value_put_object(incident, "detection");
	for (size_t i = 0; i < STEP_COUNT; i++) {
		struct json_t *step = value_put_object(o, names[i]);
		value_put_moment(step, "at", &in->detection[i]);
		value_put_duration(step, "after_onset_us", in->detection_gap_us[i]);
	}
}

static void put_incidents(struct json_t *root, const struct draft *d)
{
	struct json_t *array = value_put_array(root, "incidents");
	for (size_t i = 0; i < d->incidents_n; i++) {
		const struct incident *in = &d->incidents[i];
		struct json_t *o = value_add_object(array);
		value_put_string(o, "id", in->id);
		value_put_string(o, "title", in->title);
		value_put_moment(o, "onset", &in->onset);
		value_put_moment(o, "peak", &in->peak);
		value_put_moment(o, "end", &in->end);
		value_put_bool(o, "ongoing", in->ongoing);
		value_put_strings(o, "bursts", in->bursts, in->bursts_n);
		put_refusals(o, in);
		value_put_known(o, "refused", &in->refused);
		put_impact(o, &in->impact);
		put_holders(o, &in->holders);
		numbers_put(o, in);
		put_propagation(o, in);
		put_load(o, &in->load);
		put_causes(o, in);
		put_changes(o, in);
		put_detection(o, in);
		struct json_t *measures = value_put_array(o, "measures");
		for (size_t k = 0; k < in->measures_n; k++) {
			struct json_t *m = value_add_object(measures);
			value_put_string(m, "text", in->measures[k].text);
			value_put_string(m, "because", in->measures[k].because);
		}
		numbers_put_findings(o, &in->findings);
	}
}

static void put_bursts(struct json_t *root, const struct draft *d)
{
	struct json_t *array = value_put_array(root, "bursts");
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		struct json_t *o = value_add_object(array);
		value_put_string(o, "id", b->id);
		value_put_string(o, "signal", b->signal);
		value_put_string(o, "class", b->class);
		put_tier(o, "tier", b->tier);
		value_put_string(o, "source", b->source);
		put_scopes(o, "classes", &b->classes);
		put_scopes(o, "users", &b->users);
		put_scopes(o, "databases", &b->databases);
		value_put_moment(o, "onset", &b->onset);
		value_put_moment(o, "end", &b->end);
		value_put_instant(o, "onset_at_source", b->onset_at_source.at_us);
		value_put_count(o, "count", b->count);
		value_put_count(o, "peak", b->peak);
		value_put_instant(o, "peak_at", b->peak_at_us);
		value_put_int(o, "width_us", b->width_s * SECOND_US);
		value_put_int(o, "background_ppm", b->background_ppm);
		value_put_bool(o, "censored_start", b->censored_start);
		value_put_bool(o, "censored_end", b->censored_end);
		value_put_bool(o, "ongoing", b->ongoing);
		value_put_bool(o, "assumed_baseline", b->assumed_baseline);
		value_put_string(o, "why", b->why);
		numbers_put_evidence(o, "evidence", &b->evidence);
		value_put_string(o, "incident", b->incident);
	}
}

static void put_timeline(struct json_t *root, const struct draft *d)
{
	struct json_t *array = value_put_array(root, "timeline");
	for (size_t i = 0; i < d->timeline_n; i++) {
		const struct entry *e = &d->timeline[i];
		struct json_t *o = value_add_object(array);
		value_put_string(o, "id", e->id);
		value_put_instant(o, "at", e->at_us);
		value_put_instant(o, "at_source", e->at_source_us);
		value_put_instant(o, "end", e->end_us);
		value_put_int(o, "uncertainty_us", e->uncertainty_us);
		put_tier(o, "tier", e->tier);
		value_put_string(o, "source", e->source);
		value_put_string(o, "kind", e->kind);
		value_put_string(o, "severity", e->severity);
		value_put_string(o, "summary", e->summary);
		value_put_string(o, "body", e->body);
		value_put_known(o, "count", &e->count);
		numbers_put_evidence(o, "evidence", &e->evidence);
		struct json_t *links = value_put_array(o, "links");
		for (size_t k = 0; k < e->links_n; k++) {
			struct json_t *link = value_add_object(links);
			value_put_string(link, "rel", e->links[k].rel);
			value_put_string(link, "id", e->links[k].id);
		}
	}
	value_put_count(root, "left_out", d->left_out);
	struct json_t *events = value_put_array(root, "events");
	for (size_t i = 0; i < d->events_n; i++) {
		struct json_t *o = value_add_object(events);
		value_put_string(o, "id", d->events[i].id);
		value_put_string(o, "path", d->events[i].path);
		value_put_fingerprint(o, "fingerprint", d->events[i].bytes, d->events[i].crc);
		value_put_count(o, "events", d->events[i].events);
		value_put_count(o, "outside", d->events[i].outside);
		value_put_count(o, "repeated", d->events[i].repeated);
		value_put_count(o, "passed_over", d->events[i].passed);
	}
}

static void put_asked(struct json_t *root, const struct draft *d)
{
	if (!d->asked.any) {
		value_put_null(root, "asked");
		return;
	}
	struct json_t *o = value_put_object(root, "asked");
	value_put_instant(o, "since", d->asked.since_us);
	value_put_instant(o, "until", d->asked.until_us);
	value_put_bool(o, "covered", d->asked.covered);
	struct json_t *outside = value_put_object(o, "outside");
	value_put_count(outside, "incidents", d->asked.incidents);
	value_put_count(outside, "bursts", d->asked.bursts);
	value_put_count(outside, "entries", d->asked.entries);
}

/* A number that is null where it does not apply. */
static void put_nullable(struct json_t *o, const char *key, const struct known *k)
{
	if (k->known)
		value_put_int(o, key, k->value);
	else
		value_put_null(o, key);
}

static void put_source_time(struct json_t *o, const struct source *s)
{
	value_put_string(o, "zone", s->zone);
	value_put_string(o, "zone_how", s->zone_how);
	value_put_string(o, "year_how", s->year_how);
	struct json_t *clock = value_put_object(o, "clock");
	value_put_known(clock, "offset_us", &s->clock.offset_us);
	value_put_known(clock, "uncertainty_us", &s->clock.uncertainty_us);
	value_put_string(clock, "method", s->clock.method);
	value_put_string(clock, "confidence", s->clock.confidence);
	put_nullable(clock, "n", &s->clock.n);
	put_nullable(clock, "support_ppm", &s->clock.support_ppm);
	value_put_string(clock, "against", s->clock.against);
	put_nullable(clock, "reference_offset_us", &s->clock.reference_offset_us);
	put_nullable(clock, "reference_uncertainty_us", &s->clock.reference_uncertainty_us);
	value_put_bool(clock, "applied", s->clock.applied);
	put_nullable(clock, "zone_offset_s", &s->clock.zone_offset_s);
	put_nullable(clock, "drift_ppm", &s->clock.drift_ppm);
	value_put_instant(clock, "drift_at", s->clock.drift_at_us);
	struct json_t *segments = value_put_array(clock, "segments");
	for (size_t i = 0; i < s->clock.segments_n; i++) {
		const struct clock_segment *segment = &s->clock.segments[i];
		struct json_t *to = value_add_object(segments);
		value_put_instant(to, "from", segment->from_us);
		value_put_instant(to, "to", segment->to_us);
		value_put_int(to, "offset_us", segment->offset_us);
		value_put_int(to, "uncertainty_us", segment->uncertainty_us);
	}
}

static void put_source_counts(struct json_t *o, const struct source *s)
{
	value_put_count(o, "lines", s->lines);
	value_put_count(o, "records", s->records);
	value_put_count(o, "access_records", s->access_records);
	value_put_count(o, "joined", s->joined);
	value_put_count(o, "joined_over_rotation", s->joined_over_rotation);
	value_put_count(o, "attached", s->attached);
	value_put_count(o, "unparsed", s->unparsed);
	value_put_count(o, "blank", s->blank);
	value_put_count(o, "head", s->head);
	value_put_count(o, "cut", s->cut);
	value_put_count(o, "implausible", s->implausible);
	struct json_t *samples = value_put_array(o, "samples");
	for (size_t i = 0; i < s->samples_n; i++) {
		struct json_t *sample = value_add_object(samples);
		value_put_string(sample, "path", s->samples[i].path);
		value_put_string(sample, "excerpt", s->samples[i].excerpt);
		value_put_count(sample, "line", s->samples[i].line);
		value_put_count(sample, "offset", s->samples[i].offset);
	}
}

static void put_source_extent(struct json_t *o, const struct source *s)
{
	value_put_instant(o, "first", s->first_us);
	value_put_instant(o, "last", s->last_us);
	value_put_int(o, "resolution_us", s->resolution_us);
	struct json_t *gaps = value_put_array(o, "gaps");
	for (size_t i = 0; i < s->gaps_n; i++) {
		struct json_t *gap = value_add_object(gaps);
		value_put_instant(gap, "start", s->gaps[i].start_us);
		value_put_instant(gap, "end", s->gaps[i].end_us);
	}
	struct json_t *truncated = value_put_array(o, "truncated");
	for (size_t i = 0; i < s->truncated_n; i++) {
		const struct source_truncated *t = &s->truncated[i];
		struct json_t *cut = value_add_object(truncated);
		value_put_string(cut, "path", t->path);
		value_put_string(cut, "kind", t->kind);
		value_put_int(cut, "compressed_offset", t->compressed_offset);
		value_put_int(cut, "uncompressed_offset", t->uncompressed_offset);
		value_put_instant(cut, "lost_from", t->lost_from_us);
		value_put_instant(cut, "lost_until", t->lost_until_us);
	}
	struct json_t *fingerprints = value_put_array(o, "fingerprints");
	for (size_t i = 0; i < s->fingerprints_n; i++)
		value_add_fingerprint(fingerprints, s->fingerprints[i].bytes, s->fingerprints[i].crc);
	struct json_t *files = value_put_array(o, "files");
	for (size_t i = 0; i < s->files_n; i++) {
		struct json_t *file = value_add_object(files);
		value_put_string(file, "path", s->files[i].path);
		value_put_fingerprint(file, "fingerprint", s->files[i].fingerprint.bytes, s->files[i].fingerprint.crc);
		value_put_instant(file, "mtime", s->files[i].mtime_us);
	}
}

static void put_sources(struct json_t *root, const struct draft *d)
{
	struct json_t *array = value_put_array(root, "sources");
	for (size_t i = 0; i < d->sources_n; i++) {
		const struct source *s = &d->sources[i];
		struct json_t *o = value_add_object(array);
		value_put_string(o, "id", s->id);
		value_put_string(o, "key", s->key);
		value_put_strings(o, "paths", s->paths, s->paths_n);
		put_tier(o, "tier", s->tier);
		value_put_string(o, "tier_how", s->tier_how);
		value_put_string(o, "format", s->format);
		value_put_string(o, "layout", s->layout);
		value_put_string(o, "also", s->also);
		value_put_string(o, "stream", s->stream);
		value_put_bool(o, "format_known", s->format && s->rank == RANK_KNOWN);
		value_put_int(o, "certainty_ppm", s->certainty_ppm);
		put_source_time(o, s);
		value_put_string(o, "twin_of", s->twin_of);
		if (s->twin_of)
			value_put_int(o, "twin_agreement_ppm", s->twin_agreement_ppm);
		else
			value_put_null(o, "twin_agreement_ppm");
		put_source_counts(o, s);
		put_source_extent(o, s);
	}
}

static void put_series(struct json_t *root, const struct draft *d)
{
	struct json_t *array = value_put_array(root, "series");
	for (size_t i = 0; i < d->series_n; i++) {
		const struct plot *p = &d->series[i];
		struct json_t *o = value_add_object(array);
		value_put_string(o, "name", p->name);
		value_put_string(o, "key", p->key);
		value_put_string(o, "source", p->source);
		put_tier(o, "tier", p->tier);
		value_put_string(o, "unit", p->unit);
		value_put_int(o, "width_us", p->width_us);
		value_put_int(o, "error_ppm", p->error_ppm);
		struct json_t *points = value_put_array(o, "points");
		for (size_t k = 0; k < p->n; k++) {
			struct json_t *point = value_add_object(points);
			value_put_instant(point, "at", p->points[k].at_us);
			value_put_int(point, "value", p->points[k].value);
		}
	}
}

static void put_topology(struct json_t *root, const struct draft *d)
{
	struct json_t *object = value_put_object(root, "topology");
	value_put_string(object, "how", d->topology.how);
	struct json_t *array = value_put_array(object, "calls");
	for (size_t i = 0; i < d->topology.calls_n; i++) {
		const struct tier_call *c = &d->topology.calls[i];
		struct json_t *o = value_add_object(array);
		put_tier(o, "caller", c->caller);
		put_tier(o, "called", c->called);
		value_put_string(o, "how", c->how);
	}
	array = value_put_array(object, "upstreams");
	for (size_t i = 0; i < d->topology.upstreams_n; i++) {
		const struct upstream *u = &d->topology.upstreams[i];
		struct json_t *o = value_add_object(array);
		value_put_string(o, "source", u->source);
		value_put_string(o, "address", u->address);
		value_put_count(o, "records", u->records);
		value_put_count(o, "failed", u->failed);
		put_tier(o, "tier", u->tier);
		value_put_string(o, "called", u->called);
		value_put_string(o, "how", u->how);
		value_put_bool(o, "absent", u->absent);
		numbers_put_evidence(o, "evidence", &u->evidence);
	}
	value_put_count(object, "upstreams_more", d->topology.more);
}

static void put_unknowns(struct json_t *root, const struct draft *d)
{
	struct json_t *array = value_put_array(root, "unknowns");
	for (size_t i = 0; i < d->unknowns_n; i++) {
		struct json_t *o = value_add_object(array);
		value_put_string(o, "what", d->unknowns[i].what);
		value_put_string(o, "why", d->unknowns[i].why);
		value_put_string(o, "setting", d->unknowns[i].setting);
	}
}

static void put_head(struct json_t *root, const struct draft *d, const char *version)
{
	value_put_string(root, "schema", JSON_SCHEMA);
	struct json_t *generator = value_put_object(root, "generator");
	value_put_string(generator, "name", "onset");
	value_put_string(generator, "version", version);
	value_put_string(generator, "patterns", d->patterns);
	struct json_t *options = value_put_array(generator, "options");
	for (size_t i = 0; i < d->options_n; i++) {
		struct json_t *o = value_add_object(options);
		value_put_string(o, "name", d->options[i].name);
		value_put_string(o, "value", d->options[i].value);
	}
	value_put_null(root, "redaction");
	struct json_t *window = value_put_object(root, "window");
	value_put_instant(window, "start", d->window_start_us);
	value_put_instant(window, "end", d->window_end_us);
	if (d->window_start_us == INSTANT_NONE || d->window_end_us == INSTANT_NONE)
		value_put_string(window, "reason", "no record with a readable time stamp");
	put_asked(root, d);
	value_put_string(root, "reference_clock", d->reference_clock);
	value_put_string(root, "reference_how", d->reference_how);
	put_summary(root, d);
	struct json_t *numbers = value_put_object(root, "numbers");
	value_put_int(numbers, "link_us", d->numbers.link_us);
	value_put_int(numbers, "unzoned_us", d->numbers.unzoned_us);
	value_put_int(numbers, "assumed_skew_us", d->numbers.assumed_skew_us);
	value_put_int(numbers, "gap_us", d->numbers.gap_us);
	value_put_int(numbers, "cap_ppm", d->numbers.cap_ppm);
}

struct json_t *json_tree(const struct draft *d, const char *version)
{
	struct json_t *root = value_new();
	put_head(root, d, version);
	put_incidents(root, d);
	put_bursts(root, d);
	put_timeline(root, d);
	numbers_put_findings(root, &d->findings);
	put_sources(root, d);
	put_topology(root, d);
	put_series(root, d);
	put_unknowns(root, d);
	return root;
}

void json_from_draft(const struct draft *d, const char *version, struct text *out)
{
	struct json_t *root = json_tree(d, version);
	value_append(root, out);
	value_free(root);
}
