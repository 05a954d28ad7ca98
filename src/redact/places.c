#include "redact/places.h"

#include "tell/value.h"

struct rule {
	const char *around; /* NULL: anywhere */
	const char *key;
	const char *beside, *value; /* and the object has this member with this value; NULL: whatever it has */
	enum place place;
};

/* The first that fits counts. */
static const struct rule rules[] = {
	{"users", "name", NULL, NULL, PLACE_USER},
	{NULL, "user", NULL, NULL, PLACE_USER},
	{"items", "name", "dimension", "role", PLACE_USER},
	{"items", "name", "dimension", "host", PLACE_HOST},
	{"items", "name", "dimension", "application", PLACE_PROGRAM},
	{"series", "key", "name", "open_connections.role", PLACE_USER},
	{"series", "key", "name", "open_connections.host", PLACE_HOST},
	{"series", "key", "name", "open_connections.application", PLACE_PROGRAM},
	{NULL, "host", NULL, NULL, PLACE_HOST},
	{NULL, "application", NULL, NULL, PLACE_PROGRAM},
	{NULL, "service", NULL, NULL, PLACE_PROGRAM},
	{"upstreams", "address", "how", "client", PLACE_HOST},
	{"upstreams", "address", NULL, NULL, PLACE_SERVER},
	{"endpoints", "path", NULL, NULL, PLACE_TEXT},
	{NULL, "path", NULL, NULL, PLACE_PATH},
	{NULL, "paths", NULL, NULL, PLACE_PATH},
	{"sources", "key", NULL, NULL, PLACE_PATH},
	{NULL, "stream", NULL, NULL, PLACE_PATH},

	{NULL, "id", NULL, NULL, PLACE_KEPT},
	{NULL, "source", NULL, NULL, PLACE_KEPT},
	{NULL, "incident", NULL, NULL, PLACE_KEPT},
	{NULL, "burst", NULL, NULL, PLACE_KEPT},
	{"incidents", "bursts", NULL, NULL, PLACE_KEPT},
	{"upstreams", "called", NULL, NULL, PLACE_KEPT},
	{NULL, "against", "offset_us", NULL, PLACE_KEPT},
	{NULL, "twin_of", NULL, NULL, PLACE_KEPT},
	{NULL, "measured_at", NULL, NULL, PLACE_KEPT},
	{NULL, "reference_clock", NULL, NULL, PLACE_KEPT},
	{NULL, "fingerprint", NULL, NULL, PLACE_KEPT},
	{NULL, "fingerprints", NULL, NULL, PLACE_KEPT},
	{NULL, "patterns", NULL, NULL, PLACE_KEPT},
	{NULL, "schema", NULL, NULL, PLACE_KEPT},
	{NULL, "version", NULL, NULL, PLACE_KEPT},
	{NULL, "from_version", NULL, NULL, PLACE_KEPT},
	{NULL, "layout", NULL, NULL, PLACE_KEPT},
	{NULL, "format", NULL, NULL, PLACE_KEPT},
	{NULL, "signal", NULL, NULL, PLACE_KEPT},
	{NULL, "class", NULL, NULL, PLACE_KEPT},
	{NULL, "tier", NULL, NULL, PLACE_KEPT},
	{NULL, "kind", NULL, NULL, PLACE_KEPT},
	{NULL, "at", NULL, NULL, PLACE_KEPT},
	{NULL, "lower", NULL, NULL, PLACE_KEPT},
	{NULL, "upper", NULL, NULL, PLACE_KEPT},
	{NULL, "zone", NULL, NULL, PLACE_KEPT},
	{"redaction", "kinds", NULL, NULL, PLACE_KEPT},
	{"counts", "kind", NULL, NULL, PLACE_KEPT},
};

enum place place_of(const struct json_t *object, const char *around, const char *key)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		const struct rule *r = &rules[i];
		if (strcmp(r->key, key) || (r->around && strcmp(r->around, around)))
			continue;
		if (r->beside && !value_get(object, r->beside))
			continue;
		if (!r->value || span_equal(value_member_text(object, r->beside), span_of(r->value)))
			return r->place;
	}
	return PLACE_TEXT;
}
