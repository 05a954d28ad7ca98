#include "tell/json.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>

#include "base/memory.h"

/* jansson copies what it is given and answers NULL when out of memory. With our allocator it cannot: so no call below
 * is checked but for a key or string that is not UTF-8, which put_string() excludes. */
static void *allocate(size_t size)
{
	return memory_new(size, 1);
}

static void put(json_t *object, const char *key, json_t *value)
{
	int failed = json_object_set_new_nocheck(object, key, value);
	assert(!failed);
	(void)failed;
}

static void add(json_t *array, json_t *value)
{
	int failed = json_array_append_new(array, value);
	assert(!failed);
	(void)failed;
}

static json_t *put_array(json_t *object, const char *key)
{
	json_t *array = json_array();
	put(object, key, array);
	return array;
}

static json_t *put_object(json_t *object, const char *key)
{
	json_t *inner = json_object();
	put(object, key, inner);
	return inner;
}

static json_t *add_object(json_t *array)
{
	json_t *inner = json_object();
	add(array, inner);
	return inner;
}

static json_t *string_of(const char *string)
{
	if (!string)
		return json_null();
	struct text valid = {0};
	text_append_utf8(&valid, span_of(string));
	json_t *value = json_stringn_nocheck(valid.at ? valid.at : "", valid.len);
	text_release(&valid);
	return value;
}

static void put_string(json_t *object, const char *key, const char *string)
{
	put(object, key, string_of(string));
}

static void put_int(json_t *object, const char *key, int64_t n)
{
	put(object, key, json_integer(n));
}

/* JSON numbers above 2^63 are no integers for jansson and most readers; no count of ours comes near. */
static void put_count(json_t *object, const char *key, uint64_t n)
{
	put(object, key, json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n));
}

static void put_bool(json_t *object, const char *key, bool yes)
{
	put(object, key, json_boolean(yes));
}

static void put_tier(json_t *object, const char *key, enum tier tier)
{
	put_string(object, key, tier_name(tier));
}

static json_t *instant_value(int64_t us)
{
	char text[32];
	return us == INSTANT_NONE ? json_null() : json_string(instant_format(us, text));
}

static void put_instant(json_t *object, const char *key, int64_t us)
{
	put(object, key, instant_value(us));
}

/* A duration or offset that has no reason of its own beside it. */
static void put_duration(json_t *object, const char *key, int64_t us)
{
	put(object, key, us == INSTANT_NONE ? json_null() : json_integer(us));
}

static const char *reason_or(const char *reason)
{
	return reason ? reason : "not determined";
}

static void put_known(json_t *object, const char *key, const struct known *k)
{
	put(object, key, k->known ? json_integer(k->value) : json_null());
	if (k->known)
		return;
	char name[80];
	int len = snprintf(name, sizeof name, "%s_reason", key);
	assert(len > 0 && (size_t)len < sizeof name);
	(void)len;
	put_string(object, name, reason_or(k->reason));
}

static void put_moment(json_t *object, const char *key, const struct moment *m)
{
	json_t *o = put_object(object, key);
	put_instant(o, "at", m->at_us);
	put_instant(o, "lower", m->lower_us);
	put_instant(o, "upper", m->upper_us);
	if (m->reason || m->at_us == INSTANT_NONE)
		put_string(o, "reason", reason_or(m->reason));
}

static void put_strings(json_t *object, const char *key, char *const *strings, size_t n)
{
	json_t *array = put_array(object, key);
	for (size_t i = 0; i < n; i++)
		add(array, string_of(strings[i]));
}

static json_t *fingerprint_value(uint64_t bytes, uint32_t crc)
{
	char text[48];
	snprintf(text, sizeof text, "%llu-%08lx", (unsigned long long)bytes, (unsigned long)crc);
	return json_string(text);
}

static void put_evidence(json_t *object, const char *key, const struct evidence_list *list)
{
	json_t *array = put_array(object, key);
	for (size_t i = 0; i < list->n; i++) {
		const struct evidence *e = &list->items[i];
		json_t *o = add_object(array);
		put_string(o, "source", e->source);
		put_string(o, "path", e->path);
		put(o, "fingerprint", fingerprint_value(e->bytes, e->crc));
		put_count(o, "line", e->line);
		put_count(o, "offset", e->offset);
		put_count(o, "length", e->length);
		put_string(o, "excerpt", e->excerpt);
		if (!e->excerpt)
			put_string(o, "reason", reason_or(e->reason));
	}
}

