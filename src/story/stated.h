/* stated: what the user says about logs: zones, tiers, and which options change the result.
 *
 * Takes  nothing: plain data that cmd fills.
 * Gives  structs that the fold and the clocks read.
 * Holds  owned globs; borrowed zones.
 * Never  contains an option that changes no result.
 */
#ifndef ONSET_STATED_H
#define ONSET_STATED_H

#include "base/zone.h"
#include "story/draft.h"

struct story_zone {
	char *glob;
	struct zone *zone; /* borrowed */
};
struct story_tier {
	char *glob;
	enum tier tier;
};
struct story_options {
	struct story_zone *zones; /* the last match wins; matched against paths */
	size_t zones_n;
	struct story_tier *tiers;
	size_t tiers_n;
	struct option_text *options; /* for draft.options; copied */
	size_t options_n;
};

#endif
