#include "carry/carrierexport.h"

/* What a shape finds; committed when it is whole. */
struct found {
	struct carrier_room *room;
	struct stamp_cache *cache;
	struct span text, host, process, container, pid, iostream, severity;
	struct span pod_namespace;
	struct span when;
	struct stamp stamp;
	bool has_stamp, partial;
};

#define GET(o, key, kind) carrier_object_get(o, CARRIER_KEY_##key, CARRIER_##kind)
#define TEXT(f, o, key) string_of(f, o, CARRIER_KEY_##key)

static struct span string_of(struct found *f, const struct carrier_object *o, enum carrier_key key)
{
	struct span text;
	carrierjson_string(carrier_object_get(o, key, CARRIER_STRING), f->room, &text);
	return text;
}

static inline struct span first_of(struct span a, struct span b)
{
	return a.len ? a : b;
}

/* The members of the object under a key; false when there is none. */
static bool inside(const struct carrier_object *o, enum carrier_key key, struct carrier_object *in)
{
	struct carrier_value v = carrier_object_get(o, key, CARRIER_OBJECT);
	return v.kind == CARRIER_OBJECT && carrier_object_scan(v.text, true, in);
}

/* The time under a key: text, or a number since 1970. */
static bool time_at(struct found *f, const struct carrier_object *o, enum carrier_key key)
{
	if (f->has_stamp || !o->has[key])
		return f->has_stamp;
	f->when = o->known[key].text;
	enum carrier_kind kind = o->known[key].kind;
	f->has_stamp = (kind == CARRIER_STRING || kind == CARRIER_LITERAL) && stamp_parse(f->when, f->cache, &f->stamp);
	return f->has_stamp;
}

/* The program's line: a string, without the line's end that some leave in it. */
static bool text_at(struct found *f, const struct carrier_object *o, enum carrier_key key)
{
	if (!carrierjson_string(carrier_object_get(o, key, CARRIER_STRING), f->room, &f->text))
		return false;
	if (span_ends(f->text, SPAN("\n")))
		f->text.len--;
	if (span_ends(f->text, SPAN("\r")))
		f->text.len--;
	return true;
}

/* "stdout" and "stderr" only. */
static void stream_at(struct found *f, const struct carrier_object *o, enum carrier_key key)
{
	struct span stream = carrier_object_get(o, key, CARRIER_STRING).text;
	if (span_equal(stream, SPAN("stdout")) || span_equal(stream, SPAN("stderr")))
		f->iostream = stream;
}

/* Fluentd's and Fluent Bit's "kubernetes", Vector's, Filebeat's (nested: pod.name, container.name): whose line it is. */
static bool kubernetes(struct found *f, const struct carrier_object *o)
{
	struct carrier_object k, in;
	if (!inside(o, CARRIER_KEY_KUBERNETES, &k))
		return false;
	struct span pod = TEXT(f, &k, POD_NAME), container = TEXT(f, &k, CONTAINER_NAME);
	if (!pod.len && inside(&k, CARRIER_KEY_POD, &in))
		pod = TEXT(f, &in, NAME);
	if (!container.len && inside(&k, CARRIER_KEY_CONTAINER, &in))
		container = TEXT(f, &in, NAME);
	f->host = first_of(pod, f->host);
	f->container = first_of(container, f->container);
	f->pod_namespace = first_of(TEXT(f, &k, NAMESPACE_NAME), TEXT(f, &k, NAMESPACE));
	return pod.len || container.len;
}

static bool google(struct found *f, const struct carrier_object *o)
{
	struct carrier_object in, labels;
	if (!(o->has[CARRIER_KEY_INSERT_ID] || o->has[CARRIER_KEY_LOGNAME]) ||
	    !(time_at(f, o, CARRIER_KEY_TIMESTAMP) || time_at(f, o, CARRIER_KEY_RECEIVE_TIMESTAMP)))
		return false;
	if (!text_at(f, o, CARRIER_KEY_TEXT_PAYLOAD)) {
		if (!inside(o, CARRIER_KEY_JSON_PAYLOAD, &in))
			return false;
		if (!text_at(f, &in, CARRIER_KEY_MESSAGE))
			f->text = GET(o, JSON_PAYLOAD, OBJECT).text;
	}
	f->severity = TEXT(f, o, SEVERITY);
	struct span name = TEXT(f, o, LOGNAME);
	if (span_ends(name, SPAN("/stdout")) || span_ends(name, SPAN("/stderr")))
		f->iostream = span_from(name, name.len - 6);
	if (inside(o, CARRIER_KEY_RESOURCE, &in) && inside(&in, CARRIER_KEY_LABELS, &labels)) {
		f->container = TEXT(f, &labels, CONTAINER_NAME);
		f->pod_namespace = TEXT(f, &labels, NAMESPACE_NAME);
		f->host = first_of(TEXT(f, &labels, POD_NAME), TEXT(f, &labels, DATABASE_ID));
		f->host = first_of(f->host, first_of(TEXT(f, &labels, INSTANCE_ID), TEXT(f, &labels, SERVICE_NAME)));
	}
	return true;
}

