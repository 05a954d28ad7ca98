#include "base/memory.h"
#include "tally/part.h"
#include "tally/unzoned.h"

#include "unit.h"

struct stamp_of {
	int64_t civil_s; /* as printed */
	const char *zone; /* as printed; NULL: an epoch, "": none, "IST": ambiguous */
};

static struct record record_of(const struct stamp_of *s, uint64_t line)
{
	struct record r;
	memset(&r, 0, sizeof r);
	record_clear(&r);
	r.zone_text = s->zone ? span_of(s->zone) : SPAN_NONE;
	bool none = s->zone && (!*s->zone || !strcmp(s->zone, "IST"));
	r.zone = none ? STAMP_NONE : STAMP_EXPLICIT;
	r.time_us = s->civil_s * SECOND_US;
	if (s->zone && *s->zone == '+') /* "+0200" */
		r.time_us -= (s->zone[2] - '0') * HOUR_US;
	r.resolution_us = SECOND_US;
	r.line = line;
	r.offset = line * 100;
	return r;
}

struct zoned_case {
	const char *fact;
	struct stamp_of stamps[4];
	size_t n;
	enum stamp_zone zone;
	uint64_t mixed;
	int64_t first_s, last_s;
};

#define AT INT64_C(1795346000)

static void parts(void)
{
	static const struct zoned_case cases[] = {
		{"what prints no zone keeps the time that the same writer prints, also before it",
		 {{AT, ""}, {AT + 5, "+0200"}, {AT + 9, ""}}, 3, STAMP_EXPLICIT, 2, AT - 7200, AT - 7200 + 9},
		{"the offset printed last counts", {{AT, "+0200"}, {AT + 1, ""}, {AT + 10, "+0100"}, {AT + 20, ""}}, 4, STAMP_EXPLICIT, 2,
		 AT - 7200, AT - 3600 + 20},
		{"Z is no writer's own time", {{AT, "Z"}, {AT + 5, ""}}, 2, STAMP_NONE, 1, AT, AT + 5},
		{"nor is an epoch", {{AT, NULL}, {AT + 5, ""}}, 2, STAMP_NONE, 1, AT, AT + 5},
		{"an ambiguous abbreviation stays one", {{AT, "+0200"}, {AT + 5, "IST"}}, 2, STAMP_NONE, 1, AT - 7200, AT + 5},
		{"a log that never prints a zone has none", {{AT, ""}, {AT + 5, ""}}, 2, STAMP_NONE, 0, AT, AT + 5},
		{"one that always does has one", {{AT, "+0200"}, {AT + 5, "+0200"}}, 2, STAMP_EXPLICIT, 0, AT - 7200, AT - 7200 + 5},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct zoned_case *c = &cases[i];
		struct part_builder *b = part_builder_new(NULL);
		for (size_t k = 0; k < c->n; k++) {
			struct record r = record_of(&c->stamps[k], k + 1);
			part_builder_add(b, TIER_WEB, &r, NULL, 0);
		}
		struct part *p = part_builder_finish(b);
		if (!FACT(p->zone == c->zone && p->zone_mixed == c->mixed && p->first_us == c->first_s * SECOND_US &&
				  p->last_us == c->last_s * SECOND_US,
			  c->fact))
			printf("  zone %d, %llu without, %lld to %lld\n", (int)p->zone, (unsigned long long)p->zone_mixed,
			       (long long)(p->first_us / SECOND_US - AT), (long long)(p->last_us / SECOND_US - AT));
		part_free(p);
	}
}

int main(void)
{
	struct unzoned u = {.len = 0};
	struct stamp_of none = {AT, ""}, offset = {AT, "+0530"};
	struct record r = record_of(&none, 1);
	FACT(!unzoned_is(&u, &r), "nothing is known before an offset was printed");
	struct record printed = record_of(&offset, 2);
	unzoned_note(&u, &printed);
	FACT(unzoned_is(&u, &r) && u.offset_us == 5 * HOUR_US + 30 * MINUTE_US, "then the others' offset is");
	parts();
	return unit_done();
}
