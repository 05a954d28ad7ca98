#include "fold/draft.h"

#include "base/memory.h"

static void moment_release(struct moment *m)
{
	memory_free(m->reason);
}

void evidence_release(struct evidence_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		memory_free(list->items[i].source);
		memory_free(list->items[i].path);
		memory_free(list->items[i].excerpt);
		memory_free(list->items[i].reason);
	}
	memory_free(list->items);
	*list = (struct evidence_list){0};
}

static void scopes_release(struct scope_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		memory_free(list->items[i].name);
	memory_free(list->items);
}

static void strings_release(char **strings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		memory_free(strings[i]);
	memory_free(strings);
}

void burst_release(struct burst *b)
{
	memory_free(b->id);
	memory_free(b->signal);
	memory_free(b->class);
	memory_free(b->source);
	scopes_release(&b->classes);
	scopes_release(&b->users);
	scopes_release(&b->databases);
	moment_release(&b->onset);
	moment_release(&b->end);
	moment_release(&b->onset_at_source);
	memory_free(b->why);
	evidence_release(&b->evidence);
	memory_free(b->incident);
}

static void refusal_release(struct refusal *r)
{
	memory_free(r->source);
	memory_free(r->class);
	memory_free(r->user);
	memory_free(r->database);
	moment_release(&r->onset);
	moment_release(&r->end);
}

static void latency_release(struct latency *l)
{
	memory_free(l->p50_us.reason);
	memory_free(l->p95_us.reason);
	memory_free(l->p99_us.reason);
	memory_free(l->requests.reason);
}

static void impact_release(struct impact *i)
{
	memory_free(i->requests.reason);
	memory_free(i->failed.reason);
	memory_free(i->failed_ppm.reason);
	memory_free(i->baseline_failed_ppm.reason);
	memory_free(i->clients.reason);
	memory_free(i->clients_error_ppm.reason);
	memory_free(i->clients_scope);
	for (size_t k = 0; k < i->endpoints_n; k++)
		memory_free(i->endpoints[k].path);
	memory_free(i->endpoints);
	latency_release(&i->before);
	latency_release(&i->during);
	memory_free(i->inflight_before_milli.reason);
	memory_free(i->inflight_peak_milli.reason);
	memory_free(i->measured_at);
	memory_free(i->reason);
	evidence_release(&i->evidence);
}

static void holders_release(struct holders *h)
{
	for (size_t i = 0; i < h->n; i++) {
		memory_free(h->items[i].dimension);
		memory_free(h->items[i].name);
	}
	memory_free(h->items);
	moment_release(&h->at);
	memory_free(h->open.reason);
	memory_free(h->limit.reason);
	memory_free(h->limit_how);
	memory_free(h->reason);
}

void lock_object_release(struct lock_object *o)
{
	for (size_t k = 0; k < o->holders_n; k++) {
		memory_free(o->holders[k].user);
		memory_free(o->holders[k].database);
		memory_free(o->holders[k].application);
		memory_free(o->holders[k].host);
	}
	memory_free(o->holders);
	memory_free(o->object);
	memory_free(o->mode);
}

static void locks_release(struct locks *l)
{
	for (size_t i = 0; i < l->objects_n; i++)
		lock_object_release(&l->objects[i]);
	memory_free(l->objects);
	memory_free(l->queue_peak.reason);
	moment_release(&l->onset);
	memory_free(l->first_user);
	memory_free(l->first_mode);
	memory_free(l->first_statement);
	evidence_release(&l->evidence);
	memory_free(l->reason);
}

static void numbers_release(struct incident *in)
{
	for (size_t i = 0; i < in->statements_n; i++) {
		memory_free(in->statements[i].sql);
		evidence_release(&in->statements[i].evidence);
	}
	memory_free(in->statements);
	memory_free(in->statements_reason);
	for (size_t i = 0; i < in->metrics_n; i++) {
		memory_free(in->metrics[i].name);
		memory_free(in->metrics[i].key);
		memory_free(in->metrics[i].unit);
		memory_free(in->metrics[i].source);
		evidence_release(&in->metrics[i].evidence);
	}
	memory_free(in->metrics);
	memory_free(in->metrics_reason);
}

