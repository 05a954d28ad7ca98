#include "fold/moment.h"

#include "unit.h"

static struct fold_source source(int64_t resolution_us, int64_t uncertainty_us)
{
	return (struct fold_source){.key = "k", .zone_printed = true, .zone_how = "printed", .resolution_us = resolution_us,
				    .uncertainty_us = uncertainty_us};
}

static void intervals(void)
{
	struct fold_source db = source(1000, 0), web = source(SECOND_US, 500000);
	struct moment refused = moment_of(&db, 26510000), failed = moment_of(&web, 26000000), later = moment_of(&web, 28000000);
	FACT(refused.at_us == 26510000 && refused.lower_us == 26510000 && refused.upper_us == 26511000,
	     "a stamp of 1 ms means that millisecond");
	FACT(failed.lower_us == 25500000 && failed.upper_us == 27500000, "a stamp of 1 s is widened by the clock's uncertainty");
	FACT(!moment_before(&failed, &refused) && !moment_before(&refused, &failed), "intervals that meet prove no order");
	FACT(moment_before(&refused, &later) && !moment_before(&later, &refused), "intervals apart prove one");
	struct moment next = moment_of(&db, 26511000);
	FACT(moment_before(&refused, &next), "upper bounds are exclusive");
	FACT(moment_uncertainty(&failed) == 1500000, "the uncertainty is the longer side");
	struct moment none = moment_of(&db, INSTANT_NONE);
	FACT(none.at_us == INSTANT_NONE && !moment_before(&none, &refused) && !moment_before(&refused, &none),
	     "an unknown instant is before nothing and after nothing");
	FACT(moment_uncertainty(&none) == 0, "an unknown instant has no width");
}

static void zones(void)
{
	struct zone *z = zone_fixed(SPAN("+02:00"));
	struct fold_source s = source(1000, 0);
	s.zone_printed = false;
	FACT(moment_unzoned(&s), "no zone printed, none stated: the clock is a guess");
	s.zone = z;
	FACT(!moment_unzoned(&s), "a stated zone is no guess");
	int64_t printed = INT64_C(1795353326) * SECOND_US; /* 13:15:26 on the wall */
	FACT(moment_of(&s, printed).at_us == INT64_C(1795346126) * SECOND_US, "UTC is two hours less");
	FACT(moment_printed(&s, INT64_C(1795346126) * SECOND_US) == printed, "and back");
	FACT(moment_printed(&s, INSTANT_NONE) == INSTANT_NONE, "an unknown instant stays unknown");
	zone_free(z);
}

int main(void)
{
	intervals();
	zones();
	return unit_done();
}
