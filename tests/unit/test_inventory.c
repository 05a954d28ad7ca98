#include "incident/inventory.h"

#include "made.h"

static void one_stream(void)
{
	struct made m;
	made_init(&m);
	struct part *two = made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 100, 199);
	struct part *one = made_log(&m, "access.log", TIER_WEB, "nginx_access", SECOND_US, 0, 99);
	memory_free(m.tally.entries[0].locations[0].path);
	m.tally.entries[0].locations[0].path = made_string("access.log.gz");
	m.tally.entries[0].locations[0].damage = (struct damage_report){DAMAGE_CORRUPT, 77, 150 * 1000 * 100, 0};
	for (int64_t s = 100; s < 200; s++)
		made_second(two, "records", "", FACET_NONE, "", s, 1, 0, 0);
	one->counts = (struct ledger_counts){.lines = 100, .records = 98, .joined = 1, .unparsed = 1, .cut = 2};
	two->counts = (struct ledger_counts){.lines = 50, .records = 50};
	one->detect_taken = 90;
	one->implausible = 3;
	one->samples = memory_new(1, sizeof *one->samples);
	one->samples_n = 1;
	one->samples[0] = (struct ledger_sample){5, 400, 20, made_string("???")};
	struct fold *f = made_fold(&m);
	struct draft *d = memory_new(1, sizeof *d);
	inventory_fill(f, d);
	FACT(d->sources_n == 1 && d->sources[0].paths_n == 2 && !strcmp(d->sources[0].paths[0], "access.log") &&
		     !strcmp(d->sources[0].paths[1], "access.log.gz"),
	     "two files of one stream are one source, its paths sorted");
	const struct source *s = &d->sources[0];
	FACT(s->lines == 150 && s->records == 148 && s->joined == 1 && s->unparsed == 1 && s->cut == 2 && s->implausible == 3,
	     "counts are added");
	FACT(s->certainty_ppm == 950000, "190 of 200 lines looked at parsed");
	FACT(s->samples_n == 1 && !strcmp(s->samples[0].path, "access.log") && s->samples[0].line == 5, "samples say where they stand");
	FACT(s->first_us == made_us(0, 0) && s->last_us == made_us(199, 0), "from the first to the last record");
	FACT(s->fingerprints_n == 2 && s->fingerprints[0].crc == one->crc && s->fingerprints[1].crc == two->crc,
	     "fingerprints stand in the order of time, whatever the order of the tally");
	FACT(s->files_n == 2 && s->files[0].fingerprint.crc == one->crc && s->files[1].fingerprint.crc == two->crc &&
		     !strcmp(s->files[0].path, "access.log") && !strcmp(s->files[1].path, "access.log.gz"),
	     "each fingerprint has its path");
	FACT(s->zone && !strcmp(s->zone, "+0000") && !strcmp(s->zone_how, "printed"), "the zone is the printed one");
	FACT(s->truncated_n == 1 && !strcmp(s->truncated[0].kind, "corrupt") && !strcmp(s->truncated[0].path, "access.log.gz") &&
		     s->truncated[0].lost_from_us == made_us(149, 0) && s->truncated[0].lost_until_us == made_us(150, 0),
	     "damage in the middle lies between the records around its offset");
	FACT(d->window_start_us == made_us(0, 0) && d->window_end_us == made_us(199, 0), "the window is what the logs cover");
	draft_free(d);
	made_release(&m);
}

static void clocks(void)
{
	struct made m;
	made_init(&m);
	made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 99);
	struct part *p = made_log(&m, "error.log", TIER_WEB, "nginx_error", SECOND_US, 0, 99);
	p->zone = STAMP_NONE;
	struct fold *f = made_fold(&m);
	struct draft *d = memory_new(1, sizeof *d);
	inventory_fill(f, d);
	FACT(d->sources_n == 2 && d->reference_clock && !strcmp(d->reference_clock, d->sources[1].id) && d->reference_how,
	     "the database is the reference clock");
	FACT(d->sources[1].clock.offset_us.known && d->sources[1].clock.offset_us.value == 0, "the reference has no offset");
	FACT(!d->sources[0].clock.offset_us.known && d->sources[0].clock.offset_us.reason, "other offsets are unknown, with a reason");
	FACT(!d->sources[0].zone && !strcmp(d->sources[0].zone_how, "assumed"), "a zone that nobody printed or stated is assumed, and null");
	draft_free(d);
	made_release(&m);
}

int main(void)
{
	one_stream();
	clocks();
	return unit_done();
}