static void put_scopes(json_t *object, const char *key, const struct scope_list *list)
{
	json_t *array = put_array(object, key);
	for (size_t i = 0; i < list->n; i++) {
		json_t *o = add_object(array);
		put_string(o, "name", list->items[i].name);
		put_count(o, "count", list->items[i].count);
	}
}

static void put_summary(json_t *root, const struct draft *d)
{
	json_t *o = put_object(root, "summary");
	put_string(o, "incident", d->summary.incident);
	put_string(o, "title", d->summary.title);
	put_string(o, "began", d->summary.began);
	put_string(o, "spread", d->summary.spread);
	put_string(o, "impact", d->summary.impact);
	put_string(o, "cause", d->summary.cause);
	put_string(o, "measure", d->summary.measure);
	put_string(o, "reason", d->summary.incident ? d->summary.reason : reason_or(d->summary.reason));
	put_moment(o, "onset", &d->summary.onset);
	put_moment(o, "end", &d->summary.end);
	put_known(o, "duration_us", &d->summary.duration_us);
	put_known(o, "detection_gap_us", &d->summary.detection_gap_us);
}

static void put_refusals(json_t *incident, const struct incident *in)
{
	json_t *array = put_array(incident, "refusals");
	for (size_t i = 0; i < in->refusals_n; i++) {
		const struct refusal *r = &in->refusals[i];
		json_t *o = add_object(array);
		put_tier(o, "tier", r->tier);
		put_string(o, "source", r->source);
		put_string(o, "class", r->class);
		json_t *scope = put_object(o, "scope");
		put_string(scope, "user", r->user);
		put_string(scope, "database", r->database);
		put_count(o, "count", r->count);
		put_moment(o, "onset", &r->onset);
		put_moment(o, "end", &r->end);
		put_bool(o, "echo", r->echo);
	}
}

static void put_latency(json_t *object, const char *key, const struct latency *l)
{
	json_t *o = put_object(object, key);
	put_known(o, "p50_us", &l->p50_us);
	put_known(o, "p95_us", &l->p95_us);
	put_known(o, "p99_us", &l->p99_us);
	put_known(o, "requests", &l->requests);
}

static void put_impact(json_t *incident, const struct impact *im)
{
	json_t *o = put_object(incident, "impact");
	put_known(o, "requests", &im->requests);
	put_known(o, "failed", &im->failed);
	put_known(o, "failed_ppm", &im->failed_ppm);
	put_known(o, "baseline_failed_ppm", &im->baseline_failed_ppm);
	put_known(o, "clients", &im->clients);
	put_known(o, "clients_error_ppm", &im->clients_error_ppm);
	put_string(o, "clients_scope", im->clients_scope);
	json_t *endpoints = put_array(o, "endpoints");
	for (size_t i = 0; i < im->endpoints_n; i++) {
		json_t *e = add_object(endpoints);
		put_string(e, "path", im->endpoints[i].path);
		put_count(e, "requests", im->endpoints[i].requests);
		put_count(e, "failed", im->endpoints[i].failed);
		put_count(e, "slow", im->endpoints[i].slow);
	}
	put_latency(o, "before", &im->before);
	put_latency(o, "during", &im->during);
	put_known(o, "inflight_before_milli", &im->inflight_before_milli);
	put_known(o, "inflight_peak_milli", &im->inflight_peak_milli);
	put_instant(o, "inflight_peak_at", im->inflight_peak_milli.known ? im->inflight_peak_at_us : INSTANT_NONE);
	put_string(o, "measured_at", im->measured_at);
	put_string(o, "reason", im->measured_at ? im->reason : reason_or(im->reason));
	put_evidence(o, "evidence", &im->evidence);
}

static void put_holders(json_t *incident, const struct holders *h)
{
	json_t *o = put_object(incident, "holders");
	json_t *items = put_array(o, "items");
	for (size_t i = 0; i < h->n; i++) {
		json_t *item = add_object(items);
		put_string(item, "dimension", h->items[i].dimension);
		put_string(item, "name", h->items[i].name);
		put_int(item, "count", h->items[i].count);
		put_int(item, "at_least", h->items[i].at_least);
	}
	put_known(o, "open", &h->open);
	put_known(o, "limit", &h->limit);
	put_string(o, "limit_how", h->limit_how);
	put_string(o, "reason", h->n ? h->reason : reason_or(h->reason));
}

