#include "carry/carrierjson.h"

#include "line/jsonescape.h"
#include "carry/syslog.h"

bool carrierjson_string(struct carrier_value v, struct carrier_room *room, struct span *out)
{
	*out = SPAN_NONE;
	if (v.kind != CARRIER_STRING)
		return false;
	char *to = v.escaped ? carrier_room_take(room, v.text.len) : NULL;
	if (v.escaped && !to)
		return false;
	if (!to) {
		*out = v.text;
		return true;
	}
	size_t len = jsonescape_undo(v.text, to);
	carrier_room_give_back(room, v.text.len - len);
	*out = (struct span){to, len};
	return true;
}

bool carrierjson_docker(struct carried *c, const struct carrier_object *o, struct carrier_room *room,
			struct stamp_cache *cache)
{
	struct carrier_value stream = carrier_object_get(o, CARRIER_KEY_STREAM, CARRIER_STRING);
	struct carrier_value time = carrier_object_get(o, CARRIER_KEY_TIME, CARRIER_STRING);
	struct carrier_value log = carrier_object_get(o, CARRIER_KEY_LOG, CARRIER_STRING);
	struct stamp stamp;
	struct span text;
	if (log.kind == CARRIER_ABSENT || o->n != 3 + (size_t)o->has[CARRIER_KEY_ATTRS] ||
	    (!span_equal(stream.text, SPAN("stdout")) && !span_equal(stream.text, SPAN("stderr"))) ||
	    !stamp_parse(time.text, cache, &stamp) || stamp.zone != STAMP_EXPLICIT || !carrierjson_string(log, room, &text))
		return false;
	c->partial = !span_ends(text, SPAN("\n"));
	if (!c->partial)
		text.len -= span_ends(text, SPAN("\r\n")) ? 2 : 1;
	c->iostream = stream.text;
	carried_at(c, &stamp, time.text);
	carried_by(c, CARRIER_DOCKER, text);
	return true;
}

/* A field of the journal may have several values: an array of them; the last counts, as in what journalctl prints. */
static struct carrier_value one_of(const struct carrier_object *o, enum carrier_key key)
{
	struct carrier_value v = carrier_object_get(o, key, CARRIER_STRING), next;
	struct carrier_value array = carrier_object_get(o, key, CARRIER_ARRAY);
	size_t at = 0;
	while (array.kind == CARRIER_ARRAY && carrier_array_next(array.text, &at, &next))
		v = next;
	return v;
}

static struct span text_of(const struct carrier_object *o, enum carrier_key key, struct carrier_room *room)
{
	struct span text;
	carrierjson_string(one_of(o, key), room, &text);
	return text;
}

/* [72,101,108,108,111]: bytes. */
static bool bytes_of(struct span array, struct carrier_room *room, struct span *out)
{
	char *to = carrier_room_take(room, array.len);
	struct carrier_value v;
	size_t at = 0, len = 0;
	while (to && carrier_array_next(array, &at, &v)) {
		unsigned byte = 0;
		for (size_t i = 0; i < v.text.len; i++) {
			byte = byte * 10 + (unsigned)(unsigned char)(v.text.at[i] - '0');
			if (v.kind != CARRIER_LITERAL || !is_digit(v.text.at[i]) || byte > 255)
				return false;
		}
		to[len++] = (char)byte;
	}
	if (!to || array.at[at ? at : array.len - 1] != ']')
		return false;
	carrier_room_give_back(room, array.len - len);
	*out = (struct span){to, len};
	return true;
}

static bool message_of(const struct carrier_object *o, struct carrier_room *room, struct span *text)
{
	struct carrier_value v = carrier_object_get(o, CARRIER_KEY_JOURNAL_MESSAGE, CARRIER_ARRAY);
	*text = SPAN_NONE;
	if (v.kind == CARRIER_ARRAY) {
		struct carrier_value last = one_of(o, CARRIER_KEY_JOURNAL_MESSAGE);
		if (last.kind == CARRIER_STRING)
			return carrierjson_string(last, room, text);
		return bytes_of(last.kind == CARRIER_ARRAY ? last.text : v.text, room, text);
	}
	v = carrier_object_get(o, CARRIER_KEY_JOURNAL_MESSAGE, CARRIER_STRING);
	return v.kind == CARRIER_ABSENT || carrierjson_string(v, room, text);
}

