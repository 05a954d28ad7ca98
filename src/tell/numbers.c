#include "tell/numbers.h"

static void put_evidence(struct json_t *o, const void *item)
{
	const struct evidence *e = item;
	value_put_string(o, "source", e->source);
	value_put_string(o, "path", e->path);
	value_put_fingerprint(o, "fingerprint", e->bytes, e->crc);
	value_put_count(o, "line", e->line);
	value_put_count(o, "offset", e->offset);
	value_put_count(o, "length", e->length);
	value_put_string(o, "excerpt", e->excerpt);
	if (!e->excerpt)
		value_put_string(o, "reason", value_reason(e->reason));
}

void numbers_put_evidence(struct json_t *object, const char *key, const struct evidence_list *list)
{
	value_put_list(object, key, list->items, sizeof *list->items, list->n, put_evidence);
}

static void put_lock_holder(struct json_t *o, const void *item)
{
	const struct lock_holder *h = item;
	value_put_int(o, "pid", h->pid);
	value_put_string(o, "user", h->user);
	value_put_string(o, "database", h->database);
	value_put_string(o, "application", h->application);
	value_put_string(o, "host", h->host);
	value_put_count(o, "waits", h->waits);
}

static void put_lock_object(struct json_t *o, const void *item)
{
	const struct lock_object *l = item;
	value_put_string(o, "object", l->object);
	value_put_string(o, "mode", l->mode);
	value_put_count(o, "waits", l->waits);
	value_put_int(o, "longest_us", l->longest_us);
	value_put_list(o, "holders", l->holders, sizeof *l->holders, l->holders_n, put_lock_holder);
}

static void put_locks(struct json_t *incident, const struct locks *l)
{
	if (!l->known) {
		value_put_null(incident, "locks");
		value_put_string(incident, "locks_reason", value_reason(l->reason));
		return;
	}
	struct json_t *o = value_put_object(incident, "locks");
	value_put_count(o, "waits", l->waits);
	value_put_int(o, "longest_us", l->longest_us);
	value_put_known(o, "queue_peak", &l->queue_peak);
	value_put_list(o, "objects", l->objects, sizeof *l->objects, l->objects_n, put_lock_object);
	value_put_count(o, "not_kept", l->more);
	value_put_moment(o, "onset", &l->onset);
	numbers_put_evidence(o, "evidence", &l->evidence);
	value_put_null(incident, "locks_reason");
}

static void put_statement(struct json_t *o, const void *item)
{
	const struct slow_statement *s = item;
	value_put_string(o, "db.query.text", s->sql);
	value_put_count(o, "count", s->count);
	value_put_count(o, "before", s->before);
	value_put_int(o, "total_us", s->total_us);
	value_put_int(o, "max_us", s->max_us);
	numbers_put_evidence(o, "evidence", &s->evidence);
}

static void put_metric(struct json_t *o, const void *item)
{
	const struct metric_change *m = item;
	value_put_string(o, "name", m->name);
	value_put_string(o, "key", m->key);
	value_put_string(o, "unit", m->unit);
	value_put_string(o, "source", m->source);
	value_put_int(o, "before", m->before);
	value_put_int(o, "peak", m->peak);
	value_put_instant(o, "at", m->at_us);
	numbers_put_evidence(o, "evidence", &m->evidence);
}

void numbers_put(struct json_t *incident, const struct incident *in)
{
	put_locks(incident, &in->locks);
	value_put_list(incident, "statements", in->statements, sizeof *in->statements, in->statements_n, put_statement);
	value_put_string(incident, "statements_reason", in->statements_n ? NULL : value_reason(in->statements_reason));
	value_put_list(incident, "metrics", in->metrics, sizeof *in->metrics, in->metrics_n, put_metric);
	value_put_string(incident, "metrics_reason", in->metrics_n ? NULL : value_reason(in->metrics_reason));
}

static void put_finding(struct json_t *o, const void *item)
{
	const struct finding *f = item;
	value_put_string(o, "id", f->id);
	value_put_string(o, "kind", f->kind);
	value_put_string(o, "tier", tier_name(f->tier));
	value_put_string(o, "source", f->source);
	value_put_string(o, "text", f->text);
	value_put_known(o, "count", &f->count);
	value_put_known(o, "before", &f->before);
	value_put_moment(o, "at", &f->at);
	value_put_instant(o, "end", f->end_us);
	numbers_put_evidence(o, "evidence", &f->evidence);
}

void numbers_put_findings(struct json_t *object, const struct finding_list *list)
{
	value_put_list(object, "findings", list->items, sizeof *list->items, list->n, put_finding);
	value_put_count(object, "findings_more", list->more);
}