static void put_propagation(json_t *incident, const struct incident *in)
{
	json_t *array = put_array(incident, "propagation");
	for (size_t i = 0; i < in->propagation_n; i++) {
		const struct propagation *p = &in->propagation[i];
		json_t *o = add_object(array);
		put_tier(o, "tier", p->tier);
		put_string(o, "source", p->source);
		put_moment(o, "onset", &p->onset);
		put_duration(o, "lag_us", p->lag_us);
		put_bool(o, "provable", p->provable);
		put_string(o, "order", p->order);
		put_string(o, "signal", p->signal);
		put_string(o, "burst", p->burst);
	}
}

static void put_causes(json_t *incident, const struct incident *in)
{
	json_t *array = put_array(incident, "causes");
	for (size_t i = 0; i < in->causes_n; i++) {
		const struct cause *c = &in->causes[i];
		json_t *o = add_object(array);
		put_string(o, "cause", c->cause);
		put_int(o, "score", c->score);
		put_string(o, "word", c->word);
		put_moment(o, "at", &c->at);
		put_evidence(o, "evidence_for", &c->evidence_for);
		put_strings(o, "for", c->for_text, c->for_n);
		put_strings(o, "against", c->against_text, c->against_n);
	}
	put_string(incident, "causes_reason", in->causes_n ? in->causes_reason : reason_or(in->causes_reason));
}

static void put_changes(json_t *incident, const struct incident *in)
{
	json_t *array = put_array(incident, "changes");
	for (size_t i = 0; i < in->changes_n; i++) {
		const struct change *c = &in->changes[i];
		json_t *o = add_object(array);
		put_string(o, "id", c->id);
		put_string(o, "kind", c->kind);
		put_moment(o, "at", &c->at);
		put_tier(o, "tier", c->tier);
		put_string(o, "source", c->source);
		put_string(o, "service", c->service);
		put_string(o, "version", c->version);
		put_string(o, "from_version", c->from_version);
		put_string(o, "summary", c->summary);
		put_duration(o, "after_onset_us", c->after_onset_us);
		put_string(o, "verdict", c->verdict);
		put_string(o, "reason", c->reason);
		put_evidence(o, "evidence", &c->evidence);
	}
}

static void put_incidents(json_t *root, const struct draft *d)
{
	json_t *array = put_array(root, "incidents");
	for (size_t i = 0; i < d->incidents_n; i++) {
		const struct incident *in = &d->incidents[i];
		json_t *o = add_object(array);
		put_string(o, "id", in->id);
		put_string(o, "title", in->title);
		put_moment(o, "onset", &in->onset);
		put_moment(o, "peak", &in->peak);
		put_moment(o, "end", &in->end);
		put_bool(o, "ongoing", in->ongoing);
		put_strings(o, "bursts", in->bursts, in->bursts_n);
		put_refusals(o, in);
		put_known(o, "refused", &in->refused);
		put_impact(o, &in->impact);
		put_holders(o, &in->holders);
		put_propagation(o, in);
		put_causes(o, in);
		put_changes(o, in);
		json_t *measures = put_array(o, "measures");
		for (size_t k = 0; k < in->measures_n; k++) {
			json_t *m = add_object(measures);
			put_string(m, "text", in->measures[k].text);
			put_string(m, "because", in->measures[k].because);
		}
	}
}

static void put_bursts(json_t *root, const struct draft *d)
{
	json_t *array = put_array(root, "bursts");
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		json_t *o = add_object(array);
		put_string(o, "id", b->id);
		put_string(o, "signal", b->signal);
		put_string(o, "class", b->class);
		put_tier(o, "tier", b->tier);
		put_string(o, "source", b->source);
		put_scopes(o, "classes", &b->classes);
		put_scopes(o, "users", &b->users);
		put_scopes(o, "databases", &b->databases);
		put_moment(o, "onset", &b->onset);
		put_moment(o, "end", &b->end);
		put_instant(o, "onset_at_source", b->onset_at_source.at_us);
		put_count(o, "count", b->count);
		put_count(o, "peak", b->peak);
		put_instant(o, "peak_at", b->peak_at_us);
		put_int(o, "width_us", b->width_s * SECOND_US);
		put_int(o, "background_ppm", b->background_ppm);
		put_bool(o, "censored_start", b->censored_start);
		put_bool(o, "censored_end", b->censored_end);
		put_bool(o, "ongoing", b->ongoing);
		put_bool(o, "assumed_baseline", b->assumed_baseline);
		put_string(o, "why", b->why);
		put_evidence(o, "evidence", &b->evidence);
		put_string(o, "incident", b->incident);
	}
}