static void propagation_release(struct propagation *p)
{
	memory_free(p->source);
	moment_release(&p->onset);
	memory_free(p->order);
	memory_free(p->signal);
	memory_free(p->burst);
	memory_free(p->reason);
}

static void cause_release(struct cause *c)
{
	memory_free(c->cause);
	memory_free(c->word);
	moment_release(&c->at);
	moment_release(&c->phase);
	memory_free(c->source);
	for (size_t i = 0; i < c->terms_n; i++) {
		memory_free(c->terms[i].name);
		memory_free(c->terms[i].text);
	}
	memory_free(c->terms);
	evidence_release(&c->evidence_for);
	strings_release(c->for_text, c->for_n);
	strings_release(c->against_text, c->against_n);
}

static void considered_release(struct considered *c)
{
	memory_free(c->cause);
	memory_free(c->score.reason);
	memory_free(c->why);
}

static void load_release(struct load *l)
{
	memory_free(l->requests_share_ppm.reason);
	memory_free(l->duration_share_ppm.reason);
	memory_free(l->text);
	memory_free(l->reason);
}

void change_release(struct change *c)
{
	memory_free(c->id);
	memory_free(c->kind);
	moment_release(&c->at);
	memory_free(c->source);
	memory_free(c->service);
	memory_free(c->version);
	memory_free(c->from_version);
	memory_free(c->summary);
	memory_free(c->verdict);
	memory_free(c->reason);
	for (size_t i = 0; i < c->tests_n; i++) {
		memory_free(c->tests[i].text);
		memory_free(c->tests[i].expected);
	}
	memory_free(c->tests);
	memory_free(c->mitigation.text);
	memory_free(c->instances);
	evidence_release(&c->evidence);
}

void finding_release(struct finding *f)
{
	memory_free(f->id);
	memory_free(f->kind);
	memory_free(f->source);
	memory_free(f->text);
	memory_free(f->count.reason);
	memory_free(f->before.reason);
	moment_release(&f->at);
	evidence_release(&f->evidence);
}

void findings_release(struct finding_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		finding_release(&list->items[i]);
	memory_free(list->items);
	*list = (struct finding_list){0};
}

void incident_release(struct incident *i)
{
	findings_release(&i->findings);
	memory_free(i->id);
	memory_free(i->title);
	moment_release(&i->onset);
	moment_release(&i->peak);
	moment_release(&i->end);
	strings_release(i->bursts, i->bursts_n);
	for (size_t k = 0; k < i->refusals_n; k++)
		refusal_release(&i->refusals[k]);
	memory_free(i->refusals);
	memory_free(i->refused.reason);
	for (size_t k = 0; k < STEP_COUNT; k++)
		moment_release(&i->detection[k]);
	impact_release(&i->impact);
	holders_release(&i->holders);
	locks_release(&i->locks);
	numbers_release(i);
	for (size_t k = 0; k < i->propagation_n; k++)
		propagation_release(&i->propagation[k]);
	memory_free(i->propagation);
	for (size_t k = 0; k < i->causes_n; k++)
		cause_release(&i->causes[k]);
	memory_free(i->causes);
	memory_free(i->causes_reason);
	for (size_t k = 0; k < i->considered_n; k++)
		considered_release(&i->considered[k]);
	memory_free(i->considered);
	load_release(&i->load);
	for (size_t k = 0; k < i->changes_n; k++)
		change_release(&i->changes[k]);
	memory_free(i->changes);
	for (size_t k = 0; k < i->measures_n; k++) {
		memory_free(i->measures[k].text);
		memory_free(i->measures[k].because);
	}
	memory_free(i->measures);
}

static void entry_release(struct entry *e)
{
	memory_free(e->id);
	memory_free(e->source);
	memory_free(e->kind);
	memory_free(e->severity);
	memory_free(e->summary);
	memory_free(e->body);
	memory_free(e->count.reason);
	evidence_release(&e->evidence);
	for (size_t i = 0; i < e->links_n; i++) {
		memory_free(e->links[i].rel);
		memory_free(e->links[i].id);
	}
	memory_free(e->links);
}

