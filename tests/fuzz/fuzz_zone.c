/* Any bytes as a TZif file and as the name of a zone: refused with a reason, or a zone that keeps its promises. */
#include "base/instant.h"
#include "base/zone.h"
#include "source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct zone *z, int64_t civil_us)
{
	int64_t utc_us = 0, later_us = 0;
	enum civil_kind kind = zone_to_utc(z, civil_us, &utc_us, &later_us);
	check((kind == CIVIL_TWICE) == (utc_us < later_us) && utc_us <= later_us, "only a civil time that comes twice has two instants");
	if (civil_us > INT64_MIN + 4 * DAY_US && civil_us < INT64_MAX - 4 * DAY_US)
		check(civil_us - utc_us < 27 * HOUR_US && later_us - civil_us < 27 * HOUR_US, "offsets are below 26 hours");
}

static void ask_all(const struct zone *z)
{
	static const int64_t edges[] = {INT64_MIN, INT64_MIN + 4 * DAY_US, INT64_MIN + 5 * DAY_US, -1, 0, INT64_MAX - 4 * DAY_US, INT64_MAX};
	for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
		ask(z, edges[i]);
	for (int year = 1890; year < 2110; year += 10)
		for (int month = 1; month <= 12; month++)
			ask(z, instant_days(year, month, month % 2 ? 1 : 28) * DAY_US + month * HOUR_US + 1);
	check(zone_name(z) != NULL, "a zone has a name");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = {(const char *)data, size};
	struct diag d = {0};
	struct zone *z = zone_from_tzif(SPAN("Fuzz/Zone"), bytes, &d);
	check(!z == d.set, "a zone, or a reason");
	if (z)
		ask_all(z);
	zone_free(z);
	z = zone_fixed(bytes);
	if (z)
		ask_all(z);
	zone_free(z);
	return 0;
}