/* Microseconds since 1970, as text. */
static bool time_of(const struct carrier_object *o, struct stamp *stamp, struct span *text)
{
	struct span source = one_of(o, CARRIER_KEY_SOURCE_REALTIME).text, real = one_of(o, CARRIER_KEY_REALTIME).text;
	return (stamp_parse(*text = source, NULL, stamp) && stamp->resolution_us == 1 && source.len > 14) ||
	       (stamp_parse(*text = real, NULL, stamp) && stamp->resolution_us == 1 && real.len > 14);
}

static char *put(char *to, struct span text)
{
	if (text.len) /* an empty text may be nowhere */
		memcpy(to, text.at, text.len);
	return to + text.len;
}

/* The text behind what a syslog server would print before it ("2026-11-22T11:52:43.803123Z host tag[pid]: "), for formats that read
 * that themselves. Empty when it is not known who wrote it. */
static struct span with_header(const struct carried *c, int64_t time_us, struct span text, struct carrier_room *room)
{
	char when[32];
	struct span stamp = span_of(instant_format(time_us, when)), host = c->host.len ? c->host : SPAN("localhost");
	size_t most = stamp.len + host.len + c->process.len + c->pid.len + text.len + sizeof "  []: ";
	char *at = c->process.len ? carrier_room_take(room, most) : NULL, *to = at;
	if (!at)
		return SPAN_NONE;
	to = put(put(to, stamp), SPAN(" "));
	to = put(put(to, host), SPAN(" "));
	to = put(to, c->process);
	if (c->pid.len)
		to = put(put(put(to, SPAN("[")), c->pid), SPAN("]"));
	to = put(put(to, SPAN(": ")), text);
	carrier_room_give_back(room, most - (size_t)(to - at));
	return (struct span){at, (size_t)(to - at)};
}

bool carrierjson_journal(struct carried *c, const struct carrier_object *o, struct carrier_room *room, struct extras *extras)
{
	struct stamp stamp;
	struct span when, text;
	int64_t level = -1, facility = -1;
	if (!(o->has[CARRIER_KEY_JOURNAL_MESSAGE] || o->has[CARRIER_KEY_CURSOR]) || !time_of(o, &stamp, &when) ||
	    !message_of(o, room, &text))
		return false;
	carried_say(&c->host, text_of(o, CARRIER_KEY_JOURNAL_HOST, room));
	struct span process = text_of(o, CARRIER_KEY_SYSLOG_IDENTIFIER, room);
	carried_say(&c->process, process.len ? process : text_of(o, CARRIER_KEY_COMM, room));
	carried_say(&c->unit, text_of(o, CARRIER_KEY_SYSTEMD_UNIT, room));
	carried_say(&c->container, text_of(o, CARRIER_KEY_JOURNAL_CONTAINER, room));
	struct span pid = text_of(o, CARRIER_KEY_PID, room);
	c->pid = pid.len ? pid : text_of(o, CARRIER_KEY_SYSLOG_PID, room);
	struct span priority = text_of(o, CARRIER_KEY_PRIORITY, room);
	if (span_to_int(priority, &level) && level >= 0 && level < 8) {
		c->severity = syslog_severity((int)level);
		c->severity_text = SPAN_NONE;
		if (span_to_int(text_of(o, CARRIER_KEY_SYSLOG_FACILITY, room), &facility) && facility >= 0 && facility < 24)
			c->priority = (int)(facility * 8 + level);
	}
	c->partial = span_equal(text_of(o, CARRIER_KEY_LINE_BREAK, room), SPAN("line-max")) ||
		     span_equal(text_of(o, CARRIER_KEY_CONTAINER_PARTIAL, room), SPAN("true"));
	if (c->unit.len)
		extras_add(extras, SPAN("systemd.unit"), c->unit);
	carried_at(c, &stamp, when);
	carried_by(c, CARRIER_JOURNAL, text);
	c->headed = with_header(c, stamp.time_us, text, room);
	return true;
}