static void source_record_release(struct source *s)
{
	memory_free(s->id);
	memory_free(s->key);
	strings_release(s->paths, s->paths_n);
	memory_free(s->tier_how);
	memory_free(s->format);
	memory_free(s->layout);
	memory_free(s->stream);
	memory_free(s->also);
	memory_free(s->zone);
	memory_free(s->zone_how);
	memory_free(s->year_how);
	memory_free(s->clock.offset_us.reason);
	memory_free(s->clock.uncertainty_us.reason);
	memory_free(s->clock.method);
	memory_free(s->clock.confidence);
	memory_free(s->clock.against);
	memory_free(s->clock.segments);
	memory_free(s->twin_of);
	for (size_t i = 0; i < s->samples_n; i++) {
		memory_free(s->samples[i].path);
		memory_free(s->samples[i].excerpt);
	}
	memory_free(s->samples);
	memory_free(s->gaps);
	for (size_t i = 0; i < s->truncated_n; i++) {
		memory_free(s->truncated[i].path);
		memory_free(s->truncated[i].kind);
	}
	memory_free(s->truncated);
	memory_free(s->fingerprints);
	for (size_t i = 0; i < s->files_n; i++)
		memory_free(s->files[i].path);
	memory_free(s->files);
}

static void summary_release(struct draft *d)
{
	memory_free(d->summary.incident);
	memory_free(d->summary.title);
	memory_free(d->summary.began);
	memory_free(d->summary.spread);
	memory_free(d->summary.impact);
	memory_free(d->summary.cause);
	memory_free(d->summary.measure);
	memory_free(d->summary.reason);
	moment_release(&d->summary.onset);
	moment_release(&d->summary.end);
	memory_free(d->summary.duration_us.reason);
	memory_free(d->summary.detection_gap_us.reason);
	moment_release(&d->summary.detected);
}

static void lists_release(struct draft *d)
{
	for (size_t i = 0; i < d->incidents_n; i++)
		incident_release(&d->incidents[i]);
	memory_free(d->incidents);
	for (size_t i = 0; i < d->bursts_n; i++)
		burst_release(&d->bursts[i]);
	memory_free(d->bursts);
	for (size_t i = 0; i < d->timeline_n; i++)
		entry_release(&d->timeline[i]);
	memory_free(d->timeline);
	for (size_t i = 0; i < d->sources_n; i++)
		source_record_release(&d->sources[i]);
	memory_free(d->sources);
	for (size_t i = 0; i < d->events_n; i++) {
		memory_free(d->events[i].id);
		memory_free(d->events[i].path);
	}
	memory_free(d->events);
	findings_release(&d->findings);
}

void plot_release(struct plot *p)
{
	memory_free(p->name);
	memory_free(p->key);
	memory_free(p->source);
	memory_free(p->unit);
	memory_free(p->points);
}

void draft_free(struct draft *d)
{
	if (!d)
		return;
	memory_free(d->patterns);
	for (size_t i = 0; i < d->options_n; i++) {
		memory_free(d->options[i].name);
		memory_free(d->options[i].value);
	}
	memory_free(d->options);
	memory_free(d->reference_clock);
	memory_free(d->reference_how);
	summary_release(d);
	lists_release(d);
	for (size_t i = 0; i < d->series_n; i++)
		plot_release(&d->series[i]);
	memory_free(d->series);
	memory_free(d->topology.how);
	for (size_t i = 0; i < d->topology.calls_n; i++)
		memory_free(d->topology.calls[i].how);
	memory_free(d->topology.calls);
	for (size_t i = 0; i < d->topology.upstreams_n; i++) {
		struct upstream *u = &d->topology.upstreams[i];
		memory_free(u->source);
		memory_free(u->address);
		memory_free(u->called);
		memory_free(u->how);
		evidence_release(&u->evidence);
	}
	memory_free(d->topology.upstreams);
	for (size_t i = 0; i < d->unknowns_n; i++) {
		memory_free(d->unknowns[i].what);
		memory_free(d->unknowns[i].why);
		memory_free(d->unknowns[i].setting);
	}
	memory_free(d->unknowns);
	memory_free(d);
}
