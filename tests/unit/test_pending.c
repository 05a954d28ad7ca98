#include "tally/pending.h"

#include "base/memory.h"
#include "unit.h"

/* A record whose spans lie in `line`: raw all of it, the message its last `message` bytes, the zone its first two. */
static struct record record_in(char *line, size_t len, size_t message)
{
	struct record r = {.raw = {line, len}, .zone_text = {line, len < 2 ? len : 2}, .line = 7, .status = 503};
	record_set(&r, FIELD_MESSAGE, (struct span){line + len - message, message});
	record_set(&r, FIELD_USER, SPAN_NONE);
	return r;
}

int main(void)
{
	struct pending p = {0};
	const uint16_t kinds[] = {5, 3};
	char line[] = "first line";
	struct record r = record_in(line, 10, 4);
	FACT(pending_keep(&p, TIER_LB, &r, kinds, 2) && p.n == 1, "a record is kept");
	memset(line, '#', sizeof line);
	const struct pending_record *kept = &p.records[0];
	FACT(span_equal(kept->record.raw, SPAN("first line")) &&
		     span_equal(record_get(&kept->record, FIELD_MESSAGE), SPAN("line")) &&
		     span_equal(kept->record.zone_text, SPAN("fi")),
	     "with its bytes: those of the reader may change");
	FACT(kept->record.line == 7 && kept->record.status == 503 && kept->tier == TIER_LB,
	     "with its numbers and its tier");
	FACT(kept->kinds_n == 2 && kept->kinds[0] == 5 && kept->kinds[1] == 3, "with its kinds in their order");
	FACT(record_has(&kept->record, FIELD_USER) && !record_get(&kept->record, FIELD_USER).len &&
		     !record_has(&kept->record, FIELD_HOST),
	     "an empty field stays empty, one that is not there stays away");

	for (size_t i = 1; i < PENDING_RECORDS; i++) {
		char number[] = {(char)('0' + i % 10), (char)('a' + i % 26)};
		r = record_in(number, 2, 1);
		FACT(pending_keep(&p, TIER_LB, &r, NULL, 0), "more records");
	}
	FACT(!pending_keep(&p, TIER_LB, &r, NULL, 0) && p.n == PENDING_RECORDS, "until there is no room");
	bool in_order = true;
	for (size_t i = 1; i < PENDING_RECORDS; i++)
		in_order &= p.records[i].record.raw.at[0] == (char)('0' + i % 10) &&
			    p.records[i].record.raw.at[1] == (char)('a' + i % 26);
	FACT(in_order, "they stand in the order in which they came");
	pending_release(&p);
	FACT(!p.n && !p.records, "released, there is room again");
	pending_release(&p);

	/* raw, zone and message together are the bytes that are kept. */
	static char large[PENDING_BYTES];
	memset(large, 'x', sizeof large);
	r = record_in(large, PENDING_BYTES - 2, 0);
	FACT(pending_keep(&p, TIER_LB, &r, NULL, 0), "a record of 4,096 bytes is kept");
	r = record_in(large, PENDING_BYTES - 2, 1);
	FACT(!pending_keep(&p, TIER_LB, &r, NULL, 0) && p.n == 1, "a larger one is not");
	r = (struct record){0};
	FACT(pending_keep(&p, TIER_WEB, &r, NULL, 0) && p.n == 2, "one of no bytes is");
	static uint16_t many[SIGNAL_MAX + 1];
	FACT(pending_keep(&p, TIER_WEB, &r, many, SIGNAL_MAX) && !pending_keep(&p, TIER_WEB, &r, many, SIGNAL_MAX + 1),
	     "there are never more kinds than signals");
	pending_release(&p);
	return unit_done();
}
