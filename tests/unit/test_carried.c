#include "carry/carried.h"

#include "unit.h"

static const char *writer(struct text *t, const char *host, const char *container, const char *process, const char *unit)
{
	struct carried c;
	carried_init(&c, SPAN_NONE);
	c.host = span_of(host);
	c.container = span_of(container);
	c.process = span_of(process);
	c.unit = span_of(unit);
	c.pid = SPAN("77");
	text_clear(t);
	carrier_writer(&c, t);
	return t->at;
}

int main(void)
{
	struct text t = {0};
	char longest[512];
	TEXT_IS(writer(&t, "db1", NULL, "postgres", NULL), "db1/postgres", "a host and a process");
	TEXT_IS(writer(&t, "shop-7d9f", "app", NULL, NULL), "shop-7d9f/app", "a pod and a container");
	TEXT_IS(writer(&t, NULL, "web-1", NULL, NULL), "web-1", "a container");
	TEXT_IS(writer(&t, "vm", NULL, "shop", "shop.service"), "vm/shop", "a process before its unit");
	TEXT_IS(writer(&t, "vm", NULL, NULL, "shop.service"), "vm/shop.service", "a unit");
	TEXT_IS(writer(&t, "vm", "web", NULL, "docker.service"), "vm/web", "a container before the unit of Docker");
	TEXT_IS(writer(&t, "mac", NULL, "com.apple.xpc.launchd[1] (com.apple.quicklook[22292])", NULL), "mac/com.apple.xpc.launchd",
		"no process id");
	TEXT_IS(writer(&t, "a\x1b[1m\x7f", NULL, "b\n", NULL), "a?[1m?/b?", "no control characters");
	TEXT_IS(writer(&t, NULL, NULL, NULL, NULL), "", "nobody");

	memset(longest, 'h', sizeof longest);
	longest[sizeof longest - 1] = 0;
	writer(&t, longest, NULL, "p", NULL);
	FACT(t.len == CARRIER_WRITER_BYTES, "a long name is cut");
	memcpy(longest + CARRIER_WRITER_BYTES - 1, "\xC3\xA9", 2);
	writer(&t, longest, NULL, "p", NULL);
	FACT(t.len == CARRIER_WRITER_BYTES - 1 && t.at[t.len - 1] == 'h', "but not inside a character");

	for (int i = CARRIER_NONE + 1; i < CARRIER_COUNT; i++) {
		enum carrier found;
		FACT(carrier_of(span_of(carrier_name((enum carrier)i)), &found) && found == (enum carrier)i, "a carrier has its name");
	}
	struct carried c;
	carried_init(&c, SPAN("x"));
	text_clear(&t);
	carrier_chain(&c, &t);
	FACT(!t.len, "nobody carries it");
	carried_by(&c, CARRIER_ANSI, SPAN("x"));
	carrier_chain(&c, &t);
	TEXT_IS(t.at, "ansi", "only coloured");
	carried_by(&c, CARRIER_DOCKER, SPAN("x"));
	carried_by(&c, CARRIER_ANSI, SPAN("x"));
	carried_by(&c, CARRIER_SYSLOG, SPAN("x"));
	text_clear(&t);
	carrier_chain(&c, &t);
	TEXT_IS(t.at, "docker > syslog", "carriers but colours, outermost first");
	struct stamp zoned = {.time_us = 1, .zone = STAMP_EXPLICIT}, finer = {.time_us = 2, .zone = STAMP_EXPLICIT}, local = {.time_us = 3, .zone = STAMP_NONE};
	carried_at(&c, &local, SPAN("l"));
	FACT(c.has_stamp && c.stamp.time_us == 3, "the only time is the time");
	carried_at(&c, &zoned, SPAN("z"));
	carried_at(&c, &local, SPAN("l"));
	FACT(c.stamp.time_us == 1 && span_equal(c.stamp_text, SPAN("z")), "a time without a zone says less than one around it that has one");
	carried_at(&c, &finer, SPAN("f"));
	FACT(c.stamp.time_us == 2, "of two with a zone the inner one is nearer to the program");
	enum carrier none;
	FACT(!carrier_of(SPAN(""), &none) && !carrier_of(SPAN("tar"), &none), "no others");
	text_release(&t);
	return unit_done();
}
