/* report_verb: `onset report`: a draft's JSON as a page to read.
 *
 * Takes  options: one file of JSON, the form, the zone, an older draft with notes.
 * Gives  the exit status; the page where -o says.
 * Holds  nothing.
 * Never  reads a log; writes over what it reads.
 */
#ifndef ONSET_REPORT_VERB_H
#define ONSET_REPORT_VERB_H

#include "base/text.h"
#include "cmd/options.h"

/* Appends what went wrong to `messages`. */
enum outcome report_verb(const struct options *o, struct text *messages);

#endif
