#include "story/story.h"

#include "base/memory.h"
#include "cause/cause.h"
#include "cause/change.h"
#include "cause/mitigation.h"
#include "cause/verdict.h"
#include "fold/fold.h"
#include "fold/label.h"
#include "fold/sentence.h"
#include "incident/burst.h"
#include "incident/finding.h"
#include "incident/front.h"
#include "incident/holders.h"
#include "incident/impact.h"
#include "incident/incident.h"
#include "incident/inventory.h"
#include "incident/lockpile.h"
#include "incident/lost.h"
#include "incident/meanwhile.h"
#include "incident/metrics.h"
#include "incident/novelty.h"
#include "incident/propagation.h"
#include "incident/refusal.h"
#include "incident/scoping.h"
#include "incident/silence.h"
#include "incident/slow.h"
#include "incident/statements.h"
#include "incident/symptom.h"
#include "incident/trickle.h"
#include "story/callmap.h"
#include "story/plots.h"
#include "story/rise.h"
#include "story/summary.h"
#include "story/timeline.h"
#include "story/unknown.h"
#include "story/window.h"

/* Two bursts this far apart, after each is widened by its own uncertainty, are one incident: retries and restarts come in
 * rhythms of seconds to a minute, and a reader wants one story. */
#define LINK_US (120 * SECOND_US)

static void numbers_fill(struct draft *d)
{
	d->numbers.link_us = LINK_US;
	d->numbers.unzoned_us = CLOCK_UNZONED_US;
	d->numbers.assumed_skew_us = CLOCK_ASSUMED_SKEW_US;
	d->numbers.gap_us = COVERAGE_GAP_US;
	d->numbers.cap_ppm = BURST_CAP_PPM;
}

static void options_fill(const struct story_options *options, const struct tally *tally, struct draft *d)
{
	struct text patterns = {0};
	text_format(&patterns, "%016llx", (unsigned long long)tally->patterns);
	d->patterns = sentence_take(&patterns);
	d->options = memory_new(options->options_n, sizeof *d->options);
	for (size_t i = 0; i < options->options_n; i++)
		d->options[d->options_n++] =
			(struct option_text){sentence_copy(options->options[i].name), sentence_copy(options->options[i].value)};
}

/* The order is the design: each step reads what those before it wrote. */
struct draft *story_tell(const struct tally *tally, const struct signal_set *signals, const struct story_options *options,
			 struct diag_list *trouble)
{
	struct draft *d = memory_new(1, sizeof *d);
	struct fold *f = fold_new(tally, signals, options, trouble);
	struct front front;
	struct change_list changes = {0};
	struct incident_tail *tails;
	size_t tails_n;
	struct note_list notes = {0};
	struct topology topology;
	options_fill(options, tally, d);
	numbers_fill(d);
	label_all(f);
	topology_init(&topology, f, options->topology);
	slow_choose(f);
	front_init(&front, f);
	inventory_fill(f, d);
	symptom_find(f, d);
	change_find(f, &front, &changes);
	tails = mitigation_tails(&changes, &tails_n);
	incident_find_all(f, &front, tails, tails_n, d);
	memory_free(tails);
	window_mark(f, d);
	window_warn(d, trouble);
	refusal_count(f, d);
	impact_measure(f, &front, d);
	holders_count(f, d);
	lockpile_find(f, d, &notes);
	statements_find(f, d);
	metrics_find(f, d, &notes);
	propagation_find(f, d);
	novelty_find(f, d);
	scoping_find(f, &front, d);
	silence_find(f, d);
	lost_find(f, d);
	meanwhile_find(f, d);
	trickle_find(f, d);
	finding_settle(d, &notes);
	change_assign(&changes, d);
	verdict_judge(f, &front, &topology, &changes, d);
	cause_find(f, &front, &topology, d);
	callmap_tell(f, &topology, d);
	summary_titles(f, d);
	rise_find(f, d, &notes);
	timeline_tell(f, &changes, &notes, d);
	unknown_list(f, &front, d);
	plots_draw(f, d);
	summary_write(f, d);
	window_drop(d);
	note_release(&notes);
	changelist_release(&changes);
	front_release(&front);
	topology_release(&topology);
	fold_free(f);
	return d;
}
