/* novelty: messages that are new in an incident, far above their rate, or gone.
 *
 * Takes  a fold (masked messages of the parts, per minute), draft.incidents, the signals.
 * Gives  findings message_new, message_surge, message_vanished; at most NOVELTY_MOST of each in an incident, the others counted.
 * Holds  nothing.
 * Never  tells of a message that a signal knows (bursts, changes and context tell those); never compares with another tier's input.
 *
 * The sources of a tier are one population, whose messages are made templates together (incident/starmerge.h). Counted are whole
 * intervals of the parts (a minute; wider in long logs). "Before" is the hour before the incident, times near other incidents and
 * gaps left out. A tier's input is its requests, where it logs any, else its records. What is to be expected: the count before,
 * and a half, times the input now over the input before; or the same by time, when that is more (of what vanished: less), so
 * that neither a rush nor the incident's own lines look like news.
 *
 *  new       never before in the tier's logs; at least twice; deviance (incident/deviance.h) of at least 3 above what is to be
 *            expected of all templates never seen together: by Good and Turing as many records as templates came once before, in
 *            as much input. Of a log that begins with the incident (an error log may) only errors.
 *  surge     ten times at least, three times the expectation, deviance 5.
 *  vanished  not once in the minutes that lie wholly inside, deviance -4 (eight were to be expected), in three minutes before.
 */
#ifndef ONSET_NOVELTY_H
#define ONSET_NOVELTY_H

#include "fold/fold.h"

#define NOVELTY_BEFORE_US HOUR_US
#define NOVELTY_BESIDE_US (2 * MINUTE_US) /* so near to another incident nothing is "before" */
enum {
	NOVELTY_MOST = 3,
	NOVELTY_SIGNATURES = 16384, /* of a tier; beyond them those of least severity are not looked at */
	NOVELTY_COVERED_S = 10,     /* of an interval at the log's begin: less is not compared */
	NOVELTY_NEW_LEAST = 2,
	NOVELTY_NEW_MILLI = 3000,
	NOVELTY_SURGE_LEAST = 10,
	NOVELTY_SURGE_TIMES = 3,
	NOVELTY_SURGE_MILLI = 5000,
	NOVELTY_VANISHED_MILLI = -4000,
	NOVELTY_VANISHED_CELLS = 3,
};

void novelty_find(const struct fold *f, struct draft *d);

#endif