static bool cloudwatch(struct found *f, const struct carrier_object *o)
{
	struct carrier_object in;
	if (o->has[CARRIER_KEY_AT_MESSAGE]) { /* Insights: the time has no zone printed, and is UTC */
		if (!(o->has[CARRIER_KEY_AT_PTR] || o->has[CARRIER_KEY_AT_LOG_STREAM]) ||
		    !text_at(f, o, CARRIER_KEY_AT_MESSAGE) || !time_at(f, o, CARRIER_KEY_AT_TIMESTAMP))
			return false;
		f->stamp.zone = STAMP_EXPLICIT;
		f->container = TEXT(f, o, AT_LOG_STREAM);
		return true;
	}
	if (o->has[CARRIER_KEY_LOG_EVENTS]) {
		struct carrier_value events = GET(o, LOG_EVENTS, ARRAY), first, second;
		size_t at = 0;
		bool one = events.kind == CARRIER_ARRAY && o->has[CARRIER_KEY_LOG_STREAM] &&
			   carrier_array_next(events.text, &at, &first) && first.kind == CARRIER_OBJECT &&
			   !carrier_array_next(events.text, &at, &second) && carrier_object_scan(first.text, true, &in);
		if (!one || !time_at(f, &in, CARRIER_KEY_TIMESTAMP) || !text_at(f, &in, CARRIER_KEY_MESSAGE))
			return false;
		f->container = TEXT(f, o, LOG_STREAM);
		return true;
	}
	bool event = o->has[CARRIER_KEY_INGESTION_TIME] || o->has[CARRIER_KEY_LOG_STREAM_NAME] ||
		     (o->has[CARRIER_KEY_LOG_GROUP] && o->has[CARRIER_KEY_LOG_STREAM]);
	if (!event || GET(o, TIMESTAMP, LITERAL).kind == CARRIER_ABSENT || !time_at(f, o, CARRIER_KEY_TIMESTAMP) ||
	    !text_at(f, o, CARRIER_KEY_MESSAGE))
		return false;
	f->container = first_of(TEXT(f, o, LOG_STREAM_NAME), TEXT(f, o, LOG_STREAM));
	return true;
}

static bool fluent(struct found *f, const struct carrier_object *o)
{
	struct span flag = first_of(GET(o, P, STRING).text, GET(o, LOGTAG, STRING).text);
	bool tagged = flag.len && (flag.at[0] == 'F' || flag.at[0] == 'P') && (flag.len == 1 || flag.at[1] == ':');
	bool driver = o->has[CARRIER_KEY_CONTAINER_ID] && o->has[CARRIER_KEY_CONTAINER_NAME] && o->has[CARRIER_KEY_LOG];
	if (!(tagged || driver || o->has[CARRIER_KEY_KUBERNETES]) ||
	    !(text_at(f, o, CARRIER_KEY_LOG) || text_at(f, o, CARRIER_KEY_MESSAGE)))
		return false;
	f->container = TEXT(f, o, CONTAINER_NAME);
	if (f->container.len && f->container.at[0] == '/') /* as Docker's API says it */
		f->container = span_from(f->container, 1);
	if (!kubernetes(f, o) && !tagged && !driver)
		return false;
	f->partial = tagged && flag.at[0] == 'P';
	stream_at(f, o, CARRIER_KEY_STREAM);
	stream_at(f, o, CARRIER_KEY_SOURCE);
	/* The time that the runtime printed before the one at which the shipper read it. */
	time_at(f, o, CARRIER_KEY_TIME);
	time_at(f, o, CARRIER_KEY_AT_TIMESTAMP);
	time_at(f, o, CARRIER_KEY_TIMESTAMP);
	time_at(f, o, CARRIER_KEY_DATE);
	return true;
}

