/* story: a tally to a draft: the whole cold half in one call.
 *
 * Takes  a tally, the signal set (sentences, roles), and what the user stated (zones, tiers, window).
 * Gives  a draft; warnings in `trouble` (two hosts under one key, twins, nothing known).
 * Holds  nothing after it returns.
 * Never  does I/O, prints, or depends on the order in which files were read.
 */
#ifndef ONSET_STORY_H
#define ONSET_STORY_H

#include "fold/stated.h"
#include "tally/tally.h"

struct draft *story_tell(const struct tally *tally, const struct signal_set *signals, const struct story_options *options,
			 struct diag_list *trouble);

#endif
