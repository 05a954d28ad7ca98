#include "tell/numbers.h"

void numbers_put_evidence(struct json_t *object, const char *key, const struct evidence_list *list)
{
	struct json_t *array = value_put_array(object, key);
	for (size_t i = 0; i < list->n; i++) {
		const struct evidence *e = &list->items[i];
		struct json_t *o = value_add_object(array);
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
}

static void put_lock_objects(struct json_t *locks, const struct locks *l)
{
	struct json_t *objects = value_put_array(locks, "objects");
	for (size_t i = 0; i < l->objects_n; i++) {
		const struct lock_object *object = &l->objects[i];
		struct json_t *o = value_add_object(objects);
		value_put_string(o, "object", object->object);
		value_put_string(o, "mode", object->mode);
		value_put_count(o, "waits", object->waits);
		value_put_int(o, "longest_us", object->longest_us);
		struct json_t *holders = value_put_array(o, "holders");
		for (size_t k = 0; k < object->holders_n; k++) {
			const struct lock_holder *holder = &object->holders[k];
			struct json_t *h = value_add_object(holders);
			value_put_int(h, "pid", holder->pid);
			value_put_string(h, "user", holder->user);
			value_put_string(h, "database", holder->database);
			value_put_string(h, "application", holder->application);
			value_put_string(h, "host", holder->host);
			value_put_count(h, "waits", holder->waits);
		}
	}
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
	put_lock_objects(o, l);
	value_put_count(o, "not_kept", l->more);
	value_put_moment(o, "onset", &l->onset);
	numbers_put_evidence(o, "evidence", &l->evidence);
	value_put_null(incident, "locks_reason");
}

static void put_statements(struct json_t *incident, const struct incident *in)
{
	struct json_t *array = value_put_array(incident, "statements");
	for (size_t i = 0; i < in->statements_n; i++) {
		const struct slow_statement *s = &in->statements[i];
		struct json_t *o = value_add_object(array);
		value_put_string(o, "db.query.text", s->sql);
		value_put_count(o, "count", s->count);
		value_put_count(o, "before", s->before);
		value_put_int(o, "total_us", s->total_us);
		value_put_int(o, "max_us", s->max_us);
		numbers_put_evidence(o, "evidence", &s->evidence);
	}
	value_put_string(incident, "statements_reason", in->statements_n ? NULL : value_reason(in->statements_reason));
}

static void put_metrics(struct json_t *incident, const struct incident *in)
{
	struct json_t *array = value_put_array(incident, "metrics");
	for (size_t i = 0; i < in->metrics_n; i++) {
		const struct metric_change *m = &in->metrics[i];
		struct json_t *o = value_add_object(array);
		value_put_string(o, "name", m->name);
		value_put_string(o, "key", m->key);
		value_put_string(o, "unit", m->unit);
		value_put_string(o, "source", m->source);
		value_put_int(o, "before", m->before);
		value_put_int(o, "peak", m->peak);
		value_put_instant(o, "at", m->at_us);
		numbers_put_evidence(o, "evidence", &m->evidence);
	}
	value_put_string(incident, "metrics_reason", in->metrics_n ? NULL : value_reason(in->metrics_reason));
}

void numbers_put(struct json_t *incident, const struct incident *in)
{
	put_locks(incident, &in->locks);
	put_statements(incident, in);
	put_metrics(incident, in);
}

void numbers_put_findings(struct json_t *object, const struct finding_list *list)
{
	struct json_t *array = value_put_array(object, "findings");
	for (size_t i = 0; i < list->n; i++) {
		const struct finding *f = &list->items[i];
		struct json_t *o = value_add_object(array);
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
	value_put_count(object, "findings_more", list->more);
}