/* "agent": {"type": "filebeat", "ephemeral_id": ...}, "beat" before version 7. */
static bool is_beat(const struct carrier_object *o)
{
	struct carrier_object in, file;
	if (inside(o, CARRIER_KEY_AGENT, &in) &&
	    (in.has[CARRIER_KEY_EPHEMERAL_ID] || span_ends(GET(&in, TYPE, STRING).text, SPAN("beat"))))
		return true;
	if (inside(o, CARRIER_KEY_LOG, &in) &&
	    (in.has[CARRIER_KEY_OFFSET] || (inside(&in, CARRIER_KEY_FILE, &file) && file.has[CARRIER_KEY_PATH])))
		return true;
	return o->has[CARRIER_KEY_LOG_OFFSET] || o->has[CARRIER_KEY_LOG_FILE_PATH] || o->has[CARRIER_KEY_AGENT_TYPE] ||
	       o->has[CARRIER_KEY_INPUT_TYPE] || GET(o, BEAT, OBJECT).kind == CARRIER_OBJECT ||
	       (inside(o, CARRIER_KEY_INPUT, &in) && in.n == 1 && in.has[CARRIER_KEY_TYPE]);
}

static bool beats(struct found *f, const struct carrier_object *o)
{
	struct carrier_object in;
	if (!o->has[CARRIER_KEY_AT_TIMESTAMP] || !o->has[CARRIER_KEY_MESSAGE] || !is_beat(o) ||
	    !time_at(f, o, CARRIER_KEY_AT_TIMESTAMP) || !text_at(f, o, CARRIER_KEY_MESSAGE))
		return false;
	f->host = first_of(TEXT(f, o, HOST_NAME), TEXT(f, o, HOST));
	if (inside(o, CARRIER_KEY_HOST, &in))
		f->host = first_of(TEXT(f, &in, NAME), TEXT(f, &in, HOSTNAME));
	f->container = first_of(TEXT(f, o, DOTTED_CONTAINER_NAME), TEXT(f, o, DOTTED_CONTAINER));
	if (inside(o, CARRIER_KEY_CONTAINER, &in))
		f->container = first_of(TEXT(f, &in, NAME), TEXT(f, &in, ID));
	kubernetes(f, o);
	f->host = first_of(TEXT(f, o, DOTTED_POD_NAME), f->host);
	if (inside(o, CARRIER_KEY_PROCESS, &in))
		f->process = TEXT(f, &in, NAME);
	stream_at(f, o, CARRIER_KEY_STREAM);
	return true;
}

static bool vector(struct found *f, const struct carrier_object *o)
{
	if (GET(o, SOURCE_TYPE, STRING).kind == CARRIER_ABSENT || !text_at(f, o, CARRIER_KEY_MESSAGE) ||
	    !time_at(f, o, CARRIER_KEY_TIMESTAMP))
		return false;
	f->host = first_of(TEXT(f, o, HOSTNAME), TEXT(f, o, HOST));
	f->container = TEXT(f, o, CONTAINER_NAME);
	f->process = TEXT(f, o, APPNAME);
	f->pid = o->has[CARRIER_KEY_PROCID] ? o->known[CARRIER_KEY_PROCID].text : SPAN_NONE;
	f->severity = TEXT(f, o, SEVERITY);
	kubernetes(f, o);
	stream_at(f, o, CARRIER_KEY_STREAM);
	return true;
}

static bool loki(struct found *f, const struct carrier_object *o)
{
	struct carrier_object labels;
	bool grafana = o->n == 4 && o->has[CARRIER_KEY_FIELDS] && o->has[CARRIER_KEY_DATE];
	if (!o->has[CARRIER_KEY_LINE] || !(grafana || o->n == 3) ||
	    !inside(o, grafana ? CARRIER_KEY_FIELDS : CARRIER_KEY_LABELS, &labels) || !time_at(f, o, CARRIER_KEY_TIMESTAMP) || !text_at(f, o, CARRIER_KEY_LINE))
		return false;
	f->host = first_of(TEXT(f, &labels, POD), TEXT(f, &labels, HOST));
	f->host = first_of(f->host, first_of(TEXT(f, &labels, HOSTNAME), TEXT(f, &labels, INSTANCE)));
	f->container = first_of(TEXT(f, &labels, CONTAINER),
				first_of(TEXT(f, &labels, CONTAINER_NAME), TEXT(f, &labels, COMPOSE_SERVICE)));
	f->process = first_of(TEXT(f, &labels, APP), first_of(TEXT(f, &labels, SERVICE_NAME), TEXT(f, &labels, JOB)));
	f->pod_namespace = TEXT(f, &labels, NAMESPACE);
	stream_at(f, &labels, CARRIER_KEY_STREAM);
	return true;
}

/* What an event of Datadog holds, at whatever depth. */
static bool datadog_event(struct found *f, const struct carrier_object *o)
{
	if (!text_at(f, o, CARRIER_KEY_MESSAGE))
		return false;
	f->host = first_of(TEXT(f, o, HOST), TEXT(f, o, HOSTNAME));
	f->process = TEXT(f, o, SERVICE);
	f->severity = TEXT(f, o, STATUS);
	return true;
}

