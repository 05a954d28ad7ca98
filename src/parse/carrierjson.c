#include "parse/carrierjson.h"

#include "parse/carrierobject.h"
#include "parse/jsonescape.h"

/* The string without its escapes, in the room when there are any; false when the room is used up. */
static bool unescaped(const struct carrier_value *v, struct carrier_room *room, struct span *out)
{
	*out = v->text;
	if (!v->escaped)
		return true;
	char *to = carrier_room_take(room, v->text.len);
	if (!to)
		return false;
	size_t len = jsonescape_undo(v->text, to);
	carrier_room_give_back(room, v->text.len - len);
	*out = (struct span){to, len};
	return true;
}

static bool docker(struct carried *c, const struct carrier_object *o, struct carrier_room *room, struct stamp_cache *cache)
{
	struct carrier_value log = {0}, stream = {0}, time = {0};
	for (size_t i = 0; i < o->n; i++) {
		const struct carrier_value *v = &o->value[i];
		if (span_equal(o->key[i], SPAN("log")))
			log = *v;
		else if (span_equal(o->key[i], SPAN("stream")))
			stream = *v;
		else if (span_equal(o->key[i], SPAN("time")))
			time = *v;
		else if (!span_equal(o->key[i], SPAN("attrs")) && !span_starts(o->key[i], SPAN("partial")))
			return false;
	}
	if (log.kind != CARRIER_STRING || stream.kind != CARRIER_STRING || time.kind != CARRIER_STRING || o->more ||
	    (!span_equal(stream.text, SPAN("stdout")) && !span_equal(stream.text, SPAN("stderr"))))
		return false;
	struct stamp stamp;
	struct span text;
	if (!stamp_parse(time.text, cache, &stamp) || stamp.zone != STAMP_EXPLICIT || !unescaped(&log, room, &text))
		return false;
	c->partial = !span_ends(text, SPAN("\n"));
	if (!c->partial)
		text.len -= span_ends(text, SPAN("\r\n")) ? 2 : 1;
	c->iostream = stream.text;
	c->has_stamp = true;
	c->stamp = stamp;
	c->stamp_text = time.text;
	carried_by(c, CARRIER_DOCKER, text);
	return true;
}

bool carrierjson_unwrap(struct carried *c, struct carrier_room *room, struct stamp_cache *cache, struct extras *extras)
{
	struct carrier_object o;
	(void)extras;
	if (!carrier_object_scan(c->text, &o))
		return false;
	return docker(c, &o, room, cache);
}
