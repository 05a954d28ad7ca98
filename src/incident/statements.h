/* statements: which SQL took the time during an incident.
 *
 * Takes  a fold (statements of the parts: masked, with their durations), draft.incidents.
 * Gives  incident.statements: those with most time together, and how many there were just before.
 * Holds  nothing.
 * Never  looks at twins; never says that nothing was slow where durations are not logged.
 *
 * Counted are whole intervals of the part (a minute; wider in long logs) from STATEMENTS_BEFORE_US before the onset to the end (what
 * fills a database is slow before the first refusal), and as many just before them.
 */
#ifndef ONSET_STATEMENTS_H
#define ONSET_STATEMENTS_H

#include "fold/fold.h"

#define STATEMENTS_BEFORE_US MINUTE_US
enum { STATEMENTS_MOST = 10 };

void statements_find(const struct fold *f, struct draft *d);

#endif