static bool datadog(struct found *f, const struct carrier_object *o)
{
	struct carrier_object in;
	if (o->has[CARRIER_KEY_DDSOURCE] && o->has[CARRIER_KEY_DDTAGS])
		return (time_at(f, o, CARRIER_KEY_TIMESTAMP) || time_at(f, o, CARRIER_KEY_DATE) || true) && datadog_event(f, o);
	if (o->has[CARRIER_KEY_UNDERSCORE_ID] && o->has[CARRIER_KEY_STATUS] &&
	    (GET(o, ATTRIBUTES, OBJECT).kind == CARRIER_OBJECT || GET(o, TAGS, ARRAY).kind == CARRIER_ARRAY))
		return time_at(f, o, CARRIER_KEY_DATE) && datadog_event(f, o);
	if (o->n > 4 || !o->has[CARRIER_KEY_ID] || !inside(o, CARRIER_KEY_ATTRIBUTES, &in) || !in.has[CARRIER_KEY_STATUS] ||
	    GET(&in, TAGS, ARRAY).kind != CARRIER_ARRAY)
		return false;
	return time_at(f, &in, CARRIER_KEY_TIMESTAMP) && datadog_event(f, &in);
}

static bool azure(struct found *f, const struct carrier_object *o)
{
	bool second = o->has[CARRIER_KEY_LOG_MESSAGE] && o->has[CARRIER_KEY_AZURE_POD] &&
		      o->has[CARRIER_KEY_AZURE_CONTAINER];
	if (!second && !(o->has[CARRIER_KEY_LOG_ENTRY] && o->has[CARRIER_KEY_LOG_ENTRY_SOURCE]))
		return false;
	if (!text_at(f, o, second ? CARRIER_KEY_LOG_MESSAGE : CARRIER_KEY_LOG_ENTRY))
		return false;
	stream_at(f, o, second ? CARRIER_KEY_LOG_SOURCE : CARRIER_KEY_LOG_ENTRY_SOURCE);
	f->host = TEXT(f, o, AZURE_POD);
	f->container = TEXT(f, o, AZURE_CONTAINER);
	time_at(f, o, CARRIER_KEY_TIME_GENERATED);
	return true;
}

static bool splunk(struct found *f, const struct carrier_object *o)
{
	struct carrier_object in;
	if (!inside(o, CARRIER_KEY_RESULT, &in) || !text_at(f, &in, CARRIER_KEY_RAW))
		return false;
	f->host = TEXT(f, &in, HOST);
	f->container = TEXT(f, &in, SOURCE);
	time_at(f, &in, CARRIER_KEY_SPLUNK_TIME);
	return true;
}

static bool stern(struct found *f, const struct carrier_object *o)
{
	if (!o->has[CARRIER_KEY_NODE_NAME] || !o->has[CARRIER_KEY_POD_NAME_2] || !o->has[CARRIER_KEY_CONTAINER_NAME_2] ||
	    !text_at(f, o, CARRIER_KEY_MESSAGE))
		return false;
	f->host = TEXT(f, o, POD_NAME_2);
	f->container = TEXT(f, o, CONTAINER_NAME_2);
	f->pod_namespace = TEXT(f, o, NAMESPACE);
	return true;
}

static bool hit(struct found *f, const struct carrier_object *o)
{
	struct carrier_value source = GET(o, UNDERSCORE_SOURCE, OBJECT);
	f->text = source.text;
	return o->has[CARRIER_KEY_INDEX] && source.kind == CARRIER_OBJECT;
}

bool carrierexport_unwrap(struct carried *c, const struct carrier_object *o, struct carrier_room *room,
			  struct stamp_cache *cache, struct extras *extras)
{
	static bool (*const shapes[])(struct found *, const struct carrier_object *) = {
		google, cloudwatch, fluent, beats, vector, loki, datadog, azure, splunk, stern, hit};
	size_t used = carrier_room_used(room);
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		struct found f = {.room = room, .cache = cache};
		if (!shapes[i](&f, o)) {
			carrier_room_rewind(room, used);
			continue;
		}
		carried_say(&c->host, f.host);
		carried_say(&c->process, f.process);
		carried_say(&c->container, f.container);
		carried_say(&c->iostream, f.iostream);
		carried_say(&c->pid, f.pid);
		if (f.severity.len) {
			c->severity_text = f.severity;
			c->severity = severity_of(f.severity);
		}
		if (f.has_stamp)
			carried_at(c, &f.stamp, f.when);
		if (f.pod_namespace.len)
			extras_add(extras, SPAN("k8s.namespace.name"), f.pod_namespace);
		c->partial = f.partial;
		carried_by(c, CARRIER_EXPORT, f.text);
		return true;
	}
	return false;
}
