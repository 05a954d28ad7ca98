#include "incident/silence.h"

#include "incident/finding.h"
#include "made.h"

static struct draft *told(struct made *m, int64_t from_s, int64_t to_s)
{
	struct draft *d = memory_new(1, sizeof *d);
	d->incidents = memory_new(1, sizeof *d->incidents);
	d->incidents_n = 1;
	d->incidents[0].onset = (struct moment){made_us(from_s, 0), made_us(from_s, 0), made_us(from_s, 1000), NULL};
	d->incidents[0].end = (struct moment){made_us(to_s, 0), made_us(to_s, 0), made_us(to_s, 1000), NULL};
	silence_find(made_fold(m), d);
	return d;
}

/* n records in each ten seconds of [from_s, to_s). */
static void records(struct part *p, int64_t from_s, int64_t to_s, uint32_t n)
{
	for (int64_t s = from_s; s < to_s; s += 10)
		made_second(p, "records", "", FACET_NONE, "", s, n, 0, 9000000);
	p->series[0].width_s = 10;
}

static struct part *source(struct made *m, const char *key, enum tier tier, int64_t to_s)
{
	return made_log(m, key, tier, tier == TIER_APP ? "app_json" : "nginx_access", 1000, 0, to_s);
}

int main(void)
{
	struct made m;
	made_init(&m);
	records(source(&m, "access.log", TIER_WEB, 7200), 0, 7200, 100);
	struct part *app = source(&m, "app.log", TIER_APP, 7200);
	records(app, 0, 3620, 50);
	records(app, 3680, 7200, 50);
	struct draft *d = told(&m, 3600, 3900);
	const struct finding *f = d->incidents[0].findings.n == 1 ? &d->incidents[0].findings.items[0] : NULL;
	/* The last record before is at 3,610 + 9 s, the first one after at 3,680: 61 s at five a second. The web server's steps from 3,610
	 * on that hold some of that time: eight. */
	TEXT_IS(f ? f->text : "",
		"app.log (application) logs nothing from 12:00:19 to 12:01:20 (1 min 1 s) where about 305 would be usual, while access.log logs 800 records. "
		"Unknown whether it was down, was not asked, or its log is lost.",
		"a source that is silent while others log");
	FACT(f && f->evidence.n == 2 && f->evidence.items[0].line == 3610050 && f->evidence.items[1].line == 3680001, "evidence: the last record before, the first after");
	draft_free(d);
	made_release(&m);

	made_init(&m);
	app = source(&m, "app.log", TIER_APP, 7200);
	records(app, 0, 3620, 50);
	records(app, 3680, 7200, 50);
	struct part *web = source(&m, "access.log", TIER_WEB, 7200);
	records(web, 0, 3600, 100);
	records(web, 3600, 3700, 10);
	records(web, 3700, 7200, 100);
	d = told(&m, 3600, 3900);
	FACT(!d->incidents[0].findings.n, "when the others log a tenth of what they did too, it is no silence of one");
	draft_free(d);
	made_release(&m);

	made_init(&m);
	records(source(&m, "access.log", TIER_WEB, 7200), 0, 7200, 100);
	app = source(&m, "app.log", TIER_APP, 7200);
	records(app, 0, 3620, 50);
	records(app, 3620, 3680, 2);
	records(app, 3680, 7200, 50);
	d = told(&m, 3600, 3900);
	f = d->incidents[0].findings.n == 1 ? &d->incidents[0].findings.items[0] : NULL;
	FACT(f && strstr(f->text, "logs only 12 records from 12:00:20 to 12:01:20 (1 min 0 s) where about 300"), "a twenty-fifth of its own rate is next to nothing");
	FACT(f && f->count.value == 12 && f->end_us == made_us(3680, 0), "counted");
	draft_free(d);
	made_release(&m);

	made_init(&m);
	records(source(&m, "access.log", TIER_WEB, 7200), 0, 7200, 100);
	records(source(&m, "app.log", TIER_APP, 3640), 0, 3640, 50);
	d = told(&m, 3600, 3900);
	f = d->incidents[0].findings.n == 1 ? &d->incidents[0].findings.items[0] : NULL;
	FACT(f && strstr(f->text, "app.log (application) ends at 12:00:40, in the incident") && strstr(f->text, "its log is cut off"), "a log that ends in the incident may be cut off");
	FACT(f && f->end_us == INSTANT_NONE, "it has no end");
	draft_free(d);
	made_release(&m);

	made_init(&m);
	records(source(&m, "access.log", TIER_WEB, 3900), 0, 3900, 100);
	records(source(&m, "app.log", TIER_APP, 3895), 0, 3890, 50);
	records(source(&m, "pg.log", TIER_DB, 7200), 0, 7200, 1);
	d = told(&m, 3600, 3900);
	FACT(!d->incidents[0].findings.n, "logs that end with the capture are not silent, and a log of one line in ten seconds is not missed soon");
	draft_free(d);
	made_release(&m);
	return unit_done();
}
