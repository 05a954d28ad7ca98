/* outlet: which stream of a file a writer's records of a tier are: names are never the same, and there is an end to them. */
#include "parse/outlet.h"

#include "base/limits.h"
#include "unit.h"

static bool is_named(const struct outlets *o, size_t i, const char *name)
{
	return i < o->n && span_equal(text_span(&o->all[i]->name), span_of(name));
}

int main(void)
{
	struct outlets o;
	outlets_init(&o);
	FACT(o.n == 1 && !o.all[0]->name.len, "stream 0 is there from the start, without a name");
	FACT(outlet_for(&o, SPAN(""), SPAN(""), TIER_WEB, true) == 0, "nobody's first tier is stream 0");
	size_t second = outlet_for(&o, SPAN(""), SPAN(""), TIER_APP, false);
	FACT(second == 1 && is_named(&o, second, "/app"), "nobody's second tier has a name");
	size_t web = outlet_for(&o, SPAN("web-1"), SPAN("docker > syslog"), TIER_WEB, true);
	FACT(is_named(&o, web, "web-1") && o.all[web]->tier == TIER_WEB, "a writer's first tier has its name");
	FACT(span_equal(text_span(&o.all[web]->carriers), SPAN("docker > syslog")), "and says what carries it");
	FACT(outlet_for(&o, SPAN("web-1"), SPAN("cri"), TIER_WEB, true) == web && span_equal(text_span(&o.all[web]->carriers), SPAN("docker > syslog")),
	     "another writer of that name and tier is the same stream, as it was first");
	size_t db = outlet_for(&o, SPAN("web-1"), SPAN(""), TIER_DB, false);
	FACT(db != web && is_named(&o, db, "web-1/db"), "its second tier has a stream of its own");
	FACT(outlet_for(&o, SPAN("web-1"), SPAN(""), TIER_DB, true) == db, "one who is called alike, of that tier: the same");
	size_t odd = outlet_for(&o, SPAN("web-1/db"), SPAN(""), TIER_APP, true);
	FACT(odd != db && is_named(&o, odd, "web-1/db/app"), "one who is called as a stream is named otherwise");
	bool unique = true;
	char name[32];
	for (int i = 0; i < 2 * LIMIT_STREAMS; i++) {
		snprintf(name, sizeof name, "w%d", i);
		size_t at = outlet_for(&o, span_of(name), SPAN(""), TIER_APP, true);
		unique &= at == 0 ? o.n == LIMIT_STREAMS + 1 : is_named(&o, at, name);
	}
	FACT(unique && o.n == LIMIT_STREAMS + 1, "when there are no more, records go to stream 0");
	FACT(outlet_for(&o, SPAN("web-1"), SPAN(""), TIER_WEB, true) == web, "who has one keeps it");
	outlets_release(&o);
	FACT(!o.n, "nothing is left");
	return unit_done();
}