static void put_timeline(json_t *root, const struct draft *d)
{
	json_t *array = put_array(root, "timeline");
	for (size_t i = 0; i < d->timeline_n; i++) {
		const struct entry *e = &d->timeline[i];
		json_t *o = add_object(array);
		put_string(o, "id", e->id);
		put_instant(o, "at", e->at_us);
		put_instant(o, "at_source", e->at_source_us);
		put_instant(o, "end", e->end_us);
		put_int(o, "uncertainty_us", e->uncertainty_us);
		put_tier(o, "tier", e->tier);
		put_string(o, "source", e->source);
		put_string(o, "kind", e->kind);
		put_string(o, "severity", e->severity);
		put_string(o, "summary", e->summary);
		put_string(o, "body", e->body);
		put_known(o, "count", &e->count);
		put_evidence(o, "evidence", &e->evidence);
		json_t *links = put_array(o, "links");
		for (size_t k = 0; k < e->links_n; k++) {
			json_t *link = add_object(links);
			put_string(link, "rel", e->links[k].rel);
			put_string(link, "id", e->links[k].id);
		}
	}
	put_count(root, "left_out", d->left_out);
}

static void put_source_time(json_t *o, const struct source *s)
{
	put_string(o, "zone", s->zone);
	put_string(o, "zone_how", s->zone_how);
	json_t *clock = put_object(o, "clock");
	put_known(clock, "offset_us", &s->clock.offset_us);
	put_known(clock, "uncertainty_us", &s->clock.uncertainty_us);
	put_string(clock, "method", s->clock.method);
	put_string(clock, "confidence", s->clock.confidence);
}

static void put_source_counts(json_t *o, const struct source *s)
{
	put_count(o, "lines", s->lines);
	put_count(o, "records", s->records);
	put_count(o, "joined", s->joined);
	put_count(o, "attached", s->attached);
	put_count(o, "unparsed", s->unparsed);
	put_count(o, "blank", s->blank);
	put_count(o, "head", s->head);
	put_count(o, "cut", s->cut);
	put_count(o, "implausible", s->implausible);
	json_t *samples = put_array(o, "samples");
	for (size_t i = 0; i < s->samples_n; i++) {
		json_t *sample = add_object(samples);
		put_string(sample, "path", s->samples[i].path);
		put_string(sample, "excerpt", s->samples[i].excerpt);
		put_count(sample, "line", s->samples[i].line);
		put_count(sample, "offset", s->samples[i].offset);
	}
}

static void put_source_extent(json_t *o, const struct source *s)
{
	put_instant(o, "first", s->first_us);
	put_instant(o, "last", s->last_us);
	put_int(o, "resolution_us", s->resolution_us);
	json_t *gaps = put_array(o, "gaps");
	for (size_t i = 0; i < s->gaps_n; i++) {
		json_t *gap = add_object(gaps);
		put_instant(gap, "start", s->gaps[i].start_us);
		put_instant(gap, "end", s->gaps[i].end_us);
	}
	json_t *truncated = put_array(o, "truncated");
	for (size_t i = 0; i < s->truncated_n; i++) {
		const struct source_truncated *t = &s->truncated[i];
		json_t *cut = add_object(truncated);
		put_string(cut, "path", t->path);
		put_string(cut, "kind", t->kind);
		put_int(cut, "compressed_offset", t->compressed_offset);
		put_int(cut, "uncompressed_offset", t->uncompressed_offset);
		put_instant(cut, "lost_from", t->lost_from_us);
		put_instant(cut, "lost_until", t->lost_until_us);
	}
	json_t *fingerprints = put_array(o, "fingerprints");
	for (size_t i = 0; i < s->fingerprints_n; i++)
		add(fingerprints, fingerprint_value(s->fingerprints[i].bytes, s->fingerprints[i].crc));
}

