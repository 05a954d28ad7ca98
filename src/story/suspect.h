/* suspect: the sentences about why: the cause, whom it was not, and what was changed near the onset.
 *
 * Takes  an incident with causes, changes, their verdicts and what answered to them.
 * Gives  one line for the digest and the summary; the verdict in the words of a timeline entry.
 * Holds  nothing.
 * Never  lists as a change what the cause itself is, what came after the end, or what only the beginning of the logs shows.
 */
#ifndef ONSET_SUSPECT_H
#define ONSET_SUSPECT_H

#include "fold/draft.h"

/* Changes further than this before the onset are not near it, unless the tests speak for them. Processes of which the logs begin
 * with their start had to be started some time. */
#define SUSPECT_BEFORE_US (15 * MINUTE_US)
#define SUSPECT_BEGIN_US MINUTE_US
/* What people state of a change and what a log shows of it lie this near. */
#define SUSPECT_STATED_US (2 * MINUTE_US)

/* Owned, never NULL. */
char *suspect_text(const struct draft *d, const struct incident *in);
/* Appends to the sentence of a change what a reader would suspect of it, and whether what was done helped; "" for all others. */
void suspect_verdict(struct text *s, const struct incident *in, const struct change *c);
/* Appends to what people said of a change what the draft says of it: " [the deploy of 1.4.3: 16 min before the onset: refuted: ...]". */
void suspect_named(struct text *s, const struct change *c);

#endif
