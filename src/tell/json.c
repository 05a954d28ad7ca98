#include "tell/json.h"

#include "tell/numbers.h"

static void put_tier(struct json_t *object, const char *key, enum tier tier)
{
	value_put_string(object, key, tier_name(tier));
}

static void put_scope(struct json_t *o, const void *item)
{
	const struct scope_count *s = item;
	value_put_string(o, "name", s->name);
	value_put_count(o, "count", s->count);
}

static void put_scopes(struct json_t *object, const char *key, const struct scope_list *list)
{
	value_put_list(object, key, list->items, sizeof *list->items, list->n, put_scope);
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

static void put_refusal(struct json_t *o, const void *item)
{
	const struct refusal *r = item;
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

static void put_latency(struct json_t *object, const char *key, const struct latency *l)
{
	struct json_t *o = value_put_object(object, key);
	value_put_known(o, "p50_us", &l->p50_us);
	value_put_known(o, "p95_us", &l->p95_us);
	value_put_known(o, "p99_us", &l->p99_us);
	value_put_known(o, "requests", &l->requests);
}

static void put_endpoint(struct json_t *o, const void *item)
{
	const struct endpoint *e = item;
	value_put_string(o, "path", e->path);
	value_put_count(o, "requests", e->requests);
	value_put_count(o, "failed", e->failed);
	value_put_count(o, "slow", e->slow);
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
	value_put_list(o, "endpoints", im->endpoints, sizeof *im->endpoints, im->endpoints_n, put_endpoint);
	put_latency(o, "before", &im->before);
	put_latency(o, "during", &im->during);
	value_put_known(o, "inflight_before_milli", &im->inflight_before_milli);
	value_put_known(o, "inflight_peak_milli", &im->inflight_peak_milli);
	value_put_instant(o, "inflight_peak_at", im->inflight_peak_milli.known ? im->inflight_peak_at_us : INSTANT_NONE);
	value_put_string(o, "measured_at", im->measured_at);
	value_put_string(o, "reason", im->measured_at ? im->reason : value_reason(im->reason));
	numbers_put_evidence(o, "evidence", &im->evidence);
}

static void put_holder(struct json_t *o, const void *item)
{
	const struct holder_count *h = item;
	value_put_string(o, "dimension", h->dimension);
	value_put_string(o, "name", h->name);
	value_put_int(o, "count", h->count);
	value_put_int(o, "at_least", h->at_least);
}

static void put_holders(struct json_t *incident, const struct holders *h)
{
	struct json_t *o = value_put_object(incident, "holders");
	value_put_list(o, "items", h->items, sizeof *h->items, h->n, put_holder);
	value_put_moment(o, "at", &h->at);
	value_put_known(o, "open", &h->open);
	value_put_known(o, "limit", &h->limit);
	value_put_string(o, "limit_how", h->limit_how);
	value_put_string(o, "reason", h->n ? h->reason : value_reason(h->reason));
}

static void put_step(struct json_t *o, const void *item)
{
	const struct propagation *p = item;
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

static void put_term(struct json_t *o, const void *item)
{
	const struct cause_term *t = item;
	value_put_string(o, "name", t->name);
	value_put_int(o, "points", t->points);
	value_put_string(o, "text", t->text);
}

static void put_cause(struct json_t *o, const void *item)
{
	const struct cause *c = item;
	value_put_string(o, "cause", c->cause);
	value_put_int(o, "score", c->score);
	value_put_string(o, "word", c->word);
	value_put_moment(o, "at", &c->at);
	if (c->phase.at_us != INSTANT_NONE)
		value_put_moment(o, "phase", &c->phase);
	else
		value_put_null(o, "phase");
	put_tier(o, "tier", c->tier);
	value_put_string(o, "source", c->source);
	value_put_list(o, "terms", c->terms, sizeof *c->terms, c->terms_n, put_term);
	numbers_put_evidence(o, "evidence_for", &c->evidence_for);
	value_put_strings(o, "for", c->for_text, c->for_n);
	value_put_strings(o, "against", c->against_text, c->against_n);
}

static void put_considered(struct json_t *o, const void *item)
{
	const struct considered *c = item;
	value_put_string(o, "cause", c->cause);
	value_put_known(o, "score", &c->score);
	value_put_string(o, "why", c->why);
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

static void put_test(struct json_t *o, const void *item)
{
	const struct change_test *t = item;
	value_put_string(o, "name", t->name);
	value_put_string(o, "title", t->title);
	value_put_string(o, "result", t->result);
	value_put_string(o, "text", t->text);
	value_put_string(o, "expected", t->expected);
}

static void put_verdict(struct json_t *change, const struct change *c)
{
	value_put_list(change, "tests", c->tests, sizeof *c->tests, c->tests_n, put_test);
	if (!c->mitigation.answered) {
		value_put_null(change, "mitigation");
		return;
	}
	struct json_t *mitigation = value_put_object(change, "mitigation");
	value_put_string(mitigation, "answered", c->mitigation.answered);
	value_put_string(mitigation, "text", c->mitigation.text);
}

static void put_change(struct json_t *o, const void *item)
{
	const struct change *c = item;
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
	put_verdict(o, c);
	numbers_put_evidence(o, "evidence", &c->evidence);
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

static void put_measure(struct json_t *o, const void *item)
{
	const struct measure *m = item;
	value_put_string(o, "text", m->text);
	value_put_string(o, "because", m->because);
}

static void put_incident(struct json_t *o, const void *item)
{
	const struct incident *in = item;
	value_put_string(o, "id", in->id);
	value_put_string(o, "title", in->title);
	value_put_moment(o, "onset", &in->onset);
	value_put_moment(o, "peak", &in->peak);
	value_put_moment(o, "end", &in->end);
	value_put_bool(o, "ongoing", in->ongoing);
	value_put_strings(o, "bursts", in->bursts, in->bursts_n);
	value_put_list(o, "refusals", in->refusals, sizeof *in->refusals, in->refusals_n, put_refusal);
	value_put_known(o, "refused", &in->refused);
	put_impact(o, &in->impact);
	put_holders(o, &in->holders);
	numbers_put(o, in);
	value_put_list(o, "propagation", in->propagation, sizeof *in->propagation, in->propagation_n, put_step);
	put_load(o, &in->load);
	value_put_list(o, "causes", in->causes, sizeof *in->causes, in->causes_n, put_cause);
	value_put_string(o, "causes_reason", in->causes_n ? in->causes_reason : value_reason(in->causes_reason));
	value_put_list(o, "considered", in->considered, sizeof *in->considered, in->considered_n, put_considered);
	value_put_list(o, "changes", in->changes, sizeof *in->changes, in->changes_n, put_change);
	put_detection(o, in);
	value_put_list(o, "measures", in->measures, sizeof *in->measures, in->measures_n, put_measure);
	numbers_put_findings(o, &in->findings);
}

static void put_burst(struct json_t *o, const void *item)
{
	const struct burst *b = item;
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

static void put_link(struct json_t *o, const void *item)
{
	const struct link *l = item;
	value_put_string(o, "rel", l->rel);
	value_put_string(o, "id", l->id);
}

static void put_entry(struct json_t *o, const void *item)
{
	const struct entry *e = item;
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
	value_put_list(o, "links", e->links, sizeof *e->links, e->links_n, put_link);
}

static void put_event_source(struct json_t *o, const void *item)
{
	const struct event_source *e = item;
	value_put_string(o, "id", e->id);
	value_put_string(o, "path", e->path);
	value_put_fingerprint(o, "fingerprint", e->bytes, e->crc);
	value_put_count(o, "events", e->events);
	value_put_count(o, "outside", e->outside);
	value_put_count(o, "repeated", e->repeated);
	value_put_count(o, "passed_over", e->passed);
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

static void put_segment(struct json_t *o, const void *item)
{
	const struct clock_segment *s = item;
	value_put_instant(o, "from", s->from_us);
	value_put_instant(o, "to", s->to_us);
	value_put_int(o, "offset_us", s->offset_us);
	value_put_int(o, "uncertainty_us", s->uncertainty_us);
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
	value_put_list(clock, "segments", s->clock.segments, sizeof *s->clock.segments, s->clock.segments_n, put_segment);
}

static void put_sample(struct json_t *o, const void *item)
{
	const struct source_sample *s = item;
	value_put_string(o, "path", s->path);
	value_put_string(o, "excerpt", s->excerpt);
	value_put_count(o, "line", s->line);
	value_put_count(o, "offset", s->offset);
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
	value_put_list(o, "samples", s->samples, sizeof *s->samples, s->samples_n, put_sample);
}

static void put_gap(struct json_t *o, const void *item)
{
	const struct gap *g = item;
	value_put_instant(o, "start", g->start_us);
	value_put_instant(o, "end", g->end_us);
}

static void put_truncated(struct json_t *o, const void *item)
{
	const struct source_truncated *t = item;
	value_put_string(o, "path", t->path);
	value_put_string(o, "kind", t->kind);
	value_put_int(o, "compressed_offset", t->compressed_offset);
	value_put_int(o, "uncompressed_offset", t->uncompressed_offset);
	value_put_instant(o, "lost_from", t->lost_from_us);
	value_put_instant(o, "lost_until", t->lost_until_us);
}

static void put_file(struct json_t *o, const void *item)
{
	const struct source_file *f = item;
	value_put_string(o, "path", f->path);
	value_put_fingerprint(o, "fingerprint", f->fingerprint.bytes, f->fingerprint.crc);
	value_put_instant(o, "mtime", f->mtime_us);
}

static void put_source_extent(struct json_t *o, const struct source *s)
{
	value_put_instant(o, "first", s->first_us);
	value_put_instant(o, "last", s->last_us);
	value_put_int(o, "resolution_us", s->resolution_us);
	value_put_list(o, "gaps", s->gaps, sizeof *s->gaps, s->gaps_n, put_gap);
	value_put_list(o, "truncated", s->truncated, sizeof *s->truncated, s->truncated_n, put_truncated);
	struct json_t *fingerprints = value_put_array(o, "fingerprints");
	for (size_t i = 0; i < s->fingerprints_n; i++)
		value_add_fingerprint(fingerprints, s->fingerprints[i].bytes, s->fingerprints[i].crc);
	value_put_list(o, "files", s->files, sizeof *s->files, s->files_n, put_file);
}

static void put_source(struct json_t *o, const void *item)
{
	const struct source *s = item;
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

static void put_point(struct json_t *o, const void *item)
{
	const struct point *p = item;
	value_put_instant(o, "at", p->at_us);
	value_put_int(o, "value", p->value);
}

static void put_plot(struct json_t *o, const void *item)
{
	const struct plot *p = item;
	value_put_string(o, "name", p->name);
	value_put_string(o, "key", p->key);
	value_put_string(o, "source", p->source);
	put_tier(o, "tier", p->tier);
	value_put_string(o, "unit", p->unit);
	value_put_int(o, "width_us", p->width_us);
	value_put_int(o, "error_ppm", p->error_ppm);
	value_put_list(o, "points", p->points, sizeof *p->points, p->n, put_point);
}

static void put_call(struct json_t *o, const void *item)
{
	const struct tier_call *c = item;
	put_tier(o, "caller", c->caller);
	put_tier(o, "called", c->called);
	value_put_string(o, "how", c->how);
}

static void put_upstream(struct json_t *o, const void *item)
{
	const struct upstream *u = item;
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

static void put_topology(struct json_t *root, const struct draft *d)
{
	struct json_t *o = value_put_object(root, "topology");
	value_put_string(o, "how", d->topology.how);
	value_put_list(o, "calls", d->topology.calls, sizeof *d->topology.calls, d->topology.calls_n, put_call);
	value_put_list(o, "upstreams", d->topology.upstreams, sizeof *d->topology.upstreams, d->topology.upstreams_n,
		       put_upstream);
	value_put_count(o, "upstreams_more", d->topology.more);
}

static void put_unknown(struct json_t *o, const void *item)
{
	const struct unknown *u = item;
	value_put_string(o, "what", u->what);
	value_put_string(o, "why", u->why);
	value_put_string(o, "setting", u->setting);
}

static void put_option(struct json_t *o, const void *item)
{
	const struct option_text *x = item;
	value_put_string(o, "name", x->name);
	value_put_string(o, "value", x->value);
}

static void put_head(struct json_t *root, const struct draft *d, const char *version)
{
	value_put_string(root, "schema", JSON_SCHEMA);
	struct json_t *generator = value_put_object(root, "generator");
	value_put_string(generator, "name", "onset");
	value_put_string(generator, "version", version);
	value_put_string(generator, "patterns", d->patterns);
	value_put_list(generator, "options", d->options, sizeof *d->options, d->options_n, put_option);
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
	value_put_list(root, "incidents", d->incidents, sizeof *d->incidents, d->incidents_n, put_incident);
	value_put_list(root, "bursts", d->bursts, sizeof *d->bursts, d->bursts_n, put_burst);
	value_put_list(root, "timeline", d->timeline, sizeof *d->timeline, d->timeline_n, put_entry);
	value_put_count(root, "left_out", d->left_out);
	value_put_list(root, "events", d->events, sizeof *d->events, d->events_n, put_event_source);
	numbers_put_findings(root, &d->findings);
	value_put_list(root, "sources", d->sources, sizeof *d->sources, d->sources_n, put_source);
	put_topology(root, d);
	value_put_list(root, "series", d->series, sizeof *d->series, d->series_n, put_plot);
	value_put_list(root, "unknowns", d->unknowns, sizeof *d->unknowns, d->unknowns_n, put_unknown);
	return root;
}

void json_from_draft(const struct draft *d, const char *version, struct text *out)
{
	struct json_t *root = json_tree(d, version);
	value_append(root, out);
	value_free(root);
}