static void put_sources(json_t *root, const struct draft *d)
{
	json_t *array = put_array(root, "sources");
	for (size_t i = 0; i < d->sources_n; i++) {
		const struct source *s = &d->sources[i];
		json_t *o = add_object(array);
		put_string(o, "id", s->id);
		put_string(o, "key", s->key);
		put_strings(o, "paths", s->paths, s->paths_n);
		put_tier(o, "tier", s->tier);
		put_string(o, "tier_how", s->tier_how);
		put_string(o, "format", s->format);
		put_string(o, "layout", s->layout);
		put_string(o, "also", s->also);
		put_int(o, "certainty_ppm", s->certainty_ppm);
		put_source_time(o, s);
		put_string(o, "twin_of", s->twin_of);
		put(o, "twin_agreement_ppm", s->twin_of ? json_integer(s->twin_agreement_ppm) : json_null());
		put_source_counts(o, s);
		put_source_extent(o, s);
	}
}

static void put_series(json_t *root, const struct draft *d)
{
	json_t *array = put_array(root, "series");
	for (size_t i = 0; i < d->series_n; i++) {
		const struct plot *p = &d->series[i];
		json_t *o = add_object(array);
		put_string(o, "name", p->name);
		put_string(o, "source", p->source);
		put_string(o, "unit", p->unit);
		put_int(o, "width_us", p->width_us);
		json_t *points = put_array(o, "points");
		for (size_t k = 0; k < p->n; k++) {
			json_t *point = add_object(points);
			put_instant(point, "at", p->points[k].at_us);
			put_int(point, "value", p->points[k].value);
		}
	}
}

static void put_unknowns(json_t *root, const struct draft *d)
{
	json_t *array = put_array(root, "unknowns");
	for (size_t i = 0; i < d->unknowns_n; i++) {
		json_t *o = add_object(array);
		put_string(o, "what", d->unknowns[i].what);
		put_string(o, "why", d->unknowns[i].why);
		put_string(o, "setting", d->unknowns[i].setting);
	}
}

static void put_head(json_t *root, const struct draft *d, const char *version)
{
	put_string(root, "schema", JSON_SCHEMA);
	json_t *generator = put_object(root, "generator");
	put_string(generator, "name", "onset");
	put_string(generator, "version", version);
	put_string(generator, "patterns", d->patterns);
	json_t *options = put_array(generator, "options");
	for (size_t i = 0; i < d->options_n; i++) {
		json_t *o = add_object(options);
		put_string(o, "name", d->options[i].name);
		put_string(o, "value", d->options[i].value);
	}
	json_t *window = put_object(root, "window");
	put_instant(window, "start", d->window_start_us);
	put_instant(window, "end", d->window_end_us);
	if (d->window_start_us == INSTANT_NONE || d->window_end_us == INSTANT_NONE)
		put_string(window, "reason", "no record with a readable time stamp");
	put_string(root, "reference_clock", d->reference_clock);
	put_string(root, "reference_how", d->reference_how);
	put_summary(root, d);
	json_t *numbers = put_object(root, "numbers");
	put_int(numbers, "link_us", d->numbers.link_us);
	put_int(numbers, "unzoned_us", d->numbers.unzoned_us);
	put_int(numbers, "assumed_skew_us", d->numbers.assumed_skew_us);
	put_int(numbers, "gap_us", d->numbers.gap_us);
	put_int(numbers, "cap_ppm", d->numbers.cap_ppm);
}

static int append_bytes(const char *bytes, size_t len, void *out)
{
	text_append(out, (struct span){bytes, len});
	return 0;
}

void json_from_draft(const struct draft *d, const char *version, struct text *out)
{
	json_set_alloc_funcs(allocate, memory_free);
	json_t *root = json_object();
	put_head(root, d, version);
	put_incidents(root, d);
	put_bursts(root, d);
	put_timeline(root, d);
	put_sources(root, d);
	put_series(root, d);
	put_unknowns(root, d);
	int failed = json_dump_callback(root, append_bytes, out, JSON_INDENT(2));
	assert(!failed);
	(void)failed;
	text_append_byte(out, '\n');
	json_decref(root);
}

const char *json_library_version(void)
{
	return jansson_version_str();
}
