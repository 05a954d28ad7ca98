#include "fold/header.h"

#include "made.h"
#include "parse/format.h"
#include "tally/headed.h"

/* What a header prints less the line's own time, and what that says. */
struct apart {
	const char *fact;
	int64_t apart_us[3];
	uint64_t agree;
	int64_t zone_us, late_us;
};

static const struct apart aparts[] = {
	{"UTC, a second cut off", {-900000, -100000, 0}, 3, 0, 0},
	{"+05:30, up to 3 s late", {330 * MINUTE_US, 330 * MINUTE_US + 3 * SECOND_US, 330 * MINUTE_US - 500000}, 3, 330 * MINUTE_US, 3 * SECOND_US},
	{"-08:00", {-480 * MINUTE_US - 400000, -480 * MINUTE_US, -480 * MINUTE_US + 100}, 3, -480 * MINUTE_US, 100},
	{"a line that waited three minutes tells nothing", {HOUR_US, HOUR_US + 3 * MINUTE_US, HOUR_US}, 2, HOUR_US, 0},
	{"nor does a clock that is 5 s behind", {HOUR_US - 5 * SECOND_US, HOUR_US, HOUR_US}, 2, HOUR_US, 0},
	{"summer time ends", {2 * HOUR_US, HOUR_US, HOUR_US}, 1, 2 * HOUR_US, 0},
};

static void of_lines(void)
{
	for (size_t i = 0; i < sizeof aparts / sizeof *aparts; i++) {
		struct headed h = {0};
		for (size_t k = 0; k < 3; k++)
			headed_note(&h, aparts[i].apart_us[k]);
		FACT(h.n == 3 && h.agree == aparts[i].agree && h.zone_us == aparts[i].zone_us && h.late_us == aparts[i].late_us, aparts[i].fact);
	}
}

/* Streams of one syslog file, or of two. */
struct stream {
	const char *name;
	bool zoned;
	struct headed headed;
	unsigned file;
};
struct syslog {
	const char *fact;
	struct stream streams[3];
	bool known; /* of the first one */
	int64_t zone_us;
};

#define INDIA (330 * MINUTE_US)
static const struct syslog syslogs[] = {
	{"the application beside it tells", {{"db1/pgbouncer", false, {0}, 1}, {"db1/shop", true, {100, 100, INDIA, 0}, 1}}, true, INDIA},
	{"one line in ten may be odd", {{"db1/pgbouncer", false, {0}, 1}, {"db1/shop", true, {100, 90, INDIA, 0}, 1}}, true, INDIA},
	{"more may not", {{"db1/pgbouncer", false, {0}, 1}, {"db1/shop", true, {100, 89, INDIA, 0}, 1}}, false, 0},
	{"four lines are too few", {{"db1/pgbouncer", false, {0}, 1}, {"db1/shop", true, {4, 4, INDIA, 0}, 1}}, false, 0},
	{"another host has its own time", {{"db1/pgbouncer", false, {0}, 1}, {"web1/shop", true, {100, 100, INDIA, 0}, 1}}, false, 0},
	{"so has another file", {{"db1/pgbouncer", false, {0}, 1}, {"db1/shop", true, {100, 100, INDIA, 0}, 2}}, false, 0},
	{"two that deny each other",
	 {{"db1/pgbouncer", false, {0}, 1}, {"db1/shop", true, {100, 100, INDIA, 0}, 1}, {"db1/cart", true, {100, 100, HOUR_US, 0}, 1}}, false, 0},
	{"two that agree",
	 {{"db1/pgbouncer", false, {0}, 1}, {"db1/shop", true, {3, 3, INDIA, 0}, 1}, {"db1/cart", true, {3, 3, INDIA, 0}, 1}}, true, INDIA},
	{"+12:00 of yesterday", {{"db1/pgbouncer", false, {0}, 1}, {"db1/shop", true, {100, 100, -12 * HOUR_US, 0}, 1}}, true, 12 * HOUR_US},
	{"+13:00 or -11:00", {{"db1/pgbouncer", false, {0}, 1}, {"db1/shop", true, {100, 100, -11 * HOUR_US, 0}, 1}}, false, 0},
	{"nothing tells", {{"db1/pgbouncer", false, {0}, 1}, {"db1/shop", true, {0}, 1}}, false, 0},
};

static void set(char **text, const char *to)
{
	memory_free(*text);
	*text = made_string(to);
}

static void of_streams(void)
{
	for (size_t i = 0; i < sizeof syslogs / sizeof *syslogs; i++) {
		const struct syslog *t = &syslogs[i];
		struct made m;
		made_init(&m);
		for (size_t k = 0; k < 3 && t->streams[k].name; k++) {
			const struct stream *s = &t->streams[k];
			struct part *p = made_log(&m, s->name, s->zoned ? TIER_APP : TIER_POOL, s->zoned ? "app_json" : "pgbouncer_syslog",
						  s->zoned ? 1000 : SECOND_US, 0, 3600);
			p->bytes = 5000 + s->file;
			p->crc = s->file;
			set(&p->stream, s->name);
			set(&p->carriers, "syslog");
			p->headed = s->headed;
			if (!s->zoned) {
				p->zone = STAMP_NONE;
				set(&p->zone_text, "");
			}
		}
		made_fold(&m);
		for (size_t k = 0; k < m.fold->n; k++) {
			const struct fold_source *s = &m.fold->sources[k];
			struct header h;
			if (strcmp(s->key, t->streams[0].name))
				continue;
			FACT(header_beside(m.fold->sources, m.fold->n, m.fold->tally, k, &h) == t->known && (!t->known || h.zone_us == t->zone_us),
			     t->fact);
			FACT(s->zone_estimated == t->known && (!t->known || s->assumed_us == t->zone_us), t->fact);
			FACT(!t->known || (!strcmp(s->clock.method, "two stamps") && s->clock.n == h.n), t->fact);
		}
		made_release(&m);
	}
}

/* A tally keeps it. */
static void kept(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "a.log", TIER_APP, "app_json", 1000, 0, 60);
	set(&p->stream, "db1/shop");
	set(&p->carriers, "syslog");
	p->exemplars_width_s = p->messages_width_s = p->gauges_width_s = p->statements_width_s = 60;
	p->headed = (struct headed){7, 6, -480 * MINUTE_US, 1234567};
	p->head.message = made_string("");
	p->head.text = made_string("");
	p->tail.message = made_string("");
	p->tail.text = made_string("");
	struct text bytes = {0};
	struct diag d = {0};
	part_encode(p, &bytes);
	struct part *read = part_decode(text_span(&bytes), &d);
	if (!read)
		printf("  %s\n", d.what);
	FACT(read && read->headed.n == 7 && read->headed.agree == 6 && read->headed.zone_us == -480 * MINUTE_US && read->headed.late_us == 1234567,
	     "what the lines told goes through a tally");
	part_free(read);
	text_release(&bytes);
	made_release(&m);
}

int main(void)
{
	of_lines();
	of_streams();
	kept();
	return unit_done();
}
